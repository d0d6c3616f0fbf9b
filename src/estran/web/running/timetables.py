"""The timetables that the operator loaded, beside the networks of the same names."""

from __future__ import annotations

from pathlib import Path

from estran.network.scanning import LaidTimetable, lay_timetable
from estran.network.timetable import (
    Timetable,
    timetable_from_bytes,
    timetable_to_bytes,
    timetables_united,
)
from estran.web.running.networks import replace_file

_SUFFIX = ".timetable"


def _folder(data: Path) -> Path:
    return data / "networks"


def keep(data: Path, name: str, table: Timetable | None) -> None:
    """Store a timetable in place of the one of this name; None removes it."""
    path = _folder(data) / f"{name}{_SUFFIX}"
    if table is None:
        path.unlink(missing_ok=True)
    else:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        replace_file(path, timetable_to_bytes(table))


def _paths(data: Path) -> list[Path]:
    return sorted(_folder(data).glob(f"*{_SUFFIX}"))


def _read(path: Path) -> Timetable | None:
    try:
        return timetable_from_bytes(path.read_bytes())
    except (ValueError, OSError):
        return None  # Damaged: the operator is told by ``doctor`` of the network beside it.


_stamp: tuple[tuple[str, int, int], ...] = ()
_laid: LaidTimetable | None = None


def laid(data: Path) -> LaidTimetable | None:
    """Give all that is loaded, ready to be asked; None without any.

    Laid out once in a process, and anew when the files are others.
    """
    global _stamp, _laid  # noqa: PLW0603 - a process keeps one
    now = tuple((p.name, (s := p.stat()).st_mtime_ns, s.st_size) for p in _paths(data))
    if now != _stamp:
        read = [one for path in _paths(data) if (one := _read(path)) is not None]
        _laid = lay_timetable(timetables_united(read)) if read else None
        _stamp = now
    return _laid
