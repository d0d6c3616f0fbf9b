"""The formats that Estran reads, in the order in which they are asked."""

from __future__ import annotations

from estran.formats import (
    apple_health,
    coach_co2,
    cozy,
    csv_positions,
    emission,
    fit,
    garmin_summary,
    geojson,
    google_edits,
    google_records,
    google_semantic,
    google_timeline_android,
    google_timeline_ios,
    gpx,
    igc,
    kml,
    nmea,
    overland,
    owntracks,
    photo_list,
    photos,
    polarsteps,
    strava,
    tcx,
)
from estran.formats.reading import Format

FORMATS: tuple[Format, ...] = (
    google_timeline_android.FORMAT,
    google_timeline_ios.FORMAT,
    google_records.FORMAT,
    google_semantic.FORMAT,
    google_edits.FORMAT,
    emission.FORMAT,
    garmin_summary.FORMAT,
    fit.FORMAT,
    gpx.FORMAT,
    tcx.FORMAT,
    apple_health.FORMAT,
    kml.FORMAT,
    overland.FORMAT,
    owntracks.FORMAT,
    cozy.FORMAT,
    polarsteps.FORMAT,
    photo_list.FORMAT,
    geojson.FORMAT,
    photos.FORMAT,
    nmea.FORMAT,
    igc.FORMAT,
    strava.FORMAT,
    coach_co2.FORMAT,
    csv_positions.FORMAT,
)
"""Each sniffer answers by structure only, so that the order matters little; those whose
marks are the surest come first, and the table of anything comes last."""
