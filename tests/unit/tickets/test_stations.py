"""Open lists of stations in the shapes that publishers gave them over the years."""

from __future__ import annotations

import json
import zipfile

import pytest

from estran.errors import FileUnreadable, StationsUnknown
from estran.tickets.stations import Kind, Places, StationList, from_bytes, to_bytes
from estran.tickets.stations.reading import read_stations

from .lists import STATIONS, places

NEW = (
    "Nom;Trigramme;Segment(s) DRG;Position géographique;Code Commune;Code(s) UIC\n"
    "Niort;NRT;A;46.3178, -0.4648;79191;87485144\nSans lieu;XXX;C;;1;87000000\n"
)
OLD = (
    "Code UIC;Intitulé gare;Département;Commune;Longitude (WGS84);Latitude WGS84;WGS 84\n"
    '87485144;Niort;DEUX-SEVRES;NIORT;-0,4648;46,3178;"46.3178, -0.4648"\n'
)
GEO = json.dumps({"type": "FeatureCollection", "features": [
    {"type": "Feature", "geometry": {"type": "Point", "coordinates": [-0.4648, 46.3178]},
     "properties": {"nom": "Niort", "codes_uic": "87485144", "segment_drg": "A"}},
]})  # fmt: skip
STOPS = (
    "stop_id,stop_name,stop_lat,stop_lon,location_type\nS,Niort,46.3178,-0.4648,1\n"
    "E,Niort (entrance),46.3178,-0.4648,2\n"
)
AIRPORTS = (
    "id,ident,type,name,latitude_deg,longitude_deg,municipality,iata_code\n"
    "1,LFBH,medium_airport,La Rochelle-Île de Ré,46.1792,-1.1953,La Rochelle,LRH\n"
    "2,XX,closed,Old Field,46.0,-1.0,Nowhere,\n"
)


@pytest.mark.parametrize("text", [NEW, OLD, GEO, STOPS])
def test_shapes_of_lists_give_the_same_station(tmp_path, text):
    path = tmp_path / "list.csv"
    path.write_text(text, encoding="utf-8")
    [one] = read_stations(path).stations
    assert (one.name, one.lat_deg, one.lon_deg) == ("Niort", 46.3178, -0.4648)


def test_a_feed_in_a_zip_and_airports(tmp_path):
    with zipfile.ZipFile(tmp_path / "feed.zip", "w") as held:
        held.writestr("stops.txt", STOPS)
    assert len(read_stations(tmp_path / "feed.zip").stations) == 1
    (tmp_path / "airports.csv").write_text(AIRPORTS, encoding="utf-8")
    told = read_stations(tmp_path / "airports.csv")
    [one] = told.stations
    assert (one.kind, one.code, told.n_left_out) == (Kind.AIRPORT, "LRH", 1)


@pytest.mark.parametrize("content", [b"a;b\n1;2\n", b"{", b"PK\x03\x04xx", b"", b"\x00\xff" * 50])
def test_what_is_no_list_is_refused(tmp_path, content):
    path = tmp_path / "x.csv"
    path.write_bytes(content)
    with pytest.raises((StationsUnknown, FileUnreadable)):
        read_stations(path)


def test_a_list_comes_back_from_its_bytes():
    told = StationList(STATIONS, "Us", "CC0", 2)
    assert from_bytes(to_bytes(told)) == told
    with pytest.raises(ValueError, match="no list"):
        from_bytes(b"other")


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("st etienne", "Saint-Étienne Châteaucreux"), ("ROCHELLE", "La Rochelle Ville"),
        ("gare de Niort", "Niort"), ("montpar", "Paris Montparnasse"), ("lrh", "La Rochelle-Île de Ré"),  # noqa: E501 - as it is written
    ],
)  # fmt: skip
def test_search_folds_what_people_type(typed, first):
    assert places().search(typed)[0].name == first


def test_search_is_sure_only_where_one_is_meant():
    assert places().find("Niort").is_sure
    assert not places().find("paris").is_sure
    assert not places().find("nowhere at all").stations


def test_the_same_station_of_two_lists_is_one():
    assert len(Places([STATIONS, STATIONS])) == len(STATIONS)
