"""No coordinate, name, address or token in a log, whatever a person does."""

from __future__ import annotations

import io
import logging
import re

import pytest
from django.test import Client

from estran.web.config.logs import NoQuery, QuietFormatter
from estran.web.me.models import Import

from .conftest import PASSWORD, track

pytestmark = pytest.mark.django_db
COORDINATE = re.compile(r"-?\d{1,3}\.\d{4,}")


@pytest.fixture
def heard():
    """Everything that is logged, at any level, as the site would write it."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    handler.setFormatter(QuietFormatter("%(name)s %(message)s"))
    handler.addFilter(NoQuery())
    loggers = [logging.getLogger(), logging.getLogger("django"), logging.getLogger("estran")]
    levels = [logger.level for logger in loggers]
    logging.getLogger("numba").setLevel(logging.WARNING)
    logging.getLogger("django.db.backends").setLevel(logging.INFO)  # statements: DEBUG only
    logging.getLogger("django.template").setLevel(logging.INFO)
    for logger in loggers:
        logger.addHandler(handler)
        logger.setLevel(logging.DEBUG)
    yield stream
    for logger, level in zip(loggers, levels, strict=True):
        logger.removeHandler(handler)
        logger.setLevel(level)


def test_a_whole_visit_is_silent(heard, alice, workers, work_off, monkeypatch):
    alice.bring(("Chez Mémé.json", track(lat=46.4242424)), ("notes.txt", b"secret garden"))
    work_off()
    row = Import.objects.get()
    for page in ("/journal/", "/journal/2026-06-01/", "/dashboard/2026/", f"/import/{row.pk}/"):
        assert alice.client.get(page, {"q": "46.4242424"}, follow=True).status_code == 200
    alice.client.get("/nothing/here/", {"at": "46.4242424"})
    alice.client.post("/unlock/", {"password": "46.4242424"})
    alice.client.post("/journal/correct/", {"day": "46.4242424"})

    def broken(*_, **__):
        where = "Chez Mémé 46.4242424"
        raise RuntimeError(where)

    monkeypatch.setattr("estran.web.me.work.imports", broken)
    angry = Client(raise_request_exception=False)
    angry.cookies = alice.client.cookies
    assert angry.get("/import/", {"at": "46.4242424"}).status_code == 500
    text = heard.getvalue()
    assert "RuntimeError" in text
    for planted in ("Mémé", "46.42", "secret garden", alice.email, PASSWORD, alice.code):
        assert planted not in text
    assert not COORDINATE.search(text)
    assert alice.client.cookies["estran_vault"].value not in text


def test_a_broken_job_is_logged_without_its_words(heard, alice, workers, work_off, monkeypatch):
    def broken(*_, **__):
        where = "Chez Mémé 46.4242424"
        raise RuntimeError(where)

    monkeypatch.setattr("estran.web.me.bringing.remake", broken)
    alice.bring(("a.json", track()))
    work_off()
    assert "RuntimeError" in heard.getvalue()
    assert "46.42" not in heard.getvalue()
