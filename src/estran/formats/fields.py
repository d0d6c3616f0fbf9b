"""Columns of text, as XML and tables hold them, into positions: lenient, counted, never raised.

Rests on :mod:`estran.formats.times` and :mod:`estran.formats.coordinates`; adds the dialects
of hand-made tables, tells which instants named no zone, and where a bad row stands.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np
from numpy.typing import NDArray

from estran.formats.coordinates import Rows, dated_positions, good_rows
from estran.formats.reading import Faults
from estran.formats.times import NEVER, epoch_us, iso_us
from estran.timebase import from_datetime
from estran.trace import Positions, type_bool, type_f64, type_i64

_NUMBER = re.compile(r"[+-]?(?:\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE][+-]?\d{1,3})?")
_SPACES = re.compile("[ \u00a0\u202f']")
_THOUSANDS = re.compile("[+-]?\\d{1,3}(?:[ \u00a0\u202f']\\d{3})+(?:[.,]\\d*)?")
_NUMBER_LIMIT = 48
_ZONED = re.compile(r"(?:Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)$", re.IGNORECASE)
_INSTANT = re.compile(
    r"(\d{4})[-/.:](\d{1,2})[-/.:](\d{1,2})[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,12}))?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?)?",
    re.IGNORECASE,
)
_INSTANT_LIMIT = 48
_DATE_CHARACTERS = 10
_EACH_LIMIT = 256


def number(text: str) -> float:
    """Read one number, with a decimal point or comma; NaN when it is none.

    Examples
    --------
    >>> number(" 12,5 "), number("1 234.5"), number("-")
    (12.5, 1234.5, nan)
    """
    text = text[:_NUMBER_LIMIT].strip()
    if _THOUSANDS.fullmatch(text):
        text = _SPACES.sub("", text)
    if not text.isascii() or not _NUMBER.fullmatch(text):
        return math.nan
    return float(text.replace(",", "."))


def numbers(texts: Sequence[str]) -> type_f64:
    """Read a column of numbers; NaN where there is none.

    Examples
    --------
    >>> numbers(["1.5", "", "2,5"])
    array([1.5, nan, 2.5])
    """
    n = len(texts)
    if not any(texts):  # a field that no row has: the whole column in one step
        return np.full(n, math.nan)
    try:
        return np.fromiter(map(float, texts), np.float64, n)
    except ValueError:
        pass
    try:
        return np.fromiter((float(t) if t else math.nan for t in texts), np.float64, n)
    except ValueError:
        return np.array([number(t) for t in texts], dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Instants:
    """A column of instants.

    Parameters
    ----------
    time_us : int64 array, shape (n,)
        :data:`~estran.formats.times.NEVER` where the text is no instant.
    zoneless : bool array, shape (n,)
        True where the text is a date and a time without zone; it was taken as UTC.
    """

    time_us: type_i64
    zoneless: type_bool


def instants(texts: Sequence[str]) -> Instants:
    """Read a column of instants, and tell which named no zone.

    A date without a time of day is no instant: it would put a day's positions on its midnight.

    Examples
    --------
    >>> bool(instants(["2024-05-01"]).time_us[0] == NEVER)
    True
    >>> read = instants(["1970-01-01T00:00:01Z", "1970/01/01 00:00:02", "3", "?"])
    >>> read.time_us[:3].tolist(), read.zoneless.tolist()
    ([1000000, 2000000, 3000000], [False, True, False, False])
    """
    whole = "".join(texts)
    if not any(mark in whole for mark in "-:/TZ"):
        return Instants(epoch_us(numbers(texts)), np.zeros(len(texts), dtype=np.bool_))
    time_us = _mixed_us(texts) if whole.count(":") < len(texts) else iso_us(texts)
    zoneless = np.zeros(len(texts), dtype=np.bool_)
    for row in np.flatnonzero(time_us == NEVER).tolist():
        time_us[row] = _dialect_us(texts[row])
    if min(map(len, texts), default=_DATE_CHARACTERS + 1) <= _DATE_CHARACTERS:
        alone = ["-" in text[1:] and len(text) <= _DATE_CHARACTERS for text in texts]
        time_us[np.array(alone)] = NEVER
    # Each instant read has one Z at most, so as many of them as texts are one each.
    if whole.count("Z") == len(texts) and bool((time_us != NEVER).all()):
        return Instants(time_us, zoneless)
    for i, text in enumerate(texts):
        if text[-1:] != "Z" and not text.isdigit() and time_us[i] != NEVER:
            zoneless[i] = ":" in text and not _ZONED.search(text.strip()[_DATE_CHARACTERS:])
    return Instants(time_us, zoneless)


def _mixed_us(texts: Sequence[str]) -> type_i64:
    """Read a column in which some instants are epoch numbers, those by array."""
    time_us = np.full(len(texts), NEVER, dtype=np.int64)
    numeric = [text.replace(".", "", 1).isdecimal() for text in texts]
    rows = np.flatnonzero(numeric)
    time_us[rows] = epoch_us(numbers([texts[i] for i in rows.tolist()]))
    rows = np.flatnonzero(~np.array(numeric, dtype=np.bool_))
    time_us[rows] = iso_us([texts[i] for i in rows.tolist()])
    return time_us


def _dialect_us(text: str) -> int:
    """Read a date with slashes, an hour of 24, a second of 60, a lone offset hour."""
    found = _INSTANT.fullmatch(text[:_INSTANT_LIMIT].strip())
    if found is None:
        return NEVER
    year, month, day, hour, minute, second = (int(g or 0) for g in found.groups()[:6])
    if hour > 24 or minute > 59 or second > 60:  # noqa: PLR2004 - ISO 8601 allows 24:00 and :60
        return NEVER
    try:
        moment = datetime(year, month, day, tzinfo=UTC)
    except ValueError:
        return NEVER
    fraction_us = int((found[7] or "0").ljust(6, "0")[:6])
    span = timedelta(hours=hour, minutes=minute, seconds=second, microseconds=fraction_us)
    zone = (found[8] or "").upper()
    if zone[:1] in {"+", "-"}:
        offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[3:].lstrip(":") or 0))
        span += -offset if zone[0] == "+" else offset
    return from_datetime(moment) + span // timedelta(microseconds=1)


def note(faults: Faults, code: str, rows: type_bool, where: Callable[[int], str]) -> None:
    """Count the rows that a fault strikes, with the place of the first."""
    n_rows = int(np.count_nonzero(rows))
    if n_rows:
        faults.add(code, where(int(np.argmax(rows))), n_rows)


def sift(
    rows: Rows, faults: Faults, where: Callable[[int], str]
) -> tuple[Positions, NDArray[np.intp]]:
    """Keep the rows that are dated positions; count the others, each with its own place.

    Rows without any instant are counted as ``position-undated``, and not as wrong ones.

    Parameters
    ----------
    where : callable
        Tells a person where a row stands in the file: ``"line 12"``.

    Returns
    -------
    positions : Positions
        What was kept, in the same order.
    kept : int array
        The rows it came from.

    Examples
    --------
    >>> faults = Faults()
    >>> rows = Rows(np.array([10**15, 10**15]), np.array([46.0, 460.0]), np.array([-1.0, -1.0]))
    >>> sift(rows, faults, "line {}".format)[1]
    array([0])
    >>> faults.listed()
    (Fault(code='position-outside-globe', count=1, where='line 1'),)
    """
    good = good_rows(rows, Faults(), "")
    kept = np.flatnonzero(good)
    if kept.size == good.size:
        return dated_positions(rows, faults), kept
    bad = np.flatnonzero(~good)
    undated = rows.time_us == NEVER
    note(faults, "position-undated", undated, where)
    wrong = bad[~undated[bad]]
    for at in wrong[:_EACH_LIMIT]:
        good_rows(_rows_at(rows, np.array([at])), faults, where(int(at)))
    if wrong.size > _EACH_LIMIT:
        rest = wrong[_EACH_LIMIT:]
        good_rows(_rows_at(rows, rest), faults, where(int(rest[0])))
    return dated_positions(_rows_at(rows, kept), faults), kept


def _rows_at(rows: Rows, index: NDArray[np.intp]) -> Rows:
    def kept(column: type_f64 | None) -> type_f64 | None:
        return None if column is None else column[index]

    return Rows(
        rows.time_us[index],
        rows.lat_deg[index],
        rows.lon_deg[index],
        kept(rows.accuracy_m),
        kept(rows.speed_mps),
        kept(rows.bearing_deg),
        kept(rows.altitude_m),
    )


def positive(values: type_f64) -> type_f64:
    """Turn zero and less into NaN: no fix is exact, and recorders write 0 for "unknown"."""
    return np.where(values > 0.0, values, np.nan)


def bearing(values: type_f64) -> type_f64:
    """Bring bearings into 0 to 360 excluded; what is no bearing is NaN."""
    whole = 360.0
    within = np.where((values >= 0.0) & (values < whole), values, np.nan)
    # No remainder is asked for: of a column without bearings it took a tenth of a file's time.
    return np.where(values == whole, 0.0, within)


def veiled(text: str) -> str:
    """Make a stable short tag of a name, from which the name cannot be read off.

    Examples
    --------
    >>> veiled("GPSLogger") == veiled("gpslogger "), len(veiled("x"))
    (True, 12)
    """
    plain = " ".join(text.lower().split())
    return hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:12]
