"""Pricing a journal: every leg gets its footprint, wider where its mode is doubtful."""

from __future__ import annotations

from dataclasses import replace
from math import isfinite, nan

from estran.carbon.factors import FactorSet
from estran.carbon.reckon import footprint
from estran.geo.distance import distance_m
from estran.journal import Co2e, Entry, Journal, Leg, Mode, Trip

DOUBT_SHARE = 0.1
"""A mode this probable beside the chosen one widens the interval (docs/algorithms/carbon.md)."""

STRAIGHT_SHARE = 0.5
"""A flight whose ends are nearer than this share of its path is a loop, not a line."""


def price(journal: Journal, *, factors: FactorSet) -> Journal:
    """Give every leg of a journal its footprint.

    Parameters
    ----------
    journal : Journal
    factors : FactorSet

    Returns
    -------
    Journal
        The same entries; ``co2e`` of each leg is filled, and ``made_by`` names the set.
    """
    entries = tuple(_price_entry(entry, factors) for entry in journal.entries)
    return Journal(entries, replace(journal.made_by, factor_set=factors.name))


def _price_entry(entry: Entry, factors: FactorSet) -> Entry:
    if not isinstance(entry, Trip):
        return entry
    return replace(entry, legs=tuple(price_leg(leg, factors=factors) for leg in entry.legs))


def price_leg(leg: Leg, *, factors: FactorSet) -> Leg:
    """Give a leg its footprint.

    The central figure is that of the chosen mode. The interval also holds the intervals of
    the other modes that are at least :data:`DOUBT_SHARE` probable, unless a person said
    which it was. A leg of unknown distance has no footprint.
    """
    if not isfinite(leg.distance_m):
        return replace(leg, co2e=None)
    modes = [
        mode
        for mode, probability_share in leg.probabilities
        if mode not in {leg.mode, Mode.WAIT} and probability_share >= DOUBT_SHARE
    ]
    flies = leg.mode is Mode.PLANE or Mode.PLANE in modes
    great_circle_m = _great_circle_m(leg) if flies else nan
    chosen = footprint(
        leg.mode,
        leg.distance_m,
        factors=factors,
        occupants=leg.occupants,
        vehicle=leg.vehicle,
        energy=leg.energy,
        train_kind=leg.train_kind,
        shared=leg.shared,
        great_circle_m=great_circle_m,
    )
    if leg.corrected or not modes:
        return replace(leg, co2e=chosen)
    doubts = [
        footprint(mode, leg.distance_m, factors=factors, great_circle_m=great_circle_m)
        for mode in modes
    ]
    return replace(leg, co2e=_widened(chosen, doubts))


def _widened(chosen: Co2e, doubts: list[Co2e]) -> Co2e:
    return replace(
        chosen,
        low_g=min([chosen.low_g, *(doubt.low_g for doubt in doubts)]),
        high_g=max([chosen.high_g, *(doubt.high_g for doubt in doubts)]),
    )


def _great_circle_m(leg: Leg) -> float:
    """Measure between the ends of a leg's path; NaN when it tells nothing."""
    path = leg.path
    if len(path) < 2:  # noqa: PLR2004 - a line has two ends
        return nan
    straight_m = distance_m(path.lat_deg[0], path.lon_deg[0], path.lat_deg[-1], path.lon_deg[-1])
    return straight_m if straight_m >= STRAIGHT_SHARE * leg.distance_m else nan
