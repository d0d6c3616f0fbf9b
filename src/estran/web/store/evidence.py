"""Evidence in a vault: rows merged by source and UTC day, read back, taken back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any, cast

import numpy as np

from estran.errors import ValueOutOfRange, VaultDamaged
from estran.trace import Activities, Claims, Columns, Evidence, Marks, Positions, Source, Trace
from estran.vault.chunks import (
    DAY_US,
    OWNERS,
    SCHEMAS,
    Chunk,
    Kind,
    columns_of,
    decode,
    encode,
    kind_of,
    type_rows,
    values_of,
)
from estran.vault.index import Entry, Index, Place
from estran.vault.merge import merge, without
from estran.web.store.session import Session

_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_MAX_SOURCES = 32_767  # the ``source`` columns are int16


@dataclass(frozen=True, slots=True)
class Added:
    """What became of rows that were brought: ``n_new + n_known`` is their number."""

    n_new: int
    n_known: int
    days: tuple[date, ...] = ()
    """UTC days that got rows they did not have."""


@dataclass(frozen=True, slots=True)
class Removed:
    """What an undone import took with it."""

    n_rows: int
    days: tuple[date, ...] = ()
    """UTC days that lost rows."""


@dataclass(frozen=True, slots=True)
class DamagedChunk:
    """A chunk that does not open: what was lost, for the person to bring again."""

    kind: str
    source: Source
    day: date
    """In UTC."""


def date_of(day: int) -> date:
    """Name a UTC day; one beyond the calendar is its nearest end."""
    first, last = date.min.toordinal() - _EPOCH_ORDINAL, date.max.toordinal() - _EPOCH_ORDINAL
    return date.fromordinal(min(max(day, first), last) + _EPOCH_ORDINAL)


def _row_key(session: Session, kind: Kind, source: Source, day: int) -> bytes:
    return session.sealer.row_key("chunk", int(kind), source.key, day)


def open_chunk(session: Session, index: Index, place: Place) -> Chunk:
    """Open the chunk that the index names, of the revision that it names."""
    source = index.sources[place.source]
    found = session.read("chunk", _row_key(session, place.kind, source, place.day))
    if found is None or found[0] != index.entries[place].rev:
        raise VaultDamaged(part="chunk")
    return decode(found[1])


# Adding ------------------------------------------------------------------------------------


def add(session: Session, source: Source, values: Columns, import_id: str) -> Added:
    """Merge rows of one source into the days they begin in; all or nothing."""
    kind = kind_of(values)
    if not len(values):
        return Added(0, 0)
    index = copy_of(session.index)
    number = _source_number(index, source)
    source = index.sources[number]
    n_new, days, ready = 0, [], []
    for day, rows in _by_day(kind, columns_of(values)):
        brought = Chunk(kind, day, source, ((import_id,),), rows)
        place = Place(kind, number, day)
        old = open_chunk(session, index, place) if place in index.entries else None
        kept, n = merge(old, brought)
        if n:
            n_new += n
            days.append(date_of(day))
        if n or old is None or kept.owner_sets != old.owner_sets or _owners_moved(old, kept):
            ready.append((place, kept))
    write_chunks(session, index, ready)
    return Added(n_new, len(values) - n_new, tuple(days))


def _owners_moved(old: Chunk, kept: Chunk) -> bool:
    return not np.array_equal(old.rows[OWNERS], kept.rows[OWNERS])


def write_chunks(session: Session, index: Index, ready: list[tuple[Place, Chunk]]) -> None:
    """Write chunks and name them in the index; an empty one is removed."""
    for place, chunk in ready:
        key = _row_key(session, place.kind, chunk.source, place.day)
        if len(chunk):
            session.put("chunk", key, encode(chunk))
            index.entries[place] = _entry(session.rev, chunk, index)
        else:
            session.delete("chunk", key)
            del index.entries[place]
    if ready:
        session.touch_index(index)


def _entry(rev: int, chunk: Chunk, index: Index) -> Entry:
    first, *others = SCHEMAS[chunk.kind]
    last = others[0] if chunk.kind == Kind.CLAIMS else first
    owners = sorted({index.import_number(o) for owners in chunk.owner_sets for o in owners})
    return Entry(
        rev, len(chunk), int(chunk.rows[first].min()), int(chunk.rows[last].max()), tuple(owners)
    )


def copy_of(index: Index) -> Index:
    """Copy, so that an operation that fails leaves the session's index as it was."""
    return Index(list(index.sources), list(index.imports), dict(index.entries))


def _source_number(index: Index, source: Source) -> int:
    number = index.source_number(source)
    if number > _MAX_SOURCES:
        raise ValueOutOfRange(name="sources", expected=f"at most {_MAX_SOURCES}")
    return number


def _by_day(kind: Kind, rows: type_rows) -> Iterator[tuple[int, type_rows]]:
    """Split rows by the UTC day they begin in."""
    days = rows[next(iter(SCHEMAS[kind]))] // DAY_US
    if bool((days[1:] < days[:-1]).any()):
        order = np.argsort(days, kind="stable")
        days = days[order]
        rows = {name: column[order] for name, column in rows.items()}
    starts = np.flatnonzero(np.diff(days, prepend=days[:1] - 1))
    for start, end in zip(starts, [*starts[1:], days.size], strict=True):
        piece = {name: column[start:end] for name, column in rows.items()}
        piece[OWNERS] = np.zeros(end - start, np.uint16)
        yield int(days[start]), piece


# Taking back -------------------------------------------------------------------------------


