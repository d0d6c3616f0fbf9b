"""The app of the coach's front page: no rows, no documents."""

from django.apps import AppConfig


class HubConfig(AppConfig):
    """Links, under what one may want to do."""

    name = "estran.web.hub"
    label = "hub"
