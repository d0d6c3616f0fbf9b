"""What an archive says of itself: its version, its members and their digests."""

from __future__ import annotations

import re

import msgspec

from estran.errors import ArchiveDamaged, ArchiveNewer, ArchiveUnknown
from estran.journal import MadeBy
from estran.trace import Source, Stream

VERSION = 1
HEAD_NAME = "estran.txt"
"""The first member, stored: the first hundred bytes of the file tell what it is."""
HEAD = re.compile(rb"estran\.archive/([1-9][0-9]{0,5})\n\Z")
HEAD_AT = 30 + len(HEAD_NAME)
SUFFIX = ".estran"

MANIFEST = "manifest.json"
SOURCES = "sources.json"
CORRECTIONS = "corrections.json"
JOURNAL = "journal/"
DOCUMENTS = "documents/"
ACCESS_LOG = "access-log.json"
ACCOUNT = "account.json"
TRIPS, MAP = "trips.csv", "journal.geojson"

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,60}(\.[a-z]{2,8})?\Z")
"""A member's name, or its name inside one folder: no path leads anywhere else."""


def head() -> bytes:
    """Write the first member."""
    return f"estran.archive/{VERSION}\n".encode()


def is_archive(first: bytes) -> bool:
    """Tell whether the first bytes of a file are those of an archive, of any version.

    Examples
    --------
    >>> is_archive(b"PK" + bytes(28) + b"estran.txt" + b"estran.archive/1")
    True
    """
    return first.startswith(b"PK") and first[30:HEAD_AT] == HEAD_NAME.encode()


def check_head(content: bytes) -> None:
    """Check the first member.

    Raises
    ------
    ArchiveNewer, ArchiveUnknown
        It is of a later version; it is none of ours.
    """
    found = HEAD.match(content)
    if found is None:
        raise ArchiveUnknown
    if int(found[1]) > VERSION:
        raise ArchiveNewer


class Member(msgspec.Struct, frozen=True):
    """One file in an archive."""

    name: str
    size_bytes: int
    sha256: str


class Counts(msgspec.Struct, frozen=True):
    """How much an archive holds."""

    positions: int
    activities: int
    claims: int
    marks: int
    entries: int
    corrections: int


class Manifest(msgspec.Struct, frozen=True):
    """The list of what is in an archive, written last."""

    schema: str
    estran: str
    made_at: str
    made_by: MadeBy
    """What made the journal."""
    counts: Counts
    members: list[Member]


SCHEMA = f"estran.archive/{VERSION}"


class SourceDoc(msgspec.Struct, frozen=True):
    """Where rows come from."""

    key: str
    format: str
    device: str
    stream: int

    def source(self) -> Source:
        """Give the value."""
        return Source(self.key, self.format, self.device, Stream(self.stream))


class SourcesDoc(msgspec.Struct, frozen=True):
    """What the columns ``source`` and ``imports`` number."""

    sources: list[SourceDoc]
    import_sets: list[list[str]]


def decode_manifest(text: bytes) -> Manifest:
    """Read a manifest.

    Raises
    ------
    ArchiveDamaged
        It is none.
    """
    try:
        manifest = msgspec.json.decode(text, type=Manifest)
    except msgspec.MsgspecError as error:
        raise ArchiveDamaged from error
    if manifest.schema != SCHEMA:
        raise ArchiveDamaged
    return manifest


def is_plain_name(name: str) -> bool:
    """Tell whether a member's name is one that archives have.

    Examples
    --------
    >>> [is_plain_name(n) for n in ("trips.csv", "journal/2026-06.json", "../x", "/x", "a/b/c")]
    [True, True, False, False, False]
    """
    parts = name.split("/")
    return len(parts) in (1, 2) and all(NAME.match(part) for part in parts)
