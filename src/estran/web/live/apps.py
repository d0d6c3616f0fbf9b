"""The app of phones and trackers."""

from django.apps import AppConfig


class LiveConfig(AppConfig):
    """Devices have rows; what they send is sealed into their person's vault."""

    name = "estran.web.live"
    label = "live"

    def ready(self) -> None:
        """Tell the workers how what came is taken in."""
        from estran.web.live.doing import register  # noqa: PLC0415 - models are loaded now

        register()
