"""A journal for a person: its days, totals by mode, and what became of the files."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping
from math import isnan

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from estran.cli.as_days import day_lines, day_of
from estran.cli.bringing import Brought
from estran.cli.speech import _, clock_time, kilometres, language, mass, ngettext
from estran.cli.words import fault_sentences, refusal_sentence
from estran.coach.summary import PeriodSummary, summarise
from estran.journal import Journal
from estran.timebase import local_day
from estran.wording import MODE_NAMES

PLAIN_CELLS = 100
"""Width of what goes to a file or a pipe."""


def print_tables(journal: Journal, brought: Brought, environment: Mapping[str, str]) -> None:
    """Print everything on standard output."""
    styled = sys.stdout.isatty()
    console = Console(width=None if styled else PLAIN_CELLS, highlight=False)
    for line in day_lines(
        journal, n_cells=console.width, language=language(environment), styled=styled
    ):
        print(line)
    if journal.entries:
        first = day_of(journal.entries[0])
        last = max(local_day(entry.ended_us, entry.tz) for entry in journal.entries)
        summary = summarise(journal, first, last)
        console.print(_totals(summary))
        console.print(_known(summary), "")
    else:
        console.print(_("There are too few dated positions to show a day."), "")
    console.print(_files(brought))
    for remark in _remarks(brought):
        console.print(Text(remark))


def _table(title: str) -> Table:
    return Table(title=title, title_justify="left", title_style="bold", box=box.SIMPLE, expand=True)


def _totals(summary: PeriodSummary) -> Table:
    table = _table(_("By mode"))
    table.add_column(_("Mode"), ratio=1)
    for name in (_("Trips"), _("Distance"), _("Time"), "CO2e", _("Interval")):
        table.add_column(name, justify="right", no_wrap=True)
    rows = [(_(MODE_NAMES[part.mode]), part) for part in summary.modes]
    for name, part in [*rows, (_("Total"), summary.total)]:
        table.add_row(
            name,
            str(part.n_trips),
            kilometres(part.distance_m),
            clock_time(part.duration_s),
            mass(part.co2e.central_g),
            f"{mass(part.co2e.low_g)} – {mass(part.co2e.high_g)}",
        )
    return table


def _known(summary: PeriodSummary) -> Text:
    n_days = (summary.last - summary.first).days + 1
    words = [
        ngettext("{n} day with data", "{n} days with data", len(summary.days)),
        ngettext("of {n} day", "of {n} days", n_days),
    ]
    if not isnan(summary.unknown_share):
        words[-1] += ";"
        words.append(_("unknown time: {share}").format(share=f"{summary.unknown_share:.0%}"))
    return Text("  " + " ".join(words))


def _files(brought: Brought) -> Table:
    table = _table(_("Files"))
    table.add_column(_("File"), ratio=1, overflow="fold")
    table.add_column(_("Format"), no_wrap=True)
    table.add_column(_("Positions"), justify="right", no_wrap=True)
    for report in brought.report.files:
        kind = _("refused") if report.refused else report.format
        table.add_row(Text(report.name), kind, str(report.n_positions))
    return table


def _remarks(brought: Brought) -> Iterator[str]:
    for report in brought.report.files:
        sentence = refusal_sentence(report)
        if sentence:
            yield f"- {sentence}"
        for fault in fault_sentences(report):
            yield f"- {report.name}: {fault}"
    if brought.n_duplicates:
        yield "- " + ngettext(
            "{n} position had been brought twice and counts once.",
            "{n} positions had been brought twice and count once.",
            brought.n_duplicates,
        )
