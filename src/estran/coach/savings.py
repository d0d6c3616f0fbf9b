"""What was saved against a stated baseline: signed, with an interval, booked with care.

Two baselines: one's own past (:func:`own_past`) and the way one says one would have made a
usual trip otherwise (:func:`declared`). Without a baseline there is a footprint and no saving.
Both sides are priced with the same factor set. See docs/algorithms/savings.md.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from math import floor, isfinite, nan, sqrt

from estran.carbon import FactorSet, price_leg
from estran.errors import ValueOutOfRange
from estran.journal import NO_CO2E, Co2e, Journal, Leg, Mark, Mode, Trip, Unknown
from estran.timebase import day_bounds_us, local_day

METHOD_VERSION = "1"

LEAST_WEEKS = 4
"""Of one's own past, before a change (GHG protocols for individuals, reference A.9 M1)."""
LEAST_COVERAGE_SHARE = 0.7
"""Of a day's time, of a week's days and of a period's days, that must be known."""
CHANCE_WIDTH = 1.28
"""Standard deviations on each side: 8 times in 10 chance alone stays inside (ours)."""

UNDECLARED_SHARE, DECLARED_SHARE, OBSERVED_SHARE = 0.5, 0.8, 1.0
"""What of a gain is counted: nobody said the other way, somebody did, it was observed. A
choice of ours, shown and editable."""


class Method(StrEnum):
    """Where the baseline comes from."""

    NONE = "none"
    OWN_PAST = "own-past"
    DECLARED = "declared"


@dataclass(frozen=True, slots=True)
class Interval:
    """Signed grams; ``low_g <= central_g <= high_g``. [g CO2e]"""

    low_g: float = 0.0
    central_g: float = 0.0
    high_g: float = 0.0

    def __add__(self, other: Interval) -> Interval:
        """Add end by end: what is unsure on both is unsure together."""
        return Interval(
            self.low_g + other.low_g,
            self.central_g + other.central_g,
            self.high_g + other.high_g,
        )

    def __neg__(self) -> Interval:
        """Swap the sides."""
        return Interval(-self.high_g, -self.central_g, -self.low_g)

    def discounted(self, share: float) -> Interval:
        """Count a share of gains; losses stay whole."""
        return Interval(*(g * share if g > 0 else g for g in self.ends))

    def widened(self, half_g: float) -> Interval:
        """Move both ends out."""
        return Interval(self.low_g - half_g, self.central_g, self.high_g + half_g)

    @property
    def ends(self) -> tuple[float, float, float]:
        """Low, central, high."""
        return self.low_g, self.central_g, self.high_g


NOTHING = Interval()

type_means = tuple[str, str, str, str, float, bool]
type_sums = dict[type_means, Co2e]


@dataclass(frozen=True, slots=True)
class DayFacts:
    """What one local day says for a comparison.

    ``why`` is "" when the day can be compared, else why not: ``"unknown"`` (less than
    :data:`LEAST_COVERAGE_SHARE` of it is known), ``"unpriced"``, ``"private"``.
    """

    day: date
    why: str
    sums: tuple[tuple[type_means, Co2e], ...] = ()

    @property
    def central_g(self) -> float:
        """Emitted on that day. [g CO2e]"""
        return sum(co2e.central_g for _, co2e in self.sums)


@dataclass(frozen=True, slots=True)
class WeekdayStep:
    """One weekday of the comparison: means a day, before and after. [g CO2e]"""

    weekday: int
    n_before: int
    n_after: int
    before_g: float
    after_g: float

    @property
    def saved_g(self) -> float:
        """Saved on the days after. [g CO2e]"""
        return self.n_after * (self.before_g - self.after_g)


