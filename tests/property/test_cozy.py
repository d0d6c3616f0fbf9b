"""Whatever days somebody lived, Cozy's documents of them give the same trips again."""

from __future__ import annotations

import io
from datetime import date, timedelta

import numpy as np
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from estran.analyse import analyse
from estran.carbon import factor_set, price
from estran.coach.corrections import Correction, apply
from estran.example import evidence
from estran.formats.bring import bring
from estran.formats.gather import Gatherer
from estran.formats.motions import motion_of
from estran.formats.reading import Batch
from estran.giving.cozy import cozy_pieces
from estran.giving.cozy_section import is_told
from estran.journal import Journal, Leg, Mode, Trip
from estran.trace import ClaimKind, Evidence

SAID = [mode for mode in Mode if mode not in (Mode.WAIT, Mode.UNKNOWN, Mode.OTHER)]
NEAR_US = 180_000_000
"""What a thinned path and the middle of a pause may move a border by."""


def brought(journal: Journal) -> Evidence:
    text = "".join(cozy_pieces(journal.entries))
    gatherer = Gatherer()
    for item in bring("trips.json", io.BytesIO(text.encode())):
        if isinstance(item, Batch):
            gatherer.add(item)
        else:
            assert item.refused is None
            assert item.faults == ()
    return gatherer.finish()


def rides(journal: Journal) -> list[Leg]:
    return [leg for trip in journal.trips for leg in trip.legs if leg.mode is not Mode.WAIT]


def lived(first: int, n_days: int, words: list[tuple[int, Mode]]) -> Journal:
    day = date(2025, 1, 1) + timedelta(days=first)
    try:
        seen = evidence(day, day + timedelta(days=n_days - 1))[0]
    except ValueError:  # a day on which nothing was recorded
        return Journal()
    journal = price(analyse(seen), factors=factor_set())
    legs = rides(journal)
    said = [
        Correction(
            id=f"c{number}", start_us=leg.started_us, end_us=leg.ended_us, mode=mode,
            made_at_us=number,
        )
        for number, (which, mode) in enumerate(words)
        for leg in ([legs[which % len(legs)]] if legs else [])
    ]  # fmt: skip
    return apply(journal, said, factors=factor_set())


days = {
    "first": st.integers(0, 360),
    "n_days": st.integers(1, 3),
    "words": st.lists(st.tuples(st.integers(0, 99), st.sampled_from(SAID)), max_size=6),
}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(**days)
def test_sections_and_paths_come_back_to_the_microsecond(first, n_days, words):
    journal = lived(first, n_days, words)
    if not journal.trips:
        return
    got = brought(journal)
    claims = got.claims.take(got.claims.kind == ClaimKind.MOVE)
    assert [
        (start, end, motion, confirmed)
        for start, end, motion, confirmed in zip(
            claims.start_us.tolist(), claims.end_us.tolist(), claims.motion.tolist(),
            claims.confirmed.tolist(), strict=True,
        )
    ] == [
        (leg.started_us, leg.ended_us, int(motion_of(leg.mode.value)), is_told(leg))
        for leg in rides(journal)
    ]  # fmt: skip
    np.testing.assert_allclose(claims.distance_m, [leg.distance_m for leg in rides(journal)])
    points = {
        (int(t), round(float(lat), 7), round(float(lon), 7))
        for leg in rides(journal)
        for t, lat, lon in zip(leg.path.time_us, leg.path.lat_deg, leg.path.lon_deg, strict=True)
    }
    trace = got.trace
    back = zip(trace.time_us.tolist(), trace.lat_deg, trace.lon_deg, strict=True)
    assert points <= {(t, round(float(lat), 7), round(float(lon), 7)) for t, lat, lon in back}


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(**days)
def test_the_journal_made_of_them_has_the_same_trips_and_modes(first, n_days, words):
    """Like trips are left out where the person told one: that speaks for the others too."""
    journal = lived(first, n_days, words)
    words_said = any(is_told(leg) for leg in rides(journal))
    if not journal.trips:
        return
    again = price(analyse(brought(journal)), factors=factor_set())
    whole = [trip for trip in journal.trips if _seen_whole(trip)]
    for trip in whole:
        twin = next((t for t in again.trips if _near(trip, t)), None)
        assert twin is not None
        if not words_said:
            assert _modes(twin) == _modes(trip)
        if all(is_told(leg) or leg.mode is Mode.WAIT for leg in trip.legs):
            assert _modes(twin) == _modes(trip)


def _seen_whole(trip: Trip) -> bool:
    """Leave out what hangs by a thread: minutes between two trips, legs of a few points."""
    return all(len(leg.path) > 1 for leg in trip.legs)


def _near(one: Trip, other: Trip) -> bool:
    return (
        abs(one.started_us - other.started_us) <= NEAR_US
        and abs(one.ended_us - other.ended_us) <= NEAR_US
    )


def _modes(trip: Trip) -> list[Mode]:
    return [leg.mode for leg in trip.legs if leg.mode is not Mode.WAIT]
