"""One footprint: from a mode, a distance and what is known of the vehicle."""

from __future__ import annotations

from dataclasses import dataclass
from math import isfinite, isnan, nan

from estran.carbon.factors import Choice, Factor, FactorSet, FactorSource, Keys
from estran.carbon.flights import band_shares_km
from estran.errors import ValueOutOfRange
from estran.travel import NO_CO2E, Co2e, Mode

type_shares = tuple[tuple[Factor, float], ...]
"""Rows, each with the kilometres that it is multiplied by."""

M_PER_KM = 1000.0
"""Metres in a kilometre: factors are published by the kilometre."""

MOST_OCCUPANTS = 100
"""More people than any vehicle priced by the vehicle carries: beyond, it is a mistake."""


@dataclass(frozen=True, slots=True)
class Explanation:
    """A footprint and why it is what it is.

    Parameters
    ----------
    co2e : Co2e
    mode : Mode
    factor_set : str
        Name of the set.
    rows : tuple of Factor
        The rows that made the central figure: one, or the two bands of a flight.
    sources : tuple of FactorSource
    distance_km : float
        What was multiplied: for a plane, the great circle and its detour.
    occupants : float
        What a vehicle's figure was divided by; NaN for figures that are a person's already.
    notes : tuple of str
        Codes of what was supposed: ``occupants-assumed``, ``train-kind-inferred``,
        ``vehicle-assumed``, ``mode-unknown``, ``mode-not-in-set``, ``key-not-in-set``,
        ``contrails-not-split``; sentences in :data:`estran.wording.CARBON_NOTES`.
    """

    co2e: Co2e
    mode: Mode
    factor_set: str
    rows: tuple[Factor, ...]
    sources: tuple[FactorSource, ...]
    distance_km: float
    occupants: float
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Aboard:
    central: float
    least: float
    most: float
    assumed: bool


_ALONE = _Aboard(1.0, 1.0, 1.0, assumed=False)


def footprint(  # noqa: PLR0913 - what is known of a vehicle, by name
    mode: Mode,
    distance_m: float,
    *,
    factors: FactorSet,
    occupants: float = nan,
    vehicle: str = "",
    energy: str = "",
    train_kind: str = "",
    shared: bool = False,
    great_circle_m: float = nan,
    contrails: bool = True,
) -> Co2e:
    """Reckon what a distance by one mode emits for one person.

    Parameters
    ----------
    mode : Mode
    distance_m : float
        Along the path. [m]
    factors : FactorSet
    occupants : float
        People in the vehicle, driver included; NaN when unknown: the set's rule then holds.
        Figures of vehicles are divided by it, once; others are a person's already.
    vehicle, energy, train_kind : str
        Keys of rows of the set; what the set does not know is left aside.
    shared : bool
        A hired or shared vehicle.
    great_circle_m : float
        Between the two airports of a flight; NaN when unknown: ``distance_m`` is taken. [m]
    contrails : bool
        Count what planes do to the upper air besides CO2.

    Raises
    ------
    ValueOutOfRange
        The distance is negative or not a number, or the occupants are under one.

    Examples
    --------
    >>> from estran.carbon import factor_set
    >>> co2e = footprint(Mode.CAR, 10_000, factors=factor_set(), occupants=3)
    >>> round(co2e.central_g, 1), round(co2e.manufacture_g, 1)
    (725.3, 85.3)
    """
    if mode is Mode.WAIT:
        _check(distance_m, occupants)
        return NO_CO2E
    keys = Keys(vehicle, energy, train_kind)
    flown_m = distance_m if isnan(great_circle_m) else great_circle_m
    told = _reckoned(mode, distance_m, flown_m, keys, occupants, factors, shared=shared)
    return told.co2e if contrails else _without_contrails(told.co2e, [])


def explain(  # noqa: PLR0913 - what is known of a vehicle, by name
    mode: Mode,
    distance_m: float,
    *,
    factors: FactorSet,
    occupants: float = nan,
    vehicle: str = "",
    energy: str = "",
    train_kind: str = "",
    shared: bool = False,
    great_circle_m: float = nan,
    contrails: bool = True,
) -> Explanation:
    """Reckon as :func:`footprint` does, and tell which rows, sources and suppositions.

    Examples
    --------
    >>> from estran.carbon import factor_set
    >>> why = explain(Mode.TRAIN, 500_000, factors=factor_set())
    >>> why.rows[0].row, why.notes, round(why.co2e.central_g)
    ('train-tgv', ('train-kind-inferred',), 1465)
    """
    if mode is Mode.WAIT:
        _check(distance_m, occupants)
        return Explanation(NO_CO2E, mode, factors.name, (), (), 0.0, nan, ())
    keys = Keys(vehicle, energy, train_kind)
    flown_m = distance_m if isnan(great_circle_m) else great_circle_m
    told = _reckoned(mode, distance_m, flown_m, keys, occupants, factors, shared=shared)
    co2e, central, aboard = told.co2e, told.central, told.aboard
    notes = [*told.chosen.notes, *(["occupants-assumed"] if aboard.assumed else [])]
    if not contrails:
        co2e = _without_contrails(co2e, notes)
    if mode in {Mode.UNKNOWN, Mode.OTHER}:
        notes.append("mode-unknown")
    used = tuple(row for row, km in central if km > 0) or told.chosen.central[:1]
    return Explanation(
        co2e=co2e,
        mode=mode,
        factor_set=factors.name,
        rows=used,
        sources=tuple(dict.fromkeys(row.source for row in used)),
        distance_km=sum(km for _, km in central),
        occupants=aboard.central if used[0].per_vehicle else nan,
        notes=tuple(notes),
    )


