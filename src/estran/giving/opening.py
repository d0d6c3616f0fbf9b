"""Reading an archive that may have been cut short, altered, or made to harm.

Nothing is ever unpacked to a disk. :meth:`Archive.check` reads all of it before anything
is done with any of it.
"""

from __future__ import annotations

import hashlib
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, fields, replace
from typing import Any, BinaryIO, cast

import msgspec
import numpy as np

from estran.coach.corrections import Correction
from estran.errors import ArchiveDamaged, ArchiveUnknown, FileHostile, FileTooLarge
from estran.giving import manifest as m
from estran.giving.archive import MEMBER_OF_KIND, counted
from estran.giving.entries import read_entries
from estran.giving.said import said_of_docs
from estran.giving.tables import IMPORTS, SOURCE, read_table, values_in
from estran.journal import Entry, Journal, MadeBy
from estran.trace import (
    Activities,
    Claims,
    Columns,
    Evidence,
    Marks,
    Positions,
    Source,
    Trace,
    type_i16,
)
from estran.vault.chunks import Kind, type_rows


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """How much an archive may ask of the machine.

    Parameters
    ----------
    size_bytes : int
        Of the file: twice the largest upload.
    n_members : int
        A century of months, and the documents.
    directory_bytes : int
        Of the zip's list of members.
    document_bytes : int
        Of one member that is read into memory; a month of a courier's journal is 5 MB.
    unpacked_bytes : int
        Of all members together.
    n_rows : int
        Of all tables together: a position a second for three years.
    """

    size_bytes: int = 8 * 1024**3
    n_members: int = 2_000
    directory_bytes: int = 1024**2
    document_bytes: int = 64 * 1024**2
    unpacked_bytes: int = 16 * 1024**3
    n_rows: int = 100_000_000


@dataclass(frozen=True, slots=True)
class Rows:
    """Some rows of one source, brought by the same imports."""

    source: Source
    import_ids: tuple[str, ...]
    values: Columns


class _Slice(io.RawIOBase):
    """A stored member, where it lies in the file: seekable, and no copy."""

    def __init__(self, file: BinaryIO, start: int, size_bytes: int) -> None:
        self._file, self._start, self._size_bytes, self._at = file, start, size_bytes, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size_bytes}[whence]
        self._at = max(0, base + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)[: max(0, self._size_bytes - self._at)]
        self._file.seek(self._start + self._at)
        piece = self._file.read(len(view))
        view[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)


_BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError)
"""What the reader of zips raises where one is cut short or altered."""

_KNOWN_PACKING = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_EOCD = struct.Struct("<4s4H2IH")
_LOCATOR = struct.Struct("<4sIQI")
_EOCD64 = struct.Struct("<4sQ2H2I4Q")
_FULL = 0xFFFFFFFF


