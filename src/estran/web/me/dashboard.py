"""What the dashboard of a period shows, composed from its rows: no database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial
from math import nan

from estran.coach.breakdown import (
    MEASURES,
    Sums,
    by_mode,
    by_part_of_week,
    by_purpose,
    by_recurring,
    by_step,
    steps_of,
    total,
)
from estran.coach.facts import Facts, light_trips
from estran.coach.periods import Kind, Period
from estran.coach.recurring import recurring
from estran.coach.usual import trends
from estran.travel import Mode, Purpose
from estran.web.me.charts import BarChart, Datum, bar_chart
from estran.web.me.figures import (
    Figure,
    figures,
    not_beside_past,
    teller,
    told,
    trend_sentences,
)
from estran.web.me.words import PARTS_OF_WEEK, Words
from estran.wording import N_

PATTERNS: Mapping[str, str] = {
    "walk": "plain", "run": "dots", "bike": "up", "e_bike": "cross", "e_scooter": "down",
    "moped": "grid", "motorcycle": "lines", "car": "down", "bus": "lines", "coach": "grid",
    "tram": "bars", "metro": "dots", "train": "up", "ferry": "cross", "plane": "bars",
    "other": "plain", "unknown": "dots", "wait": "lines",
}  # fmt: skip
"""What a mode's bar is hatched with, so that its colour is never its only sign."""


@dataclass(frozen=True, slots=True)
class Row:
    """One part of a period: a mode, a purpose, a part of the week, a recurring trip."""

    key: str
    label: str
    told: str
    share: str
    width: str
    has_bar: bool
    distance: str
    duration: str
    co2e: str
    n_trips: int
    pattern: str = "plain"
    to: str = ""


