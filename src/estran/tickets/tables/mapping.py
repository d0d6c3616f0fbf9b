"""Which column of a table is what, and the journeys that its rows then tell."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from enum import StrEnum

from estran.formats.csv_positions.dates import order_of
from estran.tickets.confirming import clock_of, number_of
from estran.tickets.values import Draft, Flaw
from estran.tickets.words import folded


@dataclass(frozen=True, slots=True)
class Table:
    """Rows of texts under a line of names."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    n_above: int = 1
    """Lines up to and with the header, for the numbers of rows that people see."""

    @property
    def signature(self) -> str:
        """Name tables of this header, so that a choice is remembered for them."""
        names = "\x1f".join(folded(name) for name in self.header)
        return hashlib.sha256(names.encode()).hexdigest()[:24]

    def __repr__(self) -> str:
        """Tell the size only."""
        return f"Table({len(self.header)} columns, {len(self.rows)} rows)"


ROLES: MappingOf[str, tuple[str, ...]] = {
    "day": ("date", "jour", "day", "date de voyage", "date voyage", "date de depart", "date depart",
            "departure date", "date du trajet", "date trajet", "travel date", "date aller"),
    "departs": ("heure", "time", "heure de depart", "heure depart", "departure time", "depart a",
                "heure debut", "start time", "date heure", "date et heure", "horodatage",
                "timestamp",
                "departs", "date de debut", "start"),
    "arrives": ("heure d arrivee", "heure arrivee", "arrival time", "arrivee a", "heure fin",
                "end time", "arrives", "end", "date de fin"),
    "origin": ("depart", "from", "origine", "origin", "gare de depart", "gare depart", "de",
               "ville de depart", "station de depart", "departure", "lieu de depart", "entree"),
    "destination": ("arrivee", "to", "destination", "gare d arrivee", "gare arrivee", "a", "vers",
                    "ville d arrivee", "station d arrivee", "arrival", "lieu d arrivee", "sortie"),
    "number": (
        "train", "numero de train", "n train", "numero", "ligne", "line", "train number",
               "no train", "course", "vol", "flight"),
    "operator": ("transporteur", "operateur", "operator", "compagnie", "type de train", "carrier"),
    "travel_class": ("classe", "class", "confort"),
    "mode": ("mode", "moyen", "moyen de transport", "type", "vehicule"),
    "price": ("prix", "price", "montant", "tarif", "cout", "total", "amount", "prix paye"),
    "passengers": ("passagers", "voyageurs", "passengers", "nombre de voyageurs", "nb voyageurs"),
    "occupants": ("occupants", "places", "seats", "sieges", "nombre de places", "personnes a bord"),
    "role": ("role", "conducteur passager", "conducteur ou passager", "driver passenger"),
    "distance_km": ("distance", "distance km", "km", "kilometres"),
    "reference": ("reference", "ref", "dossier", "reference dossier", "booking", "pnr", "commande"),
    "lat": ("latitude", "lat"),
    "lon": ("longitude", "lon", "lng"),
    "radius": ("rayon", "radius", "precision", "accuracy", "rayon m", "radius m"),
}  # fmt: skip
"""Names that columns have, folded; a person chooses where none fits."""


class Purpose(StrEnum):
    """What rows of a table are: keys of the choice that a person makes."""

    JOURNEYS = "journeys"
    CARPOOL = "carpool"
    TELEWORK = "telework"
    BADGE = "badge"
    MASTS = "masts"


PRESETS: MappingOf[str, tuple[Purpose, str]] = {
    "sncf": (Purpose.JOURNEYS, "train"),
    "blablacar": (Purpose.CARPOOL, "car"),
    "navigo": (Purpose.JOURNEYS, "metro"),
    "badge": (Purpose.BADGE, ""),
    "telework": (Purpose.TELEWORK, ""),
    "phone": (Purpose.MASTS, ""),
    "other": (Purpose.JOURNEYS, ""),
}
"""What each preset takes the rows for, and their mode where no column tells it."""

