from __future__ import annotations

import json

import numpy as np
import pytest
from tests.formats.bringing import bring_text

from estran.timebase import iso_utc
from estran.trace import MarkKind, Stream


def entry(key, data, *, platform="android", write_ts=1564274400.5):
    return {"metadata": {"key": key, "platform": platform, "write_ts": write_ts}, "data": data}


def location(ts=1564274400.25, key="background/location", **data):
    return entry(key, {"latitude": 46.16, "longitude": -1.15, "ts": ts, **data})


def test_a_fix_under_two_keys_is_one_fix():
    got = bring_text(
        [location(), location(key="background/filtered_location"), location(ts=1564274401)]
    )
    assert got.report.n_positions == 2
    assert [fix[0] for fix in got.fixes("/android")] == [
        "2019-07-28T00:40:00.250Z",
        "2019-07-28T00:40:01Z",
    ]


def test_lines_lists_and_single_entries_are_the_same():
    several = [location(ts=1564274400 + i) for i in range(5)]
    as_list = bring_text(several)
    as_lines = bring_text("\n".join(json.dumps(one) for one in several) + "\n\n")
    pretty = bring_text("\r\n".join(json.dumps(one, indent=4) for one in several))
    assert as_list.evidence == as_lines.evidence == pretty.evidence
    assert bring_text(several[0]).report.n_positions == 1


def test_minus_one_is_unknown_and_zero_is_zero():
    got = bring_text(
        [
            location(sensed_speed=-1, bearing=-1, accuracy=9, altitude=-5.1),
            location(ts=1564274500, sensed_speed=0, heading=12),
        ]
    )
    trace = got.evidence.trace
    assert np.isnan(trace.speed_mps[0])
    assert np.isnan(trace.bearing_deg[0])
    assert (float(trace.speed_mps[1]), float(trace.bearing_deg[1])) == (0.0, 12.0)
    assert float(trace.altitude_m[0]) == pytest.approx(-5.1)


def test_a_batched_fix_keeps_its_own_time_and_an_undated_one_the_writing():
    got = bring_text(
        [
            entry("background/location", {"latitude": 46.16, "longitude": -1.15, "ts": 1564270000}),
            entry("background/location", {"latitude": 46.2, "longitude": -1.15}),
        ]
    )
    assert [fix[0] for fix in got.fixes("/android")] == [
        iso_utc(1564270000_000000),
        iso_utc(1564274400_500000),
    ]


def test_milliseconds_are_told_by_their_size():
    assert (
        bring_text([location(ts=1564274400250)]).fixes("/android")[0][0]
        == "2019-07-28T00:40:00.250Z"
    )


def test_the_servers_point_is_read_too():
    stored = entry(
        "background/location",
        {"loc": {"type": "Point", "coordinates": [-1.15, 46.16]}, "ts": 1564274400},
    )
    assert bring_text([stored]).fixes("/android")[0][1:] == (46.16, -1.15)


@pytest.mark.parametrize(
    ("data", "motion"),
    [
        ({"type": 7, "confidence": 85}, ("WALK", 0.85)),
        ({"type": 0, "confidence": 100}, ("VEHICLE", 1.0)),
        ({"agb": 1, "agc": 60}, ("BIKE", 0.6)),
        ({"zzbhB": 3, "zzbhC": 34}, ("STILL", 0.34)),
        ({"zzaEg": 8, "zzaEh": 40}, ("RUN", 0.4)),
        ({"stationary": True, "automotive": True, "confidence": "high"}, ("VEHICLE", 1.0)),
        ({"stationary": False, "walking": True, "confidence": "medium"}, ("WALK", 0.75)),
        ({"stationary": True, "confidence": "low"}, ("STILL", 0.5)),
    ],
)
def test_every_phones_activity_is_understood(data, motion):
    got = bring_text([entry("background/motion_activity", {**data, "ts": 1564274400})])
    assert [hint[1:] for hint in got.hints] == [motion]


@pytest.mark.parametrize(
    "data",
    [
        {"type": 5, "confidence": 100},
        {"type": 4, "confidence": 40},
        {"stationary": False, "walking": False, "confidence": "high"},
    ],
)
def test_tilting_and_unknown_say_nothing(data):
    got = bring_text([entry("background/motion_activity", {**data, "ts": 1564274400}), location()])
    assert got.hints == []
    assert not got.faults


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("local.transition.exited_geofence", MarkKind.TRIP_STARTED),
        ("local.transition.stopped_moving", MarkKind.TRIP_ENDED),
        ("local.transition.start_tracking", MarkKind.TRACKING_STARTED),
        ("T_FORCE_STOP_TRACKING", MarkKind.TRACKING_STOPPED),
        ("T_TRIP_ENDED", MarkKind.TRIP_ENDED),
        ("T_VISIT_STARTED", MarkKind.VISIT_STARTED),
        ("booted", MarkKind.BOOTED),
    ],
)
def test_transitions_are_marks(word, kind):
    got = bring_text([entry("statemachine/transition", {"transition": word, "ts": 1564274400})])
    assert got.evidence.marks.kind.tolist() == [kind]


def test_inner_transitions_and_other_keys_are_passed_over():
    got = bring_text(
        [
            entry("statemachine/transition", {"transition": "T_NOP"}),
            entry("statemachine/transition", {"transition": None}),
            entry("background/battery", {"battery_level_pct": 50}),
            location(),
        ]
    )
    assert len(got.evidence.marks) == 0
    assert not got.faults


def test_a_label_is_the_persons_word():
    got = bring_text(
        [
            entry(
                "manual/mode_confirm",
                {"start_ts": 1466436506.5, "end_ts": 1466437492.5, "label": "drove_alone"},
            )
        ]
    )
    assert [claim[2:] for claim in got.claims] == [("CAR", True)]


