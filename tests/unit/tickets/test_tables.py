"""Any table with known columns comes back; hostile ones are refused; no row goes silently."""

from __future__ import annotations

import csv
import io
from datetime import UTC, date, datetime, time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.errors import (
    FileEmpty,
    FileHostile,
    FileTooLarge,
    Refusal,
    TableTooLong,
    TableUnreadable,
)
from estran.tickets.tables.mapping import guess, read
from estran.tickets.tables.opening import MOST_ROWS, open_table

from .sheets import ods, packed, xlsx

HEAD = [
    "Date",
    "Heure départ",
    "Gare de départ",
    "Heure arrivée",
    "Gare d'arrivée",
    "Train",
    "Prix",
]

names = st.text("abcdeéèçÉ -'", min_size=3, max_size=20).filter(lambda t: t.strip(" -'") != "")
rows = st.lists(
    st.tuples(
        st.dates(date(2001, 1, 1), date(2099, 12, 31)), st.times(), names, st.times(), names,
        st.integers(1, 99999), st.integers(0, 99999),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


def told(row: tuple[Any, ...], day_format: str) -> list[str]:
    day, departs, origin, arrives, destination, train, cents = row
    return [
        day.strftime(day_format), f"{departs:%H:%M}", origin, f"{arrives:%Hh%M}", destination,
        str(train), f"{cents / 100:.2f}".replace(".", ","),
    ]  # fmt: skip


def as_csv(lines: list[list[str]], separator: str, encoding: str) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator).writerows(lines)
    return out.getvalue().encode(encoding)


@given(
    rows=rows,
    form=st.sampled_from(["csv;", "csv\t", "csv|", "xlsx", "ods"]),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
    day_format=st.sampled_from(["%Y-%m-%d", "%d/%m/%Y", "%d.%m.%Y"]),
)
def test_any_table_comes_back(rows, form, encoding, day_format):
    lines = [HEAD, *(told(row, day_format) for row in rows)]
    if form.startswith("csv"):
        content = as_csv(lines, form[3:], encoding)
    else:
        content = xlsx(lines) if form == "xlsx" else ods(lines)
    table = open_table(content, "t")
    mapping = guess(table)
    found = read(table, type(mapping)(mapping.columns, mapping.preset, mapping.mode, True))
    assert not found.flawed
    for draft, row in zip(found.drafts, rows, strict=True):
        day, departs, origin, arrives, destination, train, cents = row
        assert draft.day == day.isoformat()
        assert (draft.departs, draft.arrives) == (f"{departs:%H:%M}", f"{arrives:%H:%M}")
        assert draft.origin == " ".join(origin.split())
        assert draft.destination == " ".join(destination.split())
        assert draft.number == str(train)
        assert float(draft.price.replace(",", ".")) == cents / 100


def test_dates_of_a_spreadsheet_are_dates():
    begun = datetime(1899, 12, 30, tzinfo=UTC)
    serial = (datetime(2026, 6, 1, 8, 5, tzinfo=UTC) - begun).total_seconds() / 86400
    table = open_table(
        xlsx([["Date", "De", "Vers"], [serial, "A", "B"]], dates=frozenset({0})), "t"
    )
    assert table.rows[0][0] == "2026-06-01 08:05"
    [draft] = read(table, guess(table)).drafts
    assert (draft.day, draft.departs) == ("2026-06-01", "08:05")


def test_a_title_above_the_names_is_passed_over():
    text = "Relevé de voyages;;\n;;\nDate;Heure;Départ\n01/06/2026;08:00;Niort\n"
    table = open_table(text.encode(), "t")
    assert table.header == ("Date", "Heure", "Départ")
    assert read(table, guess(table)).flawed[0].row == 4 - 1


def test_every_row_is_told_or_read():
    text = "Date;Heure;Départ;Arrivée\n01/06/2026;08:00;A;B\nx;08:00;A;B\n01/06/2026;;A;B\n02/06/2026;8h;;B\n"  # noqa: E501 - as it is written
    found = read(table := open_table(text.encode(), "t"), guess(table))
    assert len(found.drafts) + len(found.flawed) == 4
    assert [(d.row, d.flaws[0].code) for d in found.flawed] == [
        (3, "day-unreadable"), (4, "clock-unreadable"), (5, "end-missing"),
    ]  # fmt: skip


def test_days_of_a_badge_count_once():
    text = "Badge;Date\n1;01/06/2026\n1;01/06/2026\n1;02/06/2026\n"
    table = open_table(text.encode(), "t")
    mapping = guess(table)
    assert mapping.preset == "badge"
    assert read(table, mapping).days == (date(2026, 6, 1), date(2026, 6, 2))


def test_a_mast_without_a_place_is_told_so():
    text = "Date;Heure;Cell ID\n01/06/2026;08:00;208-01-1-2\n"
    table = open_table(text.encode(), "t")
    mapping = guess(table)
    assert mapping.preset == "phone"
    assert [d.flaws[0].code for d in read(table, mapping).flawed] == ["mast-unplaced"]


def test_a_formula_is_a_text():
    text = 'Date;Heure;Départ;Arrivée\n01/06/2026;08:00;"=HYPERLINK(""http://x"")";@SUM(A1)\n'
    [draft] = read(table := open_table(text.encode(), "t"), guess(table)).drafts
    assert draft.origin.startswith("=HYPERLINK")


BOMB = packed({
    "xl/worksheets/sheet1.xml": b"<worksheet><sheetData>" + b" " * (60 << 20) + b"</sheetData></worksheet>",  # noqa: E501 - as it is written
})  # fmt: skip
ENTITIES = packed({
    "content.xml": '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>',  # noqa: E501 - as it is written
})  # fmt: skip


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileEmpty), (b" \n ", FileEmpty), (b"%PDF-1.7 ...", TableUnreadable),
        (b"\xd0\xcf\x11\xe0" + bytes(600), TableUnreadable), (b"{}", TableUnreadable),
        (b"PK\x03\x04nonsense", TableUnreadable), (packed({"a.txt": "x"}), TableUnreadable),
        (BOMB, FileHostile), (ENTITIES, FileHostile),
        (packed({f"x{n}": "" for n in range(3000)}), FileHostile),
        (xlsx([["Date", "De"], ["1", "2"]])[:-200], TableUnreadable),
        (b"a;b\n" * (MOST_ROWS + 100), TableTooLong), (b"x" * (25 << 20), FileTooLarge),
    ],
)  # fmt: skip
def test_what_is_no_sound_table_is_refused(content, refusal):
    with pytest.raises(refusal):
        open_table(content, "t")


def test_a_million_rows_are_refused_without_reading_them_all():
    line = b"01/06/2026;08:00;A;B\n"
    with pytest.raises(TableTooLong):
        open_table(b"Date;Heure;De;Vers\n" + line * 1_000_000, "t")


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(content):
    for head in (b"", b"PK\x03\x04"):
        try:
            table = open_table(head + content, "t")
        except Refusal:
            continue
        read(table, guess(table))


def test_a_clock_of_midnight_is_read():
    assert time(0, 0).isoformat(timespec="minutes") == "00:00"
    text = "Date;Heure;De;Vers\n2026-06-01;00:00;A;B\n"
    [draft] = read(table := open_table(text.encode(), "t"), guess(table)).drafts
    assert draft.departs == "00:00"
