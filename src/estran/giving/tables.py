"""Evidence as Parquet tables: one a kind, documented columns with units, and back.

Tables are written and read in pieces: memory does not grow with their rows. Angles are
degrees in double precision, exactly the decimal numbers that the vault keeps; what is not
known is NaN.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, BinaryIO

import numpy as np
from arro3.core import Array, DataType, Field, RecordBatch, RecordBatchReader, Schema
from arro3.io import read_parquet, write_parquet
from numpy.typing import NDArray

from estran.errors import ArchiveDamaged
from estran.formats.times import FIRST_US, LAST_US
from estran.trace import Columns
from estran.vault.chunks import SCHEMAS, Kind, type_rows, values_of

SOURCE, IMPORTS = "source", "imports"
"""Columns beside those of the kind: numbers of a source and of a set of imports."""

ROWS_AT_ONCE = 65_536
_INSTANT = DataType.timestamp("us", tz="UTC")
_NAMES = {"time_us": "time", "start_us": "start", "end_us": "end"}
_TYPES: Mapping[str, tuple[str, DataType]] = {
    "i8": ("i8", DataType.int64()),
    "i1": ("i1", DataType.int8()),
    "i2": ("i2", DataType.int16()),
    "i4": ("i4", DataType.int32()),
    "f4": ("f4", DataType.float32()),
    "f8": ("f8", DataType.float64()),
}


def columns_of(kind: Kind) -> dict[str, str]:
    """Name the columns of a kind's table with their NumPy types; ``t8`` is an instant.

    Examples
    --------
    >>> columns_of(Kind.MARKS)
    {'time': 't8', 'kind': 'i1', 'source': 'i2', 'imports': 'i4'}
    """
    told = {
        _NAMES.get(name, name.replace("_e7", "_deg")): (
            "t8" if name in _NAMES else "f8" if name.endswith("_e7") else dtype
        )
        for name, dtype in SCHEMAS[kind].items()
    }
    return told | {SOURCE: "i2", IMPORTS: "i4"}


def _schema(kind: Kind) -> Schema:
    return Schema(
        [
            Field(name, _INSTANT if dtype == "t8" else _TYPES[dtype][1], nullable=False)
            for name, dtype in columns_of(kind).items()
        ]
    )


def write_table(out: BinaryIO, kind: Kind, pieces: Iterable[type_rows]) -> int:
    """Write a table from pieces of its columns; give the number of rows.

    Parameters
    ----------
    out : binary file
        Written forward only.
    kind : Kind
    pieces : iterable of dict of arrays
        With the columns of :func:`columns_of`, instants as int64 [µs since 1970, UTC].
    """
    schema, n_rows, broke = _schema(kind), 0, list[BaseException]()

    def batches() -> Iterator[RecordBatch]:
        nonlocal n_rows
        try:
            for piece in _in_groups(pieces, columns_of(kind)):
                n_rows += piece[SOURCE].size
                yield RecordBatch.from_arrays(_arrays(kind, piece), schema=schema)
        except BaseException as error:
            broke.append(error)  # the writer would hide which it was
            raise

    reader = RecordBatchReader.from_batches(schema, batches())
    try:
        write_parquet(reader, out, compression="zstd(3)", max_row_group_size=4 * ROWS_AT_ONCE)
    except Exception:  # whatever the writer makes of it, what broke first is told
        if broke:
            raise broke[0] from None
        raise
    return n_rows


def _in_groups(pieces: Iterable[type_rows], columns: Iterable[str]) -> Iterator[type_rows]:
    """Put small pieces together: a table of thousands of tiny ones is slow to read."""
    waiting: list[type_rows] = []
    n = 0
    names = list(columns)
    for piece in pieces:
        waiting.append(piece)
        n += piece[SOURCE].size
        if n >= ROWS_AT_ONCE:
            yield _joined(waiting, names)
            waiting, n = [], 0
    if waiting:
        yield _joined(waiting, names)


def _joined(pieces: list[type_rows], names: list[str]) -> type_rows:
    return {name: np.concatenate([piece[name] for piece in pieces]) for name in names}


def _arrays(kind: Kind, piece: type_rows) -> list[Array]:
    return [
        Array.from_numpy(np.ascontiguousarray(piece[name], "i8")).cast(_INSTANT)
        if dtype == "t8"
        else Array.from_numpy(np.ascontiguousarray(piece[name], _TYPES[dtype][0]))
        for name, dtype in columns_of(kind).items()
    ]


def read_table(file: BinaryIO, kind: Kind) -> Iterator[type_rows]:
    """Read a table in pieces of at most :data:`ROWS_AT_ONCE` rows.

    Raises
    ------
    ArchiveDamaged
        It is no such table.
    """
    columns = columns_of(kind)
    batches = iter(_guarded(lambda: read_parquet(file, batch_size=ROWS_AT_ONCE)))
    while True:
        batch = _guarded(lambda: next(batches, None))
        if batch is None:
            return
        rows = _guarded(lambda batch=batch: _rows(batch, columns))  # type: ignore[misc]
        if rows is None:
            raise ArchiveDamaged
        yield rows


def _guarded(step: Callable[[], Any]) -> Any:
    """Do a step in the reader of tables, which panics where a table is broken."""
    try:
        return step()
    except Exception as error:  # the reader has no class of its own for a broken table
        raise ArchiveDamaged from error
    except BaseException as error:
        if type(error).__name__ == "PanicException":
            raise ArchiveDamaged from error
        raise


def _rows(batch: RecordBatch, columns: Mapping[str, str]) -> type_rows | None:
    rows: type_rows = {}
    for name, dtype in columns.items():
        column = batch.column(name)
        wanted = _INSTANT if dtype == "t8" else _TYPES[dtype][1]
        if column.null_count or column.type != wanted:
            return None
        if dtype == "t8":
            column = column.cast(DataType.int64())
        rows[name] = np.asarray(column.to_numpy())
    return rows


def values_in(kind: Kind, rows: type_rows) -> Columns:
    """Make values of the rows of a table, checked.

    Raises
    ------
    ArchiveDamaged
        A row is outside the globe, outside the time of which positions may be, or
        runs backwards.
    """
    kept: dict[str, NDArray[Any]] = {}
    for name in SCHEMAS[kind]:
        column = rows[_NAMES.get(name, name.replace("_e7", "_deg"))]
        if name in _NAMES and not _in_time(column):
            raise ArchiveDamaged
        kept[name.replace("_e7", "_deg")] = column
    try:
        return values_of(kind, kept, rows[SOURCE])
    except (ValueError, OverflowError) as error:
        raise ArchiveDamaged from error


def _in_time(time_us: NDArray[np.int64]) -> bool:
    if not time_us.size:
        return True
    return bool(time_us.min() >= FIRST_US - _MARGIN_US and time_us.max() <= LAST_US + _MARGIN_US)


_MARGIN_US = 366 * 86_400_000_000
"""Formats keep instants from 1985 to 2100; claims may reach a little over these."""


def table_bytes(kind: Kind, pieces: Iterable[type_rows]) -> bytes:
    """Write a table into memory.

    Examples
    --------
    >>> piece = {"time": np.array([5]), "kind": np.array([1], "i1")}
    >>> piece |= {"source": np.zeros(1, "i2"), "imports": np.zeros(1, "i4")}
    >>> [rows] = read_table(io.BytesIO(table_bytes(Kind.MARKS, [piece])), Kind.MARKS)
    >>> int(rows["time"][0])
    5
    """
    out = io.BytesIO()
    write_table(out, kind, pieces)
    return out.getvalue()
