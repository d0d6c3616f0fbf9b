"""What was brought: positions and hints as equal-length arrays, checked once.

A :class:`Trace` holds one person's positions in time order. :class:`Activities` are the
phone's own guesses at instants, :class:`Claims` are statements about intervals (a visit, a
ride, a label), :class:`Marks` are what the tracker said of itself (a trip began, tracking
stopped). :class:`Evidence` is all four with the sources they come from.
"""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from enum import IntEnum
from typing import TYPE_CHECKING, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

type_i64 = NDArray[np.int64]
type_i16 = NDArray[np.int16]
type_i8 = NDArray[np.int8]
type_f64 = NDArray[np.float64]
type_f32 = NDArray[np.float32]
type_bool = NDArray[np.bool_]


class Motion(IntEnum):
    """What a phone, a provider or a person says somebody was doing.

    The codes are stored in vaults: never renumber them, only add.
    """

    UNKNOWN = 0
    STILL = 1
    ON_FOOT = 2
    WALK = 3
    RUN = 4
    BIKE = 5
    VEHICLE = 6
    ROAD_VEHICLE = 7
    CAR = 8
    MOTORCYCLE = 9
    BUS = 10
    RAIL = 11
    TRAIN = 12
    METRO = 13
    TRAM = 14
    FERRY = 15
    PLANE = 16
    E_BIKE = 17
    E_SCOOTER = 18
    MOPED = 19
    COACH = 20
    TILTING = 21
    OTHER = 22


class Stream(IntEnum):
    """How a source knows where somebody was: a lower value is better evidence."""

    RECORDED = 0
    """Fixes of a tracker or a live app."""
    RAW = 1
    """Fixes kept by a provider (Google's raw signals, Records.json)."""
    PATH = 2
    """A thinned path (timelinePath, simplifiedRawPath)."""
    WAYPOINTS = 3
    """Positions without times of their own, spread over a claim."""
    DECLARED = 4
    """Ends of a claim, a ticket, a hand-made entry."""


class ClaimKind(IntEnum):
    """What a claim states of its interval."""

    VISIT = 0
    MOVE = 1


class MarkKind(IntEnum):
    """What a tracker said of itself."""

    TRIP_STARTED = 1
    TRIP_ENDED = 2
    TRACKING_STARTED = 3
    TRACKING_STOPPED = 4
    VISIT_STARTED = 5
    VISIT_ENDED = 6
    BOOTED = 7
    TRACKING_REFUSED = 8
    """The system gave no positions: permission or location was withdrawn."""
    BATTERY_FLAT = 9
    COMMUTE_BEGAN = 10
    """An outing begins that its owner called a way to work."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where positions come from: one device or one stream of one file kind.

    Parameters
    ----------
    key : str
        Stable name within a vault, e.g. ``"google-records/123456"``: the same data brought
        twice has the same key. Never a file name or anything personal in clear.
    format : str
        Key of the format that read it.
    device : str
        The device's tag or name, ``""`` when unknown.
    stream : Stream
        How it knows.
    """

    key: str
    format: str
    device: str = ""
    stream: Stream = Stream.RECORDED


def _frozen(values: NDArray[np.generic]) -> NDArray[np.generic]:
    if not values.flags.writeable:
        return values
    view = values.view()
    view.flags.writeable = False
    return view


def _check_columns(owner: object, dtypes: dict[str, str]) -> None:
    """Give each column its dtype, refuse unequal lengths, and make them read-only."""
    n = None
    for name, dtype in dtypes.items():
        # In one piece: a compiled loop is compiled again for each kind of array.
        column = np.ascontiguousarray(getattr(owner, name), dtype=np.dtype(dtype))
        if column.ndim != 1 or (n is not None and column.size != n):
            msg = f"{type(owner).__name__}.{name}: shape {column.shape}, want ({n},)"
            raise ValueError(msg)
        n = column.size
        object.__setattr__(owner, name, _frozen(column))


def _within(column: type_f64, most: float) -> bool:
    """Tell whether all is within ± a value, without a temporary; NaN and infinity are not."""
    return column.size == 0 or bool(column.min() >= -most and column.max() <= most)


