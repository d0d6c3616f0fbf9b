"""Garmin's summary of all activities (``…_summarizedActivities.json`` of an account's export).

It names the sport and the interval of each; the ways themselves are FIT files of the same
export. Measures of the body, which fill it, are not decoded.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import BinaryIO

import msgspec

from estran.formats.claiming import Claimed, ClaimList, ends_of, type_place
from estran.formats.feeds import Feed
from estran.formats.json_head import outline
from estran.formats.json_scan import BLANKS
from estran.formats.json_stream import records
from estran.formats.motions import motion_of
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults, Format
from estran.trace import ClaimKind, Claims, Motion, Source, Stream

KEY = "garmin-summary"
_LIST = "summarizedActivitiesExport"
_SOURCE = Source(f"{KEY}/claims", KEY, "Garmin", Stream.DECLARED)
_LONGEST_MS = 366 * 86_400_000.0
_CM_PER_M = 100.0
_NAN = float("nan")


class Summary(
    msgspec.Struct,
    rename={
        "kind": "activityType", "sport": "sportType", "begin_ms": "beginTimestamp",
        "start_ms": "startTimeGmt", "lasts_ms": "duration", "elapsed_ms": "elapsedDuration",
        "distance_cm": "distance", "lat_deg": "startLatitude", "lon_deg": "startLongitude",
        "end_lat_deg": "endLatitude", "end_lon_deg": "endLongitude",
    },
):  # fmt: skip
    """One activity."""

    kind: str | None = None
    sport: str | None = None
    begin_ms: float | None = None
    start_ms: float | None = None
    lasts_ms: float | None = None
    elapsed_ms: float | None = None
    distance_cm: float | None = None
    lat_deg: float | None = None
    lon_deg: float | None = None
    end_lat_deg: float | None = None
    end_lon_deg: float | None = None


_DECODER = msgspec.json.Decoder(list[Summary])


def sniff(head: bytes) -> bool:
    """Tell whether a file begins as the summary.

    Examples
    --------
    >>> sniff(b'[{"summarizedActivitiesExport": [{"activityId": 1'), sniff(b"[]")
    (True, False)
    """
    return outline(head).any(_LIST, f"[].{_LIST}")


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Read the activities that go somewhere, as claims."""
    pile = Pile()
    n_before = 0
    for _, block in records(_unlisted(stream), {_LIST: _DECODER}, faults):
        claims = _claims(block, faults, f"activity {n_before + 1}")
        n_before += len(block)
        pile.add(_SOURCE, claims=claims, positions=ends_of(claims, faults))
        yield from pile.ripe()
    yield from pile.rest()


def _unlisted(stream: BinaryIO) -> BinaryIO:
    """Take away the list that holds the one object of the file."""
    feed = Feed(stream)
    while (head := feed.peek(1)) and head in BLANKS + b"[":
        feed.read(1)
    return feed


def _claims(block: Sequence[Summary], faults: Faults, where: str) -> Claims:
    claims = ClaimList()
    for told in block:
        motion = motion_of(told.kind or "")
        motion = (
            motion_of(told.sport or "") if motion is Motion.UNKNOWN and not told.kind else motion
        )
        start_ms = told.begin_ms or told.start_ms
        lasts_ms = told.elapsed_ms or told.lasts_ms
        if motion is Motion.UNKNOWN or start_ms is None:
            continue
        if lasts_ms is None or not 0.0 < lasts_ms < _LONGEST_MS:
            faults.add("claim-unreadable", where)
            continue
        claims.add(
            Claimed(
                ClaimKind.MOVE, motion, start_ms, start_ms + lasts_ms,
                _place(told.lat_deg, told.lon_deg), _place(told.end_lat_deg, told.end_lon_deg),
                distance_m=_NAN if told.distance_cm is None else told.distance_cm / _CM_PER_M,
            )
        )  # fmt: skip
    return claims.made(faults, where)


def _place(lat_deg: float | None, lon_deg: float | None) -> type_place:
    return (
        _NAN if lat_deg is None else lat_deg,
        _NAN if lon_deg is None else lon_deg,
    )


FORMAT = Format(KEY, sniff, read)
