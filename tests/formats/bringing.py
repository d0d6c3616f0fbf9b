"""Brings small texts as a person would, for tests to look at what comes out."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass

from estran.formats.bring import bring
from estran.formats.gather import Gatherer
from estran.formats.reading import Batch, FileReport
from estran.timebase import iso_utc
from estran.trace import Evidence, Motion


@dataclass
class Brought:
    """What became of one text."""

    evidence: Evidence
    report: FileReport

    @property
    def faults(self) -> dict[str, int]:
        return {fault.code: fault.count for fault in self.report.faults}

    @property
    def refused(self) -> str | None:
        return self.report.refused.code if self.report.refused else None

    def fixes(self, suffix: str) -> list[tuple[str, float, float]]:
        """Give time, latitude and longitude of the sources whose key ends so."""
        trace = self.evidence.trace
        return [
            (iso_utc(int(t)), round(float(lat), 7), round(float(lon), 7))
            for t, lat, lon, source in zip(
                trace.time_us, trace.lat_deg, trace.lon_deg, trace.source, strict=True
            )
            if self.evidence.sources[source].key.endswith(suffix)
        ]

    @property
    def hints(self) -> list[tuple[str, str, float]]:
        """Give time, motion and confidence of each hint."""
        found = self.evidence.activities
        return [
            (iso_utc(int(t)), Motion(int(m)).name, round(float(c), 3))
            for t, m, c in zip(found.time_us, found.motion, found.confidence_share, strict=True)
        ]

    @property
    def claims(self) -> list[tuple[str, str, str, bool]]:
        """Give start, end, motion and confirmation of each claim."""
        found = self.evidence.claims
        return [
            (iso_utc(int(a)), iso_utc(int(b)), Motion(int(m)).name, bool(c))
            for a, b, m, c in zip(
                found.start_us, found.end_us, found.motion, found.confirmed, strict=True
            )
        ]


def bring_text(content: object) -> Brought:
    """Bring bytes, a text, or a value to be written as JSON."""
    if isinstance(content, str):
        content = content.encode()
    elif not isinstance(content, bytes):
        content = json.dumps(content, ensure_ascii=False).encode()
    gatherer = Gatherer()
    report: FileReport | None = None
    for item in bring("given", io.BytesIO(content)):
        if isinstance(item, Batch):
            gatherer.add(item)
        else:
            report = item
    assert report is not None
    return Brought(gatherer.finish(), report)
