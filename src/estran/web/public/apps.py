"""The app of public pages."""

from django.apps import AppConfig


class PublicConfig(AppConfig):
    """Start page, example, privacy."""

    name = "estran.web.public"
    label = "public"
