"""What the dashboard of a year shows, composed from two summaries: no database, no clock."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import nan

from estran.coach.summary import ACTIVE, ModeSummary, MonthSummary, PeriodSummary
from estran.travel import Mode
from estran.web.me.charts import BarChart, Datum, bar_chart
from estran.web.me.words import Words

MEASURES = ("distance", "duration", "co2e")
"""What the year is shown by; the first is shown first."""


@dataclass(frozen=True, slots=True)
class ModeRow:
    """One mode over the year."""

    key: str
    label: str
    distance: str
    duration: str
    co2e: str
    n_trips: int
    told: str
    share: str
    width: str


@dataclass(frozen=True, slots=True)
class MonthRow:
    """One month as a line of the table."""

    label: str
    distance: str
    duration: str
    co2e: str
    n_trips: int
    past: str


@dataclass(frozen=True, slots=True)
class DashboardPage:
    """A year."""

    year: int
    years: tuple[int, ...]
    previous: int | None
    following: int | None
    measure: str
    is_known: bool
    n_days: int
    n_trips: int
    own_power: str
    active: str
    distance: str
    duration: str
    co2e: str
    co2e_interval: str
    co2e_central: str
    past: str
    modes: tuple[ModeRow, ...]
    months: tuple[MonthRow, ...]
    chart: BarChart | None
    past_name: str
    unknown: str
    unpriced: str


def dashboard_page(
    now: PeriodSummary,
    before: PeriodSummary,
    *,
    years: Sequence[int],
    measure: str,
    words: Words,
) -> DashboardPage:
    """Compose a year beside the person's own year before.

    Parameters
    ----------
    now, before : PeriodSummary
        The year and the one before it.
    years : sequence of int
        Years of which something is known, ascending.
    measure : str
        One of :data:`MEASURES`: what bars are long by.
    words : Words
        The reader's language.
    """
    total, year = now.total, now.first.year
    modes = [m for m in now.modes if m.mode != Mode.WAIT]
    own_m = sum(m.distance_m for m in modes if m.mode in ACTIVE)
    told_share = now.unknown_share
    return DashboardPage(
        year=year,
        years=tuple(years),
        previous=max((y for y in years if y < year), default=None),
        following=min((y for y in years if y > year), default=None),
        measure=measure,
        is_known=bool(now.days),
        n_days=len(now.days),
        n_trips=total.n_trips,
        own_power=words.distance(own_m),
        active=words.duration(now.active_min * 60),
        distance=words.distance(total.distance_m),
        duration=words.duration(total.duration_s),
        co2e=words.co2e(total.co2e),
        co2e_interval=words.co2e_interval(total.co2e),
        co2e_central=words.mass(total.co2e.central_g),
        past=_past_sentence(before, words, measure),
        modes=_mode_rows(modes, measure, words),
        months=_month_rows(now, before, measure, words),
        chart=_months_chart(now, before, measure, words) if now.days else None,
        past_name=str(year - 1),
        unknown=words.percent(told_share) if told_share > 0 else "",
        unpriced=words.distance(now.unpriced_m) if now.unpriced_m > 0 else "",
    )


def value_of(part: ModeSummary, measure: str) -> float:
    """Give what a bar is long by, in SI."""
    values = {"distance": part.distance_m, "duration": part.duration_s}
    return values.get(measure, part.co2e.central_g)


def _teller(measure: str, words: Words) -> Callable[[float], str]:
    tellers = {"distance": words.distance, "duration": words.duration}
    return tellers.get(measure, words.mass)


def _told(part: ModeSummary, measure: str, words: Words) -> str:
    if measure == "co2e":
        return words.co2e(part.co2e)
    return _teller(measure, words)(value_of(part, measure))


def _mode_rows(modes: Sequence[ModeSummary], measure: str, words: Words) -> tuple[ModeRow, ...]:
    ordered = sorted(modes, key=lambda m: -value_of(m, measure))
    largest = max((value_of(m, measure) for m in ordered), default=0.0) or 1.0
    whole = sum(value_of(m, measure) for m in ordered) or 1.0
    return tuple(
        ModeRow(
            key=m.mode.value,
            label=words.mode(m.mode),
            distance=words.distance(m.distance_m),
            duration=words.duration(m.duration_s),
            co2e=words.co2e(m.co2e),
            n_trips=m.n_trips,
            told=_told(m, measure, words),
            share=words.percent(value_of(m, measure) / whole),
            width=f"{100 * value_of(m, measure) / largest:.1f}",
        )
        for m in ordered
    )


def _past_of(month: MonthSummary, before: PeriodSummary) -> ModeSummary | None:
    """Find the same month of the year before, where anything is known of it."""
    for past in before.months:
        if past.month.month == month.month.month and _has(past, before):
            return past.total
    return None


def _has(month: MonthSummary, period: PeriodSummary) -> bool:
    return any(d.replace(day=1) == month.month for d in period.days)


def _months_chart(
    now: PeriodSummary, before: PeriodSummary, measure: str, words: Words
) -> BarChart:
    data = []
    for month in now.months:
        total, past = month.total, _past_of(month, before)
        known = _has(month, now)
        interval = (total.co2e.low_g, total.co2e.high_g) if measure == "co2e" and known else ()
        low, high = interval or (nan, nan)
        past_told = ""
        if past is not None:
            past_told = f"{month.month.year - 1}: {_told(past, measure, words)}"
        data.append(
            Datum(
                label=words.month(month.month),
                short=words.month_initial(month.month),
                value=value_of(total, measure) if known else nan,
                told=_told(total, measure, words) if known else words.translate("unknown"),
                low=low,
                high=high,
                past=nan if past is None else value_of(past, measure),
                past_told=past_told,
            )
        )
    titles = {
        "distance": words.translate("Distance by month"),
        "duration": words.translate("Time by month"),
        "co2e": words.translate("CO₂e by month"),
    }
    summary = words.translate("{title}, twelve bars; the same numbers are in the table below.")
    title = titles[measure]
    return bar_chart(
        "months", title, data, tell=_teller(measure, words), summary=summary.format(title=title)
    )


def _month_rows(
    now: PeriodSummary, before: PeriodSummary, measure: str, words: Words
) -> tuple[MonthRow, ...]:
    rows = []
    for month in now.months:
        total, past = month.total, _past_of(month, before)
        known = _has(month, now)
        unknown = words.translate("unknown")
        rows.append(
            MonthRow(
                label=words.month(month.month),
                distance=words.distance(total.distance_m) if known else unknown,
                duration=words.duration(total.duration_s) if known else unknown,
                co2e=words.co2e(total.co2e) if known else unknown,
                n_trips=total.n_trips,
                past=_told(past, measure, words) if past is not None else "",
            )
        )
    return tuple(rows)


def _past_sentence(before: PeriodSummary, words: Words, measure: str) -> str:
    """Say the year before in one sentence, without judging; ``""`` when it is unknown."""
    if not before.days:
        return ""
    text = words.translate("{year}: {past}, over {n} known days.")
    return text.format(
        year=before.first.year, past=_told(before.total, measure, words), n=len(before.days)
    )
