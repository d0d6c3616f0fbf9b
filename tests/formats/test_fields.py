from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from estran.formats.coordinates import Rows
from estran.formats.fields import instants, number, numbers, sift
from estran.formats.reading import Faults
from estran.formats.times import NEVER
from estran.timebase import iso_utc

INSTANTS_US = st.integers(500_000_000_000_000, 4_000_000_000_000_000)


@given(st.lists(st.tuples(INSTANTS_US, st.sampled_from(["iso", "space", "epoch", "ms", "slash"]))))
def test_columns_of_mixed_manners_are_read_row_by_row(rows):
    texts, want = [], []
    for time_us, manner in rows:
        whole_us = time_us // 10**6 * 10**6
        iso = iso_utc(whole_us)
        texts.append(
            {
                "iso": iso,
                "space": iso.replace("T", " ").removesuffix("Z"),
                "epoch": str(whole_us // 10**6),
                "ms": str(whole_us // 1000),
                "slash": iso.replace("-", "/").replace("T", " "),
            }[manner]
        )
        want.append(whole_us)
    read = instants(texts)
    assert read.time_us.tolist() == want
    assert read.zoneless.tolist() == [manner == "space" for _, manner in rows]


@given(st.lists(st.text(max_size=30)))
def test_no_text_is_a_traceback(texts):
    read = instants(texts)
    assert read.time_us.size == read.zoneless.size == len(texts)
    assert not (read.zoneless & (read.time_us == NEVER)).any()
    assert numbers(texts).size == len(texts)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32))
def test_numbers_are_read_with_point_or_comma(value):
    assert number(repr(value)) == value
    assert number(repr(value).replace(".", ",")) == value


def test_every_bad_row_keeps_its_own_place():
    faults = Faults()
    lat = np.array([46.0, 91.0, np.nan, 0.0, 46.0, 92.0])
    lon = np.array([1.0, 1.0, 1.0, 0.0, 1.0, 1.0])
    time_us = np.array([10**15] * 4 + [NEVER, 10**15])
    positions, kept = sift(Rows(time_us, lat, lon), faults, "line {}".format)
    assert (len(positions), kept.tolist()) == (1, [0])
    assert {f.code: (f.count, f.where) for f in faults.listed()} == {
        "position-undated": (1, "line 4"),
        "position-outside-globe": (2, "line 1"),
        "position-missing": (1, "line 2"),
        "position-zero": (1, "line 3"),
    }
