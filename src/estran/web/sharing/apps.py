"""The app of pictures: no rows, no documents; nothing leaves but what its person downloads."""

from django.apps import AppConfig


class SharingConfig(AppConfig):
    """Pictures made on demand and kept nowhere."""

    name = "estran.web.sharing"
    label = "sharing"
