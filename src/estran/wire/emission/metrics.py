"""``/result/metrics``: the person's own sums by mode. Sums over people are not here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from statistics import median
from typing import Any

from estran.timebase import day_bounds_us, local_day
from estran.wire.emission.stamps import fmt_time, local_dt, micros, seconds, type_json
from estran.wire.emission.trips import Told
from estran.wire.emission.words import name_of

KINDS = ("count", "distance", "duration", "median_speed")
LONGEST_DAYS = 3_700
_OFTEN = {
    "D": "D", "DAILY": "D", "W": "W", "WEEKLY": "W", "M": "M", "MONTHLY": "M",
    "Y": "Y", "A": "Y", "YEARLY": "Y",
}  # fmt: skip


def kinds_asked(body: type_json) -> list[str]:
    """Read which sums are asked for; of the older form (``metric``) too."""
    told: Any = body.get("metric_list") or body.get("metric") or []
    names = [told] if isinstance(told, str) else list(told) if isinstance(told, list | dict) else []
    return [str(name) for name in names[:20]]


def days_asked(body: type_json) -> tuple[date, date] | None:
    """Read the days asked for, ends included: instants, local dates or texts."""
    first, last = _day(body.get("start_time")), _day(body.get("end_time"))
    if first is None or last is None or not 0 <= (last - first).days <= LONGEST_DAYS:
        return None
    return first, last


def _day(told: Any) -> date | None:
    if isinstance(told, dict):
        parts = [told.get(name) for name in ("year", "month", "day")]
        try:
            return date(*[int(part if part is not None else 1) for part in parts])
        except (TypeError, ValueError):
            return None
    if isinstance(told, str):
        try:
            return date.fromisoformat(told[:10])
        except ValueError:
            return None
    at_us = micros(told)
    return None if at_us is None else local_day(at_us, "UTC")


def own_sums(trips: Iterable[Told], body: type_json) -> type_json:
    """Answer the older form: a list a metric, a row a period, sums by mode."""
    often = _OFTEN.get(str(body.get("freq") or "D").upper(), "D")
    by_period: dict[date, list[Told]] = {}
    for told in trips:
        by_period.setdefault(_period(local_day(told.trip.started_us, told.tz), often), []).append(
            told
        )
    kinds = kinds_asked(body)
    sums = [[_row(first, of, kind) for first, of in sorted(by_period.items())] for kind in kinds]
    return {"user_metrics": sums, "aggregate_metrics": [[] for _ in kinds]}


def own_days(trips: Iterable[Told], body: type_json) -> type_json:
    """Answer the newer form: rows a day, sums by mode under ``mode_confirm_MODE``."""
    by_day: dict[date, list[Told]] = {}
    for told in trips:
        by_day.setdefault(local_day(told.trip.started_us, told.tz), []).append(told)
    return {
        kind: [
            {
                "date": day.isoformat(), "nUsers": 1,
                **{f"mode_confirm_{name.lower()}": v for name, v in _by_mode(of, kind).items()},
            }
            for day, of in sorted(by_day.items())
        ]
        for kind in kinds_asked(body)
    }  # fmt: skip


def _period(day: date, often: str) -> date:
    if often == "W":
        return day - timedelta(days=day.weekday())
    if often == "M":
        return day.replace(day=1)
    return day.replace(month=1, day=1) if often == "Y" else day


def _row(first: date, trips: list[Told], kind: str) -> type_json:
    tz = trips[0].tz
    at_us, _ = day_bounds_us(first, tz)
    return {
        "ts": seconds(at_us), "fmt_time": fmt_time(at_us, tz), "local_dt": local_dt(at_us, tz),
        "nUsers": 1, **_by_mode(trips, kind),
    }  # fmt: skip


def _by_mode(trips: list[Told], kind: str) -> dict[str, float]:
    values: dict[str, list[float]] = {}
    for leg in (leg for told in trips for leg in told.legs):
        value = _value(leg.distance_m, leg.duration_s, kind)
        if value is not None:
            values.setdefault(name_of(leg.mode), []).append(value)
    if kind == "median_speed":
        return {name: median(of) for name, of in values.items()}
    return {name: sum(of) for name, of in values.items()}


def _value(distance_m: float, duration_s: float, kind: str) -> float | None:
    if kind == "count":
        return 1
    if kind == "distance":
        return distance_m
    if kind == "duration":
        return duration_s
    if kind == "median_speed" and duration_s > 0:
        return distance_m / duration_s
    return None


def empty(body: type_json, *, newer: bool) -> type_json:
    """Answer when there is nothing that may be told."""
    kinds = kinds_asked(body)
    if newer:
        return {kind: [] for kind in kinds}
    return {"user_metrics": [[] for _ in kinds], "aggregate_metrics": [[] for _ in kinds]}
