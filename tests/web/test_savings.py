"""Savings as a person sees them: compared, kept once, withdrawn, and nonsense refused."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from estran.carbon import price
from estran.coach.summary import summarise
from estran.journal import Journal, Mode
from estran.web.me import work
from estran.web.me.work.reading import KnownDays
from estran.web.portability.kinds import KINDS
from estran.web.savings.documents import SAVING, read_savings
from tests.unit.coach.test_savings import FACTORS, a_day, commute

from .test_imports import vault_of

FIRST = date(2026, 3, 30)
LAST = FIRST + timedelta(days=69)
CHANGE = FIRST + timedelta(days=42)
ASKED = {
    "method": "own-past", "first": CHANGE.isoformat(), "last": LAST.isoformat(),
    "before_first": FIRST.isoformat(), "before_last": (CHANGE - timedelta(days=1)).isoformat(),
}  # fmt: skip


@pytest.fixture
def lived(alice, monkeypatch):
    """Six weeks by car, then four by e-bike."""
    entries = []
    for i in range(70):
        way = commute(Mode.CAR if i < 42 else Mode.E_BIKE)(i)
        entries += a_day(FIRST + timedelta(days=i), *way)
    whole = price(Journal(tuple(entries)), factors=FACTORS)
    days = frozenset(FIRST + timedelta(days=i) for i in range(70))
    monkeypatch.setattr(work, "known_days", lambda _vault: KnownDays(FIRST, LAST, days))
    monkeypatch.setattr(work, "journal", lambda _vault, _first, _last: whole)
    alice.client.cookies["estran_language"] = "en"
    return alice


def test_compared_with_ones_own_past_kept_once_and_withdrawn(lived):
    vault = vault_of(lived)
    assert "told" not in lived.client.get("/savings/").context
    page = lived.client.get("/savings/", ASKED)
    assert page.status_code == 200
    assert "The point is not the money" in page.content.decode()
    assert page.context["told"]["is_shown"]
    assert len(page.context["told"]["weekdays"]) == 7
    assert lived.client.post("/savings/", ASKED).status_code == 302
    [kept] = read_savings(vault)
    assert 0 < kept.booked_g == kept.low_g < kept.central_g
    assert kept.factor_digest == FACTORS.digest
    again = lived.client.post("/savings/", ASKED)
    assert again.status_code == 422
    assert "kept already" in again.content.decode()
    assert read_savings(vault) == (kept,)
    record = vault.get_doc(SAVING, kept.id)
    assert record is not None
    assert KINDS["savings"].value(record) == kept
    assert lived.client.post("/savings/", {"withdraw": "other"}).status_code == 404
    assert lived.client.post("/savings/", {"withdraw": kept.id}).status_code == 302
    assert read_savings(vault) == ()


def test_a_declared_way_for_a_usual_trip(lived):
    [choice] = [
        k for k, _ in lived.client.get("/savings/").context["form"].fields["trip"].choices if k
    ]
    asked = {**ASKED, "method": "declared", "trip": choice, "mode": "car", "occupants": "1"}
    page = lived.client.get("/savings/", asked)
    assert page.context["told"]["n_trips"] == 20
    assert lived.client.post("/savings/", asked).status_code == 302
    [kept] = read_savings(vault_of(lived))
    assert kept.discount_share == 0.8
    assert kept.baseline.alternative is not None
    assert kept.baseline.alternative.mode is Mode.CAR
    new = {**asked, "mode": "none", "first": FIRST.isoformat(), "discount": "50"}
    assert lived.client.get("/savings/", new).context["told"]["central"].endswith("more")


def test_without_a_baseline_there_is_a_footprint_and_nothing_to_keep(lived, monkeypatch):
    page = lived.client.get("/savings/", {**ASKED, "method": "none"})
    assert "Emitted in this period" not in page.content.decode()
    known = summarise(price(Journal(tuple(a_day(CHANGE, (Mode.CAR, 9.0)))), factors=FACTORS),
                      CHANGE, LAST)  # fmt: skip
    monkeypatch.setattr(work, "period_summary", lambda _vault, _first, _last: known)
    page = lived.client.get("/savings/", {**ASKED, "method": "none"})
    assert "Emitted in this period" in page.content.decode()
    assert "Keep it" not in page.content.decode()
    lived.client.post("/savings/", {**ASKED, "method": "none"})
    short = {**ASKED, "before_first": (CHANGE - timedelta(days=20)).isoformat()}
    assert lived.client.get("/savings/", short).context["told"]["blocked"]
    lived.client.post("/savings/", short)
    assert read_savings(vault_of(lived)) == ()


@pytest.mark.parametrize(
    "wrong",
    [
        {"method": "rival"}, {"first": ""}, {"first": "soon"}, {"last": "2026-02-30"},
        {"last": "2020-01-01"}, {"last": "2029-01-01"}, {"before_first": ""},
        {"before_last": LAST.isoformat()}, {"discount": "101"}, {"discount": "-1"},
        {"discount": "half"}, {"trip": "x"}, {"mode": "rocket"}, {"vehicle": "tank"},
        {"energy": "coal"}, {"occupants": "0"}, {"method": "declared"},
    ],
)  # fmt: skip
def test_nonsense_is_refused_beside_its_field(lived, wrong):
    for answer in (
        lived.client.get("/savings/", {**ASKED, **wrong}),
        lived.client.post("/savings/", {**ASKED, **wrong}),
    ):
        assert answer.status_code == 422
        assert 'role="alert"' in answer.content.decode()
    assert read_savings(vault_of(lived)) == ()


def test_nothing_known_yet(alice):
    assert alice.client.get("/savings/").status_code == 200
    assert alice.client.post("/savings/", {}).status_code == 422
