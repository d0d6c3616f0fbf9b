"""The shape of Google's monthly objects; names and addresses of places are not read."""

from __future__ import annotations

import msgspec

from estran.formats.claiming import NOWHERE, type_place
from estran.formats.coordinates import pair_from_e7


class Place(
    msgspec.Struct,
    rename={
        "latitude_e7": "latitudeE7", "longitude_e7": "longitudeE7",
        "lat_e7": "latE7", "lng_e7": "lngE7", "timestamp_ms": "timestampMs",
    },
):  # fmt: skip
    """A place or a point, in either of the spellings, dated or not."""

    latitude_e7: float | None = None
    longitude_e7: float | None = None
    lat_e7: float | None = None
    lng_e7: float | None = None
    accuracy_m: float | None = msgspec.field(default=None, name="accuracyMeters")
    timestamp: str | float | None = None
    timestamp_ms: str | float | None = None

    def when(self) -> str | float | None:
        """Give the instant as it is written."""
        return self.timestamp_ms if self.timestamp is None else self.timestamp

    def where(self) -> type_place:
        """Give latitude and longitude in degrees, NaN when they are not told."""
        lat_e7 = self.lat_e7 if self.latitude_e7 is None else self.latitude_e7
        lng_e7 = self.lng_e7 if self.longitude_e7 is None else self.longitude_e7
        return place_e7(lat_e7, lng_e7)


def place_e7(lat_e7: float | None, lng_e7: float | None) -> type_place:
    """Convert one place to degrees."""
    if lat_e7 is None or lng_e7 is None:
        return NOWHERE
    return pair_from_e7(lat_e7, lng_e7)


class Interval(
    msgspec.Struct,
    rename={
        "start": "startTimestamp", "end": "endTimestamp",
        "start_ms": "startTimestampMs", "end_ms": "endTimestampMs",
    },
):  # fmt: skip
    """An interval."""

    start: str | float | None = None
    end: str | float | None = None
    start_ms: str | float | None = None
    end_ms: str | float | None = None


class Guess(msgspec.Struct, rename={"activity_type": "activityType"}):
    """A way of moving and Google's probability of it, in per cent."""

    activity_type: str = ""
    probability: float | None = None


class Waypoints(msgspec.Struct, rename={"travel_mode": "travelMode"}):
    """Places on the way, without times."""

    waypoints: list[Place] = []
    travel_mode: str | None = None


class RawPath(msgspec.Struct):
    """A thinned path, with times."""

    points: list[Place] = []


class Transit(msgspec.Struct, rename={"stops": "transitStops"}):
    """A ride on a line; its stops lie on the way."""

    stops: list[Place] = []


class ActivitySegment(
    msgspec.Struct,
    rename={
        "start": "startLocation", "end": "endLocation", "activity_type": "activityType",
        "distance_m": "distance", "waypoint_path": "waypointPath",
        "raw_path": "simplifiedRawPath", "transit": "transitPath",
        "confirmation": "editConfirmationStatus",
    },
):  # fmt: skip
    """A move."""

    start: Place | None = None
    end: Place | None = None
    lasts: Interval | None = msgspec.field(default=None, name="duration")
    distance_m: float | None = None
    activity_type: str | None = None
    activities: list[Guess] = []
    waypoint_path: Waypoints | None = None
    raw_path: RawPath | None = None
    transit: Transit | None = None
    confirmation: str | None = None


class PlaceVisit(
    msgspec.Struct,
    rename={
        "center_lat_e7": "centerLatE7", "center_lng_e7": "centerLngE7",
        "place_confidence": "placeConfidence", "raw_path": "simplifiedRawPath",
        "confirmation": "editConfirmationStatus",
    },
):  # fmt: skip
    """A visit; the visits inside it are not read."""

    location: Place | None = None
    center_lat_e7: float | None = None
    center_lng_e7: float | None = None
    lasts: Interval | None = msgspec.field(default=None, name="duration")
    place_confidence: str | None = None
    raw_path: RawPath | None = None
    confirmation: str | None = None


class TimelineObject(msgspec.Struct, rename={"segment": "activitySegment", "visit": "placeVisit"}):
    """One or the other."""

    segment: ActivitySegment | None = None
    visit: PlaceVisit | None = None


DECODER = msgspec.json.Decoder(list[TimelineObject], strict=False)
