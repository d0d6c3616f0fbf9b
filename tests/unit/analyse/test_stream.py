"""Evidence that comes in parts is understood as if it had come at once."""

from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.synthetic import Day

from estran.analyse import analyse, analyse_report
from estran.journal import Entry, Trip
from estran.stream import Stream, analyse_by_month, months_of
from estran.trace import Evidence

DAY_US = 86_400_000_000


def week(seed, *, n_days=7):
    """Go to work and back on each day."""
    made = Day(seed=seed)
    for day in range(n_days):
        made.stay(8 * 3600, every_s=300).ride(east_m=6000 + 400 * day, speed_mps=9)
        made.stay(8 * 3600, every_s=300).ride(east_m=-6000 - 400 * day, speed_mps=9)
        made.stay(7 * 3600, every_s=300)
    return made.evidence()


def key(entries):
    return [(type(entry), entry.started_us, entry.ended_us) for entry in entries]


@settings(max_examples=15)
@given(st.integers(0, 100), st.integers(DAY_US // 3, 5 * DAY_US))
def test_parts_of_any_length_give_the_same_days(seed, part_us):
    evidence = week(seed)
    stream, entries = Stream(analyse_report), list[Entry]()
    for part in months_of(evidence, part_us=part_us):
        entries += stream.take(part)
    entries += stream.finish()

    whole = analyse(evidence).entries

    assert all(a.ended_us <= b.started_us for a, b in pairwise(entries))
    assert key(e for e in entries if isinstance(e, Trip)) == key(
        e for e in whole if isinstance(e, Trip)
    )
    assert (entries[0].started_us, entries[-1].ended_us) == (
        whole[0].started_us,
        whole[-1].ended_us,
    )


def test_every_row_is_in_one_part():
    evidence = week(1)

    parts = list(months_of(evidence, part_us=DAY_US))

    assert len(parts) > 5
    assert sum(len(part.trace) for part in parts) == len(evidence.trace)


def test_nothing_brought_is_an_empty_journal():
    analysis = analyse_by_month(Evidence(), analyse_report, on_progress=lambda _share: None)

    assert analysis.journal.entries == ()
    assert analysis.journal.made_by.algorithm


def test_progress_grows_to_the_whole():
    told = list[float]()
    analyse_by_month(week(2), analyse_report, on_progress=told.append)

    assert told == sorted(told)
    assert told[-1] == pytest.approx(1.0)
