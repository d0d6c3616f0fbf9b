"""Advice in words."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan

from django.utils.translation import gettext

from estran.coach.alternatives import Alternative, Way
from estran.coach.money import CostSum
from estran.journal import Mode
from estran.web.me.words import Words
from estran.wording import N_

WAYS: Mapping[str, str] = {
    "walk": N_("On foot"),
    "bike": N_("By bike"),
    "e-bike": N_("By e-bike"),
    "transit": N_("By bus, tram or train"),
    "bike-transit": N_("By bike and train"),
    "carpool": N_("Sharing the car"),
    "telework": N_("Working at home"),
}

REASONS: Mapping[str, str] = {
    "no-line": N_("there is no line"),
    "hours": N_("its hours do not fit"),
    "too-long": N_("it takes too long"),
    "unsafe": N_("the way does not feel safe"),
    "load": N_("I carry things or take children along"),
    "health": N_("my health"),
    "cost": N_("it costs too much"),
    "other": N_("something else"),
}

OFFERS = frozenset({"no-line", "hours", "too-long", "unsafe", "cost"})
"""Reasons that a territory can do something about; others are nobody's business."""

HINDRANCES: Mapping[str, str] = {
    "too-far": N_("farther than {limit}"),
    "too-near": N_("nearer than {limit}"),
    "no-line": N_("no stop near both ends is known"),
    "no-service": N_("nothing runs at that hour"),
    "walking-sooner": N_("walking is as quick"),
}

BASES: Mapping[str, str] = {
    "timetable": N_("by the timetable"),
    "speeds": N_("by an assumed speed"),
    "speeds-line": N_("if there is a line, by an assumed speed"),
    "same-way": N_("the same way, and the time to meet"),
}


def basis_of(one: Alternative) -> str:
    """Say what a duration stands on."""
    lined = one.way in {Way.TRANSIT, Way.BIKE_TRANSIT} and one.basis == "speeds"
    told = BASES.get("speeds-line" if lined else one.basis, "")
    return gettext(told) if told else ""


def name_of(way: Way | str | None, mode: Mode, words: Words) -> str:
    """Name a way; that of now by its mode."""
    return words.mode(mode) if way is None else gettext(WAYS[way])


def span(one: Alternative, words: Words) -> str:
    """Say how long it takes."""
    if isnan(one.low_s):
        return gettext("unknown")
    low, high = (round(value / 60.0) * 60.0 for value in (one.low_s, one.high_s))
    if low == high:
        return words.duration(high)
    between = gettext("{low} to {high}")
    return between.format(low=words.duration(low), high=words.duration(high))


def money(cost: CostSum, words: Words) -> str:
    """Say what it costs, as far as that is known of all of it."""
    if not cost.known_m and cost.unknown_m:
        return gettext("unknown")
    low, high = words.number(cost.low_eur, 2), words.number(cost.high_eur, 2)
    told = (
        f"{low} €" if low == high else gettext("{low} to {high}").format(low=low, high=f"{high} €")
    )
    return gettext("{cost}, for a part").format(cost=told) if cost.unknown_m else told


def effort(one: Alternative, words: Words) -> str:
    """Say how long and how hard one moves."""
    if one.active_min < 1:
        return gettext("none")
    told = words.duration(round(one.active_min) * 60.0)
    return f"{told}, {gettext(_hard(one.met))}" if one.met > 0 else told


GENTLE_MET, MODERATE_MET = 3.0, 6.0
"""Light below 3 MET, moderate below 6, vigorous from there on: WHO's classes."""


def _hard(met: float) -> str:
    if met < GENTLE_MET:
        return N_("gentle")
    return N_("moderate") if met < MODERATE_MET else N_("brisk")


def beside(one: Alternative, now: Alternative, words: Words) -> str:
    """Compare with what is done now, in a sentence without a judgement."""
    low_g, high_g = now.co2e.low_g - one.co2e.high_g, now.co2e.high_g - one.co2e.low_g
    if not now.legs:
        return ""
    between = {"low": words.mass(abs(low_g)), "high": words.mass(abs(high_g))}
    if low_g > 0:
        return gettext("Each time between {low} and {high} of CO₂e less than now.").format(
            **between
        )
    if high_g < 0:
        told = gettext("Each time between {high} and {low} of CO₂e more than now.")
        return told.format(**between)
    return gettext("CO₂e from {low} more to {high} less than now: too close to tell.").format(
        **between
    )
