"""Reads a table of positions, block by block."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from estran.errors import FileEmpty, FileOther, FileUnknown, FileWithoutPositions
from estran.formats.coordinates import Rows, unless_negative
from estran.formats.csv_positions.dates import Order, joined, order_of, read_instants
from estran.formats.csv_positions.dialect import Layout, headless, layout_of
from estran.formats.csv_positions.headers import Role
from estran.formats.csv_positions.hints import activities_of, claims_of, motions, stopped
from estran.formats.csv_positions.lines import Block, blocks
from estran.formats.csv_positions.places import lat_lon, pairs
from estran.formats.csv_positions.speeds import factor_of
from estran.formats.fields import Instants, bearing, note, numbers, positive, sift, veiled
from estran.formats.piling import Pile
from estran.formats.reading import HEAD_BYTES, Batch, Faults
from estran.formats.times import NEVER
from estran.trace import Motion, Positions, Source, type_f64

_DEVICE_LIMIT = 256
_DEVICE_CHARACTERS = 64


@dataclass(slots=True)
class _Decided:
    """What the first block decided for the whole file."""

    order: Order = field(default_factory=Order)
    speed_factor: float | None = None
    settled: bool = False


class TableReader:
    """Reads one table; see :func:`estran.formats.csv_positions.read`."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults
        self._pile = Pile()
        self._decided = _Decided()
        self._devices: dict[str, Source] = {}
        self._signature = ""

    def batches(self, stream: BinaryIO) -> Iterator[Batch]:
        """Read the table; see :func:`estran.formats.csv_positions.read`."""
        head = _whole_head(stream)
        layout = layout_of(head[:HEAD_BYTES])
        if layout is None:
            raise _why_not(head)
        if not layout.columns.dated:
            raise FileWithoutPositions
        self._signature = veiled(layout.header)
        columns = layout.columns
        for block in blocks(stream, head, layout, self._faults):
            self._read(
                block.with_fields(columns.n_needed, columns.n_required, self._faults), layout
            )
            yield from self._pile.ripe()
        yield from self._pile.rest()
        if not self._pile.gave:
            raise FileWithoutPositions

    def _read(self, block: Block, layout: Layout) -> None:
        if not len(block):
            return
        table = _Table(block, layout)
        read = self._instants(table)
        lat_deg, lon_deg = table.places()
        rows = Rows(
            read.time_us,
            lat_deg,
            lon_deg,
            _maybe(table.measure(Role.ACCURACIES), positive),
            _maybe(table.measure(Role.SPEEDS), unless_negative),
            _maybe(table.measure(Role.BEARINGS), bearing),
            table.measure(Role.ALTITUDES),
        )
        positions, kept = sift(rows, self._faults, table.where)
        if Role.SPEEDS in layout.columns.at and Role.SPEEDS not in layout.columns.factor:
            positions = self._with_speed_unit(positions)
        self._give(positions, kept, table)

    def _instants(self, table: _Table) -> Instants:
        """Read the time column, having decided the order of day and month on the first block."""
        texts = table.time_texts()
        if not self._decided.settled:
            self._decided.order = order_of(texts)
            self._decided.settled = True
        order = self._decided.order
        read = read_instants(texts, order)
        if order.parted and not order.sure:
            note(self._faults, "date-order-unsure", read.time_us != NEVER, table.where)
        if not table.layout.columns.utc:
            note(self._faults, "zone-missing", read.zoneless, table.where)
        return read

    def _with_speed_unit(self, positions: Positions) -> Positions:
        """Bring speeds of an untold unit to m/s."""
        if self._decided.speed_factor is None:
            self._decided.speed_factor = factor_of(positions.speed_mps, positions)
            if self._decided.speed_factor != 1.0:
                self._faults.add("speed-unit-inferred")
        factor = np.float32(self._decided.speed_factor)
        if factor == 1.0:
            return positions
        columns = {**positions.__dict__, "speed_mps": positions.speed_mps * factor}
        return Positions(**columns)

    def _give(self, positions: Positions, kept: NDArray[np.intp], table: _Table) -> None:
        """Put rows on the pile, apart for each device."""
        if not len(positions):
            return
        mode, motion = table.mode(kept), table.motion(kept)
        for source, rows in self._parted(table.chosen(Role.DEVICE, kept)):
            piece = positions.take(rows)
            self._pile.add(
                source,
                positions=piece,
                activities=None if motion is None else activities_of(piece, motion[rows]),
                claims=None if mode is None else claims_of(piece, mode[rows]),
            )

    def _parted(
        self, devices: list[str] | None
    ) -> Iterator[tuple[Source, slice | NDArray[np.intp]]]:
        if devices is None:
            yield self._source(""), slice(None)
            return
        names = dict.fromkeys(devices)
        if len(names) == 1:
            yield self._source(devices[0]), slice(None)
            return
        # A column with ever new values numbers the rows and names no device: past a limit,
        # they share one source.
        sources: dict[Source, int] = {}
        numbered = {name: sources.setdefault(self._source(name), len(sources)) for name in names}
        number = np.fromiter((numbered[name] for name in devices), np.int64, len(devices))
        order = np.argsort(number, kind="stable")
        bounds = np.searchsorted(number[order], np.arange(len(sources) + 1))
        for source, i in sources.items():
            yield source, order[bounds[i] : bounds[i + 1]]

    def _source(self, device: str) -> Source:
        name = device.strip()[:_DEVICE_CHARACTERS]
        if name not in self._devices and len(self._devices) >= _DEVICE_LIMIT:
            self._faults.add("device-too-many")
            name = ""
        if name not in self._devices:
            tag = veiled(name) if name else self._signature
            self._devices[name] = Source(f"csv-positions/{tag}", "csv-positions", name)
        return self._devices[name]


