"""Consents: what a person agreed to, for whom, until when, and in which words.

A consent is a value. Nothing uses or sends a person's data before :func:`may` said yes for
that purpose, that recipient and that moment. How it is used: ``docs/consent.md``.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields, replace
from datetime import date
from enum import StrEnum
from typing import Any

import msgspec

from estran.errors import ConsentUnfit, VaultDamaged

FORMAT_VERSION = 1
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_NAME = re.compile(r"[a-z0-9][a-z0-9:._-]{0,127}\Z")
_MAX_US = 253_402_300_799_000_000  # end of the year 9999


class Purpose(StrEnum):
    """What for. One consent, one purpose."""

    COACH = "coach"
    """The coach works while the person is away."""
    TERRITORY = "territory"
    """Figures for a territory's campaign."""
    RESEARCH = "research"
    """An export for a research team."""
    GROUP = "group"
    """Figures shown to a group that the person joined."""
    APP = "app"
    """An app of the person's phone reads with its own token."""


class Content(StrEnum):
    """What of a vault. A closed list: what is not named here cannot be agreed to."""

    POSITIONS = "positions"
    JOURNAL = "journal"
    CORRECTIONS = "corrections"
    PLACES = "places"
    SUMMARIES = "summaries"
    """Sums over days or months, without a place or an hour."""
    GOALS = "goals"
    TICKETS = "tickets"
    FILES = "files"
    """Files that were brought and wait to be read."""
    ACCESS_LOG = "access-log"


@dataclass(frozen=True, slots=True)
class TextRef:
    """The very words that were on the screen.

    ``digest`` is the SHA-256 of the text's bytes: a text that is changed is another text.
    """

    name: str
    version: int
    language: str
    digest: str


@dataclass(frozen=True, slots=True)
class Consent:
    """One thing that a person agreed to.

    Parameters
    ----------
    id : str
        Of this consent, for its receipts.
    purpose : Purpose
    recipient : str
        Who uses or gets it, as a stable code: ``"coach"``, ``"campaign:12"``.
    reads, writes : tuple of Content
        What of the vault may be read, and written; sorted, each once.
    first_day, last_day : date, optional
        Local days whose data is covered, ends included; None leaves that side open.
    given_us : int
        When it was given. [µs since 1970, UTC]
    expires_us : int
        From when on it holds no more. Every consent ends. [µs since 1970, UTC]
    text : TextRef
        What was shown.
    withdrawn_us : int, optional
        When it was taken back. [µs since 1970, UTC]

    Raises
    ------
    ConsentUnfit
        It names nothing, ends before it begins, or a field is not of its kind.
    """

    id: str
    purpose: Purpose
    recipient: str
    reads: tuple[Content, ...]
    writes: tuple[Content, ...]
    first_day: date | None
    last_day: date | None
    given_us: int
    expires_us: int
    text: TextRef
    withdrawn_us: int | None = None

    def __post_init__(self) -> None:
        """Refuse what no person can have agreed to."""
        told = [self.id, self.recipient, self.text.name, self.text.language]
        whole = all(_NAME.match(name.lower()) for name in told) and _DIGEST.match(self.text.digest)
        in_order = all(
            tuple(sorted(set(content))) == content for content in (self.reads, self.writes)
        )
        days = self.first_day, self.last_day
        fits = (
            whole
            and in_order
            and (self.reads or self.writes)
            and 0 <= self.given_us < self.expires_us <= _MAX_US
            and not (days[0] and days[1] and days[1] < days[0])
            and (self.withdrawn_us is None or self.given_us <= self.withdrawn_us <= _MAX_US)
        )
        if not fits:
            raise ConsentUnfit

    def holds(self, at_us: int) -> bool:
        """Tell whether it is in force: given, neither withdrawn nor expired."""
        end_us = self.expires_us
        if self.withdrawn_us is not None:
            end_us = min(end_us, self.withdrawn_us)
        return self.given_us <= at_us < end_us

    def covers(self, day: date) -> bool:
        """Tell whether the data of a local day is covered."""
        begun = self.first_day is None or self.first_day <= day
        return begun and (self.last_day is None or day <= self.last_day)


