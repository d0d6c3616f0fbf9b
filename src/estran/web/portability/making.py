"""The worker's part of an export: everything, or one form of a period, into a sealed file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import BinaryIO, cast

import numpy as np
from django.utils import timezone

from estran.giving import csv_legs, csv_positions
from estran.giving.archive import rows_of, write_archive
from estran.giving.cozy import cozy_pieces
from estran.giving.geojson import geojson_pieces
from estran.giving.gpx import gpx_pieces
from estran.giving.tables import write_table
from estran.journal import Entry
from estran.timebase import day_bounds_us
from estran.trace import Positions, Source
from estran.vault.audit import Act
from estran.vault.chunks import Chunk, Kind, type_rows, values_of
from estran.vault.seal import StreamLock
from estran.web.me.access import note
from estran.web.me.summing import overlaps
from estran.web.portability.files import Sealing, keep, new_file, path_of, sealers
from estran.web.portability.gathering import contents, entries
from estran.web.portability.models import Passage
from estran.web.portability.notes import Notes, read_notes, write_notes
from estran.web.store.opened import OpenVault

KEPT = timedelta(days=7)
"""How long a made export waits, sealed, to be downloaded."""

type_tell = Callable[[float], None]


def run_export(row: Passage, vault: OpenVault, tell: type_tell) -> None:
    """Make what was asked for; a broken attempt leaves nothing behind."""
    notes = read_notes(vault, row.pk)
    lock = StreamLock(notes.lock_key, notes.lock_header) if notes.lock_key else None
    path = path_of(row.pk)
    part = path.with_suffix(".new")
    try:
        with new_file(part) as file:
            sealing = Sealing(file, *sealers(vault.public_key, lock))
            write_form(cast("BinaryIO", sealing), notes, vault, row, tell)
            sealing.finish()
            size_bytes = sealing.n_plain_bytes
            keep(part, path, file)
    except BaseException:
        part.unlink(missing_ok=True)
        raise
    # The key of the file is of no more use here: only its passphrase opens it from now on.
    write_notes(vault, row.pk, replace(notes, lock_key=b"", lock_header=b""))
    now = timezone.now()
    Passage.objects.filter(pk=row.pk).update(
        state=Passage.State.DONE, done_share=1.0, size_bytes=size_bytes, ended_at=now,
        expires_at=now + KEPT,
    )  # fmt: skip
    note(vault, Act.EXPORTED, notes.form)


def write_form(
    out: BinaryIO, notes: Notes, vault: OpenVault, row: Passage, tell: type_tell
) -> None:
    """Write one form."""
    if notes.form == "estran":
        write_archive(out, contents(vault, row.person), tell=tell)
    elif notes.form == "parquet":
        write_table(out, Kind.POSITIONS, _table(_chunks(vault, notes, tell)))
    else:
        out.writelines(piece.encode() for piece in _pieces(notes, vault, tell))


def _pieces(notes: Notes, vault: OpenVault, tell: type_tell) -> Iterator[str]:
    if notes.form == "geojson":
        return _gathered(geojson_pieces(_entries(vault, notes)), tell)
    if notes.form == "cozy":
        return _gathered(cozy_pieces(_entries(vault, notes)), tell)
    if notes.form == "csv-trips":
        return _gathered(csv_legs.csv_pieces(_entries(vault, notes)), tell)
    parts = _days(_chunks(vault, notes, tell))
    pieces = gpx_pieces(parts) if notes.form == "gpx" else csv_positions.csv_pieces(parts)
    return _gathered(pieces, lambda _: None)


_TOGETHER = 4096


def _gathered(pieces: Iterable[str], tell: type_tell) -> Iterator[str]:
    """Put small pieces together; tell now and then that it goes on."""
    waiting: list[str] = []
    for piece in pieces:
        waiting.append(piece)
        if len(waiting) >= _TOGETHER:
            tell(0.5)
            yield "".join(waiting)
            waiting = []
    yield "".join(waiting)


def _span(notes: Notes) -> tuple[int | None, int | None]:
    first = date.fromisoformat(notes.first) if notes.first else None
    last = date.fromisoformat(notes.last) if notes.last else None
    return (
        day_bounds_us(first, "UTC")[0] if first else None,
        day_bounds_us(last, "UTC")[1] if last else None,
    )


def _chunks(vault: OpenVault, notes: Notes, tell: type_tell) -> Iterator[Chunk]:
    first_us, last_us = _span(notes)
    whole, done = max(1, vault.n_rows(Kind.POSITIONS)), 0
    for chunk in vault.chunks(Kind.POSITIONS, first_us=first_us, last_us=last_us):
        done += len(chunk)
        tell(min(1.0, done / whole))
        yield chunk


def _days(chunks: Iterable[Chunk]) -> Iterator[tuple[Source, str, Positions]]:
    epoch = date(1970, 1, 1)
    for chunk in chunks:
        values = values_of(chunk.kind, chunk.rows, np.zeros(len(chunk), np.int16))
        day = (epoch + timedelta(days=chunk.day)).isoformat()
        yield chunk.source, day, cast("Positions", values)


def _table(chunks: Iterable[Chunk]) -> Iterator[type_rows]:
    numbers: dict[str, int] = {}
    for chunk in chunks:
        number = numbers.setdefault(chunk.source.key, len(numbers))
        yield rows_of(chunk, number, [0] * len(chunk.owner_sets))


def _entries(vault: OpenVault, notes: Notes) -> Iterator[Entry]:
    first = date.fromisoformat(notes.first) if notes.first else date.min
    last = date.fromisoformat(notes.last) if notes.last else date.max
    for entry in entries(vault, with_corrections=True):
        if overlaps(entry, first, last):
            yield entry