@dataclass(frozen=True, slots=True)
class Saving:
    """A comparison and what can be said of it.

    Parameters
    ----------
    method : Method
    blocked : str
        Why there is no saving: ``"no-baseline"``, ``"baseline-short"``,
        ``"coverage-before"``, ``"coverage-after"``, ``"no-common-day"``, ``"no-trip"``.
    raw, saving : Interval
        Before and after the discount.
    discount_share : float
    baseline_g, observed_g : float
        Central, of what was compared. [g CO2e]
    coverage_before, coverage_after : float
        Share of days that can be compared; NaN where the method needs none.
    n_weeks : int
        Observed weeks of the baseline.
    weekdays : tuple of WeekdayStep
    n_trips : int
        Compared, of a declared alternative.
    distance_m : float
        Of those. [m]
    not_counted : tuple of (str, int)
        Reasons with the number of days (or trips) that they leave out.
    """

    method: Method
    blocked: str = ""
    raw: Interval = NOTHING
    saving: Interval = NOTHING
    discount_share: float = 1.0
    baseline_g: float = 0.0
    observed_g: float = 0.0
    coverage_before: float = nan
    coverage_after: float = nan
    n_weeks: int = 0
    weekdays: tuple[WeekdayStep, ...] = ()
    n_trips: int = 0
    distance_m: float = 0.0
    not_counted: tuple[tuple[str, int], ...] = ()

    @property
    def booked_g(self) -> int:
        """What an account takes: the low end, or nothing while zero is inside. [g CO2e]"""
        return booked_g(self.saving)


def booked_g(saving: Interval) -> int:
    """Take the cautious end of what is shown, rounded down; 0 when nothing is shown."""
    return floor(saving.low_g) if saving.low_g > 0 or saving.high_g < 0 else 0


# One's own past ----------------------------------------------------------------------------


def day_facts(journal: Journal, first: date, last: date) -> tuple[DayFacts, ...]:
    """Tell of each local day whether it can be compared, and what it emitted.

    A trip counts on the day on which it begins. A day of which little is known has no sum:
    it never counts as zero.
    """
    known_us: defaultdict[date, int] = defaultdict(int)
    trips: defaultdict[date, list[Trip]] = defaultdict(list)
    zones: dict[date, str] = {}
    for entry in journal.entries:
        if isinstance(entry, Trip):
            trips[local_day(entry.started_us, entry.tz)].append(entry)
        day = max(first, local_day(entry.started_us, entry.tz))
        while day <= last:
            start_us, end_us = day_bounds_us(day, entry.tz)
            if start_us >= entry.ended_us:
                break
            zones.setdefault(day, entry.tz)
            if not isinstance(entry, Unknown):
                known_us[day] += max(
                    0, min(end_us, entry.ended_us) - max(start_us, entry.started_us)
                )
            day += timedelta(days=1)
    n_days = (last - first).days + 1
    days = (first + timedelta(days=i) for i in range(n_days))
    return tuple(_facts(day, known_us[day], zones.get(day, ""), trips[day]) for day in days)


def _facts(day: date, known_us: int, tz: str, trips: Sequence[Trip]) -> DayFacts:
    if not tz:
        return DayFacts(day, "unknown")
    start_us, end_us = day_bounds_us(day, tz)
    if known_us < LEAST_COVERAGE_SHARE * (end_us - start_us):
        return DayFacts(day, "unknown")
    if any(trip.co2e is None for trip in trips):
        return DayFacts(day, "unpriced")
    if any(Mark.PRIVATE in trip.marks for trip in trips):
        return DayFacts(day, "private")
    sums = _summed(leg for trip in trips for leg in trip.legs)
    return DayFacts(day, "", tuple(sums.items()))


def _summed(legs: Iterable[Leg]) -> type_sums:
    sums: type_sums = {}
    for leg in legs:
        if leg.co2e is not None:
            key = _means(leg)
            sums[key] = sums.get(key, NO_CO2E) + leg.co2e
    return sums


def _means(leg: Leg) -> type_means:
    aboard = leg.occupants if isfinite(leg.occupants) else 0.0
    return leg.mode.value, leg.vehicle, leg.energy, leg.train_kind, aboard, leg.shared


