"""Reads a whole small file with one format, for tests to look at."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from estran.errors import Refusal
from estran.formats.reading import HEAD_BYTES, Faults, Format
from estran.trace import Activities, Claims, Positions, Source
from estran.wording import FAULTS

FIXTURES = Path(__file__).resolve().parents[3] / "shared" / "data" / "import-fixtures"


@dataclass
class Whole:
    """All that a format gave of one file; ``source`` columns index ``sources``."""

    positions: Positions
    activities: Activities
    claims: Claims
    sources: list[Source]
    faults: dict[str, tuple[int, str]]


def read_whole(fmt: Format, data: bytes | str) -> Whole:
    if isinstance(data, str):
        data = data.encode()
    assert fmt.sniff(data[:HEAD_BYTES])
    faults = Faults()
    sources: list[Source] = []
    parts: dict[str, list[Any]] = {"positions": [], "activities": [], "claims": []}
    for batch in fmt.read(io.BytesIO(data), faults):
        if batch.source not in sources:
            sources.append(batch.source)
        for name, pieces in parts.items():
            columns = getattr(batch, name)
            if columns is not None:
                number = np.full(len(columns), sources.index(batch.source), dtype="i2")
                pieces.append(type(columns)(**{**columns.__dict__, "source": number}))
    assert len({s.key for s in sources}) == len(sources), "two sources share a key"
    return Whole(
        Positions.concatenate(parts["positions"]),
        Activities.concatenate(parts["activities"]),
        Claims.concatenate(parts["claims"]),
        sources,
        {f.code: (f.count, f.where) for f in faults.listed()},
    )


def refused(fmt: Format, data: bytes | str) -> str:
    """Read what must be refused; give the code of the refusal."""
    try:
        read_whole(fmt, data)
    except Refusal as refusal:
        return refusal.code
    return ""


def survives(fmt: Format, data: bytes) -> None:
    """Assert that any bytes give positions on the globe or a refusal, and said faults."""
    fmt.sniff(data[:HEAD_BYTES])
    faults = Faults()
    try:
        for batch in fmt.read(io.BytesIO(data), faults):
            assert batch.source.key
    except Refusal:
        pass
    for fault in faults.listed():
        assert fault.code in FAULTS, f"no words for {fault.code}"
        assert fault.count > 0


def damaged(data: bytes, seed: int) -> bytes:
    """Flip, drop, repeat or insert some bytes."""
    rng = random.Random(seed)  # noqa: S311 - damage, not secrets
    out = bytearray(data)
    for _ in range(rng.randint(1, 6)):
        at = rng.randrange(len(out) or 1)
        kind = rng.randrange(4)
        if kind == 0 and out:
            out[at] = rng.randrange(256)
        elif kind == 1:
            del out[at : at + rng.randint(1, 30)]
        elif kind == 2:
            out[at:at] = out[at : at + rng.randint(1, 40)]
        else:
            out[at:at] = bytes(rng.randrange(256) for _ in range(rng.randint(1, 4)))
    return bytes(out)
