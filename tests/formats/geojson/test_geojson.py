from __future__ import annotations

import io
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.formats.reading_whole import FIXTURES, damaged, read_whole, refused, survives

from estran.errors import FileHostile
from estran.formats.geojson import FORMAT, sniff
from estran.formats.reading import Faults
from estran.timebase import from_datetime, iso_utc, to_datetime
from estran.trace import ClaimKind, Motion, Stream

NOON = "2024-05-01T12:00:00Z"


def point(coordinates=(-1.15, 46.16), **properties):
    return {
        "type": "Feature",
        "geometry": {"type": "Point", "coordinates": list(coordinates)},
        "properties": properties,
    }


def line(coordinates, kind="LineString", **properties):
    return {
        "type": "Feature",
        "geometry": {"type": kind, "coordinates": coordinates},
        "properties": properties,
    }


def collection(*features):
    return {"type": "FeatureCollection", "features": list(features)}


NESTED = {
    "type": "Feature",
    "geometry": {
        "type": "GeometryCollection",
        "geometries": [{"type": "Point", "coordinates": [-1.15, 46.16]}],
    },
    "properties": {"tst": 1714564800},
}


def whole(value):
    return read_whole(FORMAT, json.dumps(value))


def times(got):
    return [iso_utc(int(t)) for t in got.positions.time_us]


@pytest.mark.parametrize(
    "value",
    [
        collection(point(time=NOON)),
        point(timestamp=NOON),
        [point(datetime=NOON), point(when=NOON)],
        {"type": "FeatureCollection", "name": "x", "crs": {"a": [1]},
         "features": [NESTED]},
        {"locations": [point(timestamp=NOON)]},
        {"locations": [{"lat": 46.16, "lon": -1.15, "time": 1714564800.0}]},
        [{"latitude": 46.16, "longitude": -1.15, "timestamp": 1714564800}],
        {"_type": "location", "lat": 46.16, "lon": -1.15, "tst": 1714564800},
    ],
)  # fmt: skip
def test_points_are_read_whatever_wraps_them(value):
    got = whole(value)
    assert set(times(got)) == {NOON}
    assert (got.positions.lat_deg[0], got.positions.lon_deg[0]) == (46.16, -1.15)
    assert math.isnan(got.positions.accuracy_m[0])


@pytest.mark.parametrize(
    "time",
    [NOON, "2024-05-01T14:00:00+0200", 1714564800, 1714564800000, "1714564800", 1714564800.0],
)
def test_times_of_every_kind(time):
    assert times(whole(collection(point(time=time)))) == [NOON]


def test_features_on_lines_of_their_own_are_read():
    data = "\n".join(json.dumps(point(time=NOON)) for _ in range(3))
    assert len(read_whole(FORMAT, data).positions) == 3


@pytest.mark.parametrize(
    ("properties", "column", "value"),
    [
        ({"speed": 2}, "speed_mps", 2),
        ({"vel": "1.5"}, "speed_mps", 1.5),
        ({"speed_kmh": 36}, "speed_mps", 10),
        ({"speed_knots": 10}, "speed_mps", 5.144444),
        ({"speed": -1}, "speed_mps", None),
        ({"horizontal_accuracy": 5}, "accuracy_m", 5),
        ({"acc": 0}, "accuracy_m", None),
        ({"hdop": 2}, "accuracy_m", None),
        ({"cog": 361}, "bearing_deg", None),
        ({"course": 90}, "bearing_deg", 90),
        ({"alt": 12}, "altitude_m", 12),
        ({"altitude": 0, "vertical_accuracy": -1}, "altitude_m", None),
        ({"altitude": 0}, "altitude_m", 0),
        ({"speed": [1]}, "speed_mps", None),
        ({"speed": None}, "speed_mps", None),
        ({"speed": True}, "speed_mps", None),
    ],
)
def test_measures_come_in_si_or_unknown(properties, column, value):
    got = getattr(whole(collection(point(time=NOON, **properties))).positions, column)[0]
    assert math.isnan(got) if value is None else got == pytest.approx(value, rel=1e-5)


