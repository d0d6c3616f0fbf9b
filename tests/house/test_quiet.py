"""No coordinate, name or token reaches a log or a message."""

import logging
import re
from datetime import date

import pytest

from estran import errors, journal, trace, wording
from estran.analyse import analyse
from estran.example import evidence

COORDINATE = re.compile(r"-?\d{1,3}\.\d{3,}")


class _Listener(logging.Handler):
    def __init__(self) -> None:
        super().__init__(level=0)
        self.heard: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.heard.append(record.getMessage())


def test_a_whole_day_is_analysed_in_silence() -> None:
    listener = _Listener()
    root = logging.getLogger()
    root.addHandler(listener)
    level = root.level
    root.setLevel(0)
    # The compiler of kernels narrates its own work, which bears no datum.
    logging.getLogger("numba").setLevel(logging.WARNING)
    try:
        seen, _ = evidence(date(2025, 3, 3), date(2025, 3, 4))
        made = analyse(seen)
    finally:
        root.removeHandler(listener)
        root.setLevel(level)
    assert made.trips
    assert not [line for line in listener.heard if COORDINATE.search(line)]


def test_values_print_without_coordinates() -> None:
    place = journal.Place(46.123456, -1.123456)
    stay = journal.Stay(0, 1, "UTC", place, 10.0)
    assert not COORDINATE.search(repr(stay))
    at = trace.Positions.of([0], [46.123456], [-1.123456])
    path = journal.Path(at.time_us, at.lat_deg, at.lon_deg)
    assert not COORDINATE.search(repr(path))
    assert not COORDINATE.search(repr(trace.Positions.of([0], [46.123456], [-1.123456])))


def test_a_bad_position_is_refused_without_being_told() -> None:
    with pytest.raises(ValueError, match="globe") as caught:
        trace.Positions.of([0], [146.123456], [-1.123456])
    assert "146" not in str(caught.value)


def test_each_refusal_has_words() -> None:
    kinds = [
        k for k in vars(errors).values() if isinstance(k, type) and issubclass(k, errors.Refusal)
    ]
    assert len(kinds) > 10
    assert not [k.code for k in kinds if k.code not in wording.REFUSALS]
