"""Writing an archive: everything a person has, in one zip that is written forward only.

Memory does not grow with what is in it: tables and the journal pass through in pieces.
``docs/archive-format.md`` describes the format.
"""

from __future__ import annotations

import hashlib
import io
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, BinaryIO, cast

import msgspec
import numpy as np

import estran
from estran.coach.corrections import Correction
from estran.giving import manifest as m
from estran.giving.csv_legs import csv_pieces
from estran.giving.entries import write_entries
from estran.giving.geojson import geojson_pieces
from estran.giving.leaflet import sheets
from estran.giving.said import said_docs
from estran.giving.tables import IMPORTS, SOURCE, columns_of, write_table
from estran.journal import Entry, MadeBy
from estran.timebase import iso_utc
from estran.trace import Source
from estran.vault.chunks import OWNERS, Chunk, Kind, type_rows, values_of

type_tell = Callable[[float], None]

MEMBER_OF_KIND: Mapping[Kind, str] = {kind: f"{kind.name.lower()}.parquet" for kind in Kind}
_OPENED_AT = (1980, 1, 1, 0, 0, 0)
"""Members bear no clock of their own: the same content, the same bytes."""


@dataclass(frozen=True)
class Contents:
    """All that goes into an archive; what may be large is asked for in pieces.

    Parameters
    ----------
    chunks : callable
        Gives the chunks of a kind of evidence, in time order.
    entries : callable
        Gives the journal as analysed, in time order.
    corrected : callable
        Gives the journal with corrections applied, in time order.
    made_by : MadeBy
        What made the journal.
    corrections : tuple of Correction
    documents : mapping of str to object
        Further documents by name, as values that JSON knows.
    access_log, account : object
        As values that JSON knows.
    made_at_us : int
        [µs since 1970, UTC]
    n_rows : int
        Of all evidence; for progress only.
    """

    chunks: Callable[[Kind], Iterable[Chunk]]
    entries: Callable[[], Iterable[Entry]]
    corrected: Callable[[], Iterable[Entry]]
    made_by: MadeBy
    corrections: tuple[Correction, ...]
    made_at_us: int
    documents: Mapping[str, Any] = field(default_factory=dict)
    access_log: Any = ()
    account: Any = field(default_factory=dict)
    n_rows: int = 0


