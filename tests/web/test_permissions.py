"""Pages of permissions and of the access log."""

from __future__ import annotations

import json
import re
import shutil

import pytest

from estran.vault import receipt as receipts
from estran.vault.audit import Act
from estran.vault.consent import digest, encode
from estran.web.accounts.models import Vault
from estran.web.accounts.vaults import store
from estran.web.me import consents, service
from estran.web.me.access import note
from estran.web.me.models import LogHead
from estran.web.me.permission_words import sentence

from .conftest import PASSWORD, track
from .test_coach_permission import acts, opened

pytestmark = pytest.mark.django_db


def form_of(page) -> dict[str, str]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)">', page.content.decode())
    return {name: value for name, value in found if name in {"days", "language", "preview"}}


def give(who, days: int = 30):
    page = who.client.get(f"/permissions/coach/?days={days}")
    return who.client.post("/permissions/coach/give/", form_of(page), follow=True)


def test_it_is_given_and_taken_back_with_one_button_each(alice, workers):
    page = give(alice)
    assert page.status_code == 200
    [consent] = consents.all_of(opened(alice)[0])
    assert consent.id in page.content.decode()
    assert service.slots_of(alice.person)
    page = alice.client.post("/permissions/coach/withdraw/", follow=True)
    assert "no such row" in page.content.decode() or "telle ligne" in page.content.decode()
    assert not service.slots_of(alice.person)
    assert acts(alice)[-2:] == [Act.CONSENT_GIVEN, Act.CONSENT_WITHDRAWN]


def test_what_was_not_shown_is_not_given(alice, workers):
    form = form_of(alice.client.get("/permissions/coach/?days=30"))
    for changed in ({"days": "365"}, {"language": "en"}, {"preview": ""}, {"days": "9999"}):
        answer = alice.client.post("/permissions/coach/give/", {**form, **changed})
        assert answer.status_code in {409, 422}, changed
    assert consents.all_of(opened(alice)[0]) == ()
    assert not service.slots_of(alice.person)


def test_the_record_kept_is_the_one_that_was_shown(alice, workers):
    page = alice.client.get("/permissions/coach/?days=30")
    shown = json.loads(page.context["preview"].body)
    alice.client.post("/permissions/coach/give/", form_of(page))
    [consent] = consents.all_of(opened(alice)[0])
    kept = json.loads(encode(consent))
    assert {k: v for k, v in kept.items() if k not in {"id", "given_us"}} == shown


def test_receipts_can_be_taken_and_checked_after_giving_and_after_taking_back(alice, workers):
    give(alice)
    [consent] = consents.all_of(opened(alice)[0])
    file = alice.client.get(f"/permissions/receipts/{consent.id}/file/")
    assert receipts.check(file.content) == consent
    assert "given" in file.headers["Content-Disposition"]
    alice.client.post("/permissions/coach/withdraw/")
    [after] = consents.all_of(opened(alice)[0])
    file = alice.client.get(f"/permissions/receipts/{consent.id}/file/")
    assert receipts.check(file.content) == after
    page = alice.client.get(f"/permissions/receipts/{consent.id}/").content.decode()
    assert digest(after) in page
    assert digest(after)[:16] in alice.client.get("/access/").content.decode()


def test_a_locked_vault_does_not_keep_the_coach_in(alice, workers):
    give(alice)
    del alice.client.cookies["estran_vault"]
    assert alice.client.get("/permissions/coach/").status_code == 200
    alice.client.post("/permissions/coach/withdraw/")
    assert not service.slots_of(alice.person)
    assert alice.client.get("/permissions/coach/").status_code == 302


def test_signing_in_is_one_line_whatever_pages_are_viewed(alice, workers, work_off):
    alice.bring(("a.json", track()))
    work_off()
    before = len(acts(alice))
    for page in ("/journal/2026-06-01/", "/dashboard/2026/", "/access/", "/permissions/"):
        assert alice.client.get(page, follow=True).status_code == 200
    assert len(acts(alice)) == before
    alice.client.post("/account/logout/")
    alice.sign_in()
    assert len(acts(alice)) == before + 1
    assert acts(alice) == [Act.OPENED, Act.WORKED, Act.OPENED]


def test_the_log_says_that_it_is_whole(alice):
    page = alice.client.get("/access/")
    assert page.context["log"].is_as_left
    assert page.context["log"].n_taken == 0
    assert page.context["n_lines"] == 1


def test_a_backup_that_is_put_back_is_told_until_it_was_seen(alice, workers, tmp_path):
    vault_id = Vault.objects.get(person=alice.person).vault_id
    path = store()._path(vault_id)
    shutil.copy(path, tmp_path / "last week")
    vault, _ = opened(alice)
    note(vault, Act.EXPORTED, "estran")
    note(vault, Act.EXPORTED, "estran")
    shutil.copy(tmp_path / "last week", path)
    assert alice.client.get("/access/").context["log"].n_taken == 2
    alice.client.post("/account/logout/")
    alice.sign_in()  # a new line hides nothing
    assert alice.client.get("/access/").context["log"].n_taken >= 1
    alice.client.post("/access/resume/")
    page = alice.client.get("/access/")
    assert page.context["log"].is_as_left
    assert acts(alice)[-1] == Act.RESUMED


def test_lines_cut_from_outside_are_told(alice, workers):
    vault, _ = opened(alice)
    for _n in range(3):
        note(vault, Act.EXPORTED, "gpx")
    with store().connect(vault.vault_id) as container:
        container.begin(write=True)
        container.delete("audit", (2).to_bytes(8, "big"))
        container.commit()
    page = alice.client.get("/access/")
    assert page.status_code == 200
    log = page.context["log"]
    assert (log.is_as_left, log.examined.missing, log.examined.unbroken_from) == (False, (2,), 3)


def test_long_logs_are_shown_in_pages(alice):
    vault, _ = opened(alice)
    with vault.transaction():
        for _n in range(150):
            vault.audit(Act.WORKED, "reanalyse")
    first, second = (alice.client.get(f"/access/?page={n}") for n in (0, 1))
    assert (first.context["earlier"], second.context["earlier"]) == (1, None)
    assert alice.client.get("/access/?page=minus").status_code == 200


def test_the_head_outside_is_sealed(alice):
    assert b"opened" not in bytes(LogHead.objects.get().sealed)
    assert LogHead.objects.count() == 1


def test_every_act_has_words(alice):
    vault, _ = opened(alice)
    whys = {"opened": "password", "slot-changed": "password", "consent-given": "coach ab"}
    for act in Act:
        words = sentence(vault.audit(act, whys.get(act.value, "coach ab 3")))
        assert words.endswith("."), act
        assert words != act.value


def test_another_way_to_open_is_a_line(alice):
    before = len(acts(alice))
    alice.client.post("/recovery/new/", {"password": PASSWORD})
    vault, _ = opened(alice)
    lines = [(e.action, e.why) for e in vault.audit_entries()[before:]]
    assert lines == [(Act.SLOT_CHANGED, "recovery-code")]
    alice.client.post("/recovery/new/", {"password": "not this one"})
    assert len(acts(alice)) == before + 1
