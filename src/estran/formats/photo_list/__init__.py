"""Lists of pictures with what their EXIF tells: Immich's answers and PhotoPrism's.

They are read as the pictures themselves would be, camera by camera, with the same rank.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import Any, BinaryIO

import msgspec

from estran.formats.coordinates import Rows
from estran.formats.fields import sift
from estran.formats.geojson.values import floats_of, instants_of
from estran.formats.json_head import outline
from estran.formats.json_stream import ROOT, records
from estran.formats.photos import source_of
from estran.formats.piling import Pile
from estran.formats.reading import Batch, Faults, Format
from estran.formats.resumed import resumed

KEY = "photo-list"
_ANY = msgspec.json.Decoder(list[Any])
_MOST_NESTED = 6
_WRAPPED = ("assets", "items", "photos")
_TIMES = ("dateTimeOriginal", "TakenAt", "takenAt", "fileCreatedAt", "localDateTime")


def sniff(head: bytes) -> bool:
    """Tell whether a file begins as pictures with EXIF, or as PhotoPrism's list.

    Examples
    --------
    >>> sniff(b'[{"id": "a", "exifInfo": {"latitude": 46.1}}]'), sniff(b'[{"Title": "x"}]')
    (True, False)
    """
    found = outline(head)
    return any(path.split(".")[-1] == "exifInfo" for path in found.paths) or any(
        found.has(f"{base}TakenAt", f"{base}Lat") for base in ("[].", "photos[].", "")
    )


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Give a position for each picture that tells where and when it was taken."""
    head, whole = resumed(stream)
    found = outline(head)
    keys = [key for key in _WRAPPED if found.root == "{" and f"{key}[]" in _lists(found.paths)]
    pile = Pile()
    for _, elements in records(whole, dict.fromkeys(keys or [ROOT], _ANY), faults):
        by_camera: defaultdict[str, list[dict[str, Any]]] = defaultdict(list)
        for element in elements:
            for picture in _pictures(element):
                by_camera[_camera(picture)].append(picture)
        for camera, pictures in by_camera.items():
            rows = Rows(
                instants_of([_first(p, *_TIMES) for p in pictures]).time_us,
                floats_of([_first(p, "latitude", "Lat") for p in pictures]),
                floats_of([_first(p, "longitude", "Lng") for p in pictures]),
            )
            positions, _ = sift(rows, faults, lambda row: f"record {row + 1}")
            pile.add(source_of(camera), positions=positions)
        yield from pile.ripe()
    yield from pile.rest()


def _lists(paths: set[str]) -> set[str]:
    """Name the lists at the root in which something was met."""
    return {path.split(".")[0] for path in paths if "[]" in path.split(".")[0]}


def _pictures(element: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Give the properties of pictures, however they are wrapped; those without place not."""
    if depth > _MOST_NESTED:
        return
    if isinstance(element, list):
        for inner in element:
            yield from _pictures(inner, depth + 1)
    elif isinstance(element, dict):
        exif = element.get("exifInfo")
        flat = element if not isinstance(exif, dict) else {**element, **exif}
        if _first(flat, "latitude", "Lat") is not None:
            yield flat
        for key in _WRAPPED:
            yield from _pictures(element.get(key), depth + 1)


def _first(picture: dict[str, Any], *names: str) -> Any:
    return next((picture[name] for name in names if picture.get(name) is not None), None)


def _camera(picture: dict[str, Any]) -> str:
    words = (_first(picture, "make", "CameraMake"), _first(picture, "model", "CameraModel"))
    return " ".join(word for word in words if isinstance(word, str))


FORMAT = Format(KEY, sniff, read)
