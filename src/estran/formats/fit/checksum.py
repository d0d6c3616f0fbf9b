"""The check at the end of a FIT file: CRC-16 with the polynomial 0xA001, by array.

The state is 16 bits wide, so that two bytes at once are one look-up in a table of 65536. A
sum is linear: long runs are cut into lanes that are summed side by side and then joined.
"""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

type_u16 = NDArray[np.uint16]

_POLYNOMIAL = 0xA001
_LANE_WORDS = 512
_FEW_WORDS = 4 * _LANE_WORDS


def _stepped(n_bits: int) -> type_u16:
    """Give what each state becomes after so many bits of zero."""
    state = np.arange(65_536, dtype=np.uint16)
    for _ in range(n_bits):
        odd = (state & 1).astype(bool)
        state = np.where(odd, (state >> 1) ^ _POLYNOMIAL, state >> 1).astype(np.uint16)
    return state


@lru_cache(maxsize=1)
def _tables() -> tuple[type_u16, type_u16]:
    """Give the steps over one word of zeros, and over a whole lane of them."""
    word = _stepped(16)
    lane = word
    for _ in range(_LANE_WORDS.bit_length() - 1):
        lane = lane[lane]
    return word, lane


def checksum(data: bytes, state: int = 0) -> int:
    """Sum up bytes, going on from the sum of those before them.

    A file whose own sum stands at its end sums to 0.

    Examples
    --------
    >>> hex(checksum(b"123456789")), checksum(b"89", checksum(b"1234567")) == 0xBB3D
    ('0xbb3d', True)
    """
    word, lane = _tables()
    even = len(data) & ~1
    words = np.frombuffer(data, dtype="<u2", count=even // 2)
    n_lanes = words.size // _LANE_WORDS if words.size > _FEW_WORDS else 0
    if n_lanes:
        columns = words[: n_lanes * _LANE_WORDS].reshape(n_lanes, _LANE_WORDS).T.copy()
        sums = np.zeros(n_lanes, dtype=np.uint16)
        for column in columns:
            sums = word[sums ^ column]
        for part in sums.tolist():
            state = int(lane[state]) ^ part
    for each in words[n_lanes * _LANE_WORDS :].tolist():
        state = int(word[state ^ each])
    for byte in data[even:]:
        state = _by_bit(state ^ byte)
    return state


def _by_bit(state: int) -> int:
    for _ in range(8):
        state = (state >> 1) ^ (_POLYNOMIAL if state & 1 else 0)
    return state
