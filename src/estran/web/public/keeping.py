"""The example's journal, made once by a worker so that no page loads the engine for it."""

from __future__ import annotations

from pathlib import Path
from uuid import uuid4

from django.conf import settings

from estran import __version__
from estran.errors import VaultDamaged
from estran.journal import Journal, MadeBy
from estran.web.me.records import decode_entries, encode_entries

YEAR = 2025
_SEPARATOR = b"\n"


def _path() -> Path:
    return Path(settings.ESTRAN_DATA) / "example" / f"{__version__}.journal"


def make_example() -> Journal:
    """Analyse the made-up year: seconds, and the whole engine loaded."""
    from estran.example.journal import journal  # noqa: PLC0415 - pages do without the engine

    return journal(YEAR)


def keep_example() -> None:
    """Make the example and keep it beside the data; it is of nobody, so it lies in clear.

    Nothing is made where the one kept is of the same engine and settings.
    """
    from estran.analyse import ALGORITHM, AnalyseSettings  # noqa: PLC0415 - as above

    kept = kept_example()
    if kept is not None:
        made = kept.made_by
        if (made.algorithm, made.settings_digest) == (ALGORITHM, AnalyseSettings().digest()):
            return
    journal = make_example()
    made_by = journal.made_by
    head = [made_by.algorithm, made_by.factor_set, made_by.settings_digest]
    path = _path()
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = path.with_name(f"{uuid4().hex}.new")
    new.write_bytes("|".join(head).encode() + _SEPARATOR + encode_entries(journal.entries))
    new.replace(path)


def is_kept() -> bool:
    """Tell whether a worker has made the example."""
    return _path().is_file()


def kept_example() -> Journal | None:
    """Read the example that a worker made, None when there is none yet."""
    try:
        head, _, record = _path().read_bytes().partition(_SEPARATOR)
        return Journal(decode_entries(record), MadeBy(*head.decode().split("|")))
    except (FileNotFoundError, VaultDamaged, TypeError):
        return None
