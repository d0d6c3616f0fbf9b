"""The sealed document of a person's vehicles, passes and habits."""

from __future__ import annotations

from estran.coach.garage import EMPTY, Garage
from estran.web.me.records import decode, encode
from estran.web.store.opened import OpenVault

GARAGE = "garage"
_ONE = "1"


def read_garage(vault: OpenVault) -> Garage:
    """Read what a person travels with; nothing where they said nothing."""
    record = vault.get_doc(GARAGE, _ONE)
    return EMPTY if record is None else decode(record, Garage)


def write_garage(vault: OpenVault, garage: Garage) -> None:
    """Keep what a person travels with."""
    vault.put_doc(GARAGE, _ONE, encode(garage))