def contents(*named: Content) -> tuple[Content, ...]:
    """Put contents in the one order, each once.

    Examples
    --------
    >>> [c.value for c in contents(Content.POSITIONS, Content.JOURNAL, Content.JOURNAL)]
    ['journal', 'positions']
    """
    return tuple(sorted(set(named)))


def allowing(  # noqa: PLR0913 - a use is all of these
    consents: Iterable[Consent],
    purpose: Purpose,
    recipient: str,
    at_us: int,
    *,
    reads: Iterable[Content] = (),
    writes: Iterable[Content] = (),
) -> Consent | None:
    """Find the consent that allows a use, the one that ends last; None when none does.

    Consents are never added up: one must allow all of it.

    Parameters
    ----------
    consents : iterable of Consent
        All of one person.
    purpose, recipient
        What for and for whom, both exactly.
    at_us : int
        When it would be used. [µs since 1970, UTC]
    reads, writes : iterable of Content
        What would be read and written.
    """
    reads, writes = set(reads), set(writes)
    fit = [
        consent
        for consent in consents
        if consent.purpose == purpose
        and consent.recipient == recipient
        and consent.holds(at_us)
        and reads <= set(consent.reads)
        and writes <= set(consent.writes)
    ]
    return max(fit, key=lambda consent: (consent.expires_us, consent.id), default=None)


def may(  # noqa: PLR0913 - as above
    consents: Iterable[Consent],
    purpose: Purpose,
    recipient: str,
    at_us: int,
    *,
    reads: Iterable[Content] = (),
    writes: Iterable[Content] = (),
) -> bool:
    """Tell whether a use is agreed to: ask before each use and before each sending.

    Examples
    --------
    >>> may([], Purpose.COACH, "coach", 0)
    False
    """
    found = allowing(consents, purpose, recipient, at_us, reads=reads, writes=writes)
    return found is not None


def withdrawn(consent: Consent, at_us: int) -> Consent:
    """Take a consent back; one that was taken back already stays as it is."""
    if consent.withdrawn_us is not None:
        return consent
    return replace(consent, withdrawn_us=max(at_us, consent.given_us))


# Bytes -------------------------------------------------------------------------------------


def canonical(value: Any) -> bytes:
    """Write plain values as JSON in one way only: keys sorted, no blanks, UTF-8.

    For text, whole numbers, lists, maps and null this is RFC 8785, and what
    ``jq -jcS .`` prints.

    Examples
    --------
    >>> canonical({"b": None, "a": "é"}).decode()
    '{"a":"é","b":null}'
    """
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def plain(consent: Consent) -> dict[str, Any]:
    """Give a consent as plain values, days as ``YYYY-MM-DD``."""
    told: dict[str, Any] = {"estran_consent": FORMAT_VERSION, **asdict(consent)}
    for name in ("first_day", "last_day"):
        told[name] = told[name].isoformat() if told[name] else None
    return {**told, "reads": list(consent.reads), "writes": list(consent.writes)}


def encode(consent: Consent) -> bytes:
    """Write a consent in its canonical form."""
    return canonical(plain(consent))


def decode(record: bytes) -> Consent:
    """Read a consent.

    Raises
    ------
    VaultDamaged
        It is none, or is not in its canonical form.
    """
    try:
        told = msgspec.json.decode(record, type=dict[str, Any])
        known = {field.name for field in fields(Consent)}
        if told.pop("estran_consent") != FORMAT_VERSION or told.keys() != known:
            raise VaultDamaged(part="consent")
        consent = msgspec.convert(told, type=Consent)
        if encode(consent) != record:
            raise VaultDamaged(part="consent")
    except (msgspec.MsgspecError, KeyError, ConsentUnfit, UnicodeDecodeError) as error:
        raise VaultDamaged(part="consent") from error
    return consent


def digest(consent: Consent) -> str:
    """Give the SHA-256 of the canonical form, in hexadecimal."""
    return hashlib.sha256(encode(consent)).hexdigest()
