"""Taking everything along, bringing it back, moving it: the same journal, nothing doubled."""

from __future__ import annotations

import io
import json
import zipfile
from math import nan

import msgspec
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from estran.coach.corrections import Correction, SaidLeg
from estran.errors import ArchiveDamaged
from estran.giving.opening import Archive
from estran.journal import Mark, Mode, Purpose, Trip
from estran.vault.audit import Act
from estran.vault.chunks import Kind
from estran.web.me import work
from estran.web.me.models import Import
from estran.web.me.records import encode_entries
from estran.web.portability import kinds, making, taking
from estran.web.portability.files import path_of
from estran.web.portability.gathering import entries
from estran.web.portability.models import Passage
from estran.web.portability.work import tidy

from .conftest import Somebody, track
from .test_imports import vault_of

pytestmark = pytest.mark.django_db


def journal_of(who: Somebody) -> bytes:
    return encode_entries(entries(vault_of(who), with_corrections=True))


def rows_of(who: Somebody) -> int:
    vault = vault_of(who)
    return sum(vault.n_rows(kind) for kind in Kind)


@pytest.fixture
def lived(alice: Somebody, work_off) -> Somebody:
    """Alice brought two overlapping days and said that a ride was by bike."""
    alice.bring(("a.json", track()))
    alice.bring(("b.json", track()), ("c.json", track(day="2026-06-02", lat=46.3)))
    work_off()
    vault = vault_of(alice)
    trip = next(t for t in entries(vault, with_corrections=False) if hasattr(t, "legs"))
    leg = trip.legs[0]
    work.correct_mode(vault, start_us=leg.started_us, end_us=leg.ended_us, mode=Mode.E_BIKE)
    return alice


def ask(who: Somebody, work_off, **values: str):
    answer = who.client.post("/everywhere/export/", {"form": "estran", **values})
    assert answer.status_code == 302, answer.content.decode()
    work_off()
    return Passage.objects.get(pk=answer.headers["Location"].split("/")[-2])


def download(who: Somebody, row: Passage, **headers: str):
    return who.client.get(f"/everywhere/{row.pk}/file/", headers=headers)


def archive_of(who: Somebody, work_off, **values: str) -> bytes:
    row = ask(who, work_off, **values)
    assert row.state == Passage.State.DONE, row.error
    answer = download(who, row)
    content = b"".join(answer.streaming_content)
    assert len(content) == int(answer.headers["Content-Length"]) == row.size_bytes
    return content


def bring_back(who: Somebody, archive: bytes, work_off, passphrase: str = "") -> Passage:
    upload = SimpleUploadedFile("mine.estran", archive)
    values = {"files": upload, "passphrase": passphrase}
    answer = who.client.post("/everywhere/restore/", values)
    assert answer.status_code == 302, answer.content.decode()
    work_off()
    return Passage.objects.get(pk=answer.headers["Location"].split("/")[-2])


def test_an_archive_gives_another_account_the_same_journal(lived, bob, work_off):
    archive = archive_of(lived, work_off)
    row = bring_back(bob, archive, work_off)
    assert row.state == Passage.State.DONE, row.error
    assert journal_of(bob) == journal_of(lived)
    assert rows_of(bob) == rows_of(lived)
    said, kept = work.corrections(vault_of(bob)), work.corrections(vault_of(lived))
    assert said == kept != ()
    assert vault_of(bob).sources() == vault_of(lived).sources()
    assert not path_of(row.pk).exists()
    assert "Nouvelles corrections" in bob.client.get(f"/everywhere/{row.pk}/").content.decode()


def test_an_archive_takes_along_whatever_was_said(lived, bob, work_off):
    """Every kind, and what a site of before these kinds wrote: a mode and nothing beside."""
    vault = vault_of(lived)
    trip = next(t for t in entries(vault, with_corrections=False) if isinstance(t, Trip))
    span = {"start_us": trip.started_us, "end_us": trip.ended_us}
    day_us = 86_400_000_000
    flown = {name: at_us - 10 * day_us for name, at_us in span.items()}
    start_us, end_us = flown["start_us"], flown["end_us"]
    leg = SaidLeg(Mode.PLANE, start_us, end_us, (46.16, -1.15), (41.8, 12.25), energy="x")
    work.say(
        vault,
        [
            work.new_correction(kind="purpose", purpose=Purpose.WORK, **span),
            work.new_correction(kind="mark", mark=Mark.PRIVATE, **span),
            work.new_correction(kind="ends", to_deg=(46.3, -1.1), **span),
            work.new_correction(kind="times", new_start_us=trip.started_us - 60_000_000, **span),
            work.new_correction(
                kind="path", path_deg=((46.16, -1.15), (46.2, -1.1), (46.3, -1.1)), **span
            ),
            work.new_correction(kind="vehicle", energy="electric", occupants=nan, **span),
            work.new_correction(kind="add", legs=(leg,), **flown),
        ],
    )
    assert bring_back(bob, archive_of(lived, work_off), work_off).state == Passage.State.DONE
    assert journal_of(bob) == journal_of(lived)
    assert [c.id for c in work.corrections(vault_of(bob))] == [
        c.id for c in work.corrections(vault)
    ]
    assert [len(batch.said) for batch in work.history(vault_of(bob))] == [7, 1]
    old = {"id": "old", "start_us": 1, "end_us": 2, "mode": "tram", "made_at_us": 3}
    told = msgspec.json.decode(msgspec.json.encode([old]), type=tuple[Correction, ...])
    assert told == (Correction(id="old", start_us=1, end_us=2, mode=Mode.TRAM, made_at_us=3),)


