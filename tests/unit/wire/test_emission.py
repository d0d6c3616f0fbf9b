"""What phones of e-mission's family post, and what is told to them."""

from __future__ import annotations

import gzip
import itertools
import json
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from estran.journal import Journal, Leg, Mode, Place, Stay, Trip
from estran.journal import Path as Way
from estran.trace import MarkKind, Motion
from estran.wire.emission import asking, issues, kept, labels, metrics, posting, study, timeline
from estran.wire.emission.trips import composite_trip, told_in

DATA = Path(__file__).parents[4] / "shared" / "data"
SAMPLES = DATA / "emission-wire-samples"
HOUR_US = 3_600_000_000
START_US = 1_780_297_200_000_000  # 2026-06-01T07:00:00Z


def put(*entries: Any) -> posting.Put:
    return posting.read_put(json.dumps({"user": "t", "phone_to_server": list(entries)}).encode())


def entry(key: str, data: dict[str, Any], **metadata: Any) -> dict[str, Any]:
    return {"metadata": {"key": key, "write_ts": START_US / 1e6, **metadata}, "data": data}


def activity(**data: Any) -> dict[str, Any]:
    return entry("background/motion_activity", {"ts": START_US / 1e6, **data})


def test_activities_of_every_age_read_alike():
    motions = posting.posted(
        put(
            activity(type=7, confidence=85), activity(agb=0, agc=100), activity(zzaEg=1, zzaEh=75),
            activity(zzbjA=3, zzbjB=60), activity(ajO=8, ajP=50), activity(zzaKM=7, zzaKN=5),
            activity(zzbhB=2, zzbhC=99),
            activity(stationary=False, walking=True, running=False, cycling=False,
                     automotive=False, unknown=False, confidence="high"),
        )
    ).activities  # fmt: skip
    assert motions is not None
    assert [Motion(m).name for m in motions.motion] == [
        "WALK", "VEHICLE", "BIKE", "STILL", "RUN", "WALK", "ON_FOOT", "WALK",
    ]  # fmt: skip


