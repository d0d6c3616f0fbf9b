"""A year in review: facts of the year, none of a private trip, nothing made up for an empty one."""

from __future__ import annotations

from datetime import date

from estran.coach.review import review
from estran.coach.summary import summarise
from estran.journal import Journal, Mark
from estran.web.me import work

from .lived import trips_of, two_days


def test_a_year_is_told(alice, work_off):
    vault = two_days(alice, work_off)
    alice.client.cookies["estran_language"] = "en"
    page = alice.client.get("/review/", follow=True)
    assert page.redirect_chain == [("/review/2026/", 302)]
    sentences = page.context["sentences"]
    assert sentences[0].startswith("2 trips over 2 known days")
    assert any("longest" in sentence for sentence in sentences)
    assert alice.client.get("/review/2020/").context["sentences"] == []
    for day in (date(2026, 6, 1), date(2026, 6, 2)):
        for trip in trips_of(vault, day):
            work.say(vault, [work.new_correction(
                kind="mark", start_us=trip.started_us, end_us=trip.ended_us, mark=Mark.PRIVATE
            )])  # fmt: skip
    quiet = alice.client.get("/review/2026/").context["sentences"]
    assert not any("longest" in sentence for sentence in quiet)
    assert quiet[0] == sentences[0]


def test_years_known_a_little_are_not_put_beside_each_other():
    empty = summarise(Journal(), date(2026, 1, 1), date(2026, 12, 31))
    assert review([], empty, empty).changes == ()
