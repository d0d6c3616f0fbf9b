"""The picture of a trip: what was chosen, without day, hour or place; none of a private trip."""

from __future__ import annotations

from datetime import date

from estran.journal import Mark
from estran.web.me import work

from .lived import trips_of, two_days


def test_a_picture_holds_what_was_chosen_and_no_place(alice, work_off):
    vault = two_days(alice, work_off)
    trip = max(trips_of(vault, date(2026, 6, 1)), key=lambda trip: trip.distance_m)
    address = f"/journal/trip/{trip.started_us}/share/"
    assert alice.client.get(address).status_code == 200
    svg = alice.client.get(f"{address}picture.svg?asked=1&show=distance").content.decode()
    assert "<polyline" in svg
    assert "km" in svg
    for hidden in ("46.", "-1.1", "2026", "10:0", "CO₂e"):
        assert hidden not in svg
    assert "km" not in alice.client.get(f"{address}picture.svg?asked=1").content.decode()
    work.say(vault, [work.new_correction(
        kind="mark", start_us=trip.started_us, end_us=trip.ended_us, mark=Mark.PRIVATE
    )])  # fmt: skip
    assert alice.client.get(f"{address}picture.svg").status_code == 404
    assert "<img" not in alice.client.get(address).content.decode().split("<main")[1]
