"""``estran load-territory``: the operator's networks, in and out of the data folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from estran.errors import FileUnreadable, NetworkNameUnknown
from estran.feeds import read_network
from estran.feeds.timetable import read_timetable
from estran.network import Network
from estran.web.running import networks, timetables
from estran.web.running.loaded import name_of


def load(data: Path, paths: Sequence[Path]) -> int:
    """Read all files, then store them: one that is refused leaves everything as it was."""
    read = []
    for path in paths:
        try:
            read.append((name_of(path), read_network(path), read_timetable(path)))
        except OSError as error:
            raise FileUnreadable(file=path.name) from error
    for name, one, timetable in read:
        networks.keep(data, name, one.network)
        timetables.keep(data, name, timetable)
        left_out = f"; {one.n_left_out} unreadable rows left out" if one.n_left_out else ""
        _say(f"{name}: {words_of(one.network)}{left_out}")
    _say("Journals are made anew with it, each when its person next signs in.")
    return 0


def remove(data: Path, names: Sequence[str]) -> int:
    """Remove networks by name: all of them, or none where a name is not known."""
    known = [one.name for one in networks.kept(data)]
    for name in names:
        if name not in known:
            raise NetworkNameUnknown(name=name[:80], known=", ".join(known) or "-")
    for name in names:
        networks.remove(data, name)
        timetables.keep(data, name, None)
    return 0


def show(data: Path) -> int:
    """List what is loaded."""
    kept = networks.kept(data)
    for one in kept:
        words = words_of(one.network) if one.network else "damaged, load it again"
        _say(f"{one.name}: {words}; {one.loaded_at:%Y-%m-%d}, {max(one.n_bytes >> 10, 1)} KiB")
    if not kept:
        _say("No network is loaded.")
    return 0


def words_of(network: Network) -> str:
    """Tell how many lines of which mode a network has."""
    lines = ", ".join(f"{n} {mode}" for mode, n in network.n_lines_of().items())
    return f"lines {lines}; {network.n_stops} stops"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
