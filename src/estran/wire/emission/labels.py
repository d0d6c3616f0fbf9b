"""Which trip a label is about, and what it says of it: the rules of the reference server."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from estran.journal import Leg, Mode, Purpose, Trip
from estran.wire.emission.kept import MODE_LABEL, PURPOSE_LABEL, Kept
from estran.wire.emission.stamps import micros
from estran.wire.emission.words import mode_of_label, purpose_of_label

OVER_US = 15 * 60 * 1_000_000
"""A label may end this much after its trip (e-mission, ``trip_queries.py``). [µs]"""
OVERLAP_SHARE = 0.5

LABELS = frozenset(
    {MODE_LABEL, PURPOSE_LABEL, "manual/replaced_mode", "manual/destination_confirm"}
)
"""Keys whose ``data.label`` is about a whole trip; ``manual/`` is left off where they are told."""


@dataclass(frozen=True, slots=True)
class Label:
    """A label with its interval."""

    kept: Kept
    start_us: int
    end_us: int
    word: str

    @property
    def name(self) -> str:
        """What it says something of: ``mode_confirm``, ``purpose_confirm``."""
        return self.kept.key.removeprefix("manual/")


def label_of(kept: Kept) -> Label | None:
    """Read a label; None for entries that are none."""
    if kept.key not in LABELS:
        return None
    data = kept.opened().get("data")
    if not isinstance(data, dict) or not isinstance(data.get("label"), str):
        return None
    start_us, end_us = micros(data.get("start_ts")), micros(data.get("end_ts"))
    if start_us is None or end_us is None or end_us < start_us:
        return None
    return Label(kept, start_us, end_us, data["label"][:_LONGEST_WORD])


_LONGEST_WORD = 200


def trip_of(label: Label, trips: Sequence[Trip]) -> Trip | None:
    """Find the trip that a label is about.

    It starts inside the trip, the start included, and ends with it or at most a quarter of an
    hour later; or else before the next trip ends, and covers more than half of this one.
    """
    for n, trip in enumerate(trips):
        if not trip.started_us <= label.start_us < max(trip.ended_us, trip.started_us + 1):
            continue
        if label.end_us <= trip.ended_us + OVER_US:
            return trip
        following = trips[n + 1] if n + 1 < len(trips) else None
        shared_us = min(label.end_us, trip.ended_us) - label.start_us
        covers = shared_us > OVERLAP_SHARE * (trip.ended_us - trip.started_us)
        if covers and (following is None or label.end_us <= following.ended_us):
            return trip
    return None


def latest(labels: Iterable[Label]) -> list[Label]:
    """Of labels of one kind and interval keep the one written last."""
    found: dict[tuple[str, int, int], Label] = {}
    for label in sorted(labels, key=lambda one: (one.kept.write_us, one.kept.id)):
        found[label.name, label.start_us, label.end_us] = label
    return list(found.values())


def leg_meant(trip: Trip) -> Leg | None:
    """Give the leg that a label of the whole trip means: the longest way of it.

    Somebody who says "train" of a walk, a train and a walk speaks of the train.
    """
    legs = [leg for leg in trip.legs if leg.mode is not Mode.WAIT]
    return max(legs, key=lambda leg: (leg.distance_m, leg.duration_s), default=None)


def mode_said(label: Label) -> Mode | None:
    """Give the mode that a label says, None where the journal knows no such mode."""
    return mode_of_label(label.word) if label.kept.key == MODE_LABEL else None


def purpose_said(label: Label) -> Purpose | None:
    """Give the purpose that a label says, None where the journal knows no such purpose."""
    return purpose_of_label(label.word) if label.kept.key == PURPOSE_LABEL else None
