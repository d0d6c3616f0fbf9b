"""The chunk: one source's rows of one UTC day, as compressed columns.

Each column is packed by :mod:`estran.vault.columns`, all into one zstd frame. Integers and
float32 come back bit for bit. Positions are integers of 1e-7 degree (11 mm):
:func:`columns_of` rounds once, on the way in.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, NamedTuple

import msgspec
import numpy as np
import zstandard
from numpy.typing import NDArray

from estran.errors import VaultDamaged
from estran.trace import Activities, Claims, Columns, Marks, Positions, Source
from estran.vault.columns import pack, unpack

type_rows = dict[str, NDArray[Any]]

MAGIC = b"ECH\x01"
"""Of a chunk, with its version."""

DAY_US = 86_400_000_000
MAX_ROWS = 50_000_000
_E7 = 1e7
_NO_ANGLE = np.int32(-(2**31))
"""A position that is not told, among angles."""

_HEAD = struct.Struct(">4sBIII")  # magic, kind, rows, bytes of the header, bytes of planes


class Kind(IntEnum):
    """What a chunk holds. The codes are stored: never renumber them."""

    POSITIONS = 0
    ACTIVITIES = 1
    CLAIMS = 2
    MARKS = 3


_POSITIONS = {
    "time_us": "i8", "lat_e7": "i4", "lon_e7": "i4", "accuracy_m": "f4", "speed_mps": "f4",
    "bearing_deg": "f4", "altitude_m": "f4",
}  # fmt: skip
_ACTIVITIES = {"time_us": "i8", "motion": "i1", "confidence_share": "f4"}
_CLAIMS = {
    "start_us": "i8", "end_us": "i8", "kind": "i1", "motion": "i1", "probability_share": "f4",
    "confirmed": "i1", "lat_e7": "i4", "lon_e7": "i4", "end_lat_e7": "i4", "end_lon_e7": "i4",
    "distance_m": "f4",
}  # fmt: skip
_MARKS = {"time_us": "i8", "kind": "i1"}

SCHEMAS: Mapping[Kind, Mapping[str, str]] = {
    Kind.POSITIONS: _POSITIONS,
    Kind.ACTIVITIES: _ACTIVITIES,
    Kind.CLAIMS: _CLAIMS,
    Kind.MARKS: _MARKS,
}
"""Columns of each kind in their order, the instant first. The order is the format's."""

OWNERS = "owners"
"""The column beside those of the schema: which set of imports brought the row (uint16)."""


@dataclass(frozen=True, eq=False)
class Chunk:
    """One source's rows of one UTC day, sorted, each once.

    Parameters
    ----------
    kind : Kind
        What the rows are.
    day : int
        Days since 1970-01-01 UTC in which the rows begin.
    source : Source
        Where they come from.
    owner_sets : tuple of tuple of str
        Sets of imports, each sorted.
    rows : dict of arrays, shape (n,)
        The columns of the kind, and ``owners``: an index into ``owner_sets``.
    """

    kind: Kind
    day: int
    source: Source
    owner_sets: tuple[tuple[str, ...], ...]
    rows: type_rows

    def __len__(self) -> int:
        """Count the rows."""
        return int(self.rows[OWNERS].size)


class _Header(NamedTuple):
    day: int
    source: Source
    owner_sets: tuple[tuple[str, ...], ...]
    packings: tuple[int, ...]
    """How each column is packed."""


def encode(chunk: Chunk) -> bytes:
    """Write a chunk, ready to be sealed.

    Examples
    --------
    >>> rows = {"time_us": np.array([5, 7]), "kind": np.array([1, 2], "i1")}
    >>> rows["owners"] = np.zeros(2, "u2")
    >>> chunk = Chunk(Kind.MARKS, 0, Source("a", "gpx"), (("i",),), rows)
    >>> decode(encode(chunk)).rows["time_us"]
    array([5, 7])
    """
    packed_columns = [pack(chunk.rows[name]) for name in _columns(chunk.kind)]
    packings = tuple(packing for packing, _ in packed_columns)
    header = msgspec.msgpack.encode(_Header(chunk.day, chunk.source, chunk.owner_sets, packings))
    planes = b"".join(planes for _, planes in packed_columns)
    packed = zstandard.ZstdCompressor(level=3).compress(header + planes)
    return _HEAD.pack(MAGIC, chunk.kind, len(chunk), len(header), len(planes)) + packed


