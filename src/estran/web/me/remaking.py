"""From evidence to the documents of a journal: what the worker does after each change."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from estran.carbon import factor_set, price
from estran.coach.corrections import said_by
from estran.coach.garage import equipped
from estran.coach.summary import summarise
from estran.journal import Entry, Journal, MadeBy, Unknown
from estran.timebase import local_day
from estran.trace import Evidence
from estran.web.garage.costs import costs_of
from estran.web.garage.documents import read_garage
from estran.web.me.documents import (
    DAY,
    MONTH,
    Calendar,
    forget_change,
    month_id,
    read_calendar,
    read_change,
    read_corrections,
    write_calendar,
    write_entries,
    write_long,
    write_month,
)
from estran.web.me.summing import corrected, factors_of, month_of
from estran.web.retention import lasting, overlay
from estran.web.retention.documents import read_erased, read_kept
from estran.web.sources.documents import (
    read_overview,
    read_preference,
    write_decided,
    write_overview,
)
from estran.web.store.opened import OpenVault
from estran.web.tickets import stating

if TYPE_CHECKING:
    from estran.analyse import Context

LONG_DAYS = 3
"""An entry on more days than this is kept once, not in each of its days."""

type_tell = Callable[[str, float], None]


def remake(vault: OpenVault, tell: type_tell) -> bool:
    """Analyse all the evidence of a vault anew and keep the journal.

    Nothing is done where the journal was made of just this: the same evidence, by the same
    engine, with the same lines and the same corrections to learn from.

    Parameters
    ----------
    vault : OpenVault
    tell : callable
        Told the phase and its share done; it may raise to stop.

    Returns
    -------
    bool
        Whether there was anything to do.
    """
    at_us = lasting.now_us()
    lasting.delete_outlived(vault, at_us)
    made = _analysed(vault, tell)
    lasting.keep_trips_only(vault, at_us)
    return made


def _analysed(vault: OpenVault, tell: type_tell) -> bool:
    # Workers only load the engine.
    from estran.analyse import Context, analyse_report  # noqa: PLC0415
    from estran.web.running import networks  # noqa: PLC0415
    from estran.web.sources.telling import told  # noqa: PLC0415

    change = read_change(vault)
    laid = networks.laid(Path(settings.ESTRAN_DATA))
    context = Context(
        network=laid, said=said_by(read_corrections(vault)), preference=read_preference(vault)
    )
    tell("trips", 0.0)
    at_us = lasting.now_us()
    is_told = read_overview(vault) is not None and not stating.are_due(vault, at_us)
    if not change and is_told and read_calendar(vault).made_by == _maker(context):
        tell("carbon", 1.0)
        return False
    evidence, rough = stating.without_masts(overlay.for_engine(vault, vault.evidence()))
    analysis = analyse_report(
        evidence, context=context, on_progress=lambda share: tell("trips", share)
    )
    journal, outcome = stating.with_stated(vault, analysis.journal, evidence, rough, at_us)
    journal = overlay.as_chosen(vault, journal, evidence)
    tell("carbon", 0.0)
    journal = price(journal, factors=factor_set())
    of_sources = told(
        evidence, analysis, journal,
        kept=[(one.source, *one.span) for one in read_kept(vault)], erased=read_erased(vault),
    )  # fmt: skip
    tell("carbon", 0.5)
    with vault.transaction():
        is_of_now = read_change(vault) == change
        if is_of_now:
            keep_journal(vault, journal)
            write_overview(vault, of_sources.overview)
            write_decided(vault, of_sources.days)
            stating.keep_outcome(vault, outcome)
            overlay.forget_brought_again(vault, evidence)
            forget_change(vault, change)
    # Where something was erased meanwhile, what was made of it is thrown away.
    if not is_of_now:
        return _analysed(vault, tell)
    tell("carbon", 1.0)
    return True


def _maker(context: Context) -> MadeBy:
    """Tell what makes a journal now, whatever the evidence."""
    from estran.analyse import analyse  # noqa: PLC0415 - workers only load the engine

    return price(analyse(Evidence(), context=context), factors=factor_set()).made_by


def keep_journal(vault: OpenVault, journal: Journal) -> None:
    """Keep a journal as documents in place of the one before: all of it, or nothing."""
    spans = [_span(entry) for entry in journal.entries]
    by_day, long = _by_day(journal.entries, spans)
    known = {
        day
        for entry, span in zip(journal.entries, spans, strict=True)
        if not isinstance(entry, Unknown)
        for day in range(span[0], span[1] + 1)
    }
    with vault.transaction():
        _forget_others(vault, DAY, {date.fromordinal(day).isoformat() for day in by_day})
        for day, entries in by_day.items():
            write_entries(vault, DAY, date.fromordinal(day).isoformat(), entries)
        write_long(vault, long)
        write_calendar(vault, Calendar(tuple(sorted(known)), journal.made_by))
        _keep_months(vault, journal)


type_span = tuple[int, int]
"""First and last local day of an entry, as ordinals."""


def _span(entry: Entry) -> type_span:
    first = local_day(entry.started_us, entry.tz).toordinal()
    last_us = max(entry.ended_us - 1, entry.started_us)
    return first, local_day(last_us, entry.tz).toordinal()


EVER_US = -(2**62), 2**62


def _keep_months(vault: OpenVault, journal: Journal) -> None:
    said = read_corrections(vault)
    whole = corrected(journal.entries, said, journal.made_by, EVER_US)
    whole = equipped(whole, read_garage(vault), factors=factors_of(journal.made_by))
    costs = costs_of(vault)
    months = _months(whole.entries, [_span(entry) for entry in whole.entries])
    _forget_others(vault, MONTH, {month_id(first) for first in months})
    for first, entries in months.items():
        of_month = Journal(tuple(entries), journal.made_by)
        write_month(vault, summarise(of_month, *month_of(first), costs=costs))


def _months(entries: Sequence[Entry], spans: Sequence[type_span]) -> dict[date, list[Entry]]:
    """Give the entries of each month that they touch."""
    months: dict[date, list[Entry]] = {}
    for entry, span in zip(entries, spans, strict=True):
        month, last = date.fromordinal(span[0]).replace(day=1), date.fromordinal(span[1])
        while month <= last:
            months.setdefault(month, []).append(entry)
            month = month_of(month)[1] + timedelta(days=1)
    return months


def _forget_others(vault: OpenVault, kind: str, kept: set[str]) -> None:
    for doc_id in vault.doc_ids(kind):
        if doc_id not in kept:
            vault.delete_doc(kind, doc_id)


def _by_day(
    entries: Sequence[Entry], spans: Sequence[type_span]
) -> tuple[dict[int, list[Entry]], list[Entry]]:
    """Part entries by each day that they touch; those of many days are kept once."""
    by_day: dict[int, list[Entry]] = {}
    long: list[Entry] = []
    for entry, (first, last) in zip(entries, spans, strict=True):
        if last - first >= LONG_DAYS:
            long.append(entry)
            continue
        for day in range(first, last + 1):
            by_day.setdefault(day, []).append(entry)
    return by_day, long