def own_past(
    before: Sequence[DayFacts], after: Sequence[DayFacts], *, discount_share: float = OBSERVED_SHARE
) -> Saving:
    """Compare a period with one's own past, weekday by weekday.

    Parameters
    ----------
    before, after : sequence of DayFacts
        Of two periods that do not overlap, priced with the same factor set.
    discount_share : float
        Of gains, 0 to 1.

    Raises
    ------
    ValueOutOfRange
        The periods overlap, or the discount is no share.
    """
    _check_share(discount_share)
    if {one.day for one in before} & {one.day for one in after}:
        raise ValueOutOfRange(name="period", expected="apart from the baseline")
    told = Saving(
        Method.OWN_PAST,
        discount_share=discount_share,
        coverage_before=_coverage(before),
        coverage_after=_coverage(after),
        n_weeks=observed_weeks(before),
        not_counted=_left_out([*before, *after]),
    )
    blocked = _blocked(told)
    if blocked:
        return replace(told, blocked=blocked)
    pairs = _by_weekday(before, after)
    if not pairs:
        return replace(told, blocked="no-common-day")
    raw = _difference(pairs).widened(CHANCE_WIDTH * _chance_g(pairs))
    steps = tuple(
        WeekdayStep(w, len(b), len(a), _mean_g(b), _mean_g(a)) for w, (b, a) in pairs.items()
    )
    return replace(
        told,
        raw=raw,
        saving=raw.discounted(discount_share),
        weekdays=steps,
        baseline_g=sum(step.n_after * step.before_g for step in steps),
        observed_g=sum(step.n_after * step.after_g for step in steps),
    )


def _blocked(told: Saving) -> str:
    if told.n_weeks < LEAST_WEEKS:
        return "baseline-short"
    if told.coverage_before < LEAST_COVERAGE_SHARE:
        return "coverage-before"
    return "coverage-after" if not told.coverage_after >= LEAST_COVERAGE_SHARE else ""


def observed_weeks(days: Sequence[DayFacts]) -> int:
    """Count the weeks, Monday to Sunday, of which at least 5 days can be compared."""
    weeks: defaultdict[tuple[int, int], int] = defaultdict(int)
    for one in days:
        weeks[one.day.isocalendar()[:2]] += not one.why
    return sum(n >= LEAST_COVERAGE_SHARE * 7 for n in weeks.values())


def _coverage(days: Sequence[DayFacts]) -> float:
    return sum(not one.why for one in days) / len(days) if days else nan


def _left_out(days: Sequence[DayFacts]) -> tuple[tuple[str, int], ...]:
    reasons = [one.why for one in days if one.why]
    return tuple((why, reasons.count(why)) for why in dict.fromkeys(sorted(reasons)))


type_pairs = dict[int, tuple[list[DayFacts], list[DayFacts]]]


def _by_weekday(before: Sequence[DayFacts], after: Sequence[DayFacts]) -> type_pairs:
    pairs: type_pairs = {w: ([], []) for w in range(7)}
    for side, days in enumerate((before, after)):
        for one in days:
            if not one.why:
                pairs[one.day.weekday()][side].append(one)
    return {w: (b, a) for w, (b, a) in pairs.items() if b and a}


def _mean_g(days: Sequence[DayFacts]) -> float:
    return sum(one.central_g for one in days) / len(days)


def _difference(pairs: type_pairs) -> Interval:
    """Take after from before, means of transport by means: a factor's error is on both."""
    ends: defaultdict[type_means, list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0])
    for before, after in pairs.values():
        scale = len(after) / len(before)
        for days, weight in ((before, scale), (after, -1.0)):
            for one in days:
                for means, co2e in one.sums:
                    for i, g in enumerate((co2e.low_g, co2e.central_g, co2e.high_g)):
                        ends[means][i] += weight * g
    whole = NOTHING
    for three in ends.values():
        whole += Interval(min(three), three[1], max(three))
    return whole


