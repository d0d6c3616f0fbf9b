"""Archives of every honest make are opened; those that lie or explode are refused."""

from __future__ import annotations

import gzip
import io
import struct
import tarfile
import zipfile
from typing import Any

import pytest

from estran.formats.bring import Limits, bring
from estran.formats.reading import Batch, FileReport

RECORDS = (
    b'{"locations": [{"latitudeE7": 461600000, "longitudeE7": -11500000,'
    b' "timestamp": "2024-05-01T08:00:00Z"}]}'
)
LIMITS = Limits(
    unpacked_bytes=8 << 20, n_members=20, ratio_floor_bytes=1 << 20, blank_bytes=1 << 20
)


def reports_of(content: bytes, limits: Limits = LIMITS) -> list[FileReport]:
    stream = io.BytesIO(content)
    return [r for r in bring("given", stream, limits=limits) if isinstance(r, FileReport)]


def codes_of(content: bytes, limits: Limits = LIMITS) -> list[str]:
    return [r.refused.code if r.refused else "read" for r in reports_of(content, limits)]


def zipped(method: Any = zipfile.ZIP_DEFLATED, **members: Any) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return out.getvalue()


class Pipe(io.RawIOBase):
    """A sink that cannot seek, so that zipfile writes descriptors after the members."""

    def __init__(self) -> None:
        self.content = bytearray()

    def writable(self) -> bool:
        return True

    def write(self, piece) -> int:
        self.content += piece
        return len(piece)


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
@pytest.mark.parametrize("long_sizes", [False, True])
def test_a_zip_written_to_a_pipe_is_read(method: int, long_sizes: bool) -> None:
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", method) as archive:
        for name in ("a", "b"):
            with archive.open(name, "w", force_zip64=long_sizes) as member:
                member.write(RECORDS)
    assert codes_of(bytes(pipe.content)) == ["read", "read", "read"]


def test_a_stored_member_may_hold_a_descriptors_mark() -> None:
    pipe = Pipe()
    inner = RECORDS[:-1] + b',"x":"PK\x07\x08PK\x07\x08abcdefghijkl"}'
    with zipfile.ZipFile(pipe, "w", zipfile.ZIP_STORED) as archive:
        archive.writestr("a", inner)
        archive.writestr("b", RECORDS)
    assert codes_of(bytes(pipe.content)) == ["read", "read", "read"]


def test_folders_and_system_files_are_passed_over() -> None:
    content = zipped(
        **{"Takeout/": b"", "__MACOSX/._a.json": b"x", ".DS_Store": b"x", "a/.hidden": b"x"},
        **{"Takeout/Lieux/Enregistrements.json": RECORDS},
    )
    [member, archive] = reports_of(content)
    assert member.name == "given/Takeout/Lieux/Enregistrements.json"
    assert (member.n_positions, archive.format, archive.faults) == (1, "zip", ())


def test_three_containers_deep_is_read_and_a_fourth_is_refused() -> None:
    three = zipped(a=zipped(b=gzip.compress(RECORDS)))
    assert codes_of(three) == ["read", "read", "read"]
    assert "file-hostile" in codes_of(zipped(z=three))
    assert "read" not in codes_of(zipped(z=three))[:1]


def test_a_zip_that_contains_itself_ends() -> None:
    content = RECORDS
    for _ in range(30):
        content = zipped(again=content)
    assert codes_of(content)[0] == "file-hostile"


def test_bombs_are_defused_without_being_unpacked() -> None:
    blanks = b" " * (6 << 20)
    assert codes_of(gzip.compress(blanks)) == ["file-hostile"]
    assert codes_of(zipped(a=blanks))[0] == "file-hostile"
    many = b'{"locations": [' + b",".join([RECORDS[15:-2]] * 60_000) + b"]}"
    assert codes_of(gzip.compress(many)) == ["file-hostile"]


def test_what_unpacks_to_more_than_the_limit_is_too_large() -> None:
    noise = bytes(i * 7919 % 251 for i in range(1000)) * 12_000
    reports = reports_of(
        gzip.compress(RECORDS + noise, 1), Limits(unpacked_bytes=1 << 20, ratio=10**6)
    )
    assert [r.refused.code for r in reports if r.refused] == ["file-too-large"]
    assert dict(reports[0].refused_params)["limit_mib"] == 1


def test_too_many_members_are_refused() -> None:
    content = zipped(**{f"m{i}": RECORDS for i in range(30)})
    codes = codes_of(content)
    assert codes[-1] == "file-hostile"
    assert codes.count("read") == 20


def test_overlapping_members_cannot_be() -> None:
    # All entries of the directory point to one local header: it is read once.
    content = bytearray(zipped(a=RECORDS, b=RECORDS))
    directory = content.rindex(b"PK\x01\x02")
    content[directory + 42 : directory + 46] = struct.pack("<I", 0)
    assert codes_of(bytes(content)) == ["read", "read", "read"]