def test_owntracks_speed_is_in_kmh_and_its_wrong_epoch_is_mended():
    message = {"_type": "location", "lat": 46, "lon": -1, "tst": 736257600, "vel": 36, "tid": "x"}
    got = whole([message])
    assert times(got) == [NOON]
    assert got.positions.speed_mps.tolist() == [10]


def test_devices_are_apart():
    got = whole(collection(*[point(time=NOON, device_id=d) for d in ("Ada's", "b", "Ada's")]))
    assert [s.device for s in got.sources] == ["Ada's", "b"]
    assert "Ada" not in got.sources[0].key


def test_overland_gives_motions_and_visits():
    visit = point(
        timestamp="2025-10-09T09:10:00Z",
        action="visit",
        arrival_date="2025-10-09T09:01:12Z",
        departure_date=None,
    )
    far = {**visit["properties"], "departure_date": "4001-01-01T00:00:00Z"}
    moving = point(timestamp="2025-10-09T08:53:30Z", motion=["driving", "stationary"], wifi="home")
    got = whole({"locations": [moving, visit, {**visit, "properties": far}], "current": moving})
    assert got.activities.motion.tolist() == [Motion.CAR, Motion.STILL]
    assert len(got.positions) == 1
    assert got.claims.kind.tolist() == [ClaimKind.VISIT] * 2
    assert [iso_utc(t) for t in got.claims.start_us] == ["2025-10-09T09:01:12Z"] * 2
    assert [iso_utc(t) for t in got.claims.end_us] == ["2025-10-09T09:10:00Z"] * 2


def test_a_trip_whose_mode_was_told_is_confirmed():
    trip = point(
        type="trip", mode="bicycle", start="2025-10-09T09:00:00Z", end="2025-10-09T09:30:00Z"
    )
    got = whole({"locations": [trip]})
    assert got.claims.motion.tolist() == [Motion.BIKE]
    assert got.claims.confirmed.all()


COORDINATES = [[-1.1, 46.1, 5], [-1.1, 46.2, 6], [-1.1, 46.4, 7]]
THREE_TIMES = [f"2024-05-01T12:0{i}:00Z" for i in range(3)]


@pytest.mark.parametrize(
    "feature",
    [
        line(COORDINATES, coordTimes=THREE_TIMES),
        line(COORDINATES, times=[1714564800000, 1714564860000, 1714564920000]),
        line(COORDINATES, coordinateProperties={"times": THREE_TIMES}),
        line([[*c, 1714564800 + 60 * i] for i, c in enumerate(COORDINATES)]),
        line([[*c, t] for c, t in zip(COORDINATES, THREE_TIMES, strict=True)]),
        line([COORDINATES[:2], COORDINATES[2:]], "MultiLineString",
             coordTimes=[THREE_TIMES[:2], THREE_TIMES[2:]]),
    ],
)  # fmt: skip
def test_lines_with_times_are_recorded_tracks(feature):
    got = whole(collection(feature))
    assert times(got) == THREE_TIMES
    assert got.positions.altitude_m.tolist() == [5, 6, 7]
    assert {s.stream for s in got.sources} == {Stream.RECORDED}


def test_a_line_between_two_instants_is_spread_by_distance_and_its_mode_claimed():
    got = whole(
        collection(
            line(COORDINATES, started_at=NOON, finished_at="2024-05-01T12:30:00Z", mode="bus")
        )
    )
    assert [t[14:16] for t in times(got)] == ["00", "10", "30"]
    assert Stream.WAYPOINTS in {s.stream for s in got.sources}
    assert got.claims.motion.tolist() == [Motion.BUS]
    assert (got.claims.end_us - got.claims.start_us).tolist() == [1800 * 10**6]


