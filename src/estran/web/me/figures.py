"""Measures of a period as people read them, and where each stands in one's own past."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from math import isnan

from estran.coach.breakdown import MEASURES, Sums, total
from estran.coach.facts import Facts
from estran.coach.periods import Kind, Period
from estran.coach.usual import (
    KNOWN_SHARE,
    Trend,
    daily,
    is_known,
    past_of,
    type_past,
    usual_of,
)
from estran.travel import Mode
from estran.web.me.words import Words
from estran.wording import N_

DEFAULT = "distance"

LABELS: Mapping[str, str] = {
    "active": N_("On foot or by bike"),
    "trips": N_("Trips"),
    "distance": N_("Distance"),
    "duration": N_("Time spent"),
    "money": N_("Money"),
    "co2e": N_("CO₂e"),
}
"""Name of each measure, in the order in which they are shown."""

PAST_LOOKED_AT: Mapping[Kind, int] = {Kind.WEEK: 12, Kind.MONTH: 12, Kind.YEAR: 5, Kind.DAYS: 8}
"""How many periods of the same kind before make one's usual range, at most."""

_USUAL = {
    "below": N_("Below your usual range"),
    "within": N_("Within your usual range"),
    "above": N_("Above your usual range"),
}


@dataclass(frozen=True, slots=True)
class Band:
    """A usual range as a drawing 100 wide. [% of its width]"""

    low: str
    width: str
    middle: str
    now: str


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of a period."""

    measure: str
    label: str
    told: str
    detail: str
    usual: str
    usual_range: str
    band: Band | None


def teller(measure: str, words: Words) -> Callable[[float], str]:
    """Give the words for a value of a measure."""
    tellers: Mapping[str, Callable[[float], str]] = {
        "distance": words.distance,
        "duration": words.duration,
        "active": words.duration,
        "co2e": words.mass,
        "money": words.euros,
        "trips": lambda value: words.number(value, 1 if value < 10 else 0),  # noqa: PLR2004 - two figures
    }
    return tellers[measure]


def told(sums: Sums, measure: str, words: Words) -> str:
    """Write a measure of a sum; CO2e with its interval where it is wide."""
    if measure == "co2e":
        if sums.n_unpriced and not sums.central_g:
            return words.translate("not estimated")
        return words.co2e(sums.co2e)
    if measure == "money" and not sums.is_costed:
        return words.translate("unknown")
    return teller(measure, words)(MEASURES[measure](sums))


def figures(
    facts: Facts, period: Period, words: Words, passes_eur: float = 0.0
) -> tuple[Figure, ...]:
    """Give each measure of a period, beside its own past.

    Parameters
    ----------
    facts : Facts
        Reaching back over the periods before.
    passes_eur : float
        Passes of this period, which no trip costs. [€]
    """
    now = facts.between(period.first, period.last)
    sums = total(now.legs)
    n_days = len(now.known_days) if is_known(now, period) else 0
    past = past_of(facts, period, PAST_LOOKED_AT[period.kind]) if n_days else ()
    shown = [_figure(measure, sums, n_days, past, words) for measure in LABELS]
    if passes_eur:
        text = words.translate("passes beside it: {eur}").format(eur=words.euros(passes_eur))
        shown = [
            replace(f, detail=f"{f.detail}; {text}" if f.detail else text)
            if f.measure == "money"
            else f
            for f in shown
        ]
    return tuple(shown)


def _figure(measure: str, sums: Sums, n_days: int, past: type_past, words: Words) -> Figure:
    usual, told_range, band = "", "", None
    found = usual_of(past, measure)
    value, tell = daily(sums, n_days, measure), teller(measure, words)
    if found is not None and not isnan(value):
        usual = words.translate(_USUAL[found.place(value)])
        text = words.count(
            "{value} a known day; over {n} period before: {low} to {high}",
            "{value} a known day; over {n} periods before: {low} to {high}",
            found.n,
        )
        told_range = text.format(
            value=tell(value), n=found.n, low=tell(found.low), high=tell(found.high)
        )
        band = _band(value, found.low, found.middle, found.high)
    return Figure(
        measure=measure,
        label=words.translate(LABELS[measure]),
        told=told(sums, measure, words),
        detail=_detail(measure, sums, words),
        usual=usual,
        usual_range=told_range,
        band=band,
    )


def _band(value: float, low: float, middle: float, high: float) -> Band | None:
    end = 1.15 * max(value, high)
    if end <= 0 or isnan(end):
        return None

    def at(what: float) -> str:
        return f"{100 * what / end:.1f}"

    return Band(at(low), at(max(high - low, end / 100)), at(middle), at(value))


def _detail(measure: str, sums: Sums, words: Words) -> str:
    """Say what a figure needs beside it."""
    if measure == "co2e" and sums.central_g:
        if told(sums, measure, words) != words.co2e_interval(sums.co2e):
            return words.co2e_interval(sums.co2e)
        return words.translate("most likely near {central}").format(
            central=words.mass(sums.central_g)
        )
    if measure == "money" and sums.central_eur:
        text = words.translate("between {low} and {high}").format(
            low=words.euros(sums.low_eur), high=words.euros(sums.high_eur)
        )
        if sums.uncosted_m:
            rest = words.translate("of {distance} it is not known")
            text += "; " + rest.format(distance=words.distance(sums.uncosted_m))
        return text
    if measure == "active":
        return words.translate("in motion under your own power, wholly or in part")
    return ""


def not_beside_past(facts: Facts, period: Period, words: Words) -> str:
    """Say why no usual range stands beside a period; ``""`` where one does."""
    now = facts.between(period.first, period.last)
    if not is_known(now, period):
        text = words.translate(
            "Of {known} of {n} days something is known: too few to set this period beside your"
            " past (at least {share})."
        )
        return text.format(
            known=len(now.known_days), n=period.n_days, share=words.percent(KNOWN_SHARE)
        )
    if usual_of(past_of(facts, period, PAST_LOOKED_AT[period.kind]), "trips") is None:
        return words.translate(
            "Your usual range shows here once four periods before this one are known."
        )
    return ""


def trend_sentences(trends: Iterable[Trend], words: Words) -> tuple[str, ...]:
    """Say what changed, the clearest first, each as one sentence without a judgement."""
    return tuple(_sentence(trend, words) for trend in trends)


def _sentence(trend: Trend, words: Words) -> str:
    if trend.mode:
        what = words.mode(Mode(trend.mode))
    else:
        names = {**LABELS, "distance": N_("All modes"), "active": N_("Time on foot or by bike")}
        what = words.translate(names[trend.measure])
    text = (
        words.translate(
            "{what}: over {n} known weeks, {low} to {high} a day more than over the {n} before."
        )
        if trend.difference > 0
        else words.translate(
            "{what}: over {n} known weeks, {low} to {high} a day less than over the {n} before."
        )
    )
    tell = teller(trend.measure, words)
    low, high = sorted((abs(trend.low), abs(trend.high)))
    return text.format(what=what, n=trend.n_weeks, low=tell(low), high=tell(high))
