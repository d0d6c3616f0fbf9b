"""Tickets made of what truly happened, beside real traces: no second trip, and the mode sure."""

from __future__ import annotations

import numpy as np
import pytest
from bench import truth

from estran.analyse import analyse
from estran.journal import Journal, Mode
from estran.tickets.laying import State, laid
from estran.tickets.values import End, Journey
from estran.trace import Trace

pytestmark = [
    pytest.mark.data,
    pytest.mark.skipif(
        not (truth.DATA / "mobilitynet").is_dir(), reason="the labelled data is not here"
    ),
]

EARLY_US = 300_000_000
"""The printed times: five minutes before those of the ride, as trains run late."""


def end(trace: Trace, at_us: int) -> End:
    row = int(np.clip(np.searchsorted(trace.time_us, at_us), 0, len(trace) - 1))
    return End("station", float(trace.lat_deg[row]), float(trace.lon_deg[row]))


def as_train_us(journal: Journal, start_us: int, end_us: int) -> int:
    return sum(
        max(0, min(leg.ended_us, end_us) - max(leg.started_us, start_us))
        for trip in journal.trips
        for leg in trip.legs
        if leg.mode is Mode.TRAIN
    )


def test_rides_with_a_ticket_are_trains_and_nothing_is_added():
    states: list[State] = []
    whole_us = found_us = 0
    for recording in truth.mobilitynet():
        rides = [leg for trip in recording.true for leg in trip.legs if leg.mode is Mode.TRAIN]
        if not rides:
            continue
        trace = recording.evidence.trace
        tickets = [
            Journey(
                id=str(k), mode=Mode.TRAIN, start_us=leg.start_us - EARLY_US,
                end_us=leg.end_us - EARLY_US, tz="America/Los_Angeles",
                origin=end(trace, leg.start_us), destination=end(trace, leg.end_us),
            )
            for k, leg in enumerate(rides)
        ]  # fmt: skip
        journal = analyse(recording.evidence)
        done = laid(journal, tickets, positions=trace)
        assert len(done.journal.trips) == len(journal.trips)
        states += done.states.values()
        whole_us += sum(leg.end_us - leg.start_us for leg in rides)
        found_us += sum(as_train_us(done.journal, leg.start_us, leg.end_us) for leg in rides)
    assert len(states) >= 10
    assert set(states) == {State.JOINED}
    assert found_us >= 0.98 * whole_us
