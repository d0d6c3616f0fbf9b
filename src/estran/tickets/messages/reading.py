"""Journeys in a confirmation's text, French or English: what is read is only proposed.

No sender documents its mails, and their layout changes; so no layout is relied on. A text is
walked through for dates, times, names of stations and a few words, in the order in which
people read them: a journey is two times and two places under a date.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from estran.tickets.stations import Places
from estran.tickets.tables.mapping import day_and_clock, month_of
from estran.tickets.values import Draft
from estran.tickets.words import folded

MOST_JOURNEYS = 30

_CLOCK = re.compile(r"(?<![\d/,.])([01]?\d|2[0-3])\s?(?:h|H|:)\s?([0-5]\d)(?![\d/])")
_DATE = re.compile(
    r"\b(\d{1,2})(?:er|st|nd|rd|th)?[ -]([A-Za-zéûôÉÛ]{3,9})\.?,?[ -]+(\d{4})\b"
    r"|\b(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b|\b(\d{4})-(\d{2})-(\d{2})\b"
    r"|\b([A-Z][a-z]{2,8}) (\d{1,2}),? (\d{4})\b"
)
_FROM = re.compile(
    r"(?i)^(?:gare de |ville de |lieu de )?(?:départ|depart|departure|departs?|from|de|origine?)\b"
    r"(?: de| from)?\s*[:\-–]?\s*(.*)$"
)
_TO = re.compile(
    r"(?i)^(?:gare d['’]|ville d['’]|lieu d['’])?"
    r"(?:arrivée|arrivee|arrival|arrives?|to|vers|à|destination)(?:\b| )(?: à| at)?"
    r"\s*[:\-–]?\s*(.*)$"
)
_ARROW = re.compile(r"^(.{2,50}?)\s*(?:→|➔|➜|⟶|->|=>|>|–|—|\s-\s|\bvers\b|\bto\b)\s*(.{2,50})$")
_PRICE = re.compile(
    r"(?i)(?:total|prix|price|montant|amount|tarif|payé|paid|fare)[^\d\n]{0,30}"
    r"(?:€|£|EUR|GBP)?\s?(\d{1,4}(?:[.,]\d{2})?)\s?(€|EUR|£|GBP|CHF)?"
)
_REFERENCE = re.compile(
    r"(?i:référence|reference|dossier|réservation|booking|pnr|commande|order)"
    r"[^\n:]{0,30}[:#]?\s*\b([A-Z0-9]{6,12})\b"
)
_TRAIN = re.compile(
    r"(?i)\b(TGV\s?INOUI|TGV LYRIA|TGV|OUIGO|TER(?: [A-ZÉ][\w-]+)?|INTERCIT[ÉE]S(?: DE NUIT)?|"
    r"EUROSTAR|THALYS|ICE|IC|NIGHTJET|TRAIN|LYRIA)\s*(?:n[°o]?\.?\s*|number\s*|train\s*)?"
    r"(\d{2,6})\b"
)
_CLASS = re.compile(
    r"(?i)\b(1\s?(?:ère|re|st)|2\s?(?:nde|de|e|ème|nd)|première|seconde|standard|premier|first|second)"
    r"\s*(?:classe|class)?\b"
)
_PEOPLE = re.compile(r"(?i)\b(\d)\s*(?:passagers?|voyageurs?|passengers?|adultes?|adults?)\b")
_SEATS = re.compile(r"(?i)\b(\d)\s*(?:places?|seats?|sièges?)\b")
_OPERATORS = (
    ("blablacar bus", "BlaBlaCar Bus", "coach"), ("blablacar", "BlaBlaCar", "car"),
    ("covoiturage", "", "car"), ("carpool", "", "car"), ("flixbus", "FlixBus", "coach"),
    ("ouigo", "OUIGO", "train"), ("eurostar", "Eurostar", "train"), ("thalys", "Thalys", "train"),
    ("tgv inoui", "TGV INOUI", "train"), ("intercites", "Intercités", "train"),
    ("deutsche bahn", "DB", "train"), ("bahn de", "DB", "train"), ("sncf", "SNCF", "train"),
    ("air france", "Air France", "plane"), ("easyjet", "easyJet", "plane"),
    ("ryanair", "Ryanair", "plane"), ("ferries", "", "ferry"), ("ferry", "", "ferry"),
)  # fmt: skip
_NOT_PLACES = frozenset({"", "le", "the", "the following", "prevu", "prevue", "on", "a"})


@dataclass(slots=True)
class _Walk:
    """What was met so far and belongs to no journey yet."""

    day: str = ""
    departs: str = ""
    origin: str = ""
    arrives: str = ""
    destination: str = ""
    ends: tuple[str, str] = ("", "")
    number: str = ""
    operator: str = ""


def journeys_in(text: str, places: Places) -> tuple[Draft, ...]:
    """Find the journeys that a text tells of.

    Parameters
    ----------
    text : str
        A line a block, as :func:`estran.tickets.messages.mail.plain` writes it.
    places : Places
        A line that is the name of a station is known by it.

    Returns
    -------
    tuple of Draft
        Proposals: fields that were not found are empty.
    """
    walk = _Walk()
    found: list[Draft] = []
    for line in text.splitlines():
        _look(line.strip(), walk, places)
        draft = _whole(walk)
        if draft is not None:
            found.append(draft)
            walk = _Walk(day=walk.day, ends=walk.ends)
        if len(found) >= MOST_JOURNEYS:
            break
    if not found and (walk.origin or walk.ends[0] or walk.departs):
        found = [_draft(walk)] if walk.day or walk.departs else []
    shared = _shared(text, n_journeys=len(found))
    return tuple(
        replace(_with(draft, shared), row=k) for k, draft in enumerate(_distinct(found), 1)
    )


def details_in(text: str) -> Draft:
    """Read what a text tells beside day, times and places: train, price, reference, class."""
    train = _TRAIN.search(text)
    known = Draft(operator=" ".join(train[1].split()), number=train[2]) if train else Draft()
    return _with(known, _shared(text, n_journeys=1))


def _look(line: str, walk: _Walk, places: Places) -> None:
    """Take from one line what it tells."""
    day = _day_in(line)
    if day:
        walk.day = day
    train = _TRAIN.search(line)
    if train:
        walk.operator, walk.number = " ".join(train[1].split()), train[2]
    clocks = [f"{int(h):02d}:{m}" for h, m in _CLOCK.findall(_DATE.sub(" ", line))]
    bare = _bare(line)
    arrow = _ARROW.match(bare) if bare else None
    if arrow and not clocks:
        first, second = _name(arrow[1]), _name(arrow[2])
        if _is_place(first, places) and _is_place(second, places):
            walk.ends = first, second
            return
    starts, ends = _FROM.match(line), _TO.match(line)
    if starts:
        _departs(walk, _name(_bare(starts[1])), clocks)
    elif ends and not _looks_like_day(line):
        _arrives(walk, _name(_bare(ends[1])), clocks)
    elif arrow and clocks and _is_place(_name(arrow[1]), places):
        _departs(walk, _name(arrow[1]), clocks[:1])
        _arrives(walk, _name(arrow[2]), clocks[1:])
    elif clocks or (bare and _is_place(_name(bare), places)):
        name = _name(bare) if bare and _is_place(_name(bare), places) else ""
        _next(walk, name, clocks)


def _departs(walk: _Walk, name: str, clocks: list[str]) -> None:
    walk.origin = name or walk.origin
    walk.departs = clocks[0] if clocks else walk.departs
    if len(clocks) > 1:
        walk.arrives = clocks[1]


def _arrives(walk: _Walk, name: str, clocks: list[str]) -> None:
    walk.destination = name or walk.destination
    walk.arrives = clocks[-1] if clocks else walk.arrives


def _next(walk: _Walk, name: str, clocks: list[str]) -> None:
    """Take a name or a time without a word: departures come before arrivals."""
    if name:
        if not walk.origin:
            walk.origin = name
        elif not walk.destination and name != walk.origin:
            walk.destination = name
    for clock in clocks:
        if not walk.departs:
            walk.departs = clock
        elif not walk.arrives and clock != walk.departs:
            walk.arrives = clock


def _whole(walk: _Walk) -> Draft | None:
    origin = walk.origin or (walk.ends[0] if not walk.destination else "")
    target = walk.destination or (walk.ends[1] if origin == walk.ends[0] else "")
    is_whole = walk.day and walk.departs and walk.arrives and origin and target
    return _draft(replace(walk, origin=origin, destination=target)) if is_whole else None


def _draft(walk: _Walk) -> Draft:
    return Draft(
        day=walk.day, departs=walk.departs, arrives=walk.arrives,
        origin=walk.origin or walk.ends[0], destination=walk.destination or walk.ends[1],
        operator=walk.operator, number=walk.number,
    )  # fmt: skip


def _day_in(line: str) -> str:
    for found in _DATE.finditer(line):
        text = found[0]
        if found[10]:
            month = month_of(found[10])
            text = f"{found[12]}-{month:02d}-{int(found[11]):02d}" if month else ""
        day, _ = day_and_clock(text)
        if day:
            return day
    return ""


def _looks_like_day(line: str) -> bool:
    return bool(_DATE.search(line)) and not _CLOCK.search(line)


def _bare(line: str) -> str:
    """Take dates and times out of a line."""
    bare = _CLOCK.sub(" ", _DATE.sub(" ", line))
    bare = re.sub(r"(?i)\b(?:lun|mar|mer|jeu|ven|sam|dim)\w*\.?(?=\s|$)", " ", bare)
    return " ".join(bare.split()).strip(" ,;:-–—|·•()")


def _name(text: str) -> str:
    text = re.split(r"(?i)\s+(?:à|at|le|on|voie|platform|hall|train|terminal)\b|[,;(|]", text)[0]
    text = re.sub(r"(?i)^(?:gare (?:de|d['’])|de|from|to|à)\s*", "", text.strip(" :.-–"))
    name = " ".join(text.split())[:60]
    return "" if folded(name) in _NOT_PLACES else name


def _is_place(name: str, places: Places) -> bool:
    return 2 < len(name) <= 60 and places.find(name).is_sure  # noqa: PLR2004 - a name's length


def _distinct(drafts: list[Draft]) -> Iterator[Draft]:
    """Leave out what a mail says twice: in its text and in its page."""
    met: set[tuple[str, str, str]] = set()
    for draft in drafts:
        key = draft.day, draft.departs, draft.arrives
        if key not in met:
            met.add(key)
            yield draft


def _shared(text: str, *, n_journeys: int) -> Draft:
    """Read what holds for the whole message."""
    low = f" {folded(text[:20_000])} "
    known = next(((o, m) for word, o, m in _OPERATORS if f" {word} " in low), ("", ""))
    price, reference = _PRICE.search(text), _REFERENCE.search(text)
    people, seats, level = _PEOPLE.search(text), _SEATS.search(text), _CLASS.search(text)
    is_car = known[1] == "car"
    role = "driver" if is_car and re.search(r"(?i)vos passagers|your passengers", text) else ""
    return Draft(
        mode=known[1] or "train",
        operator=known[0],
        # One price of several journeys is none of each.
        price=price[1].replace(",", ".") if price and n_journeys == 1 else "",
        currency={"£": "GBP", "€": "EUR", None: ""}.get(price[2], price[2]) if price else "",
        reference=reference[1] if reference else "",
        passengers=people[1] if people else seats[1] if seats and is_car else "",
        travel_class=" ".join(level[1].split()) if level and not is_car else "",
        role=role,
    )


_SHARED = (
    "mode", "operator", "price", "currency", "reference", "passengers", "travel_class", "role",
)  # fmt: skip


def _with(draft: Draft, shared: Draft) -> Draft:
    return replace(draft, **{n: getattr(draft, n) or getattr(shared, n) for n in _SHARED})
