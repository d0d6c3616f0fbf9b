from __future__ import annotations

import numpy as np
import pytest
from tests.unit.feeds.gtfs_tables import TABLES, folder_of, without, zip_of

from estran.errors import (
    FileHostile,
    NetworkColumnMissing,
    NetworkDamaged,
    NetworkEmpty,
    NetworkTableBroken,
    NetworkUnknown,
    Refusal,
)
from estran.feeds import read_network, read_networks
from estran.feeds.route_types import mode_of
from estran.journal import Mode
from estran.network import LINE_MODES, Network
from estran.wording import REFUSALS, say


def lines_of(network: Network) -> dict[str, Mode]:
    return {
        name: LINE_MODES[mode]
        for name, mode in zip(network.line_name, network.line_mode, strict=True)
    }


def calls_of(network: Network, name: str) -> set[tuple[int, int]]:
    """Stops of a line, in thousandths of a degree."""
    stops = network.call_stop[network.call_line == network.line_name.index(name)]
    at = zip(network.stop_lat_e6[stops], network.stop_lon_e6[stops], strict=True)
    return {(round(int(lat) / 1000), round(int(lon) / 1000)) for lat, lon in at}


def test_a_whole_feed_gives_its_lines(tmp_path):
    network = read_network(folder_of(TABLES, tmp_path / "f")).network
    assert lines_of(network) == {"1A": Mode.BUS, "T1": Mode.TRAM}
    assert calls_of(network, "1A") == {(46160, -1150), (46165, -1150), (46170, -1150)}
    # Points of a shape stand in the order of their sequence, not of the file.
    assert network.lat_e6[:3].tolist() == [46_160_000, 46_165_000, 46_170_000]


@pytest.mark.parametrize("inside", ["", "gtfs/"])
def test_a_zip_is_as_good_as_a_folder(tmp_path, inside):
    packed = read_network(zip_of(TABLES, tmp_path / "f.zip", inside=inside)).network
    assert packed.digest == read_network(folder_of(TABLES, tmp_path / "f")).network.digest


def test_without_shapes_lines_run_straight_between_stops(tmp_path):
    network = read_network(folder_of(without("shapes.txt"), tmp_path / "f")).network
    assert lines_of(network) == {"1A": Mode.BUS, "T1": Mode.TRAM}
    assert network.piece_straight.all()
    assert network.lat_e6[:3].tolist() == [46_160_000, 46_165_000, 46_170_000]


def test_without_times_stops_are_those_beside_the_way(tmp_path):
    network = read_network(folder_of(without("stop_times.txt"), tmp_path / "f")).network
    assert calls_of(network, "1A") == {(46160, -1150), (46165, -1150), (46170, -1150)}
    # A tram drawn from station to station has stations at its points.
    assert {(46165, -1160), (46165, -1140)} <= calls_of(network, "T1")


def test_without_trips_shapes_find_their_route_by_name(tmp_path):
    tables = without("trips.txt", "stop_times.txt")
    tables["shapes.txt"] = tables["shapes.txt"].replace("h1", "r1_0").replace("h2", "r2")
    network = read_network(folder_of(tables, tmp_path / "f")).network
    assert lines_of(network) == {"1A": Mode.BUS, "T1": Mode.TRAM}


def test_stops_alone_tell_of_a_feed_of_one_mode(tmp_path):
    tables = without("trips.txt", "stop_times.txt", "shapes.txt")
    tables["routes.txt"] = "route_id,route_short_name,route_type\nr,X,2\n"
    network = read_network(folder_of(tables, tmp_path / "f")).network
    assert lines_of(network) == {"X": Mode.TRAIN}
    assert len(calls_of(network, "X")) == 5


def test_quotes_marks_and_blanks_of_real_feeds(tmp_path):
    tables = dict(TABLES)
    tables["routes.txt"] = (
        '\ufeff"route_id", "route_type" ,route_short_name\r\n"r1"," 3",1A\r\n\r\n'
    )
    network = read_network(folder_of(tables, tmp_path / "f")).network
    assert lines_of(network) == {"1A": Mode.BUS}


