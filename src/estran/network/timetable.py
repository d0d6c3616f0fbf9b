"""A timetable as frozen columns: what runs from one stop to the next, and on which weekdays.

Connections are in order of departure, as a connection scan wants them (Dibbelt, Pajor,
Strasser, Wagner 2013).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.network.columns import columns_from_bytes, columns_to_bytes
from estran.network.values import LINE_MODES

SCHEMA = "estran.timetable/1"

_COLUMNS = {
    "stop_lat_e6": "i4", "stop_lon_e6": "i4", "run_mode": "i1", "run_days": "u1",
    "run": "i4", "from_stop": "i4", "to_stop": "i4", "departs_s": "i4", "arrives_s": "i4",
}  # fmt: skip


@dataclass(frozen=True, eq=False)
class Timetable:
    """Stops, runs of vehicles, and their connections in order of departure.

    Parameters
    ----------
    stop_lat_e6, stop_lon_e6 : int32 array, shape (n_stops,)
        [1e-6 °]
    run_mode : int8 array, shape (n_runs,)
        Index into :data:`estran.network.LINE_MODES`.
    run_days : uint8 array, shape (n_runs,)
        Bit 0 for a usual Monday, to bit 6 for a usual Sunday.
    run, from_stop, to_stop : int32 array, shape (n_connections,)
    departs_s, arrives_s : int32 array, shape (n_connections,)
        After the midnight at which the service day begins; may be over 24 h. [s]

    Raises
    ------
    ValueError
        Columns do not fit each other.
    """

    stop_lat_e6: NDArray[np.int32]
    stop_lon_e6: NDArray[np.int32]
    run_mode: NDArray[np.int8]
    run_days: NDArray[np.uint8]
    run: NDArray[np.int32]
    from_stop: NDArray[np.int32]
    to_stop: NDArray[np.int32]
    departs_s: NDArray[np.int32]
    arrives_s: NDArray[np.int32]

    def __post_init__(self) -> None:
        """Check once that all indices point somewhere, and freeze the columns."""
        for name, kind in _COLUMNS.items():
            column = np.ascontiguousarray(getattr(self, name), np.dtype(kind)).view()
            column.flags.writeable = False
            object.__setattr__(self, name, column)
        shape = self.run.shape
        alike = all(
            one.shape == shape
            for one in (self.from_stop, self.to_stop, self.departs_s, self.arrives_s)
        )
        if not (alike and self._points_somewhere() and (np.diff(self.departs_s) >= 0).all()):
            msg = "the columns of a timetable do not fit each other"
            raise ValueError(msg)

    def _points_somewhere(self) -> bool:
        n_stops, n_runs = self.stop_lat_e6.size, self.run_mode.size
        return bool(
            self.stop_lon_e6.shape == self.stop_lat_e6.shape
            and self.run_days.shape == self.run_mode.shape
            and _within(self.run, n_runs)
            and _within(self.from_stop, n_stops)
            and _within(self.to_stop, n_stops)
            and _within(self.run_mode, len(LINE_MODES))
            and (self.arrives_s >= self.departs_s).all()
        )

    def __repr__(self) -> str:
        """Tell the size only."""
        return f"Timetable(n_stops={self.stop_lat_e6.size}, n_connections={self.run.size})"


def _within(index: NDArray[np.signedinteger], n: int) -> bool:
    return index.size == 0 or bool(index.min() >= 0 and index.max() < n)


NO_TIMETABLE = Timetable(*(np.empty(0, kind) for kind in _COLUMNS.values()))


def timetables_united(tables: Iterable[Timetable]) -> Timetable:
    """Lay timetables side by side; stops and runs of both are kept as they are."""
    parts = [one for one in tables if one.run.size]
    if not parts:
        return NO_TIMETABLE
    if len(parts) == 1:
        return parts[0]
    n_stops = np.cumsum([0, *(p.stop_lat_e6.size for p in parts)]).tolist()
    n_runs = np.cumsum([0, *(p.run_mode.size for p in parts)]).tolist()
    shifts = {"run": n_runs, "from_stop": n_stops, "to_stop": n_stops}
    columns = {
        name: np.concatenate(
            [getattr(p, name) + shifts.get(name, [0] * len(parts))[i] for i, p in enumerate(parts)]
        )
        for name in _COLUMNS
    }
    order = np.argsort(columns["departs_s"], kind="stable")
    for name in ("run", "from_stop", "to_stop", "departs_s", "arrives_s"):
        columns[name] = columns[name][order]
    return Timetable(**columns)


def timetable_to_bytes(table: Timetable) -> bytes:
    """Write a timetable as one file: a NumPy archive of its columns."""
    return columns_to_bytes(SCHEMA, {name: getattr(table, name) for name in _COLUMNS})


def timetable_from_bytes(content: bytes) -> Timetable:
    """Read what :func:`timetable_to_bytes` wrote.

    Raises
    ------
    ValueError
        This is no such file, or it is damaged.
    """
    return Timetable(**columns_from_bytes(content, SCHEMA, _COLUMNS))