MODE_WORDS: MappingOf[str, str] = {
    "train": "train", "ter": "train", "tgv": "train", "ouigo": "train", "intercites": "train",
    "rail": "train", "rer": "train", "metro": "metro", "subway": "metro", "tram": "tram",
    "tramway": "tram", "bus": "bus", "car": "car", "autocar": "coach", "coach": "coach",
    "voiture": "car", "covoiturage": "car", "carpool": "car", "blablacar": "car", "avion": "plane",
    "plane": "plane", "flight": "plane", "vol": "plane", "ferry": "ferry", "bateau": "ferry",
    "velo": "bike", "bike": "bike", "bicycle": "bike", "marche": "walk", "walk": "walk",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Mapping:
    """What a person chose for tables of one header.

    Parameters
    ----------
    columns : dict of str to int
        Column of each role, from 0.
    preset : str
        A key of :data:`PRESETS`.
    mode : str
        Mode of rows that tell none, ``""`` for none.
    day_first : bool
        Which of day and month comes first in dates such as 03/04.
    """

    columns: dict[str, int] = field(default_factory=dict)
    preset: str = "other"
    mode: str = "train"
    day_first: bool = True


@dataclass(frozen=True, slots=True)
class Read:
    """What the rows of a table tell, row by row: none is dropped without a word."""

    drafts: tuple[Draft, ...] = ()
    flawed: tuple[Draft, ...] = ()
    days: tuple[date, ...] = ()
    masts: tuple[tuple[str, float, float, float], ...] = ()
    """ISO date and time, latitude, longitude, radius. [°, m]"""
    date_sure: bool = True


def guess(table: Table) -> Mapping:
    """Propose what the columns are, by their names and what stands in them.

    Examples
    --------
    >>> head = ("Date", "Heure départ", "Gare de départ", "Gare d'arrivée", "Train", "Prix (€)")
    >>> sorted(guess(Table(head, ())).columns)
    ['day', 'departs', 'destination', 'number', 'origin', 'price']
    """
    names = [re.sub(r" (eur|euros?|ttc|en km|m)$", "", folded(name)) for name in table.header]
    columns: dict[str, int] = {}
    for role, known in ROLES.items():
        ranked = [(known.index(n), k) for k, n in enumerate(names) if n in known]
        free = [(rank, k) for rank, k in ranked if k not in columns.values()]
        if free:
            columns[role] = min(free)[1]
    if "day" not in columns and "departs" in columns:
        columns["day"] = columns["departs"]
    preset = _preset_of(columns, names)
    texts = _column(table, columns.get("day"))
    return Mapping(columns, preset, PRESETS[preset][1] or "train", order_of(texts[:500]).day_first)


def _preset_of(columns: dict[str, int], names: Iterable[str]) -> str:
    said = " ".join(names)
    if {"lat", "lon"} <= set(columns) or re.search(r"\b(cell|cid|lac|mcc|antenne|cellule)\b", said):
        return "phone"
    if "role" in columns or "occupants" in columns or "covoiturage" in said:
        return "blablacar"
    if re.search(r"\b(badge|badgeage)\b", said):
        return "badge"
    if re.search(r"\b(teletravail|telework|remote)\b", said):
        return "telework"
    if "origin" in columns and ("number" in columns or "travel_class" in columns):
        return "sncf"
    return "other"


def _column(table: Table, at: int | None) -> list[str]:
    return [] if at is None else [row[at] for row in table.rows if at < len(row) and row[at]]


def read(table: Table, mapping: Mapping) -> Read:
    """Make the rows of a table into journeys, days, or events, as a person chose.

    Parameters
    ----------
    table : Table
    mapping : Mapping

    Returns
    -------
    Read
        Every row is in it: as what it tells, or with why it tells nothing.
    """
    purpose = PRESETS.get(mapping.preset, PRESETS["other"])[0]
    sure = order_of(_column(table, mapping.columns.get("day"))[:2000]).sure
    drafts: list[Draft] = []
    flawed: list[Draft] = []
    days: Counter[date] = Counter()
    masts: list[tuple[str, float, float, float]] = []
    for rank, row in enumerate(table.rows, table.n_above + 1):
        draft = _draft(row, rank, mapping)
        flaws = _flaws(draft, purpose)
        if purpose == Purpose.MASTS and not flaws:
            found = _mast(row, draft, mapping)
            flaws = flaws if found else (Flaw("mast-unplaced"),)
            masts += [found] if found else []
        if flaws:
            flawed.append(replace(draft, flaws=flaws))
        elif purpose in {Purpose.TELEWORK, Purpose.BADGE}:
            days[date.fromisoformat(draft.day)] += 1
        elif purpose != Purpose.MASTS:
            drafts.append(draft)
    return Read(tuple(drafts), tuple(flawed), tuple(sorted(days)), tuple(masts), sure)


def _draft(row: tuple[str, ...], rank: int, mapping: Mapping) -> Draft:
    def told(role: str) -> str:
        at = mapping.columns.get(role, -1)
        return row[at].strip() if 0 <= at < len(row) else ""

    day, clock = day_and_clock(told("day"), day_first=mapping.day_first)
    other_day, departs = day_and_clock(told("departs"), day_first=mapping.day_first)
    last_day, arrives = day_and_clock(told("arrives"), day_first=mapping.day_first)
    mode_word = folded(told("mode")).split(" ")
    mode = next((MODE_WORDS[w] for w in mode_word if w in MODE_WORDS), mapping.mode)
    return Draft(
        day=day or other_day or told("day")[:40],
        departs=departs or clock or told("departs")[:40],
        arrives=arrives or told("arrives")[:40],
        arrives_day=last_day if last_day and last_day != (day or other_day) else "",
        mode=mode,
        row=rank,
        origin=told("origin"), destination=told("destination"), operator=told("operator"),
        number=told("number"), travel_class=told("travel_class"), price=told("price"),
        passengers=told("passengers"), occupants=told("occupants"), role=told("role"),
        distance_km=told("distance_km"), reference=told("reference"),
    )  # fmt: skip


_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?:[T ]+(.*))?")
_PARTED = re.compile(r"(\d{1,2})[-/. ](\d{1,2})[-/. ](\d{4}|\d{2})(?:[T ,]+(?:à |at )?(.*))?")
_NAMED = re.compile(
    r"(?:\w+\.?,? )?(\d{1,2})(?:er|st|nd|rd|th)?[ -]([^\W\d]+)\.?[ ,-]+(\d{4}|\d{2})"
    r"(?:[ ,]+(?:à |at )?(.*))?"
)
_MONTHS = (
    ("jan",), ("fev", "feb"), ("mar",), ("avr", "apr"), ("mai", "may"), ("juin", "jun"),
    ("juil", "jul"), ("aou", "aug"), ("sep",), ("oct",), ("nov",), ("dec",),
)  # fmt: skip
_THIS_CENTURY = 2000


