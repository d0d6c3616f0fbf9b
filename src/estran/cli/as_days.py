"""The days of a journal as lines for a person.

Laid out here and not by a table library, which takes half a millisecond a cell: a year has
thirty thousand.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import groupby
from math import isnan

from babel.dates import format_date
from rich.cells import cell_len, set_cell_size
from rich.style import Style

from estran.cli.speech import UNKNOWN, _, clock_time, kilometres, mass
from estran.journal import Co2e, Entry, Journal, Leg, Mode, Quality, Stay, Trip
from estran.timebase import local_day, to_datetime
from estran.wording import MODE_NAMES, N_

WIDE_FACTOR = 1.5
"""An interval this many times wider than its low end is told instead of one figure: a
single one would look surer than it is."""

SURE_SHARE = 0.9
"""A mode less probable than this bears its probability."""

_SIZES = (20, 0, 9, 9, 18)
"""Cells of each column; the second takes what is left."""

_LEAST = 16
"""Cells that the second column keeps on the narrowest terminal."""

type_row = tuple[str, str, str, str, str]


def day_of(entry: Entry) -> date:
    """Tell on which local day an entry begins."""
    return local_day(entry.started_us, entry.tz)


def day_lines(journal: Journal, *, n_cells: int, language: str, styled: bool) -> Iterator[str]:
    """Write each day: a title, then a line for each stay, trip and leg.

    Parameters
    ----------
    journal : Journal
    n_cells : int
        Width of the terminal or of the page.
    language : str
        ``"en"`` or ``"fr"``.
    styled : bool
        Whether the reader understands bold.
    """
    title_style = Style(bold=True) if styled else Style()
    names = (_("When"), _("What"), _("Distance"), _("Time"), "CO2e")
    for day, entries in groupby(journal.entries, key=day_of):
        yield title_style.render(format_date(day, format="full", locale=language))
        yield _laid_out(names, n_cells)
        for entry in entries:
            for row in _rows(entry):
                yield _laid_out(row, n_cells)
        yield ""


def _laid_out(row: type_row, n_cells: int) -> str:
    """Put the cells of a row side by side: two to the left, three to the right."""
    left = max(_LEAST, n_cells - sum(_SIZES) - len(_SIZES))
    when, what = row[0], row[1]
    if cell_len(what) > left:
        what = set_cell_size(what, left - 1) + "…"
    cells = [f"{when:<{_SIZES[0]}}", what + " " * (left - cell_len(what))]
    cells += [f"{text:>{size}}" for text, size in zip(row[2:], _SIZES[2:], strict=True)]
    return " ".join(cells).rstrip()


_SILENCES = {
    "tracking-off": N_("recording off"),
    "no-permission": N_("location not permitted"),
    "battery-flat": N_("battery flat"),
    "phone-off": N_("phone off"),
    "no-position": N_("no position found"),
    "phone-silent": N_("phone silent"),
    "erased": N_("erased"),
    "removed": N_("trip removed"),
    "never-kept": N_("never kept here"),
}
"""Why time is unknown, where it is known why."""


def _rows(entry: Entry) -> Iterator[type_row]:
    when = _span(entry.started_us, entry.ended_us, entry.tz)
    lasted = clock_time((entry.ended_us - entry.started_us) / 1e6)
    if isinstance(entry, Stay):
        yield when, entry.place or _("Stay"), "", lasted, ""
    elif not isinstance(entry, Trip):
        why = _SILENCES.get(entry.reason)
        yield when, f"{_('Unknown')} ({_(why)})" if why else _("Unknown"), "", lasted, ""
    else:
        alone = len(entry.legs) == 1
        name = (_named(entry.legs[0]) if alone else _("Trip")) + _seen(entry.quality)
        yield when, name, kilometres(entry.distance_m), lasted, figure(entry.co2e)
        for leg in () if alone else entry.legs:
            yield _leg_row(leg, entry.tz)


def _leg_row(leg: Leg, tz: str) -> type_row:
    moved = leg.mode is not Mode.WAIT
    return (
        "  " + _span(leg.started_us, leg.ended_us, tz),
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
        Quality.DECLARED: _("declared"),
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
