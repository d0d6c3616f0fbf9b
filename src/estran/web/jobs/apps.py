"""The app of background work."""

from django.apps import AppConfig


class JobsConfig(AppConfig):
    """Jobs that worker processes claim."""

    name = "estran.web.jobs"
    label = "jobs"
