"""``python -m bench.learning``: what suggestions are worth after four weeks of a person's words.

For each labelled person: what the labels tell of the first four weeks counts as said; then a
mode is suggested for each later trip, and compared with its label. Learning goes on or stops
after the four weeks. Beside it two plain peers: always the person's commonest mode, and the
last one said between the same places. Labels of purposes are in none of the sets.
"""

from __future__ import annotations

import argparse
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np

from bench.history import FEWEST_DAYS
from bench.truth import SETS, Recording
from estran.coach.suggesting import Case, Memory
from estran.geo.distance import step_lengths_m
from estran.geo.zones import zone_at
from estran.journal import Mode, Place
from estran.scoring import LabelledTrip, canonical
from estran.timebase import to_datetime

WEEKS_US = 4 * 7 * 86_400_000_000
LEAST_M = 200.0


@dataclass(slots=True)
class Score:
    """How many trips were asked about, offered, and offered rightly."""

    n_asked: int = 0
    n_offered: int = 0
    n_right: int = 0

    def add(self, offered: Mode | None, true: Mode) -> None:
        """Count one."""
        self.n_asked += 1
        self.n_offered += offered is not None
        self.n_right += offered is not None and canonical(offered) == canonical(true)

    def __str__(self) -> str:
        """Right of the offered, and offered of those asked about."""
        right = self.n_right / self.n_offered if self.n_offered else float("nan")
        covered = self.n_offered / self.n_asked if self.n_asked else float("nan")
        return f"{right:7.1%} right of {self.n_offered:5} offered, {covered:6.1%} of {self.n_asked}"


@dataclass(slots=True)
class Told:
    """The scores of one set."""

    by_way: dict[str, Score] = field(default_factory=dict)

    def add(self, way: str, offered: Mode | None, true: Mode) -> None:
        """Count one suggestion of one way."""
        self.by_way.setdefault(way, Score()).add(offered, true)


def cases_of(days: Sequence[Recording]) -> list[tuple[int, Case]]:
    """Give the labelled trips of a person, with their mode, in order."""
    found = [
        (trip.start_us, case)
        for day in days
        for trip in day.true
        if (case := _case(day, trip)) is not None
    ]
    return sorted(found, key=lambda pair: pair[0])


def _case(day: Recording, trip: LabelledTrip) -> Case | None:
    trace = day.evidence.trace
    rows = slice(*np.searchsorted(trace.time_us, [trip.start_us, trip.end_us + 1]).tolist())
    lat, lon = trace.lat_deg[rows], trace.lon_deg[rows]
    if lat.size < 2:
        return None
    lasts: Counter[str] = Counter()
    for leg in trip.legs:
        lasts[leg.mode] += leg.end_us - leg.start_us
    lasts.pop(Mode.WAIT, None)
    if len(lasts) > 1:
        lasts.pop(Mode.WALK, None)  # the walk to a ride is no mode of the trip
    length_m = float(step_lengths_m(lat, lon).sum())
    if not lasts or length_m < LEAST_M:
        return None
    start = to_datetime(trip.start_us, zone_at(float(lat[0]), float(lon[0])))
    return Case(
        Place(float(lat[0]), float(lon[0])),
        Place(float(lat[-1]), float(lon[-1])),
        start.hour + start.minute / 60,
        start.weekday() >= 5,
        length_m,
        Mode(lasts.most_common(1)[0][0]),
    )


def ask(cases: Sequence[tuple[int, Case]], told: Told) -> None:
    """Learn the first four weeks of a person, then ask about each later trip."""
    until_us = cases[0][0] + WEEKS_US
    said = [case for start_us, case in cases if start_us < until_us]
    later = [case for start_us, case in cases if start_us >= until_us]
    if not later:
        return
    common = Counter(case.mode for case in said).most_common(1)[0][0]
    first, growing = Memory(said), list(said)
    for case in later:
        true = case.mode
        if true is None:
            continue
        unsaid = replace(case, mode=None)
        four, on = first.mode(unsaid), Memory(growing).mode(unsaid)
        told.add("four weeks, then no more words", four.value if four else None, true)
        told.add("words go on", on.value if on else None, true)
        told.add("peer: the commonest mode", common, true)
        told.add("peer: the last between these places", _last(growing, unsaid), true)
        growing.append(case)


def _last(said: Sequence[Case], case: Case) -> Mode | None:
    for known in reversed(said):
        if Memory([known])._between(case, either_way=True):  # noqa: SLF001 - the same places
            return known.mode
    return None


def main() -> None:
    """Print the table of each set."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--set", choices=sorted(SETS), action="append")
    for name in parser.parse_args().set or ("geolife", "mobilitynet"):
        people: dict[str, list[Recording]] = {}
        for recording in SETS[name]():
            if recording.true and not recording.stationary:
                people.setdefault(recording.person, []).append(recording)
        told, n_people = Told(), 0
        for person in sorted(people):
            cases = cases_of(people[person])
            if len(people[person]) >= FEWEST_DAYS and cases:
                n_people += 1
                ask(cases, told)
        print(f"\n## {name}: {n_people} persons")
        for way, score in told.by_way.items():
            print(f"{way:38}{score}")


if __name__ == "__main__":
    main()
