"""Settings of every test."""

from hypothesis import settings

# Speed is measured in bench/: a first call that compiles a kernel is no failure.
settings.register_profile("estran", deadline=None)
settings.load_profile("estran")
