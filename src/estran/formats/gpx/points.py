"""Points of a document as columns of text, and their conversion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from estran.formats.coordinates import Rows, unless_negative
from estran.formats.fields import bearing, instants, note, numbers, positive, sift
from estran.formats.reading import Faults
from estran.trace import Positions

LEAVES: Mapping[str, str] = {
    "time": "time",
    "ele": "ele",
    "speed": "speed",
    "course": "course",
    "bearing": "course",
    "heading": "course",
    "hAcc": "accuracy",
    "hacc": "accuracy",
    "accuracy": "accuracy",
    "horizontalAccuracy": "accuracy",
    "horizontal_accuracy": "accuracy",
}
"""Text elements of a point, at any depth: GPX 1.0's own, and those that extensions add.

``hdop`` is not here: it is a factor of the satellites' geometry and no length.
"""

_TEXTS = ("lat", "lon", "time", "ele", "speed", "course", "accuracy")


class Points:
    """Points as the file tells them: texts, and where each stands."""

    def __init__(self) -> None:
        self._texts: dict[str, list[str]] = {name: [] for name in _TEXTS}
        self.track: list[int] = []
        self.segment: list[int] = []
        self._line: list[int] = []

    def __len__(self) -> int:
        """Count the points."""
        return len(self._line)

    def add(self, fields: Mapping[str, str], track: int, segment: int, line: int) -> None:
        """Add one point."""
        for name, column in self._texts.items():
            column.append(fields.get(name, ""))
        self.track.append(track)
        self.segment.append(segment)
        self._line.append(line)

    def extend(
        self,
        keys: Sequence[str],
        rows: Sequence[tuple[str, ...]],
        where: tuple[int, int],
        lines: Sequence[int],
    ) -> None:
        """Add points that were read together; ``where`` is their track and segment.

        Rows may have more fields than there are keys.
        """
        n = len(rows)
        columns = dict(zip(keys, zip(*rows, strict=True), strict=False))
        for name, column in self._texts.items():
            column.extend(columns.get(name) or [""] * n)
        self.track.extend([where[0]] * n)
        self.segment.extend([where[1]] * n)
        self._line.extend(lines)

    def converted(self, faults: Faults) -> tuple[Positions, NDArray[np.intp]]:
        """Give the sound positions and the rows that they come from."""
        texts = self._texts
        read = instants([text.strip() for text in texts["time"]])

        def where(row: int) -> str:
            return f"line {self._line[row]}"

        note(faults, "zone-missing", read.zoneless, where)
        rows = Rows(
            read.time_us,
            numbers(texts["lat"]),
            numbers(texts["lon"]),
            positive(numbers(texts["accuracy"])),
            unless_negative(numbers(texts["speed"])),
            bearing(numbers(texts["course"])),
            numbers(texts["ele"]),
        )
        return sift(rows, faults, where)
