"""Pictures: a place and an instant of EXIF, whatever bears it, and nothing else."""

from __future__ import annotations

import io
import struct
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.formats.bring import bring
from estran.formats.photos import FORMAT
from estran.formats.reading import FileReport
from estran.timebase import iso_utc
from estran.trace import Stream
from tests.formats.bringing import bring_text
from tests.formats.reading_whole import damaged, survives


def ifd(order, fields, at):
    """Write a list of fields that stands at an offset; give its bytes, values behind it."""
    behind = at + 2 + 12 * len(fields) + 4
    entries, values = b"", b""
    for tag, kind, count, raw in fields:
        if len(raw) <= 4:
            entries += struct.pack(f"{order}HHI", tag, kind, count) + raw.ljust(4, b"\0")
        else:
            entries += struct.pack(f"{order}HHII", tag, kind, count, behind + len(values))
            values += raw + b"\0" * (len(raw) % 2)
    return struct.pack(f"{order}H", len(fields)) + entries + b"\0\0\0\0" + values


def angle(order, value):
    degrees = int(value)
    minutes = int((value - degrees) * 60)
    seconds = round(((value - degrees) * 60 - minutes) * 60 * 10_000)
    return struct.pack(f"{order}6I", degrees, 1, minutes, 1, seconds, 10_000)


def text(value):
    return value.encode() + b"\0"


def tiff(order="<", *, gps_time=True, taken="", offset="", south=False, place=True):
    gps = []
    if place:
        gps = [
            (1, 2, 2, text("S" if south else "N")), (2, 5, 3, angle(order, 46.16)),
            (3, 2, 2, text("W")), (4, 5, 3, angle(order, 1.15)),
            (5, 1, 1, b"\x00"), (6, 5, 1, struct.pack(f"{order}2I", 125, 10)),
        ]  # fmt: skip
    if gps_time:
        gps += [
            (7, 5, 3, struct.pack(f"{order}6I", 8, 1, 30, 1, 1500, 100)),
            (29, 2, 11, text("2024:05:01")),
        ]
    more = [(0x9003, 2, len(taken) + 1, text(taken))] if taken else []
    more += [(0x9011, 2, len(offset) + 1, text(offset))] if offset else []
    model = (0x0110, 2, 7, text("Pixel6"))
    long = f"{order}I"

    def root(exif_at, gps_at):
        pointers = [
            (0x8769, 4, 1, struct.pack(long, exif_at)),
            (0x8825, 4, 1, struct.pack(long, gps_at)),
        ]
        return ifd(order, [model, *pointers], 8)

    exif_at = 8 + len(root(0, 0))
    exif_part = ifd(order, more, exif_at)
    gps_at = exif_at + len(exif_part)
    mark = b"II*\0" if order == "<" else b"MM\0*"
    return mark + struct.pack(long, 8) + root(exif_at, gps_at) + exif_part + ifd(order, gps, gps_at)


def jpeg(inner):
    body = b"Exif\0\0" + inner
    app0 = b"\xff\xe0\x00\x10JFIF" + b"\0" * 11
    return b"\xff\xd8" + app0 + b"\xff\xe1" + struct.pack(">H", len(body) + 2) + body + b"\xff\xda"


WRAPPED = {
    "jpeg": jpeg,
    "png": lambda inner: (
        b"\x89PNG\r\n\x1a\n" + b"\0" * 90_000 + struct.pack(">I", len(inner)) + b"eXIf" + inner
    ),
    "webp": lambda inner: (
        b"RIFF\0\0\0\0WEBPVP8X" + b"\0" * 70_000 + b"EXIF" + struct.pack("<I", len(inner)) + inner
    ),
    "heic": lambda inner: (
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + b"\0" * 65_510 + b"\0\0\0\x06Exif\0\0" + inner
    ),
}


@pytest.mark.parametrize("kind", WRAPPED)
@pytest.mark.parametrize("order", ["<", ">"])
def test_a_picture_tells_where_and_when_it_was_taken(kind, order):
    got = bring_text(WRAPPED[kind](tiff(order)))
    assert got.refused is None
    [(instant, lat_deg, lon_deg)] = got.fixes("")
    assert instant == "2024-05-01T08:30:15Z"
    assert (lat_deg, lon_deg) == pytest.approx((46.16, -1.15), abs=1e-6)
    assert got.evidence.trace.altitude_m.tolist() == [12.5]
    [source] = got.evidence.sources
    assert (source.device, source.stream) == ("Pixel6", Stream.WAYPOINTS)


@pytest.mark.parametrize(
    ("told", "instant"),
    [
        ({"taken": "2024:05:01 10:30:15", "offset": "+03:00"}, "2024-05-01T07:30:15Z"),
        # Without a zone the clock is that of the place: Paris, in summer.
        ({"taken": "2024:05:01 10:30:15"}, "2024-05-01T08:30:15Z"),
    ],
)
def test_the_cameras_clock_stands_in(told, instant):
    got = bring_text(jpeg(tiff(gps_time=False, **told)))
    assert [fix[0] for fix in got.fixes("")] == [instant]


def test_the_southern_half():
    assert bring_text(jpeg(tiff(south=True))).fixes("")[0][1] == pytest.approx(-46.16)


@pytest.mark.parametrize(
    "content",
    [
        jpeg(tiff(place=False)), jpeg(tiff(gps_time=False)), b"\xff\xd8\xff\xe0\x00\x10JFIF",
        jpeg(tiff(gps_time=False, taken="0000:00:00 00:00:00")), b"\x89PNG\r\n\x1a\n",
        jpeg(b"II*\0\xff\xff\xff\xff"), jpeg(b"II*\0"),
    ],
)  # fmt: skip
def test_a_picture_without_place_or_instant_is_told_so(content):
    got = bring_text(content)
    assert got.refused == "file-other"
    assert dict(got.report.refused_params)["kind"] == "photo-without-place"


def test_a_folder_of_pictures_has_one_report():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for number in range(300):
            taken = f"2024:05:01 {8 + number // 60:02}:{number % 60:02}:00"
            packed.writestr(f"{number}.jpg", jpeg(tiff(gps_time=False, taken=taken)))
        packed.writestr("screen.png", b"\x89PNG\r\n\x1a\n")
    reports = [
        item
        for item in bring("pictures.zip", io.BytesIO(out.getvalue()))
        if isinstance(item, FileReport)
    ]
    assert [(r.name, r.format, r.n_positions) for r in reports] == [
        ("pictures.zip (300 × photos)", "photos", 300),
        ("pictures.zip", "zip", 0),
    ]
    assert iso_utc(reports[0].first_us or 0) == "2024-05-01T06:00:00Z"
    assert [(f.code, f.count) for f in reports[1].faults] == [("member-unknown", 1)]


@settings(max_examples=300, deadline=None)
@given(st.integers(0, 2**32))
def test_damage_never_breaks_the_reader(seed):
    survives(FORMAT, damaged(jpeg(tiff(taken="2024:05:01 10:30:15")), seed))


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=400))
def test_any_fields_are_read_or_refused(noise):
    survives(FORMAT, jpeg(b"MM\0*" + noise))
