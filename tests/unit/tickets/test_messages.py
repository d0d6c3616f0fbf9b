"""Confirmations as people get them, French and English, written for these tests."""

from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.errors import FileTooLarge, MessageUnreadable
from estran.tickets.messages.calendar import journeys_in_calendar
from estran.tickets.messages.mail import MOST_BYTES, text_of
from estran.tickets.messages.reading import journeys_in

from .lists import places

SNCF = """Votre voyage La Rochelle - Paris est confirmé
Dossier : QWERTY
Aller lundi 1 juin 2026
08h00 La Rochelle Ville
TGV INOUI 8361
Voiture 5 - Place 42
10h30 Paris Montparnasse
Retour mercredi 3 juin 2026
17h10 Paris Montparnasse
TGV INOUI 8380
19h45 La Rochelle Ville
Prix total : 98,00 €
1 passager, 2de classe
"""
TER = """TER Nouvelle-Aquitaine
Date : 05/06/2026
Départ : Niort à 07:32
Arrivée : La Rochelle Ville à 08:15
TER 864702
Montant : 12,30 EUR
"""
EUROSTAR = """Your booking is confirmed
Booking reference: XYZ789
Friday 12 June 2026
Departs Paris Nord 09:13
Arrives London St Pancras 10:30
EUROSTAR 9011
2 passengers Standard class
Total paid: £120.00
"""
BLABLACAR = """BlaBlaCar - Votre réservation est confirmée
Samedi 6 juin 2026
Départ : La Rochelle, 14h00
Arrivée : Poitiers, 15h50
1 place - 9,50 €
"""
ARROW = """OUIGO
Votre trajet du 08/06/2026
Bordeaux Saint-Jean 06:20 → Paris Montparnasse 08:32
Numéro de dossier : ABCDEF
"""


def told(text: str) -> list[tuple[str, str, str, str, str, str]]:
    return [
        (d.day, d.departs, d.arrives, d.origin, d.destination, d.mode)
        for d in journeys_in(text, places())
    ]


def test_out_and_back_are_two_journeys():
    first, second = journeys_in(SNCF, places())
    assert told(SNCF) == [
        ("2026-06-01", "08:00", "10:30", "La Rochelle Ville", "Paris Montparnasse", "train"),
        ("2026-06-03", "17:10", "19:45", "Paris Montparnasse", "La Rochelle Ville", "train"),
    ]
    assert (first.number, second.number) == ("8361", "8380")
    assert first.reference == "QWERTY"
    assert first.price == ""  # one price of two journeys is none of each


@pytest.mark.parametrize(
    ("text", "expected", "price"),
    [
        (TER, ("2026-06-05", "07:32", "08:15", "Niort", "La Rochelle Ville", "train"), "12.30"),
        (EUROSTAR, ("2026-06-12", "09:13", "10:30", "Paris Nord", "London St Pancras", "train"), "120.00"),  # noqa: E501 - as it is written
        (BLABLACAR, ("2026-06-06", "14:00", "15:50", "La Rochelle", "Poitiers", "car"), ""),
        (ARROW, ("2026-06-08", "06:20", "08:32", "Bordeaux Saint-Jean", "Paris Montparnasse", "train"), ""),  # noqa: E501 - as it is written
    ],
)  # fmt: skip
def test_confirmations_are_read(text, expected, price):
    assert told(text) == [expected]
    assert journeys_in(text, places())[0].price == price


def test_a_mail_with_attachments_and_two_parts_is_read_once():
    mail = (
        "From: a@example.org\nSubject: Confirmation\nMIME-Version: 1.0\n"
        'Content-Type: multipart/mixed; boundary="x"\n\n--x\nContent-Type: multipart/alternative; '
        'boundary="y"\n\n--y\nContent-Type: text/plain; charset="utf-8"\n'
        "Content-Transfer-Encoding: 8bit\n\n" + TER + "\n--y\n"
        'Content-Type: text/html; charset="utf-8"\nContent-Transfer-Encoding: 8bit\n\n<html><body>'
        + "".join(f"<p>{line}</p>" for line in TER.splitlines())
        + "<script>alert(1)</script></body></html>\n--y--\n--x\nContent-Type: application/pdf\n"
        "Content-Disposition: attachment; filename=t.pdf\nContent-Transfer-Encoding: base64\n\n"
        + "JVBERi0x" * 50_000
        + "\n--x--\n"
    )
    text, calendars = text_of(mail.encode(), "t.eml")
    assert calendars == []
    assert "alert" not in text
    assert len(journeys_in(text, places())) == 1


ICS = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
BEGIN:VEVENT\r
UID:1\r
DTSTART;TZID=Europe/Paris:20260601T080000\r
DTEND;TZID=Europe/Paris:20260601T103000\r
SUMMARY:Train La Rochelle Ville \xe2\x86\x92 Paris Mont\r
 parnasse\r
DESCRIPTION:TGV INOUI 8361\\nDossier : ABC123\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART:20260602T150000Z\r
DTEND:20260602T173000Z\r
SUMMARY:Paris Montparnasse - La Rochelle Ville\r
END:VEVENT\r
BEGIN:VEVENT\r
DTSTART;VALUE=DATE:20260603\r
SUMMARY:Anniversaire\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_a_calendar_is_read_in_the_zone_of_its_station():
    first, second = journeys_in_calendar(ICS, places())
    assert (first.day, first.departs, first.arrives) == ("2026-06-01", "08:00", "10:30")
    assert (first.origin, first.destination) == ("La Rochelle Ville", "Paris Montparnasse")
    assert first.number == "8361"
    assert (second.departs, second.arrives) == ("17:00", "19:30")


def test_what_is_no_message_is_refused():
    with pytest.raises(MessageUnreadable):
        text_of(b"%PDF-1.4 abc", "t.pdf")
    with pytest.raises(FileTooLarge):
        text_of(b"x" * (MOST_BYTES + 1), "t.txt")


@given(st.text(max_size=600))
def test_any_text_is_read_without_a_fault(text):
    journeys_in(text, places())
    journeys_in_calendar(
        b"BEGIN:VCALENDAR\nBEGIN:VEVENT\n" + text.encode("utf-8", "replace") + b"\nEND:VEVENT\n",
        places(),
    )


def test_a_text_made_to_be_slow_is_read_soon():
    begun = time.process_time()
    journeys_in(
        "a - " * 40_000 + "\n" + "Total " + " " * 50_000 + "\n" + "départ " * 10_000, places()
    )
    assert time.process_time() - begun < 20
