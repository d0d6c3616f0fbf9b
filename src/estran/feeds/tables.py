"""The tables of a GTFS feed, from a folder or a zip, read row by row and within bounds."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from estran.errors import (
    FileHostile,
    FileTooLarge,
    NetworkColumnMissing,
    NetworkDamaged,
    NetworkTableBroken,
)

MOST_TABLE_BYTES = 8 << 30
"""The stop times of all of Île-de-France are 1 GB."""

MOST_RATIO = 200
RATIO_FLOOR_BYTES = 32 << 20
"""Tables of times compress 10 to 40 times; a bomb a thousand times."""

MOST_MEMBERS = 2000


class Tables:
    """The tables of one feed.

    Parameters
    ----------
    path : Path
        A folder or a zip; its tables may be one folder down.
    """

    def __init__(self, path: Path) -> None:
        self.name = path.name
        self.n_left_out = 0
        self._folder = path if path.is_dir() else None
        self._zip = None if self._folder else self._opened(path)
        self._members = self._listed()

    def _opened(self, path: Path) -> zipfile.ZipFile:
        try:
            held = zipfile.ZipFile(path)
        except (zipfile.BadZipFile, OSError, ValueError) as error:
            raise NetworkDamaged(file=self.name) from error
        if len(held.infolist()) > MOST_MEMBERS:
            raise FileHostile(file=self.name)
        return held

    def _listed(self) -> dict[str, str]:
        """Name each table by where it is; those of the shallowest folder win."""
        if self._folder is not None:
            names = [
                p.relative_to(self._folder).as_posix()
                for p in [*self._folder.glob("*.txt"), *self._folder.glob("*/*.txt")]
            ]
        else:
            assert self._zip is not None  # noqa: S101 - one of the two is there
            names = [info.filename for info in self._zip.infolist()]
        names = [n for n in names if not PurePosixPath(n).name.startswith(".")]
        out: dict[str, str] = {}
        for name in sorted(names, key=lambda n: (n.count("/"), n)):
            out.setdefault(PurePosixPath(name).name.lower(), name)
        return out

    def __contains__(self, table: str) -> bool:
        """Tell whether the feed has a table, by its file name."""
        return table in self._members

    @contextmanager
    def _stream(self, table: str) -> Iterator[IO[bytes]]:
        member = self._members[table]
        if self._folder is not None:
            with (self._folder / member).open("rb") as stream:
                yield stream
            return
        assert self._zip is not None  # noqa: S101 - one of the two is there
        info = self._zip.getinfo(member)
        if info.file_size > MOST_TABLE_BYTES:
            raise FileTooLarge(file=self.name, limit_mib=MOST_TABLE_BYTES >> 20)
        big = info.file_size > RATIO_FLOOR_BYTES
        if big and info.file_size > MOST_RATIO * max(info.compress_size, 1):
            raise FileHostile(file=self.name)
        try:
            with self._zip.open(info) as stream:
                yield stream
        except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as e:
            raise NetworkDamaged(file=self.name) from e

    def rows(
        self, table: str, needed: Sequence[str], wished: Sequence[str] = ()
    ) -> Iterator[tuple[str, ...]]:
        """Read columns of a table: the needed ones, then the wished ones, "" where absent.

        Raises
        ------
        NetworkColumnMissing
            A needed column is not there.
        NetworkTableBroken
            This is no text in UTF-8 with commas.
        """
        with self._stream(table) as stream:
            text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
            reader = csv.reader(text, skipinitialspace=True)
            try:
                header = [name.strip().lower() for name in next(reader, [])]
                for name in needed:
                    if name not in header:
                        raise NetworkColumnMissing(file=self.name, table=table, column=name)
                at = [header.index(n) if n in header else -1 for n in (*needed, *wished)]
                yield from self._picked(reader, at, len(header))
            except (UnicodeDecodeError, csv.Error) as error:
                raise NetworkTableBroken(file=self.name, table=table) from error

    def _picked(
        self, reader: Iterator[list[str]], at: Sequence[int], n_columns: int
    ) -> Iterator[tuple[str, ...]]:
        least = max((i for i in at if i >= 0), default=-1)
        for row in reader:
            if not row:
                continue
            if len(row) <= least and len(row) < n_columns - 2:
                self.n_left_out += 1
                continue
            yield tuple(row[i].strip() if 0 <= i < len(row) else "" for i in at)
