"""The app of taking one's data along."""

from django.apps import AppConfig


class PortabilityConfig(AppConfig):
    """Exports, restores, moves to another site."""

    name = "estran.web.portability"
    label = "portability"

    def ready(self) -> None:
        """Tell the workers how the jobs of this app are done."""
        from estran.web.portability.doing import register  # noqa: PLC0415 - models are loaded now

        register()