def test_lines_that_overlap_are_several_recorders():
    one = line(COORDINATES, times=THREE_TIMES)
    other = line([[2, 46], [2, 47], [2, 48]], times=["2024-05-01T12:00:30Z", *THREE_TIMES[1:]])
    assert len(whole(collection(one, other)).sources) == 2
    assert len(whole(collection(one, one)).sources) == 1


def test_uneven_times_and_bad_points_are_counted():
    got = whole(
        collection(
            line(COORDINATES, times=THREE_TIMES[:2]),
            point((0, 0), time=NOON),
            point((-1, 146), time=NOON),
            point(("x",), time=NOON),
            point((-1, 46), time="soon"),
            point((-1, 46), time="2024-05-01T12:00:00"),
            None,
            3,
            {"type": "Feature"},
        )
    )
    assert len(got.positions) == 3
    assert got.faults == {
        "times-uneven": (1, "record 1"),
        "position-undated": (2, "record 1"),
        "zone-missing": (1, "record 6"),
        "position-zero": (1, "record 2"),
        "position-outside-globe": (1, "record 3"),
        "position-missing": (1, "record 4"),
    }


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (json.dumps(collection()), "file-without-positions"),
        (json.dumps(collection(point())), "file-without-positions"),
        (json.dumps(collection(line(COORDINATES))), "file-without-positions"),
        ('{"type": "FeatureCollection", "features": [{"type": "Fea', "file-unreadable"),
        ('{"type":"FeatureCollection","features":' + "[" * 100_000, "file-hostile"),
        ('{"type":"FeatureCollection","x":' + '{"a":' * 100_000, "file-hostile"),
    ],
)
def test_what_holds_no_dated_place_is_refused(data, code):
    assert refused(FORMAT, data) == code


def test_a_truncated_text_gives_what_it_has():
    data = json.dumps(collection(*[point(time=1714564800 + i) for i in range(9)]))
    got = read_whole(FORMAT, data[:-60])
    assert len(got.positions) == 8
    assert "truncated" in got.faults


@pytest.mark.parametrize(
    "value",
    [
        {}, [], {"locations": [{"latitudeE7": 1, "longitudeE7": 2, "timestamp": NOON}]},
        {"timelineObjects": []}, {"a": {"lat": 1, "lon": 2}}, {"lat": 1, "lon": 2},
        [{"startTime": NOON, "visit": {"probability": "1"}}],
    ],
)  # fmt: skip
def test_other_json_is_left_alone(value):
    assert not sniff(json.dumps(value).encode())


def made(n):
    """Write a collection of many features, piece by piece."""
    yield b'{"type":"FeatureCollection","features":['
    for i in range(n):
        feature = json.dumps(point(time=1714564800 + i, speed=1.5, note="x" * 50))
        yield (("," if i else "") + feature).encode()
    yield b"]}"


class Pieces(io.BytesIO):
    """Gives one piece at a reading, as a slow line does."""

    def __init__(self, pieces):
        super().__init__()
        self._pieces = pieces

    def read(self, _size=-1, /):
        return next(self._pieces, b"")


def test_batches_come_while_the_text_is_read():
    sizes = [len(b.positions or ()) for b in FORMAT.read(Pieces(made(120_000)), Faults())]
    assert sum(sizes) == 120_000
    assert max(sizes) < 80_000


def test_endless_blanks_are_not_read_to_their_end():
    class Blank(io.RawIOBase):
        def readable(self):
            return True

        def readinto(self, buffer):
            buffer[:] = b" " * len(buffer)
            return len(buffer)

    stream = io.BufferedReader(Blank())
    with pytest.raises(Exception, match="file-empty"):
        list(FORMAT.read(stream, Faults()))
    head = io.BytesIO(b'{"type":"FeatureCollection","features":[1,')
    with pytest.raises(FileHostile):
        list(FORMAT.read(_Chain(head, stream), Faults()))


