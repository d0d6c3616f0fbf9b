"""What the import pages say: progress and reports put into words of the reader."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import gettext_noop

from estran.formats.reading import FileReport, ImportReport
from estran.timebase import local_day
from estran.web.me.show import words_of
from estran.web.me.work.imports import PHASES, Progress
from estran.wording import FAULTS, OTHER_FILES, REFUSALS, say

PHASE_WORDS = {
    "received": lazy("Received and sealed"),
    "reading": lazy("Reading the files"),
    "positions": lazy("Storing the positions"),
    "trips": lazy("Finding stays and trips"),
    "carbon": lazy("Reckoning CO2e"),
    "done": lazy("Done"),
}

FORMAT_NAMES = {
    "google-records": "Google Records.json",
    "google-semantic": gettext_noop("Google Semantic Location History"),
    "google-timeline-android": gettext_noop("Google Timeline from an Android phone"),
    "google-timeline-ios": gettext_noop("Google Timeline from an iPhone"),
    "gpx": "GPX",
    "geojson": "GeoJSON",
    "csv": "CSV",
    "kml": "KML",
    "fit": "FIT",
    "tcx": "TCX",
    "nmea": "NMEA",
    "igc": "IGC",
    "strava": gettext_noop("Strava’s list of activities"),
    "garmin-summary": gettext_noop("Garmin’s list of activities"),
    "apple-health": "Apple Health",
    "emission": "e-mission",
    "zip": gettext_noop("Archive"),
    "tar": gettext_noop("Archive"),
}
"""Name of each format for people; a key without one is shown as it is."""


@dataclass(frozen=True, slots=True)
class PhaseStep:
    """One phase as a line: done, now, or to come."""

    key: str
    label: str
    is_done: bool
    is_now: bool


@dataclass(frozen=True, slots=True)
class ProgressPage:
    """An import as its pages show it."""

    progress: Progress
    label: str
    percent: int
    phase_percent: int
    steps: tuple[PhaseStep, ...]
    error: str

    def as_json(self) -> dict[str, object]:
        """Give what a script needs to draw it."""
        p = self.progress
        return {
            "id": str(p.id), "state": p.state, "phase": p.phase, "label": self.label,
            "done_share": round(p.done_share, 4), "phase_share": round(p.phase_share, 4),
            "is_over": p.is_over, "waits": p.waits, "n_positions_new": p.n_positions_new,
            "n_positions_known": p.n_positions_known, "error": self.error,
        }  # fmt: skip


def progress_page(progress: Progress) -> ProgressPage:
    """Put an import's state into words."""
    at = PHASES.index(progress.phase)
    over = progress.is_over
    steps = tuple(
        PhaseStep(key, str(PHASE_WORDS[key]), over or rank < at, not over and rank == at)
        for rank, key in enumerate(PHASES)
    )
    return ProgressPage(
        progress,
        _label(progress),
        int(100 * progress.done_share),
        int(100 * progress.phase_share),
        steps,
        say(REFUSALS, progress.error, {}, _) if progress.error else "",
    )


def _label(progress: Progress) -> str:
    if progress.state == "failed":
        return _("Stopped")
    if progress.state == "undone":
        return _("Taken back")
    if progress.state == "undoing":
        return _("Being taken back")
    if progress.waits:
        return _("Waiting: open any page of yours to let it go on")
    if progress.state == "queued":
        return _("Received and sealed; its turn comes")
    return str(PHASE_WORDS[progress.phase])


@dataclass(frozen=True, slots=True)
class FilePage:
    """A file as the report shows it."""

    name: str
    format: str
    n_positions: int
    n_claims: int
    first: str
    last: str
    refused: str
    faults: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ReportPage:
    """A report in words."""

    files: tuple[FilePage, ...]
    n_positions: int
    n_refused: int
    first: str
    last: str


def report_page(report: ImportReport) -> ReportPage:
    """Put a report into words."""
    files = tuple(_file(file) for file in report.files)
    return ReportPage(
        files,
        sum(file.n_positions for file in report.files),
        sum(file.refused is not None for file in report.files),
        _day(min((d for f in report.files if (d := _local(f.first_us, f.first_tz))), default=None)),
        _day(max((d for f in report.files if (d := _local(f.last_us, f.last_tz))), default=None)),
    )


def _file(file: FileReport) -> FilePage:
    return FilePage(
        name=file.name,
        format=_(FORMAT_NAMES.get(file.format, file.format)) if file.format else "",
        n_positions=file.n_positions,
        n_claims=file.n_claims,
        first=_day(_local(file.first_us, file.first_tz)),
        last=_day(_local(file.last_us, file.last_tz)),
        refused=_refusal(file),
        faults=tuple(_faults(file)),
    )


def _refusal(file: FileReport) -> str:
    if file.refused is None:
        return ""
    # The whole name stands beside the sentence.
    params = {**dict(file.refused_params), "file": file.name.rpartition("/")[2]}
    words = say(REFUSALS, file.refused.code, params, _)
    kind = str(params.get("kind", ""))
    return f"{words} {say(OTHER_FILES, kind, {}, _)}" if kind in OTHER_FILES else words


def _faults(file: FileReport) -> Iterable[str]:
    for fault in file.faults:
        words = say(FAULTS, fault.code, {}, _)
        where = f" ({fault.where})" if fault.where else ""
        yield f"{fault.count} × {words}{where}"


def _local(time_us: int | None, tz: str) -> date | None:
    """Give the day of an instant as it was lived; in UTC where no place tells the zone."""
    return None if time_us is None else local_day(time_us, tz or "UTC")


def _day(day: date | None) -> str:
    return words_of().day_month(day, year=True) if day else ""
