"""Instants as e-mission writes them: a count of seconds, a text, and the local clock in parts."""

from __future__ import annotations

from typing import Any

from estran.timebase import US_PER_S, to_datetime


def local_text(time_us: int, tz: str) -> str:
    """Write an instant on the local clock, with its offset from UTC.

    Examples
    --------
    >>> local_text(1_638_890_689_000_000, "Europe/Paris")
    '2021-12-07T16:24:49+01:00'
    """
    return to_datetime(time_us, tz or "UTC").isoformat()


def times_of(which: str, time_us: int, tz: str) -> dict[str, Any]:
    """Write an instant in e-mission's three ways, each under a name of its own.

    Examples
    --------
    >>> told = times_of("start", 1_638_890_689_000_000, "Europe/Paris")
    >>> told["start_ts"], told["start_local_dt"]["hour"], told["start_local_dt"]["weekday"]
    (1638890689.0, 16, 1)
    """
    moment = to_datetime(time_us, tz or "UTC")
    return {
        f"{which}_ts": time_us / US_PER_S,
        f"{which}_fmt_time": moment.isoformat(),
        f"{which}_local_dt": {
            "year": moment.year, "month": moment.month, "day": moment.day,
            "hour": moment.hour, "minute": moment.minute, "second": moment.second,
            "weekday": moment.weekday(), "timezone": tz or "UTC",
        },
    }  # fmt: skip
