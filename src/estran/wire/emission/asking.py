"""What ``/datastreams/find_entries`` asks for, and which entries answer it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf
from typing import Any

from estran.wire.emission.stamps import micros, seconds, type_json

WRITE_TS = "metadata.write_ts"
MOST_ENTRIES = 250_000
"""Of one answer, as in the reference server."""
_LONGEST_LIST = 200


@dataclass(frozen=True, slots=True)
class Ask:
    """One question.

    Parameters
    ----------
    keys : tuple of str, optional
        Kinds of entries asked for; None for all.
    first_s, last_s : float
        Both included. [s since 1970]
    by : str
        Path of the instant that is compared, ``metadata.write_ts`` or under ``data``.
    n_most : int, optional
    shortened : str
        Which are left out where there are more: ``first`` and ``last`` keep those, ``sample``
        keeps some evenly.
    ranges : tuple
        Of a question by local date: component, lowest, highest; ``by`` then leads to the
        local date.
    """

    keys: tuple[str, ...] | None
    first_s: float = -inf
    last_s: float = inf
    by: str = WRITE_TS
    n_most: int | None = None
    shortened: str = "first"
    ranges: tuple[tuple[str, int, int], ...] = ()

    def wants(self, key: str) -> bool:
        """Tell whether entries of a kind are asked for."""
        return self.keys is None or key in self.keys

    def wants_any(self, keys: Iterable[str]) -> bool:
        """Tell whether entries of some kinds are asked for."""
        return any(self.wants(key) for key in keys)

    @property
    def by_write_time(self) -> bool:
        """Tell whether instants of writing are compared."""
        return self.by == WRITE_TS and not self.ranges

    def spans_us(self) -> tuple[int, int]:
        """Give the instants asked for, end included. [µs since 1970, UTC]"""
        low = max(self.first_s, -_FAR_S)
        high = min(self.last_s, _FAR_S)
        return int(low * 1e6), int(high * 1e6)


_FAR_S = 4e9
_SAME_S = 1e-3
"""JavaScript's dates know milliseconds: closer instants are one to such a client."""


def by_timestamp(body: type_json) -> Ask:
    """Read a question by instants; what is missing or wrong asks for all, as the server does."""
    n_most = body.get("max_entries")
    whole = isinstance(n_most, int) and not isinstance(n_most, bool) and n_most >= 0
    return Ask(
        keys=_keys(body.get("key_list")),
        first_s=_bound(body.get("start_time"), -inf),
        last_s=_bound(body.get("end_time"), inf),
        by=_path(body.get("key_time"), WRITE_TS),
        n_most=n_most if whole else None,
        shortened=str(body.get("trunc_method") or "first"),
    )


def by_local_date(body: type_json) -> Ask:
    """Read a question by local date: each component is a range of its own."""
    low, high = body.get("from_local_date"), body.get("to_local_date")
    ranges: list[tuple[str, int, int]] = []
    if isinstance(low, dict) and isinstance(high, dict):
        for part in ("year", "month", "day", "hour", "minute", "second", "weekday"):
            first, last = low.get(part), high.get(part)
            if isinstance(first, int) and isinstance(last, int):
                ranges.append((part, first, last))
    by = _path(body.get("key_local_date"), "metadata.write_local_dt")
    return Ask(_keys(body.get("key_list")), by=by, ranges=tuple(ranges))


def _keys(told: Any) -> tuple[str, ...] | None:
    if not isinstance(told, list):
        return None
    return tuple(key for key in told[:_LONGEST_LIST] if isinstance(key, str))


def _bound(told: Any, otherwise: float) -> float:
    at_us = micros(told)
    if at_us is not None:
        return seconds(at_us)
    if isinstance(told, int | float) and not isinstance(told, bool):
        return -inf if told < 0 else inf
    return otherwise


def _path(told: Any, otherwise: str) -> str:
    fits = isinstance(told, str) and told.count(".") == 1 and len(told) < _LONGEST_LIST
    return told if fits else otherwise


def at(entry: type_json, path: str) -> Any:
    """Follow a path of two steps into an entry; None where it leads nowhere."""
    outer, _, inner = path.partition(".")
    part = entry.get(outer)
    return part.get(inner) if isinstance(part, dict) else None


def answered(entries: Iterable[type_json], ask: Ask) -> list[type_json]:
    """Give the entries that answer, in order of the instant asked by, then of their ids."""
    found = {_id(entry): entry for entry in entries if _fits(entry, ask)}
    in_order = sorted(found.values(), key=lambda entry: (_value(entry, ask), _id(entry)))
    return _shortened(in_order, ask)[:MOST_ENTRIES]


def _id(entry: type_json) -> str:
    return str(entry["_id"]["$oid"])


def _value(entry: type_json, ask: Ask) -> float:
    value = at(entry, WRITE_TS if ask.ranges else ask.by)
    return float(value) if isinstance(value, int | float) else 0.0


def _fits(entry: type_json, ask: Ask) -> bool:
    value = at(entry, ask.by)
    if ask.ranges:
        return isinstance(value, dict) and all(
            isinstance(value.get(part), int) and low <= value[part] <= high
            for part, low, high in ask.ranges
        )
    return isinstance(value, int | float) and ask.first_s <= value <= ask.last_s


def _shortened(entries: list[type_json], ask: Ask) -> list[type_json]:
    n = ask.n_most
    if n is None or len(entries) <= n:
        return entries
    if n == 0:
        return []
    if ask.shortened == "last":
        return entries[-n:]
    if ask.shortened == "sample":
        return [entries[row * len(entries) // n] for row in range(n)]
    return entries[:n]


def with_footing(entries: Sequence[type_json], ask: Ask, *, stood_there: bool) -> list[type_json]:
    """Put something to drop before the rest, for a client that drops the first it gets.

    The Cozy konnector asks from the second of the last entry it saw, the bound included, and
    drops the first of the answer. Where that entry is no more at that second (its trip was
    analysed anew, or the second is that of another kind of entry), it would drop a new one
    instead, and lose it. So the first is given twice, once as if written at that second.

    Parameters
    ----------
    entries : sequence of dict
        The answer, in order.
    ask : Ask
    stood_there : bool
        Whether this server gave that second away.
    """
    found = list(entries)
    is_one_kind = ask.keys is not None and len(ask.keys) == 1
    if not (stood_there and found and is_one_kind and ask.by_write_time):
        return found
    if abs(_value(found[0], ask) - ask.first_s) < _SAME_S:
        return found
    footing = {**found[0], "metadata": {**found[0]["metadata"], "write_ts": ask.first_s}}
    return [footing, *found]
