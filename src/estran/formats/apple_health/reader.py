"""Reads workouts into claims, and the places of old ones into positions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO, cast

from estran.errors import FileOther, FileUnreadable
from estran.formats.apple_health.workouts import Workouts
from estran.formats.claiming import Claimed, ClaimList, type_place
from estran.formats.fields import number, veiled
from estran.formats.gpx.points import Points
from estran.formats.motions import motion_of
from estran.formats.piling import Pile
from estran.formats.reading import BATCH_POSITIONS, Batch, Faults
from estran.formats.xml_stream import XmlStream
from estran.trace import ClaimKind, Motion, Source, Stream

_CLAIMS = Source("apple-health/claims", "apple-health", "Apple", Stream.DECLARED)
_KIND_PREFIX = "HKWorkoutActivityType"
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])")
_METRES = {"m": 1.0, "km": 1000.0, "mi": 1609.344, "ft": 0.3048, "yd": 0.9144}
_MOST_CLAIMS = 10_000


class HealthReader:
    """Reads one export; see :func:`estran.formats.apple_health.read`."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._pile = Pile()
        self._claims = ClaimList()
        self._n_claims = self._n_workouts = 0
        self._points = Points()
        self._workout: dict[str, str] = {}
        self._indoor = False
        self._length_m = float("nan")
        self._ends: tuple[type_place, type_place] | None = None
        self._recorder = ""
        self._xml = XmlStream(
            starts={
                "Workout": self._start_workout,
                "MetadataEntry": self._start_metadata,
                "WorkoutStatistics": self._start_statistics,
                "WorkoutRoute": self._start_route,
                "Location": self._start_location,
            },
            ends={"Workout": self._end_workout, "WorkoutRoute": self._end_route},
            leaves={},
        )

    def batches(self, stream: BinaryIO) -> Iterator[Batch]:
        """Read the export; see :func:`estran.formats.apple_health.read`."""
        workouts = Workouts(stream)
        for _ in self._xml.blocks(cast("BinaryIO", workouts)):
            if len(self._points) >= BATCH_POSITIONS:
                self._end_route("")
            if self._n_claims >= _MOST_CLAIMS:
                self._give_claims()
            yield from self._pile.ripe()
        if self._xml.fault or not workouts.ended:
            self._faults.add(self._xml.fault or "truncated", f"workout {self._n_workouts}")
        self._end_route("")
        self._give_claims()
        if workouts.n_records:
            self._faults.add("health-left-out", "", workouts.n_records)
        yield from self._pile.rest()
        if not self._pile.gave:
            if self._xml.fault or not workouts.ended:
                raise FileUnreadable
            raise FileOther(kind="apple-health")

    def _start_workout(self, attributes: dict[str, str]) -> None:
        self._n_workouts += 1
        self._workout, self._indoor, self._ends = attributes, False, None
        self._length_m = _metres(
            attributes.get("totalDistance", ""), attributes.get("totalDistanceUnit", "")
        )

    def _start_metadata(self, attributes: dict[str, str]) -> None:
        if attributes.get("key") == "HKIndoorWorkout" and attributes.get("value") == "1":
            self._indoor = True

    def _start_statistics(self, attributes: dict[str, str]) -> None:
        # Newer exports tell lengths here, among measures of the body.
        if "Distance" in attributes.get("type", ""):
            self._length_m = _metres(attributes.get("sum", ""), attributes.get("unit", ""))

    def _start_route(self, attributes: dict[str, str]) -> None:
        self._recorder = attributes.get("sourceName", "")

    def _start_location(self, attributes: dict[str, str]) -> None:
        """Take one place of a route, as exports before iOS 13 hold them."""
        told = attributes.get
        place = number(told("latitude", "")), number(told("longitude", ""))
        self._ends = (self._ends[0] if self._ends else place, place)
        fields = {
            "lat": told("latitude", ""), "lon": told("longitude", ""), "time": told("date", ""),
            "ele": told("altitude", ""), "accuracy": told("horizontalAccuracy", ""),
            "speed": told("speed", ""), "course": told("course", ""),
        }  # fmt: skip
        self._points.add(fields, 0, 0, self._n_workouts)

    def _end_route(self, _text: str) -> None:
        points, self._points = self._points, Points()
        if len(points):
            positions, _ = points.converted(self._faults)
            key = f"apple-health/{veiled(self._recorder)}"
            self._pile.add(Source(key, "apple-health", "Apple"), positions=positions)

    def _end_workout(self, _text: str) -> None:
        motion = workout_motion(self._workout.get("workoutActivityType", ""))
        if self._indoor:
            self._faults.add("workout-indoor")
        elif motion is not Motion.UNKNOWN:
            told = self._workout.get
            nowhere: type_place = (float("nan"), float("nan"))
            place, end_place = self._ends or (nowhere, nowhere)
            self._claims.add(
                Claimed(
                    ClaimKind.MOVE,
                    motion,
                    told("startDate"),
                    told("endDate"),
                    place,
                    end_place,
                    distance_m=self._length_m,
                )
            )
            self._n_claims += 1

    def _give_claims(self) -> None:
        claims, self._claims, self._n_claims = self._claims, ClaimList(), 0
        self._pile.add(_CLAIMS, claims=claims.made(self._faults))


def workout_motion(kind: str) -> Motion:
    """Tell how somebody moved in a workout.

    Examples
    --------
    >>> workout_motion("HKWorkoutActivityTypeCycling").name
    'BIKE'
    >>> workout_motion("HKWorkoutActivityTypeWheelchairWalkPace").name
    'ON_FOOT'
    """
    return motion_of(_HUMP.sub("_", kind.removeprefix(_KIND_PREFIX)))


def _metres(text: str, unit: str) -> float:
    return number(text) * _METRES.get(unit, float("nan"))
