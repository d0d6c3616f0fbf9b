"""A factor set and how it chooses its rows."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from math import isnan

from estran.carbon.flights import FlightRule
from estran.travel import Mode


@dataclass(frozen=True, slots=True)
class FactorSource:
    """Where figures come from."""

    name: str
    title: str
    path: str
    year: int
    licence: str


@dataclass(frozen=True, slots=True)
class Factor:
    """One row: what a kilometre by one means emits, in parts, with its interval.

    ``per_vehicle`` figures are divided once by the people aboard. A part that is not told
    is NaN and is then inside ``use_g_per_km``; the parts sum to ``central_g_per_km``.
    """

    row: str
    mode: Mode
    vehicle: str
    energy: str
    train_kind: str
    shared: bool
    band_from_km: float
    band_to_km: float
    per_vehicle: bool
    use_g_per_km: float
    upstream_g_per_km: float
    manufacture_g_per_km: float
    contrails_g_per_km: float
    central_g_per_km: float
    low_g_per_km: float
    high_g_per_km: float
    source: FactorSource
    source_id: str
    source_year: int
    derived: bool
    comment: str


@dataclass(frozen=True, slots=True)
class OccupantsRule:
    """How many people are aboard when nobody says, up to a distance."""

    mode: Mode
    below_km: float
    central: float
    least: float
    most: float
    source: FactorSource


@dataclass(frozen=True, slots=True)
class TrainRule:
    """Which kind of train is likely when nobody says, up to a distance."""

    below_km: float
    train_kind: str


@dataclass(frozen=True, slots=True)
class Keys:
    """What is known of the means of transport; ``""`` where nothing is."""

    vehicle: str = ""
    energy: str = ""
    train_kind: str = ""

    def fit(self, row: Factor) -> bool:
        """Tell whether a row says nothing against what is known."""
        return all(not known or known == its for known, its in self._beside(row))

    def same(self, row: Factor) -> bool:
        """Tell whether a row says exactly what is known."""
        return all(known == its for known, its in self._beside(row))

    def _beside(self, row: Factor) -> tuple[tuple[str, str], ...]:
        return (
            (self.vehicle, row.vehicle),
            (self.energy, row.energy),
            (self.train_kind, row.train_kind),
        )


@dataclass(frozen=True, slots=True)
class Choice:
    """Rows chosen: the central ones (one, or a plane's bands) and all that may be meant.

    ``low_g_per_km`` and ``high_g_per_km`` are the widest of those.
    """

    central: tuple[Factor, ...]
    possible: tuple[Factor, ...]
    notes: tuple[str, ...]
    low_g_per_km: float
    high_g_per_km: float

    @classmethod
    def of(
        cls, central: tuple[Factor, ...], possible: tuple[Factor, ...], notes: list[str]
    ) -> Choice:
        """Choose rows, and see how wide they are."""
        low_g = min(row.low_g_per_km for row in possible)
        return cls(
            central, possible, tuple(notes), low_g, max(row.high_g_per_km for row in possible)
        )


@dataclass(frozen=True, eq=False)
class FactorSet:
    """Dated, sourced factors of one territory; two are the same when they are one object.

    Parameters
    ----------
    name : str
        Its stable key, which results remember.
    title, territory : str
        ``territory`` is an ISO 3166 code.
    valid_from : date
    valid_until : date or None
        None while it holds.
    digest : str
        Beginning of the SHA-256 of its two files: a result made with an edited set shows.
    sources : tuple of FactorSource
    rows : tuple of Factor
        In file order: where a mode has several rows and nothing chooses, the first is central.
    flight : FlightRule
    occupants : tuple of OccupantsRule
    train_kinds : tuple of TrainRule
    """

    name: str
    title: str
    territory: str
    valid_from: date
    valid_until: date | None
    digest: str
    sources: tuple[FactorSource, ...]
    rows: tuple[Factor, ...]
    flight: FlightRule
    occupants: tuple[OccupantsRule, ...]
    train_kinds: tuple[TrainRule, ...]

    def rows_of(self, mode: Mode) -> tuple[Factor, ...]:
        """Give the rows of a mode, in file order; none where the set lacks it."""
        return tuple(row for row in self.rows if row.mode == mode)

    def choices(self, mode: Mode) -> dict[str, tuple[str, ...]]:
        """Tell which vehicles, energies and kinds of train the set knows for a mode."""
        rows = self.rows_of(mode)
        return {
            key: tuple(dict.fromkeys(value for row in rows if (value := getattr(row, key))))
            for key in ("vehicle", "energy", "train_kind")
        }

    def occupants_rule(self, mode: Mode, distance_km: float) -> OccupantsRule | None:
        """Find how many people are aboard when nobody says; None where one is the rule."""
        rules = (r for r in self.occupants if r.mode == mode and distance_km < r.below_km)
        return next(rules, None)

    def choose(self, mode: Mode, keys: Keys, *, shared: bool, distance_km: float) -> Choice:
        """Choose the rows of a mode by what is known of the vehicle.

        What the set does not know (a size in a set without sizes) is left aside and noted.
        Where several rows remain possible, the first is central and all make the interval.
        """
        likely = next((r.train_kind for r in self.train_kinds if distance_km < r.below_km), "")
        return _chosen(self, mode, keys, likely, shared=shared)


@lru_cache(maxsize=4096)
def _chosen(factors: FactorSet, mode: Mode, keys: Keys, likely: str, *, shared: bool) -> Choice:
    """Choose rows; kept, since a year of legs asks the same few questions."""
    rows, notes = factors.rows_of(mode), []
    if not rows:
        rows, notes = factors.rows_of(Mode.UNKNOWN), ["mode-not-in-set"]
    hired = tuple(row for row in rows if row.shared)
    rows = hired if shared and hired else tuple(row for row in rows if not row.shared)
    known = _known(rows, keys)
    if known != keys:
        notes.append("key-not-in-set")
    if not isnan(rows[0].band_to_km):
        return Choice.of(rows, rows, notes)
    exact = tuple(row for row in rows if known.same(row))
    if exact:
        return Choice.of(exact[:1], exact[:1], notes)
    possible = tuple(row for row in rows if known.fit(row))
    inferred = next((row for row in possible if row.train_kind and row.train_kind == likely), None)
    notes.append("train-kind-inferred" if inferred else "vehicle-assumed")
    return Choice.of((inferred or possible[0],), possible, notes)


def _known(rows: tuple[Factor, ...], keys: Keys) -> Keys:
    """Keep of the keys what some row fits, giving up the size first."""
    for kept in (
        keys,
        Keys("", keys.energy, keys.train_kind),
        Keys(keys.vehicle, "", keys.train_kind),
        Keys("", keys.energy, ""),
        Keys("", "", keys.train_kind),
    ):
        if any(kept.fit(row) for row in rows):
            return kept
    return Keys()
