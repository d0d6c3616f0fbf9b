"""Up to where the files of the spool were read for one vault, so that nothing goes in again."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from pathlib import Path

from estran.web.live.spool import OPEN, TAKEN, folder


def _path(vault_id: str) -> Path:
    return folder() / f"{vault_id}.served"


def served_of(vault_id: str) -> dict[str, int]:
    """Tell how many bytes of each file were read for a vault, by the file's stem."""
    try:
        read: dict[str, int] = json.loads(_path(vault_id).read_bytes())
    except (FileNotFoundError, ValueError):
        return {}  # nothing, or cut off by a power cut: what comes again counts once
    return read


def note_served(vault_id: str, read_bytes: dict[str, int]) -> None:
    """Keep up to where the files were read; of files that are gone nothing is kept."""
    here = _stems()
    known = {stem: n for stem, n in {**served_of(vault_id), **read_bytes}.items() if stem in here}
    fresh = folder() / f"{secrets.token_hex(8)}.new"
    handle = os.open(fresh, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        json.dump(known, file)
    fresh.replace(_path(vault_id))


def forget_served(vault_ids: Iterable[str]) -> None:
    """Forget vaults of which no file is left that was read for them."""
    here = _stems()
    for vault_id in vault_ids:
        if not here & served_of(vault_id).keys():
            _path(vault_id).unlink(missing_ok=True)


def _stems() -> set[str]:
    return {path.stem for path in folder().iterdir() if path.suffix in {OPEN, TAKEN}}