@pytest.mark.parametrize(
    "said",
    [
        {"kind": "distance", "distance_m": -5.0},
        {"kind": "ends", "to_deg": (95.0, 0.0)},
        {"kind": "vehicle", "occupants": 0.5},
        {"kind": "purpose", "tz": "Mars/Olympus"},
        {"kind": "add"},
        {"id": "../x"},
    ],
)
def test_an_archive_that_says_what_cannot_be_is_refused(said):
    fields = {"id": "x", "start_us": 1, "end_us": 2, "made_at_us": 3, "mode": Mode.CAR, **said}
    with pytest.raises(ArchiveDamaged):
        taking._check(Correction(**fields))
    taking._check(Correction(**{**fields, "id": "x", "kind": "of-a-later-release"}))


def test_the_same_archive_twice_counts_once(lived, bob, work_off):
    archive = archive_of(lived, work_off)
    before = journal_of(lived), rows_of(lived), Import.objects.count()
    for who in (lived, bob, bob):
        assert bring_back(who, archive, work_off).state == Passage.State.DONE
    assert (journal_of(lived), rows_of(lived)) == before[:2]
    assert journal_of(bob) == before[0]
    assert Import.objects.filter(person=bob.person).count() == 2
    assert Import.objects.filter(person=lived.person).count() == 2


def test_an_archive_joins_what_is_there(lived, bob, work_off):
    bob.bring(("mine.json", track(day="2026-06-05")))
    work_off()
    n_own = rows_of(bob)
    bring_back(bob, archive_of(lived, work_off), work_off)
    assert rows_of(bob) == n_own + rows_of(lived)
    days = {day.isoformat() for day in work.known_days(vault_of(bob)).days}
    assert days == {"2026-06-01", "2026-06-02", "2026-06-05"}


def test_an_import_that_came_in_an_archive_can_be_taken_back(lived, bob, work_off):
    bring_back(bob, archive_of(lived, work_off), work_off)
    for row in Import.objects.filter(person=bob.person):
        assert bob.client.get(f"/import/{row.pk}/").status_code == 200
        bob.client.post(f"/import/{row.pk}/undo/")
    work_off()
    assert rows_of(bob) == 0
    assert rows_of(lived) > 0


def test_a_passphrase_closes_an_archive(lived, bob, work_off):
    archive = archive_of(lived, work_off, passphrase="ebb and flow")
    assert not archive.startswith(b"PK")
    upload = SimpleUploadedFile("mine.estran", archive)
    wrong = bob.client.post("/everywhere/restore/", {"files": upload, "passphrase": "other words"})
    assert wrong.status_code == 422
    assert "passphrase" in wrong.content.decode()
    assert rows_of(bob) == 0
    row = bring_back(bob, archive, work_off, "ebb and flow")
    assert row.state == Passage.State.DONE
    assert journal_of(bob) == journal_of(lived)


@pytest.mark.parametrize("passphrase", ["short", "1234567"])
def test_a_short_passphrase_is_refused(alice, passphrase):
    answer = alice.client.post("/everywhere/export/", {"form": "estran", "passphrase": passphrase})
    assert answer.status_code == 422


def changed(archive: bytes, change) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(archive)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, change(info.filename, old.read(info.filename)))
    return out.getvalue()


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (lambda a: a[: len(a) // 2], "archive-damaged"),
        (lambda a: a[:3000] + b"\x00\x01" + a[3002:], "archive-damaged"),
        (lambda _: b"PK\x05\x06" + bytes(18), "archive-unknown"),
        (lambda _: b"not one", "archive-unknown"),
        (
            lambda a: changed(a, lambda n, c: c.replace(b"/1", b"/7") if n == "estran.txt" else c),
            "archive-newer",
        ),
        (
            lambda a: changed(a, lambda n, c: b"[]" if n == "corrections.json" else c),
            "archive-damaged",
        ),
    ],
)
def test_a_bad_archive_changes_nothing(lived, bob, work_off, harm, code):
    archive = archive_of(lived, work_off)
    bob.bring(("mine.json", track(day="2026-06-05")))
    work_off()
    before = journal_of(bob), rows_of(bob)
    row = bring_back(bob, harm(archive), work_off)
    assert (row.state, row.error) == (Passage.State.FAILED, code)
    assert (journal_of(bob), rows_of(bob)) == before
    page = bob.client.get(f"/everywhere/{row.pk}/", headers={"Accept-Language": "fr"})
    assert page.status_code == 200


