"""Instants of tables: one column or two, and which of day and month comes first."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from estran.formats.fields import Instants, instants

_PARTED = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4}|\d{2})(?:[T ,]+|$)(?:à )?(.*)", re.DOTALL)
_CLOCK = re.compile(
    r"(\d{1,2})[:hH](\d{2})(?:[:mM](\d{2})s?)?(?:[.,](\d{1,9}))?\s*([AaPp])?\.?[Mm]?\.?\s*"
    r"(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
)
_COMPACT = re.compile(r"(19|20)\d{6}(?:[T ]?\d{6})?")
_FULL_YEAR_DIGITS = 4
_NOON = 12
_TWENTY_FIRST = 2000


@dataclass(frozen=True, slots=True)
class Order:
    """Which of day and month comes first in dates such as 03/04/2024.

    Parameters
    ----------
    day_first : bool
        What to read.
    sure : bool
        False when the rows looked at can be read both ways.
    parted : bool
        Whether dates are written in this manner at all.
    """

    day_first: bool = True
    sure: bool = True
    parted: bool = False


def order_of(texts: Sequence[str]) -> Order:
    """Tell the order of day and month from a column's own evidence.

    Examples
    --------
    >>> order_of(["03/04/2024 10:00", "13/04/2024 10:00"])
    Order(day_first=True, sure=True, parted=True)
    >>> order_of(["03/04/2024"]).sure, order_of(["04/13/2024"]).day_first
    (False, False)
    """
    found = [_PARTED.fullmatch(text.strip()) for text in texts]
    pairs = [(int(m[1]), int(m[2])) for m in found if m]
    if not pairs:
        return Order()
    n_day_first = sum(first > _NOON for first, _ in pairs)
    n_month_first = sum(second > _NOON for _, second in pairs)
    return Order(n_day_first >= n_month_first, n_day_first != n_month_first, parted=True)


def _iso(text: str, order: Order) -> str:
    """Rewrite one date and time as ISO 8601, as far as it can be understood."""
    text = text.strip()
    parted = _PARTED.fullmatch(text)
    if parted is None:
        return _from_compact(text)
    first, second, year = int(parted[1]), int(parted[2]), int(parted[3])
    if len(parted[3]) < _FULL_YEAR_DIGITS:
        year += _TWENTY_FIRST
    day, month = (first, second) if order.day_first else (second, first)
    return f"{year:04d}-{month:02d}-{day:02d}T{_clock(parted[4])}"


def _clock(text: str) -> str:
    """Rewrite a time of day with 24 hours; what is none is given back."""
    found = _CLOCK.fullmatch(text.strip())
    if found is None:
        return text
    hour = int(found[1])
    if found[5]:
        hour = hour % _NOON + (_NOON if found[5] in "Pp" else 0)
    fraction = f".{found[4]}" if found[4] else ""
    return f"{hour:02d}:{found[2]}:{found[3] or '00'}{fraction}{(found[6] or '').upper()}"


def _from_compact(text: str) -> str:
    if not _COMPACT.fullmatch(text):
        return text
    digits = text.replace("T", "").replace(" ", "")
    date = f"{digits[:4]}-{digits[4:6]}-{digits[6:8]}"
    if len(digits) == 8:  # noqa: PLR2004 - a date alone
        return date
    return f"{date}T{digits[8:10]}:{digits[10:12]}:{digits[12:14]}"


def read_instants(texts: Sequence[str], order: Order) -> Instants:
    """Read one column of instants; see :func:`~estran.formats.fields.instants`.

    Examples
    --------
    >>> read_instants(["31/12/2023 11:30 PM"], order_of(["31/12/2023"])).time_us.tolist()
    [1704065400000000]
    """
    if order.parted or _looks_compact(texts):
        texts = [_iso(text, order) for text in texts]
    return instants(texts)


def _looks_compact(texts: Sequence[str]) -> bool:
    return bool(texts) and _COMPACT.fullmatch(texts[0].strip()) is not None


def joined(dates: Sequence[str], clocks: Sequence[str], offsets: Sequence[str]) -> list[str]:
    """Put a column of dates and one of times of day together, with their offset if any.

    Examples
    --------
    >>> joined(["2005/05/01", "20050501"], ["10:12:47", "101247"], ["", "+02:00"])
    ['2005-05-01T10:12:47', '2005-05-01T10:12:47+02:00']
    """
    out = []
    for date, clock, offset in zip(dates, clocks, offsets, strict=True):
        day, hour = date.strip(), clock.strip()
        if len(hour) == 6 and hour.isdigit():  # noqa: PLR2004 - hhmmss
            hour = f"{hour[:2]}:{hour[2:4]}:{hour[4:]}"
        elif hour[2:3] != ":" or hour[-1:] in "Mm.":
            hour = _clock(hour)
        if day[4:5] in {"/", "."}:
            day = day.replace(day[4], "-")
        elif day.isdigit():
            day = _from_compact(day)
        if not day or not hour:
            out.append("")
        else:
            glue = "T" if day[4:5] == "-" else " "
            out.append(f"{day}{glue}{hour}{offset.strip()}")
    return out
