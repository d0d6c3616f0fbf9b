"""Print how much a person's corrections help on their later days, and whether they ever hurt.

``python -m bench.history [--set NAME] [--corrected-days N] [--confirms] [--network PATH]``

The days of each person are taken in order. Each is analysed without history, and with what
was said of the days before it. Then the person corrects the day, as long as it is among the
first N (all by default): every leg whose mode is wrong for most of its time; with
``--confirms`` they also answer right where the journal asks. Nothing is fitted: truth is
read for the corrections and for the score. MobilityNet's days repeat scripted routes,
which is more alike than a life is.
"""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

from bench.accuracy import context_of, judged, print_calibration, print_each_mode, print_modes
from bench.truth import SETS, Recording, limited
from estran.analyse import Context, analyse_report
from estran.carbon import factor_set
from estran.clean import clean
from estran.history import NO_HISTORY, Said, remembered, said_of, united
from estran.journal import Journal, Leg, Mode
from estran.scoring import LabelledTrip, Tally, canonical, trips_of

ASK_BELOW_SHARE = 0.6
"""As the journal's pages do."""

FEWEST_DAYS = 4
"""Persons with fewer have hardly a history."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one person."""

    group: str
    without: Tally
    with_history: Tally
    changed_s: Counter[str]
    """Seconds of true travel by what history did to them: better, worse. [s]"""
    n_said: int


def lives(recordings: Iterable[Recording]) -> list[tuple[Recording, ...]]:
    """Put each person's days in order."""
    days: dict[str, list[Recording]] = {}
    for recording in recordings:
        if recording.true and not recording.stationary:
            days.setdefault(recording.person, []).append(recording)
    ordered = (sorted(days[person], key=lambda r: r.start_us) for person in sorted(days))
    return [tuple(own) for own in ordered if len(own) >= FEWEST_DAYS]


def said_on(journal: Journal, true: Sequence[LabelledTrip], *, confirms: bool) -> Said:
    """Say what the person would: the true mode of each leg that is wrong, or is asked about."""
    said = []
    for leg in (leg for trip in journal.trips for leg in trip.legs if leg.mode is not Mode.WAIT):
        mode = _true_mode(leg, true)
        if mode is None:
            continue
        asked = confirms and leg.probability_share < ASK_BELOW_SHARE
        if asked or canonical(mode) != canonical(leg.mode):
            said.append((leg.started_us, leg.ended_us, mode))
    return said_of(said)


def _true_mode(leg: Leg, true: Sequence[LabelledTrip]) -> Mode | None:
    """Give the mode of most of a leg's time; None where the labels tell of less than half."""
    lasts_us: Counter[str] = Counter()
    for other in (other for trip in true for other in trip.legs):
        lasts_us[other.mode] += max(
            0, min(leg.ended_us, other.end_us) - max(leg.started_us, other.start_us)
        )
    if not lasts_us:
        return None
    mode, most_us = lasts_us.most_common(1)[0]
    known = 2 * most_us >= leg.ended_us - leg.started_us > 0
    return Mode(mode) if known and mode != Mode.WAIT else None


def live(
    days: tuple[Recording, ...],
    *,
    n_corrected: int | None,
    confirms: bool,
    context: Context = Context(),  # noqa: B008 - a frozen value
) -> Outcome:
    """Let a person live, read and correct day by day."""
    history, n_said = NO_HISTORY, 0
    tallies, changed_s = (Tally(), Tally()), Counter[str]()
    for number, day in enumerate(days):
        journals = [
            analyse_report(day.evidence, factors=factor_set(), context=known).journal
            for known in (context, replace(context, history=history))
        ]
        told = [judged(day, partial(_trips_of, journal=journal)) for journal in journals]
        if number >= (n_corrected or 1):
            for tally, one in zip(tallies, told, strict=True):
                tally.add(one)
            changed_s.update(_changes(*told))
        if n_corrected is None or number < n_corrected:
            said = said_on(journals[1], day.true, confirms=confirms)
            n_said += len(said.rows)
            history = united((history, remembered(clean(day.evidence).trace, said)))
    return Outcome(days[0].group, *tallies, changed_s, n_said)


def _trips_of(_day: Recording, *, journal: Journal) -> tuple[LabelledTrip, ...]:
    return trips_of(journal)


def _changes(without: Tally, with_history: Tally) -> Counter[str]:
    """Compare one day's right seconds: never both."""
    right = [
        sum(s for (t, m), s in tally.seconds.items() if t == m) for tally in (without, with_history)
    ]
    gained_s = right[1] - right[0]
    return Counter({"better" if gained_s > 0 else "worse": abs(gained_s)})


def print_outcomes(name: str, outcomes: Sequence[Outcome]) -> None:
    """Print the tables of one set."""
    found: dict[str, Tally] = {}
    for outcome in outcomes:
        for how, tally in (("without", outcome.without), ("with history", outcome.with_history)):
            found.setdefault(f"{outcome.group}, {how}", Tally()).add(tally)
    changed_s = sum((o.changed_s for o in outcomes), Counter[str]())
    print(f"\n## {name}: {len(outcomes)} persons, {sum(o.n_said for o in outcomes)} legs spoken of")
    print(
        f"Days that became better: {changed_s['better'] / 60:.0f} min more right; "
        f"worse: {changed_s['worse'] / 60:.0f} min more wrong."
    )
    print_modes(found)
    print_each_mode(found)
    print_calibration(found)


def main(argv: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.history", description=__doc__)
    parser.add_argument("--set", dest="names", choices=sorted(SETS), action="append")
    parser.add_argument("--corrected-days", type=int, help="the first so many; all by default")
    parser.add_argument("--confirms", action="store_true", help="answer questions too")
    parser.add_argument("--network", nargs="+", default=[], help="feeds of lines and stops")
    parser.add_argument("--limit", type=int, help="this many recordings of each set at most")
    parser.add_argument("--processes", type=int, default=2)
    chosen = parser.parse_args(argv)
    for name in chosen.names or ["mobilitynet", "geolife"]:
        try:
            recordings = list(limited(SETS[name](), chosen.limit))
        except FileNotFoundError:
            print(f"{name}: the labelled set is not here, nothing to judge", file=sys.stderr)
            continue
        with ProcessPoolExecutor(chosen.processes) as pool:
            work = partial(
                live, n_corrected=chosen.corrected_days, confirms=chosen.confirms,
                context=context_of(chosen),
            )  # fmt: skip
            outcomes = list(pool.map(work, lives(recordings)))
        print_outcomes(name, outcomes)
    return 0


if __name__ == "__main__":
    sys.exit(main())
