"""Whatever phones post and analyses change: nothing breaks, seconds rise, nothing comes twice."""

from __future__ import annotations

import contextlib
import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from estran.wire.emission import asking, posting
from estran.wire.emission.issues import Book, Seen, renewed

_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)  # fmt: skip
_keys = st.sampled_from(
    ["background/location", "background/motion_activity", "statemachine/transition",
     "background/battery", "manual/mode_confirm", "x/y", ""]
)  # fmt: skip
_names = st.sampled_from(
    ["ts", "latitude", "longitude", "type", "confidence", "label", "start_ts", "transition", "loc"]
)
_entries = st.fixed_dictionaries(
    {
        "metadata": st.fixed_dictionaries({"key": _keys, "write_ts": _json}),
        "data": st.dictionaries(_names, _json, max_size=6),
    }
)


@settings(max_examples=150, deadline=None)
@given(st.lists(_json | _entries, max_size=8))
def test_whatever_is_posted_is_sorted_or_dropped(entries: list[Any]) -> None:
    body = json.dumps({"user": "u", "phone_to_server": entries}).encode()
    read = posting.posted(posting.read_put(body))
    again = posting.posted(posting.read_put(body))
    assert read.extras == again.extras
    for extra in read.extras:
        assert all(e.opened()["metadata"]["key"] == e.key for e in posting.entries_in(extra))


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=200))
def test_no_body_breaks_it(body: bytes) -> None:
    with contextlib.suppress(posting.UnreadableError):
        posting.posted(posting.read_put(body))


@st.composite
def journals(draw: st.DrawFn) -> list[list[Seen]]:
    made = []
    for _ in range(draw(st.integers(1, 5))):
        at_us, trips = 0, []
        for gap, length, mark in draw(
            st.lists(
                st.tuples(st.integers(0, 9), st.integers(1, 9), st.sampled_from("ab")), max_size=8
            )
        ):
            start_us = at_us + gap
            at_us = start_us + length
            trips.append(Seen(start_us, at_us, mark, follows=False))
        made.append(trips)
    return made


@settings(max_examples=300, deadline=None)
@given(journals(), st.lists(st.integers(0, 30), min_size=5, max_size=5))
def test_seconds_rise_and_a_konnector_misses_no_trip(
    made: list[list[Seen]], waits: list[int]
) -> None:
    book, now_s, cursor_s, seen = Book(), 1_000, -1, set()
    for n, trips in enumerate(made):
        now_s += waits[n]
        before = {issue.id: issue for issue in book.issues}
        last_s = book.last_s
        book = renewed(book, trips, now_s=now_s, made_of=n, seed="s")
        assert (
            len({i.write_s for i in book.issues}) == len({i.id for i in book.issues}) == len(trips)
        )
        for issue, trip in zip(book.issues, trips, strict=True):
            old = before.get(issue.id)
            same = old is not None and (old.start_us, old.end_us, old.mark) == (
                trip.start_us, trip.end_us, trip.mark,
            )  # fmt: skip
            if not same:
                assert issue.write_s > last_s or (old is not None and old.mark == trip.mark)
        # The konnector: from the last it saw, the first dropped unless it is its first run.
        ask = asking.Ask(("analysis/cleaned_trip",), first_s=float(max(cursor_s, 0)))
        found = asking.answered(
            [
                {"_id": {"$oid": i.id}, "metadata": {"write_ts": float(i.write_s)}, "data": {}}
                for i in book.issues
            ],
            ask,
        )
        stood = book.was_told(cursor_s) or any(i.write_s == cursor_s for i in book.issues)
        told = asking.with_footing(found, ask, stood_there=stood)
        told = told[1:] if cursor_s >= 0 else told
        seen |= {(e["_id"]["$oid"], e["metadata"]["write_ts"]) for e in told}
        if told:
            cursor_s = int(told[-1]["metadata"]["write_ts"])
        assert {(i.id, float(i.write_s)) for i in book.issues} <= seen
