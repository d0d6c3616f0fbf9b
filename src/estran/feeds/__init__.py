"""Networks that an operator brings: GTFS folders and zips, OpenStreetMap extracts."""

from estran.feeds.reading import ReadNetwork, read_network, read_networks

__all__ = ["ReadNetwork", "read_network", "read_networks"]
