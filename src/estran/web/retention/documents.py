"""Zones, rules and what was erased, as sealed documents of a vault."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from estran.privacy import Zone
from estran.web.me.records import decode, encode
from estran.web.store.opened import OpenVault

ZONE = "privacy-zone"
RULE = "retention-rule"
ERASED = "erased-time"
KEPT = "kept-days"
APPLIED = "rules-applied"
_ONE = "1"


@dataclass(frozen=True, slots=True)
class KeptZone:
    """A zone, and whether it holds for all that is stored or only for what comes."""

    zone: Zone
    for_all: bool


class Holds(StrEnum):
    """How long the positions of a source are kept."""

    FOREVER = "all"
    TRIPS = "trips"
    """After some days only the journal is left."""
    NOTHING = "nothing"
    """After some days it is deleted, and what the journal told of it."""


@dataclass(frozen=True, slots=True)
class Rule:
    """How long a source is kept. ``after_days`` means nothing where it is forever."""

    source: str
    holds: Holds
    after_days: int


@dataclass(frozen=True, slots=True)
class KeptTime:
    """A time of which only the journal is left: no analysis writes over it.

    ``owners`` are the imports that had brought it: taking all of them back takes it too.
    """

    start_us: int
    end_us: int
    source: str
    owners: tuple[str, ...]

    @property
    def span(self) -> tuple[int, int]:
        """Start and end. [µs since 1970, UTC]"""
        return self.start_us, self.end_us


def read_zones(vault: OpenVault) -> tuple[KeptZone, ...]:
    """Read all zones, in the order of their ids."""
    return tuple(decode(record, KeptZone) for _, record in vault.docs(ZONE))


def zones_of(vault: OpenVault) -> tuple[Zone, ...]:
    """Give the zones alone: all hold for what is brought now."""
    return tuple(kept.zone for kept in read_zones(vault))


def write_zone(vault: OpenVault, kept: KeptZone) -> None:
    """Keep a zone."""
    vault.put_doc(ZONE, kept.zone.id, encode(kept))


def delete_zone(vault: OpenVault, zone_id: str) -> bool:
    """Forget a zone; tell whether there was one."""
    return vault.delete_doc(ZONE, zone_id)


def read_rules(vault: OpenVault) -> tuple[Rule, ...]:
    """Read the rules, one a source; a source without one is kept forever."""
    return tuple(decode(record, Rule) for _, record in vault.docs(RULE))


def write_rule(vault: OpenVault, rule: Rule) -> None:
    """Keep a rule; keeping forever needs none."""
    if rule.holds is Holds.FOREVER:
        vault.delete_doc(RULE, rule.source)
    else:
        vault.put_doc(RULE, rule.source, encode(rule))


def read_erased(vault: OpenVault) -> tuple[tuple[int, int], ...]:
    """Read the times that the person erased, in order and apart. [µs since 1970, UTC]"""
    record = vault.get_doc(ERASED, _ONE)
    return () if record is None else decode(record, tuple[tuple[int, int], ...])


def write_erased(vault: OpenVault, spans: Iterable[tuple[int, int]]) -> None:
    """Keep the times that were erased."""
    _put_or_delete(vault, ERASED, tuple(spans))


def read_kept(vault: OpenVault) -> tuple[KeptTime, ...]:
    """Read the times of which only the journal is left."""
    record = vault.get_doc(KEPT, _ONE)
    return () if record is None else decode(record, tuple[KeptTime, ...])


def write_kept(vault: OpenVault, kept: Iterable[KeptTime]) -> None:
    """Keep the times of which only the journal is left."""
    rows = sorted(kept, key=lambda one: (one.start_us, one.end_us, one.source))
    _put_or_delete(vault, KEPT, tuple(rows))


def _put_or_delete(vault: OpenVault, kind: str, rows: Sequence[object]) -> None:
    if rows:
        vault.put_doc(kind, _ONE, encode(rows))
    else:
        vault.delete_doc(kind, _ONE)


def read_applied(vault: OpenVault) -> str:
    """Tell on which day rules were applied last, ``""`` for never."""
    return (vault.get_doc(APPLIED, _ONE) or b"").decode()


def write_applied(vault: OpenVault, day: str) -> None:
    """Note that rules were applied."""
    vault.put_doc(APPLIED, _ONE, day.encode())
