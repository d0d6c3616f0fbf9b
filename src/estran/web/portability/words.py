"""Passages in words."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from estran.web.portability.models import Passage
from estran.web.portability.work import Progress
from estran.wording import REFUSALS

FORM_WORDS: Mapping[str, object] = {
    "estran": _("Everything, as an archive"),
    "gpx": _("Positions, as GPX"),
    "geojson": _("Journal on a map, as GeoJSON"),
    "csv-trips": _("Trips, as a table"),
    "csv-positions": _("Positions, as a table"),
    "parquet": _("Positions, as Parquet"),
    "cozy": _("Trips, as a Cozy keeps them"),
}
"""What a copy is called."""

_DONE: Mapping[str, object] = {
    Passage.Kind.EXPORT: _("Ready"),
    Passage.Kind.RESTORE: _("Taken in"),
    Passage.Kind.RECEIVE: _("Taken in"),
    Passage.Kind.SEND: _("Arrived"),
}

_RUNNING: Mapping[str, object] = {
    Passage.Kind.EXPORT: _("Being written and sealed"),
    Passage.Kind.RESTORE: _("Being read and taken in"),
    Passage.Kind.RECEIVE: _("Being read and taken in"),
    Passage.Kind.SEND: _("Being written, sealed and sent"),
}


def label_of(progress: Progress) -> str:
    """Say where a passage stands."""
    row = progress.row
    if row.state == Passage.State.DONE:
        if row.kind == Passage.Kind.EXPORT and not progress.has_file:
            return gettext("Deleted here")
        return str(_DONE[row.kind])
    if row.state == Passage.State.FAILED:
        return gettext("Stopped")
    if progress.waits:
        return gettext("Waiting: open any page of yours to let it go on")
    if row.state == Passage.State.RUNNING:
        return str(_RUNNING[row.kind])
    return gettext("Its turn comes")


def ways_of(progress: Progress) -> str:
    """Say what a passage is about."""
    row, notes = progress.row, progress.notes
    if row.kind == Passage.Kind.EXPORT:
        return str(FORM_WORDS[notes.form])
    if row.kind == Passage.Kind.SEND:
        return gettext("Move to {host}").format(host=notes.host)
    if row.kind == Passage.Kind.RECEIVE:
        return gettext("From another Estran")
    return gettext("Archive brought back")


def refusal_words(code: str) -> str:
    """Say why a passage was given up, by its code alone."""
    text = gettext(REFUSALS.get(code, REFUSALS["refused"]))
    # Sentences about a file name it; here its name is on the page already.
    damaged = REFUSALS["archive-damaged"]
    return text if "{" not in text else gettext(damaged)
