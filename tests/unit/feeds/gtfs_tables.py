"""A made-up network: one bus line along a street, one tram across it."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path

TABLES: Mapping[str, str] = {
    "agency.txt": "agency_id,agency_name,agency_url,agency_timezone\na,A,http://a,Europe/Paris\n",
    "routes.txt": (
        "route_id,agency_id,route_short_name,route_long_name,route_type\n"
        "r1,a,1A,Gare - Plage,3\nr2,a,T1,Tram,900\nr3,a,AIR,Air,1100\n"
    ),
    "stops.txt": (
        "stop_id,stop_name,stop_lat,stop_lon,location_type\n"
        "s1,One,46.1600,-1.15,0\ns2,Two,46.1650,-1.15,\ns3,Three,46.1700,-1.15,\n"
        "s4,Four,46.1650,-1.16,\ns5,Five,46.1650,-1.14,\ne1,Entrance,46.1650,-1.15,2\n"
    ),
    "trips.txt": "route_id,service_id,trip_id,shape_id\nr1,d,t1,h1\nr1,d,t2,h1\nr2,d,t3,h2\n",
    "shapes.txt": (
        "shape_id,shape_pt_lat,shape_pt_lon,shape_pt_sequence\n"
        "h1,46.1700,-1.15,3\nh1,46.1600,-1.15,1\nh1,46.1650,-1.15,2\n"
        "h2,46.1650,-1.16,1\nh2,46.1650,-1.14,2\n"
    ),
    "stop_times.txt": (
        "trip_id,arrival_time,departure_time,stop_id,stop_sequence\n"
        "t1,08:00:00,08:00:00,s1,1\nt1,08:05:00,08:05:00,s3,10\nt1,08:02:00,08:02:00,s2,9\n"
        "t3,08:00:00,08:00:00,s4,1\nt3,08:05:00,08:05:00,s5,2\n"
    ),
}


def folder_of(tables: Mapping[str, str], folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in tables.items():
        (folder / name).write_text(text, "utf-8")
    return folder


def zip_of(tables: Mapping[str, str | bytes], path: Path, *, inside: str = "") -> Path:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in tables.items():
            packed.writestr(inside + name, text)
    path.write_bytes(out.getvalue())
    return path


def without(*names: str) -> dict[str, str]:
    return {name: text for name, text in TABLES.items() if name not in names}
