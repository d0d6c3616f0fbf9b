"""Print how well trips, legs and modes are found on labelled recordings.

``python -m bench.accuracy [--set NAME] [--part fit|report|all] [--given-borders]``

``report`` recordings were not used to fit anything; ``fit`` ones were. The tables are those
of docs/algorithms/accuracy.md, whose definitions are in docs/algorithms/scoring.md.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import statistics
import sys
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from functools import partial
from math import isnan
from pathlib import Path

import numpy as np

from bench.truth import SETS, Recording, limited, odometer_of
from estran.analyse import Context, analyse
from estran.carbon import factor_set
from estran.clean import clean
from estran.feeds import read_networks
from estran.journal import Mode
from estran.modes import MODES, TripBounds, legs
from estran.network import lay
from estran.scoring import (
    UNCOVERED,
    LabelledLeg,
    LabelledTrip,
    Tally,
    brier_score,
    calibration_error_share,
    co2e_error_share,
    count_co2e,
    five_classes,
    macro_f1,
    merged,
    mode_rows,
    motor_merged,
    priced,
    quantiles_s,
    right_share,
    said_share,
    score,
    tenths,
    trips_of,
    uncovered_share,
    without_waits,
)

Say = Callable[[Recording], tuple[LabelledTrip, ...]]

LINES = """
Lines to pass, as published by others (docs/algorithms/accuracy.md tells where):

