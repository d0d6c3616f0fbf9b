"""Setting a zone: for what comes, and for what is stored where the person says so."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from estran.errors import NotFound, ValueOutOfRange
from estran.journal import Entry
from estran.privacy import Keeps, Zone, veiled_entries
from estran.vault.audit import Act
from estran.web.me.access import noting, told
from estran.web.me.documents import note_change
from estran.web.retention.changes import in_zones
from estran.web.retention.documents import (
    KeptZone,
    delete_zone,
    read_zones,
    write_zone,
    zones_of,
)
from estran.web.retention.overlay import pare_journal
from estran.web.store.opened import OpenVault
from estran.web.store.rewriting import Reach

MAX_ZONES = 50
"""More are no private places but a diary of them, and each is looked up for each position."""


def n_inside(vault: OpenVault, zone: Zone) -> int:
    """Count the stored positions that lie in a zone."""
    nothing = replace(zone, keeps=Keeps.NOTHING)
    return vault.would_rewrite(in_zones([nothing]), Reach(if_damaged="skip")).n_positions


def set_zone(vault: OpenVault, zone: Zone, *, for_all: bool) -> int:
    """Keep a zone; where it is for all, blur or drop what is stored, and tell how much.

    Raises
    ------
    ValueOutOfRange
        There are too many.
    """
    with noting(vault), vault.transaction():
        zones = zones_of(vault)
        if len(zones) >= MAX_ZONES and zone.id not in {one.id for one in zones}:
            raise ValueOutOfRange(name="zones", expected=f"at most {MAX_ZONES}")
        n_positions = n_inside(vault, zone) if for_all else 0
        write_zone(vault, KeptZone(zone, for_all))
        if for_all:
            apply_zones(vault)
        vault.audit(Act.ZONE_SET, told(zone.keeps.value, n_positions))
    return n_positions


def apply_zones(vault: OpenVault) -> None:
    """Rewrite all that is stored as the zones that hold for all want it."""
    zones = [kept.zone for kept in read_zones(vault) if kept.for_all]

    def pare(entries: Sequence[Entry]) -> list[Entry]:
        return veiled_entries(entries, zones)

    with vault.transaction():
        vault.rewrite(in_zones(zones), Reach(if_damaged="skip"))
        pare_journal(vault, pare)
        note_change(vault)


def rename_zone(vault: OpenVault, zone_id: str, name: str) -> None:
    """Give a zone another name; the journal is made anew with it.

    Raises
    ------
    NotFound
        There is no such zone.
    """
    with vault.transaction():
        found = {kept.zone.id: kept for kept in read_zones(vault)}
        if zone_id not in found:
            raise NotFound
        kept = found[zone_id]
        write_zone(vault, replace(kept, zone=replace(kept.zone, name=name)))
        note_change(vault)


def remove_zone(vault: OpenVault, zone_id: str) -> None:
    """Forget a zone: what comes is kept whole again, what was blurred or dropped stays so.

    Raises
    ------
    NotFound
        There is no such zone.
    """
    with noting(vault), vault.transaction():
        if not delete_zone(vault, zone_id):
            raise NotFound
        note_change(vault)
        vault.audit(Act.ZONE_REMOVED, "")
