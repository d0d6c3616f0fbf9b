"""An archive holds everything, comes back the same, and is refused where it is not whole."""

from __future__ import annotations

import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from typing import cast

import numpy as np
import pytest

from estran.analyse import analyse
from estran.carbon import factor_set, price
from estran.coach.corrections import Correction
from estran.errors import ArchiveDamaged, ArchiveNewer, ArchiveUnknown, FileHostile, Refusal
from estran.example import evidence
from estran.giving.archive import Contents, write_archive
from estran.giving.entries import write_entries
from estran.giving.opening import Archive, ArchiveLimits
from estran.giving.tables import read_table
from estran.journal import Mode
from estran.trace import Positions
from estran.vault.chunks import OWNERS, SCHEMAS, Chunk, Kind, columns_of
from estran.web.me.records import encode_entries

US = 86_400_000_000


@pytest.fixture(scope="module")
def seen():
    return evidence(date(2025, 6, 18), date(2025, 6, 20))[0]


@pytest.fixture(scope="module")
def journal(seen):
    return price(analyse(seen), factors=factor_set())


def chunks_of(seen, kind):
    values = {
        Kind.POSITIONS: seen.trace, Kind.ACTIVITIES: seen.activities,
        Kind.CLAIMS: seen.claims, Kind.MARKS: seen.marks,
    }[kind]  # fmt: skip
    if not len(values):
        return
    rows = columns_of(values)
    days = rows[next(iter(SCHEMAS[kind]))] // US
    for day in np.unique(days):
        for number, source in enumerate(seen.sources):
            these = (days == day) & (values.source == number)
            if these.any():
                part = {name: column[these] for name, column in rows.items()}
                part[OWNERS] = (np.arange(int(these.sum())) % 2).astype("u2")
                yield Chunk(kind, int(day), source, (("one",), ("one", "two")), part)


@pytest.fixture(scope="module")
def contents(seen, journal):
    trip = journal.trips[0]
    leg = trip.legs[0]
    said = Correction(
        id="c1", start_us=leg.started_us, end_us=leg.ended_us, mode=Mode.FERRY, made_at_us=5
    )
    return Contents(
        chunks=lambda kind: chunks_of(seen, kind),
        entries=lambda: journal.entries,
        corrected=lambda: journal.entries,
        made_by=journal.made_by,
        corrections=(said,),
        made_at_us=1_750_000_000_000_000,
        documents={"places": {"home": {"name": "chez moi"}}},
        access_log=[{"number": 1}],
        n_rows=len(seen.trace),
    )


@pytest.fixture(scope="module")
def whole(contents):
    out = io.BytesIO()
    write_archive(out, contents)
    return out.getvalue()


def test_everything_comes_back(whole, seen, journal, contents):
    archive = Archive(io.BytesIO(whole))
    shares: list[float] = []
    archive.check(tell=shares.append)
    assert shares == sorted(shares)
    back = archive.journal()
    assert write_entries(list(back.entries), back.made_by) == write_entries(
        list(journal.entries), journal.made_by
    )
    assert encode_entries(back.entries) == encode_entries(journal.entries)
    assert archive.corrections() == contents.corrections
    assert archive.documents() == ["places"]
    assert archive.document("places") == {"home": {"name": "chez moi"}}
    rows = list(archive.rows(Kind.POSITIONS))
    assert sum(len(r.values) for r in rows) == len(seen.trace) == archive.manifest.counts.positions
    assert {r.import_ids for r in rows} == {("one",), ("one", "two")}
    lat_deg = np.concatenate([cast("Positions", r.values).lat_deg for r in rows])
    assert np.allclose(np.sort(lat_deg), np.sort(np.rint(seen.trace.lat_deg * 1e7) / 1e7), atol=0)


def test_the_same_content_gives_the_same_bytes(whole, contents):
    again = io.BytesIO()
    write_archive(again, contents)
    assert again.getvalue() == whole


