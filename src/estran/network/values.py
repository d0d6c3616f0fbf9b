"""Lines and stops of public transport as frozen columns, in and out of one file."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from estran.network.columns import columns_from_bytes, columns_to_bytes
from estran.travel import Mode

LINE_MODES: tuple[Mode, ...] = (
    Mode.BUS, Mode.COACH, Mode.TRAM, Mode.METRO, Mode.TRAIN, Mode.FERRY,
)  # fmt: skip
"""What lines there are; columns of a network say a mode by its place here."""

SCHEMA = "estran.network/1"

E6 = 1e-6
"""Positions are whole millionths of a degree: 11 cm, in half the room."""

_COLUMNS = {
    "line_mode": "i1", "piece_line": "i4", "piece_offset": "i8", "piece_straight": "?",
    "lat_e6": "i4", "lon_e6": "i4", "stop_lat_e6": "i4", "stop_lon_e6": "i4",
    "call_line": "i4", "call_stop": "i4",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Network:
    """Lines with their drawn pieces, stops, and which line calls at which stop.

    Parameters
    ----------
    line_mode : int8 array, shape (n_lines,)
        Index into :data:`LINE_MODES`.
    line_name : tuple of str, length n_lines
        What is written on the vehicle: ``"1A"``.
    piece_line : int32 array, shape (n_pieces,)
        Line of each piece; a line has one for each way it takes.
    piece_offset : int64 array, shape (n_pieces + 1,)
        Piece ``i`` has the points ``piece_offset[i]:piece_offset[i + 1]``.
    piece_straight : bool array, shape (n_pieces,)
        Drawn from stop to stop: the vehicle's way is elsewhere between them.
    lat_e6, lon_e6 : int32 array, shape (n_points,)
        Points of all pieces. [1e-6 °]
    stop_lat_e6, stop_lon_e6 : int32 array, shape (n_stops,)
        [1e-6 °]
    call_line, call_stop : int32 array, shape (n_calls,)
        Pairs: this line calls at this stop.

    Raises
    ------
    ValueError
        Columns do not fit each other.
    """

    line_mode: NDArray[np.int8]
    line_name: tuple[str, ...]
    piece_line: NDArray[np.int32]
    piece_offset: NDArray[np.int64]
    piece_straight: NDArray[np.bool_]
    lat_e6: NDArray[np.int32]
    lon_e6: NDArray[np.int32]
    stop_lat_e6: NDArray[np.int32]
    stop_lon_e6: NDArray[np.int32]
    call_line: NDArray[np.int32]
    call_stop: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Check once that all indices point somewhere, and freeze the columns."""
        for name, kind in _COLUMNS.items():
            column = np.ascontiguousarray(getattr(self, name), np.dtype(kind)).view()
            column.flags.writeable = False
            object.__setattr__(self, name, column)
        if not self._fits():
            msg = "the columns of a network do not fit each other"
            raise ValueError(msg)

    def _fits(self) -> bool:
        n_lines, n_stops, offset = len(self.line_name), self.stop_lat_e6.size, self.piece_offset
        return bool(
            self.line_mode.shape == (n_lines,)
            and _within(self.line_mode, len(LINE_MODES))
            and _within(self.piece_line, n_lines)
            and self.piece_straight.shape == self.piece_line.shape
            and offset.shape == (self.piece_line.size + 1,)
            and offset[0] == 0
            and offset[-1] == self.lat_e6.size
            and (np.diff(offset) >= 0).all()
            and self.lat_e6.shape == self.lon_e6.shape
            and self.stop_lat_e6.shape == self.stop_lon_e6.shape
            and self.call_line.shape == self.call_stop.shape
            and _within(self.call_line, n_lines)
            and _within(self.call_stop, n_stops)
        )

    @property
    def n_stops(self) -> int:
        """Count the stops."""
        return int(self.stop_lat_e6.size)

    def n_lines_of(self) -> dict[Mode, int]:
        """Count the lines of each mode that has any."""
        count = np.bincount(self.line_mode, minlength=len(LINE_MODES)).tolist()
        return {mode: n for mode, n in zip(LINE_MODES, count, strict=True) if n}

    @cached_property
    def digest(self) -> str:
        """Name this network by twelve hexadecimal digits of what it holds."""
        sha = hashlib.sha256("\x1f".join((SCHEMA, *self.line_name)).encode())
        for name in _COLUMNS:
            sha.update(getattr(self, name).tobytes())
        return sha.hexdigest()[:12]

    def __repr__(self) -> str:
        """Tell the size only."""
        return f"Network(n_lines={len(self.line_name)}, n_stops={self.n_stops})"


def _within(index: NDArray[np.signedinteger], n: int) -> bool:
    return index.size == 0 or bool(index.min() >= 0 and index.max() < n)


