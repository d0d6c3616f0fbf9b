"""Files made so as to exhaust their reader are refused after a bounded effort."""

from __future__ import annotations

import io
import json
import tracemalloc
import zipfile

import pytest

from estran.formats.bring import Limits, bring
from estran.formats.reading import Batch, FileReport

MIB = 1 << 20


class Endless(io.RawIOBase):
    """Ten gigabytes of the same bytes, made as they are read."""

    def __init__(self, head: bytes, repeated: bytes) -> None:
        self._head, self._repeated = head, repeated
        self.n_read = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        if self._head:
            piece, self._head = self._head, b""
            return piece
        if self.n_read > 10 << 30:
            return b""
        piece = self._repeated * (max(size, 1) // len(self._repeated) + 1)
        self.n_read += len(piece)
        return piece


def only_report(stream: io.RawIOBase) -> FileReport:
    items = list(bring("given", stream))  # type: ignore[arg-type]  # only read is used
    [report] = [item for item in items if isinstance(item, FileReport)]
    return report


@pytest.mark.parametrize(
    ("head", "repeated"),
    [
        (b"", b" "),
        (b"", b"\n"),
        (b"\xef\xbb\xbf", b" \t"),
        (b"\xff\xfe", b" \x00"),
        (b'{"locations": [{"latitudeE7": 1', b" "),
        (b'{"locations": [{"latitudeE7": 1}', b" "),
        (b'{"locations": [{"latitudeE7": 1}', b","),
        (b'{"locations": [{"latitudeE7": "', b"9"),
        (b'{"locations": [{"latitudeE7": ', b"9"),
        (b'{"locations": [{"latitudeE7": 1, "x": ', b"["),
        (b'{"locations": [{"latitudeE7": 1}], "x": {"y":', b'{"z":'),
        (b'{"locations": [{"latitudeE7": 1}], "', b"k"),
        (b'[{"metadata": {"key": "x"}, "data": {"', b"k"),
        (b'{"metadata": {"key": "x"}, "data": {}}', b" 1"),
    ],
)
def test_ten_gigabytes_of_nothing_are_refused_early(head: bytes, repeated: bytes) -> None:
    stream = Endless(head, repeated)
    report = only_report(stream)
    assert report.refused is not None
    assert report.refused.code in {"file-hostile", "file-unreadable", "file-without-positions"}
    assert stream.n_read < 300 * MIB


def test_a_million_brackets_are_refused() -> None:
    for head in (b"", b'{"locations": ', b'{"locations": [{"latitudeE7": 1, "activity": '):
        report = only_report(io.BytesIO(head + b"[" * 1_000_000))  # type: ignore[arg-type]  # raw enough
        assert report.refused is not None


def test_blanks_alone_are_an_empty_file() -> None:
    report = only_report(io.BytesIO(b" \n" * 1000))  # type: ignore[arg-type]  # raw enough
    assert report.refused is not None
    assert report.refused.code == "file-empty"


def test_not_a_number_costs_its_record_only() -> None:
    good = (
        '{"latitudeE7": 461600000, "longitudeE7": -11500000, "timestamp": "2024-05-01T08:0%d:00Z"}'
    )
    bad = [
        '{"latitudeE7": NaN}',
        '{"latitudeE7": -Infinity}',
        '{"latitudeE7": 1e999}',
        '{"a" 1}',
        "7",
    ]
    text = '{"locations": [' + ",".join([good % 1, *bad, good % 2]) + "]}"
    [batch, report] = list(bring("given", io.BytesIO(text.encode())))
    assert isinstance(batch, Batch)
    assert isinstance(report, FileReport)
    assert report.n_positions == 2
    assert {f.code: f.count for f in report.faults}["record-broken"] == len(bad)


def test_many_devices_do_not_make_many_sources() -> None:
    locations = [
        {"latitudeE7": 1, "longitudeE7": 1, "timestamp": "2024-05-01T08:00:00Z", "deviceTag": i}
        for i in range(20_000)
    ]
    items = list(bring("given", io.BytesIO(json.dumps({"locations": locations}).encode())))
    assert len({item.source for item in items if isinstance(item, Batch)}) <= 51


def test_memory_does_not_grow_with_the_file() -> None:
    record = (
        b'{"latitudeE7":461600000,"longitudeE7":-11500000,"timestamp":"2024-05-01T08:00:00Z",'
        b'"activeWifiScan":{"accessPoints":[{"mac":"0"},{"mac":"1"}]}},'
    )

    class Long(Endless):
        def read(self, size: int = -1) -> bytes:
            return b"" if self.n_read > 6 * MIB else super().read(size)

    stream = Long(b'{"locations":[', record)
    tracemalloc.start()
    sizes = [
        len(item.positions)
        for item in bring("given", stream, limits=Limits())  # type: ignore[arg-type]  # only read is used
        if isinstance(item, Batch) and item.positions is not None
    ]
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert sum(sizes) > 30_000
    assert peak < 30 * MIB


def test_no_name_can_speak_to_a_terminal():
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("\x1b[31mred\x07\n.gpx", b"<gpx/>")
        archive.writestr("caf\u00e9/\U0001f6b2.gpx", b"<gpx/>")
    reports = list(bring("\x1b]0;x\x07.zip", io.BytesIO(packed.getvalue())))
    names = [r.name for r in reports if isinstance(r, FileReport)]
    assert len(names) == 3
    assert all(name.isprintable() for name in names)
    assert names[1].endswith("caf\u00e9/\U0001f6b2.gpx")