def test_a_person_can_read_it_with_other_tools(whole):
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        assert "Reglages" not in opened.read("LISEZMOI.txt").decode()
        assert "trips.csv" in opened.read("README.txt").decode()
        assert opened.read("trips.csv").decode().startswith("trip,leg,start_utc")
        assert json.loads(opened.read("journal.geojson"))["features"]
        pandas = pytest.importorskip("pyarrow.parquet")
        table = pandas.read_table(io.BytesIO(opened.read("positions.parquet")))
        assert str(table.schema.field("time").type) == "timestamp[us, tz=UTC]"
        assert table.schema.names[1:3] == ["lat_deg", "lon_deg"]


def test_an_archive_cut_anywhere_is_refused(whole):
    for n in (0, 10, 60, len(whole) // 2, len(whole) - 30, len(whole) - 1):
        with pytest.raises(Refusal) as caught:
            Archive(io.BytesIO(whole[:n])).check()
        assert caught.value.code in {"archive-damaged", "archive-unknown"}


def test_any_altered_byte_is_refused(whole):
    rng = np.random.default_rng(3)
    for at in rng.integers(0, len(whole), 150).tolist():
        altered = bytearray(whole)
        altered[at] ^= 0x41
        try:
            archive = Archive(io.BytesIO(bytes(altered)))
            archive.check()
        except Refusal:
            continue
        # What no member holds: a date or a right in the zip's own list.
        with (
            zipfile.ZipFile(io.BytesIO(bytes(altered))) as a,
            zipfile.ZipFile(io.BytesIO(whole)) as b,
        ):
            assert all(a.read(name) == b.read(name) for name in b.namelist())


def rezipped(whole, change):
    """Write the archive anew with members changed, added (name, bytes) or left out (None)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(whole)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            content = change.get(info.filename, old.read(info.filename))
            if content is not None:
                kept = zipfile.ZipInfo(info.filename)
                kept.compress_type = info.compress_type
                new.writestr(kept, content)
        for name, content in change.items():
            if name not in old.namelist() and content is not None:
                new.writestr(name, content)
    return io.BytesIO(out.getvalue())


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"estran.txt": b"estran.archive/2\n"}, ArchiveNewer),
        ({"estran.txt": b"something else"}, ArchiveUnknown),
        ({"corrections.json": b"[]"}, ArchiveDamaged),
        ({"corrections.json": None}, ArchiveDamaged),
        ({"manifest.json": b"{}"}, ArchiveDamaged),
        ({"extra.json": b"{}"}, ArchiveDamaged),
        ({"../../etc/passwd": b"x"}, FileHostile),
        ({"/abs.json": b"x"}, FileHostile),
        ({"a/b/c.json": b"x"}, FileHostile),
        ({"journal/..": b"x"}, FileHostile),
    ],
)
def test_a_changed_archive_is_refused(whole, change, refusal):
    with pytest.raises(refusal):
        Archive(rezipped(whole, change)).check()


def test_another_zip_is_no_archive():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as other:
        other.writestr("a.gpx", "<gpx/>")
    with pytest.raises(ArchiveUnknown):
        Archive(out)


def test_a_bomb_is_refused_before_it_bursts(whole):
    with pytest.raises(FileHostile):
        Archive(io.BytesIO(whole), limits=ArchiveLimits(document_bytes=100)).check()
    small = ArchiveLimits(unpacked_bytes=1000)
    with pytest.raises(FileHostile):
        Archive(io.BytesIO(whole), limits=small)
    with pytest.raises(FileHostile):
        Archive(io.BytesIO(whole), limits=replace(small, unpacked_bytes=2**40, n_members=3))


def test_a_broken_table_is_refused(whole):
    with zipfile.ZipFile(io.BytesIO(whole)) as opened:
        table = bytearray(opened.read("positions.parquet"))
    for at in (0, 10, len(table) // 2, len(table) - 20, len(table) - 5):
        broken = bytes(table[:at]) + b"\x99" * 4 + bytes(table[at + 4 :])
        try:
            for _ in read_table(io.BytesIO(broken), Kind.POSITIONS):
                pass
        except ArchiveDamaged:
            continue
    with pytest.raises(ArchiveDamaged):
        list(read_table(io.BytesIO(b"PAR1" * 20), Kind.POSITIONS))
    with pytest.raises(ArchiveDamaged):
        list(read_table(io.BytesIO(bytes(table)), Kind.CLAIMS))