def test_platforms_are_sources_and_people_are_not_named():
    entries = [
        location(),
        entry(
            "background/location",
            {"latitude": 46.1, "longitude": -1.1, "ts": 1564274400},
            platform="ios",
        ),
    ]
    got = bring_text([{**one, "user_id": {"$uuid": "somebody"}} for one in entries])
    assert [s.device for s in got.evidence.sources] == ["android", "ios"]
    assert not any("somebody" in s.key for s in got.evidence.sources)
    assert "somebody" not in repr(got.evidence)


def test_an_entry_of_another_shape_costs_itself_only():
    got = bring_text([location(), {"metadata": 5, "data": []}, "x", location(ts=1564274500)])
    assert (got.report.n_positions, got.faults) == (2, {"record-broken": 2})


def test_a_flat_battery_and_refused_positions_are_marks():
    got = bring_text(
        [
            entry("background/battery", {"battery_level_pct": 4, "ts": 1564274400}),
            entry("statemachine/transition",
                  {"transition": "local.transition.tracking_error", "ts": 1564274500}),
        ]
    )  # fmt: skip
    assert got.evidence.marks.kind.tolist() == [MarkKind.BATTERY_FLAT, MarkKind.TRACKING_REFUSED]


def running(ts, started, **data):
    return location(ts=ts, elapsedRealtimeNanos=(ts - started) * 1e9, **data)


def test_two_phones_of_one_account_are_told_apart_by_their_clocks():
    first, second = 1564200000.0, 1564250000.0
    mixed = [
        running(1564274400.0 + 10 * n, (first, second)[n % 2], latitude=(46.16, 46.8)[n % 2])
        for n in range(20)
    ]
    got = bring_text(mixed)
    assert [source.key for source in got.evidence.sources] == [
        "e-mission/android", "e-mission/android/2",
    ]  # fmt: skip
    assert {fix[1] for fix in got.fixes("/android")} == {46.16}
    assert {fix[1] for fix in got.fixes("/android/2")} == {46.8}


def test_a_phone_started_anew_is_the_same_phone():
    before = [running(1564274400.0 + n, 1564200000.0) for n in range(5)]
    after = [running(1564280000.0 + n, 1564279000.0) for n in range(5)]
    assert [s.key for s in bring_text(before + after).evidence.sources] == ["e-mission/android"]


def test_accounts_are_sources_and_none_is_kept_in_clear():
    one, other = ({"user_id": {"$uuid": f"{n}" * 32}} for n in (1, 2))
    got = bring_text([{**location(ts=1564274400.0 + n), **(one, other)[n % 2]} for n in range(6)])
    keys = [source.key for source in got.evidence.sources]
    assert len(keys) == 2
    assert not any(("1" * 8) in key or ("2" * 8) in key for key in keys)
    assert [source.device for source in got.evidence.sources] == ["android", "android"]


START, END = 1564274400.0, 1564275000.0


def loc(lon, lat):
    return {"type": "Point", "coordinates": [lon, lat]}


def analysed(key, **data):
    told = {
        "start_ts": START, "end_ts": END, "start_loc": loc(-1.15, 46.16),
        "end_loc": loc(-1.10, 46.20), "distance": 5000.0, **data,
    }  # fmt: skip
    return entry(f"analysis/{key}", told, platform="server")


def test_what_the_server_made_is_a_path_with_claims():
    point = {"ts": START, "loc": loc(-1.15, 46.16), "latitude": 46.16, "longitude": -1.15}
    place = {"enter_ts": START - 3600, "exit_ts": START, "location": loc(-1.15, 46.16)}
    got = bring_text(
        [
            entry("analysis/recreated_location", point, platform="server"),
            entry("analysis/cleaned_place", place, platform="server"),
            analysed("cleaned_section", sensed_mode=0),
            analysed("inferred_section", sensed_mode=3),
            analysed("confirmed_trip", user_input={}),
            analysed("confirmed_trip", user_input={"mode_confirm": "bike"}),
        ]
    )
    assert [s.stream for s in got.evidence.sources] == [Stream.PATH]
    assert got.fixes("analysis") == [("2019-07-28T00:40:00Z", 46.16, -1.15)]
    assert got.claims == [
        ("2019-07-27T23:40:00Z", "2019-07-28T00:40:00Z", "STILL", False),
        ("2019-07-28T00:40:00Z", "2019-07-28T00:50:00Z", "BIKE", True),
        ("2019-07-28T00:40:00Z", "2019-07-28T00:50:00Z", "VEHICLE", False),
        ("2019-07-28T00:40:00Z", "2019-07-28T00:50:00Z", "BUS", False),
    ]
    assert got.evidence.claims.distance_m[1:].tolist() == [5000.0] * 3


def test_answers_of_the_server_are_unwrapped():
    assert bring_text({"phone_data": [location(), location(ts=START + 9)]}).report.n_positions == 2


def test_numbers_that_mongodb_wrapped_are_read():
    def wrapped(value):
        if isinstance(value, dict):
            return {k: wrapped(v) for k, v in value.items()}
        if isinstance(value, float):
            return {"$numberDouble": str(value)}
        return value

    plain = [location(ts=START + 0.5 * n, note='{"$numberInt": "7"}') for n in range(4000)]
    lines = "\n".join(json.dumps({"_id": {"$oid": "x"}, **wrapped(one)}) for one in plain)
    got = bring_text(lines)
    assert got.faults == {}
    assert got.evidence == bring_text(plain).evidence
    assert got.report.n_positions == 4000
