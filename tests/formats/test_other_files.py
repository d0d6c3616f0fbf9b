"""The wrong file is known for what it is, and has words."""

from __future__ import annotations

import pytest

from estran.wording import OTHER_FILES
from tests.formats.bringing import bring_text

FILES = {
    "google-settings": b'{"hasReportedLocations": true, "deviceSettings": []}',
    "google-saved-places": (
        b'{"type": "FeatureCollection", "features": [{"geometry": {"type": "Point", "coordinates":'
        b' [1, 2]}, "properties": {"date": "2021-02-03T10:00:00Z", "google_maps_url": "x"}}]}'
    ),
    "google-activity": b'[{"header": "Maps", "titleUrl": "x", "time": "2021-02-03T10:00:00Z"}]',
    "google-photos": b'{"photoTakenTime": {"timestamp": "1"}, "geoData": {"latitude": 1.0}}',
    "google-archive-page": b"<!DOCTYPE html><html><title>Google Takeout</title></html>",
    "google-encrypted-backup": b"You have encrypted Timeline backups on a server.",
    "health-document": b'<?xml version="1.0"?><ClinicalDocument xmlns="urn:hl7-org:v3"/>',
    "live-message": b'{"location": {"coords": {"latitude": 1}}, "device_id": "1"}',
    "photo-without-place": b"\xff\xd8\xff\xe0\x00\x10JFIF",
    "picture": b"GIF89a",
    "document": b"%PDF-1.7\n",
    "web-page": b"<html><body>x</body></html>",
    "database": b"SQLite format 3\x00",
    "archive-other": b"7z\xbc\xaf\x27\x1c\x00",
}


@pytest.mark.parametrize("kind", FILES)
def test_a_known_file_is_told_by_its_kind(kind: str) -> None:
    got = bring_text(FILES[kind])
    assert got.refused == "file-other"
    assert dict(got.report.refused_params)["kind"] == kind


@pytest.mark.parametrize("kind", ["google-settings", "google-encrypted-backup"])
def test_in_another_encoding_too(kind: str) -> None:
    got = bring_text(FILES[kind].decode().encode("utf-16"))
    assert dict(got.report.refused_params)["kind"] == kind


def test_every_kind_is_met_somewhere() -> None:
    assert set(OTHER_FILES) - set(FILES) <= {
        "zip-encrypted", "table-headless",
        # Met in the tests of their formats.
        "device-file", "track-planned", "activity-indoor", "nmea-undated", "apple-health", "igc-undated",
    }  # fmt: skip


@pytest.mark.parametrize(
    "content", [b"hello", b"\x00\x01\x02" * 50, b"{}", b"[]", b"[[[[]]]]", b"null", b"<a/>"]
)
def test_nothing_known_is_said_to_be_unknown(content: bytes) -> None:
    assert bring_text(content).refused == "file-unknown"
