"""Rows of the first sheet of an ODS: values as texts, dates as ISO 8601."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from estran.tickets.tables.parts import MOST_COLUMNS, Parts, attribute, local, plain

_HOURS = re.compile(r"PT(\d+)H(\d+)M(\d+)(?:[.,]\d+)?S")
_MOST_REPEATED_ROWS = 200
"""Empty rows are repeated to the end of the sheet; full ones seldom."""


def rows(parts: Parts) -> Iterator[list[str]]:
    """Give the rows of the first sheet."""
    wanted = frozenset({"table-row", "table"})
    for name, element in parts.elements("content.xml", wanted):
        if name == "table":
            return
        cells = _cells(element)
        n_times = min(_count(element, "number-rows-repeated"), _MOST_REPEATED_ROWS)
        for _ in range(n_times if any(cells) else 1):
            yield cells


def _count(element: Element, name: str) -> int:
    told = attribute(element, name, "1")
    return max(int(told), 1) if told.isdigit() else 1


def _cells(row: Element) -> list[str]:
    cells: list[str] = []
    for cell in row:
        if local(cell.tag) not in {"table-cell", "covered-table-cell"}:
            continue
        n_times = min(_count(cell, "number-columns-repeated"), MOST_COLUMNS - len(cells))
        cells += [_value(cell)] * n_times
        if len(cells) >= MOST_COLUMNS:
            break
    return cells


def _value(cell: Element) -> str:
    kind = attribute(cell, "value-type")
    if kind == "date":
        return attribute(cell, "date-value").replace("T", " ")
    if kind == "time":
        found = _HOURS.fullmatch(attribute(cell, "time-value"))
        return f"{int(found[1]):02d}:{int(found[2]):02d}" if found else ""
    if kind in {"float", "currency"}:
        value = float(attribute(cell, "value", "0"))
        return plain(value)
    paragraphs = [p for p in cell if local(p.tag) == "p"]
    return " ".join("".join(p.itertext()) for p in paragraphs)
