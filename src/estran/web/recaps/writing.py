"""What a recap says: a few sentences of sums, beside one's own period before."""

from __future__ import annotations

from datetime import date, timedelta

from django.utils.translation import gettext

from estran.coach.summary import ACTIVE, PeriodSummary
from estran.web.me.words import Words


def last_whole(every: str, today: date) -> tuple[date, date]:
    """Give the last whole week, Monday to Sunday, or the last whole month.

    Examples
    --------
    >>> last_whole("week", date(2026, 11, 25))
    (datetime.date(2026, 11, 16), datetime.date(2026, 11, 22))
    >>> last_whole("month", date(2026, 3, 1))
    (datetime.date(2026, 2, 1), datetime.date(2026, 2, 28))
    """
    if every == "week":
        monday = today - timedelta(days=today.weekday() + 7)
        return monday, monday + timedelta(days=6)
    last = today.replace(day=1) - timedelta(days=1)
    return last.replace(day=1), last


def sentences(now: PeriodSummary, before: PeriodSummary, words: Words) -> list[str]:
    """Say the sums of a period, one's own movement first."""
    if not now.days:
        return [gettext("Nothing is known of this time, and that is fine.")]
    out = []
    own_m = sum(part.distance_m for part in now.modes if part.mode in ACTIVE)
    if own_m > 0:
        out.append(
            gettext("{distance} under your own power, {minutes} of movement.").format(
                distance=words.distance(own_m), minutes=words.duration(now.active_min * 60)
            )
        )
    out.append(
        gettext("{n} trips over {days} known days: {distance} in all.").format(
            n=words.number(now.total.n_trips),
            days=words.number(len(now.days)),
            distance=words.distance(now.total.distance_m),
        )
    )
    out.append(gettext("CO₂e: {co2e}.").format(co2e=words.co2e(now.total.co2e)))
    if len(before.days) == len(now.days):
        out.append(
            gettext("The time before, with as many known days: {distance}, CO₂e {co2e}.").format(
                distance=words.distance(before.total.distance_m),
                co2e=words.co2e(before.total.co2e),
            )
        )
    if now.unknown_share > 0:
        out.append(
            gettext("{share} of the observed time is unknown.").format(
                share=words.percent(now.unknown_share)
            )
        )
    return out
