"""One call of a phone or of a konnector: read, its device found, its answer written."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse

from estran.web.accounts.models import Person
from estran.web.emission import slots
from estran.web.live.catalogue import EMISSION
from estran.web.live.known import BOOK, Known
from estran.web.store.opened import OpenVault
from estran.wire.emission.stamps import type_json

LONGEST_BODY_BYTES = 64 * 1024 * 1024
"""Thirty thousand entries of the longest client are 10 MB."""
APP = EMISSION
"""Key of the app of such devices."""

UNKNOWN = b"<!doctype html><title>403</title><h1>Error: 403 Forbidden</h1><p>invalid token</p>"


class NotServedError(Exception):
    """The call is answered otherwise: ``args`` are the status and the body."""

    def __init__(self, status: int, body: bytes = b"") -> None:
        super().__init__(status)
        self.status, self.body = status, body


def body_of(request: HttpRequest) -> bytes:
    """Read a body within bounds, unpacked.

    Raises
    ------
    NotServedError
    """
    try:
        n_bytes = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        n_bytes = -1
    if n_bytes < 0:
        raise NotServedError(400)
    if n_bytes > LONGEST_BODY_BYTES:
        raise NotServedError(413)
    body: bytes = request.read(n_bytes)
    if len(body) < n_bytes:
        raise NotServedError(400)  # Cut off on the way: nothing of it is taken.
    if request.headers.get("Content-Encoding", "").lower() != "gzip":
        return body
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, LONGEST_BODY_BYTES)
    except zlib.error as error:
        raise NotServedError(400) from error
    if unpacker.unconsumed_tail:
        raise NotServedError(413)
    return plain


def json_of(body: bytes) -> type_json:
    """Read a body of JSON: an object.

    Raises
    ------
    NotServedError
    """
    try:
        found = msgspec.json.decode(body or b"{}")
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise NotServedError(400) from error
    if not isinstance(found, dict):
        raise NotServedError(400)
    return found


def token_in(request: HttpRequest, user: object) -> str:
    """Find the token: in the body, or in the header of older phones (one word, or two)."""
    if isinstance(user, str) and user:
        return user
    words = request.headers.get("User", "").split()
    return words[-1] if words else ""


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a device of this protocol, and its person's vault where it may be read."""

    known: Known
    token: str = field(repr=False)
    read: tuple[OpenVault, bytes] | None = field(default=None, repr=False)

    @property
    def device(self) -> str:
        """The id of the device, 32 hexadecimal digits; told as the id of its user."""
        return self.known.device_id.hex

    @property
    def vault(self) -> OpenVault | None:
        """The vault, None where the person did not agree."""
        return self.read[0] if self.read else None

    @property
    def person(self) -> Person:
        """The person's row."""
        return Person.objects.get(pk=self.known.person_id)


def caller(request: HttpRequest, user: object, *, reads: bool = True) -> Caller:
    """Find who calls.

    Raises
    ------
    NotServedError
        No device of this protocol has such a token.
    """
    token = token_in(request, user)
    known = BOOK.find(token)
    if known is None or known.app != APP:
        raise NotServedError(403, UNKNOWN)
    return Caller(known, token, slots.opened(known, token) if reads else None)


def answer(value: Any) -> HttpResponse:
    """Write an answer of JSON; what is no number is null."""
    return HttpResponse(msgspec.json.encode(value), content_type="application/json")
