"""Tickets, tables, habits and letters, from the page to the journal."""

from __future__ import annotations

import re
from datetime import date, timedelta
from pathlib import Path

import pytest
from django.core import mail
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from estran.tickets.stations import StationList, to_bytes
from estran.travel import Mode
from estran.web.me import work as me_work
from estran.web.tickets import documents as docs
from estran.web.tickets import reminding
from estran.web.tickets.models import Reminder
from tests.unit.tickets.lists import STATIONS

from .conftest import Somebody
from .test_imports import vault_of

pytestmark = pytest.mark.django_db

TRAIN = {
    "mode": "train", "day": "2026-06-01", "origin": "la rochelle ville", "departs": "08:00",
    "destination": "Paris Montparnasse", "arrives": "10:30", "operator": "TGV INOUI",
    "number": "8361", "price": "49.5", "passengers": "1",
}  # fmt: skip


@pytest.fixture(autouse=True)
def lists(data: Path) -> None:
    folder = data / "stations"
    folder.mkdir()
    (folder / "small.stations").write_bytes(to_bytes(StationList(STATIONS, "Us", "CC0")))


def page(somebody: Somebody, path: str) -> str:
    answer = somebody.client.get(path)
    assert answer.status_code == 200, answer.content
    return answer.content.decode()


def upload(somebody: Somebody, path: str, name: str, content: bytes) -> str:
    answer = somebody.client.post(path, {"files": SimpleUploadedFile(name, content)})
    assert answer.status_code == 302, re.findall(r'role="alert">.*?</div>', answer.content.decode())
    return answer.headers["Location"]


def test_a_ticket_by_hand_becomes_a_declared_trip(alice, work_off):
    answer = alice.client.post("/tickets/add/", TRAIN)
    assert answer.status_code == 302, answer.content.decode()
    work_off()
    day = page(alice, "/journal/2026-06-01/")
    assert "Déclaré" in day
    assert "Votre billet le dit." in day
    [kept] = docs.read_tickets(vault_of(alice))
    assert (kept.price, kept.train_kind, kept.tz) == (49.5, "tgv", "Europe/Paris")
    assert "aucune trace ne parle de ce moment" in page(alice, "/tickets/")
    alice.client.post(f"/tickets/{kept.id}/", {"remove": "yes"})
    work_off()
    assert docs.read_tickets(vault_of(alice)) == ()
    assert me_work.journal(vault_of(alice), *_day()).trips == ()


def _day():
    return date(2026, 6, 1), date(2026, 6, 1)


def test_a_name_of_several_places_is_asked_about(alice):
    answer = alice.client.post(
        "/tickets/add/", {**TRAIN, "origin": "paris", "destination": "Niort"}
    )
    assert answer.status_code == 422
    text = answer.content.decode()
    assert "Plusieurs lieux" in text
    choice = re.search(r'value="(Paris Nord @[^"]+)"', text)
    assert choice
    alice.client.post("/tickets/add/", {**TRAIN, "origin": choice[1], "destination": "Niort"})
    [kept] = docs.read_tickets(vault_of(alice))
    assert kept.origin.name == "Paris Nord"
    assert kept.origin.is_placed


def test_an_unknown_place_is_kept_as_written_after_a_second_yes(alice, work_off):
    odd = {**TRAIN, "origin": "Xyzabc"}
    assert alice.client.post("/tickets/add/", odd).status_code == 422
    assert alice.client.post("/tickets/add/", {**odd, "as_written": "1"}).status_code == 302
    work_off()
    [kept] = docs.read_tickets(vault_of(alice))
    assert not kept.origin.is_placed
    assert "Pas encore compté" in page(alice, "/tickets/")


def test_wrong_input_is_said_beside_its_field_and_nothing_is_kept(alice):
    for name, wrong in (("day", "tomorrow"), ("departs", "99:99"), ("origin", ""), ("mode", "x")):
        answer = alice.client.post("/tickets/add/", {**TRAIN, name: wrong})
        assert answer.status_code == 422, name
        assert 'role="alert"' in answer.content.decode()
    assert docs.read_tickets(vault_of(alice)) == ()


def test_stations_are_found_without_accents(alice):
    assert "Saint-Étienne" in page(alice, "/tickets/stations/?origin=st+etien")
    assert page(alice, "/tickets/stations/?origin=x").strip() == ""


