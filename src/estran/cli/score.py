"""``estran score``: a journal, or any table of legs, against labelled legs."""

from __future__ import annotations

import argparse
import json
import sys
from math import isnan
from pathlib import Path

from rich import box
from rich.console import Console
from rich.table import Table

from estran.carbon import factor_set
from estran.carbon.reading import DEFAULT_FACTOR_SET
from estran.cli.as_table import PLAIN_CELLS
from estran.cli.speech import _, complain
from estran.errors import FileUnreadable, LabelsApart, LabelsMissing, LabelsUnreadable
from estran.journal import Mode
from estran.scoring import (
    UNCOVERED,
    LabelledTrip,
    Labels,
    Tally,
    brier_score,
    calibration_error_share,
    co2e_error_share,
    count_co2e,
    five_classes,
    labels_of,
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
    uncovered_share,
    without_waits,
)
from estran.wording import FAULTS, MODE_NAMES, say

SCHEMA = "estran.score/1"
MAX_BYTES = 1 << 30


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("truth", metavar="TRUTH", help=_("labelled legs: JSON or CSV"))
    parser.add_argument(
        "prediction", metavar="PREDICTION", help=_("a journal (estran analyse --json), or legs")
    )
    parser.add_argument(
        "--factors", default=DEFAULT_FACTOR_SET, metavar="SET", help=_("the factor set to use")
    )
    parser.add_argument("--json", action="store_true", help=_("write one JSON document"))


def run(options: argparse.Namespace) -> int:
    """Read both, compare, and write."""
    factors = factor_set(options.factors)
    true, said = _read(options.truth), _read(options.prediction)
    reported = _within(said.trips, true.trips)
    lengthy = priced(true.trips, factors=factors)
    tally = score(lengthy, reported)
    count_co2e(tally, lengthy, priced(reported, factors=factors))
    if options.json:
        print(json.dumps(document(tally, options.factors, true, said), indent=1))
    else:
        _remark(true, options.truth)
        _remark(said, options.prediction)
        _print(tally)
    return 0


def _read(path: str) -> Labels:
    name = Path(path).name
    try:
        with Path(path).open("rb") as stream:
            content = stream.read(MAX_BYTES)
        return labels_of(content.decode("utf-8-sig"))
    except OSError:
        raise FileUnreadable(file=name) from None
    except (UnicodeDecodeError, LabelsUnreadable):
        raise LabelsUnreadable(file=name) from None
    except LabelsMissing:
        raise LabelsMissing(file=name) from None


def _within(
    said: tuple[LabelledTrip, ...], true: tuple[LabelledTrip, ...]
) -> tuple[LabelledTrip, ...]:
    """Keep the reported trips that the labels can judge: from the first to the last label."""
    first_us, last_us = true[0].start_us, true[-1].end_us
    kept = tuple(t for t in said if t.end_us > first_us and t.start_us < last_us)
    if not kept:
        raise LabelsApart
    return kept


def _remark(labels: Labels, path: str) -> None:
    for fault in labels.faults:
        where = f" ({fault.where})" if fault.where else ""
        complain(f"{Path(path).name}: {fault.count} × {say(FAULTS, fault.code, {}, _)}{where}")


def _shown(value: float) -> float | None:
    return None if isnan(value) else round(value, 4)


