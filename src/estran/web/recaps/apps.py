"""The app of recaps."""

from django.apps import AppConfig


class RecapsConfig(AppConfig):
    """Who wants a recap, and how often; what it says is read from the vault each time."""

    name = "estran.web.recaps"
    label = "recaps"

    def ready(self) -> None:
        """Tell the workers how a recap is written."""
        from estran.web.recaps.sending import register  # noqa: PLC0415 - models are loaded now

        register()
