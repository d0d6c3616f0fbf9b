"""Is a device well? Told from its row and the hour alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

FRESH = timedelta(hours=2)
"""Eight of OwnTracks' signs of life, or the pause that a phone makes in a drawer."""
STALE = timedelta(hours=24)
"""A phone that lies still may be silent for a night; after a day something stopped it."""
FIRST = timedelta(minutes=15)
"""A device that was just added is waited for so long before a cure is offered."""


class Health(StrEnum):
    """How a device does."""

    PAUSED = "paused"
    WAITING = "waiting"
    """Just added: its first point is awaited."""
    SILENT = "silent"
    """Added a while ago, and nothing ever came."""
    FRESH = "fresh"
    QUIET = "quiet"
    """Nothing for hours, which may be well: it may lie still."""
    STALE = "stale"
    BLIND = "blind"
    """It sends, and has no new position to send."""


@dataclass(frozen=True, slots=True)
class Heard:
    """When a device was heard.

    Parameters
    ----------
    made_at : datetime
    received_at : datetime or None
        Of the last call that held something.
    point_at : datetime or None
        Of the last fix: a queue that is sent late has old ones.
    is_paused : bool
    """

    made_at: datetime
    received_at: datetime | None = None
    point_at: datetime | None = None
    is_paused: bool = False


def health_of(heard: Heard, now: datetime) -> Health:
    """Tell how a device does.

    Examples
    --------
    >>> from datetime import UTC
    >>> noon = datetime(2026, 6, 1, 12, tzinfo=UTC)
    >>> health_of(Heard(noon - 3 * STALE, noon - FRESH / 2, noon - FRESH / 2), noon)
    <Health.FRESH: 'fresh'>
    """
    if heard.is_paused:
        return Health.PAUSED
    if heard.received_at is None:
        return Health.WAITING if now - heard.made_at < FIRST else Health.SILENT
    since_received = now - heard.received_at
    if since_received >= STALE:
        return Health.STALE
    if heard.point_at is None or now - heard.point_at >= STALE:
        return Health.BLIND
    return Health.FRESH if since_received < FRESH else Health.QUIET


NEEDS_CURE = frozenset({Health.SILENT, Health.STALE, Health.BLIND})