| who | set | trips reported / true | matched | right mode | with lines and stops |
|---|---|---|---|---|---|
| e-mission, Android | MobilityNet, the runs held apart | 85 / 40 | 27 | 26.7% | 80.5% |
| e-mission, iOS | MobilityNet, the runs held apart | 66 / 62 | 49 | 20.0% | 54.9% |
| decision tree of the survey project | Utrecht, of moves | | | 48% | 80% |
| boosted trees, borders given | Geolife, five classes, of time | | | 82-84% | |
"""


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
    share = found.probability.max(axis=1)
    said = [
        LabelledLeg(start_us, end_us, MODES[mode], sure)
        for start_us, end_us, mode, sure in zip(
            found.start_us.tolist(), found.end_us.tolist(), found.mode.tolist(), share.tolist(),
            strict=True,
        )
    ]  # fmt: skip
    return tuple(
        LabelledTrip(
            trip.start_us,
            trip.end_us,
            tuple(said[i] for i in np.flatnonzero(found.trip == row)),
        )
        for row, trip in enumerate(recording.true)
    )


def end_to_end(recording: Recording, *, context: Context | None = None) -> tuple[LabelledTrip, ...]:
    """Report what a person would see: the whole engine, no border given.

    Trips whose middle is outside the recording are left out, as for e-mission.
    """
    journal = analyse(recording.evidence, factors=factor_set(), context=context or Context())
    return tuple(
        t for t in trips_of(journal)
        if recording.start_us <= (t.start_us + t.end_us) // 2 <= recording.end_us
    )  # fmt: skip


def judged(recording: Recording, say: Say) -> Tally:
    """Score one recording."""
    odometer = odometer_of(recording.evidence)
    true, said = recording.true, say(recording)
    tally = score(true, said, odometer=odometer, stationary=recording.stationary)
    if odometer is not None and not recording.stationary:
        count_co2e(tally, priced(true, factors=factor_set(), odometer=odometer), said)
    return tally


_RECORDINGS: list[Recording] = []
"""What the processes of a run share: forked, never copied."""


def _judge_row(row: int, say: Say) -> Tally:
    return judged(_RECORDINGS[row], say)


def tallies_of(recordings: Sequence[Recording], say: Say, *, n_processes: int = 1) -> list[Tally]:
    """Score recordings one by one, in as many processes as are given."""
    if n_processes == 1:
        return [judged(recording, say) for recording in recordings]
    _RECORDINGS[:] = recordings
    fork = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(n_processes, mp_context=fork) as pool:
        return list(pool.map(partial(_judge_row, say=say), range(len(recordings)), chunksize=4))


def summed(
    recordings: Iterable[Recording], tallies: Iterable[Tally], key: Callable[[Recording], str]
) -> dict[str, Tally]:
    """Add tallies up by what a recording is part of."""
    out: dict[str, Tally] = {}
    for recording, tally in zip(recordings, tallies, strict=True):
        out.setdefault(key(recording), Tally()).add(tally)
    return dict(sorted(out.items()))


def _percent(share: float, digits: int = 1) -> str:
    return "-" if isnan(share) else f"{100 * share:.{digits}f}%"


def _errors(errors_s: list[float]) -> str:
    median_s, p90_s = quantiles_s(errors_s)
    return "-" if isnan(median_s) else f"{median_s:.0f} / {p90_s:.0f}"


def _table(*columns: str) -> None:
    print("\n| " + " | ".join(columns) + " |")
    print("|---" * len(columns) + "|")


def print_trips(found: dict[str, Tally]) -> None:
    """Print the table of trips."""
    _table(
        "group", "recordings", "true trips", "reported", "matched", "exactly once", "split",
        "merged", "missed", "false", "start error s (median / p90)", "end error s",
        "false on stationary",
    )  # fmt: skip
    for group, t in found.items():
        matched, once = (
            _percent(n / t.n_true, 0) if t.n_true else "-" for n in (t.n_matched, t.n_once)
        )
        print(
            f"| {group} | {t.n_recordings} | {t.n_true} | {t.n_reported - t.n_false_stationary} "
            f"| {t.n_matched} ({matched}) | {t.n_once} ({once}) | {t.n_split} | {t.n_merged} "
            f"| {t.n_missed} | {t.n_false} | {_errors(t.start_errors_s)} "
            f"| {_errors(t.end_errors_s)} | {t.n_false_stationary} in {t.n_stationary} |"
        )


def print_modes(found: dict[str, Tally]) -> None:
    """Print the table of modes."""
    _table(
        "group", "moving h", "moves right", "right mode", "motor merged", "five classes",
        "by distance", "by distance, merged", "waits allowed", "uncovered", "unknown", "macro F1",
    )  # fmt: skip
    for group, t in found.items():
        if not t.seconds:
            continue
        print(
            f"| {group} | {sum(t.seconds.values()) / 3600:.1f} "
            f"| {t.n_moves_right} of {t.n_moves} ({t.n_moves_right / t.n_moves:.0%}) "
            f"| {_percent(right_share(t.seconds))} "
            f"| {_percent(right_share(merged(t.seconds, motor_merged)))} "
            f"| {_percent(right_share(merged(t.seconds, five_classes)))} "
            f"| {_percent(right_share(t.metres))} "
            f"| {_percent(right_share(merged(t.metres, motor_merged)))} "
            f"| {_percent(right_share(without_waits(t.seconds)))} "
            f"| {_percent(uncovered_share(t.seconds))} "
            f"| {_percent(said_share(t.seconds, Mode.UNKNOWN))} | {macro_f1(t.seconds):.2f} |"
        )


def print_each_mode(found: dict[str, Tally]) -> None:
    """Print recall, precision and F1 of each mode, by time; recall by distance."""
    _table("group", "mode", "true h", "true km", "found", "right when said", "F1", "found by km")
    for group, t in found.items():
        far = {row.mode: row for row in mode_rows(t.metres)}
        for row in mode_rows(t.seconds):
            far_m, far_share = (
                (far[row.mode].truth_s, far[row.mode].recall_share)
                if row.mode in far
                else (0.0, float("nan"))
            )
            print(
                f"| {group} | {row.mode} | {row.truth_s / 3600:.1f} | {far_m / 1000:.0f} "
                f"| {_percent(row.recall_share)} | {_percent(row.precision_share)} "
                f"| {row.f1_share:.2f} | {_percent(far_share)} |"
            )


def print_calibration(found: dict[str, Tally]) -> None:
    """Print how often modes came true, by the probability given to them."""
    _table("group", "gap", "Brier", "probability said: came true (hours)")
    for group, t in found.items():
        if t.sure_s:
            cells = ", ".join(
                f"{row.mean_probability_share:.2f}: {row.right_share:.2f}"
                f" ({row.lasts_s / 3600:.1f})"
                for row in tenths(t)
            )
            gap = _percent(calibration_error_share(t))
            print(f"| {group} | {gap} | {brier_score(t):.2f} | {cells} |")


def print_co2e(persons: dict[str, Tally]) -> None:
    """Print how far each person's CO2e is off the truth's."""
    _table("person", "true kg CO2e", "reported kg", "error")
    errors = []
    for person, t in persons.items():
        error = co2e_error_share(t)
        if not isnan(error):
            errors.append(abs(error))
            true_kg, said_kg = t.co2e_true_g / 1000, t.co2e_said_g / 1000
            print(f"| {person} | {true_kg:.2f} | {said_kg:.2f} | {error:+.0%} |")
    if errors:
        print(f"\nThe median person's CO2e is off by {_percent(statistics.median(errors))}.")


def print_confusion(tally: Tally) -> None:
    """Print where the time of each true mode went. [% of its time]"""
    said = [*sorted({s for _, s in tally.seconds} - {UNCOVERED}), UNCOVERED]
    _table("true", "min", *said)
    for truth in sorted({t for t, _ in tally.seconds}):
        whole = sum(n for (t, _), n in tally.seconds.items() if t == truth)
        cells = (100 * tally.seconds.get((truth, s), 0.0) / whole for s in said)
        shown = " | ".join(f"{cell:.0f}" if cell >= 0.5 else "" for cell in cells)
        print(f"| {truth} | {whole / 60:.0f} | {shown} |")


def judge_set(name: str, chosen: argparse.Namespace, *, borders: bool, context: Context) -> None:
    """Judge one labelled set and print its tables."""
    recordings = [
        r
        for r in limited(SETS[name](), chosen.limit)
        if (chosen.part in ("all", r.part) or r.stationary) and (r.true or not borders)
    ]
    if not recordings:
        print(f"{name}: nothing to judge here", file=sys.stderr)
        return
    say: Say = with_given_borders if borders else partial(end_to_end, context=context)
    how = "true borders given" if borders else "end to end"
    how += ", lines and stops loaded" if chosen.network and not borders else ""
    print(f"\n## {name}, part: {chosen.part}, {how}", flush=True)
    each = tallies_of(recordings, say, n_processes=chosen.processes)
    found = summed(recordings, each, lambda r: r.group)
    # Aalto labels rides alone, on one day: neither trips nor what the walks emit can be judged.
    if not borders and name != "aalto":
        print_trips(found)
    print_modes(found)
    print_each_mode(found)
    print_calibration(found)
    if not borders and name != "aalto":
        print_co2e(summed(recordings, each, lambda r: r.person))
    for group, tally in found.items() if chosen.confusion else ():
        if tally.seconds:
            print(f"\n{group}: % of each true mode's time")
            print_confusion(tally)


def context_of(chosen: argparse.Namespace) -> Context:
    """Give what is known beside the recordings."""
    if not chosen.network:
        return Context()
    return Context(network=lay(read_networks([Path(p) for p in chosen.network]).network))


def main(argv: list[str] | None = None) -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    parser.add_argument("--set", dest="names", choices=sorted(SETS), action="append")
    parser.add_argument("--part", choices=("fit", "report", "all"), default="report")
    parser.add_argument("--limit", type=int, help="this many recordings of each set at most")
    parser.add_argument("--given-borders", action="store_true", help="judge modes alone")
    parser.add_argument("--confusion", action="store_true", help="print confusions too")
    parser.add_argument("--network", nargs="+", default=[], help="feeds of lines and stops")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1)
    chosen = parser.parse_args(argv)
    context = context_of(chosen)
    for name in chosen.names or ["mobilitynet", "utrecht", "geolife", "aalto"]:
        try:
            judge_set(name, chosen, borders=chosen.given_borders, context=context)
            if not chosen.names and not chosen.given_borders and name != "aalto":
                judge_set(name, chosen, borders=True, context=context)
        except FileNotFoundError:
            print(f"{name}: the labelled set is not here, nothing to judge", file=sys.stderr)
    print(LINES)
    return 0


if __name__ == "__main__":
    sys.exit(main())