def month_of(word: str) -> int:
    """Tell the month that a French or English word names, 0 for none.

    Examples
    --------
    >>> month_of("février"), month_of("Aug"), month_of("juillet"), month_of("soon")
    (2, 8, 7, 0)
    """
    low = folded(word)
    for number, stems in enumerate(_MONTHS, 1):
        if any(low.startswith(stem) for stem in stems):
            return number
    return 0


def day_and_clock(text: str, *, day_first: bool = True) -> tuple[str, str]:
    """Read a date, a time of day, or both; ``""`` for what is not there.

    Examples
    --------
    >>> day_and_clock("03/04/2026 8:05"), day_and_clock("2026-04-03T08:05:00")
    (('2026-04-03', '08:05'), ('2026-04-03', '08:05'))
    >>> day_and_clock("ven. 3 avril 2026 à 8h05"), day_and_clock("17:30"), day_and_clock("soon")
    (('2026-04-03', '08:05'), ('', '17:30'), ('', ''))
    """
    text = " ".join(text.split())
    for pattern, order in (
        (_ISO, "ymd"),
        (_PARTED, "dmy" if day_first else "mdy"),
        (_NAMED, "dmy"),
    ):
        found = pattern.fullmatch(text)
        if found is None:
            continue
        part = dict(zip(order, found.groups()[:3], strict=True))
        month = int(part["m"]) if part["m"].isdigit() else month_of(part["m"])
        year = int(part["y"]) + (_THIS_CENTURY if len(part["y"]) == 2 else 0)  # noqa: PLR2004 - two digits
        try:
            day = date(year, month, int(part["d"])).isoformat()
        except ValueError:
            return "", ""
        return day, _clock(found[4] or "")
    return "", _clock(text)


def _clock(text: str) -> str:
    text = re.sub(r"(?:\.\d+)?(?:Z|[+-]\d\d:?\d\d)$", "", text.strip())
    found = clock_of(re.sub(r"[:.]\d{2}$", "", text) if text.count(":") == 2 else text)  # noqa: PLR2004 - h:m:s
    return f"{found:%H:%M}" if found else ""


def _flaws(draft: Draft, purpose: str) -> tuple[Flaw, ...]:
    flaws = [] if _is_day(draft.day) else [Flaw("day-unreadable", "day", draft.day[:40])]
    if purpose in {Purpose.TELEWORK, Purpose.BADGE}:
        return tuple(flaws)
    if clock_of(draft.departs) is None:
        flaws.append(Flaw("clock-unreadable", "departs", draft.departs[:40]))
    if purpose == Purpose.MASTS:
        return tuple(flaws)
    if draft.arrives and clock_of(draft.arrives) is None:
        flaws.append(Flaw("clock-unreadable", "arrives", draft.arrives[:40]))
    flaws += [Flaw("end-missing", f) for f in ("origin", "destination") if not getattr(draft, f)]
    return tuple(flaws)


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text) > date(1990, 1, 1)
    except ValueError:
        return False


DEFAULT_RADIUS_M = 2_000.0
"""Of a mast without a radius: between a town's 0.5 km and the country's 5 km."""


def _mast(
    row: tuple[str, ...], draft: Draft, mapping: Mapping
) -> tuple[str, float, float, float] | None:
    def number(role: str) -> float | None:
        at = mapping.columns.get(role, -1)
        text = row[at].strip() if 0 <= at < len(row) else ""
        sign = -1 if text.startswith("-") else 1
        found = number_of(text)
        return None if found is None else sign * found

    lat, lon = number("lat"), number("lon")
    if lat is None or lon is None or abs(lat) > 90 or abs(lon) > 180:  # noqa: PLR2004 - the globe
        return None
    radius_m = number("radius") or DEFAULT_RADIUS_M
    return f"{draft.day}T{draft.departs}", lat, lon, min(max(radius_m, 100.0), 50_000.0)


def runs_of(days: Iterable[date]) -> list[tuple[date, date]]:
    """Put days that follow each other together, for showing them."""
    out: list[tuple[date, date]] = []
    for day in sorted(set(days)):
        if out and day - out[-1][1] == timedelta(days=1):
            out[-1] = out[-1][0], day
        else:
            out.append((day, day))
    return out
