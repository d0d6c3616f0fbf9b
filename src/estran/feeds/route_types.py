"""What the numbers of GTFS and the words of OpenStreetMap mean as modes of Estran."""

from __future__ import annotations

from estran.travel import Mode

_BASIC = {
    0: Mode.TRAM,  # and light rail
    1: Mode.METRO,
    2: Mode.TRAIN,
    3: Mode.BUS,
    4: Mode.FERRY,
    5: Mode.TRAM,  # cable tram
    7: Mode.TRAM,  # funicular: no mode of its own
    11: Mode.BUS,  # trolleybus
    12: Mode.METRO,  # monorail
}
"""https://gtfs.org/documentation/schedule/reference/#routestxt; 6 is a cable car: no mode."""

_EXTENDED = {
    1: Mode.TRAIN,
    2: Mode.COACH,
    3: Mode.TRAIN,  # suburban railway
    4: Mode.METRO,  # urban railway
    5: Mode.METRO,
    6: Mode.METRO,  # underground
    7: Mode.BUS,
    8: Mode.BUS,  # trolleybus
    9: Mode.TRAM,
    10: Mode.FERRY,
    12: Mode.FERRY,
    14: Mode.TRAM,  # funicular
}
"""Hundreds of the extended types (100 to 1700); air, taxi, lifts and the rest are no lines."""

OSM_ROUTES = {
    "bus": Mode.BUS,
    "trolleybus": Mode.BUS,
    "minibus": Mode.BUS,
    "coach": Mode.COACH,
    "tram": Mode.TRAM,
    "light_rail": Mode.TRAM,
    "funicular": Mode.TRAM,
    "subway": Mode.METRO,
    "monorail": Mode.METRO,
    "train": Mode.TRAIN,
    "ferry": Mode.FERRY,
}
"""Values of ``route`` on relations."""

OSM_RAILS = {
    "rail": Mode.TRAIN,
    "narrow_gauge": Mode.TRAIN,
    "light_rail": Mode.TRAM,
    "tram": Mode.TRAM,
    "funicular": Mode.TRAM,
    "subway": Mode.METRO,
    "monorail": Mode.METRO,
}
"""Values of ``railway`` on ways."""


def mode_of(route_type: str) -> Mode | None:
    """Tell the mode of a GTFS route type; None for what is no line on the ground.

    Examples
    --------
    >>> mode_of("900"), mode_of("1"), mode_of("1100")
    (<Mode.TRAM: 'tram'>, <Mode.METRO: 'metro'>, None)
    """
    if not route_type.strip().isascii() or not route_type.strip().isdigit():
        return None
    number = int(route_type)
    return _BASIC.get(number) if number < 100 else _EXTENDED.get(number // 100)  # noqa: PLR2004
