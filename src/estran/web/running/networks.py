"""The networks that the operator loaded: files in the data folder, laid out for the engine.

One file a network, named as the operator's file was; together they are what analyses know
of lines and stops. ``digest`` names the whole, so that pages see which journals are older.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

from estran.network import LaidNetwork, Network, from_bytes, lay, to_bytes, united
from estran.web.running.loaded import digest_path

_SUFFIX = ".network"


@dataclass(frozen=True, slots=True)
class Kept:
    """One network in the data folder; ``network`` is None where its file is damaged."""

    name: str
    loaded_at: datetime
    n_bytes: int
    network: Network | None


def _folder(data: Path) -> Path:
    return data / "networks"


def keep(data: Path, name: str, network: Network) -> None:
    """Store a network in place of the one of this name: whole, or not at all."""
    folder = _folder(data)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    replace_file(folder / f"{name}{_SUFFIX}", to_bytes(network))
    _tell(data)


def remove(data: Path, name: str) -> bool:
    """Remove a network; tell whether it was there."""
    try:
        (_folder(data) / f"{name}{_SUFFIX}").unlink()
    except FileNotFoundError:
        return False
    _tell(data)
    return True


def kept(data: Path) -> list[Kept]:
    """Read all networks of the data folder, by name."""
    return [_read(path) for path in _paths(data)]


def _paths(data: Path) -> list[Path]:
    return sorted(_folder(data).glob(f"*{_SUFFIX}"))


def _read(path: Path) -> Kept:
    told = path.stat()
    try:
        network: Network | None = from_bytes(path.read_bytes())
    except ValueError:
        network = None
    at = datetime.fromtimestamp(told.st_mtime, UTC)
    return Kept(path.name.removesuffix(_SUFFIX), at, told.st_size, network)


def _whole(data: Path) -> Network:
    return united(one.network for one in kept(data) if one.network is not None)


def _tell(data: Path) -> None:
    whole = _whole(data)
    replace_file(digest_path(data), (whole.digest if whole.line_name else "").encode())


def replace_file(path: Path, content: bytes) -> None:
    """Write beside, then rename: a reader or a power cut sees the old or the new."""
    new = path.with_name(f"{uuid4().hex}.new")
    try:
        with new.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        new.replace(path)
    finally:
        new.unlink(missing_ok=True)


_stamp: tuple[tuple[str, int, int], ...] = ()
_laid: LaidNetwork | None = None


def laid(data: Path) -> LaidNetwork | None:
    """Give what is loaded, ready to be asked; None without any.

    Laid out once in a process, and anew when the files are others.
    """
    global _stamp, _laid  # noqa: PLW0603 - a process keeps one
    now = tuple((p.name, (s := p.stat()).st_mtime_ns, s.st_size) for p in _paths(data))
    if now != _stamp:
        whole = _whole(data)
        _laid = lay(whole) if whole.line_name else None
        _stamp = now
    return _laid
