"""The app of a person's own pages."""

from django.apps import AppConfig
from django.db.models import Model
from django.db.models.signals import post_delete, post_save, pre_save


class MeConfig(AppConfig):
    """Imports, journal, dashboard."""

    name = "estran.web.me"
    label = "me"

    def ready(self) -> None:
        """Watch the slots of vaults that are getting another key."""
        pre_save.connect(_before_slot, sender="accounts.KeySlot", dispatch_uid="me.rekeying")
        for signal in (post_save, post_delete):
            signal.connect(_after_slot, sender="accounts.KeySlot", dispatch_uid="me.access")


def _before_slot(instance: Model, **_: object) -> None:
    from estran.web.me.rekeying import hold_back  # noqa: PLC0415 - models are there only now

    hold_back(instance.vault_id)  # type: ignore[attr-defined] # of a KeySlot


def _after_slot(instance: Model, **_: object) -> None:
    from estran.web.me.access import slot_changed  # noqa: PLC0415 - as above

    slot_changed(instance.kind)  # type: ignore[attr-defined] # of a KeySlot
