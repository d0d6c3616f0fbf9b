"""How long things are kept, pauses, and rules that work while a person is away."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from estran.errors import CollectionPaused
from estran.vault.audit import Act
from estran.vault.chunks import DAY_US
from estran.web.me import work
from estran.web.me.access import log_of
from estran.web.me.models import Import
from estran.web.me.remaking import remake
from estran.web.retention import lasting, pausing
from estran.web.retention.documents import (
    Holds,
    Rule,
    read_kept,
    write_rule,
)
from estran.web.retention.models import Timed
from estran.web.retention.overlay import stored_entries

from .conftest import track
from .lived import (
    DAYS,
    come_back,
    erase,
    quiet,
    trips_of,
    two_days,
    written,
)
from .test_coach_permission import let_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def vault(alice, workers, work_off):
    """Two days of Alice's, understood."""
    return two_days(alice, work_off)


# How long -----------------------------------------------------------------------------------


def test_keeping_trips_only_drops_positions_and_never_rewrites_the_days(vault, monkeypatch):
    [source] = vault.sources()
    before, kinds = written(vault), [type(e) for e in stored_entries(vault)]
    summary = work.period_summary(vault, *DAYS)
    write_rule(vault, Rule(source.key, Holds.TRIPS, 30))
    at_us = int(vault.evidence().trace.time_us[-1]) + 60 * DAY_US
    monkeypatch.setattr(lasting, "now_us", lambda: at_us)
    assert lasting.are_due(vault)
    remake(vault, quiet)
    assert not lasting.are_due(vault)
    assert len(vault.evidence().trace) == 0
    assert written(vault) == before
    leg = trips_of(vault, DAYS[0])[0].legs[0]
    work.correct_mode(vault, start_us=leg.started_us, end_us=leg.ended_us, mode=leg.mode)
    remake(vault, quiet)  # learns from what was said, and has no evidence
    assert [type(e) for e in stored_entries(vault)] == kinds
    assert work.period_summary(vault, *DAYS).modes == summary.modes
    assert read_kept(vault)
    # Erasing one of these days takes it from the journal, for good.
    erase(vault, days=(DAYS[0], DAYS[0]))
    remake(vault, quiet)
    assert not trips_of(vault, DAYS[0])
    assert trips_of(vault, DAYS[1])


def test_taking_an_import_back_takes_its_kept_days(vault, alice, work_off, monkeypatch):
    [source] = vault.sources()
    write_rule(vault, Rule(source.key, Holds.TRIPS, 0))
    remake(vault, quiet)
    assert len(vault.evidence().trace) == 0
    row = Import.objects.get()
    alice.client.post(f"/import/{row.pk}/undo/")
    work_off()
    assert read_kept(vault) == ()
    assert not work.known_days(vault).days


def test_a_source_kept_for_some_days_is_deleted_afterwards(vault, monkeypatch):
    [source] = vault.sources()
    write_rule(vault, Rule(source.key, Holds.NOTHING, 30))
    second_us = int(vault.evidence().trace.time_us[-1])
    at_us = second_us // DAY_US * DAY_US + 30 * DAY_US
    monkeypatch.setattr(lasting, "now_us", lambda: at_us)
    remake(vault, quiet)
    assert len(vault.evidence().trace) == 900
    assert not trips_of(vault, DAYS[0])
    assert trips_of(vault, DAYS[1])
    assert vault.audit_entries()[-1].action == Act.RULE_APPLIED


def test_rules_are_applied_at_sign_in(vault, alice, work_off):
    [source] = vault.sources()
    write_rule(vault, Rule(source.key, Holds.TRIPS, 1))
    come_back(alice)
    assert work_off() == 1
    assert len(vault.evidence().trace) == 0
    come_back(alice)
    assert work_off() == 0  # once a day


# Pausing ------------------------------------------------------------------------------------


def test_a_pause_refuses_kindly_until_it_ends(alice, workers):
    person = alice.person
    pausing.set_pause(person, None)
    assert not pausing.collects(person)
    with pytest.raises(CollectionPaused):
        pausing.check_collects(person)
    from django.core.files.uploadedfile import SimpleUploadedFile  # noqa: PLC0415

    answer = alice.client.post("/import/", {"files": [SimpleUploadedFile("a.json", track())]})
    assert answer.status_code == 409
    assert not Import.objects.exists()
    later = timezone.now() + timedelta(days=2)
    pausing.set_pause(person, later)
    assert not pausing.collects(person)
    assert pausing.collects(person, later + timedelta(seconds=1))
    assert pausing.resume(person)
    assert pausing.collects(person)


# Rules while the person is away -------------------------------------------------------------


def test_the_coach_applies_rules_once_a_day_where_it_may(vault, alice, work_off):
    [source] = vault.sources()
    form = {"source": source.key, "holds": "trips", "after_days": "30"}
    assert b"mark" in alice.client.post("/settings/data/keep/", form).content  # said first
    assert not Timed.objects.exists()
    alice.client.post("/settings/data/keep/", {**form, "mark": "rule"})
    work_off()
    assert lasting.look_after_rules() == 0  # it was not let in
    Timed.objects.update(looked_on=None)
    let_in(alice)
    alice.client.post("/account/logout/")
    assert lasting.look_after_rules() == 1
    assert lasting.look_after_rules() == 0
    assert work_off() == 1
    alice.sign_in()
    alice.client.post("/settings/data/keep/", {**form, "holds": "all"})
    assert not Timed.objects.exists()


def test_taking_an_import_back_is_told_in_the_log(vault, alice, work_off):
    alice.client.post(f"/import/{Import.objects.get().pk}/undo/")
    work_off()
    assert ("erased", "import") in {(e.action, e.why) for e in vault.audit_entries()}
    assert log_of(vault).is_as_left