def remove_import(session: Session, import_id: str) -> Removed:
    """Remove what only this import brought."""
    if import_id not in session.index.imports:
        return Removed(0)
    index = copy_of(session.index)
    number = index.imports.index(import_id)
    n_rows, days, ready = 0, set(), []
    for place, entry in index.entries.items():
        if number not in entry.owners:
            continue
        old = open_chunk(session, index, place)
        kept = without(old, import_id)
        if len(kept) < len(old):
            n_rows += len(old) - len(kept)
            days.add(date_of(place.day))
        ready.append((place, kept))
    write_chunks(session, index, ready)
    session.touch_index(pruned(index))
    return Removed(n_rows, tuple(sorted(days)))


def pruned(index: Index) -> Index:
    """Forget sources and imports that nothing names any more."""
    sources = sorted({place.source for place in index.entries})
    imports = sorted({owner for entry in index.entries.values() for owner in entry.owners})
    source_at = {old: new for new, old in enumerate(sources)}
    import_at = {old: new for new, old in enumerate(imports)}
    return Index(
        [index.sources[i] for i in sources],
        [index.imports[i] for i in imports],
        {
            place._replace(source=source_at[place.source]): entry._replace(
                owners=tuple(import_at[o] for o in entry.owners)
            )
            for place, entry in index.entries.items()
        },
    )


# Reading -----------------------------------------------------------------------------------


def sources(index: Index) -> tuple[Source, ...]:
    """List the sources that have rows, by key."""
    used = {place.source for place in index.entries}
    return tuple(sorted((index.sources[i] for i in used), key=lambda source: source.key))


def read(
    session: Session,
    first_us: int | None,
    last_us: int | None,
    skip_damaged: Callable[[DamagedChunk], None] | None,
) -> Evidence:
    """Gather what touches a span, in time order, each row once."""
    known = sources(session.index)
    numbers = {source.key: number for number, source in enumerate(known)}
    told = {
        kind: _gathered(session, kind, (first_us, last_us), numbers, skip_damaged) for kind in Kind
    }
    return Evidence(
        Trace.sorted_from(cast("Positions", told[Kind.POSITIONS])),
        cast("Activities", told[Kind.ACTIVITIES]),
        cast("Claims", told[Kind.CLAIMS]),
        cast("Marks", told[Kind.MARKS]),
        known,
    )


def chunks(
    session: Session,
    kind: Kind,
    span: tuple[int | None, int | None],
    skip_damaged: Callable[[DamagedChunk], None] | None,
) -> Iterator[Chunk]:
    """Open the chunks that touch a span; report those that do not open, or raise."""
    index = session.index
    yield from _opened(session, list(index.within(kind, *span)), skip_damaged)


def named(
    session: Session, kind: Kind, span: tuple[int | None, int | None]
) -> list[tuple[Source, int]]:
    """Name the chunks that touch a span by their source and day."""
    index = session.index
    return [(index.sources[place.source], place.day) for place in index.within(kind, *span)]


def of_days(
    session: Session,
    kind: Kind,
    wanted: list[tuple[Source, int]],
    skip_damaged: Callable[[DamagedChunk], None] | None,
) -> Iterator[Chunk]:
    """Open chunks by their source and day; those that are gone by now are left out."""
    numbers = {source.key: number for number, source in enumerate(session.index.sources)}
    places = [
        Place(kind, numbers[source.key], day) for source, day in wanted if source.key in numbers
    ]
    yield from _opened(session, [p for p in places if p in session.index.entries], skip_damaged)


def _opened(
    session: Session,
    places: list[Place],
    skip_damaged: Callable[[DamagedChunk], None] | None,
) -> Iterator[Chunk]:
    index = session.index
    for place in places:
        try:
            yield open_chunk(session, index, place)
        except VaultDamaged:
            if skip_damaged is None:
                raise
            skip_damaged(
                DamagedChunk(
                    place.kind.name.lower(), index.sources[place.source], date_of(place.day)
                )
            )


def _gathered(
    session: Session,
    kind: Kind,
    span: tuple[int | None, int | None],
    numbers: dict[str, int],
    skip_damaged: Callable[[DamagedChunk], None] | None,
) -> Columns:
    parts = list(chunks(session, kind, span, skip_damaged))
    rows: type_rows = {
        name: _joined([part.rows[name] for part in parts], dtype)
        for name, dtype in SCHEMAS[kind].items()
    }
    rows["source"] = np.repeat(
        np.array([numbers[part.source.key] for part in parts], np.int16),
        [len(part) for part in parts],
    )
    rows = _in_order(_cut(kind, rows, span))
    return values_of(kind, rows, rows.pop("source"))


def _joined(parts: list[Any], dtype: str) -> Any:
    return np.concatenate(parts) if parts else np.empty(0, dtype)


def _cut(kind: Kind, rows: type_rows, span: tuple[int | None, int | None]) -> type_rows:
    """Keep what is in ``[first_us, last_us)``; of claims, what overlaps it."""
    first, *others = SCHEMAS[kind]
    begins = rows[first]
    ends = rows[others[0]] if kind == Kind.CLAIMS else begins
    keep = np.ones(begins.size, np.bool_)
    if span[0] is not None:
        keep &= ends >= span[0]
    if span[1] is not None:
        keep &= begins < span[1]
    return rows if bool(keep.all()) else {name: column[keep] for name, column in rows.items()}


def _in_order(rows: type_rows) -> type_rows:
    """Sort by instant, then source; what a source wrote at one instant stays as sorted."""
    instants = next(iter(rows.values()))
    if not bool((instants[1:] < instants[:-1]).any()):
        return rows
    order = np.lexsort((rows["source"], instants))
    return {name: column[order] for name, column in rows.items()}