def test_a_password_is_asked_for_by_name() -> None:
    content = bytearray(zipped(a=RECORDS))
    content[6] |= 1
    [report] = reports_of(bytes(content))
    assert report.refused is not None
    assert (report.refused.code, dict(report.refused_params)["kind"]) == (
        "file-other",
        "zip-encrypted",
    )


def test_a_zip_cut_short_gives_what_it_holds() -> None:
    content = zipped(a=RECORDS, b=RECORDS, c=RECORDS)
    cut = content[: content.rindex(b"PK\x03\x04") + 60]
    reports = reports_of(cut)
    assert [r.n_positions for r in reports[:2]] == [1, 1]
    assert any(f.code == "truncated" for r in reports for f in r.faults)


def test_a_gzip_cut_short_gives_what_it_holds() -> None:
    body = b",".join(
        b'{"latitudeE7":4616%05d,"longitudeE7":-11500000,"timestampMs":"17145504%05d"}'
        % (i * 7919 % 99991, i)
        for i in range(5000)
    )
    packed = gzip.compress(b'{"locations":[' + body + b"]}")
    [report] = reports_of(packed[: len(packed) // 2])
    assert 1000 < report.n_positions < 5000
    assert [f.code for f in report.faults] == ["truncated"]


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED])
def test_a_changed_byte_is_told(method: int) -> None:
    content = bytearray(zipped(method, a=RECORDS, b=RECORDS))
    content[14] ^= 0xFF  # the sum of the first member
    reports = reports_of(bytes(content))
    assert [f.code for f in reports[0].faults] == ["damaged"]
    assert reports[1].faults == ()


def test_a_broken_member_costs_itself_alone() -> None:
    content = bytearray(zipped(a=RECORDS, b=RECORDS, c=RECORDS))
    second = content.index(b"PK\x03\x04", 4)
    content[second + 31 : second + 36] = b"\xff" * 5
    codes = codes_of(bytes(content))
    assert codes[:3] == ["read", "file-unreadable", "read"]


def test_gzip_members_follow_each_other() -> None:
    half = len(RECORDS) // 2
    packed = gzip.compress(RECORDS[:half]) + gzip.compress(RECORDS[half:])
    assert codes_of(packed) == ["read"]


def test_a_tar_is_read_with_or_without_gzip() -> None:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for name in ("a.json", "folder/b.json", ".hidden"):
            info = tarfile.TarInfo(name)
            info.size = len(RECORDS)
            archive.addfile(info, io.BytesIO(RECORDS))
        link = tarfile.TarInfo("link")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    assert codes_of(out.getvalue()) == ["read", "read", "read"]
    assert codes_of(gzip.compress(out.getvalue())) == ["read", "read", "read"]


def test_pictures_in_an_archive_are_counted_not_told() -> None:
    content = zipped(a=RECORDS, **{f"p{i}.jpg": b"\xff\xd8\xff" + b"x" * 50 for i in range(9)})
    reports = reports_of(content)
    assert len(reports) == 2
    assert [(f.code, f.count) for f in reports[-1].faults] == [("member-unknown", 9)]


def test_an_archive_of_nothing_is_empty() -> None:
    assert codes_of(zipped()) == ["file-empty"]
    assert codes_of(zipped(**{"folder/": b""})) == ["file-empty"]
    assert codes_of(zipped(a=b"\xff\xd8\xffjpeg")) == ["file-unknown"]


def test_names_in_archives_are_only_said() -> None:
    [member, _] = reports_of(zipped(**{"../../../etc/passwd": RECORDS, "x" * 5000: b""}))
    assert (member.name, member.n_positions) == ("given/../../../etc/passwd", 1)


def test_progress_is_told_in_bytes_of_the_file() -> None:
    content = zipped(a=RECORDS, b=RECORDS)
    seen: list[int] = []
    items = list(bring("given", io.BytesIO(content), on_bytes=seen.append))
    assert sum(isinstance(item, Batch) for item in items) == 2
    assert seen == sorted(seen)
    assert seen[-1] <= len(content)
    assert seen[-1] > len(content) // 2


def test_a_stream_that_cannot_seek_is_enough() -> None:
    class Forward(io.RawIOBase):
        def __init__(self, content: bytes) -> None:
            self._inner = io.BytesIO(content)

        def readable(self) -> bool:
            return True

        def read(self, size: int = -1) -> bytes:
            return self._inner.read(min(size, 7))

    stream = Forward(zipped(a=RECORDS, b=gzip.compress(RECORDS)))
    reports = [r for r in bring("given", stream, limits=LIMITS) if isinstance(r, FileReport)]  # type: ignore[arg-type]  # only read is used
    assert [r.n_positions for r in reports] == [1, 1, 0]