@dataclass(frozen=True, slots=True)
class _Reckoned:
    co2e: Co2e
    chosen: Choice
    central: type_shares
    aboard: _Aboard


def _reckoned(  # noqa: PLR0913, PLR0917 - what is known of a vehicle
    mode: Mode,
    distance_m: float,
    flown_m: float,
    keys: Keys,
    occupants: float,
    factors: FactorSet,
    *,
    shared: bool,
) -> _Reckoned:
    """Choose rows and multiply them; the interval holds every row that may be meant."""
    _check(distance_m, occupants)
    distance_km = distance_m / M_PER_KM
    chosen = factors.choose(mode, keys, shared=shared, distance_km=distance_km)
    aboard = _ALONE
    if chosen.central[0].per_vehicle:
        aboard = _aboard(factors, mode, distance_km, occupants)
    if len(chosen.central) == 1:
        central: type_shares = ((chosen.central[0], distance_km),)
        low_g = chosen.low_g_per_km * distance_km / aboard.most
        high_g = chosen.high_g_per_km * distance_km / aboard.least
    else:
        bands_km = [(row.band_from_km, row.band_to_km) for row in chosen.central]
        shares_km = band_shares_km(bands_km, flown_m / M_PER_KM, factors.flight)
        central = tuple(zip(chosen.central, shares_km, strict=True))
        low_g = sum(row.low_g_per_km * km for row, km in central) / aboard.most
        high_g = sum(row.high_g_per_km * km for row, km in central) / aboard.least
    return _Reckoned(_sum(central, low_g, high_g, aboard.central), chosen, central, aboard)


def _check(distance_m: float, occupants: float) -> None:
    if not (isfinite(distance_m) and distance_m >= 0.0):
        raise ValueOutOfRange(name="distance", expected="0 or more")
    if not (isnan(occupants) or 1.0 <= occupants <= MOST_OCCUPANTS):
        raise ValueOutOfRange(name="occupants", expected=f"1 to {MOST_OCCUPANTS}")


def _aboard(factors: FactorSet, mode: Mode, distance_km: float, occupants: float) -> _Aboard:
    if not isnan(occupants):
        return _Aboard(occupants, occupants, occupants, assumed=False)
    rule = factors.occupants_rule(mode, distance_km)
    if rule is None:
        return _ALONE
    return _Aboard(rule.central, rule.least, rule.most, assumed=True)


def _sum(central: type_shares, low_g: float, high_g: float, aboard: float) -> Co2e:
    """Add up the central rows, for each of those aboard."""
    central_g = sum(row.central_g_per_km * km for row, km in central) / aboard
    return Co2e(
        central_g,
        min(central_g, low_g),
        max(central_g, high_g),
        _part_g([row.use_g_per_km * km for row, km in central], aboard),
        _part_g([row.upstream_g_per_km * km for row, km in central], aboard),
        _part_g([row.manufacture_g_per_km * km for row, km in central], aboard),
        _part_g([row.contrails_g_per_km * km for row, km in central], aboard),
    )


def _part_g(parts_g: list[float], aboard: float) -> float:
    """Sum one part over the rows that tell it; NaN when none does."""
    if len(parts_g) == 1:
        return nan if isnan(parts_g[0]) else parts_g[0] / aboard
    told = [part_g for part_g in parts_g if not isnan(part_g)]
    return sum(told) / aboard if told else nan


def _without_contrails(co2e: Co2e, notes: list[str]) -> Co2e:
    """Leave contrails out of the figure and of the high end of its interval."""
    if isnan(co2e.contrails_g):
        notes.append("contrails-not-split")
        return co2e
    central_g = co2e.central_g - co2e.contrails_g
    return Co2e(
        central_g=central_g,
        low_g=min(co2e.low_g, central_g),
        high_g=max(co2e.high_g - co2e.contrails_g, central_g),
        use_g=co2e.use_g,
        upstream_g=co2e.upstream_g,
        manufacture_g=co2e.manufacture_g,
        contrails_g=0.0,
    )
