"""Any network file or folder, told by what it holds."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from estran.errors import NetworkDamaged, NetworkUnknown
from estran.feeds.gtfs import read_gtfs
from estran.feeds.osm import is_extract, read_osm
from estran.network import Network, united


@dataclass(frozen=True, slots=True)
class ReadNetwork:
    """A network, and how many rows of its files could not be read and were left out."""

    network: Network
    n_left_out: int


def read_network(path: Path) -> ReadNetwork:
    """Read one network: a GTFS folder or zip, complete or not, or an ``.osm.pbf``.

    Raises
    ------
    NetworkUnknown
        The file is none of these.
    Refusal
        Another kind of :mod:`estran.errors`: the readers say which.
    """
    if path.is_dir() or zipfile.is_zipfile(path):
        return ReadNetwork(*read_gtfs(path))
    with path.open("rb") as stream:
        head = stream.read(64)
    if is_extract(head):
        return ReadNetwork(read_osm(path), 0)
    if head.startswith(b"PK\x03\x04"):  # begins as a zip, and has no directory at its end
        raise NetworkDamaged(file=path.name)
    raise NetworkUnknown(file=path.name)


def read_networks(paths: Iterable[Path]) -> ReadNetwork:
    """Read several networks and lay them side by side."""
    read = [read_network(path) for path in paths]
    return ReadNetwork(united(r.network for r in read), sum(r.n_left_out for r in read))
