"""Stations, stops, ports and airports by name, from open lists that the operator loads."""

from estran.tickets.stations.index import Found, Places
from estran.tickets.stations.values import Kind, Station, StationList, from_bytes, to_bytes

__all__ = ["Found", "Kind", "Places", "Station", "StationList", "from_bytes", "to_bytes"]
