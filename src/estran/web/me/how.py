"""How a figure of a period was computed: its rows, its factors, what is supposed and unknown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from math import isnan

from estran.carbon import Explanation, FactorSet, explain
from estran.coach.breakdown import MEASURES, Sums, by_mode, split, total
from estran.coach.facts import Facts, LegFact
from estran.coach.periods import Period
from estran.travel import Mode
from estran.web.me.dashboard import title_of
from estran.web.me.figures import LABELS, teller, told
from estran.web.me.words import Words
from estran.wording import CARBON_NOTES, N_

PAGE_TRIPS = 50
"""Trips on one page, those that make most of the figure first."""

RULES: Mapping[str, tuple[str, ...]] = {
    "active": (
        N_("The time of legs on foot, running, by bike and by electric bike, waits left out."),
        N_("A leg over midnight is shared between its days by time."),
    ),
    "trips": (
        N_("A trip goes from one stay to the next, whatever the modes: a change is no new trip."),
        N_("It counts on the day on which it began, by the calendar of the place where it was."),
        N_("By mode, it counts for the mode of its longest leg."),
    ),
    "distance": (
        N_("The length of each leg along its path. Where no point was kept, a straight line"
           " bridges the gap: the real way was longer."),
        N_("What you said of a leg’s length stands before what was measured."),
    ),
    "duration": (
        N_("The time of each leg and of waits inside trips. Stays are not in it."),
        N_("A leg over midnight is shared between its days by time."),
    ),
    "money": (
        N_("A vehicle: the French tax scale by the kilometre, which holds fuel, wear, upkeep and"
           " insurance, divided by the people aboard where it is known."),
        N_("A ride: a usual fare by the kilometre; nothing with a pass, which is told beside."),
        N_("On foot it costs nothing. What is hired or by plane is often not known: it is in no"
           " sum, and said."),
    ),
    "co2e": (
        N_("The length of each leg times a published factor for its mode: fuel or electricity,"
           " its making, and the vehicle’s own making; for planes, the contrails too."),
        N_("Figures of a vehicle are divided by the people aboard."),
        N_("The interval adds the low ends and the high ends of all legs. It holds other"
           " vehicles that may be meant, other modes that are probable, and how many were"
           " aboard where nobody said."),
    ),
}  # fmt: skip
"""How each measure is computed, in sentences."""


@dataclass(frozen=True, slots=True)
class FactorRow:
    """A published factor and what of the period it was multiplied by."""

    mode: str
    name: str
    factor: str
    source: str
    year: int
    where: str
    n_legs: int
    distance: str
    co2e: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TripRow:
    """A trip of the period, and what it adds to the figure."""

    day: date
    trip_us: int
    leg_us: int
    when: str
    modes: str
    told: str
    share: str


@dataclass(frozen=True, slots=True)
class HowPage:
    """How one figure came about."""

    measure: str
    label: str
    title: str
    told: str
    rules: tuple[str, ...]
    factor_set: str
    factors: tuple[FactorRow, ...]
    modes: tuple[tuple[str, str], ...]
    unknown: tuple[str, ...]
    trips: tuple[TripRow, ...]
    n_trips: int
    number: int
    n_pages: int


def how_page(  # noqa: PLR0913 - one page of all that is known of a figure
    facts: Facts,
    period: Period,
    measure: str,
    *,
    factors: FactorSet,
    number: int,
    words: Words,
) -> HowPage:
    """Compose how a figure of a period was computed.

    Parameters
    ----------
    facts : Facts
        Of the period.
    measure : str
        A key of :data:`RULES`.
    factors : FactorSet
        Which the journal was priced with.
    number : int
        Which page of trips, from 1; beyond the last it is the last.
    """
    sums = total(facts.legs)
    trips = _trips(facts.legs, measure)
    n_pages = max(1, -(-len(trips) // PAGE_TRIPS))
    number = min(max(number, 1), n_pages)
    value = MEASURES[measure]
    return HowPage(
        measure=measure,
        label=words.translate(LABELS[measure]),
        title=title_of(period, words),
        told=_told(sums, measure, words),
        rules=tuple(words.translate(rule) for rule in RULES[measure]),
        factor_set=factors.title if measure == "co2e" else "",
        factors=_factors(facts.legs, factors, words) if measure == "co2e" else (),
        modes=tuple(
            (words.mode(mode), told(part, measure, words))
            for mode, part in sorted(by_mode(facts.legs).items(), key=lambda p: -value(p[1]))
            if value(part)
        ),
        unknown=_unknown(facts, sums, words),
        trips=tuple(
            _trip_row(amount, rows, measure, value(sums), words)
            for amount, rows in trips[(number - 1) * PAGE_TRIPS : number * PAGE_TRIPS]
        ),
        n_trips=len(trips),
        number=number,
        n_pages=n_pages,
    )


def _told(sums: Sums, measure: str, words: Words) -> str:
    if measure != "co2e" or not sums.central_g:
        return told(sums, measure, words)
    text = words.translate("{interval}, most likely near {central}")
    return text.format(interval=words.co2e_interval(sums.co2e), central=words.mass(sums.central_g))


def _trips(rows: Sequence[LegFact], measure: str) -> list[tuple[float, list[LegFact]]]:
    """Give what each trip adds to the figure, the most first, and its rows."""
    value = MEASURES[measure]
    legs: dict[int, list[LegFact]] = {}
    for row in rows:
        legs.setdefault(row.trip_us, []).append(row)
    parts = [(value(total(of_trip)), of_trip) for of_trip in legs.values()]
    return sorted(
        (part for part in parts if part[0]), key=lambda part: (-part[0], part[1][0].trip_us)
    )


def _trip_row(
    amount: float, rows: Sequence[LegFact], measure: str, whole: float, words: Words
) -> TripRow:
    day = date.fromordinal(rows[0].trip_day)
    modes = dict.fromkeys(words.mode(row.mode) for row in rows if row.mode != Mode.WAIT)
    return TripRow(
        day=day,
        trip_us=rows[0].trip_us,
        leg_us=rows[0].leg_us,
        when=f"{words.day_tiny(day)}, {words.clock(rows[0].trip_us, rows[0].tz)}",
        modes=", ".join(modes),
        told=teller(measure, words)(amount),
        share=words.percent(amount / whole),
    )


def _why(row: LegFact, factors: FactorSet) -> Explanation:
    return explain(
        row.mode,
        row.distance_m,
        factors=factors,
        occupants=row.occupants,
        vehicle=row.vehicle,
        energy=row.energy,
        train_kind=row.train_kind,
        shared=row.shared,
    )


def _factors(rows: Sequence[LegFact], factors: FactorSet, words: Words) -> tuple[FactorRow, ...]:
    """Group legs by the factor rows and suppositions that made their footprint."""
    why: dict[LegFact, Explanation] = {
        row: _why(row, factors)
        for row in rows
        if row.mode != Mode.WAIT and not isnan(row.central_g)
    }
    groups = split(why, lambda row: (why[row].rows, why[row].occupants, why[row].notes, row.mode))
    ordered = sorted(groups.items(), key=lambda pair: -pair[1].central_g)
    of_group: dict[object, set[int]] = {}
    for row, told_by in why.items():
        key = (told_by.rows, told_by.occupants, told_by.notes, row.mode)
        of_group.setdefault(key, set()).add(row.leg_us)
    out = []
    for key, sums in ordered:
        used, aboard, notes, mode = key
        first = used[0]
        factor = " + ".join(f"{words.number(row.central_g_per_km, 1)}" for row in used)
        per = (
            words.translate("g by km")
            if isnan(aboard)
            else words.translate("g by km of the vehicle, {n} aboard").format(
                n=words.number(aboard, 2)
            )
        )
        out.append(
            FactorRow(
                mode=words.mode(mode),
                name=", ".join(dict.fromkeys(row.row for row in used)),
                factor=f"{factor} {per}",
                source=first.source.title,
                year=first.source_year,
                where=first.source.path.removeprefix("https://").rstrip("/"),
                n_legs=len(of_group[key]),
                distance=words.distance(sums.distance_m),
                co2e=told(sums, "co2e", words),
                notes=tuple(words.translate(CARBON_NOTES[note]) for note in notes),
            )
        )
    return tuple(out)


def _unknown(facts: Facts, sums: Sums, words: Words) -> tuple[str, ...]:
    """Say what is not known of the period, whatever the figure."""
    n_days = (facts.last - facts.first).days + 1
    out = [
        words.translate("Of {known} of {n} days something is known.").format(
            known=len(facts.known_days), n=n_days
        )
    ]
    if facts.unknown_s:
        text = words.translate(
            "{share} of the observed time is unknown: no point was kept. It is counted nowhere,"
            " neither as a stay nor as a trip."
        )
        out.append(text.format(share=words.percent(facts.unknown_share)))
    modeless = by_mode(facts.legs).get(Mode.UNKNOWN.value)
    if modeless is not None and modeless.distance_m:
        text = words.translate("Of {distance} the mode is not known.")
        out.append(text.format(distance=words.distance(modeless.distance_m)))
    if sums.n_unmeasured:
        text = words.count(
            "The length of {n} leg is not known: it is in no sum.",
            "The length of {n} legs is not known: they are in no sum.",
            sums.n_unmeasured,
        )
        out.append(text.format(n=sums.n_unmeasured))
    if sums.uncosted_m:
        text = words.translate("Of {distance} it is not known what they cost.")
        out.append(text.format(distance=words.distance(sums.uncosted_m)))
    if sums.unpriced_m:
        text = words.translate("{distance} have no estimate of CO₂e and are not in its sums.")
        out.append(text.format(distance=words.distance(sums.unpriced_m)))
    return tuple(out)
