"""Which column of the list is which, in any language of the account."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

_IDS = frozenset(
    {
        "activity id", "id de l'activite", "aktivitats-id", "id de actividad",
        "id de la actividad", "id attivita", "id dell'attivita", "activiteits-id",
        "activiteit-id", "id da atividade", "id de atividade", "id d'activite",
    }
)  # fmt: skip
_FILES = frozenset(
    {
        "filename", "nom du fichier", "dateiname", "nombre de archivo", "nombre del archivo",
        "nome file", "nome del file", "bestandsnaam", "nome do arquivo", "nome do ficheiro",
    }
)  # fmt: skip
_COMMUTES = frozenset(
    {
        "commute", "deplacement-transport", "trajet domicile-travail", "pendeln", "pendelfahrt",
        "desplazamiento", "trayecto al trabajo", "trayecto", "pendolarismo", "spostamento",
        "tragitto casa-lavoro", "woon-werk", "woon-werkverkeer", "woon-werkrit",
        "deslocamento", "deslocacao", "trajeto diario",
    }
)  # fmt: skip
"""English, French, German and Dutch names are those of real lists; the others of the site."""

FILE = re.compile(r"activities/[^/\\]{1,100}\.(?:fit|gpx|tcx)(?:\.gz)?", re.IGNORECASE)
_FILE_BYTES = re.compile(rb"activities/\d+\.(?:fit|gpx|tcx)", re.IGNORECASE)
_FEWEST_COLUMNS = 5
_MANY_COLUMNS = 20
_DATE, _KIND, _ELAPSED, _DISTANCE = 1, 3, 5, 6
_AFTER_FILE = 3
"""The list tells times and lengths twice; three columns after the file's name they are exact."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Places of the columns that are read; -1 for one that is not there."""

    when: int
    kind: int
    elapsed: int
    far: int
    far_in_metres: bool
    commutes: tuple[int, ...]
    file: int


def plain(text: str) -> str:
    """Write a name without accents, capitals and typographic marks.

    Examples
    --------
    >>> plain("ID de l’activité "), plain("Aktivitäts-ID")
    ("id de l'activite", 'aktivitats-id')
    """
    folded = unicodedata.normalize("NFKD", text.replace("\u2019", "'"))
    letters = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(letters.lower().split())


def is_header(head: bytes) -> bool:
    """Tell whether a text begins with the list's line of names."""
    line, _, rest = head.partition(b"\n")
    names = line.decode("utf-8", "replace").split(",")
    if len(names) < _FEWEST_COLUMNS:
        return False
    known = plain(names[0].strip('"\ufeff ')) in _IDS
    # In a language not known here, the files tell whose list it is.
    return known or (len(names) >= _MANY_COLUMNS and _FILE_BYTES.search(rest) is not None)


def columns_of(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Columns:
    """Find the columns by their names, else by their places and by what the first rows hold.

    Examples
    --------
    >>> names = "Activity ID,Activity Date,Name,Activity Type,X,Elapsed Time,Distance,Filename"
    >>> columns_of(names.split(","), []).file
    7
    """
    names = [plain(name) for name in names]
    file = next((i for i, name in enumerate(names) if name in _FILES), -1)
    if file < 0:
        file = next(
            (i for i in range(len(names)) if any(FILE.fullmatch(r[i]) for r in rows if i < len(r))),
            -1,
        )
    commutes = tuple(i for i, name in enumerate(names) if name in _COMMUTES)
    if not commutes:
        commutes = tuple(i for i in range(_DISTANCE + 1, max(file, 0)) if _is_flag(rows, i))
    exact = file + _AFTER_FILE
    twice = file >= 0 and exact + 2 < len(names) and names[exact] == names[_ELAPSED]
    return Columns(
        when=_DATE,
        kind=_KIND,
        elapsed=exact if twice else _ELAPSED,
        far=exact + 2 if twice else _DISTANCE,
        far_in_metres=twice,
        commutes=commutes,
        file=file,
    )


def _is_flag(rows: Sequence[Sequence[str]], at: int) -> bool:
    told = {row[at].lower() for row in rows if at < len(row)} - {""}
    return bool(told) and told <= {"true", "false"}
