"""A journal as tables for a person: days, totals by mode, and what became of the files."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import date
from itertools import groupby
from math import isnan

from babel.dates import format_date
from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from estran.cli.bringing import Brought
from estran.cli.speech import UNKNOWN, _, clock_time, kilometres, language, mass, n_
from estran.cli.words import fault_sentences, refusal_sentence
from estran.coach.summary import PeriodSummary, summarise
from estran.journal import Co2e, Entry, Journal, Leg, Mode, Quality, Stay, Trip
from estran.timebase import local_day, to_datetime
from estran.wording import MODE_NAMES

WIDE_FACTOR = 1.5
"""An interval this many times wider than its low end is told instead of one figure
(reference of ``docs/algorithms/carbon.md``)."""

SURE_SHARE = 0.9
"""A mode less probable than this bears its probability."""

PLAIN_WIDTH = 100
"""Columns of a table that goes to a file or a pipe."""


def print_tables(journal: Journal, brought: Brought, environment: dict[str, str]) -> None:
    """Print everything on standard output."""
    width = None if sys.stdout.isatty() else PLAIN_WIDTH
    console = Console(width=width, highlight=False)
    code = language(environment)
    for day, entries in groupby(journal.entries, key=_day):
        console.print(_day_table(day, list(entries), code))
    if journal.entries:
        first, last = _day(journal.entries[0]), _last_day(journal)
        summary = summarise(journal, first, last)
        console.print(_totals(summary))
        console.print(_known(summary), "")
    else:
        console.print(_("No dated position was found: there is no day to show."), "")
    console.print(_files(brought))
    for line in _remarks(brought):
        console.print(Text(line))


def _day(entry: Entry) -> date:
    return local_day(entry.started_us, entry.tz)


def _last_day(journal: Journal) -> date:
    return max(local_day(entry.ended_us, entry.tz) for entry in journal.entries)


def _day_table(day: date, entries: list[Entry], code: str) -> Table:
    title = format_date(day, format="full", locale=code)
    table = Table(
        title=title, title_justify="left", title_style="bold", box=box.SIMPLE, expand=True
    )
    table.add_column(_("When"), no_wrap=True)
    table.add_column(_("What"), ratio=1)
    for name in (_("Distance"), _("Time"), "CO2e"):
        table.add_column(name, justify="right", no_wrap=True)
    for entry in entries:
        for row in _rows(entry):
            table.add_row(*row)
    return table


def _rows(entry: Entry) -> Iterator[tuple[str, str, str, str, str]]:
    when = _span(entry.started_us, entry.ended_us, entry.tz)
    lasted = clock_time((entry.ended_us - entry.started_us) / 1e6)
    if isinstance(entry, Stay):
        yield when, entry.place or _("Stay"), "", lasted, ""
    elif not isinstance(entry, Trip):
        yield when, _("Unknown"), "", lasted, ""
    elif len(entry.legs) == 1:
        name = _named(entry.legs[0]) + _seen(entry.quality)
        yield when, name, kilometres(entry.distance_m), lasted, figure(entry.co2e)
    else:
        name = _("Trip") + _seen(entry.quality)
        yield when, name, kilometres(entry.distance_m), lasted, figure(entry.co2e)
        for leg in entry.legs:
            moved = leg.mode is not Mode.WAIT
            yield (
                "  " + _span(leg.started_us, leg.ended_us, entry.tz),
                "  " + _named(leg),
                kilometres(leg.distance_m) if moved else "",
                clock_time(leg.duration_s),
                figure(leg.co2e) if moved else "",
            )


def _span(start_us: int, end_us: int, tz: str) -> str:
    start, end = to_datetime(start_us, tz), to_datetime(end_us, tz)
    n_nights = (end.date() - start.date()).days
    return f"{start:%H:%M} – {end:%H:%M}" + (f" +{n_nights}" if n_nights else "")


def _named(leg: Leg) -> str:
    name = _(MODE_NAMES[leg.mode])
    if leg.corrected:
        return f"{name} ({_('said by you')})"
    share = leg.probability_share
    return name if isnan(share) or share >= SURE_SHARE else f"{name} ({share:.0%})"


def _seen(quality: Quality) -> str:
    words = {
        Quality.GOOD: "",
        Quality.SPARSE: _("few positions"),
        Quality.GAPPY: _("partly unseen"),
        Quality.GUESSED: _("guessed"),
    }
    return f" [{words[quality]}]" if words[quality] else ""


def figure(co2e: Co2e | None) -> str:
    """Write a footprint: one figure, or its interval where that is wide.

    Examples
    --------
    >>> figure(Co2e(2176, 1900, 2720, 1920, 0, 256, 0)), figure(None)
    ('2.2 kg', '?')
    >>> figure(Co2e(1360, 29, 2715, 1360, 0, 0, 0))
    '29 g – 2.7 kg'
    """
    if co2e is None:
        return UNKNOWN
    if co2e.high_g <= WIDE_FACTOR * co2e.low_g or co2e.high_g == 0:
        return mass(co2e.central_g)
    return f"{mass(co2e.low_g)} – {mass(co2e.high_g)}"


def _totals(summary: PeriodSummary) -> Table:
    table = Table(
        title=_("By mode"), title_justify="left", title_style="bold", box=box.SIMPLE, expand=True
    )
    table.add_column(_("Mode"), ratio=1)
    for name in (_("Trips"), _("Distance"), _("Time"), "CO2e", _("Interval")):
        table.add_column(name, justify="right", no_wrap=True)
    rows = [(_(MODE_NAMES[part.mode]), part) for part in summary.modes]
    for name, part in [*rows, (_("Total"), summary.total)]:
        low, high = mass(part.co2e.low_g), mass(part.co2e.high_g)
        table.add_row(
            name,
            str(part.n_trips),
            kilometres(part.distance_m),
            clock_time(part.duration_s),
            mass(part.co2e.central_g),
            f"{low} – {high}",
        )
    return table


def _known(summary: PeriodSummary) -> Text:
    n_days = (summary.last - summary.first).days + 1
    known = n_("{n} day with data", "{n} days with data", len(summary.days))
    whole = n_("of {n} day", "of {n} days", n_days)
    unknown = "" if isnan(summary.unknown_share) else f"{summary.unknown_share:.0%}"
    share = _("unknown time: {share}").format(share=unknown) if unknown else ""
    return Text(f"  {known} {whole}" + (f"; {share}" if share else ""))


def _files(brought: Brought) -> Table:
    table = Table(
        title=_("Files"), title_justify="left", title_style="bold", box=box.SIMPLE, expand=True
    )
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
        yield "- " + n_(
            "{n} position had been brought twice and counts once.",
            "{n} positions had been brought twice and count once.",
            brought.n_duplicates,
        )
