"""The sealed documents of the places that a person named."""

from __future__ import annotations

from estran.coach.places import NamedPlace
from estran.web.me.records import decode, encode
from estran.web.store.opened import OpenVault

PLACE = "place"


def read_places(vault: OpenVault) -> tuple[NamedPlace, ...]:
    """Read the places, by their id."""
    kept = [decode(record, NamedPlace) for _, record in vault.docs(PLACE)]
    return tuple(sorted(kept, key=lambda place: place.id))


def write_place(vault: OpenVault, place: NamedPlace) -> None:
    """Keep a place."""
    vault.put_doc(PLACE, place.id, encode(place))