def test_a_download_goes_on_where_it_broke(lived, work_off):
    row = ask(lived, work_off)
    whole = b"".join(download(lived, row).streaming_content)
    first = download(lived, row, Range="bytes=0-999")
    assert first.status_code == 206
    assert first.headers["Content-Range"] == f"bytes 0-999/{len(whole)}"
    rest = download(lived, row, Range="bytes=1000-", If_Range=first.headers["ETag"])
    assert b"".join(first.streaming_content) + b"".join(rest.streaming_content) == whole
    assert download(lived, row, Range=f"bytes={len(whole)}-").status_code == 416
    again = download(lived, row, Range="bytes=5-", If_Range='"another"')
    assert again.status_code == 200


def test_a_made_copy_is_sealed_and_goes_after_its_time(lived, bob, work_off, data):
    row = ask(lived, work_off)
    sealed = path_of(row.pk).read_bytes()
    assert b"PK" not in sealed[:4]
    assert b"estran.archive" not in sealed
    assert path_of(row.pk).stat().st_mode & 0o077 == 0
    assert download(bob, row).status_code == 404
    Passage.objects.filter(pk=row.pk).update(expires_at=row.created_at)
    assert tidy() == 1
    assert not path_of(row.pk).exists()
    assert download(lived, row).status_code == 404
    assert "n’est plus ici" in lived.client.get(f"/everywhere/{row.pk}/").content.decode()


@pytest.mark.parametrize(
    ("form", "begins"),
    [
        ("gpx", b"<?xml"),
        ("geojson", b'{"type": "FeatureCollection"'),
        ("csv-trips", b"trip,leg,start_utc"),
        ("csv-positions", b"time_utc,lat_deg"),
        ("parquet", b"PAR1"),
        ("cozy", b'{"io.cozy.timeseries.geojson": ['),
    ],
)
def test_single_forms_of_a_period(lived, work_off, form, begins):
    all_days = archive_of(lived, work_off, form=form)
    one = archive_of(lived, work_off, form=form, first="2026-06-02", last="2026-06-02")
    assert all_days.startswith(begins)
    assert one.startswith(begins)
    assert len(one) < len(all_days)
    assert b"2026-06-01" not in one or form == "parquet"


def test_a_gpx_of_ours_is_read_again(lived, bob, work_off):
    gpx = archive_of(lived, work_off, form="gpx")
    bob.bring(("mine.gpx", gpx))
    work_off()
    assert vault_of(bob).n_rows(Kind.POSITIONS) == vault_of(lived).n_rows(Kind.POSITIONS)


def test_trips_as_a_cozy_keeps_them_are_the_same_trips_to_another_person(lived, bob, work_off):
    taken = archive_of(lived, work_off, form="cozy")
    bob.bring(("cozy.json", taken))
    work_off()

    def trips(who: Somebody) -> list[tuple[int, list[Mode]]]:
        found = entries(vault_of(who), with_corrections=True)
        return [
            (trip.started_us // 300_000_000, [leg.mode for leg in trip.legs])
            for trip in found
            if isinstance(trip, Trip)
        ]

    assert trips(bob) == trips(lived)
    assert Mode.E_BIKE in trips(bob)[0][1]


def test_nothing_of_a_vault_is_forgotten(lived, work_off, monkeypatch):
    """Each document of a vault is of a kind that the archive holds, or has a reason."""
    vault = vault_of(lived)
    archive_of(lived, work_off)
    named = {*kinds.OTHERWISE, *(kind.stored_as for kind in kinds.KINDS.values())}
    n_named = sum(len(vault.doc_ids(kind)) for kind in named)
    with vault._session(write=False) as session:
        n_docs = len(session.container.names("doc"))
    assert n_named == n_docs


def test_the_log_tells_what_left(lived, work_off):
    archive = Archive(io.BytesIO(archive_of(lived, work_off)))
    archive.check()
    acts = [entry.action for entry in vault_of(lived).audit_entries()]
    assert acts[-1] == Act.EXPORTED
    assert archive.access_log()[0]["action"] == Act.OPENED
    imports = archive.document("imports")
    assert {file["name"] for one in imports for file in one["files"]["files"]} == {
        "a.json", "b.json", "c.json",
    }  # fmt: skip
    with zipfile.ZipFile(io.BytesIO(archive_of(lived, work_off))) as opened:
        account = json.loads(opened.read("account.json"))
    assert account["accounts.Person"][0]["email"] == lived.email
    assert "wrapped" not in json.dumps(account)


def test_a_worker_that_dies_while_it_writes_leaves_nothing(lived, work_off, monkeypatch):
    def broken(*args, **kwargs):
        raise OSError(28, "no room")

    monkeypatch.setattr(making, "keep", broken)
    row = ask(lived, lambda: None)
    with pytest.raises(OSError, match="no room"):
        making.run_export(row, vault_of(lived), lambda _: None)
    assert not list(path_of(row.pk).parent.iterdir())