def _check_directory(file: BinaryIO, limits: ArchiveLimits) -> None:
    """Look at the size of the zip's list before a reader takes it into memory."""
    size_bytes = file.seek(0, io.SEEK_END)
    if size_bytes > limits.size_bytes:
        raise FileTooLarge(file="", limit_mib=limits.size_bytes // 2**20)
    # No comment follows the list of ours.
    if size_bytes < _EOCD.size:
        raise ArchiveDamaged
    file.seek(size_bytes - _EOCD.size)
    magic, *_, directory_bytes, directory_at, _ = _EOCD.unpack(file.read(_EOCD.size))
    if magic != b"PK\x05\x06":
        raise ArchiveDamaged
    if _FULL in (directory_bytes, directory_at) and size_bytes > _EOCD.size + _LOCATOR.size:
        file.seek(size_bytes - _EOCD.size - _LOCATOR.size)
        magic, _, at, _ = _LOCATOR.unpack(file.read(_LOCATOR.size))
        if magic != b"PK\x06\x07" or at > size_bytes - _EOCD64.size:
            raise ArchiveDamaged
        file.seek(at)
        directory_bytes = _EOCD64.unpack(file.read(_EOCD64.size))[-2]
    if directory_bytes > limits.directory_bytes:
        raise FileHostile(file="")


class Archive:
    """An archive, opened.

    Parameters
    ----------
    file : binary file
        Seekable; it stays open as long as the archive is used.
    limits : ArchiveLimits

    Raises
    ------
    ArchiveUnknown, ArchiveNewer, ArchiveDamaged, FileHostile, FileTooLarge
    """

    def __init__(self, file: BinaryIO, *, limits: ArchiveLimits = ArchiveLimits()) -> None:
        self._file, self._limits = file, limits
        file.seek(0)
        first = file.read(m.HEAD_AT)
        if not m.is_archive(first):
            raise ArchiveUnknown
        _check_directory(file, limits)
        try:
            self._zip = zipfile.ZipFile(file)
        except (
            zipfile.BadZipFile,
            OSError,
            ValueError,
            struct.error,
            NotImplementedError,  # what zipfile raises for a compression it does not know
        ) as error:
            raise ArchiveDamaged from error
        self._infos = self._checked_list()
        m.check_head(self._whole(m.HEAD_NAME, most_bytes=64))
        self.manifest = m.decode_manifest(self._whole(m.MANIFEST))
        self._sources: m.SourcesDoc | None = None

    def _checked_list(self) -> dict[str, zipfile.ZipInfo]:
        infos = self._zip.infolist()
        named = {info.filename: info for info in infos}
        plain = all(m.is_plain_name(name) for name in named) and not any(
            info.flag_bits & 1 or info.compress_type not in _KNOWN_PACKING for info in infos
        )
        if len(named) != len(infos) or len(infos) > self._limits.n_members or not plain:
            raise FileHostile(file="")
        if sum(info.file_size for info in infos) > self._limits.unpacked_bytes:
            raise FileHostile(file="")
        return named

    # Members -------------------------------------------------------------------------------

    def _info(self, name: str) -> zipfile.ZipInfo:
        info = self._infos.get(name)
        if info is None:
            raise ArchiveDamaged
        return info

    def _pieces(self, name: str) -> Iterator[bytes]:
        """Read a member; never more of it than the list says."""
        info, n_bytes = self._info(name), 0
        try:
            with self._zip.open(info) as member:
                while piece := member.read(1 << 18):
                    n_bytes += len(piece)
                    if n_bytes > info.file_size:
                        raise FileHostile(file="")
                    yield piece
        except _BROKEN as error:
            raise ArchiveDamaged from error
        if n_bytes != info.file_size:
            raise ArchiveDamaged

    def _whole(self, name: str, *, most_bytes: int | None = None) -> bytes:
        if self._info(name).file_size > (most_bytes or self._limits.document_bytes):
            raise FileHostile(file="")
        return b"".join(self._pieces(name))

    def _stored(self, name: str) -> BinaryIO:
        info = self._info(name)
        if info.compress_type != zipfile.ZIP_STORED or info.compress_size != info.file_size:
            raise ArchiveDamaged
        self._file.seek(info.header_offset + 26)
        head = self._file.read(4)
        if len(head) != 4:  # noqa: PLR2004 - two numbers of two bytes
            raise ArchiveDamaged
        n_name, n_extra = struct.unpack("<2H", head)
        start = info.header_offset + 30 + n_name + n_extra
        return cast(
            "BinaryIO", io.BufferedReader(_Slice(self._file, start, info.file_size), 1 << 18)
        )

    def _document(self, name: str, kind: Any) -> Any:
        try:
            return msgspec.json.decode(self._whole(name), type=kind)
        except msgspec.MsgspecError as error:
            raise ArchiveDamaged from error

    # Checking ------------------------------------------------------------------------------

    def check(self, *, tell: Callable[[float], None] = lambda _: None) -> None:
        """Read everything and compare it with the manifest.

        Raises
        ------
        ArchiveDamaged
            A member is missing, was added or altered, or says what no archive says.
        """
        self._check_digests(tell)
        n_of = dict.fromkeys(Kind, 0)
        for kind in Kind:
            for rows in self.rows(kind):
                n_of[kind] += len(rows.values)
                if sum(n_of.values()) > self._limits.n_rows:
                    raise FileTooLarge(file="", limit_mib=self._limits.size_bytes // 2**20)
            tell(0.5 + 0.1 * (kind + 1))
        n_entries = self._check_journal()
        counts = counted(n_of, n_entries, len(self.corrections()))
        if counts != self.manifest.counts:
            raise ArchiveDamaged

    def _check_digests(self, tell: Callable[[float], None]) -> None:
        listed = {member.name: member for member in self.manifest.members}
        if {*listed, m.HEAD_NAME, m.MANIFEST} != {*self._infos}:
            raise ArchiveDamaged
        whole = max(1, sum(info.file_size for info in self._infos.values()))
        done = 0
        for name, member in listed.items():
            digest = hashlib.sha256()
            for piece in self._pieces(name):
                digest.update(piece)
                done += len(piece)
                tell(0.5 * done / whole)
            if (
                digest.hexdigest() != member.sha256
                or self._info(name).file_size != member.size_bytes
            ):
                raise ArchiveDamaged

    def _check_journal(self) -> int:
        n_entries, ended_us = 0, -(2**62)
        for entry in self.entries():
            if entry.ended_us < entry.started_us or entry.started_us < ended_us:
                raise ArchiveDamaged
            ended_us = entry.ended_us
            n_entries += 1
        return n_entries

    # What is in it -------------------------------------------------------------------------

    @property
    def n_rows(self) -> int:
        """How many rows of evidence the manifest counts."""
        counts = self.manifest.counts
        return counts.positions + counts.activities + counts.claims + counts.marks

    @property
    def made_by(self) -> MadeBy:
        """What made the journal."""
        return self.manifest.made_by

    def sources(self) -> m.SourcesDoc:
        """Read what the tables number."""
        if self._sources is None:
            found = self._document(m.SOURCES, m.SourcesDoc)
            if not all(found.import_sets) or len({s.key for s in found.sources}) != len(
                found.sources
            ):
                raise ArchiveDamaged
            self._sources = found
        return self._sources

    def _numbered(self, kind: Kind) -> Iterator[tuple[type_rows, Columns]]:
        told = self.sources()
        for piece in read_table(self._stored(MEMBER_OF_KIND[kind]), kind):
            if not _within(piece[SOURCE], len(told.sources)) or not _within(
                piece[IMPORTS], len(told.import_sets)
            ):
                raise ArchiveDamaged
            yield piece, values_in(kind, piece)

    def _source_values(self) -> tuple[Source, ...]:
        try:
            return tuple(doc.source() for doc in self.sources().sources)
        except ValueError as error:
            raise ArchiveDamaged from error

    def rows(self, kind: Kind) -> Iterator[Rows]:
        """Read a kind of evidence in pieces of one source and one set of imports."""
        sources, sets = self._source_values(), self.sources().import_sets
        for piece, values in self._numbered(kind):
            together = piece[SOURCE].astype(np.int64) << 32 | piece[IMPORTS].astype(np.int64)
            for number in np.unique(together):
                source, owners = divmod(int(number), 1 << 32)
                these = together == number
                yield Rows(sources[source], tuple(sets[owners]), values.take(these))

    def evidence(self) -> Evidence:
        """Read all evidence, as the vault that it came from gives it.

        About 45 bytes a position are held.
        """
        sources = self._source_values()
        by_key = sorted(range(len(sources)), key=lambda number: sources[number].key)
        ranks = np.argsort(np.array(by_key, np.intp)).astype(np.int16)
        trace, activities, claims, marks = (
            _in_order(cls, [values for _, values in self._numbered(kind)], ranks)
            for cls, kind in zip((Positions, Activities, Claims, Marks), Kind, strict=True)
        )
        return Evidence(
            Trace.sorted_from(cast("Positions", trace)),
            cast("Activities", activities),
            cast("Claims", claims),
            cast("Marks", marks),
            tuple(sources[number] for number in by_key),
        )

    def entries(self) -> Iterator[Entry]:
        """Read the journal as it was analysed, in time order, a month in memory."""
        for name in sorted(name for name in self._infos if name.startswith(m.JOURNAL)):
            made_by, entries = read_entries(self._whole(name))
            if made_by != self.made_by:
                raise ArchiveDamaged
            yield from entries

    def journal(self) -> Journal:
        """Read the whole journal as it was analysed."""
        try:
            return Journal(tuple(self.entries()), self.made_by)
        except ValueError as error:
            raise ArchiveDamaged from error

    def corrections(self) -> tuple[Correction, ...]:
        """Read what the person said."""
        said: list[Correction] = self._document(m.CORRECTIONS, list[Correction])
        return said_of_docs(said)

    def documents(self) -> list[str]:
        """Name the further documents."""
        return sorted(
            name.removeprefix(m.DOCUMENTS).removesuffix(".json")
            for name in self._infos
            if name.startswith(m.DOCUMENTS)
        )

    def document(self, name: str, kind: Any = Any) -> Any:
        """Read a further document as a type of ours; None where there is none."""
        member = f"{m.DOCUMENTS}{name}.json"
        return self._document(member, kind) if member in self._infos else None

    def access_log(self) -> Any:
        """Read who read or sent what."""
        return self._document(m.ACCESS_LOG, Any)


def _in_order(cls: type[Columns], parts: list[Columns], ranks: type_i16) -> Columns:
    """Join parts in time order; what a source wrote at one instant stays as it was."""
    whole = cls.concatenate(parts)
    if not len(whole):
        return whole
    whole = replace(whole, source=ranks[whole.source])  # type: ignore[attr-defined, call-arg]
    first = next(iter(fields(whole))).name
    return whole.take(np.lexsort((whole.source, getattr(whole, first))))  # type: ignore[attr-defined]


def _within(column: Any, n: int) -> bool:
    return not column.size or bool(column.min() >= 0 and column.max() < n)
