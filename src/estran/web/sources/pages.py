"""What the pages of sources show, composed from values: no database, no request, no clock."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain

from django.utils.translation import gettext as _

from estran.preference import Preference
from estran.web.live.documents import DeviceNotes
from estran.web.me.words import UNKNOWNS, Words
from estran.web.sources.documents import DayDecided, Gap, Overview, SourceFacts
from estran.web.sources.naming import LIVE, name_of, ref_of, stream_of, why_of
from estran.web.sources.strips import Strip, YearRow, by_year, strip

MOST_REASONS = 3
"""Told of one pair of sources on one day."""


@dataclass(frozen=True, slots=True)
class GapLine:
    """A silence in words."""

    first: str
    last: str
    n_days: int
    why: str
    n_covered: int


@dataclass(frozen=True, slots=True)
class Beside:
    """What became of days that another source covers too."""

    name: str
    ref: str
    n_days: int
    used: str
    unused: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class SourcePage:
    """A source as the pages show it."""

    ref: str
    key: str
    name: str
    stream: str
    device_id: str
    first: str
    last: str
    n_days: int
    n_positions: int
    n_claims: int
    n_trips: int
    owned: str
    place: int
    """In the person's order, 0 for none."""
    is_last_in_order: bool
    is_unused: bool
    is_steady: bool
    n_gaps: int
    gaps: tuple[GapLine, ...]
    n_shared: int
    """Days of which another source tells too."""
    beside: tuple[Beside, ...]
    strip: Strip
    years: tuple[YearRow, ...]


def order_of(sources: Iterable[SourceFacts], said: Preference) -> list[SourceFacts]:
    """Put sources in the order in which they are shown: the person's, then the latest."""
    at = {key: row for row, key in enumerate(said.order)}
    return sorted(
        sources,
        key=lambda s: (s.key in said.unused, at.get(s.key, len(at)), -max(s.days, default=0),
                       -len(s.days), s.key),
    )  # fmt: skip


def source_pages(
    vault_id: str,
    overview: Overview,
    said: Preference,
    notes: Mapping[str, DeviceNotes],
    words: Words,
) -> list[SourcePage]:
    """Compose all sources, in the order in which they are shown."""
    days = [day for s in overview.sources for day in (s.days[:1] + s.days[-1:])]
    first, last = (date.fromordinal(pick(days, default=1)) for pick in (min, max))
    names = {s.key: name_of(s, notes) for s in overview.sources}
    told = Counter(chain.from_iterable(s.days for s in overview.sources))
    shared = {day for day, n in told.items() if n > 1}
    beside = _beside(vault_id, overview, names, words)
    ordered = order_of(overview.sources, said)
    known = [s.key for s in ordered if s.key in said.order]
    pages = []
    for source in ordered:
        place = known.index(source.key) + 1 if source.key in known else 0
        live = source.key.removeprefix(LIVE) if source.key.startswith(LIVE) else ""
        pages.append(
            SourcePage(
                ref=ref_of(vault_id, source.key),
                key=source.key,
                name=names[source.key],
                stream=stream_of(source),
                device_id=live if live in notes else "",
                first=_day(source.days[:1], words),
                last=_day(source.days[-1:], words),
                n_days=len(source.days),
                n_positions=source.n_positions,
                n_claims=source.n_claims,
                n_trips=source.n_trips,
                owned=words.duration(source.owned_s),
                place=place,
                is_last_in_order=place == len(known),
                is_unused=source.key in said.unused,
                is_steady=source.is_steady,
                n_gaps=source.n_gaps,
                gaps=tuple(_gap(gap, words) for gap in source.gaps),
                n_shared=len(shared.intersection(source.days)),
                beside=beside.get(source.key, ()),
                strip=strip(source.days, first, last),
                years=by_year(source.days),
            )
        )
    return pages


def _day(days: Sequence[int], words: Words) -> str:
    return words.day_month(date.fromordinal(days[0]), year=True) if days else ""


def _gap(gap: Gap, words: Words) -> GapLine:
    why = words.translate(UNKNOWNS[gap.reason]) if gap.reason in UNKNOWNS else ""
    return GapLine(
        _day([gap.first], words), _day([gap.last], words), gap.last - gap.first + 1, why,
        gap.n_covered,
    )  # fmt: skip


def _beside(
    vault_id: str, overview: Overview, names: Mapping[str, str], words: Words
) -> dict[str, tuple[Beside, ...]]:
    """Tell of each source what became of the time that others cover too."""
    won_s: dict[tuple[str, str], int] = defaultdict(int)
    whys: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for one in overview.won:
        won_s[one.owner, one.other] += one.lasts_s
        whys[one.other, one.owner].append((-one.lasts_s, one.why))
    told: dict[str, list[Beside]] = defaultdict(list)
    for shared in overview.overlaps:
        for mine, other in ((shared.first, shared.second), (shared.second, shared.first)):
            told[mine].append(
                Beside(
                    names[other], ref_of(vault_id, other), shared.n_days,
                    words.duration(won_s[mine, other]) if won_s[mine, other] else "",
                    words.duration(won_s[other, mine]) if won_s[other, mine] else "",
                    tuple(why_of(why) for _s, why in sorted(whys[mine, other])),
                )
            )  # fmt: skip
    return {key: tuple(sorted(some, key=lambda b: -b.n_days)) for key, some in told.items()}


@dataclass(frozen=True, slots=True)
class DaySources:
    """What a day of the journal was made of."""

    used: tuple[str, ...]
    unused: tuple[str, ...]


def day_sources(
    decided: DayDecided, overview: Overview, notes: Mapping[str, DeviceNotes]
) -> DaySources:
    """Say which sources a day was made of, and why others that cover it were not used."""
    names = {s.key: name_of(s, notes) for s in overview.sources}
    used = tuple(dict.fromkeys(names[key] for key in decided.owners if key in names))
    whys: dict[tuple[str, str], list[tuple[int, str]]] = defaultdict(list)
    for one in decided.won:
        whys[one.owner, one.other].append((-one.lasts_s, one.why))
    said = _("{other} covered the same time as {owner}. Not used there: {why}.")
    unused = tuple(
        said.format(
            other=names[other],
            owner=names[owner],
            why="; ".join(why_of(why) for _s, why in sorted(told)[:MOST_REASONS]),
        )
        for (owner, other), told in sorted(
            whys.items(), key=lambda item: sum(t for t, _w in item[1])
        )
        if owner in names and other in names
    )
    return DaySources(used, unused)


def _lasting(item: tuple[tuple[str, str], list[tuple[int, str]]]) -> int:
    return sum(minus_s for minus_s, _why in item[1])
