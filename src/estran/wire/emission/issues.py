"""When each trip was told, for clients that ask for what is new since the last they saw.

The Cozy konnector asks for trips by ``write_ts``, the bound included, and drops the first
that it gets. So each trip has its own whole second, later ones higher; it keeps it as long as
the analysis says the same of it, and gets a new one when it says something else. A second
that was given away is remembered: a client may still stand there.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from estran.journal import Entry, Leg, Stay, Trip
from estran.wire.emission.stamps import oid

ALIKE_SHARE = 0.5
"""A trip that has this much time in common with one told before is that one, changed."""

MOST_FORMER = 20_000
"""Seconds remembered of trips that changed or went."""


@dataclass(frozen=True, slots=True)
class Issue:
    """A trip as it was told.

    Parameters
    ----------
    id : str
        24 hexadecimal digits, for good.
    write_s : int
        Second at which it was told. [s since 1970]
    start_us, end_us : int
        [µs since 1970, UTC]
    mark : str
        Fingerprint of what the analysis says of it.
    from_id : str
        The trip that ended where this one begins, ``""`` where that is not known.
    """

    id: str
    write_s: int
    start_us: int
    end_us: int
    mark: str
    from_id: str = ""


@dataclass(frozen=True, slots=True)
class Book:
    """All that was told of trips, by their start."""

    issues: tuple[Issue, ...] = ()
    last_s: int = 0
    former_s: tuple[int, ...] = ()
    """Seconds that were given away, ascending."""
    made_of: int = -1
    """Revision of the journal that it was made of."""

    def was_told(self, write_s: int) -> bool:
        """Tell whether a client may stand at a second that nothing has any more."""
        return write_s in self.former_s

    def without(self, spans: Sequence[tuple[int, int]]) -> Book:
        """Forget when trips were that have time in common with some spans."""
        gone = [
            issue
            for issue in self.issues
            if any(
                issue.start_us < end_us and issue.end_us > start_us for start_us, end_us in spans
            )
        ]
        left = tuple(issue for issue in self.issues if issue not in gone)
        former = tuple(sorted({*self.former_s, *(issue.write_s for issue in gone)}))
        return replace(self, issues=left, former_s=former)

    def told_between(self, first_s: float, last_s: float) -> list[Issue]:
        """Give issues of ``first_s <= write_s <= last_s``, in the order of telling."""
        found = [issue for issue in self.issues if first_s <= issue.write_s <= last_s]
        return sorted(found, key=lambda issue: issue.write_s)


@dataclass(frozen=True, slots=True)
class Seen:
    """A trip of the journal as it is now."""

    start_us: int
    end_us: int
    mark: str
    follows: bool
    """It begins at the stay at which the trip before ended."""


def seen_in(entries: Iterable[Entry]) -> list[Seen]:
    """List the trips of a journal, in order."""
    found: list[Seen] = []
    came_by_trip = stayed = False
    for entry in entries:
        if isinstance(entry, Trip):
            follows = came_by_trip and stayed
            found.append(Seen(entry.started_us, entry.ended_us, mark_of(entry), follows))
            came_by_trip, stayed = True, True
        elif not isinstance(entry, Stay):
            stayed = False
    return found


def mark_of(trip: Trip) -> str:
    """Take the fingerprint of what an analysis says of a trip: borders, modes, lengths."""
    told = [f"{trip.started_us} {trip.ended_us}", *[_told(leg) for leg in trip.legs]]
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:16]


def _told(leg: Leg) -> str:
    return f"{leg.mode} {leg.started_us} {leg.ended_us} {leg.distance_m:.0f}"


def renewed(book: Book, trips: Sequence[Seen], *, now_s: int, made_of: int, seed: str) -> Book:
    """Tell the trips of a journal: unchanged ones as before, others anew.

    Parameters
    ----------
    book : Book
        What was told before.
    trips : sequence of Seen
        In order, apart from each other.
    now_s : int
        [s since 1970]
    made_of : int
        Revision of the journal.
    seed : str
        Makes ids of one person differ from those of others.

    Returns
    -------
    Book
        Seconds of new issues are higher than all before, each its own, in the order of the
        trips; none lies after ``now_s`` unless more trips are new than seconds went by.
    """
    before = _matched(book.issues, trips)
    fresh = [n for n, trip in enumerate(trips) if _is_new(before[n], trip)]
    first_s = max(book.last_s + 1, now_s - len(fresh) + 1)
    seconds = {n: first_s + rank for rank, n in enumerate(fresh)}
    issues: list[Issue] = []
    for n, trip in enumerate(trips):
        old = before[n]
        from_id = issues[-1].id if trip.follows and issues else ""
        name = old.id if old else oid(seed, "trip", trip.start_us, trip.end_us)
        kept_s = old.write_s if old else 0
        issues.append(
            Issue(
                name, seconds.get(n, kept_s), trip.start_us, trip.end_us, trip.mark, from_id
            )
        )  # fmt: skip
    held = {issue.write_s for issue in issues}
    gone = {issue.write_s for issue in book.issues} - held
    former = tuple(sorted({*book.former_s, *gone})[-MOST_FORMER:])
    last_s = max(book.last_s, *held) if held else book.last_s
    return replace(
        book, issues=tuple(_apart(issues)), last_s=last_s, former_s=former, made_of=made_of
    )


def _is_new(old: Issue | None, trip: Seen) -> bool:
    return old is None or old.mark != trip.mark


def _apart(issues: Iterable[Issue]) -> Iterable[Issue]:
    """Give each id once: two trips that were cut from one are two."""
    names: set[str] = set()
    for issue in issues:
        name = issue.id
        if name in names:
            name = oid(name, issue.start_us)
        names.add(name)
        yield replace(issue, id=name)


def _matched(issues: Sequence[Issue], trips: Sequence[Seen]) -> list[Issue | None]:
    """Find for each trip the one that it was when it was told, each at most once."""
    matched: list[Issue | None] = []
    at = 0
    taken: set[str] = set()
    for trip in trips:
        while at < len(issues) and issues[at].end_us < trip.start_us:
            at += 1
        best: tuple[float, Issue] | None = None
        for issue in issues[at:]:
            if issue.start_us > trip.end_us:
                break
            share = _alike_share(issue, trip)
            if issue.id not in taken and share >= ALIKE_SHARE and share > (best or (0.0,))[0]:
                best = share, issue
        matched.append(best[1] if best else None)
        if best:
            taken.add(best[1].id)
    return matched


def _alike_share(issue: Issue, trip: Seen) -> float:
    if (issue.start_us, issue.end_us) == (trip.start_us, trip.end_us):
        return 1.0
    shared_us = min(issue.end_us, trip.end_us) - max(issue.start_us, trip.start_us)
    union_us = max(issue.end_us, trip.end_us) - min(issue.start_us, trip.start_us)
    return shared_us / union_us if shared_us > 0 else 0.0
