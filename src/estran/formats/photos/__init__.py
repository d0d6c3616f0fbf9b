"""Where and when pictures were taken, of their EXIF alone: JPEG, HEIC, PNG and WebP.

A picture is weak evidence: it may be old, somebody else's, or edited. It ranks below any
recorded way, and each camera is a source of its own, which can be removed. Only the place,
the instant, the altitude and the camera's model are read; no image, no thumbnail and no
other property is ever decoded or kept.

The reader is our own: what is needed of EXIF is two lists of numbered fields, and a library
of pictures would bring decoders of images, which is what attackers look for.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np

from estran.errors import FileOther
from estran.formats.coordinates import Rows, dated_positions
from estran.formats.fields import veiled
from estran.formats.photos.exif import Taken, taken_of
from estran.formats.photos.finding import exif_of, is_picture
from estran.formats.reading import Batch, Faults, Format
from estran.trace import Source, Stream

KEY = "photos"
_DEVICE_CHARACTERS = 64


def sniff(head: bytes) -> bool:
    r"""Tell whether a file begins as a picture that may bear EXIF.

    Examples
    --------
    >>> sniff(b"\xff\xd8\xff\xe1"), sniff(b"GIF89a")
    (True, False)
    """
    return is_picture(head)


def read(stream: BinaryIO, faults: Faults) -> Iterator[Batch]:
    """Give one position, where the picture tells its place and its instant.

    Raises
    ------
    FileOther
        It does not (``photo-without-place``).
    """
    tiff = exif_of(stream)
    taken = taken_of(tiff) if tiff else None
    if taken is None:
        raise FileOther(kind="photo-without-place")
    positions = dated_positions(
        Rows(
            np.array([taken.time_us], dtype=np.int64),
            np.array([taken.lat_deg]),
            np.array([taken.lon_deg]),
            accuracy_m=np.array([taken.accuracy_m]),
            altitude_m=np.array([taken.altitude_m]),
        ),
        faults,
    )
    if not len(positions):
        raise FileOther(kind="photo-without-place")
    yield Batch(source_of(taken.camera), positions=positions)


def source_of(camera: str) -> Source:
    """Give the source of a camera, by its make and model."""
    name = " ".join(camera.split())[:_DEVICE_CHARACTERS]
    return Source(f"{KEY}/{veiled(name)}" if name else KEY, KEY, name, Stream.WAYPOINTS)


__all__ = ["FORMAT", "KEY", "Taken", "source_of"]

FORMAT = Format(KEY, sniff, read)
