"""``estran analyse``: any mix of files, folders and archives becomes a journal."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Iterable
from dataclasses import replace
from functools import partial
from pathlib import Path

from estran.analyse import Analysis, Context, analyse_report
from estran.carbon import factor_set
from estran.carbon.reading import DEFAULT_FACTOR_SET
from estran.cli.as_json import journal_document
from estran.cli.bringing import Brought, bring_all, missing
from estran.cli.progress import progress
from estran.cli.speech import _, complain
from estran.cli.words import refusal_sentence, without_positions
from estran.coach.corrections import apply, said_by
from estran.giving.cozy import cozy_pieces
from estran.giving.csv_legs import csv_pieces
from estran.giving.geojson import geojson_pieces
from estran.journal import Journal
from estran.network import LaidNetwork, lay
from estran.stream import LONG_N_POSITIONS, analyse_by_month
from estran.timebase import zone

DONE, REFUSED, WRONG_USE = 0, 1, 2


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "paths",
        nargs="+",
        metavar="PATH",
        help=_("files, folders, archives, or - for standard input"),
    )
    parser.add_argument(
        "--tz", metavar="ZONE", help=_("time zone of all days; by default that of the place")
    )
    parser.add_argument(
        "--factors", default=DEFAULT_FACTOR_SET, metavar="SET", help=_("the factor set to use")
    )
    parser.add_argument(
        "--network",
        nargs="+",
        action="extend",
        default=[],
        metavar="PATH",
        help=_("lines and stops that help to tell modes: GTFS folders or zips, .osm.pbf extracts"),
    )
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--json", action="store_true", help=_("write one JSON document"))
    forms.add_argument("--geojson", action="store_true", help=_("write legs and stays as GeoJSON"))
    forms.add_argument("--csv", action="store_true", help=_("write one row a leg as CSV"))
    forms.add_argument("--cozy", action="store_true", help=_("write trips as a Cozy keeps them"))


def run(options: argparse.Namespace) -> int:
    """Read, understand and write."""
    factors = factor_set(options.factors)
    tz = zone(options.tz).key if options.tz else None
    absent = missing([*options.paths, *options.network])
    for path in absent:
        complain(_("There is no file or folder {path}.").format(path=path))
    if absent:
        return WRONG_USE
    context = Context(network=_network(options.network))
    gc.freeze()  # what is loaded is for good: the collector need not go over it again
    with progress() as shown:
        brought = bring_all(options.paths, shown)
        if not brought.holds_anything:
            return _refused(brought)
        context = replace(context, said=said_by(brought.said)) if brought.said else context
        understand = partial(analyse_report, factors=factors, tz=tz)
        if len(brought.evidence.trace) > LONG_N_POSITIONS:
            analysis = analyse_by_month(
                brought.evidence, understand, context=context, on_progress=shown.analysing
            )
        else:
            analysis = understand(brought.evidence, context=context, on_progress=shown.analysing)
    if brought.said:
        corrected = apply(analysis.journal, brought.said, factors=factors)
        analysis = replace(analysis, journal=corrected)
    _write(options, analysis, brought)
    return DONE


def _network(paths: list[str]) -> LaidNetwork | None:
    if not paths:
        return None
    from estran.feeds import read_networks  # noqa: PLC0415 - most analyses need none

    return lay(read_networks([Path(path) for path in paths]).network)


ARCHIVES = frozenset({"zip", "tar"})
"""Formats that only hold others."""


def _refused(brought: Brought) -> int:
    """Say why nothing was read. Nothing goes to standard output, whatever the form asked."""
    for report in brought.report.files:
        if report.refused is None and report.format in ARCHIVES and len(brought.report.files) > 1:
            continue  # its members were told one by one
        complain(refusal_sentence(report) or without_positions(report.name))
    if not brought.report.files:
        complain(_("There is no file in what was given."))
    return REFUSED


def _write(options: argparse.Namespace, analysis: Analysis, brought: Brought) -> None:
    journal = analysis.journal
    if options.json:
        print(journal_document(journal, brought, analysis.dropped))
    elif options.geojson or options.csv or options.cozy:
        _tell_refused(brought)
        sys.stdout.writelines(_pieces(options, journal))
    else:
        from estran.cli.as_table import print_tables  # noqa: PLC0415 - documents need no tables

        print_tables(journal, brought, dict(os.environ))


def _pieces(options: argparse.Namespace, journal: Journal) -> Iterable[str]:
    if options.cozy:
        return cozy_pieces(journal.entries)
    if options.csv:
        return csv_pieces(journal.entries)
    return (*geojson_pieces(journal.entries), "\n")


def _tell_refused(brought: Brought) -> None:
    """Say on standard error what a form without a report cannot."""
    for report in brought.report.files:
        if report.refused is not None:
            complain(refusal_sentence(report))
