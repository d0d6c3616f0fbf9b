"""Know the files that hold no positions, or that Estran does not read yet.

People bring the wrong file more often than a broken one. Each kind has words in
:data:`estran.wording.OTHER_FILES` that tell what the file is and which one to bring.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from estran.formats.json_head import Outline, outline

_SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"%PDF", "document"),
    (0, b"\xd0\xcf\x11\xe0", "document"),
    (0, b"{\\rtf", "document"),
    (0, b"\xff\xd8\xff", "picture"),
    (0, b"\x89PNG", "picture"),
    (0, b"GIF8", "picture"),
    (0, b"RIFF", "picture"),
    (4, b"ftyp", "picture"),
    (0, b"Rar!", "archive-other"),
    (0, b"7z\xbc\xaf\x27\x1c", "archive-other"),
    (0, b"\xfd7zXZ", "archive-other"),
    (0, b"BZh", "archive-other"),
    (0, b"\x28\xb5\x2f\xfd", "archive-other"),
    (0, b"SQLite format 3", "database"),
)
"""Where each kind of binary file signs itself."""

EVERYDAY = frozenset(
    {
        "picture",
        "photo-without-place",
        "document",
        "web-page",
        "database",
        "device-file",
        "health-document",
    }
)
"""Kinds that fill honest archives: there they are counted, not told one by one."""

_TAGS: tuple[tuple[bytes, str], ...] = (
    (b"<ClinicalDocument", "health-document"),
    (b"<html", "web-page"),
    (b"<!doctype html", "web-page"),
)

_GOOGLE_PAGE = re.compile(rb"takeout|archive_browser|google", re.IGNORECASE)
_ENCRYPTED = re.compile(rb"encrypt|chiffr|verschl", re.IGNORECASE)
_TIMELINE = re.compile(rb"timeline|trajets|zeitachse|location history", re.IGNORECASE)
_TEXT_BYTES = 4096

_PROPERTIES = "features[].properties."


def _json_kind(found: Outline) -> str | None:
    return next((kind for kind, matches in _SHAPES if matches(found)), None)


_SHAPES: tuple[tuple[str, Callable[[Outline], bool]], ...] = (
    ("google-settings", lambda o: o.any("deviceSettings", "hasReportedLocations")),
    (
        "google-saved-places",
        lambda o: o.any(
            f"{_PROPERTIES}google_maps_url", f"{_PROPERTIES}Google Maps URL",
            f"{_PROPERTIES}five_star_rating_published", f"{_PROPERTIES}location.name",
        ),
    ),
    ("google-saved-places", lambda o: o.has("questionsAndAnswers") or o.any("[].placeUrl")),
    (
        "google-activity",
        lambda o: o.has("[].header") and o.any("[].titleUrl", "[].products", "[].activityControls"),
    ),
    ("google-photos", lambda o: o.has("photoTakenTime") and o.any("geoData", "geoDataExif")),
    (
        "live-message",
        lambda o: o.has("device_id") and o.any("location.coords", "location.latitude"),
    ),
    ("live-message", lambda o: o.has("position.deviceId", "device")),
)  # fmt: skip


def binary_kind_of(head: bytes) -> str | None:
    """Tell the kind of a binary file by where it signs itself, None when it does not."""
    for offset, mark, kind in _SIGNATURES:
        if head[offset : offset + len(mark)] == mark:
            return kind
    return None


def kind_of(head: bytes) -> str | None:
    """Tell which known but unhelpful file a text's head belongs to.

    Parameters
    ----------
    head : bytes
        The file's beginning, without byte order mark and leading blanks.

    Returns
    -------
    str or None
        A key of :data:`estran.wording.OTHER_FILES`; None for a file that may be read.

    Examples
    --------
    >>> kind_of(b'{"deviceSettings": []}'), kind_of(b"<gpx></gpx>")
    ('google-settings', None)
    """
    if head[:1] in (b"{", b"["):
        return _json_kind(outline(head))
    if head[:1] == b"<":
        return _tagged_kind(head[:_TEXT_BYTES])
    return _text_kind(head)


def _tagged_kind(head: bytes) -> str | None:
    lowered = head.lower()
    kind = next((kind for tag, kind in _TAGS if tag.lower() in lowered), None)
    if kind == "web-page" and _GOOGLE_PAGE.search(head):
        return "google-archive-page"
    return kind


def _text_kind(head: bytes) -> str | None:
    text = head[:_TEXT_BYTES]
    if len(head) < _TEXT_BYTES and _ENCRYPTED.search(text) and _TIMELINE.search(text):
        return "google-encrypted-backup"
    return None