class _Chain(io.BytesIO):
    def __init__(self, head, rest):
        super().__init__()
        self._head, self._rest = head, rest

    def read(self, _size=-1, /):
        return self._head.read(_size) or self._rest.read(_size)


@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.floats(-89, 89), st.floats(-179, 179)), min_size=1)
)
def test_what_is_written_is_read_back(fixes):
    fixes = [(t, lat or 0.5, lon or 0.5) for t, lat, lon in fixes]
    first = from_datetime(to_datetime(1_700_000_000_000_000))
    features = [point((lon, lat), time=iso_utc(first + t * 1000)) for t, lat, lon in fixes]
    got = whole(collection(*features)).positions
    assert got.time_us.tolist() == [first + t * 1000 for t, *_ in fixes]
    np.testing.assert_array_equal(got.lat_deg, [f[1] for f in fixes])


RICH = json.dumps(
    collection(
        point(time=NOON, device_id="a", motion=["walking"], speed=1),
        point(timestamp=NOON, action="visit", arrival_date=NOON, departure_date=None),
        line(COORDINATES, times=THREE_TIMES, mode="bus"),
        line(COORDINATES, start=NOON, end="2024-05-01T13:00:00Z", name="In bus"),
    )
).encode()


@given(st.integers(0, len(RICH)))
def test_no_truncation_is_a_traceback(length):
    survives(FORMAT, RICH[:length])


@settings(max_examples=300)
@given(st.integers(0, 2**32))
def test_no_damage_is_a_traceback(seed):
    survives(FORMAT, damaged(RICH, seed))


@given(st.binary(max_size=300))
def test_no_bytes_are_a_traceback(data):
    survives(FORMAT, data)
    survives(FORMAT, b'{"type":"FeatureCollection","features":[' + data)


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["Point", "LineString", "MultiLineString", "visit", "trip", NOON, "bus"]),
    lambda inner: st.lists(inner, max_size=4)
    | st.dictionaries(
        st.sampled_from(
            ["type", "geometry", "coordinates", "properties", "features", "geometries", "time",
             "times", "start", "end", "motion", "mode", "lat", "lon", "action", "device_id",
             "speed", "coordinateProperties", "_type", "tst", "vel", "name", "altitude"]
        ),
        inner,
        max_size=5,
    ),
    max_leaves=25,
)  # fmt: skip


@settings(max_examples=400)
@given(ANYTHING, ANYTHING, ANYTHING)
def test_no_values_of_any_type_are_a_traceback(geometry, properties, element):
    feature = {"type": "Feature", "geometry": geometry, "properties": properties}
    survives(FORMAT, json.dumps(collection(feature, element)).encode())
    survives(FORMAT, json.dumps(element).encode())


@given(
    st.sampled_from(["Point", "LineString", "MultiLineString", "MultiPoint"]), ANYTHING, ANYTHING
)
def test_no_coordinates_of_any_type_are_a_traceback(kind, coordinates, times):
    survives(
        FORMAT, json.dumps(collection(line(coordinates, kind, times=times, time=times))).encode()
    )
    survives(FORMAT, json.dumps(collection(line([[1, 2, 3, times]], kind, times=[times]))).encode())


@pytest.mark.data
@pytest.mark.parametrize(
    ("name", "n_positions"),
    [
        ("geojson/export.json", 10),
        ("geojson/gpslogger_example.json", 1),
        ("geojson/various_fields.geojson", 3),
        ("overland/geodata.json", 1),
        ("polarsteps/locations.json", 3),
        ("immich/geodata.json", 2),
        ("owntracks/geopulse-owntracks-sample.json", 10),
        ("synthetic/live/overland_batch.json", 2),
    ],
)
def test_files_of_the_world(name, n_positions):
    path = FIXTURES / name
    if not path.exists():
        pytest.skip("the import fixtures are not beside the repository")
    assert len(read_whole(FORMAT, path.read_bytes()).positions) == n_positions