MAIL = """From: noreply@example.org
Subject: Confirmation de votre voyage
MIME-Version: 1.0
Content-Type: multipart/alternative; boundary="b"

--b
Content-Type: text/html; charset="utf-8"
Content-Transfer-Encoding: 8bit

<html><body><h1>Votre voyage</h1><p>Dossier : ABC123</p><table>
<tr><td>Lundi 1 juin 2026</td></tr>
<tr><td>08h00</td><td>La Rochelle Ville</td></tr><tr><td>TGV INOUI 8361</td></tr>
<tr><td>10h30</td><td>Paris Montparnasse</td></tr></table><p>Prix total : 49,50 €</p>
</body></html>
--b--
"""


def test_a_mail_is_proposed_and_kept_after_a_yes_only(alice):
    where = upload(alice, "/tickets/message/", "ticket.eml", MAIL.encode())
    text = page(alice, where)
    for told in ("2026-06-01", "08:00", "10:30", "La Rochelle Ville", "8361", "49.50", "ABC123"):
        assert told in text, told
    assert docs.read_tickets(vault_of(alice)) == ()
    form = {f"0-{k}": v for k, v in TRAIN.items()} | {"0-keep": "yes", "yes": "yes"}
    assert alice.client.post(where, form).status_code == 302
    assert len(docs.read_tickets(vault_of(alice))) == 1
    assert alice.client.get(where).status_code == 404


def test_no_keeps_nothing(alice):
    where = upload(alice, "/tickets/message/", "ticket.eml", MAIL.encode())
    alice.client.post(where, {"none": "yes"})
    assert docs.read_tickets(vault_of(alice)) == ()


TABLE = (
    "Date;Heure départ;Gare de départ;Heure arrivée;Gare d'arrivée;Train;Prix\n"
    "01/06/2026;08:00;La Rochelle Ville;10:30;Paris Montparnasse;8361;49,50\n"
    "02/06/2026;17:00;Paris Montparnasse;19:30;La Rochelle Ville;8380;39,00\n"
    "soon;08:00;Niort;09:00;Poitiers;1;1\n"
).encode()


def test_a_table_is_mapped_remembered_and_taken_back(alice, work_off):
    where = upload(alice, "/tickets/table/", "trips.csv", TABLE)
    text = page(alice, where)
    assert "2 trajets peuvent être lus." in text
    assert "Ligne 4\N{NO-BREAK SPACE}:" in text
    assert "soon" in text
    columns: dict[str, str] = {}
    for role in ("day", "departs", "origin", "arrives", "destination", "number", "price"):
        block = text.split(f'name="column-{role}"')[1].split("</select>")[0]
        chosen = re.search(r'value="(\d+)" selected', block)
        assert chosen, role
        columns[f"column-{role}"] = chosen[1]
    answer = alice.client.post(
        where, {**columns, "preset": "sncf", "mode": "train", "order": "day", "keep": "yes"}
    )
    assert answer.status_code == 200
    assert len(docs.read_tickets(vault_of(alice))) == 2
    again = upload(alice, "/tickets/table/", "trips.csv", TABLE)
    assert "déjà apporté un tel tableau" in page(alice, again)
    batch = docs.read_tickets(vault_of(alice))[0].batch
    alice.client.post("/tickets/undo/", {"batch": batch})
    assert docs.read_tickets(vault_of(alice)) == ()


def test_masts_are_weak_evidence_and_no_track(alice, work_off):
    rows = "".join(f"2026-06-01;{h:02d}:00;46.1{h};-1.1{h};1500\n" for h in range(6, 20))
    table = ("Date;Heure;Latitude;Longitude;Rayon\n" + rows).encode()
    where = upload(alice, "/tickets/table/", "masts.csv", table)
    assert "aucun tracé" in page(alice, where)
    columns = {
        "column-day": 0,
        "column-departs": 1,
        "column-lat": 2,
        "column-lon": 3,
        "column-radius": 4,
    }
    alice.client.post(where, {**columns, "preset": "phone", "order": "day", "keep": "yes"})
    work_off()
    vault = vault_of(alice)
    assert [s.format for s in vault.sources()] == ["phone-masts"]
    assert me_work.journal(vault, *_day()).trips == ()


