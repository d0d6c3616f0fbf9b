"""``estran load-stations``: open lists of stations, in and out of the data folder."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from uuid import uuid4

import msgspec

from estran.errors import StationsNameUnknown
from estran.tickets.stations import Places, StationList, from_bytes, to_bytes
from estran.tickets.stations.reading import read_stations
from estran.web.running.loaded import name_of

_SUFFIX = ".stations"


@dataclass(frozen=True, slots=True)
class KeptStations:
    """One list in the data folder; ``stations`` is None where its file is damaged."""

    name: str
    loaded_at: datetime
    stations: StationList | None


def _folder(data: Path) -> Path:
    return data / "stations"


def _name(path: Path) -> str:
    stem = path.name
    for suffix in (".csv", ".geojson", ".json", ".txt"):
        stem = stem.removesuffix(suffix)
    return name_of(path.with_name(stem))


def load(data: Path, paths: Sequence[Path], *, source: str = "", licence: str = "") -> int:
    """Read all files, then store them: one that is refused leaves everything as it was."""
    read = [(_name(path), read_stations(path)) for path in paths]
    folder = _folder(data)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, one in read:
        told = msgspec.structs.replace(
            one, source=source or one.source or name, licence=licence or one.licence
        )
        new = folder / f"{name}.{uuid4().hex}"
        new.write_bytes(to_bytes(told))
        new.replace(folder / f"{name}{_SUFFIX}")
        _say(f"{name}: {words_of(told)}")
    return 0


def remove(data: Path, names: Sequence[str]) -> int:
    """Remove lists by name: all of them, or none where a name is not known."""
    known = [one.name for one in kept(data)]
    for name in names:
        if name not in known:
            raise StationsNameUnknown(name=name[:80], known=", ".join(known) or "-")
    for name in names:
        (_folder(data) / f"{name}{_SUFFIX}").unlink(missing_ok=True)
    return 0


def show(data: Path) -> int:
    """List what is loaded."""
    lists = kept(data)
    for one in lists:
        words = words_of(one.stations) if one.stations else "damaged, load it again"
        _say(f"{one.name}: {words}; {one.loaded_at:%Y-%m-%d}")
    if not lists:
        _say("No list of stations is loaded.")
    return 0


def kept(data: Path) -> list[KeptStations]:
    """Read all lists of the data folder, by name."""
    return [_read(path) for path in sorted(_folder(data).glob(f"*{_SUFFIX}"))]


def _read(path: Path) -> KeptStations:
    try:
        stations: StationList | None = from_bytes(path.read_bytes())
    except (ValueError, msgspec.MsgspecError):
        stations = None
    at = datetime.fromtimestamp(path.stat().st_mtime, UTC)
    return KeptStations(path.name.removesuffix(_SUFFIX), at, stations)


def places(data: Path) -> Places:
    """Give the stations of all lists, ready to be searched; kept until a list changes."""
    files = sorted(_folder(data).glob(f"*{_SUFFIX}"))
    return _places(data, tuple((f.name, f.stat().st_mtime_ns) for f in files))


@lru_cache(maxsize=1)
def _places(data: Path, mark: tuple[tuple[str, int], ...]) -> Places:  # noqa: ARG001 - the mark makes it anew
    return Places([one.stations.stations for one in kept(data) if one.stations is not None])


def words_of(told: StationList) -> str:
    """Tell how many stations a list has, whose it is, and under which licence."""
    left_out = f", {told.n_left_out} rows left out" if told.n_left_out else ""
    licence = told.licence or "licence not told: give it with --licence"
    return f"{len(told.stations)} stations{left_out}; {told.source}; {licence}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")
