"""Sources as sealed documents of a vault: the person's order, and what an analysis found."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from estran.preference import NO_PREFERENCE, Preference
from estran.web.me.records import decode, encode
from estran.web.store.opened import OpenVault

ORDER = "source-order"
"""What the person said of their sources."""
OVERVIEW = "sources"
"""What each source covers, and how it fared beside the others; of the last analysis."""
DECIDED = "sources-of-month"
"""Which source each day was made of, and why; by month."""
_ONE = "1"


@dataclass(frozen=True, slots=True)
class Gap:
    """Whole local days without data of a source, both included. Proleptic ordinals."""

    first: int
    last: int
    reason: str = ""
    """As unknown time is explained; ``""`` where nothing tells it."""
    n_covered: int = 0
    """Days of it of which another source tells."""


@dataclass(frozen=True, slots=True)
class SourceFacts:
    """What one source covers. Days are local ones, as proleptic ordinals."""

    key: str
    format: str
    device: str
    stream: int
    n_positions: int
    n_claims: int
    days: tuple[int, ...]
    n_trips: int = 0
    """Trips that were made mostly of it."""
    owned_s: int = 0
    """How long it was the one that counts."""
    is_steady: bool = False
    """It tells of nearly every day, so that missing days are gaps."""
    n_gaps: int = 0
    gaps: tuple[Gap, ...] = ()
    """The longest."""


@dataclass(frozen=True, slots=True)
class Won:
    """How long one source counted while another covered the same time, and why."""

    owner: str
    other: str
    why: str
    lasts_s: int
    n_days: int = 1


@dataclass(frozen=True, slots=True)
class Overlap:
    """Days of which two sources tell."""

    first: str
    second: str
    n_days: int


@dataclass(frozen=True, slots=True)
class Overview:
    """All sources of a vault as the last analysis saw them."""

    sources: tuple[SourceFacts, ...] = ()
    overlaps: tuple[Overlap, ...] = ()
    won: tuple[Won, ...] = ()


@dataclass(frozen=True, slots=True)
class DayDecided:
    """What a local day was made of: keys of sources, and what decided between them."""

    day: int
    owners: tuple[str, ...]
    won: tuple[Won, ...] = ()


def read_preference(vault: OpenVault) -> Preference:
    """Read what the person said of their sources."""
    record = vault.get_doc(ORDER, _ONE)
    return NO_PREFERENCE if record is None else decode(record, Preference)


def write_preference(vault: OpenVault, preference: Preference) -> None:
    """Keep what the person said of their sources; nothing said is no document."""
    if preference.digest:
        vault.put_doc(ORDER, _ONE, encode(preference))
    else:
        vault.delete_doc(ORDER, _ONE)


def read_overview(vault: OpenVault) -> Overview | None:
    """Read what the sources cover; None before an analysis told it."""
    record = vault.get_doc(OVERVIEW, _ONE)
    return None if record is None else decode(record, Overview)


def write_overview(vault: OpenVault, overview: Overview) -> None:
    """Keep what the sources cover."""
    vault.put_doc(OVERVIEW, _ONE, encode(overview))


def write_decided(vault: OpenVault, days: Iterable[DayDecided]) -> None:
    """Keep what each day was made of, in place of what was told before."""
    months: dict[str, list[DayDecided]] = {}
    for one in days:
        months.setdefault(f"{date.fromordinal(one.day):%Y-%m}", []).append(one)
    for doc_id in vault.doc_ids(DECIDED):
        if doc_id not in months:
            vault.delete_doc(DECIDED, doc_id)
    for month, told in months.items():
        vault.put_doc(DECIDED, month, encode(tuple(told)))


def read_decided(vault: OpenVault, day: date) -> DayDecided | None:
    """Read what a day was made of; None where nothing tells it."""
    record = vault.get_doc(DECIDED, f"{day:%Y-%m}")
    told = () if record is None else decode(record, tuple[DayDecided, ...])
    return next((one for one in told if one.day == day.toordinal()), None)


def forget_source(vault: OpenVault, key: str) -> None:
    """Forget all that documents tell of a source that was removed."""
    said = read_preference(vault)
    order = tuple(one for one in said.order if one != key)
    unused = tuple(one for one in said.unused if one != key)
    if (order, unused) != (said.order, said.unused):
        write_preference(vault, Preference(order, unused))
    vault.delete_doc(OVERVIEW, _ONE)
    for doc_id in vault.doc_ids(DECIDED):
        vault.delete_doc(DECIDED, doc_id)