@dataclass(frozen=True, slots=True)
class Line:
    """One line while a network is put together.

    Parameters
    ----------
    mode : Mode
        One of :data:`LINE_MODES`.
    name : str
    pieces : sequence of (float64 array, shape (n, 2))
        Latitudes and longitudes of each way it takes. [°]
    straight : sequence of bool
        Of each piece: whether it is drawn from stop to stop.
    stops : sequence of int
        Indices of the stops it calls at.
    """

    mode: Mode
    name: str
    pieces: Sequence[NDArray[np.float64]]
    straight: Sequence[bool]
    stops: Sequence[int]


def network_of(lines: Iterable[Line], stops: NDArray[np.float64]) -> Network:
    """Put lines and stops together.

    Parameters
    ----------
    lines : iterable of Line
    stops : float64 array, shape (n_stops, 2)
        Latitudes and longitudes. [°]

    Examples
    --------
    >>> way = np.array([[46.16, -1.15], [46.17, -1.15]])
    >>> network_of([Line(Mode.BUS, "1A", [way], [False], [0, 1])], way)
    Network(n_lines=1, n_stops=2)
    """
    lines = list(lines)
    pieces = [piece for line in lines for piece in line.pieces]
    points = np.concatenate([np.zeros((0, 2)), *pieces])
    return Network(
        line_mode=np.array([LINE_MODES.index(line.mode) for line in lines], np.int8),
        line_name=tuple(line.name for line in lines),
        piece_line=np.repeat(np.arange(len(lines)), [len(line.pieces) for line in lines]),
        piece_offset=np.concatenate([[0], np.cumsum([len(piece) for piece in pieces])]),
        piece_straight=np.array([s for line in lines for s in line.straight], bool),
        lat_e6=_e6(points[:, 0]),
        lon_e6=_e6(points[:, 1]),
        stop_lat_e6=_e6(stops[:, 0]),
        stop_lon_e6=_e6(stops[:, 1]),
        call_line=np.repeat(np.arange(len(lines)), [len(line.stops) for line in lines]),
        call_stop=np.array([s for line in lines for s in line.stops], np.int32),
    )


def _e6(deg: NDArray[np.float64]) -> NDArray[np.int32]:
    return np.rint(np.asarray(deg, float) / E6).astype(np.int32)


def degrees(e6: NDArray[np.int32]) -> NDArray[np.float64]:
    """Give positions in degrees."""
    out: NDArray[np.float64] = e6 * np.float64(E6)
    return out


NO_NETWORK = network_of([], np.zeros((0, 2)))


def united(networks: Iterable[Network]) -> Network:
    """Lay networks side by side; lines and stops of both are kept as they are."""
    parts = [network for network in networks if network.line_name or network.n_stops]
    if len(parts) == 1:
        return parts[0]
    if not parts:
        return NO_NETWORK
    n_lines = np.cumsum([0, *(len(p.line_name) for p in parts)])
    n_stops = np.cumsum([0, *(p.n_stops for p in parts)])
    n_points = np.cumsum([0, *(p.lat_e6.size for p in parts)])

    def joined(name: str, shift: NDArray[np.int64] | None = None) -> NDArray[np.generic]:
        columns = [getattr(p, name) for p in parts]
        if shift is not None:
            columns = [c + s for c, s in zip(columns, shift.tolist(), strict=False)]
        return np.concatenate(columns)

    offset = [p.piece_offset[:-1] + s for p, s in zip(parts, n_points.tolist(), strict=False)]
    shifts = {"piece_line": n_lines, "call_line": n_lines, "call_stop": n_stops}
    columns = {name: joined(name, shifts.get(name)) for name in _COLUMNS if name != "piece_offset"}
    return Network(
        line_name=tuple(name for p in parts for name in p.line_name),
        piece_offset=np.concatenate([*offset, n_points[-1:]]),
        **columns,  # type: ignore[arg-type] # checked and cast by the constructor
    )


def to_bytes(network: Network) -> bytes:
    """Write a network as one file: a NumPy archive of its columns."""
    names = np.frombuffer("\x1f".join(network.line_name).encode(), np.uint8)
    columns = {name: getattr(network, name) for name in _COLUMNS}
    return columns_to_bytes(SCHEMA, {"line_name": names, **columns})


def from_bytes(content: bytes) -> Network:
    """Read what :func:`to_bytes` wrote.

    Raises
    ------
    ValueError
        This is no such file, or it is damaged.
    """
    columns = columns_from_bytes(content, SCHEMA, ("line_name", *_COLUMNS))
    names = bytes(columns.pop("line_name")).decode()
    empty = columns["line_mode"].size == 0
    return Network(line_name=() if empty else tuple(names.split("\x1f")), **columns)
