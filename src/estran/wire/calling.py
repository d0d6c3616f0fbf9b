"""What calls have in common: where a token stands, how parameters and JSON are read."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

import msgspec

from estran.formats.told import Told
from estran.wire.values import Call, Posted, Reply, Trouble

_LONGEST_TEXT = 65_536
_MOST_PARAMETERS = 200
_QUERY_TOKENS = ("token", "api_key")
_HTTP_BASIC, _HTTP_BEARER = "basic", "bearer"


def parameters(call: Call) -> dict[str, str]:
    """Give what stands in the query, and in a body that is a form; of a name the first.

    Examples
    --------
    >>> parameters(Call("GET", "/", "lat=46.1&lon=-1.1&lat=3"))
    {'lat': '46.1', 'lon': '-1.1'}
    """
    told: dict[str, str] = {}
    texts = [call.query]
    kind = call.headers.get("content-type", "")
    if call.body and (not kind or kind.startswith("application/x-www-form-urlencoded")):
        texts.append(call.body[:_LONGEST_TEXT].decode("utf-8", "replace"))
    for text in texts:
        try:
            pairs = parse_qsl(text[:_LONGEST_TEXT], max_num_fields=_MOST_PARAMETERS)
        except ValueError:
            continue
        for name, value in pairs:
            told.setdefault(name.lower(), value)
    return told


def json_of(call: Call) -> Any:
    """Read a body that is JSON, None where it is none; a bare NaN is read as unknown.

    Examples
    --------
    >>> json_of(Call("POST", "/", body=b'{"a": NaN}')), json_of(Call("POST", "/", body=b"a=1"))
    ({'a': nan}, None)
    """
    try:
        return msgspec.json.decode(call.body)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        pass
    if b"NaN" not in call.body and b"Infinity" not in call.body:
        return None
    try:  # Templates of phones write what JSON has no word for.
        return json.loads(call.body)
    except (ValueError, RecursionError):
        return None


def header_token(call: Call) -> str:
    """Find a token in the Authorization header: Bearer, or the password of Basic.

    Examples
    --------
    >>> proof = base64.b64encode(b"estran:abc").decode()
    >>> header_token(Call("POST", "/", headers={"authorization": f"Basic {proof}"}))
    'abc'
    """
    scheme, _, rest = call.headers.get("authorization", "").strip().partition(" ")
    rest = rest.strip()
    if scheme.lower() == _HTTP_BASIC:
        try:
            user, _, password = base64.b64decode(rest).decode().partition(":")
        except (binascii.Error, UnicodeDecodeError, ValueError):
            return ""
        return password or user
    return rest if scheme.lower() == _HTTP_BEARER else ""


def usual_token(call: Call) -> str:
    """Find a token in the header, else in the query."""
    found = header_token(call)
    if found:
        return found
    told = dict(parse_qsl(call.query[:_LONGEST_TEXT]))
    return next((told[name] for name in _QUERY_TOKENS if told.get(name)), "")


def json_reply(value: object, status: int = 200) -> Reply:
    """Answer with JSON."""
    return Reply(status, msgspec.json.encode(value))


_LATER = (("Retry-After", "60"),)
_STATUS = {
    Trouble.UNKNOWN: 401,
    Trouble.BUSY: 503,
    Trouble.UNREADABLE: 400,
    Trouble.TOO_LARGE: 413,
}


def refusing(when_paused: object, *, challenge: bool = False) -> Callable[[Call, Trouble], Reply]:
    """Make what a protocol answers in trouble: all is well in a pause, codes otherwise.

    Parameters
    ----------
    when_paused : object
        The usual answer: what comes in a pause is not wanted, now or later.
    challenge : bool
        Ask for Basic credentials where the token is unknown.
    """

    def refuse(_call: Call, trouble: Trouble) -> Reply:
        if trouble is Trouble.PAUSED:
            return json_reply(when_paused)
        headers = _LATER if trouble is Trouble.BUSY else ()
        if challenge and trouble is Trouble.UNKNOWN:
            headers = (("WWW-Authenticate", 'Basic realm="estran"'),)
        body = msgspec.json.encode({"error": trouble.value})
        return Reply(_STATUS[trouble], body, headers=headers)

    return refuse


AHEAD_US = 300_000_000
"""A clock may run so far ahead: five minutes."""


def posted_of(told: Told, received_us: int) -> Posted:
    """Give what was told as columns; where the clock ran ahead, as if the last had come just now.

    All that is later than it can be is moved by the same span, so that what lies between
    stays as long as it was.

    Examples
    --------
    >>> from estran.formats.told import Fix
    >>> told = Told()
    >>> for ahead_us in (0, 10_000_000):
    ...     _ = told.fix(Fix(2 * 10**15 + ahead_us, 46.16, -1.15))
    >>> positions = posted_of(told, 10**15).positions
    >>> (positions.time_us - 10**15).tolist()
    [-10000000, 0]
    """
    times_us = [fix.time_us for fix in told.fixes]
    times_us += [at_us for at_us, _ in (*told.hints, *told.marks)]
    limit_us = received_us + AHEAD_US
    by_us = max(times_us, default=0) - received_us if max(times_us, default=0) > limit_us else 0

    def moved(at_us: int) -> int:
        return at_us - by_us if at_us > limit_us else at_us

    if by_us:
        told.fixes = [fix._replace(time_us=moved(fix.time_us)) for fix in told.fixes]
        told.hints = [(moved(at_us), code) for at_us, code in told.hints]
        told.marks = [(moved(at_us), code) for at_us, code in told.marks]
    return Posted(
        positions=told.positions(),
        activities=told.activities(),
        claims=told.claims(),
        marks=told.marked(),
        n_dropped=told.n_dropped,
    )