def test_rows_that_say_nothing_are_left_out_and_counted(tmp_path):
    tables = dict(TABLES)
    tables["shapes.txt"] += "h1,north,-1.15,4\nh1,95,-1.15,5\n"
    tables["stops.txt"] += "s9,Nine,,,\n"
    read = read_network(folder_of(tables, tmp_path / "f"))
    assert read.n_left_out == 3
    assert read.network.digest == read_network(folder_of(TABLES, tmp_path / "g")).network.digest


def test_several_networks_lie_side_by_side(tmp_path):
    one = folder_of(TABLES, tmp_path / "one")
    tables = dict(TABLES)
    tables["routes.txt"] = tables["routes.txt"].replace("1A", "2B")
    both = read_networks([one, folder_of(tables, tmp_path / "two")]).network
    assert both.line_name == ("1A", "T1", "2B", "T1")
    assert calls_of(both, "2B") == calls_of(both, "1A")


def _text(content):
    def make(tmp_path):
        (tmp_path / "bad.zip").write_bytes(content)
        return tmp_path / "bad.zip"

    return make


def _packed(tables):
    return lambda tmp_path: zip_of(tables, tmp_path / "bad.zip")


def _folder(**changed):
    tables = {**TABLES, **{f"{name}.txt": text for name, text in changed.items()}}
    return lambda tmp_path: folder_of(tables, tmp_path / "f")


def _cut(tmp_path):
    path = zip_of(TABLES, tmp_path / "bad.zip")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    return path


def _flipped(tmp_path):
    path = zip_of(TABLES, tmp_path / "bad.zip")
    whole = bytearray(path.read_bytes())
    at = whole.index(b"routes.txt") + 12
    whole[at : at + 40] = bytes(40)
    path.write_bytes(bytes(whole))
    return path


def _utf_16(tmp_path):
    folder = folder_of(TABLES, tmp_path / "f")
    (folder / "routes.txt").write_bytes(TABLES["routes.txt"].encode("utf-16"))
    return folder


BAD = {
    "not-a-feed": (_packed({"readme.txt": "hello"}), NetworkUnknown),
    "text": (_text(b"hello"), NetworkUnknown),
    "empty-file": (_text(b""), NetworkUnknown),
    "empty-folder": (lambda tmp_path: folder_of({}, tmp_path / "f"), NetworkUnknown),
    "cut-zip": (_cut, NetworkDamaged),
    "flipped-zip": (_flipped, NetworkDamaged),
    "bomb": (_packed({**TABLES, "shapes.txt": b"0," * (40 << 20)}), FileHostile),
    "no-column": (_folder(routes="route_id,name\nr1,x\n"), NetworkColumnMissing),
    "empty-table": (_folder(routes=""), NetworkColumnMissing),
    "utf-16": (_utf_16, NetworkTableBroken),
    "no-line": (_folder(routes="route_id,route_type\nr3,1100\n"), NetworkEmpty),
}


@pytest.mark.parametrize("kind", BAD)
def test_a_bad_network_is_refused_in_words(tmp_path, kind):
    make, refusal = BAD[kind]
    with pytest.raises(Refusal) as told:
        read_network(make(tmp_path))
    assert type(told.value) is refusal
    assert "{" not in say(REFUSALS, told.value.code, told.value.params)


@pytest.mark.parametrize(
    ("route_type", "mode"),
    [
        ("0", Mode.TRAM), ("1", Mode.METRO), ("2", Mode.TRAIN), ("3", Mode.BUS), ("4", Mode.FERRY),
        ("5", Mode.TRAM), ("6", None), ("7", Mode.TRAM), ("11", Mode.BUS), ("12", Mode.METRO),
        ("109", Mode.TRAIN), ("200", Mode.COACH), ("401", Mode.METRO), ("702", Mode.BUS),
        ("800", Mode.BUS), ("900", Mode.TRAM), ("1000", Mode.FERRY), ("1100", None),
        ("1300", None), ("1501", None), ("1700", None), ("", None), ("-3", None), ("²", None),
    ],
)  # fmt: skip
def test_route_types_have_modes(route_type, mode):
    assert mode_of(route_type) == mode


def test_a_position_is_whole_millionths_of_a_degree(tmp_path):
    network = read_network(folder_of(TABLES, tmp_path / "f")).network
    assert network.lat_e6.dtype == np.int32
