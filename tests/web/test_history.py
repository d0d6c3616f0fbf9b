"""What a person says of one trip changes the guess of trips like it, once looked at again."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.utils import timezone

from estran.journal import Mode
from estran.web.jobs.models import Job
from estran.web.me import staleness, work
from estran.web.me.documents import read_calendar

from .conftest import track
from .test_imports import vault_of
from .test_pages_views import leg_fields, value_of

pytestmark = pytest.mark.django_db
DAYS = ("2026-06-01", "2026-06-02", "2026-06-03")


@pytest.fixture
def three_days(alice, workers, work_off):
    for day in DAYS:
        alice.bring((f"{day}.json", track(day=day)))
    work_off()
    staleness.tell_engine()
    return alice


def ride(alice, day):
    """Give the longest leg of a day, corrections applied."""
    journal = work.journal(vault_of(alice), date.fromisoformat(day), date.fromisoformat(day))
    return max((leg for trip in journal.trips for leg in trip.legs), key=lambda leg: leg.distance_m)


def told(leg):
    return leg.mode, leg.started_us, leg.ended_us, leg.probabilities, leg.reasons


def say(alice, day, mode):
    page = f"/journal/{day}/"
    fields = leg_fields(alice.client.get(page).content.decode())
    answer = alice.client.post("/journal/correct/", {**fields, "mode": mode}, follow=True)
    return fields, value_of("correction", answer.content.decode())


def let_pass():
    """Let the time pass after which the rest is looked at again."""
    Job.objects.filter(state="queued").update(not_before=timezone.now() - timedelta(seconds=1))


def test_two_words_change_the_third_day_and_taking_them_back_undoes_it(three_days, work_off):
    alice = three_days
    guess = told(ride(alice, DAYS[2]))
    assert guess[0] is not Mode.MOPED
    said = [say(alice, day, "moped") for day in DAYS[:2]]
    assert told(ride(alice, DAYS[2])) == guess
    assert work_off() == 0  # people correct several at once: nothing moves under their fingers
    let_pass()
    assert work_off() == 1
    after = ride(alice, DAYS[2])
    assert dict(after.probabilities)[Mode.MOPED] > 0.3
    assert not after.corrected
    assert read_calendar(vault_of(alice)).made_by.history_digest
    for fields, key in said:
        alice.client.post("/journal/undo/", {"day": fields["day"], "correction": key})
    let_pass()
    assert work_off() == 1
    assert told(ride(alice, DAYS[2])) == guess


def test_words_that_no_analysis_has_heard_are_heard_at_the_next_sign_in(three_days, work_off):
    say(three_days, DAYS[0], "moped")
    Job.objects.filter(state="queued").delete()
    three_days.client.post("/account/logout/")
    three_days.sign_in()
    assert work_off() == 1
    three_days.client.post("/account/logout/")
    three_days.sign_in()
    assert work_off() == 0


def test_many_words_queue_one_analysis(three_days):
    for day in DAYS:
        say(three_days, day, "bus")
    assert Job.objects.filter(state="queued").count() == 1


def test_the_journal_tells_the_words_that_weighed(three_days, work_off):
    for day in DAYS[:2]:
        say(three_days, day, "moped")
    let_pass()
    work_off()
    three_days.client.cookies["estran_language"] = "en"
    html = three_days.client.get(f"/journal/{DAYS[2]}/").content.decode()
    assert "Why “Moped”?" in html
    assert "On this route you said so 2 times." in html
