"""The app of a person's own pages."""

from django.apps import AppConfig


class MeConfig(AppConfig):
    """Imports, journal, dashboard."""

    name = "estran.web.me"
    label = "me"
