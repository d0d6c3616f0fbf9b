"""Goals: make, see, accept a step, make smaller, pause, resume, end. Parse, work, render."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from estran.coach.goals import PAST_DAYS, Goal, Plan, pause, proposals, resume, smaller
from estran.coach.recurring import Recurring, recurring
from estran.errors import NotFound
from estran.web.goals.documents import read_goals, read_plans, remove, write
from estran.web.goals.forms import GoalForm, PlanForm
from estran.web.goals.telling import goal_row, plan_row, proposal_row
from estran.web.learning.views import of_last_year
from estran.web.me import work
from estran.web.me.show import words_of
from estran.web.store.opened import OpenVault

ACTIONS = ("pause", "resume", "end", "smaller", "remove")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def goals(request: HttpRequest) -> HttpResponse:
    """Show goals, plans and small steps; take what is pressed."""
    vault, words, today = work.open_vault(request), words_of(), timezone.localdate()
    usual = recurring(of_last_year(vault))
    action = next((one for one in ACTIONS if one in request.POST), "")
    if action:
        _act(vault, action, request.POST[action][:64], today)
        messages.success(request, gettext("Noted."))
        return redirect("goals")
    is_plan = request.method == "POST" and "plan" in request.POST
    is_goal = request.method == "POST" and not is_plan
    goal_form = GoalForm(request.POST if is_goal else None, today=today)
    plan_form = PlanForm(request.POST if is_plan else None, usual=usual, words=words)
    if is_goal and goal_form.is_valid() and goal_form.goal is not None:
        write(vault, goal_form.goal)
    elif is_plan and plan_form.is_valid():
        write(vault, plan_form.plan(today))
    else:
        return _page(request, vault, usual, goal_form, plan_form)
    messages.success(request, gettext("Noted."))
    return redirect("goals")


def _page(
    request: HttpRequest,
    vault: OpenVault,
    usual: tuple[Recurring, ...],
    goal_form: GoalForm,
    plan_form: PlanForm,
) -> HttpResponse:
    words, today = words_of(), timezone.localdate()
    first = min(today.replace(month=1, day=1), today - timedelta(days=max(PAST_DAYS, 70)))
    facts = work.period_facts(vault, first, today)
    kept, plans = read_goals(vault), read_plans(vault)
    held = {(one.aim, one.span) for one in kept if one.until_day is None}
    trips = {one.id: frozenset(one.trips) for one in usual}
    steps = [s for s in proposals(facts, today=today) if (s.aim, s.span) not in held]
    values: dict[str, Any] = {
        "here": "coach",
        "goals": [goal_row(one, facts, today, words) for one in kept if one.until_day is None],
        "ended": [goal_row(one, facts, today, words) for one in kept if one.until_day],
        "plans": [
            plan_row(one, facts, today, trips.get(one.recurring, frozenset()), words)
            for one in plans
            if one.until_day is None
        ],
        "steps": [proposal_row(one, words) for one in steps],
        "goal_form": goal_form,
        "plan_form": plan_form,
    }
    status = 422 if goal_form.errors or plan_form.errors else 200
    return render(request, "goals/goals.html", values, status=status)


def _act(vault: OpenVault, action: str, wanted: str, today: date) -> None:
    every: tuple[Goal | Plan, ...] = (*read_goals(vault), *read_plans(vault))
    one = next((found for found in every if found.id == wanted), None)
    if one is None:
        raise NotFound
    if action == "remove":
        remove(vault, one)
    elif action == "pause":
        write(vault, replace(one, pauses=pause(one.pauses, today)))
    elif action == "resume":
        write(vault, replace(one, pauses=resume(one.pauses, today)))
    elif action == "end":
        write(vault, replace(one, until_day=max(today, one.from_day)))
    elif isinstance(one, Goal):
        write(vault, smaller(one))
