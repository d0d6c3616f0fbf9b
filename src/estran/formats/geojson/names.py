"""Under which names people's programs put the time, the speed and the rest of a point."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import Enum

from estran.units import MPS_PER_KMH, MPS_PER_KNOT


class Part(Enum):
    """What a property holds. The names named first are preferred."""

    TIME = (
        "timestamp time datetime date_time date when recorded_at recordedat created_at fixtime "
        "fix_time devicetime tst time_long timestampms timestamp_ms ts gpstime"
    )
    LATITUDES = "lat latitude"
    LONGITUDES = "lon lng long longitude"
    ALTITUDES = "altitude alt ele elevation height z"
    SPEEDS = "speed velocity vel speed_mps speed_ms"
    SPEED_KMH = "speed_kmh speed_kph speedkmh"
    SPEED_KNOTS = "speed_knots speed_kn"
    ACCURACIES = "horizontal_accuracy accuracy acc horizontalaccuracy precision gps_accuracy"
    VERTICAL = "vertical_accuracy"
    BEARINGS = "bearing course heading cog bear direction"
    DEVICE = "device_id deviceid tracker_id trackerid tid device unique_id uniqueid user_id user"
    MOTION = "motion activity activity_type activitytype mode transport_mode travel_mode"
    TIMES = "coordtimes times timestamps"
    START = (
        "start_time starttime started_at startedat start begin time_start arrival_date start_ts "
        "enter_ts start_fmt_time enter_fmt_time"
    )
    END = (
        "end_time endtime finished_at finishedat ended_at end stop time_end departure_date end_ts "
        "exit_ts end_fmt_time exit_fmt_time"
    )
    TITLE = "name title"
    ACTION = "action"
    SPEED_LIST = "speeds"
    TYPE = "_type type"


SPEED_UNITS_MPS: Mapping[Part, float] = {
    Part.SPEEDS: 1.0,
    Part.SPEED_KMH: MPS_PER_KMH,
    Part.SPEED_KNOTS: MPS_PER_KNOT,
}

_KNOTS_SIGNATURE = frozenset({"fixtime", "servertime", "protocol"})

_RANKS = {part: {name: rank for rank, name in enumerate(part.value.split())} for part in Part}


def parts_of(names: Iterable[str]) -> dict[Part, str]:
    """Tell which property plays which part.

    Examples
    --------
    >>> parts = parts_of(["battery", "recordedAt", "vel", "speed"])
    >>> {part.name: name for part, name in parts.items()}
    {'TIME': 'recordedAt', 'SPEEDS': 'speed'}
    """
    given = {name.lower(): name for name in names}
    found: dict[Part, str] = {}
    if given.keys() >= _KNOTS_SIGNATURE and "speed" in given:
        # Traccar's positions are in knots and say so nowhere.
        given["speed_knots"] = given.pop("speed")
    for part, ranks in _RANKS.items():
        known = [(ranks[low], name) for low, name in given.items() if low in ranks]
        if known:
            found[part] = min(known)[1]
    return found
