"""What is told of a vault: trips with the second at which they were told, entries, positions."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, timedelta

from estran.journal import Entry
from estran.timebase import local_day
from estran.trace import Evidence, Motion
from estran.web.emission.documents import entries_of, read_book, write_book
from estran.web.live.taking import owner_of
from estran.web.me.documents import CALENDAR, DAY, read_entries, read_long
from estran.web.me.summing import read_journal
from estran.web.store.opened import OpenVault
from estran.wire.emission import trips
from estran.wire.emission.asking import Ask, answered, with_footing
from estran.wire.emission.issues import Book, Issue, renewed, seen_in
from estran.wire.emission.kept import Kept, served
from estran.wire.emission.labels import LABELS, label_of, latest, trip_of
from estran.wire.emission.stamps import a_uuid, an_oid, fmt_time, local_dt, oid, seconds, type_json
from estran.wire.emission.trips import Told, told_in

_DAY_US = 86_400_000_000
_NEAR = timedelta(days=3)

type_told = Callable[[Told, str], Iterable[type_json]]
OF_TRIPS: dict[str, type_told] = {
    "analysis/cleaned_trip": lambda told, user: [trips.cleaned_trip(told, user)],
    "analysis/confirmed_trip": lambda told, user: [trips.confirmed_trip(told, user)],
    "analysis/composite_trip": lambda told, user: [trips.composite_trip(told, user)],
    "analysis/cleaned_section": lambda told, user: [
        trips.cleaned_section(told, n, user) for n in range(len(told.legs))
    ],
    "analysis/inferred_section": lambda told, user: [
        trips.inferred_section(told, n, user) for n in range(len(told.legs))
    ],
    "analysis/cleaned_place": lambda told, user: [
        trips.start_place(told, user),
        trips.end_place(told, user),
    ],
}
"""Kinds of entries that are made of the journal."""

LOCATIONS = ("background/location", "background/filtered_location")
ACTIVITIES = "background/motion_activity"
_TYPES = {
    Motion.VEHICLE: 0, Motion.BIKE: 1, Motion.ON_FOOT: 2, Motion.STILL: 3, Motion.WALK: 7,
    Motion.RUN: 8, Motion.PLANE: 11,
}  # fmt: skip


def refreshed(vault: OpenVault) -> Book:
    """Give what was told of trips, after telling what a new analysis made of them."""
    book = read_book(vault)
    found = vault.get_doc_rev(CALENDAR, "1")
    if found is None or found[1] == book.made_of:
        return book
    with vault.transaction():
        book, found = read_book(vault), vault.get_doc_rev(CALENDAR, "1")
        if found is None or found[1] == book.made_of:
            return book
        book = renewed(
            book, seen_in(whole_journal(vault)), now_s=int(time.time()), made_of=found[1],
            seed=vault.vault_id,
        )  # fmt: skip
        write_book(vault, book)
    return book


def whole_journal(vault: OpenVault) -> list[Entry]:
    """Read the journal as analysed, corrections left out."""
    found: dict[tuple[int, int, str], Entry] = {}
    for doc_id in vault.doc_ids(DAY):
        for entry in read_entries(vault, DAY, doc_id):
            found[entry.started_us, entry.ended_us, type(entry).__name__] = entry
    for entry in read_long(vault):
        found[entry.started_us, entry.ended_us, type(entry).__name__] = entry
    return [found[key] for key in sorted(found)]


def told_trips(vault: OpenVault, issues: Sequence[Issue]) -> list[Told]:
    """Read the trips of some issues, corrected and labelled, in the order of their start."""
    with vault.reading():
        told: list[Told] = []
        for first, last, some in _windows(issues):
            told += told_in(read_journal(vault, first, last).entries, some)
        return _labelled(vault, told)


def _windows(issues: Sequence[Issue]) -> Iterator[tuple[date, date, list[Issue]]]:
    """Part issues into stretches of days that are read at once."""
    some: list[Issue] = []
    for issue in sorted(issues, key=lambda one: one.start_us):
        if some and issue.start_us - some[-1].end_us > 2 * _NEAR.days * _DAY_US:
            yield _span(some)
            some = []
        some.append(issue)
    if some:
        yield _span(some)


def _span(some: list[Issue]) -> tuple[date, date, list[Issue]]:
    first = local_day(some[0].start_us, "UTC") - timedelta(days=1)
    last = local_day(max(issue.end_us for issue in some), "UTC") + timedelta(days=1)
    return first, last, some


def _labelled(vault: OpenVault, told: list[Told]) -> list[Told]:
    labels = [
        label
        for kept in entries_of(vault)
        if kept.key in LABELS and (label := label_of(kept)) is not None
    ]
    if not labels or not told:
        return told
    of_trip = {id(one.trip): one for one in told}
    said: dict[str, dict[str, str]] = {}
    journal = [one.trip for one in told]
    for label in latest(labels):
        trip = trip_of(label, journal)
        if trip is not None:
            said.setdefault(of_trip[id(trip)].issue.id, {})[label.name] = label.word
    return [
        Told(one.issue, one.trip, one.before, one.after, said.get(one.issue.id, {})) for one in told
    ]


def trips_between(vault: OpenVault, first: date, last: date) -> list[Told]:
    """Read the trips that begin near local days, those of a day before and after too."""
    low = _midnight_us(first - timedelta(days=1))
    high = _midnight_us(last + timedelta(days=2))
    issues = [i for i in refreshed(vault).issues if low <= i.start_us < high]
    return told_trips(vault, issues)


def _midnight_us(day: date) -> int:
    return (day.toordinal() - date(1970, 1, 1).toordinal()) * _DAY_US


def range_ts(vault: OpenVault) -> tuple[float | None, float | None]:
    """Give the start of the first trip and the end of the last."""
    issues = refreshed(vault).issues
    if not issues:
        return None, None
    return seconds(issues[0].start_us), seconds(max(issue.end_us for issue in issues))


def find(vault: OpenVault, device: str, user: str, ask: Ask) -> list[type_json]:
    """Find the entries that a question asks for."""
    book = refreshed(vault)
    entries: list[type_json] = []
    if ask.wants_any(OF_TRIPS):
        for told in told_trips(vault, _issues_asked(book, ask)):
            for key, make in OF_TRIPS.items():
                if ask.wants(key):
                    entries += make(told, user)
    kept = [entry for entry in entries_of(vault) if ask.wants(entry.key)]
    entries += _served(vault, book, kept, user)
    if ask.wants_any((*LOCATIONS, ACTIVITIES)):
        entries += _readings(vault, device, user, ask)
    found = answered(entries, ask)
    stood = _stood_there(vault, book, ask)
    return with_footing(found, ask, stood_there=stood)


def _issues_asked(book: Book, ask: Ask) -> list[Issue]:
    if ask.by_write_time:
        return book.told_between(ask.first_s, ask.last_s)
    if ask.ranges or ask.by not in {"data.start_ts", "data.end_ts"}:
        return list(book.issues)
    low, high = ask.spans_us()
    return [i for i in book.issues if i.end_us >= low - _DAY_US and i.start_us <= high + _DAY_US]


def _served(vault: OpenVault, book: Book, kept: Sequence[Kept], user: str) -> Iterator[type_json]:
    """Tell entries; labels with the zone of their trip, so that times read alike."""
    labels = {entry.id: label for entry in kept if (label := label_of(entry)) is not None}
    near = [
        issue
        for issue in book.issues
        if any(
            label.start_us <= issue.end_us and label.end_us >= issue.start_us
            for label in labels.values()
        )
    ]
    journal = [told.trip for told in told_trips(vault, near)] if near else []
    for entry in kept:
        label = labels.get(entry.id)
        trip = trip_of(label, journal) if label else None
        yield served(entry, user, trip.tz if trip else "")


def _stood_there(vault: OpenVault, book: Book, ask: Ask) -> bool:
    """Tell whether a client may have come by the instant it asks from through us."""
    if not ask.by_write_time or ask.first_s == float("-inf"):
        return False
    at_ms = round(ask.first_s * 1000)
    if at_ms % 1000 == 0:
        at_s = at_ms // 1000
        if book.was_told(at_s) or any(issue.write_s == at_s for issue in book.issues):
            return True
    day = local_day(max(at_ms, 0) * 1000, "UTC")
    return any(entry.write_us // 1000 == at_ms for entry in entries_of(vault, day, day))


def _readings(vault: OpenVault, device: str, user: str, ask: Ask) -> Iterator[type_json]:
    """Tell the positions and activities that this phone sent, from the evidence."""
    if not (ask.by_write_time or ask.by == "data.ts"):
        return
    low, high = ask.spans_us()
    evidence = vault.evidence(max(low, 0), high + 1_000_000)
    numbers = {n for n, s in enumerate(evidence.sources) if s.key == owner_of(device)}
    if not numbers:
        return
    for key in LOCATIONS:
        if ask.wants(key):
            yield from _locations(evidence, numbers, key, user)
    if ask.wants(ACTIVITIES):
        yield from _activities(evidence, numbers, user)


def _reading(key: str, at_us: int, user: str, data: type_json) -> type_json:
    ts = seconds(at_us)
    metadata = {
        "key": key, "platform": "server", "type": "sensor-data", "write_ts": ts,
        "time_zone": "UTC", "write_fmt_time": fmt_time(at_us, "UTC"),
        "write_local_dt": local_dt(at_us, "UTC"),
    }  # fmt: skip
    told = {"ts": ts, "fmt_time": metadata["write_fmt_time"], **data}
    return {
        "_id": an_oid(oid(key, at_us, str(sorted(data.items(), key=str)))),
        "user_id": a_uuid(user), "metadata": metadata, "data": told,
    }  # fmt: skip


def _locations(evidence: Evidence, numbers: set[int], key: str, user: str) -> Iterator[type_json]:
    rows = evidence.trace
    for row in range(len(rows)):
        if int(rows.source[row]) not in numbers:
            continue
        lat, lon = float(rows.lat_deg[row]), float(rows.lon_deg[row])
        data: type_json = {
            "latitude": lat, "longitude": lon,
            "loc": {"type": "Point", "coordinates": [lon, lat]},
        }  # fmt: skip
        for name, column in (
            ("accuracy", rows.accuracy_m), ("sensed_speed", rows.speed_mps),
            ("heading", rows.bearing_deg), ("altitude", rows.altitude_m),
        ):  # fmt: skip
            value = float(column[row])
            data[name] = None if value != value else value  # noqa: PLR0124 - NaN
        yield _reading(key, int(rows.time_us[row]), user, data)


def _activities(evidence: Evidence, numbers: set[int], user: str) -> Iterator[type_json]:
    rows = evidence.activities
    for row in range(len(rows)):
        if int(rows.source[row]) in numbers:
            share = float(rows.confidence_share[row])
            data = {
                "type": _TYPES.get(Motion(int(rows.motion[row])), 4),
                "confidence": None if share != share else round(share * 100),  # noqa: PLR0124 - NaN
            }
            yield _reading(ACTIVITIES, int(rows.time_us[row]), user, data)
