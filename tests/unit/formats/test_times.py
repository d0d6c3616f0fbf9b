"""Reading instants by array gives what reading them one by one gives."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.formats.times import NEVER, epoch_us, instants_us, iso_us
from estran.timebase import from_datetime

ZONES = st.sampled_from(
    [UTC, timezone(timedelta(hours=2)), timezone(-timedelta(hours=9, minutes=30))]
)
INSTANTS = st.datetimes(datetime(1900, 1, 1), datetime(2199, 1, 1), timezones=ZONES)  # noqa: DTZ001 - bounds are naive
SPECS = st.sampled_from(["auto", "seconds", "milliseconds"])


@given(st.lists(st.tuples(INSTANTS, SPECS, st.booleans())))
def test_an_array_reads_as_the_standard_library(given_instants):
    texts, expected = [], []
    for instant, spec, zulu in given_instants:
        text = instant.isoformat(timespec=spec)
        texts.append(text.replace("+00:00", "Z") if zulu else text)
        expected.append(from_datetime(datetime.fromisoformat(text)))
    assert iso_us(texts).tolist() == expected


@pytest.mark.parametrize(
    "text",
    [
        "2024-02-30T00:00:00Z", "2024-13-01T00:00:00Z", "2024-00-10T00:00:00Z",
        "2024-01-01T25:00:00Z", "2024-01-01T0a:00:00Z", "", "soon", "é" * 24, "1" * 40,
        "9999-99-99T99:99:99Z", "nan", "inf", "2024-01-01T00:00:00+99:99",
        "2024-01-01T00:60:00Z", "2024-01-01T00:00:75Z", "2024-01-01T00:99:99Z",
    ],
)  # fmt: skip
def test_what_is_no_instant_is_never(text):
    assert iso_us([text]).tolist() == [NEVER]
    assert iso_us([text, "1970-01-01T00:00:00Z"]).tolist() == [NEVER, 0]


@given(st.lists(st.text(max_size=40)))
def test_no_text_raises(texts):
    assert iso_us(texts).shape == (len(texts),)


@pytest.mark.parametrize(
    "text",
    ["2025-03-24 20:07:24 +0100", "2025-03-24T19:07:24Z", "2025-03-24T19:07:24", "1742843244000"],
)
def test_dialects_of_one_instant(text):
    assert iso_us([text]).tolist() == [1742843244_000_000]


@given(st.integers(10**8, 4 * 10**9))
def test_the_size_of_a_number_tells_its_unit(second):
    numbers = np.array([second, second * 1e3, second * 1e6])
    assert epoch_us(numbers).tolist() == [second * 10**6] * 3


def test_numbers_texts_and_gaps_stand_together():
    mixed = instants_us(["1970-01-01T00:00:01Z", 2, None, 10**400])
    assert mixed.tolist() == [10**6, 2 * 10**6, NEVER, NEVER]
    assert instants_us([None, float("nan")]).tolist() == [NEVER] * 2
