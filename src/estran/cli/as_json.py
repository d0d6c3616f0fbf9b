"""A journal and its import as one JSON document: ``estran.journal/1``.

``docs/command-line.md`` describes it. What is not known is ``null``, never 0.
"""

from __future__ import annotations

import json
from typing import Any

import estran
from estran.cli.bringing import Brought
from estran.formats.reading import FileReport
from estran.giving.facts import co2e_g, leg_facts, rounded
from estran.journal import Entry, Journal, Leg, Place, Reason, Stay, Trip
from estran.timebase import iso_utc, local_day

SCHEMA = "estran.journal/1"


def journal_document(
    journal: Journal, brought: Brought, dropped: tuple[tuple[str, int], ...]
) -> str:
    """Write the document."""
    document = {
        "schema": SCHEMA,
        "made_by": {
            "estran": estran.__version__,
            "algorithm": journal.made_by.algorithm,
            "factor_set": journal.made_by.factor_set,
            "settings_digest": journal.made_by.settings_digest,
            **_network(journal),
        },
        "report": _report(journal, brought, dropped),
        "entries": [_entry(entry) for entry in journal.entries],
    }
    return json.dumps(document, ensure_ascii=False, allow_nan=False)


def _network(journal: Journal) -> dict[str, str]:
    digest = journal.made_by.network_digest
    return {"network_digest": digest} if digest else {}


def _report(
    journal: Journal, brought: Brought, dropped: tuple[tuple[str, int], ...]
) -> dict[str, Any]:
    known = [entry for entry in journal.entries if not _is_unknown(entry)]
    days = {
        local_day(instant_us, entry.tz)
        for entry in known
        for instant_us in (entry.started_us, entry.ended_us)
    }
    return {
        "files": [_file(report) for report in brought.report.files],
        "days": len(days),
        "positions": len(brought.evidence.trace),
        "duplicates": brought.n_duplicates,
        "dropped": [{"code": code, "count": count} for code, count in dropped if count],
        "trips": len(journal.trips),
    }


def _is_unknown(entry: Entry) -> bool:
    return not isinstance(entry, Stay | Trip)


def _file(report: FileReport) -> dict[str, Any]:
    faults = [*([report.refused] if report.refused else []), *report.faults]
    return {
        "name": report.name,
        "format": report.format,
        "read": report.refused is None,
        "positions": report.n_positions,
        "activities": report.n_activities,
        "claims": report.n_claims,
        "start": None if report.first_us is None else iso_utc(report.first_us),
        "end": None if report.last_us is None else iso_utc(report.last_us),
        "refused": [{"code": f.code, "count": f.count, "where": f.where} for f in faults],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "kind": "unknown",
        "start": iso_utc(entry.started_us),
        "end": iso_utc(entry.ended_us),
        "tz": entry.tz,
    }
    if isinstance(entry, Stay):
        place = {"place": entry.place} if entry.place else {}
        return facts | {
            "kind": "stay", **_at(entry.at), "radius_m": rounded(entry.radius_m, 1),
            "positions": entry.n_positions, **place,
        }  # fmt: skip
    if isinstance(entry, Trip):
        return facts | {
            "kind": "trip",
            "origin": _at(entry.origin),
            "destination": _at(entry.destination),
            "distance_m": rounded(entry.distance_m, 1),
            "duration_s": rounded(entry.duration_s, 3),
            "co2e_g": co2e_g(entry.co2e),
            "quality": entry.quality.value,
            "legs": [_leg(leg) for leg in entry.legs],
        }
    return facts | {"reason": entry.reason}


def _leg(leg: Leg) -> dict[str, Any]:
    return leg_facts(leg) | {"evidence": [_reason(reason) for reason in leg.reasons]}


def _reason(reason: Reason) -> dict[str, Any]:
    return {
        "code": reason.code,
        "weight": rounded(reason.weight_share, 3),
        "params": {
            name: rounded(value, 3) if isinstance(value, float) else value
            for name, value in reason.params
        },
    }


def _at(place: Place) -> dict[str, float | None]:
    return {"lat": rounded(place.lat_deg, 7), "lon": rounded(place.lon_deg, 7)}
