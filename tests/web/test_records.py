"""Values that are kept come back as they were, whatever they are."""

from __future__ import annotations

import math
from dataclasses import asdict, is_dataclass
from datetime import date
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.coach.summary import summarise
from estran.errors import Fault, VaultDamaged
from estran.formats.reading import FileReport, ImportReport
from estran.journal import (
    Co2e,
    Entry,
    Journal,
    Leg,
    Mode,
    Path,
    Place,
    Quality,
    Reason,
    Stay,
    Trip,
    Unknown,
)
from estran.web.me.records import decode, decode_entries, encode, encode_entries
from estran.web.me.summing import joined, month_of

instants = st.integers(-(2**62), 2**62)
numbers = st.floats(allow_nan=True, allow_infinity=True)
texts = st.text(max_size=12)
zones = st.sampled_from(["Europe/Paris", "UTC", "Pacific/Chatham"])
places = st.builds(Place, st.floats(-90, 90), st.floats(-180, 180))
estimates = st.builds(Co2e, *[numbers] * 7)


@st.composite
def paths(draw: Any) -> Path:
    n = draw(st.integers(0, 5))
    columns = [draw(st.lists(numbers, min_size=n, max_size=n)) for _ in range(2)]
    times = draw(st.lists(instants, min_size=n, max_size=n))
    return Path(np.array(times, np.int64), np.array(columns[0]), np.array(columns[1]))


legs = st.builds(
    Leg,
    mode=st.sampled_from(Mode),
    started_us=instants,
    ended_us=instants,
    distance_m=numbers,
    path=paths(),
    probabilities=st.lists(st.tuples(st.sampled_from(Mode), numbers), max_size=3).map(tuple),
    reasons=st.lists(
        st.builds(
            Reason,
            texts,
            numbers,
            st.lists(st.tuples(texts, texts | numbers), max_size=2).map(tuple),
        ),
        max_size=2,
    ).map(tuple),
    n_positions=st.integers(0, 10**9),
    vehicle=texts,
    energy=texts,
    train_kind=texts,
    occupants=numbers,
    shared=st.booleans(),
    co2e=st.none() | estimates,
    corrected=st.booleans(),
)
entries = st.one_of(
    st.builds(Stay, instants, instants, zones, places, numbers, texts, st.integers(0, 10**9)),
    st.builds(Unknown, instants, instants, zones, texts),
    st.builds(
        Trip, instants, instants, zones, places, places,
        st.lists(legs, max_size=3).map(tuple), st.sampled_from(Quality),
    ),
)  # fmt: skip


def plain(value: Any) -> Any:
    """Give a value in which NaN equals NaN."""
    if isinstance(value, Path):
        return [plain(list(column)) for column in (value.time_us, value.lat_deg, value.lon_deg)]
    if is_dataclass(value) and not isinstance(value, type):
        return {name: plain(getattr(value, name)) for name in value.__dataclass_fields__}
    if isinstance(value, list | tuple):
        return [plain(item) for item in value]
    if isinstance(value, float) and math.isnan(value):
        return "NaN"
    return value


@given(st.lists(entries, max_size=4))
def test_entries_come_back(kept: list[Entry]):
    back = decode_entries(encode_entries(kept))
    assert plain(back) == plain(tuple(kept))
    assert [type(entry) for entry in back] == [type(entry) for entry in kept]


@given(st.binary(max_size=64))
def test_rubbish_is_damage(record: bytes):
    try:
        decode_entries(record)
    except VaultDamaged:
        return
    assert record[:1] == b"\x01"


def test_another_version_is_damage():
    with pytest.raises(VaultDamaged):
        decode_entries(b"\x02" + encode_entries([])[1:])


@given(texts, texts, st.integers(0, 10**12), st.none() | instants)
def test_reports_come_back(name: str, code: str, n: int, first_us: int | None):
    report = ImportReport(
        (
            FileReport(name, "gpx", n, first_us=first_us, faults=(Fault(code, n, name),)),
            FileReport(
                name, "", 0, refused=Fault(code, 1, ""), refused_params=(("file", name), ("n", 1.5))
            ),
        )
    )
    assert decode(encode(report), ImportReport) == report


def test_a_year_is_the_sum_of_its_months():
    day_us = 86_400_000_000
    start_us = 1_767_225_600_000_000  # 2026-01-01
    co2e = Co2e(100.0, 80.0, 130.0, 60.0, 20.0, 20.0, 0.0)
    made: list[Entry] = []
    for n in range(0, 365, 5):
        at_us = start_us + n * day_us + day_us - 1_800_000_000  # half before midnight
        leg = Leg(Mode.CAR, at_us, at_us + 3_600_000_000, 10_000.0, co2e=co2e)
        made.append(Trip(at_us, leg.ended_us, "UTC", Place(46.0, -1.0), Place(46.1, -1.0), (leg,)))
    journal = Journal(tuple(made))
    whole = summarise(journal, date(2026, 1, 1), date(2026, 12, 31))
    months = [summarise(journal, *month_of(date(2026, m, 1))) for m in range(1, 13)]
    both = joined(months)
    assert both.days == whole.days
    assert both.total.n_trips == whole.total.n_trips
    assert both.total.distance_m == pytest.approx(whole.total.distance_m)
    assert asdict(both.total.co2e) == pytest.approx(asdict(whole.total.co2e))
    assert [m.month for m in both.months] == [m.month for m in whole.months]
    assert both.known_s == pytest.approx(whole.known_s)
