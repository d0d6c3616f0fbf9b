"""Raw signals: what the phone's sensors told in the last weeks."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from estran.formats.coordinates import Rows, dated_positions, floats, pair_of, unless_negative
from estran.formats.hints import Reading, hints_of
from estran.formats.reading import Faults
from estran.formats.times import instants_us
from estran.trace import Activities, Positions


class Fix(
    msgspec.Struct,
    rename={
        "lat_lng": "LatLng", "lower_lat_lng": "latLng", "accuracy_m": "accuracyMeters",
        "altitude_m": "altitudeMeters", "speed_mps": "speedMetersPerSecond",
    },
):  # fmt: skip
    """A position."""

    lat_lng: str | None = None
    lower_lat_lng: str | None = None
    timestamp: str | float | None = None
    accuracy_m: float | None = None
    altitude_m: float | None = None
    speed_mps: float | None = None


class Guess(msgspec.Struct):
    """One thing that the phone may have been carried by."""

    type: str = ""
    confidence: float = 0.0


class ActivityRecord(msgspec.Struct, rename={"guesses": "probableActivities"}):
    """What the phone may have been carried by at an instant."""

    guesses: list[Guess] = []
    timestamp: str | float | None = None


class Signal(msgspec.Struct, rename={"activity_record": "activityRecord"}):
    """One signal; a Wi-Fi scan leaves both empty."""

    position: Fix | None = None
    activity_record: ActivityRecord | None = None


DECODER = msgspec.json.Decoder(list[Signal], strict=False)


def positions_of(signals: Sequence[Signal], faults: Faults, where: str) -> Positions:
    """Give the positions among signals."""
    fixes = [s.position for s in signals if s.position is not None]
    places = [pair_of(f.lat_lng or f.lower_lat_lng or "") for f in fixes]
    rows = Rows(
        time_us=instants_us([f.timestamp for f in fixes]),
        lat_deg=floats([place[0] for place in places]),
        lon_deg=floats([place[1] for place in places]),
        accuracy_m=unless_negative(floats([f.accuracy_m for f in fixes])),
        speed_mps=unless_negative(floats([f.speed_mps for f in fixes])),
        altitude_m=floats([f.altitude_m for f in fixes]),
    )
    return dated_positions(rows, faults, where)


def activities_of(signals: Sequence[Signal], faults: Faults, where: str) -> Activities:
    """Give the phone's guesses among signals."""
    found = [s.activity_record for s in signals if s.activity_record is not None]
    return hints_of(
        [Reading(r.timestamp, [(g.type, g.confidence) for g in r.guesses]) for r in found],
        faults,
        where,
    )
