"""The app of e-mission's protocol."""

from django.apps import AppConfig


class EmissionConfig(AppConfig):
    """Phones of studies put and get; a slot of their own lets them read."""

    name = "estran.web.emission"
    label = "emission"

    def ready(self) -> None:
        """Tell the workers what is done with what came, and who else holds a vault's key."""
        from estran.web.emission import slots, taking  # noqa: PLC0415 - models are loaded now

        taking.register()
        slots.register()