@dataclass(frozen=True, eq=False, repr=False)
class Columns:
    """Equal-length columns; the base of the four kinds of evidence."""

    def __len__(self) -> int:
        """Count the rows."""
        return int(getattr(self, fields(self)[0].name).size)

    def __repr__(self) -> str:
        """Tell the size only: a coordinate never enters a message."""
        return f"{type(self).__name__}(n={len(self)})"

    def __eq__(self, other: object) -> bool:
        """Compare column by column; NaN equals NaN."""
        if type(other) is not type(self):
            return NotImplemented
        return all(
            np.array_equal(
                a := getattr(self, f.name), getattr(other, f.name), equal_nan=a.dtype.kind == "f"
            )
            for f in fields(self)
        )

    __hash__ = None  # type: ignore[assignment]

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Self:
        """Choose rows by index, mask or slice."""
        return type(self)(**{f.name: getattr(self, f.name)[index] for f in fields(self)})

    @classmethod
    def concatenate(cls, parts: Iterable[Self]) -> Self:
        """Put parts one after the other, in the order given."""
        kept = list(parts)
        if not kept:
            return cls.empty()
        return cls(
            **{f.name: np.concatenate([getattr(p, f.name) for p in kept]) for f in fields(cls)}
        )

    @classmethod
    def empty(cls) -> Self:
        """Make one without rows."""
        return cls(**{f.name: np.empty(0) for f in fields(cls)})


def nan_column(n: int) -> type_f32:
    """Make a column of which nothing is known."""
    return np.full(n, np.nan, dtype=np.float32)


@dataclass(frozen=True, eq=False, repr=False)
class Positions(Columns):
    """Dated positions, in any order, as a format reads them.

    Parameters
    ----------
    time_us : int64 array, shape (n,)
        Instants, UTC. [µs since 1970]
    lat_deg, lon_deg : float64 array, shape (n,)
        WGS84, within ±90 and ±180. [°]
    accuracy_m, speed_mps, bearing_deg, altitude_m : float32 array, shape (n,)
        NaN where the source does not tell. Speed and bearing are the source's own.
    source : int16 array, shape (n,)
        Index into the sources they travel with.

    Raises
    ------
    ValueError
        Lengths differ, or a position is outside the globe or not finite.

    Examples
    --------
    >>> positions = Positions.of([0, 1_000_000], [46.1, 46.2], [-1.1, -1.2])
    >>> len(positions), bool(np.isnan(positions.speed_mps).all())
    (2, True)
    """

    time_us: type_i64
    lat_deg: type_f64
    lon_deg: type_f64
    accuracy_m: type_f32
    speed_mps: type_f32
    bearing_deg: type_f32
    altitude_m: type_f32
    source: type_i16

    def __post_init__(self) -> None:
        """Check and freeze the columns."""
        _check_columns(
            self,
            {
                "time_us": "i8", "lat_deg": "f8", "lon_deg": "f8", "accuracy_m": "f4",
                "speed_mps": "f4", "bearing_deg": "f4", "altitude_m": "f4", "source": "i2",
            },
        )  # fmt: skip
        if not (_within(self.lat_deg, 90.0) and _within(self.lon_deg, 180.0)):
            msg = "a position is outside the globe"
            raise ValueError(msg)

    @classmethod
    def of(  # noqa: PLR0913 - one argument a column, by name
        cls,
        time_us: Sequence[int] | type_i64,
        lat_deg: Sequence[float] | type_f64,
        lon_deg: Sequence[float] | type_f64,
        *,
        accuracy_m: Sequence[float] | type_f32 | None = None,
        speed_mps: Sequence[float] | type_f32 | None = None,
        bearing_deg: Sequence[float] | type_f32 | None = None,
        altitude_m: Sequence[float] | type_f32 | None = None,
        source: Sequence[int] | type_i16 | None = None,
    ) -> Self:
        """Make positions of which some columns may be unknown."""
        n = len(time_us)
        return cls(
            time_us=np.asarray(time_us, dtype=np.int64),
            lat_deg=np.asarray(lat_deg, dtype=np.float64),
            lon_deg=np.asarray(lon_deg, dtype=np.float64),
            accuracy_m=nan_column(n) if accuracy_m is None else np.asarray(accuracy_m, "f4"),
            speed_mps=nan_column(n) if speed_mps is None else np.asarray(speed_mps, "f4"),
            bearing_deg=nan_column(n) if bearing_deg is None else np.asarray(bearing_deg, "f4"),
            altitude_m=nan_column(n) if altitude_m is None else np.asarray(altitude_m, "f4"),
            source=np.zeros(n, "i2") if source is None else np.asarray(source, "i2"),
        )


