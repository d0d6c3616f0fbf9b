"""Timetables: read, kept, asked; by foot to stops, with a change, on the right day and hour."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.feeds.gtfs_tables import folder_of, zip_of

from estran.coach.alternatives import Asked, Ridden
from estran.coach.by_timetable import asker
from estran.feeds.timetable import read_timetable as read_or_none
from estran.journal import Mode, Place
from estran.network.scanning import Ends, lay_timetable, scan
from estran.network.timetable import (
    NO_TIMETABLE,
    Timetable,
    timetable_from_bytes,
    timetable_to_bytes,
    timetables_united,
)


def read_timetable(path) -> Any:
    """Read a timetable that tests know to be there, or not to be."""
    return read_or_none(path)


CALTRAIN = Path(__file__).parents[4] / "shared/data/networks/caltrain"

HEAD = "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
TABLES = {
    "routes.txt": "route_id,route_short_name,route_type\nb,1A,3\nt,TER,2\n",
    "stops.txt": (
        "stop_id,stop_lat,stop_lon\nhome,46.160,-1.15\nstation,46.200,-1.15\n"
        "platform,46.201,-1.15\ntown,46.400,-1.15\nlone,46.900,-1.15\n"
    ),
    "calendar.txt": (
        "service_id,monday,tuesday,wednesday,thursday,friday,saturday,sunday,start_date,end_date\n"
        "week,1,1,1,1,1,0,0,20260601,20260731\n"
    ),
    "calendar_dates.txt": "service_id,date,exception_type\nsunday,20260607,1\nweek,20260608,2\n",
    "trips.txt": (
        "route_id,service_id,trip_id\nb,week,b1\nb,week,b2\nt,week,t1\nt,sunday,t2\nb,gone,b3\n"
    ),
    "stop_times.txt": HEAD
    + "b1,08:00:00,08:00:00,home,1\nb1,08:15:00,08:15:00,station,2\n"
    + "b2,08:20:00,08:20:00,home,1\nb2,,,lone,2\nb2,08:35:00,08:35:00,station,3\n"
    + "t1,08:25:00,08:25:00,platform,1\nt1,08:45:00,08:45:00,town,2\n"
    + "t2,09:00:00,09:00:00,platform,1\nt2,24:30:00,24:30:00,town,2\n"
    + "b3,08:01:00,08:01:00,home,1\nb3,08:02:00,08:02:00,town,2\n"
    + "ghost,08:01:00,08:01:00,home,1\nb1,x,x,home,x\n",
}
HOME, STATION, TOWN = Place(46.161, -1.15), Place(46.2, -1.15), Place(46.401, -1.15)


@pytest.fixture
def table(tmp_path):
    return read_timetable(folder_of(TABLES, tmp_path / "f"))


@pytest.fixture
def ask(table):
    return asker(lay_timetable(table))


def test_a_feed_becomes_connections_in_order(table):
    assert table.departs_s.tolist() == sorted(table.departs_s.tolist())
    assert table.run.size == 5
    assert table.run_days.tolist() == [31, 31, 31, 64, 0]  # Monday to Friday, Sunday, never
    assert table.arrives_s.max() == 24.5 * 3600


def test_a_zip_is_as_good_and_a_feed_without_times_has_none(tmp_path, table):
    packed = read_timetable(zip_of(TABLES, tmp_path / "f.zip"))
    assert packed.departs_s.tolist() == table.departs_s.tolist()
    left = {name: text for name, text in TABLES.items() if name != "stop_times.txt"}
    assert read_timetable(folder_of(left, tmp_path / "g")) is None
    assert read_timetable(folder_of(TABLES | {"stop_times.txt": HEAD}, tmp_path / "h")) is None
    assert read_timetable(tmp_path / "extract.osm.pbf") is None


def test_without_a_calendar_everything_runs_every_day(tmp_path):
    left = {name: text for name, text in TABLES.items() if not name.startswith("calendar")}
    assert set(read_timetable(folder_of(left, tmp_path / "f")).run_days.tolist()) == {127}


def test_bus_then_train_with_a_walk_between(ask):
    found = ask(Asked(HOME, TOWN, 0, 8.0))
    assert isinstance(found, Ridden)
    modes = [mode for mode, _, _ in found.legs]
    walked = [mode for mode in modes if mode is not Mode.WAIT]
    assert walked == [Mode.WALK, Mode.BUS, Mode.WALK, Mode.TRAIN, Mode.WALK]
    assert Mode.WAIT in modes
    assert sum(took_s for _, _, took_s in found.legs) == pytest.approx(found.low_s, abs=1)
    ridden_m = {mode: way_m for mode, way_m, _ in found.legs}
    assert ridden_m[Mode.TRAIN] == pytest.approx(0.199 * 111_195 * 1.1, rel=0.01)


def test_why_there_is_none(ask):
    assert ask(Asked(HOME, TOWN, 5, 8.0)) == "no-line"  # nothing on Saturdays
    assert ask(Asked(HOME, TOWN, 0, 15.0)) == "no-service"
    assert ask(Asked(Place(46.185, -1.15), TOWN, 0, 8.0)) == "no-line"  # no stop within a walk
    assert ask(Asked(HOME, Place(48.0, 2.0), 0, 8.0)) == ""  # out of what is known
    assert ask(Asked(HOME, Place(46.163, -1.15), 0, 8.0)) in {"no-line", "walking-sooner"}


def test_a_bicycle_goes_to_the_train_not_into_the_bus(ask):
    found = ask(Asked(Place(46.18, -1.15), TOWN, 0, 8.0, by_bike=True))
    assert [m for m, _, _ in found.legs if m is not Mode.WAIT] == [
        Mode.BIKE, Mode.TRAIN, Mode.BIKE,
    ]  # fmt: skip


def test_bytes_and_back(table):
    again = timetable_from_bytes(timetable_to_bytes(table))
    assert again.arrives_s.tolist() == table.arrives_s.tolist()
    for broken in (b"", b"x", timetable_to_bytes(table)[:200]):
        with pytest.raises(ValueError, match="timetable"):
            timetable_from_bytes(broken)


def test_two_side_by_side(table):
    both = timetables_united([table, NO_TIMETABLE, table])
    assert both.run.size == 2 * table.run.size
    assert both.to_stop.max() >= table.stop_lat_e6.size
    assert timetables_united([]).run.size == 0


def test_columns_that_do_not_fit_are_refused(table):
    with pytest.raises(ValueError, match="fit"):
        replace(table, run=table.run + 99)


def made(rows):
    """Put single connections between five far stops together, each a run of its own."""
    rows = sorted(rows, key=lambda row: row[2])
    columns: Any = np.array(rows).reshape(-1, 4)
    n = len(rows)
    anything: Any = Timetable
    return anything(
        np.arange(5) * 100_000, np.zeros(5), np.zeros(n), np.full(n, 127), np.arange(n),
        columns[:, 0], columns[:, 1], columns[:, 2], columns[:, 2] + columns[:, 3],
    )  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.integers(0, 4), st.integers(0, 9000), st.integers(60, 3000))
        .filter(lambda row: row[0] != row[1]),
        max_size=25,
    )
)  # fmt: skip
def test_the_scan_finds_what_trying_everything_finds(rows):
    table = made(rows)
    found: Any = scan(lay_timetable(table), Ends({0: 0.0}, {4: 0.0}), 0, 0.0)
    reached = {0: 0}
    for _ in range(6):
        for start, stop, departs_s, lasts_s in rows:
            ready_s = reached.get(start, 10**9) + (90 if start else 0)
            if ready_s <= departs_s:
                reached[stop] = min(reached.get(stop, 10**9), departs_s + lasts_s)
    if 4 in reached:
        assert found.arrives_s == reached[4]
        assert sum(leg[2] for leg in found.legs) == pytest.approx(found.lasts_s)
    else:
        assert found is None


# A real feed is not ours to keep in the repository; the made-up one above always runs.
@pytest.mark.skipif(not CALTRAIN.is_dir(), reason="needs the shared networks")
def test_real_trains_run_as_they_do():
    """From Palo Alto to San Francisco: 37 minutes by express, about an hour by local train."""
    ask = asker(lay_timetable(read_timetable(CALTRAIN)))
    ends = Place(37.4435, -122.1650), Place(37.7766, -122.3950)
    express: Any = ask(Asked(*ends, 0, 7.5))
    assert 35 * 60 < express.low_s < 45 * 60
    assert Mode.TRAIN in {mode for mode, _, _ in express.legs}
    sunday: Any = ask(Asked(*ends, 6, 9.0))
    assert 50 * 60 < sunday.low_s < 90 * 60
    assert ask(Asked(*ends, 0, 3.0)) == "no-service"
