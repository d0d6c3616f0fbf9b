"""What a vault holds: which chunks, of which sources, brought by which imports. Sealed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

import msgspec
import zstandard

from estran.errors import VaultDamaged
from estran.trace import Source
from estran.vault.chunks import Kind

_MAGIC = b"EIX\x01"
_MAX_BYTES = 1 << 30


class Entry(NamedTuple):
    """One chunk: its revision (an older one is stale), size, span and owners."""

    rev: int
    n: int
    first_us: int
    last_us: int
    """The last instant in it; of claims, the latest end."""
    owners: tuple[int, ...]
    """Indexes into the imports."""


class Place(NamedTuple):
    """Where a chunk stands: its kind, its source (index), its UTC day."""

    kind: Kind
    source: int
    day: int


@dataclass(slots=True)
class Index:
    """The list of chunks, with the sources and imports that they name by number."""

    sources: list[Source] = field(default_factory=list)
    imports: list[str] = field(default_factory=list)
    entries: dict[Place, Entry] = field(default_factory=dict)

    def source_number(self, source: Source) -> int:
        """Find a source by its key, or add it."""
        for number, known in enumerate(self.sources):
            if known.key == source.key:
                return number
        self.sources.append(source)
        return len(self.sources) - 1

    def import_number(self, import_id: str) -> int:
        """Find an import, or add it."""
        if import_id not in self.imports:
            self.imports.append(import_id)
        return self.imports.index(import_id)

    def within(self, kind: Kind, first_us: int | None, last_us: int | None) -> Iterator[Place]:
        """List the chunks of a kind that touch a span, by day then source."""
        for place in sorted(self.entries, key=lambda place: (place.day, place.source)):
            entry = self.entries[place]
            late = last_us is not None and entry.first_us >= last_us
            early = first_us is not None and entry.last_us < first_us
            if place.kind == kind and not late and not early:
                yield place


def encode_index(index: Index) -> bytes:
    """Write an index, ready to be sealed.

    Examples
    --------
    >>> index = Index([Source("a", "gpx")], ["i"], {})
    >>> index.entries[Place(Kind.MARKS, 0, 3)] = Entry(1, 2, 5, 7, (0,))
    >>> decode_index(encode_index(index)) == index
    True
    """
    rows = [(*place, *entry) for place, entry in index.entries.items()]
    packed = msgspec.msgpack.encode((index.sources, index.imports, rows))
    return _MAGIC + zstandard.ZstdCompressor(level=3).compress(packed)


type_row = tuple[Kind, int, int, int, int, int, int, tuple[int, ...]]


def decode_index(plain: bytes) -> Index:
    """Read what :func:`encode_index` wrote.

    Raises
    ------
    VaultDamaged
        It is no index, or of another version.
    """
    try:
        if not plain.startswith(_MAGIC):
            raise VaultDamaged(part="index")
        packed = zstandard.ZstdDecompressor().decompress(
            plain[len(_MAGIC) :], max_output_size=_MAX_BYTES
        )
        sources, imports, rows = msgspec.msgpack.decode(
            packed, type=tuple[list[Source], list[str], list[type_row]]
        )
    except (zstandard.ZstdError, msgspec.MsgspecError) as error:
        raise VaultDamaged(part="index") from error
    entries = {Place(*row[:3]): Entry(*row[3:]) for row in rows}
    return Index(sources, imports, entries)