@dataclass(frozen=True, eq=False, repr=False)
class Trace(Positions):
    """Positions of one person in time order (equal instants may follow each other).

    Raises
    ------
    ValueError
        As :class:`Positions`, or the instants go backwards.

    Examples
    --------
    >>> Trace.sorted_from(Positions.of([5, 3], [46.0, 46.1], [0.0, 0.1])).time_us
    array([3, 5])
    """

    def __post_init__(self) -> None:
        """Check order beside what positions check."""
        super().__post_init__()
        if self.time_us.size and bool((self.time_us[1:] < self.time_us[:-1]).any()):
            msg = "instants go backwards"
            raise ValueError(msg)

    @classmethod
    def sorted_from(cls, positions: Positions) -> Self:
        """Order positions by time, then source, keeping file order among equals."""
        columns = {f.name: getattr(positions, f.name) for f in fields(positions)}
        time_us = positions.time_us
        if bool((time_us[1:] < time_us[:-1]).any()):
            order = np.lexsort((positions.source, time_us))
            columns = {name: column[order] for name, column in columns.items()}
        return cls(**columns)


@dataclass(frozen=True, eq=False, repr=False)
class Activities(Columns):
    """The phone's own guesses at instants.

    Parameters
    ----------
    time_us : int64 array, shape (n,)
        When it was sensed. [µs since 1970, UTC]
    motion : int8 array, shape (n,)
        Codes of :class:`Motion`. Several rows may share an instant.
    confidence_share : float32 array, shape (n,)
        The phone's confidence, 0 to 1; NaN when it gives none.
    source : int16 array, shape (n,)
        Index into the sources.
    """

    time_us: type_i64
    motion: type_i8
    confidence_share: type_f32
    source: type_i16

    def __post_init__(self) -> None:
        """Check and freeze the columns."""
        _check_columns(
            self, {"time_us": "i8", "motion": "i1", "confidence_share": "f4", "source": "i2"}
        )


@dataclass(frozen=True, eq=False, repr=False)
class Claims(Columns):
    """Statements about intervals: a visit, a move, a label.

    Parameters
    ----------
    start_us, end_us : int64 array, shape (n,)
        The interval, ``start_us <= end_us``. [µs since 1970, UTC]
    kind : int8 array, shape (n,)
        Codes of :class:`ClaimKind`.
    motion : int8 array, shape (n,)
        Codes of :class:`Motion`; STILL for visits.
    probability_share : float32 array, shape (n,)
        The provider's own probability, NaN when it gives none (iOS writes 0 for that).
    confirmed : bool array, shape (n,)
        True when the person said so (CONFIRMED in Google's export, a label of a phone app).
    lat_deg, lon_deg, end_lat_deg, end_lon_deg : float64 array, shape (n,)
        Where a visit is, or where a move begins and ends; NaN when not told. [°]
    distance_m : float32 array, shape (n,)
        The length of a move as the provider tells it, NaN when it does not.
    source : int16 array, shape (n,)
        Index into the sources.
    """

    start_us: type_i64
    end_us: type_i64
    kind: type_i8
    motion: type_i8
    probability_share: type_f32
    confirmed: type_bool
    lat_deg: type_f64
    lon_deg: type_f64
    end_lat_deg: type_f64
    end_lon_deg: type_f64
    distance_m: type_f32
    source: type_i16

    def __post_init__(self) -> None:
        """Check and freeze the columns."""
        _check_columns(
            self,
            {
                "start_us": "i8", "end_us": "i8", "kind": "i1", "motion": "i1",
                "probability_share": "f4", "confirmed": "?", "lat_deg": "f8", "lon_deg": "f8",
                "end_lat_deg": "f8", "end_lon_deg": "f8", "distance_m": "f4", "source": "i2",
            },
        )  # fmt: skip
        if bool((self.end_us < self.start_us).any()):
            msg = "a claim ends before it starts"
            raise ValueError(msg)


@dataclass(frozen=True, eq=False, repr=False)
class Marks(Columns):
    """What a tracker said of itself at instants (codes of :class:`MarkKind`)."""

    time_us: type_i64
    kind: type_i8
    source: type_i16

    def __post_init__(self) -> None:
        """Check and freeze the columns."""
        _check_columns(self, {"time_us": "i8", "kind": "i1", "source": "i2"})


@dataclass(frozen=True)
class Evidence:
    """All that one person brought: sorted positions, hints, claims, marks, sources.

    ``source`` columns index ``sources``.
    """

    trace: Trace = field(default_factory=Trace.empty)
    activities: Activities = field(default_factory=Activities.empty)
    claims: Claims = field(default_factory=Claims.empty)
    marks: Marks = field(default_factory=Marks.empty)
    sources: tuple[Source, ...] = ()
