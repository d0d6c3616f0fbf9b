"""Calls of trackers, answered before the site's own machinery: no session, no cookie, no page.

A WSGI application of its own for the addresses of :mod:`estran.wire.table`; all others are
passed on. It logs nothing: tokens are in addresses, places in bodies.
"""

from __future__ import annotations

import time
import zlib
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from estran.errors import Refusal
from estran.web.live.door import take
from estran.web.live.known import BOOK
from estran.wire.table import by_path
from estran.wire.values import Call, Protocol, Reply, Trouble

LONGEST_BODY_BYTES = 8 * 1024 * 1024
"""A thousand positions with all that Overland says of each take half a MiB."""

type_environ = dict[str, Any]
type_start = Callable[..., Any]
type_app = Callable[[type_environ, type_start], Iterable[bytes]]


def trackers_first(site: type_app) -> type_app:
    """Answer trackers; pass everything else on to the site."""

    def application(environ: type_environ, start_response: type_start) -> Iterable[bytes]:
        protocol = by_path(environ.get("PATH_INFO", ""))
        if protocol is None:
            return site(environ, start_response)
        reply = answer(protocol, environ)
        status = f"{reply.status} {HTTPStatus(reply.status).phrase}"
        headers = [
            ("Content-Type", reply.content_type),
            ("Content-Length", str(len(reply.body))),
            ("Cache-Control", "no-store"),
            *reply.headers,
        ]
        start_response(status, headers)
        return [reply.body]

    return application


def answer(protocol: Protocol, environ: type_environ) -> Reply:
    """Read a call, keep what it brings, and give the reply."""
    call, trouble = _call_of(environ)
    if trouble is not None:
        return protocol.refuse(call, trouble)
    try:
        return _answered(protocol, call)
    except (Refusal, DatabaseError, OSError):
        return protocol.refuse(call, Trouble.BUSY)


def _answered(protocol: Protocol, call: Call) -> Reply:
    if settings.SECURE_SSL_REDIRECT and call.headers.get("x-forwarded-proto", "https") != "https":
        return protocol.refuse(call, Trouble.UNKNOWN)  # Its token has been in clear on the way.
    known = BOOK.find(protocol.token(call))
    if known is None:
        return protocol.refuse(call, Trouble.UNKNOWN)
    if not known.takes:
        return protocol.refuse(call, Trouble.PAUSED)
    if known.is_full:
        return protocol.refuse(call, Trouble.BUSY)
    received_us = time.time_ns() // 1000
    read = protocol.read(call, received_us)
    if read is None:
        return protocol.refuse(call, Trouble.UNREADABLE)
    take(known, protocol.key, read.posted, received_us)
    return read.reply


def _call_of(environ: type_environ) -> tuple[Call, Trouble | None]:
    headers = {
        key[5:].replace("_", "-").lower(): value
        for key, value in environ.items()
        if key.startswith("HTTP_")
    }
    headers["content-type"] = environ.get("CONTENT_TYPE", "")
    body, trouble = _body_of(environ, headers.get("content-encoding", ""))
    call = Call(
        environ.get("REQUEST_METHOD", "GET").upper(),
        environ.get("PATH_INFO", ""),
        environ.get("QUERY_STRING", ""),
        headers,
        body,
    )
    return call, trouble


def _body_of(environ: type_environ, encoding: str) -> tuple[bytes, Trouble | None]:
    try:
        n_bytes = int(environ.get("CONTENT_LENGTH") or 0)
    except ValueError:
        return b"", Trouble.UNREADABLE
    if n_bytes > LONGEST_BODY_BYTES:
        return b"", Trouble.TOO_LARGE
    body = environ["wsgi.input"].read(n_bytes) if n_bytes > 0 else b""
    if len(body) < n_bytes:
        return b"", Trouble.BUSY  # Cut off on the way: the rest comes with the next attempt.
    if encoding.lower() != "gzip":
        return body, None
    unpacker = zlib.decompressobj(wbits=31)
    try:
        plain = unpacker.decompress(body, LONGEST_BODY_BYTES)
    except zlib.error:
        return b"", Trouble.UNREADABLE
    return plain, Trouble.TOO_LARGE if unpacker.unconsumed_tail else None