@pytest.mark.parametrize(
    ("path", "name", "content"),
    [
        ("/tickets/table/", "a.xlsx", b"PK\x03\x04broken"),
        ("/tickets/table/", "a.pdf", b"%PDF-1.4 x"),
        ("/tickets/table/", "a.csv", b"  \n"),
        ("/tickets/message/", "a.pdf", b"%PDF-1.4 x"),
        ("/tickets/message/", "a.eml", b"\0\0\0\0"),
    ],
)
def test_what_cannot_be_read_is_refused_in_words(alice, data, path, name, content):
    answer = alice.client.post(path, {"files": SimpleUploadedFile(name, content)})
    assert answer.status_code == 422
    assert name in answer.content.decode()
    assert list((data / "incoming").glob("*")) == []


def test_a_habit_fills_the_days_behind_and_can_be_paused(alice, work_off):
    day = timezone.localdate() - timedelta(days=21)
    habit = {
        "does": "travel", "weekdays": [0, 1, 2, 3, 4, 5, 6], "mode": "train", "origin": "Niort",
        "destination": "La Rochelle Ville", "departs": "07:30", "returns": "18:00",
        "first": day.isoformat(), "every_weeks": "1", "on_holidays": "on",
    }  # fmt: skip
    answer = alice.client.post("/tickets/regular/add/", habit)
    assert answer.status_code == 302, answer.content.decode()
    work_off()
    vault = vault_of(alice)
    trips = me_work.journal(vault, day, timezone.localdate()).trips
    assert len(trips) in {41, 42, 43, 44}
    assert {leg.mode for trip in trips for leg in trip.legs} == {Mode.TRAIN}
    [kept] = docs.read_habits(vault)
    alice.client.post(f"/tickets/regular/{kept.id}/", {"pause": "yes"})
    work_off()
    assert me_work.journal(vault, day, timezone.localdate()).trips == ()


def test_a_day_of_telework_is_told_on_its_day(alice):
    home = {"does": "telework", "weekdays": [4], "first": "2026-06-01", "every_weeks": "1"}
    assert alice.client.post("/tickets/regular/add/", home).status_code == 302
    assert "travaillé à la maison" in page(alice, "/journal/2026-06-05/")
    assert "travaillé à la maison" not in page(alice, "/journal/2026-06-04/")


def test_a_letter_goes_its_way_with_a_reminder(alice, settings):
    settings.ESTRAN_HAS_MAIL = True
    given = {
        "recipient": "sncf",
        "language": "fr",
        "sender": "Alice",
        "known_by": "alice@example.org",
    }
    where = alice.client.post("/tickets/letters/add/", given).headers["Location"]
    text = page(alice, where)
    assert "Demande d’accès" in text
    assert "mailto:" in text
    sent_on = (timezone.localdate() - timedelta(days=40)).isoformat()
    alice.client.post(where, {"step": "sent", "sent_on": sent_on, "remind": "yes"})
    assert "BEGIN:VEVENT" in page(alice, f"{where}reminder.ics")
    assert Reminder.objects.count() == 1
    mail.outbox.clear()
    assert reminding.step() == 1
    assert reminding.step() == 0
    assert "tickets/letters" in mail.outbox[0].body
    assert "Relance" in page(alice, where)
    alice.client.post(where, {"step": "reminded"})
    alice.client.post(where, {"step": "complaint"})
    assert "Réclamation" in page(alice, where)
    alice.client.post(where, {"step": "answered"})
    assert Reminder.objects.count() == 0


def test_an_english_letter_is_english(alice):
    given = {"recipient": "phone", "language": "en", "to_name": "Some Telecom"}
    where = alice.client.post("/tickets/letters/add/", given).headers["Location"]
    text = page(alice, where)
    assert "Request for access to my personal data" in text
    assert "Some Telecom" in text


def test_erasing_a_day_takes_its_tickets(alice, work_off):
    alice.client.post("/tickets/add/", TRAIN)
    work_off()
    preview = alice.client.post(
        "/settings/data/days/", {"first": "2026-06-01", "last": "2026-06-01"}
    )
    mark = re.search(r'name="mark" value="([^"]+)"', preview.content.decode())
    assert mark
    alice.client.post(
        "/settings/data/days/", {"first": "2026-06-01", "last": "2026-06-01", "mark": mark[1]}
    )
    assert docs.read_tickets(vault_of(alice)) == ()