def test_milliseconds_are_seconds_times_a_thousand():
    here = {"latitude": 46.1, "longitude": -1.1}
    read = posting.posted(
        put(
            entry("background/location", {**here, "ts": START_US / 1e6}),
            entry("background/location", {**here, "ts": START_US // 1000 + 1000}),
        )
    ).positions
    assert read is not None
    assert read.time_us.tolist() == [START_US, START_US + 1_000_000]


def test_two_points_of_one_second_and_key_are_both_kept():
    # The reference server keeps one of two entries that share key and write_ts.
    at = {"latitude": 46.1, "longitude": -1.1}
    read = posting.posted(
        put(
            entry("background/location", {**at, "ts": START_US / 1e6 + 0.1}),
            entry("background/location", {**at, "ts": START_US / 1e6 + 0.6}),
        )
    )
    assert read.positions is not None
    assert len(read.positions) == 2


def test_what_is_no_reading_is_kept_as_it_came_and_the_bad_never_costs_the_good():
    odd = entry("brand/new_key", {"any": [1, {"é": "ü"}]}, extra=True)
    read = posting.posted(
        put(
            odd, 3, None, {"metadata": {}}, {"data": {}},
            entry("background/location", {"latitude": "far", "ts": 1}),
            entry("statemachine/transition", {"transition": "T_TRIP_ENDED", "ts": START_US / 1e6}),
            entry("background/location", {"latitude": 46.0, "longitude": 1, "ts": START_US / 1e6}),
        )
    )  # fmt: skip
    assert read.positions is not None
    assert len(read.positions) == 1
    assert read.marks is not None
    assert [MarkKind(k) for k in read.marks.kind] == [MarkKind.TRIP_ENDED]
    found = {e.key: json.loads(e.raw) for e in posting.entries_in(read.extras[0])}
    assert found["brand/new_key"] == odd
    assert {"background/location", "statemachine/transition"} <= found.keys()
    assert read.n_dropped == 4


def test_the_same_entries_make_the_same_parcel_in_any_order():
    some = [entry("stats/client_time", {"n": n}) for n in range(5)]
    one, other = posting.posted(put(*some)), posting.posted(put(*reversed(some), some[0]))
    assert one.extras == other.extras


@pytest.mark.data
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
def test_the_public_samples_read():
    entries = [json.loads(path.read_text()) for path in sorted(SAMPLES.glob("*.txt"))]
    read = posting.posted(put(*entries))
    assert read.n_dropped == 0
    assert read.positions is not None
    assert len(read.positions) == 2
    assert {e.key for e in posting.entries_in(read.extras[0])} == {
        "statemachine/transition", "manual/demographic_survey",
    }  # fmt: skip


@pytest.mark.data
@pytest.mark.skipif(not SAMPLES.is_dir(), reason="the shared samples are not here")
@pytest.mark.parametrize("phone", ["android-2", "ios-2"])
def test_a_days_raw_stream_reads_without_loss(phone):
    for path in sorted((SAMPLES / "mobilitynet-raw").glob(f"{phone}.*.json.gz")):
        entries = json.loads(gzip.decompress(path.read_bytes()))
        read = posting.posted(put(*entries))
        assert read.n_dropped <= len(entries) // 100, path.name
        if "location" in path.name:
            assert read.positions is not None
            instants = {(e["data"]["ts"], e["data"]["latitude"]) for e in entries}
            assert len(read.positions) >= 0.99 * len(instants)


# Trips -------------------------------------------------------------------------------------


def leg(mode: Mode, start_us: int, end_us: int, distance_m: float = 5_000.0, **rest: Any) -> Leg:
    way = Way(
        np.array([start_us, end_us], np.int64), np.array([46.0, 46.04]), np.array([-1.0, -1.0])
    )
    return Leg(mode, start_us, end_us, distance_m, way, n_positions=2, **rest)


def trip(start_us: int, *legs: Leg) -> Trip:
    own = legs or (leg(Mode.CAR, start_us, start_us + HOUR_US // 2),)
    return Trip(
        start_us, own[-1].ended_us, "Europe/Paris", Place(46.0, -1.0), Place(46.04, -1.0), own
    )


def journal(*trips: Trip) -> Journal:
    stays = [
        Stay(a.ended_us, b.started_us, "Europe/Paris", a.destination, 30.0)
        for a, b in itertools.pairwise(trips)
    ]
    return Journal(tuple(sorted([*trips, *stays], key=lambda e: e.started_us)))


def told(*trips: Trip, now_s: int = 2_000_000_000):
    made = journal(*trips)
    book = issues.renewed(
        issues.Book(), issues.seen_in(made.entries), now_s=now_s, made_of=1, seed="v"
    )
    return book, told_in(made.entries, book.issues)


def test_a_trip_is_drawn_as_its_clients_read_it():
    walk = leg(Mode.WALK, START_US, START_US + HOUR_US // 6, 800)
    wait = Leg(Mode.WAIT, walk.ended_us, walk.ended_us + 300_000_000, 0.0)
    train = leg(Mode.TRAIN, wait.ended_us, START_US + HOUR_US, 40_000, corrected=True)
    _, [one] = told(trip(START_US, walk, wait, train))
    drawn = timeline.drawn(one, "u" * 32)
    kinds = [f["properties"]["feature_type"] for f in drawn["features"] if "properties" in f]
    assert kinds == ["start_place", "end_place", "stop"]
    inner = [f["features"][0] for f in drawn["features"] if f["type"] == "FeatureCollection"]
    assert [s["properties"]["sensed_mode"] for s in inner] == [
        "PredictedModeTypes.WALKING", "PredictedModeTypes.TRAIN",
    ]  # fmt: skip
    assert inner[1]["properties"]["manual_mode"] == "TRAIN"
    assert drawn["properties"]["start_fmt_time"] == "2026-06-01T09:00:00+02:00"
    for section in inner:
        columns = [section["properties"][n] for n in ("times", "timestamps", "speeds", "distances")]
        assert {len(c) for c in columns} == {len(section["geometry"]["coordinates"])}
    json.dumps(drawn, allow_nan=False)
    json.dumps(composite_trip(one, "u" * 32), allow_nan=False)


def test_a_trip_past_midnight_is_asked_for_with_either_day():
    _, [one] = told(trip(START_US + int(15.5 * HOUR_US)))  # 00:30 in France
    assert timeline.is_of(one, date(2026, 6, 2))
    assert timeline.is_of(one, date(2026, 6, 1))
    assert not timeline.is_of(one, date(2026, 6, 3))


def test_the_place_between_two_trips_is_one():
    _, [one, two] = told(trip(START_US), trip(START_US + HOUR_US))
    assert one.end_place_id == two.start_place_id


def test_an_unchanged_trip_keeps_its_second_and_a_changed_one_its_id():
    first, second = trip(START_US), trip(START_US + 3 * HOUR_US)
    book, _ = told(first, second)
    moved = trip(START_US + 120_000_000, leg(Mode.BUS, START_US + 120_000_000, first.ended_us))
    after = issues.renewed(
        book, issues.seen_in(journal(moved, second).entries), now_s=book.last_s + 60, made_of=2,
        seed="v",
    )  # fmt: skip
    assert after.issues[1].write_s == book.issues[1].write_s
    assert after.issues[0].id == book.issues[0].id
    assert after.issues[0].write_s > book.last_s
    assert after.was_told(book.issues[0].write_s)


def test_a_client_that_drops_the_first_loses_nothing_where_its_last_trip_moved():
    new = {"_id": {"$oid": "n"}, "metadata": {"write_ts": 50.0}, "data": {}}
    ask = asking.Ask(("analysis/cleaned_trip",), first_s=40.0)
    found = asking.answered([new], ask)
    assert asking.with_footing(found, ask, stood_there=True)[1:] == [new]
    assert asking.with_footing(found, ask, stood_there=False) == [new]
    same = asking.Ask(("analysis/cleaned_trip",), first_s=50.0)
    assert asking.with_footing(found, same, stood_there=True) == [new]


@pytest.mark.parametrize(
    ("shortened", "expected"), [("first", [0, 1]), ("last", [8, 9]), ("sample", [0, 5])]
)
def test_answers_are_shortened_as_asked(shortened, expected):
    entries = [
        {"_id": {"$oid": f"{n}"}, "metadata": {"write_ts": float(n)}, "data": {}} for n in range(10)
    ]
    ask = asking.by_timestamp({"max_entries": 2, "trunc_method": shortened})
    assert [e["metadata"]["write_ts"] for e in asking.answered(entries, ask)] == expected


def test_bounds_are_included_and_milliseconds_understood():
    entries = [{"_id": {"$oid": f"{n}"}, "data": {"end_ts": 1.7e9 + n}} for n in range(4)]
    body = {"start_time": (1.7e9 + 1) * 1000, "end_time": 1.7e9 + 2, "key_time": "data.end_ts"}
    assert len(asking.answered(entries, asking.by_timestamp(body))) == 2


def test_local_dates_are_asked_for_component_by_component():
    body = {
        "from_local_date": {"year": 2026, "month": 6, "hour": 8},
        "to_local_date": {"year": 2026, "month": 7, "hour": 9},
        "key_local_date": "data.start_local_dt",
    }
    ask = asking.by_local_date(body)
    parts = [(6, 8), (7, 10), (8, 9), (7, 9)]
    entries = [
        {"_id": {"$oid": f"{n}"}, "data": {"start_local_dt": {"year": 2026, "month": m, "hour": h}}}
        for n, (m, h) in enumerate(parts)
    ]
    assert [e["_id"]["$oid"] for e in asking.answered(entries, ask)] == ["0", "3"]


# Labels ------------------------------------------------------------------------------------


def said(start_us: int, end_us: int, word: str = "bus") -> labels.Label:
    data = {"start_ts": start_us / 1e6, "end_ts": end_us / 1e6, "label": word}
    one = kept.keep(json.dumps(entry("manual/mode_confirm", data)).encode())
    assert one is not None
    label = labels.label_of(one)
    assert label is not None
    return label


def test_a_label_finds_its_trip_by_the_rules_of_the_reference():
    one, two = trip(START_US), trip(START_US + HOUR_US)
    both, quarter_us = [one, two], 15 * 60 * 1_000_000
    assert labels.trip_of(said(one.started_us, one.ended_us), both) is one
    assert labels.trip_of(said(one.started_us, one.ended_us + quarter_us), both) is one
    assert labels.trip_of(said(one.started_us, one.ended_us + 2 * quarter_us), both) is one
    assert labels.trip_of(said(one.started_us - 1_000_000, one.ended_us), both) is None
    assert labels.trip_of(said(one.ended_us, two.started_us), both) is None
    assert labels.trip_of(said(two.started_us, two.ended_us), both) is two


def test_a_label_of_a_whole_trip_means_its_longest_way():
    walk = leg(Mode.WALK, START_US, START_US + HOUR_US, 3_000)
    ride = leg(Mode.CAR, START_US + HOUR_US, START_US + 2 * HOUR_US, 60_000)
    assert labels.leg_meant(trip(START_US, walk, ride)) == ride


def test_sums_are_of_days_and_modes():
    _, ones = told(trip(START_US), trip(START_US + 3 * HOUR_US))
    made = metrics.own_sums(ones, {"metric_list": ["count", "distance"], "freq": "DAILY"})
    [[counts], [lengths]] = made["user_metrics"]
    assert (counts["CAR"], lengths["CAR"]) == (2, 10_000.0)


def test_a_configuration_is_laid_over():
    further = {"intro": {"translated_text": {"fr": {"deployment_name": "Rade"}}}, "version": 4}
    one = study.Study("rade", ("a", "b"), "Rade", "m@example.org", "https://a.example/", further)
    made = study.configuration(one, {"fr": {"summary_line_1": "x"}}, made_s=3)
    assert made["server"]["connectUrl"] == "https://a.example/"
    assert made["opcode"]["subgroups"] == ["a", "b"]
    assert made["version"] == 4
    assert made["intro"]["translated_text"]["fr"] == {
        "summary_line_1": "x", "deployment_name": "Rade",
    }  # fmt: skip
