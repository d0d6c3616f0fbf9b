"""Settings of every test."""

import os

from hypothesis import settings

# Speed is measured in bench/: a first call that compiles a kernel is no failure.
# The same examples each time, so that a red run is of the change before it; other ones are
# looked for with ESTRAN_EXPLORE=1, and what they find becomes a test.
settings.register_profile("estran", deadline=None, derandomize="ESTRAN_EXPLORE" not in os.environ)
settings.load_profile("estran")