class _Table:
    """The columns of one block."""

    def __init__(self, block: Block, layout: Layout) -> None:
        self.layout = layout
        self._block = block

    def where(self, row: int) -> str:
        return f"line {self._block.lines[row]}"

    def texts(self, role: Role) -> list[str] | None:
        column = self.layout.columns.at.get(role)
        return None if column is None else self._block.column(column)

    def chosen(self, role: Role, kept: NDArray[np.intp]) -> list[str] | None:
        texts = self.texts(role)
        if texts is None or kept.size == len(texts):
            return texts
        return [texts[i] for i in kept]

    def time_texts(self) -> list[str]:
        texts = self.texts(Role.TIME)
        if texts is not None:
            return _stripped(texts)
        dates, clocks = self.texts(Role.DATE) or [], self.texts(Role.CLOCK) or []
        offsets = self.texts(Role.UTC_OFFSET) or [""] * len(dates)
        return joined(dates, clocks, offsets)

    def places(self) -> tuple[type_f64, type_f64]:
        lat, lon = self.texts(Role.LATITUDES), self.texts(Role.LONGITUDES)
        if lat is None or lon is None:
            return pairs(self.texts(Role.PLACE) or [])
        return lat_lon(
            lat, lon, north_south=self.texts(Role.LAT_SIGN), east_west=self.texts(Role.LON_SIGN)
        )

    def measure(self, role: Role) -> type_f64 | None:
        texts = self.texts(role)
        if texts is None:
            return None
        values = numbers(texts)
        factor = self.layout.columns.factor.get(role, 1.0)
        return values if factor == 1.0 else values * factor

    def mode(self, kept: NDArray[np.intp]) -> NDArray[np.int8] | None:
        """Tell what each row claims: a mode, else that the person stands still."""
        words, stops = self.chosen(Role.MODE, kept), self.chosen(Role.STOP, kept)
        mode = None if words is None else motions(words)
        if stops is None:
            return mode
        still = stopped(stops)
        return still if mode is None else np.where(mode == Motion.UNKNOWN, still, mode)

    def motion(self, kept: NDArray[np.intp]) -> NDArray[np.int8] | None:
        words = self.chosen(Role.MOTION, kept)
        return None if words is None else motions(words)


def _stripped(texts: list[str]) -> list[str]:
    return [text.strip() for text in texts] if texts[0] != texts[0].strip() else texts


def _maybe(values: type_f64 | None, change: Callable[[type_f64], type_f64]) -> type_f64 | None:
    return None if values is None else change(values)


def _whole_head(stream: BinaryIO) -> bytes:
    """Read enough to find the header, however small the stream's pieces are."""
    pieces: list[bytes] = []
    while sum(map(len, pieces)) < HEAD_BYTES:
        piece = stream.read(HEAD_BYTES)
        if not piece:
            break
        pieces.append(piece)
    return b"".join(pieces)


def _why_not(head: bytes) -> Exception:
    if not head.strip():
        return FileEmpty()
    if headless(head[:HEAD_BYTES]):
        return FileOther(kind="table-headless")
    return FileUnknown()