def document(tally: Tally, factors: str, true: Labels, said: Labels) -> dict[str, object]:
    """Give every figure, unknown ones as null."""
    start_s, end_s = quantiles_s(tally.start_errors_s), quantiles_s(tally.end_errors_s)
    by_class: dict[str, dict[str, float]] = {}
    for (truth, mode), lasts_s in sorted(tally.seconds.items()):
        by_class.setdefault(truth, {})[mode] = round(lasts_s, 1)
    return {
        "schema": SCHEMA,
        "factors": factors,
        "left_out": {
            side: [{"code": f.code, "count": f.count, "where": f.where} for f in labels.faults]
            for side, labels in (("truth", true), ("prediction", said))
        },
        "trips": {
            "true": tally.n_true, "reported": tally.n_reported, "matched": tally.n_matched,
            "once": tally.n_once, "split": tally.n_split, "merged": tally.n_merged,
            "missed": tally.n_missed, "false": tally.n_false,
            "start_error_s": {"median": _shown(start_s[0]), "p90": _shown(start_s[1])},
            "end_error_s": {"median": _shown(end_s[0]), "p90": _shown(end_s[1])},
        },
        "modes": {
            "moving_s": round(sum(tally.seconds.values()), 1),
            "right_share": _shown(right_share(tally.seconds)),
            "right_motor_merged_share": _shown(right_share(merged(tally.seconds, motor_merged))),
            "right_five_classes_share": _shown(right_share(merged(tally.seconds, five_classes))),
            "right_waits_allowed_share": _shown(right_share(without_waits(tally.seconds))),
            "right_by_distance_share": _shown(right_share(tally.metres)),
            "uncovered_share": _shown(uncovered_share(tally.seconds)),
            "unknown_share": _shown(said_share(tally.seconds, Mode.UNKNOWN)),
            "macro_f1": _shown(macro_f1(tally.seconds)),
            "by_mode": {
                row.mode: {
                    "truth_s": round(row.truth_s, 1), "recall": _shown(row.recall_share),
                    "precision": _shown(row.precision_share), "f1": _shown(row.f1_share),
                }
                for row in mode_rows(tally.seconds)
            },
            "confusion_s": by_class,
        },
        "calibration": {
            "expected_error_share": _shown(calibration_error_share(tally)),
            "brier": _shown(brier_score(tally)),
            "tenths": [
                {
                    "seconds": round(row.lasts_s, 1),
                    "probability": _shown(row.mean_probability_share),
                    "right": _shown(row.right_share),
                }
                for row in tenths(tally)
            ],
        },
        "co2e": {
            "true_g": round(tally.co2e_true_g, 1), "reported_g": round(tally.co2e_said_g, 1),
            "error_share": _shown(co2e_error_share(tally)),
        },
    }  # fmt: skip


def _percent(share: float) -> str:
    return "-" if isnan(share) else f"{100 * share:.1f} %"


def _name(mode: str) -> str:
    if mode == UNCOVERED:
        return _("not covered")
    return _(MODE_NAMES[Mode(mode)]) if mode in set(Mode) else mode


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE)
    table.add_column(columns[0])
    for name in columns[1:]:
        table.add_column(name, justify="right")
    return table


def _print(tally: Tally) -> None:
    console = Console(width=None if sys.stdout.isatty() else PLAIN_CELLS, highlight=False)
    trips = _table(_("Trips"), "", "")
    for word, n in (
        (_("true"), tally.n_true), (_("reported"), tally.n_reported),
        (_("matched"), tally.n_matched), (_("exactly once"), tally.n_once),
        (_("split"), tally.n_split), (_("merged"), tally.n_merged),
        (_("missed"), tally.n_missed), (_("false"), tally.n_false),
    ):  # fmt: skip
        trips.add_row(word, str(n))
    for word, errors_s in (
        (_("start error, median / 9th decile"), tally.start_errors_s),
        (_("end error, median / 9th decile"), tally.end_errors_s),
    ):
        median_s, p90_s = quantiles_s(errors_s)
        trips.add_row(word, "-" if isnan(median_s) else f"{median_s:.0f} s / {p90_s:.0f} s")
    console.print(trips)
    figures = _table(_("Moving time"), "", "")
    for word, share in (
        (_("right mode"), right_share(tally.seconds)),
        (_("right mode, motor modes as one"), right_share(merged(tally.seconds, motor_merged))),
        (_("right mode, rail as one"), right_share(merged(tally.seconds, five_classes))),
        (_("right mode by distance"), right_share(tally.metres)),
        (_("not covered"), uncovered_share(tally.seconds)),
        (_("unknown mode"), said_share(tally.seconds, Mode.UNKNOWN)),
        (_("mean F1 of the modes"), macro_f1(tally.seconds)),
        (_("gap between probability and truth"), calibration_error_share(tally)),
        (_("CO2e against the truth's"), co2e_error_share(tally)),
    ):
        figures.add_row(word, _percent(share))
    console.print(figures)
    modes = _table(
        _("By mode"), _("Mode"), _("Hours"), _("found"), _("right when said"), _("F1"),
        _("Taken for"),
    )  # fmt: skip
    for row in mode_rows(tally.seconds):
        others = sorted(
            ((n / row.truth_s, s) for (t, s), n in tally.seconds.items() if t == row.mode != s),
            reverse=True,
        )
        taken = ", ".join(f"{_name(s)} {100 * share:.0f} %" for share, s in others[:3] if share > 0)
        modes.add_row(
            _name(row.mode), f"{row.truth_s / 3600:.1f}", _percent(row.recall_share),
            _percent(row.precision_share), f"{row.f1_share:.2f}", taken,
        )  # fmt: skip
    console.print(modes)
