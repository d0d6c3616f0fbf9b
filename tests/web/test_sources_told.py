"""What is told of sources is told of arrays: gaps with their reasons, days, overlaps."""

from __future__ import annotations

from datetime import date

import numpy as np

from estran.analyse import analyse_report
from estran.timebase import local_day
from estran.trace import Evidence, MarkKind, Marks
from estran.web.sources.telling import told
from tests.synthetic import START_US, Day, evidence_of

DAY_S = 86_400


def phone(seed, days, *, start=0):
    """A phone that is at home on these days, at noon, and rides a little."""
    parts = Day(seed=seed, start_us=START_US + start * DAY_S * 1_000_000)
    at = 0
    for day in days:
        parts.gap(seconds=day * DAY_S - at)
        parts.stay(3600, every_s=120).ride(east_m=4000, speed_mps=8).stay(1800, every_s=120)
        at = round(parts.now_s)
    return parts.positions()


def facts(evidence, **rest):
    analysis = analyse_report(evidence)
    found = told(evidence, analysis, analysis.journal, **rest)
    return {s.key: s for s in found.overview.sources}, found


DAYS = [*range(10), *range(14, 24)]
GAP = (date(2026, 6, 11), date(2026, 6, 14))


def test_a_steady_source_has_a_gap_with_the_reason_of_its_last_mark():
    off = START_US + (9 * DAY_S + 3600 * 4) * 1_000_000
    marks = Marks(np.array([off]), np.array([MarkKind.TRACKING_STOPPED]), np.array([0]))
    evidence = evidence_of(phone(1, DAYS), phone(2, [11, 12]), marks=marks)

    first = facts(evidence)[0]["made/0"]

    assert first.is_steady
    assert first.n_gaps == 1
    [gap] = first.gaps
    assert (date.fromordinal(gap.first), date.fromordinal(gap.last)) == GAP
    assert gap.reason == "tracking-off"
    assert gap.n_covered == 2


def test_an_erased_gap_is_said_to_be_so_and_another_has_no_reason():
    evidence = evidence_of(phone(1, DAYS))
    erased = [(START_US + 11 * DAY_S * 1_000_000, START_US + 12 * DAY_S * 1_000_000)]

    assert facts(evidence)[0]["made/0"].gaps[0].reason == ""
    assert facts(evidence, erased=erased)[0]["made/0"].gaps[0].reason == "erased"


def test_a_recorder_of_rides_has_no_gaps():
    first = facts(evidence_of(phone(1, [0, 6, 13, 20])))[0]["made/0"]

    assert (first.is_steady, first.gaps) == (False, ())
    assert len(first.days) == 4


def test_days_are_those_that_were_lived():
    late = Day(seed=1, start_us=START_US + 14 * 3600 * 1_000_000 + 1_800_000_000)
    late.stay(3600, every_s=60)  # 22:30 to 23:30 UTC: the next day in France
    evidence = late.evidence(lat0_deg=46.16, lon0_deg=-1.15)

    first, found = facts(evidence)

    assert [date.fromordinal(d) for d in first["made/0"].days] == [date(2026, 6, 2)]
    assert local_day(int(evidence.trace.time_us[0]), "UTC") == date(2026, 6, 1)
    assert [d.owners for d in found.days] == [("made/0",)]


def test_times_kept_as_trips_only_stay_covered():
    evidence = evidence_of(phone(1, range(3)))
    kept = [("made/0", START_US - 5 * DAY_S * 1_000_000, START_US - 4 * DAY_S * 1_000_000)]

    assert len(facts(evidence, kept=kept)[0]["made/0"].days) == 5


def test_who_counted_beside_whom_adds_up_by_day():
    evidence = evidence_of(phone(1, range(4)), phone(2, [1, 2]))

    _, found = facts(evidence)

    assert [o.n_days for o in found.overview.overlaps] == [2]
    lasts = sum(w.lasts_s for w in found.overview.won)
    assert lasts == sum(w.lasts_s for d in found.days for w in d.won) > 2 * 3600
    assert {date.fromordinal(d.day) for d in found.days if d.won} == {
        date(2026, 6, 2), date(2026, 6, 3)}  # fmt: skip


def test_nothing_brought_is_nothing_told():
    analysis = analyse_report(Evidence())

    assert told(Evidence(), analysis, analysis.journal).days == ()
