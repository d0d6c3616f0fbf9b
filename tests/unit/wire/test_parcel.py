"""A parcel holds what was posted, and refuses what is none."""

from __future__ import annotations

import numpy as np
import pytest

from estran.errors import VaultDamaged
from estran.trace import Activities, ClaimKind, Claims, MarkKind, Marks, Motion, Positions
from estran.wire.parcel import Parcel, decode, encode
from estran.wire.values import NOTHING, Extra, Posted


def _claims() -> Claims:
    unknown = np.array([np.nan])
    return Claims(
        start_us=np.array([1]), end_us=np.array([9]), kind=np.array([ClaimKind.MOVE]),
        motion=np.array([Motion.BIKE]), probability_share=unknown, confirmed=np.array([True]),
        lat_deg=unknown, lon_deg=unknown, end_lat_deg=unknown, end_lon_deg=unknown,
        distance_m=unknown, source=np.array([0]),
    )  # fmt: skip


def _posted() -> Posted:
    return Posted(
        positions=Positions.of([2_000_000, 1_000_000], [46.1, 46.2], [-1.1, -1.2]),
        activities=Activities(
            np.array([5]), np.array([Motion.WALK]), np.array([0.5]), np.array([0])
        ),
        claims=_claims(),
        marks=Marks(np.array([7]), np.array([MarkKind.BOOTED]), np.array([0])),
        extras=(Extra("closed", b"\x00\x01"),),
    )


def test_a_parcel_comes_back_as_it_was() -> None:
    parcel = Parcel("ab" * 16, "owntracks", 123, _posted())
    assert decode(encode(parcel)) == parcel


@pytest.mark.parametrize(
    "record",
    [b"", b"\x02" * 20, b"\x01", b"\x01" + bytes(8) + b"\x90", b"\x01" + bytes(8) + b"\xff"],
)
def test_what_is_no_parcel_is_refused(record: bytes) -> None:
    with pytest.raises(VaultDamaged):
        decode(record)


def test_a_column_that_was_cut_is_refused() -> None:
    record = encode(Parcel("ab" * 16, "owntracks", 123, _posted()))
    with pytest.raises(VaultDamaged):
        decode(record[:-9])


def test_what_was_posted_tells_its_last_point_and_whether_it_is_empty() -> None:
    assert _posted().last_point_us == 2_000_000
    assert NOTHING.is_empty
    assert NOTHING.last_point_us is None
    assert not Posted(extras=(Extra("closed", b""),)).is_empty
