"""Print how well trips, legs and modes are found on labelled recordings.

``python -m bench.accuracy [--set NAME] [--part fit|report|all] [--given-borders]``

``report`` recordings were not used to fit anything; ``fit`` ones were.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Iterable
from dataclasses import replace
from importlib import import_module

import numpy as np

from bench.scoring import (
    UNCOVERED,
    LabelledLeg,
    LabelledTrip,
    Tally,
    f1_of,
    macro_f1,
    merge_motor,
    reported_trips,
    right_share,
    score,
    uncovered_share,
    without_waits,
)
from bench.truth import SETS, Recording, limited, odometer_of
from estran.clean import clean
from estran.modes import MODES, TripBounds, legs

Say = Callable[[Recording], tuple[LabelledTrip, ...]]


def bounds_of(recording: Recording) -> TripBounds:
    """Give a recording's true borders as the engine's own."""
    time_us = recording.evidence.trace.time_us
    start = np.array([t.start_us for t in recording.true], np.int64)
    end = np.array([t.end_us for t in recording.true], np.int64)
    return TripBounds(np.searchsorted(time_us, start), np.searchsorted(time_us, end), start, end)


def with_given_borders(recording: Recording) -> tuple[LabelledTrip, ...]:
    """Report legs and modes inside the true trips: judges modes alone."""
    evidence = clean(recording.evidence)
    recording = replace(recording, evidence=evidence)
    found = legs(evidence.trace, bounds_of(recording), evidence.activities, evidence.claims)
    out = []
    for row, trip in enumerate(recording.true):
        inside = np.flatnonzero(found.trip == row)
        out.append(
            LabelledTrip(
                trip.start_us,
                trip.end_us,
                tuple(
                    LabelledLeg(int(found.start_us[i]), int(found.end_us[i]), MODES[found.mode[i]])
                    for i in inside
                ),
            )
        )
    return tuple(out)


def end_to_end(recording: Recording) -> tuple[LabelledTrip, ...]:
    """Report what a person would see: the whole engine, no border given.

    Trips whose middle is outside the recording are left out, as for e-mission.
    """
    analyse = import_module("estran.analyse").analyse
    said = reported_trips(analyse(recording.evidence))
    return tuple(
        t for t in said
        if recording.start_us <= (t.start_us + t.end_us) // 2 <= recording.end_us
    )  # fmt: skip


def tallies(recordings: Iterable[Recording], say: Say) -> dict[str, Tally]:
    """Score recordings by group."""
    out: dict[str, Tally] = {}
    for recording in recordings:
        tally = score(
            recording.true,
            say(recording),
            odometer=odometer_of(recording.evidence),
            stationary=recording.stationary,
        )
        out.setdefault(recording.group, Tally()).add(tally)
    return out


def _quantiles(errors_s: list[float]) -> str:
    if not errors_s:
        return "-"
    p90 = float(np.quantile(errors_s, 0.9))
    return f"{statistics.median(errors_s):.0f} / {p90:.0f}"


def print_trips(found: dict[str, Tally]) -> None:
    """Print the table of trips."""
    print(
        "| group | recordings | true trips | reported | matched | exactly once | split | missed "
        "| start error s (median / p90) | end error s | false on stationary |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|")
    for group, t in sorted(found.items()):
        share = f"{t.n_matched / t.n_true:.0%}" if t.n_true else "-"
        once = f"{t.n_once / t.n_true:.0%}" if t.n_true else "-"
        print(
            f"| {group} | {t.n_recordings} | {t.n_true} | {t.n_reported - t.n_false_stationary} "
            f"| {t.n_matched} ({share}) | {t.n_once} ({once}) | {t.n_split} | {t.n_missed} "
            f"| {_quantiles(t.start_errors_s)} | {_quantiles(t.end_errors_s)} "
            f"| {t.n_false_stationary} in {t.n_stationary} |"
        )


def print_modes(found: dict[str, Tally]) -> None:
    """Print the table of modes."""
    print(
        "| group | moving h | moves right | right mode | motor merged | by distance "
        "| waits allowed | uncovered | macro F1 | F1 by mode |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|")
    for group, t in sorted(found.items()):
        if not t.seconds:
            continue
        by_mode = ", ".join(f"{mode} {f1:.2f}" for mode, f1 in f1_of(t.seconds).items())
        print(
            f"| {group} | {sum(t.seconds.values()) / 3600:.1f} "
            f"| {t.n_moves_right} of {t.n_moves} ({t.n_moves_right / t.n_moves:.0%}) "
            f"| {right_share(t.seconds):.1%} "
            f"| {right_share(merge_motor(t.seconds)):.1%} | {right_share(t.metres):.1%} "
            f"| {right_share(without_waits(t.seconds)):.1%} "
            f"| {uncovered_share(t.seconds):.1%} | {macro_f1(t.seconds):.2f} | {by_mode} |"
        )


def print_confusion(tally: Tally) -> None:
    """Print where the time of each true mode went. [% of its time]"""
    said = [*sorted({s for _, s in tally.seconds} - {UNCOVERED}), UNCOVERED]
    print("| true | min | " + " | ".join(said) + " |")
    print("|---" * (len(said) + 2) + "|")
    for truth in sorted({t for t, _ in tally.seconds}):
        whole = sum(n for (t, _), n in tally.seconds.items() if t == truth)
        cells = (100 * tally.seconds.get((truth, s), 0.0) / whole for s in said)
        shown = " | ".join(f"{cell:.0f}" if cell >= 0.5 else "" for cell in cells)
        print(f"| {truth} | {whole / 60:.0f} | {shown} |")


def main(argv: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument("--set", dest="name", choices=sorted(SETS), help="one labelled set only")
    parser.add_argument("--part", choices=("fit", "report", "all"), default="report")
    parser.add_argument("--limit", type=int, help="this many recordings of each set at most")
    parser.add_argument("--given-borders", action="store_true", help="judge modes alone")
    parser.add_argument("--confusion", action="store_true", help="print confusions too")
    chosen = parser.parse_args(argv)
    say = with_given_borders if chosen.given_borders else end_to_end
    for name in [chosen.name] if chosen.name else ["mobilitynet", "utrecht"]:
        try:
            recordings = [
                r
                for r in limited(SETS[name](), chosen.limit)
                if chosen.part in ("all", r.part) or r.stationary
            ]
        except FileNotFoundError:
            print(f"{name}: the labelled set is not here, nothing to judge", file=sys.stderr)
            continue
        borders = "true borders given" if chosen.given_borders else "end to end"
        print(f"\n## {name}, part: {chosen.part}, {borders}\n")
        found = tallies([r for r in recordings if r.true or not chosen.given_borders], say)
        if not chosen.given_borders:
            print_trips(found)
            print()
        print_modes(found)
        if chosen.confusion:
            for group, tally in sorted(found.items()):
                if tally.seconds:
                    print(f"\n{group}: % of each true mode's time\n")
                    print_confusion(tally)
    return 0


if __name__ == "__main__":
    sys.exit(main())
