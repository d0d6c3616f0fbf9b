"""Putting a saving into words: estimated, signed, each step shown."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext, ngettext

from estran.coach.booking import Booked, worth_eur
from estran.coach.savings import Interval, Method, Saving
from estran.web.me.words import Words
from estran.wording import N_

BLOCKED = {
    "no-baseline": N_("Without a baseline there is no saving: only what was emitted."),
    "baseline-short": N_(
        "Your own past needs 4 weeks, Monday to Sunday, of which at least 5 days each are known."
    ),
    "coverage-before": N_("Under 70 percent of the days of your own past are known."),
    "coverage-after": N_("Under 70 percent of the days of this period are known."),
    "no-common-day": N_("No weekday is known on both sides."),
    "no-trip": N_("This usual trip was not made in this period, or no footprint is known of it."),
}
LEFT_OUT = {
    "unknown": N_("less than 70 percent of the day is known"),
    "unpriced": N_("a footprint is missing"),
    "private": N_("marked private"),
}
METHOD_NAMES = {
    Method.OWN_PAST: N_("compared with your own past"),
    Method.DECLARED: N_("compared with the way you declared"),
    Method.NONE: N_("without a baseline"),
}
LOW_EUR_PER_T, HIGH_EUR_PER_T = 33, 256
"""Mean price of the French low-carbon label, and the French value of climate action."""


def told(saving: Saving, words: Words) -> dict[str, Any]:
    """Give a template all of a saving."""
    return {
        "blocked": gettext(BLOCKED[saving.blocked]) if saving.blocked else "",
        "central": signed(saving.saving.central_g, words),
        "interval": interval(saving.saving, words),
        "raw": signed(saving.raw.central_g, words),
        "raw_interval": interval(saving.raw, words),
        "discount": words.percent(saving.discount_share),
        "booked": booked_words(saving.booked_g, words),
        "is_shown": saving.booked_g != 0,
        "baseline": words.mass(saving.baseline_g),
        "observed": words.mass(saving.observed_g),
        "coverage_before": words.percent(saving.coverage_before),
        "coverage_after": words.percent(saving.coverage_after),
        "n_weeks": saving.n_weeks,
        "is_own_past": saving.method is Method.OWN_PAST,
        "n_trips": saving.n_trips,
        "distance": words.distance(saving.distance_m),
        "weekdays": [_weekday(step, words) for step in saving.weekdays],
        "left_out": [_left_out(why, n, saving.method) for why, n in saving.not_counted],
        "money": money(saving.saving.central_g, words),
    }


def _weekday(step: Any, words: Words) -> dict[str, str]:
    return {
        "name": words.weekdays()[step.weekday],
        "n_before": words.number(step.n_before),
        "n_after": words.number(step.n_after),
        "before": words.mass(step.before_g),
        "after": words.mass(step.after_g),
        "saved": words.mass(step.saved_g),
    }


def _left_out(why: str, n: int, method: Method) -> str:
    if method is Method.OWN_PAST:
        text = ngettext("{n} day: {why}", "{n} days: {why}", n)
    else:
        text = ngettext("{n} trip: {why}", "{n} trips: {why}", n)
    return text.format(n=n, why=gettext(LEFT_OUT[why]))


def signed(mass_g: float, words: Words) -> str:
    """Say less or more."""
    if abs(mass_g) < 0.5:  # noqa: PLR2004 - it rounds to nothing
        return gettext("the same")
    text = gettext("about {mass} less") if mass_g > 0 else gettext("about {mass} more")
    return text.format(mass=words.mass(abs(mass_g)))


def interval(ends: Interval, words: Words) -> str:
    """Say both ends, each less or more."""
    if ends.high_g < 0.5 and ends.low_g > -0.5:  # noqa: PLR2004 - it rounds to nothing
        return gettext("the same")
    if ends.low_g >= 0:
        text = gettext("between {low} and {high} less")
        low_g, high_g = ends.low_g, ends.high_g
    elif ends.high_g <= 0:
        text = gettext("between {low} and {high} more")
        low_g, high_g = -ends.high_g, -ends.low_g
    else:
        text = gettext("between {low} more and {high} less")
        low_g, high_g = -ends.low_g, ends.high_g
    return text.format(low=words.mass(low_g), high=words.mass(high_g))


def booked_words(booked_g: int, words: Words) -> str:
    """Say what the account takes."""
    if not booked_g:
        return gettext("nothing: a difference is not shown, as zero is inside the interval")
    text = gettext("{mass} less") if booked_g > 0 else gettext("{mass} more")
    return text.format(mass=words.mass(abs(booked_g)))


def money(mass_g: float, words: Words) -> str:
    """Say what it would be worth: little."""
    if mass_g <= 0:
        return ""
    low, high = (worth_eur(mass_g, price) for price in (LOW_EUR_PER_T, HIGH_EUR_PER_T))
    return gettext(
        "At {low_price} € a tonne (French low-carbon label) this is {low} €; at {high_price} € "
        "(French value of climate action) {high} €. The point is not the money."
    ).format(
        low_price=LOW_EUR_PER_T,
        high_price=HIGH_EUR_PER_T,
        low=words.number(low, 2),
        high=words.number(high, 2),
    )


def kept_row(one: Booked, words: Words) -> dict[str, str]:
    """Tell of one that is kept."""
    ends = Interval(one.low_g, one.central_g, one.high_g)
    return {
        "id": one.id,
        "first": words.day_month(one.first, year=True),
        "last": words.day_month(one.last, year=True),
        "method": gettext(METHOD_NAMES[one.method]),
        "booked": booked_words(one.booked_g, words),
        "interval": interval(ends, words),
        "discount": words.percent(one.discount_share),
        "factor_set": one.factor_set,
    }