def _chance_g(pairs: type_pairs) -> float:
    """Tell how far means of so few days move by chance: one deviation. [g CO2e]"""
    squares, free = 0.0, 0
    for sides in pairs.values():
        for days in sides:
            mean = _mean_g(days)
            squares += sum((one.central_g - mean) ** 2 for one in days)
            free += len(days) - 1
    if not free:
        return 0.0
    weight = sum(len(a) ** 2 * (1 / len(b) + 1 / len(a)) for b, a in pairs.values())
    return sqrt(squares / free * weight)


# A declared alternative --------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Alternative:
    """How a person says that a usual trip would be made otherwise.

    ``mode`` None is "not at all": the trip is new, and its baseline is zero.
    ``occupants`` counts the people aboard; NaN leaves it to the factor set.
    """

    mode: Mode | None
    said_on: date
    vehicle: str = ""
    energy: str = ""
    occupants: float = nan


def declared(
    trips: Sequence[Trip],
    other: Alternative,
    *,
    factors: FactorSet,
    discount_share: float = DECLARED_SHARE,
) -> Saving:
    """Compare trips with how they would have been made, each over its own distance.

    Parameters
    ----------
    trips : sequence of Trip
        Of one usual pair, of the period.
    other : Alternative
    factors : FactorSet
        For both sides: what the trips were priced with before is left aside.
    discount_share : float
        Of gains, 0 to 1.
    """
    _check_share(discount_share)
    raw, told, left = NOTHING, Saving(Method.DECLARED, discount_share=discount_share), []
    for trip in trips:
        legs = [_again(leg, factors) for leg in trip.legs]
        if Mark.PRIVATE in trip.marks or any(leg.co2e is None for leg in legs) or not legs:
            left.append("private" if Mark.PRIVATE in trip.marks else "unpriced")
            continue
        was = _summed(_otherwise(trip, other, factors))
        now = _summed(legs)
        raw += _between(was, now)
        told = replace(
            told,
            n_trips=told.n_trips + 1,
            distance_m=told.distance_m + trip.distance_m,
            baseline_g=told.baseline_g + sum(c.central_g for c in was.values()),
            observed_g=told.observed_g + sum(c.central_g for c in now.values()),
        )
    reasons = tuple((why, left.count(why)) for why in sorted(set(left)))
    blocked = "" if told.n_trips else "no-trip"
    return replace(
        told,
        raw=raw,
        saving=raw.discounted(discount_share),
        not_counted=reasons,
        blocked=blocked,
    )


def _again(leg: Leg, factors: FactorSet) -> Leg:
    """Price with the set of this comparison; a person's own consumption is left aside."""
    return price_leg(leg, factors=factors)


def _otherwise(trip: Trip, other: Alternative, factors: FactorSet) -> list[Leg]:
    if other.mode is None:
        return []
    leg = Leg(
        other.mode,
        trip.started_us,
        trip.ended_us,
        trip.distance_m,
        vehicle=other.vehicle,
        energy=other.energy,
        occupants=other.occupants,
    )
    return [price_leg(leg, factors=factors)]


def _between(was: type_sums, now: type_sums) -> Interval:
    whole = NOTHING
    for means in {**was, **now}:
        b, a = was.get(means, NO_CO2E), now.get(means, NO_CO2E)
        three = (b.low_g - a.low_g, b.central_g - a.central_g, b.high_g - a.high_g)
        if means in was and means in now:
            whole += Interval(min(three), three[1], max(three))
        else:
            whole += Interval(b.low_g - a.high_g, three[1], b.high_g - a.low_g)
    return whole


def _check_share(share: float) -> None:
    if not 0.0 <= share <= 1.0:
        raise ValueOutOfRange(name="discount", expected="0 to 1")
