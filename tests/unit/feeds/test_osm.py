from __future__ import annotations

import osmium
import pytest
from osmium.osm.mutable import Node, Relation, Way

from estran.errors import NetworkDamaged, NetworkEmpty, Refusal
from estran.feeds import read_network
from estran.journal import Mode
from estran.network import LINE_MODES


def extract_of(path, *, tracks=True):
    """Write a street with a bus line, rails with a station, and a ferry."""
    with osmium.SimpleWriter(str(path)) as writer:
        for i in range(10):
            writer.add_node(Node(id=i + 1, location=(-1.15, 46.16 + i * 0.001)))
            writer.add_node(Node(id=i + 101, location=(-1.16, 46.16 + i * 0.001)))
        writer.add_node(Node(id=201, location=(-1.1501, 46.165), tags={"highway": "bus_stop"}))
        writer.add_node(Node(id=202, location=(-1.16, 46.162), tags={"railway": "station"}))
        writer.add_way(Way(id=1, nodes=list(range(1, 11)), tags={"highway": "primary"}))
        if tracks:
            writer.add_way(Way(id=2, nodes=list(range(101, 111)), tags={"railway": "rail"}))
            yard = {"railway": "rail", "service": "yard"}
            writer.add_way(Way(id=3, nodes=[101, 1], tags=yard))
            writer.add_way(Way(id=4, nodes=[110, 10], tags={"route": "ferry"}))
            tags = {"type": "route", "route": "bus", "ref": "7", "network": "n"}
            members = [("w", 1, ""), ("n", 201, "platform"), ("w", 999, "")]
            writer.add_relation(Relation(id=1, members=members, tags=tags))
    return path


def test_an_extract_gives_routes_rails_and_ferries(tmp_path):
    network = read_network(extract_of(tmp_path / "a.osm.pbf")).network
    lines = [
        (name, LINE_MODES[mode])
        for name, mode in zip(network.line_name, network.line_mode, strict=True)
    ]
    assert lines == [("7", Mode.BUS), ("", Mode.TRAIN), ("", Mode.FERRY)]
    assert network.lat_e6.size == 10 + 10 + 2  # the yard is left out, the absent way too
    stops = network.call_stop[network.call_line == 0]
    assert network.stop_lat_e6[stops].tolist() == [46_165_000]
    stations = network.call_stop[network.call_line == 1]
    assert network.stop_lat_e6[stations].tolist() == [46_162_000]


def test_an_extract_without_a_line_is_refused(tmp_path):
    with pytest.raises(NetworkEmpty):
        read_network(extract_of(tmp_path / "a.osm.pbf", tracks=False))


@pytest.mark.parametrize("share", [0.02, 0.5, 0.9])
def test_an_extract_cut_short_is_refused(tmp_path, share):
    whole = extract_of(tmp_path / "a.osm.pbf").read_bytes()
    cut = tmp_path / "b.osm.pbf"
    cut.write_bytes(whole[: max(40, int(len(whole) * share))])
    with pytest.raises(Refusal) as told:
        read_network(cut)
    assert type(told.value) is NetworkDamaged
