"""Recaps: only who asks, once a period, nothing fine in the mail, ended by one press."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from django.core import mail
from django.test import Client

from estran.web.recaps import sending
from estran.web.recaps.models import Wish

from .lived import two_days
from .test_coach_permission import let_in

MONDAY = datetime(2026, 6, 8, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def with_mail(settings):
    settings.ESTRAN_HAS_MAIL = True


def test_none_without_a_wish_and_once_with_one(alice):
    assert sending.step(MONDAY) == 0
    assert alice.client.post("/recaps/", {"every": "hour"}).status_code == 422
    alice.client.post("/recaps/", {"every": "week"})
    assert sending.step(datetime(2026, 6, 8, 1, tzinfo=UTC)) == 0  # at night
    assert [sending.step(MONDAY) for _ in range(3)] == [1, 0, 0]
    (letter,) = mail.outbox
    assert letter.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert "km" not in letter.body
    assert sending.step(datetime(2026, 6, 15, 12, tzinfo=UTC)) == 1
    alice.client.post("/recaps/", {"every": ""})
    assert sending.step(datetime(2026, 6, 22, 12, tzinfo=UTC)) == 0


def test_sums_come_only_while_the_coach_is_let_in(alice, workers, work_off, monkeypatch):
    two_days(alice, work_off)
    alice.client.post("/recaps/", {"every": "week", "with_sums": "yes"})
    assert sending.step(MONDAY) == 0
    let_in(alice)
    monkeypatch.setattr("django.utils.timezone.localtime", lambda *_: MONDAY)
    assert sending.step(MONDAY) == 1
    work_off()
    (letter,) = mail.outbox
    assert "km" in letter.body
    assert "CO₂e" in letter.body
    for hidden in ("46.", "-1.1", "10:00", "/journal/"):
        assert hidden not in letter.body
    assert sending.step(MONDAY) == 0


def test_one_press_ends_them_without_signing_in_and_a_look_does_not(alice):
    alice.client.post("/recaps/", {"every": "month"})
    sending.step(MONDAY)
    (letter,) = mail.outbox
    address = re.findall(r"<https?://[^/]+(/.*)>", letter.extra_headers["List-Unsubscribe"])[0]
    stranger = Client(enforce_csrf_checks=True)
    assert stranger.get(address).status_code == 200
    assert Wish.objects.count() == 1
    assert stranger.post(address[:-3] + "x/", {}).status_code == 404
    assert stranger.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert Wish.objects.count() == 0
