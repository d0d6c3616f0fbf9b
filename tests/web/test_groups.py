"""Groups: members see what each chose and nothing else; who is not in one sees nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from estran.coach.month_shown import FIGURES, shareable
from estran.journal import Journal, Mark, Mode, Trip
from estran.web.groups import work as groups
from estran.web.groups.models import Circle, Invitation, Member
from estran.web.me import work

from .lived import DAYS, trips_of, two_days
from .test_imports import vault_of

pytestmark = pytest.mark.django_db


def text(answer):
    return answer.content.decode()


def together(alice, bob):
    """Alice makes a group and Bob enters by her link; give its address and the link."""
    for who in (alice, bob):
        who.client.cookies["estran_language"] = "en"
    made = alice.client.post("/groups/", {"name": "Les Dupont", "called": "Ann"})
    address = made.headers["Location"]
    link = alice.client.post(address, {"do": "invite"}).context["link"]
    path = link.removeprefix("http://testserver")
    assert "Les Dupont" in text(bob.client.get(path))
    assert bob.client.post(path, {"called": "Bob"}).headers["Location"] == address
    return address, path


def shown_of(who, name):
    page = who.client.get(who.group)
    return next(m["figures"] for m in page.context["members"] if m["name"] == name)


def test_a_group_sees_what_each_chose_and_nothing_else(alice, bob, work_off):
    two_days(alice, work_off)
    address, _ = together(alice, bob)
    bob.group = address
    assert shown_of(bob, "Ann") == []  # nothing without a choice
    offered = {row["key"]: row["told"] for row in alice.client.get(address).context["offered"]}
    assert set(offered) <= set(FIGURES)
    alice.client.post(address, {"do": "show", "figure": ["active_s", "made_up"]})
    assert [(f["key"], f["told"]) for f in shown_of(bob, "Ann")] == [
        ("active_s", offered["active_s"])
    ]
    assert [m["name"] for m in bob.client.get(address).context["members"]] == ["Ann", "Bob"]
    alice.client.post(address, {"do": "stop"})
    assert shown_of(bob, "Ann") == []


def test_the_server_holds_sealed_words_only(alice, bob, work_off):
    two_days(alice, work_off)
    address, _ = together(alice, bob)
    alice.client.post(address, {"do": "show", "figure": list(FIGURES)})
    alice.client.post(address, {"do": "invite"})
    held = b"".join(bytes(m.shown) for m in Member.objects.all())
    held += b"".join(bytes(i.sealed) for i in Invitation.objects.all())
    for word in (b"Ann", b"Bob", b"Dupont", b"active_s", b"month"):
        assert word not in held


def test_an_invitation_lets_one_in_once(alice, bob):
    _, path = together(alice, bob)
    assert Invitation.objects.count() == 0
    assert bob.client.get(path).status_code == 404
    assert bob.client.get("/groups/join/not-a-code/").status_code == 404


def test_who_is_not_in_it_or_left_sees_nothing(alice, bob):
    alone = alice.client.post("/groups/", {"name": "Alone", "called": "Ann"}).headers["Location"]
    for answer in (bob.client.get(alone), bob.client.post(alone, {"do": "invite"})):
        assert answer.status_code == 404
    address, _ = together(alice, bob)
    bob.client.post(address, {"do": "leave"})
    assert bob.client.get(address).status_code == 404
    assert vault_of(bob).doc_ids(groups.GROUP) == []
    assert [m["name"] for m in alice.client.get(address).context["members"]] == ["Ann"]
    alice.client.post(address, {"do": "leave"})
    assert Circle.objects.count() == 1


def test_private_trips_are_in_no_figure(alice, work_off):
    vault = two_days(alice, work_off)
    _, before = groups.preview(vault)
    for day in DAYS:
        for trip in trips_of(vault, day):
            work.say(vault, [work.new_correction(
                kind="mark", start_us=trip.started_us, end_us=trip.ended_us, mark=Mark.PRIVATE
            )])  # fmt: skip
    _, after = groups.preview(vault)
    assert sum(before.values()) > 0
    assert set(after.values()) <= {0.0}  # not even as days without a car


def test_a_day_of_unknown_modes_is_no_day_without_a_car(alice, work_off):
    journal = work.journal(two_days(alice, work_off), *DAYS)

    def days(mode):
        entries = [
            replace(e, legs=tuple(replace(leg, mode=mode) for leg in e.legs))
            if isinstance(e, Trip)
            else e
            for e in journal.entries
        ]
        return shareable(Journal(tuple(entries)), *DAYS)["days_without_car"]

    assert [days(m) for m in (Mode.BIKE, Mode.CAR, Mode.UNKNOWN)] == [2, 0, 0]


def test_a_name_is_asked_for(alice):
    page = alice.client.post("/groups/", {"name": "", "called": "x" * 41})
    assert page.status_code == 200
    assert set(page.context["form"].errors) == {"name", "called"}
    assert Circle.objects.count() == 0
