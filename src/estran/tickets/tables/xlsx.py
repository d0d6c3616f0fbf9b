"""Rows of the first sheet of an XLSX: values as texts, dates as ISO 8601; no formula is run."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from xml.etree.ElementTree import Element

from estran.tickets.tables.parts import MOST_COLUMNS, Parts, attribute, local, plain

MOST_TEXTS = 2_000_000
_BUILTIN_DATES = frozenset({14, 15, 16, 17, 18, 19, 20, 21, 22, 45, 46, 47})
_QUOTED = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.|\*.')
_DATE_MARKS = re.compile(r"[dmyhs]", re.IGNORECASE)
_REFERENCE = re.compile(r"([A-Z]{1,3})\d+")
_EPOCH_1900 = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's clock has no zone
_EPOCH_1904 = datetime(1904, 1, 1)  # noqa: DTZ001 - same
_LAST_DAY = 80_000
"""A serial beyond the year 2118 is no date."""


def rows(parts: Parts) -> Iterator[list[str]]:
    """Give the rows of the first sheet."""
    sheet = _first_sheet(parts)
    texts = list(_texts(parts))
    dates = _date_styles(parts)
    epoch = _epoch(parts)
    for _, row in parts.elements(sheet, frozenset({"row"})):
        cells: list[str] = []
        for cell in row:
            if local(cell.tag) != "c":
                continue
            at = _column(attribute(cell, "r"), len(cells))
            if at >= MOST_COLUMNS:
                break
            cells += [""] * (at - len(cells))
            cells[at:] = [_value(cell, texts, dates, epoch)]
        yield cells


def _first_sheet(parts: Parts) -> str:
    sheets = [n for n in parts.names() if re.fullmatch(r"xl/worksheets/sheet\d+\.xml", n)]
    if not sheets:
        msg = "no sheet"
        raise ValueError(msg)
    return min(sheets, key=lambda n: int(re.sub(r"\D", "", n.rpartition("/")[2])))


def _texts(parts: Parts) -> Iterator[str]:
    if "xl/sharedStrings.xml" not in parts:
        return
    for n, (_, item) in enumerate(parts.elements("xl/sharedStrings.xml", frozenset({"si"}))):
        if n > MOST_TEXTS:
            msg = "too many texts"
            raise ValueError(msg)
        yield _text_of(item)[:1000]


def _text_of(item: Element) -> str:
    """Join the runs of a text, without what only tells how it is pronounced."""
    pieces: list[str] = []
    for child in item:
        if local(child.tag) == "t":
            pieces.append(child.text or "")
        elif local(child.tag) == "r":
            pieces += [t.text or "" for t in child if local(t.tag) == "t"]
    return "".join(pieces)


def _date_styles(parts: Parts) -> frozenset[int]:
    """Tell which styles of cells show a date or a time."""
    if "xl/styles.xml" not in parts:
        return frozenset()
    own: dict[int, str] = {}
    styles: list[int] = []
    for name, element in parts.elements("xl/styles.xml", frozenset({"numFmt", "cellXfs"})):
        if name == "numFmt":
            own[int(attribute(element, "numFmtId", "0"))] = attribute(element, "formatCode")
        else:
            styles = [int(attribute(xf, "numFmtId", "0")) for xf in element]
    return frozenset(
        k
        for k, number in enumerate(styles)
        if number in _BUILTIN_DATES or _DATE_MARKS.search(_QUOTED.sub("", own.get(number, "")))
    )


def _epoch(parts: Parts) -> datetime:
    if "xl/workbook.xml" in parts:
        for _, told in parts.elements("xl/workbook.xml", frozenset({"workbookPr"})):
            if attribute(told, "date1904") in {"1", "true"}:
                return _EPOCH_1904
    return _EPOCH_1900


def _column(reference: str, otherwise: int) -> int:
    found = _REFERENCE.fullmatch(reference)
    if found is None:
        return otherwise
    at = 0
    for letter in found[1]:
        at = at * 26 + ord(letter) - ord("A") + 1
    return max(at - 1, otherwise)


def _value(cell: Element, texts: list[str], dates: frozenset[int], epoch: datetime) -> str:
    kind = attribute(cell, "t")
    if kind == "inlineStr":
        return "".join(_text_of(child) for child in cell if local(child.tag) == "is")
    text = next((child.text or "" for child in cell if local(child.tag) == "v"), "")
    if kind == "s":
        return texts[int(text)] if text.isdigit() and int(text) < len(texts) else ""
    if kind in {"str", "e", "b", "d"} or not text:
        return text
    style = attribute(cell, "s", "0")
    is_date = style.isdigit() and int(style) in dates
    return _dated(float(text), epoch) if is_date else plain(float(text))


def _dated(serial: float, epoch: datetime) -> str:
    if not 0 <= serial < _LAST_DAY:
        return ""
    at = epoch + timedelta(seconds=round(serial * 86_400))
    if serial < 1:
        return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"
    if serial == int(serial):
        return at.date().isoformat()
    return at.isoformat(sep=" ", timespec="minutes")
