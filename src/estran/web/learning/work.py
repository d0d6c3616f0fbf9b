"""Naming places and forgetting them: all or nothing, months follow."""

from __future__ import annotations

from uuid import uuid4

from estran.coach.places import KINDS, NamedPlace, Spot, named_at
from estran.errors import NotFound, ValueOutOfRange
from estran.web.learning.documents import PLACE, read_places, write_place
from estran.web.me.documents import read_calendar, read_corrections
from estran.web.me.summing import added_days, refresh_months
from estran.web.store.opened import OpenVault

MOST = 300
LONGEST_NAME = 60


def name_place(vault: OpenVault, spot: Spot, *, name: str, kind: str) -> None:
    """Name where somebody stays; named before, it gets the new name.

    Raises
    ------
    ValueOutOfRange
        The name is empty or too long, the kind is unknown, or there are too many.
    """
    name = " ".join(name.split())
    if not 0 < len(name) <= LONGEST_NAME or not name.isprintable():
        raise ValueOutOfRange(name="name", expected=f"1-{LONGEST_NAME}")
    if kind not in KINDS:
        raise ValueOutOfRange(name="kind", expected=", ".join(KINDS))
    with vault.transaction():
        places = read_places(vault)
        known = named_at(places, spot.at)
        if known is None and len(places) >= MOST:
            raise ValueOutOfRange(name="places", expected=f"0-{MOST}")
        if known is not None:
            place = NamedPlace(known.id, name, kind, known.lat_deg, known.lon_deg, known.radius_m)
        else:
            place = NamedPlace(uuid4().hex, name, kind, spot.at.lat_deg, spot.at.lon_deg)
        write_place(vault, place)
        _follow(vault)


def forget_place(vault: OpenVault, place_id: str) -> None:
    """Forget a name; the stays remain.

    Raises
    ------
    NotFound
        There is none of this id.
    """
    with vault.transaction():
        if not vault.delete_doc(PLACE, place_id):
            raise NotFound
        _follow(vault)


def _follow(vault: OpenVault) -> None:
    days = read_calendar(vault).dates() | added_days(read_corrections(vault))
    refresh_months(vault, days)
