"""What travelling costs: a dated table with its sources, which an operator may replace."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from math import inf, isfinite, nan
from typing import Any, TypeVar

from estran.errors import ValueOutOfRange
from estran.travel import Mode

DEFAULT_PRICES = "fr-2026"
"""The table that Estran carries."""


@dataclass(frozen=True, slots=True)
class PriceSource:
    """Where figures come from; ``year`` is that of their prices."""

    key: str
    title: str
    publisher: str
    year: int
    url: str


@dataclass(frozen=True, slots=True)
class Band:
    """A part of a tax scale: what a year of up to ``up_to_km`` costs."""

    up_to_km: float
    eur_per_km: float
    fixed_eur: float


@dataclass(frozen=True, slots=True)
class Scale:
    """The tax scale of vehicles up to a fiscal power; the last of a mode holds for more."""

    mode: Mode
    cv: int
    bands: tuple[Band, ...]

    def yearly_eur(self, yearly_km: float) -> float:
        """Tell what a year costs. [€]"""
        band = next(b for b in self.bands if yearly_km <= b.up_to_km)
        return band.eur_per_km * yearly_km + band.fixed_eur


@dataclass(frozen=True, slots=True)
class Usual:
    """What is supposed of a vehicle of which a person did not say it."""

    mode: Mode
    cv: int
    yearly_km: float


@dataclass(frozen=True, slots=True)
class Rate:
    """What a person pays by the kilometre; ``marginal`` is NaN where nothing else is known."""

    mode: Mode
    train_kind: str
    below_km: float
    low: float
    central: float
    high: float
    marginal: float
    source: str


@dataclass(frozen=True, slots=True)
class BikeCost:
    """What the cost of a bike is built up from."""

    price_eur: float
    lifetime_km: float
    upkeep_eur_per_year: float
    yearly_km: float
    kwh_per_100km: float


@dataclass(frozen=True, slots=True)
class Fuel:
    """€ by litre, by kWh where electric, and what a medium car usually takes of it."""

    energy: str
    eur_per_unit: float
    usual_per_100km: float


_Row = TypeVar("_Row", BikeCost, Fuel)


@dataclass(frozen=True, eq=False)
class Prices:
    """A table of prices; two are the same when they are one object."""

    name: str
    title: str
    valid_from: date
    electric_share: float
    scale_spread_share: float
    sources: dict[str, PriceSource]
    scales: tuple[Scale, ...]
    usual: dict[Mode, Usual]
    rates: tuple[Rate, ...]
    bikes: dict[Mode, BikeCost]
    fuels: dict[str, Fuel]

    def scale_of(self, mode: Mode, cv: int) -> Scale | None:
        """Give the scale of a fiscal power: the first that holds it, else the largest."""
        of_mode = [scale for scale in self.scales if scale.mode is mode]
        return next((s for s in of_mode if cv <= s.cv), of_mode[-1] if of_mode else None)

    def yearly_eur(self, mode: Mode, cv: int, yearly_km: float, *, electric: bool = False) -> float:
        """Tell what a year of a vehicle costs by the tax scale; NaN where it has none. [€]

        Examples
        --------
        >>> round(prices().yearly_eur(Mode.CAR, 5, 12_000), 2)
        5679.0
        """
        scale = self.scale_of(mode, cv)
        if scale is None:
            return nan
        return scale.yearly_eur(yearly_km) * (self.electric_share if electric else 1.0)

    def rate_of(self, mode: Mode, train_kind: str, distance_km: float) -> Rate | None:
        """Give the rate of a mode: the first that fits its kind and its distance."""
        fits = (
            r
            for r in self.rates
            if r.mode is mode and r.train_kind in {"", train_kind} and distance_km < r.below_km
        )
        return next(fits, None)


@lru_cache(maxsize=1)
def prices() -> Prices:
    """Read the table that Estran carries."""
    table = resources.files("estran.coach.prices") / f"{DEFAULT_PRICES}.toml"
    return read_prices(table.read_text(encoding="utf-8"))


def read_prices(text: str) -> Prices:
    """Read a table of prices.

    Raises
    ------
    ValueOutOfRange
        It is no TOML, or a figure is missing, negative or no number; the name tells which.
    """
    at = "prices"
    try:
        told = tomllib.loads(text)
        at = "scale"
        scales = tuple(_scale(row) for row in told.get("scale", []))
        at = "rate"
        rates = tuple(_rate(row) for row in told.get("rate", []))
        at = "usual"
        usual = {Mode(k): Usual(Mode(k), **row) for k, row in told.get("usual", {}).items()}
        at = "bike"
        bikes = {Mode(k): _positive(BikeCost(**r)) for k, r in told.get("bike", {}).items()}
        at = "fuel"
        fuels = {k: _positive(Fuel(k, **row)) for k, row in told.get("fuel", {}).items()}
        at = "sources"
        sources = {k: PriceSource(k, **row) for k, row in told.get("sources", {}).items()}
        at = "prices"
        return Prices(
            name=str(told["name"]),
            title=str(told["title"]),
            valid_from=told["valid_from"],
            electric_share=_share(told.get("electric_share", 1.0)),
            scale_spread_share=_share(told.get("scale_spread_share", 0.0)),
            sources=sources,
            scales=scales,
            usual=usual,
            rates=rates,
            bikes=bikes,
            fuels=fuels,
        )
    except (ValueError, KeyError, TypeError) as error:
        raise ValueOutOfRange(
            name=f"prices.toml: {at}", expected="see docs/algorithms/money.md"
        ) from error


def _scale(row: dict[str, Any]) -> Scale:
    bands = tuple(Band(*map(float, band)) for band in row["bands"])
    tops = [band.up_to_km for band in bands]
    if not bands or tops[-1] != inf or tops != sorted(tops):
        msg = "bands of a scale ascend, the last has no end"
        raise ValueError(msg)
    return Scale(Mode(row["mode"]), int(row["cv"]), bands)


def _rate(row: dict[str, Any]) -> Rate:
    central = float(row["central"])
    rate = Rate(
        Mode(row["mode"]),
        str(row.get("train_kind", "")),
        float(row.get("below_km", inf)),
        float(row.get("low", central)),
        central,
        float(row.get("high", central)),
        float(row.get("marginal", nan)),
        str(row.get("source", "")),
    )
    if not 0.0 <= rate.low <= rate.central <= rate.high < inf:
        msg = "low, central and high ascend"
        raise ValueError(msg)
    return rate


def _share(value: float) -> float:
    if not (isfinite(value) and value >= 0.0):
        msg = "0 or more"
        raise ValueError(msg)
    return float(value)


def _positive(row: _Row) -> _Row:
    """Refuse a negative figure, and a life of nothing."""
    for name in row.__dataclass_fields__:
        value = getattr(row, name)
        least = 1.0 if name in {"lifetime_km", "yearly_km"} else 0.0
        if not isinstance(value, str) and not (isfinite(value) and value >= least):
            msg = f"{name} is {least:g} or more"
            raise ValueError(msg)
    return row
