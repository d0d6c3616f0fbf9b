"""Comparing what a form asks, and keeping it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import nan
from typing import Any
from uuid import uuid4

from estran.carbon import factor_set, price
from estran.coach.booking import Baseline, Booked, book, overlap
from estran.coach.recurring import Recurring
from estran.coach.savings import (
    Alternative,
    DayFacts,
    Method,
    Saving,
    day_facts,
    declared,
    own_past,
)
from estran.journal import Mode
from estran.timebase import local_day
from estran.web.me import work
from estran.web.savings.documents import read_savings, write_saving
from estran.web.savings.forms import NO_TRIP, SavingForm
from estran.web.store.opened import OpenVault

PERIOD_DAYS = 28
PAST_DAYS = 42
"""Whatever the weekday on which it begins, it holds five whole weeks."""


@dataclass(frozen=True, slots=True)
class Compared:
    """A saving with its baseline and period."""

    first: date
    last: date
    saving: Saving
    baseline: Baseline


def proposed(vault: OpenVault) -> dict[str, object]:
    """Propose the last four known weeks, compared with those before."""
    known = work.known_days(vault)
    if known.first is None or known.last is None:
        return {"method": Method.OWN_PAST.value}
    first = known.last - timedelta(days=PERIOD_DAYS - 1)
    before_last = first - timedelta(days=1)
    before_first = max(before_last - timedelta(days=PAST_DAYS - 1), known.first)
    return {
        "method": Method.OWN_PAST.value,
        "first": first,
        "last": known.last,
        "before_first": min(before_first, before_last),
        "before_last": before_last,
    }


def compared(
    vault: OpenVault, form: SavingForm, usual: Sequence[Recurring], today: date
) -> Compared:
    """Compare what a valid form asks."""
    data = form.cleaned_data
    first, last, method = data["first"], data["last"], Method(data["method"])
    if method is Method.OWN_PAST:
        b_first, b_last = data["before_first"], data["before_last"]
        saving = own_past(
            _facts(vault, b_first, b_last),
            _facts(vault, first, last),
            discount_share=form.discount_share(),
        )
        return Compared(first, last, saving, Baseline(method, b_first, b_last))
    if method is Method.NONE:
        return Compared(first, last, Saving(method, "no-baseline"), Baseline(method))
    return _declared(vault, form, usual, today)


def _facts(vault: OpenVault, first: date, last: date) -> tuple[DayFacts, ...]:
    """Price both sides with the same set, whatever they were priced with."""
    factors = factor_set()
    journal = work.journal(vault, first, last)
    if journal.made_by.factor_set not in {"", factors.name}:
        journal = price(journal, factors=factors)
    return day_facts(journal, first, last)


def _declared(
    vault: OpenVault, form: SavingForm, usual: Sequence[Recurring], today: date
) -> Compared:
    data = form.cleaned_data
    first, last = data["first"], data["last"]
    made = {start for one in usual if one.id == data["trip"] for start in one.trips}
    trips = [
        trip
        for trip in work.journal(vault, first, last).trips
        if trip.started_us in made and first <= local_day(trip.started_us, trip.tz) <= last
    ]
    other = _alternative(data, today)
    saving = declared(trips, other, factors=factor_set(), discount_share=form.discount_share())
    baseline = Baseline(Method.DECLARED, recurring=data["trip"], alternative=other)
    return Compared(first, last, saving, baseline)


def _alternative(data: dict[str, Any], today: date) -> Alternative:
    mode = None if data["mode"] == NO_TRIP else Mode(data["mode"])
    if mode is not Mode.CAR:
        return Alternative(mode, today)
    return Alternative(
        mode, today, data["vehicle"], data["energy"], float(data["occupants"] or nan)
    )


def keep(vault: OpenVault, made: Compared, today: date) -> Booked | None:
    """Keep a saving; None when one that is kept holds the same days already."""
    factors = factor_set()
    booked = book(
        made.saving, made.baseline, booking_id=uuid4().hex, first=made.first, last=made.last,
        factor_set=factors.name, factor_digest=factors.digest, made_on=today,
    )  # fmt: skip
    if any(overlap(booked, one) for one in read_savings(vault)):
        return None
    write_saving(vault, booked)
    return booked
