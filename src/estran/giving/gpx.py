"""Positions as GPX 1.1, one track a source and day."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from math import isnan
from xml.sax.saxutils import escape

import estran
from estran.timebase import iso_utc
from estran.trace import Positions, Source

GAP_US = 30 * 60 * 1_000_000
"""A longer silence begins a new segment: no line is drawn over what was not seen."""


def gpx_pieces(parts: Iterable[tuple[Source, str, Positions]]) -> Iterator[str]:
    """Write tracks piece by piece.

    Parameters
    ----------
    parts : iterable of (Source, str, Positions)
        Positions of a source and a day in time order, with the name of the day.

    Examples
    --------
    >>> positions = Positions.of([0, 1_000_000], [46.1, 46.2], [-1.1, -1.2])
    >>> text = "".join(gpx_pieces([(Source("a", "gpx"), "1970-01-01", positions)]))
    >>> text.count("<trkpt"), text.count("<trkseg>")
    (2, 1)
    """
    yield (
        '<?xml version="1.0" encoding="UTF-8"?>\n<gpx version="1.1" '
        f'creator="Estran {estran.__version__}" xmlns="http://www.topografix.com/GPX/1/1">\n'
    )
    for source, day, positions in parts:
        told = escape(f"{day} {source.format} {source.device}".strip())
        yield f"<trk><name>{told}</name><trkseg>\n"
        before_us: int | None = None
        for time_us, lat_deg, lon_deg, altitude_m in zip(
            positions.time_us.tolist(),
            positions.lat_deg.tolist(),
            positions.lon_deg.tolist(),
            positions.altitude_m.tolist(),
            strict=True,
        ):
            if before_us is not None and time_us - before_us > GAP_US:
                yield "</trkseg><trkseg>\n"
            before_us = time_us
            high = "" if isnan(altitude_m) else f"<ele>{altitude_m:.1f}</ele>"
            yield (
                f'<trkpt lat="{lat_deg:.7f}" lon="{lon_deg:.7f}">{high}'
                f"<time>{iso_utc(time_us)}</time></trkpt>\n"
            )
        yield "</trkseg></trk>\n"
    yield "</gpx>\n"
