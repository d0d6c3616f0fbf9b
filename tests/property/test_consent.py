"""Consents under all that can be said: never more allowed than was agreed to."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given
from hypothesis import strategies as st

from estran.vault import consent as consents
from estran.vault import receipt, wordings
from estran.vault.consent import Consent, Content, Purpose, TextRef, contents, may, withdrawn

US = st.integers(0, 4_000_000_000_000_000)
CONTENT = st.lists(st.sampled_from(Content), min_size=1).map(lambda some: contents(*some))
DAYS = st.none() | st.dates()
TEXT = st.builds(
    TextRef, st.sampled_from(["coach", "research"]), st.integers(1, 9), st.sampled_from(["fr", "en"]),
    st.text("0123456789abcdef", min_size=64, max_size=64),
)  # fmt: skip


@st.composite
def any_consent(draw) -> Consent:
    given_us, more_us = draw(US), draw(st.integers(1, 10**15))
    days = draw(DAYS), draw(DAYS)
    if days[0] and days[1] and days[1] < days[0]:
        days = days[::-1]
    one = Consent(
        id=draw(st.uuids()).hex,
        purpose=draw(st.sampled_from(Purpose)),
        recipient=draw(st.from_regex(r"\A[a-z][a-z0-9:._-]{0,20}\Z")),
        reads=draw(CONTENT),
        writes=draw(st.just(()) | CONTENT),
        first_day=days[0],
        last_day=days[1],
        given_us=given_us,
        expires_us=given_us + more_us,
        text=draw(TEXT),
    )
    return withdrawn(one, draw(US)) if draw(st.booleans()) else one


@given(any_consent())
def test_bytes_and_back(one):
    assert consents.decode(consents.encode(one)) == one
    assert receipt.check(receipt.write(receipt.receipt(one, None, receipt.Controller("x")))) == one


@given(any_consent(), any_consent())
def test_two_consents_have_one_digest_only_when_they_are_one(one, other):
    assert (consents.digest(one) == consents.digest(other)) == (one == other)
    for field in fields(Consent):
        changed = replace(one, text=other.text) if field.name == "text" else one
        assert (consents.digest(changed) == consents.digest(one)) == (changed == one)


@given(st.lists(any_consent(), max_size=4), US, st.sampled_from(Purpose), CONTENT)
def test_nothing_is_allowed_that_no_single_consent_allows(all_, at_us, purpose, reads):
    for recipient in {one.recipient for one in all_} | {"nobody"}:
        allowed = may(all_, purpose, recipient, at_us, reads=reads)
        assert allowed == any(may([one], purpose, recipient, at_us, reads=reads) for one in all_)
        if allowed:
            assert any(
                one.given_us <= at_us < one.expires_us
                and (one.withdrawn_us is None or at_us < one.withdrawn_us)
                and one.purpose == purpose
                and set(reads) <= set(one.reads)
                for one in all_
            )


@given(any_consent(), US, US)
def test_withdrawing_never_allows_more(one, at_us, later_us):
    after = withdrawn(one, at_us)
    assert after.withdrawn_us is not None
    assert not may([after], one.purpose, one.recipient, max(after.withdrawn_us, later_us))
    if not may([one], one.purpose, one.recipient, later_us):
        assert not may([after], one.purpose, one.recipient, later_us)


def test_the_texts_can_be_named():
    for name, version, language in wordings.known():
        assert wordings.shown(wordings.text(name, version, language).ref) is not None