class _Digesting(io.RawIOBase):
    """Hands on what is written and keeps its digest."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._sha256 = hashlib.sha256()
        self.n_bytes = 0

    def writable(self) -> bool:
        return True

    def write(self, piece: Any) -> int:
        self._sha256.update(piece)
        size = len(piece)
        self.n_bytes += size
        self._out.write(piece)
        return size

    def digest(self) -> str:
        return self._sha256.hexdigest()


class _Zip:
    """A zip written forward, whose members are listed with their digests."""

    def __init__(self, out: BinaryIO) -> None:
        self._zip = zipfile.ZipFile(out, "w")
        self.members: list[m.Member] = []

    def add(self, name: str, fill: Callable[[BinaryIO], Any], *, packed: bool = True) -> Any:
        info = zipfile.ZipInfo(name, _OPENED_AT)
        info.compress_type = zipfile.ZIP_DEFLATED if packed else zipfile.ZIP_STORED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as member:
            told = _Digesting(cast("BinaryIO", member))
            given = fill(cast("BinaryIO", told))
        self.members.append(m.Member(name, told.n_bytes, told.digest()))
        return given

    def add_bytes(self, name: str, content: bytes) -> None:
        self.add(name, lambda out: out.write(content))

    def add_pieces(self, name: str, pieces: Iterable[str]) -> None:
        def fill(out: BinaryIO) -> None:
            out.writelines(piece.encode() for piece in pieces)

        self.add(name, fill)

    def add_head(self) -> None:
        """Write what tells the format first, at a fixed place: not in the list of members."""
        self._zip.writestr(zipfile.ZipInfo(m.HEAD_NAME, _OPENED_AT), m.head())

    def end(self, manifest: m.Manifest) -> None:
        text = msgspec.json.format(msgspec.json.encode(manifest), indent=1)
        info = zipfile.ZipInfo(m.MANIFEST, _OPENED_AT)
        info.compress_type = zipfile.ZIP_DEFLATED
        self._zip.writestr(info, text)
        self._zip.close()


@dataclass(slots=True)
class _Numbers:
    """The numbers that tables use for sources and for sets of imports."""

    sources: dict[str, tuple[int, Source]] = field(default_factory=dict)
    sets: dict[tuple[str, ...], int] = field(default_factory=dict)

    def of_source(self, source: Source) -> int:
        return self.sources.setdefault(source.key, (len(self.sources), source))[0]

    def of_set(self, owners: tuple[str, ...]) -> int:
        return self.sets.setdefault(owners, len(self.sets))

    def document(self) -> bytes:
        told = m.SourcesDoc(
            [
                m.SourceDoc(s.key, s.format, s.device, int(s.stream))
                for _, s in self.sources.values()
            ],
            [list(owners) for owners in self.sets],
        )
        return _pretty(told)


def _source_doc(source: Source) -> m.SourceDoc:
    return m.SourceDoc(source.key, source.format, source.device, int(source.stream))


def _pretty(value: Any) -> bytes:
    return msgspec.json.format(msgspec.json.encode(value, enc_hook=str), indent=1)


def rows_of(chunk: Chunk, source: int, import_sets: list[int]) -> type_rows:
    """Turn a chunk into the columns of its table.

    Parameters
    ----------
    chunk : Chunk
    source : int
        The number of its source.
    import_sets : list of int
        The number of each of its sets of imports.
    """
    n = len(chunk)
    values = values_of(chunk.kind, chunk.rows, np.full(n, source, np.int16))
    inside = {"time": "time_us", "start": "start_us", "end": "end_us"}
    rows = {
        name: getattr(values, inside.get(name, name))
        for name in columns_of(chunk.kind)
        if name not in (SOURCE, IMPORTS)
    }
    owners = np.array(import_sets, np.int32)[chunk.rows[OWNERS]] if n else np.empty(0, np.int32)
    return rows | {SOURCE: np.full(n, source, np.int16), IMPORTS: owners}


def write_archive(
    out: BinaryIO, contents: Contents, *, tell: type_tell = lambda _: None
) -> m.Manifest:
    """Write an archive.

    Parameters
    ----------
    out : binary file
        Written forward only; it stays open.
    contents : Contents
    tell : callable
        Told the share done, 0 to 1; it may raise to stop.

    Returns
    -------
    Manifest
    """
    zipped, numbers = _Zip(out), _Numbers()
    zipped.add_head()
    n_positions = 0
    n_of: dict[Kind, int] = {}
    done = _Share(contents.n_rows, tell)
    for kind in Kind:
        pieces = _pieces(contents.chunks(kind), numbers, done)
        table = _filler(kind, pieces)
        n_of[kind] = zipped.add(MEMBER_OF_KIND[kind], table, packed=False)
    n_positions = n_of[Kind.POSITIONS]
    zipped.add_bytes(m.SOURCES, numbers.document())
    n_entries = _add_journal(zipped, contents, tell)
    _add_papers(zipped, contents)
    made_at = iso_utc(contents.made_at_us)
    for name, sheet in sheets(made_at[:10], n_positions).items():
        zipped.add_bytes(name, sheet)
    counts = counted(n_of, n_entries, len(contents.corrections))
    manifest = m.Manifest(
        m.SCHEMA, estran.__version__, made_at, contents.made_by, counts, zipped.members
    )
    zipped.end(manifest)
    tell(1.0)
    return manifest


def counted(n_of: Mapping[Kind, int], n_entries: int, n_corrections: int) -> m.Counts:
    """Put counts together."""
    return m.Counts(
        n_of[Kind.POSITIONS],
        n_of[Kind.ACTIVITIES],
        n_of[Kind.CLAIMS],
        n_of[Kind.MARKS],
        n_entries,
        n_corrections,
    )


_ROWS_SHARE = 0.6
"""Tables take about this part of the time, the journal and its map the rest."""


@dataclass(slots=True)
class _Share:
    """Tells how much of the rows is written."""

    n_rows: int
    tell: type_tell
    n_done: int = 0

    def add(self, n_rows: int) -> None:
        self.n_done += n_rows
        self.tell(_ROWS_SHARE * min(1.0, self.n_done / max(1, self.n_rows)))


def _filler(kind: Kind, pieces: Iterable[type_rows]) -> Callable[[BinaryIO], int]:
    return lambda out: write_table(out, kind, pieces)


def _pieces(chunks: Iterable[Chunk], numbers: _Numbers, done: _Share) -> Iterator[type_rows]:
    for chunk in chunks:
        sets = [numbers.of_set(owners) for owners in chunk.owner_sets]
        yield rows_of(chunk, numbers.of_source(chunk.source), sets)
        done.add(len(chunk))


def _add_journal(zipped: _Zip, contents: Contents, tell: type_tell) -> int:
    n_entries = 0
    for month, entries in _by_month(contents.entries()):
        zipped.add_bytes(f"{m.JOURNAL}{month}.json", write_entries(entries, contents.made_by))
        n_entries += len(entries)
        tell(_ROWS_SHARE)
    zipped.add_pieces(m.TRIPS, csv_pieces(_told(contents.corrected(), tell, 0.1)))
    zipped.add_pieces(m.MAP, geojson_pieces(_told(contents.corrected(), tell, 0.3)))
    return n_entries


def _told(entries: Iterable[Entry], tell: type_tell, more_share: float) -> Iterator[Entry]:
    for entry in entries:
        tell(_ROWS_SHARE + more_share)
        yield entry


def _by_month(entries: Iterable[Entry]) -> Iterator[tuple[str, list[Entry]]]:
    """Part entries by the month (UTC) in which they begin."""
    month, waiting = "", list[Entry]()
    for entry in entries:
        began = iso_utc(entry.started_us)[:7]
        if began != month and waiting:
            yield month, waiting
            waiting = []
        month = began
        waiting.append(entry)
    if waiting:
        yield month, waiting


def _add_papers(zipped: _Zip, contents: Contents) -> None:
    zipped.add_bytes(m.CORRECTIONS, _pretty(said_docs(contents.corrections)))
    for name, document in sorted(contents.documents.items()):
        zipped.add_bytes(f"{m.DOCUMENTS}{name}.json", _pretty(document))
    zipped.add_bytes(m.ACCESS_LOG, _pretty(contents.access_log))
    zipped.add_bytes(m.ACCOUNT, _pretty(contents.account))