def decode(plain: bytes) -> Chunk:
    """Read what :func:`encode` wrote.

    Raises
    ------
    VaultDamaged
        It is no chunk, or of another version. (What was sealed by us never is.)
    """
    try:
        magic, code, n, n_header, n_planes = _HEAD.unpack_from(plain)
        kind = Kind(code)
        columns = _columns(kind)
        width = sum(np.dtype(dtype).itemsize for dtype in columns.values())
        if magic != MAGIC or n > MAX_ROWS or n_planes != n * width:
            raise VaultDamaged(part="chunk")
        raw = zstandard.ZstdDecompressor().decompress(
            plain[_HEAD.size :], max_output_size=n_header + n_planes
        )
        header = msgspec.msgpack.decode(raw[:n_header], type=_Header)
        return Chunk(
            kind, header.day, header.source, header.owner_sets,
            _unpacked(np.frombuffer(raw, "u1", offset=n_header), n, columns, header.packings),
        )  # fmt: skip
    except (struct.error, ValueError, zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise VaultDamaged(part="chunk") from error


def _columns(kind: Kind) -> dict[str, str]:
    return {**SCHEMAS[kind], OWNERS: "u2"}


def _unpacked(
    planes: NDArray[np.uint8], n: int, columns: Mapping[str, str], packings: tuple[int, ...]
) -> type_rows:
    rows: type_rows = {}
    start = 0
    for (name, dtype), packing in zip(columns.items(), packings, strict=True):
        end = start + n * np.dtype(dtype).itemsize
        rows[name] = unpack(planes[start:end], n, dtype, packing)
        start = end
    return rows


# Values <-> columns ------------------------------------------------------------------------


def _e7(angle_deg: NDArray[np.float64]) -> NDArray[np.int32]:
    """Round degrees to 1e-7; unknown stays unknown, and what is no angle is unknown."""
    unknown = ~(np.abs(angle_deg) <= 180.0)  # noqa: PLR2004 - the globe
    rounded = np.rint(np.where(unknown, 0.0, angle_deg) * _E7).astype(np.int32)
    rounded[unknown] = _NO_ANGLE
    return rounded


def _deg(angle_e7: NDArray[np.int32]) -> NDArray[np.float64]:
    # The quotient is the double nearest to the decimal: what a file wrote comes back.
    degrees: NDArray[np.float64] = angle_e7 / _E7
    unknown = angle_e7 == _NO_ANGLE
    if bool(unknown.any()):
        degrees[unknown] = np.nan
    return degrees


def kind_of(values: Columns) -> Kind:
    """Tell the kind of chunk that keeps these values."""
    for cls, kind in _KINDS:
        if isinstance(values, cls):
            return kind
    raise TypeError(type(values).__name__)


_KINDS: tuple[tuple[type[Columns], Kind], ...] = (
    (Positions, Kind.POSITIONS),
    (Activities, Kind.ACTIVITIES),
    (Claims, Kind.CLAIMS),
    (Marks, Kind.MARKS),
)


def columns_of(values: Columns) -> type_rows:
    """Turn values into the columns that a chunk keeps, without ``source`` and ``owners``.

    Positions are rounded to 1e-7 degree here, and only here; NaN is made the one NaN.
    """
    rows: type_rows = {}
    for name, dtype in SCHEMAS[kind_of(values)].items():
        if name.endswith("_e7"):
            rows[name] = _e7(getattr(values, name.removesuffix("_e7") + "_deg"))
            continue
        column = getattr(values, name).astype(dtype)
        if dtype == "f4":
            column[np.isnan(column)] = np.float32(np.nan)
        rows[name] = column
    return rows


def values_of(kind: Kind, rows: type_rows, source: NDArray[np.int16]) -> Columns:
    """Turn columns of chunks back into values with their ``source`` column."""
    columns: dict[str, Any] = {"source": source}
    columns |= {
        name.removesuffix("_e7") + "_deg" if name.endswith("_e7") else name: (
            _deg(column) if name.endswith("_e7") else column
        )
        for name, column in rows.items()
        if name != OWNERS
    }
    return _KINDS[kind][0](**columns)
