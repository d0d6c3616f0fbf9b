"""Writes small FIT files, for tests and benches to read."""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

EPOCH_S = 631_065_600
SEMICIRCLES = 2**31 / 180.0

FILE_ID, SPORT, SESSION, RECORD = 0, 12, 18, 20
TIMESTAMP = 253

CODES = {"u1": "B", "u2": "H", "u4": "I", "i4": "i", "i2": "h"}
BASES = {"u1": 2, "u2": 0x84, "u4": 0x86, "i4": 0x85, "i2": 0x83}


def crc(data: bytes) -> int:
    """Sum as the protocol says, bit by bit."""
    state = 0
    for byte in data:
        state ^= byte
        for _ in range(8):
            state = (state >> 1) ^ (0xA001 if state & 1 else 0)
    return state


@dataclass
class FitFile:
    """Writes records one after the other; ``fields`` are (number, layout)."""

    order: str = "<"
    body: bytearray = field(default_factory=bytearray)
    layouts: dict[int, tuple[str, ...]] = field(default_factory=dict)

    def define(
        self,
        local: int,
        message: int,
        fields: Sequence[tuple[int, str]],
        developers: Sequence[tuple[int, int]] = (),
    ) -> None:
        head = 0x40 | local | (0x20 if developers else 0)
        self.body += struct.pack("BB", head, 0) + (b"\1" if self.order == ">" else b"\0")
        self.body += struct.pack(self.order + "H", message) + bytes([len(fields)])
        for number, layout in fields:
            self.body += bytes([number, int(layout[1]), BASES[layout]])
        if developers:
            self.body += bytes([len(developers)])
            for number, size in developers:
                self.body += bytes([number, size, 0])
        self.layouts[local] = tuple(layout for _, layout in fields)

    def record(self, local: int, *values: int, head: int | None = None, tail: bytes = b"") -> None:
        codes = "".join(CODES[layout] for layout in self.layouts[local])
        self.body += bytes([local if head is None else head])
        self.body += struct.pack(self.order + codes, *values) + tail

    def file_id(self, kind: int = 4, maker: int = 1, product: int = 1561, serial: int = 7) -> None:
        self.define(0, FILE_ID, [(0, "u1"), (1, "u2"), (2, "u2"), (3, "u4")])
        self.record(0, kind, maker, product, serial)

    def session(
        self, start_s: int, elapsed_s: float, sport: int, sub: int = 0, distance_m: float = 1000.0
    ) -> None:
        self.define(
            1, SESSION,
            [(TIMESTAMP, "u4"), (2, "u4"), (7, "u4"), (9, "u4"), (5, "u1"), (6, "u1")],
        )  # fmt: skip
        start = start_s - EPOCH_S
        self.record(
            1, start + int(elapsed_s), start, int(elapsed_s * 1000), int(distance_m * 100),
            sport, sub,
        )  # fmt: skip

    def track(self, points: Iterable[tuple[int, float, float]]) -> None:
        """Write points (Unix seconds, degrees) with a height, a speed, a precision and a pulse."""
        self.define(
            2, RECORD,
            [(TIMESTAMP, "u4"), (0, "i4"), (1, "i4"), (2, "u2"), (6, "u2"), (31, "u1"), (3, "u1")],
        )  # fmt: skip
        for time_s, lat, lon in points:
            self.record(
                2, time_s - EPOCH_S, round(lat * SEMICIRCLES), round(lon * SEMICIRCLES),
                2600, 2500, 4, 140,
            )  # fmt: skip

    def bytes(self, *, header: int = 14, length: int | None = None) -> bytes:
        n = len(self.body) if length is None else length
        start = struct.pack("<BBHI4s", header, 16, 100, n, b".FIT").ljust(header, b"\0")
        whole = start + bytes(self.body)
        return whole + struct.pack("<H", crc(whole))


START_S = 1_714_550_400  # 2024-05-01T08:00:00Z


def outing(n: int = 5, *, sport: int = 2, sub: int = 0, order: str = "<") -> FitFile:
    """Write an outing with a fix a second."""
    made = FitFile(order)
    made.file_id()
    made.track((START_S + i, 46.16 + i * 1e-4, -1.15 - i * 1e-4) for i in range(n))
    made.session(START_S, max(n - 1, 1), sport, sub)
    return made
