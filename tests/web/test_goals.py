"""Goals as a person makes them: a step taken, made smaller, paused, ended; nonsense refused."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from django.utils import timezone

from estran.coach.goals import Aim, Span
from estran.journal import Mode
from estran.web.goals.documents import GOAL, PLAN, read_goals, read_plans
from estran.web.goals.telling import sentences_of_goals
from estran.web.me import work
from estran.web.me.words import Words
from estran.web.portability.kinds import KINDS
from tests.unit.coach.test_goals import week

from .test_imports import vault_of


@pytest.fixture
def lived(alice, monkeypatch):
    """Eight weeks before today: the car, and two days of bike a week."""
    first = timezone.localdate() - timedelta(days=56)
    car, bike = Mode.CAR, Mode.BIKE
    facts = week([car, bike, car, bike, car, None, None] * 8, first=first)
    monkeypatch.setattr(work, "period_facts", lambda _vault, _first, _last: facts)
    alice.client.cookies["estran_language"] = "en"
    alice.facts = facts
    return alice


def test_a_step_is_taken_in_one_press_made_smaller_paused_and_ended(lived):
    vault, page = vault_of(lived), lived.client.get("/goals/")
    steps = page.context["steps"]
    assert {step["aim"] for step in steps} >= {"co2e", "bike-days", "active-minutes"}
    step = next(one for one in steps if one["aim"] == "co2e")
    taken = {key: str(step[key]) for key in ("aim", "span", "target")}
    assert lived.client.post("/goals/", taken).status_code == 302
    [goal] = read_goals(vault)
    assert (goal.aim, goal.span, goal.target) == (Aim.EMISSIONS, Span.MONTH, step["target"])
    page = lived.client.get("/goals/")
    assert "co2e" not in {one["aim"] for one in page.context["steps"]}
    assert len(page.context["goals"]) == 1
    lived.client.post("/goals/", {"smaller": goal.id})
    assert read_goals(vault)[0].target > goal.target
    lived.client.post("/goals/", {"pause": goal.id})
    assert "nothing is counted" in lived.client.get("/goals/").content.decode()
    lived.client.post("/goals/", {"resume": goal.id})
    assert read_goals(vault)[0].pauses == ()
    lived.client.post("/goals/", {"end": goal.id})
    page = lived.client.get("/goals/")
    assert (page.context["goals"], len(page.context["ended"])) == ([], 1)
    record = vault.get_doc(GOAL, goal.id)
    assert record is not None
    assert KINDS["goals"].value(record) == read_goals(vault)[0]
    lived.client.post("/goals/", {"remove": goal.id})
    assert read_goals(vault) == ()
    assert lived.client.post("/goals/", {"pause": "other"}).status_code == 404


def test_a_plan_by_weekday(lived):
    vault = vault_of(lived)
    said = {"plan": "yes", "weekdays": ["1", "3"], "plan_mode": "bike", "trip": ""}
    assert lived.client.post("/goals/", said).status_code == 302
    [plan] = read_plans(vault)
    assert (plan.weekdays, plan.mode) == ((1, 3), Mode.BIKE)
    record = vault.get_doc(PLAN, plan.id)
    assert record is not None
    assert KINDS["plans"].value(record) == plan
    assert len(lived.client.get("/goals/").context["plans"]) == 1
    lived.client.post("/goals/", {"end": plan.id})
    assert lived.client.get("/goals/").context["plans"] == []


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"aim": "best", "span": "week", "target": "3"},
        {"aim": "co2e", "span": "day", "target": "3"}, {"aim": "co2e", "span": "week"},
        {"aim": "co2e", "span": "week", "target": "much"},
        {"aim": "co2e", "span": "week", "target": "-1"},
        {"aim": "co2e", "span": "week", "target": "nan"},
        {"aim": "bike-days", "span": "week", "target": "8"},
        {"plan": "yes", "plan_mode": "bike"},
        {"plan": "yes", "weekdays": ["9"], "plan_mode": "bike"},
        {"plan": "yes", "weekdays": ["1"], "plan_mode": "rocket"},
        {"plan": "yes", "weekdays": ["1"], "plan_mode": "bike", "trip": "x"},
    ],
)  # fmt: skip
def test_nonsense_is_refused_beside_its_field(lived, wrong):
    answer = lived.client.post("/goals/", wrong)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert (read_goals(vault_of(lived)), read_plans(vault_of(lived))) == ((), ())


def test_a_recap_tells_what_was_reached_and_leaves_the_rest_in_peace(lived):
    today = timezone.localdate()
    for target, aim in (("1", "bike-days"), ("7", "bike-days"), ("0.5", "co2e")):
        lived.client.post("/goals/", {"aim": aim, "span": "week", "target": target})
    goals = tuple(
        replace(one, from_day=today - timedelta(days=60)) for one in read_goals(vault_of(lived))
    )
    day = today - timedelta(days=14)
    said = sentences_of_goals(goals, lived.facts, day=day, today=today, words=Words("en"))
    assert len(said) == 1
    assert "reached" in said[0]


def test_nothing_known_yet(alice):
    assert alice.client.get("/goals/").status_code == 200