@dataclass(frozen=True, slots=True)
class Split:
    """A period by one thing. ``note`` says what is not known of it."""

    key: str
    title: str
    head: str
    rows: tuple[Row, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """One bar of the chart as a line of its table."""

    label: str
    distance: str
    duration: str
    co2e: str
    n_trips: str
    past: str


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """A period."""

    title: str
    is_known: bool
    measure: str
    n_days: int
    n_period_days: int
    figures: tuple[Figure, ...]
    no_usual: str
    past: str
    trends: tuple[str, ...]
    splits: tuple[Split, ...]
    steps: tuple[StepRow, ...]
    chart: BarChart | None
    past_name: str
    known: str
    unknown: str
    unpriced: str
    unmeasured: int
    patterns: tuple[str, ...] = tuple(dict.fromkeys(PATTERNS.values()))


def dashboard_page(  # noqa: PLR0913 - one page of all that is known
    facts: Facts,
    period: Period,
    *,
    measure: str,
    words: Words,
    extra: Sequence[Split] = (),
    passes_eur: float = 0.0,
) -> DashboardPage:
    """Compose a period beside the person's own past.

    Parameters
    ----------
    facts : Facts
        Reaching back from the end of the period as far as it is set beside the past.
    period : Period
    measure : str
        One of :data:`estran.coach.breakdown.MEASURES`: what bars are long by.
    words : Words
        The reader's language.
    extra : sequence of Split
        Further ways to split it.
    passes_eur : float
        Passes of this period. [€]
    """
    now = facts.between(period.first, period.last)
    sums = total(now.legs)
    bars = _bars(facts, period)
    known = bool(now.known_days)
    before = period.step(-1)
    return DashboardPage(
        title=title_of(period, words),
        is_known=known,
        measure=measure,
        n_days=len(now.known_days),
        n_period_days=period.n_days,
        figures=figures(facts, period, words, passes_eur),
        no_usual=not_beside_past(facts, period, words),
        past=_past_sentence(facts, before, measure, words),
        trends=trend_sentences(trends(facts, period.last), words)[:MOST_TRENDS],
        splits=(*_splits(now, measure, words), *extra) if known else (),
        steps=_step_rows(bars, measure, words) if known else (),
        chart=_chart(bars, period, measure, words) if known else None,
        past_name="" if before is None else title_of(before, words),
        known=words.percent(1 - now.unknown_share),
        unknown=words.percent(now.unknown_share) if now.unknown_s > 0 else "",
        unpriced=words.distance(sums.unpriced_m) if sums.unpriced_m > 0 else "",
        unmeasured=sums.n_unmeasured,
    )


MOST_TRENDS = 4


def title_of(period: Period, words: Words) -> str:
    """Name a period."""
    if period.kind is Kind.YEAR:
        return str(period.first.year)
    if period.kind is Kind.MONTH:
        return words.month(period.first)
    text = words.translate("{first} to {last}")
    return text.format(
        first=words.day_month(period.first, year=period.first.year != period.last.year),
        last=words.day_month(period.last, year=True),
    )


def rows_of(  # noqa: PLR0913 - how parts are named, ordered and hatched
    parts: Mapping[str, Sums],
    measure: str,
    words: Words,
    *,
    label: Callable[[str], str],
    ordered: bool = True,
    patterns: Mapping[str, str] | None = None,
) -> tuple[Row, ...]:
    """Make rows of parts: the largest first where they have no order of their own."""
    value = MEASURES[measure]
    keys = sorted(parts, key=lambda key: -value(parts[key])) if ordered else list(parts)
    largest = max((value(part) for part in parts.values()), default=0.0) or 1.0
    whole = sum(value(part) for part in parts.values()) or 1.0
    return tuple(
        Row(
            key=key or "unknown",
            label=label(key),
            told=told(parts[key], measure, words),
            share=words.percent(value(parts[key]) / whole),
            width=f"{100 * value(parts[key]) / largest:.1f}",
            has_bar=value(parts[key]) > 0,
            distance=words.distance(parts[key].distance_m),
            duration=words.duration(parts[key].duration_s),
            co2e=told(parts[key], "co2e", words),
            n_trips=parts[key].n_trips,
            pattern=(patterns or {}).get(key, "plain"),
        )
        for key in keys
    )


def purpose_name(words: Words, key: str) -> str:
    """Name a purpose; ``""`` is not known."""
    return words.purpose(Purpose(key)) if key else words.translate("Purpose not known")


def _splits(now: Facts, measure: str, words: Words) -> tuple[Split, ...]:
    modes = by_mode(now.legs)
    if measure != "duration":
        modes.pop(Mode.WAIT.value, None)
    purposes, parts = by_purpose(now.legs), by_part_of_week(now.legs)
    unsaid = purposes.get("", Sums()).n_trips
    n_trips = sum(part.n_trips for part in purposes.values())
    note = words.count(
        "Of {n} of {all} trip the purpose is not known.",
        "Of {n} of {all} trips the purpose is not known.",
        n_trips,
    ).format(n=unsaid, all=n_trips)
    of_week = words.translate(
        "Peak: Monday to Friday, trips begun from 7:00 to 9:30 or from 16:30 to 19:00 on the"
        " clock of the place. Public holidays count as weekdays."
    )
    return (
        Split(
            "modes", words.translate("By mode"), words.translate("Mode"),
            rows_of(modes, measure, words, label=words.mode, patterns=PATTERNS),
        ),
        Split(
            "purposes", words.translate("By purpose"), words.translate("Purpose"),
            rows_of(purposes, measure, words, label=partial(purpose_name, words)),
            note if unsaid else "",
        ),
        Split(
            "week", words.translate("By part of the week"), words.translate("Part of the week"),
            rows_of(
                parts, measure, words, ordered=False,
                label=lambda key: words.translate(PARTS_OF_WEEK[key]),
            ),
            of_week,
        ),
    )  # fmt: skip


MOST_USUAL = 8
"""Usual trips shown; the others are on the page of usual trips."""


FOUND_IN_DAYS = 183
"""Usual trips are looked for in the half year up to the end of a period, or all of it."""


def usual_split(
    facts: Facts, period: Period, measure: str, words: Words, address: Callable[[str], str]
) -> Split:
    """Split a period by the trips that come back, found in the time before its end.

    Parameters
    ----------
    address : callable
        Gives the page of a usual trip by its id; ``""`` without one.
    """
    since = max(facts.first, period.last - timedelta(days=max(FOUND_IN_DAYS, period.n_days)))
    found = {one.id: one for one in recurring(light_trips(facts.between(since, period.last).legs))}
    of_trip = {trip_us: one.id for one in found.values() for trip_us in one.trips}
    now = facts.between(period.first, period.last)
    parts = by_recurring(now.legs, of_trip)
    others = parts.pop("", None)
    value = MEASURES[measure]
    kept = sorted(parts, key=lambda key: -value(parts[key]))[:MOST_USUAL]
    rest = [row for row in now.legs if of_trip.get(row.trip_us, "") not in kept]
    shown = {key: parts[key] for key in kept}
    if others is not None or len(kept) < len(parts):
        shown[""] = total(rest)

    def label(key: str) -> str:
        if not key:
            return words.translate("All other trips")
        one = found[key]
        text = words.translate("{mode}, {distance}, around {clock}")
        return text.format(
            mode=words.mode(one.mode),
            distance=words.distance(one.distance_m),
            clock=words.duration(one.starts_h * 3600),
        )

    rows = rows_of(shown, measure, words, label=label)
    return Split(
        "usual",
        words.translate("By usual trip"),
        words.translate("Usual trip"),
        tuple(replace(row, to=address(row.key) if row.key in found else "") for row in rows),
        words.translate("A usual trip goes between the same two places at least three times."),
    )


# Bars over time ------------------------------------------------------------------------------

CHART_TITLES: Mapping[str, str] = {
    "active": N_("Time on foot or by bike, over time"),
    "trips": N_("Trips over time"),
    "distance": N_("Distance over time"),
    "duration": N_("Time spent, over time"),
    "money": N_("Money over time"),
    "co2e": N_("CO₂e over time"),
}

FEW_BARS = 14
"""More bars than this have no room for a word under each."""


def _beside(period: Period, step: tuple[date, date]) -> tuple[date, date] | None:
    """Give the days of the period before that stand beside a step, by their date."""
    before = period.step(-1)
    if before is None:
        return None
    first = period.same_day_in(step[0], before)
    last = period.same_day_in(step[1], before)
    if first is not None and last is None and period.kind is Kind.YEAR:
        last = date(first.year, 2, 28)  # of a leap year's February
    if first is None or last is None:
        return None
    return first, last


type_bars = tuple[tuple[tuple[date, date], Sums | None, Sums | None], ...]
"""First and last day of each bar, what it holds, and what stands beside it of the past."""


def _bars(facts: Facts, period: Period) -> type_bars:
    steps = steps_of(period.first, period.last)
    now = by_step(facts, steps)
    beside = [_beside(period, step) for step in steps]
    past = [None if days is None else by_step(facts, [days])[0] for days in beside]
    return tuple(zip(steps, now, past, strict=True))


def _step_label(step: tuple[date, date], words: Words) -> str:
    first, last = step
    if first == last:
        return words.day_short(first)
    if first.day == 1 and (last - first).days > 26:  # noqa: PLR2004 - no week is as long
        return words.month(first)
    text = words.translate("{first} to {last}")
    return text.format(first=words.day_month(first), last=words.day_month(last))


def _short(row: int, step: tuple[date, date], period: Period, n: int, words: Words) -> str:
    first, last = step
    if period.kind is Kind.WEEK:
        return words.weekdays()[first.weekday()]
    if first.day == 1 and (last - first).days > 26:  # noqa: PLR2004 - no week is as long
        return words.month_initial(first)
    if n <= FEW_BARS:
        return str(first.day) if first == last else words.day_tiny(first)
    if first == last:
        return str(first.day) if row % 5 == 0 else ""
    return words.day_tiny(first) if row % 5 == 0 else ""


def _chart(bars: type_bars, period: Period, measure: str, words: Words) -> BarChart:
    value, tell = MEASURES[measure], teller(measure, words)
    past_name = "" if (before := period.step(-1)) is None else title_of(before, words)
    data = []
    for row, (step, sums, old) in enumerate(bars):
        has_interval = measure == "co2e" and sums is not None
        data.append(
            Datum(
                label=_step_label(step, words),
                short=_short(row, step, period, len(bars), words),
                value=nan if sums is None else value(sums),
                told=words.translate("unknown") if sums is None else told(sums, measure, words),
                low=sums.low_g if has_interval and sums else nan,
                high=sums.high_g if has_interval and sums else nan,
                past=nan if old is None else value(old),
                past_told="" if old is None else f"{past_name}: {told(old, measure, words)}",
            )
        )
    title = words.translate(CHART_TITLES[measure])
    summary = words.translate("{title}, {n} bars; the same numbers are in the table below.")
    return bar_chart(
        "steps", title, data, tell=tell, summary=summary.format(title=title, n=len(data))
    )


def _step_rows(bars: type_bars, measure: str, words: Words) -> tuple[StepRow, ...]:
    unknown = words.translate("unknown")
    rows = []
    for step, sums, old in bars:
        rows.append(
            StepRow(
                label=_step_label(step, words),
                distance=unknown if sums is None else words.distance(sums.distance_m),
                duration=unknown if sums is None else words.duration(sums.duration_s),
                co2e=unknown if sums is None else told(sums, "co2e", words),
                n_trips=unknown if sums is None else str(sums.n_trips),
                past="" if old is None else told(old, measure, words),
            )
        )
    return tuple(rows)


def _past_sentence(facts: Facts, before: Period | None, measure: str, words: Words) -> str:
    """Say the period before in one sentence, without judging; ``""`` when it is unknown."""
    if before is None:
        return ""
    part = facts.between(before.first, before.last)
    n_days = len(part.known_days)
    if not n_days:
        return ""
    text = words.count(
        "{title}: {past}, over {n} known day.", "{title}: {past}, over {n} known days.", n_days
    )
    sums = total(part.legs)
    return text.format(title=title_of(before, words), past=told(sums, measure, words), n=n_days)
