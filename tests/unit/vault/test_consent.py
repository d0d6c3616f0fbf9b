"""Consents: what holds, what never does, the texts, the receipts."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
from dataclasses import replace
from datetime import date

import pytest

from estran.errors import ConsentUnfit, NotFound, ReceiptUnfit, VaultDamaged
from estran.vault import consent as consents
from estran.vault import receipt, wordings
from estran.vault.consent import Consent, Content, Purpose, allowing, contents, may, withdrawn
from estran.vault.receipt import Controller

DAY_US = 86_400_000_000
GIVEN_US = 1_780_000_000_000_000
SITE = Controller("Une commune", "dpo@example.org")


def given(**changed) -> Consent:
    values = {
        "id": "a1",
        "purpose": Purpose.COACH,
        "recipient": "coach",
        "reads": contents(Content.POSITIONS, Content.JOURNAL),
        "writes": contents(Content.JOURNAL),
        "first_day": None,
        "last_day": None,
        "given_us": GIVEN_US,
        "expires_us": GIVEN_US + 30 * DAY_US,
        "text": wordings.current(Purpose.COACH, "fr").ref,
    }
    return Consent(**{**values, **changed})


def test_it_holds_from_giving_to_expiry_and_not_a_moment_longer():
    one = given()
    at = [GIVEN_US - 1, GIVEN_US, one.expires_us - 1, one.expires_us]
    assert [may([one], Purpose.COACH, "coach", t) for t in at] == [False, True, True, False]


def test_it_ends_at_the_moment_of_withdrawal():
    one = withdrawn(given(), GIVEN_US + DAY_US)
    assert may([one], Purpose.COACH, "coach", GIVEN_US + DAY_US - 1)
    assert not may([one], Purpose.COACH, "coach", GIVEN_US + DAY_US)
    assert withdrawn(one, GIVEN_US + 2 * DAY_US) == one


def test_a_consent_is_for_one_purpose_one_recipient_and_what_it_names():
    one, at = [given()], GIVEN_US
    assert not may(one, Purpose.RESEARCH, "coach", at)
    assert not may(one, Purpose.COACH, "campaign:12", at)
    assert not may(one, Purpose.COACH, "coach", at, reads=[Content.PLACES])
    assert not may(one, Purpose.COACH, "coach", at, writes=[Content.POSITIONS])
    assert may(one, Purpose.COACH, "coach", at, reads=[Content.JOURNAL], writes=[Content.JOURNAL])


def test_consents_are_never_added_up():
    apart = [
        given(id="a", reads=contents(Content.JOURNAL)),
        given(id="b", reads=contents(Content.PLACES)),
    ]
    both = [Content.JOURNAL, Content.PLACES]
    assert not may(apart, Purpose.COACH, "coach", GIVEN_US, reads=both)


def test_the_one_that_ends_last_is_named():
    longer = given(id="b", expires_us=GIVEN_US + 90 * DAY_US)
    assert allowing([longer, given()], Purpose.COACH, "coach", GIVEN_US) == longer


def test_the_period_covers_its_ends():
    one = given(first_day=date(2026, 6, 1), last_day=date(2026, 6, 30))
    days = [date(2026, 5, 31), date(2026, 6, 1), date(2026, 6, 30), date(2026, 7, 1)]
    assert [one.covers(day) for day in days] == [False, True, True, False]


@pytest.mark.parametrize(
    "changed",
    [
        {"reads": (), "writes": ()},
        {"reads": (Content.POSITIONS, Content.JOURNAL)},
        {"expires_us": GIVEN_US},
        {"expires_us": 2**62},
        {"withdrawn_us": GIVEN_US - 1},
        {"recipient": "Chez Mémé"},
        {"id": ""},
        {"first_day": date(2026, 6, 2), "last_day": date(2026, 6, 1)},
    ],
)
def test_what_nobody_can_have_agreed_to_is_refused(changed):
    with pytest.raises(ConsentUnfit):
        given(**changed)


def test_what_is_not_canonical_is_not_read():
    written = consents.encode(given())
    assert consents.decode(written) == given()
    told = json.loads(written)
    for changed in (
        written.replace(b",", b", ", 1),
        json.dumps({**told, "purpose": "advertising"}).encode(),
        consents.canonical({**told, "reads": ["everything"]}),
        consents.canonical({**told, "extra": 1}),
        consents.canonical({**told, "estran_consent": 2}),
        b"{}",
        b"\xff",
    ):
        with pytest.raises(VaultDamaged):
            consents.decode(changed)


TEXTS = {
    "app.1.en.md": "3e084a107c24b159",
    "app.1.fr.md": "d5697a096edcac4a",
    "coach.1.en.md": "5f446b48335ea036",
    "coach.1.fr.md": "c57a5056609b631b",
}
"""What was shown to people is never changed: a new wording is a new file with a new version."""


def test_no_text_that_was_shown_has_changed():
    found = {
        f"{name}.{version}.{language}.md": wordings.text(name, version, language).ref.digest[:16]
        for name, version, language in wordings.known()
    }
    assert found == TEXTS


def test_every_text_is_there_in_both_languages():
    versions = {(name, version) for name, version, _ in wordings.known()}
    assert wordings.known() == {(n, v, lang) for n, v in versions for lang in wordings.LANGUAGES}
    fr, en = (wordings.current(Purpose.COACH, language) for language in ("fr", "en"))
    assert len(fr.paragraphs) == len(en.paragraphs) > 0
    assert wordings.current(Purpose.COACH, "de").ref.language == "fr"
    with pytest.raises(NotFound):
        wordings.current(Purpose.RESEARCH, "fr")
    with pytest.raises(NotFound):
        wordings.text("../coach", 1, "fr")


def test_a_consent_leads_to_the_words_that_were_shown():
    ref = given().text
    shown = wordings.shown(ref)
    assert shown is not None
    assert hashlib.sha256(shown.body.encode()).hexdigest() == ref.digest
    assert wordings.shown(replace(ref, digest="0" * 64)) is None
    assert wordings.shown(replace(ref, version=99)) is None


@pytest.mark.parametrize("one", [given(), withdrawn(given(), GIVEN_US + 5)])
def test_a_receipt_is_whole_and_can_be_checked(one):
    made = receipt.receipt(one, wordings.shown(one.text), SITE)
    assert receipt.check(receipt.write(made)) == one
    kinds = [event["event_type"] for event in made["consent_record"]["events"]]
    assert kinds == ["consent_given", "consent_withdrawn"][: 1 + bool(one.withdrawn_us)]


def test_a_changed_receipt_is_found_out():
    made = json.loads(receipt.write(receipt.receipt(given(), wordings.shown(given().text), SITE)))
    for path, value in (
        (("consent", "expires_us"), GIVEN_US + 99 * DAY_US),
        (("consent_record", "pii_processing", "purpose"), "research"),
        (("consent_record", "privacy_notice", "text"), "All is yours."),
        (("consent_record", "events"), []),
        (("receipt_metadata", "digest"), "0" * 64),
    ):
        changed = json.loads(json.dumps(made))
        at = changed
        for step in path[:-1]:
            at = at[step]
        at[path[-1]] = value
        with pytest.raises(ReceiptUnfit):
            receipt.check(json.dumps(changed).encode())
    for other in (b"", b"[]", b"{}", b'{"consent": 3}', b'{"consent": null, "x": 1}'):
        with pytest.raises(ReceiptUnfit):
            receipt.check(other)


@pytest.mark.skipif(shutil.which("jq") is None, reason="jq is not here")
def test_anybody_can_compute_the_digest_with_jq(tmp_path):
    made = receipt.receipt(given(), wordings.shown(given().text), SITE)
    path = tmp_path / "receipt.json"
    path.write_bytes(receipt.write(made))
    command = [shutil.which("jq") or "jq", "-jcS", ".consent", str(path)]
    printed = subprocess.run(command, capture_output=True, check=True).stdout  # noqa: S603 - jq
    assert hashlib.sha256(printed).hexdigest() == made["receipt_metadata"]["digest"]
