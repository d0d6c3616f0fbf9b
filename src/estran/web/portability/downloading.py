"""Giving a sealed file out: opened block by block while it goes, and resumed where it broke."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import BinaryIO

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase

from estran.errors import NotFound, VaultDamaged
from estran.web.portability.files import opened
from estran.web.store.opened import OpenVault

_AT_ONCE = 256 * 1024
_RANGE = re.compile(r"bytes=(\d{1,18})-(\d{0,18})\Z")

TYPES = {
    "estran": "application/zip", "gpx": "application/gpx+xml", "geojson": "application/geo+json",
    "csv-trips": "text/csv; charset=utf-8", "csv-positions": "text/csv; charset=utf-8",
    "cozy": "application/json", "parquet": "application/vnd.apache.parquet",
}  # fmt: skip


def answer(
    request: HttpRequest, vault: OpenVault, passage_id: uuid.UUID, *, form: str, name: str
) -> HttpResponseBase:
    """Answer with a file, or with the part of it that a broken download still lacks.

    Raises
    ------
    NotFound
        It is gone: deleted after its time, or sealed under a key that was changed since.
    """
    try:
        file = opened(vault, passage_id)
    except VaultDamaged as error:
        raise NotFound from error
    size_bytes = file.seek(0, 2)
    first, last = _part(request, str(passage_id), size_bytes)
    if first > last and size_bytes:
        file.close()
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size_bytes}"})
    response = StreamingHttpResponse(_pieces(file, first, last), content_type=TYPES[form])
    response.headers["Content-Length"] = str(last - first + 1)
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["ETag"] = f'"{passage_id}"'
    if (first, last) != (0, size_bytes - 1):
        response.status_code = 206
        response.headers["Content-Range"] = f"bytes {first}-{last}/{size_bytes}"
    return response


def _part(request: HttpRequest, tag: str, size_bytes: int) -> tuple[int, int]:
    """Tell which bytes are asked for; the first is beyond the last when there are none."""
    asked = _RANGE.match(request.headers.get("Range", ""))
    same = request.headers.get("If-Range", f'"{tag}"') == f'"{tag}"'
    if asked is None or not same:
        return 0, size_bytes - 1
    last = min(int(asked[2]), size_bytes - 1) if asked[2] else size_bytes - 1
    return int(asked[1]), last


def _pieces(file: BinaryIO, first: int, last: int) -> Iterator[bytes]:
    with file:
        file.seek(first)
        left = last - first + 1
        while left > 0 and (piece := file.read(min(_AT_ONCE, left))):
            left -= len(piece)
            yield piece
