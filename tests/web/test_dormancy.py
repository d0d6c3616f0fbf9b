"""Accounts that nobody uses: warned, warned again, a last chance, then erased with a receipt."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core import mail
from django.utils import timezone

from estran.web.accounts.models import ErasureReceipt, Person
from estran.web.accounts.vaults import store
from estran.web.retention import dormancy
from estran.web.retention.models import Dormancy

pytestmark = pytest.mark.django_db

YEARS = timedelta(days=731)


@pytest.fixture(autouse=True)
def with_mail(settings):
    settings.ESTRAN_HAS_MAIL = True
    settings.ESTRAN_DORMANT_MONTHS = 24
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"


def step_in(days: float) -> int:
    return dormancy.step(timezone.now() + YEARS + timedelta(days=days))


def test_nobody_is_warned_who_was_here(alice):
    assert dormancy.step() == 0
    assert dormancy.step(timezone.now() + timedelta(days=700)) == 0
    assert mail.outbox == []


def test_three_mails_then_the_account_is_erased_with_a_receipt(alice, bob):
    Person.objects.filter(email="alice@example.org").update(language="fr")
    Person.objects.filter(email="bob@example.org").update(
        last_login=timezone.now() + timedelta(days=600)
    )
    assert step_in(0) == 1
    assert step_in(0) == step_in(29) == 0  # again, and too early: nothing
    assert step_in(30) == 1
    assert step_in(52) == 0
    assert step_in(53) == 1
    assert step_in(59) == 0
    assert Person.objects.count() == 2
    assert step_in(60) == 1
    assert [p.email for p in Person.objects.all()] == ["bob@example.org"]
    assert len(list(store().ids())) == 1
    assert ErasureReceipt.objects.count() == 1
    assert [m.to for m in mail.outbox] == [["alice@example.org"]] * 4
    assert "60" in str(mail.outbox[0].body)
    assert " 7 jours" in str(mail.outbox[2].body)
    assert ErasureReceipt.objects.get().digest in str(mail.outbox[3].body)
    assert not [m for m in mail.outbox if "alice" in f"{m.subject}{m.body}"]
    assert "Dernière" in str(mail.outbox[2].subject)
    assert step_in(61) == 0


def test_a_sign_in_takes_all_of_it_back(alice):
    step_in(0)
    step_in(30)
    Person.objects.update(last_login=timezone.now() + YEARS + timedelta(days=31))
    assert step_in(200) == 0
    assert not Dormancy.objects.exists()
    assert Person.objects.count() == 1


def test_a_site_that_stood_still_still_waits_after_each_warning(alice):
    step_in(0)
    assert step_in(400) == 1  # the second
    assert step_in(401) == 0
    assert step_in(423) == 1  # the last chance
    assert step_in(424) == 0
    assert Person.objects.count() == 1
    assert step_in(430) == 1
    assert Person.objects.count() == 0


def test_a_mail_that_fails_is_sent_later_and_counts_then(alice, monkeypatch):
    def broken(*_args, **_rest):
        raise ConnectionRefusedError

    with monkeypatch.context() as server:
        server.setattr(dormancy, "send_mail", broken)
        assert step_in(0) == 0
    assert not Dormancy.objects.exists()
    assert step_in(1) == 1


@pytest.mark.parametrize(("has_mail", "months"), [(False, 24), (True, 0)])
def test_without_mail_or_rule_nobody_is_erased(alice, settings, has_mail, months):
    settings.ESTRAN_HAS_MAIL, settings.ESTRAN_DORMANT_MONTHS = has_mail, months
    assert step_in(4000) == 0
    assert Person.objects.count() == 1
