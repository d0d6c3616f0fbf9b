"""The table mapper: bring a table, say once what its columns are, see every row's fate."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods

from estran.errors import FileEmpty, Refusal, VaultLocked
from estran.tickets.tables.mapping import PRESETS, ROLES, Mapping, Purpose, Table, guess, read
from estran.tickets.tables.opening import MOST_BYTES
from estran.tickets.values import Draft
from estran.web.accounts import keylife
from estran.web.config.errors import words_of
from estran.web.me.uploads import discard
from estran.web.tickets import documents as docs
from estran.web.tickets import work
from estran.web.tickets.forms import TOLD, mode_choices
from estran.web.tickets.messages import opened_upload, uploads_of
from estran.web.tickets.wordings import flaw_words

N_PREVIEW = 6
N_SHOWN = 50

PRESET_WORDS: dict[str, str | Promise] = {
    "sncf": gettext_lazy("Train journeys (an answer of SNCF Connect, an expense list)"),
    "blablacar": gettext_lazy("Carpools (an answer of BlaBlaCar)"),
    "navigo": gettext_lazy("Public transport (a Navigo statement)"),
    "badge": gettext_lazy("Days at work (an employer’s badge)"),
    "telework": gettext_lazy("Days of telework"),
    "phone": gettext_lazy("Phone masts (an answer of a phone operator)"),
    "other": gettext_lazy("Other journeys"),
}
ROLE_WORDS: dict[str, str | Promise] = {
    "day": gettext_lazy("Date"),
    "departs": gettext_lazy("Departure (time, or date and time)"),
    "arrives": gettext_lazy("Arrival (time, or date and time)"),
    "origin": gettext_lazy("Where from"),
    "destination": gettext_lazy("Where to"),
    "number": gettext_lazy("Train, line or flight"),
    "operator": gettext_lazy("Company"),
    "travel_class": gettext_lazy("Class"),
    "mode": gettext_lazy("Mode"),
    "price": gettext_lazy("Price"),
    "passengers": gettext_lazy("People on the ticket"),
    "occupants": gettext_lazy("People in the car"),
    "role": gettext_lazy("Driver or passenger"),
    "distance_km": gettext_lazy("Distance (km)"),
    "reference": gettext_lazy("Booking reference"),
    "lat": gettext_lazy("Latitude"),
    "lon": gettext_lazy("Longitude"),
    "radius": gettext_lazy("Radius (m)"),
}


@login_required
@require_http_methods(["GET", "POST"])
def bring(request: HttpRequest) -> HttpResponse:
    """Take a table."""
    if keylife.key_of(request) is None:
        discard([upload.upload_id for upload in uploads_of(request)])
        raise VaultLocked
    vault = keylife.open_vault(request)
    error = ""
    if request.method == "POST":
        try:
            content, name = opened_upload(request, vault, MOST_BYTES)
            if not name:
                raise FileEmpty(file=_("the table"))
            return redirect("ticket-table-look", work.bring_table(vault, content, name))
        except VaultLocked:
            raise
        except Refusal as refusal:
            error = words_of(refusal)
    values = {"error": error}
    return render(request, "tickets/table.html", values, status=422 if error else 200)


@dataclass(frozen=True, slots=True)
class Role:
    """A part that a column may play, and which does."""

    key: str
    words: str | Promise
    column: int


@dataclass(frozen=True, slots=True)
class Flawed:
    """A row that tells no journey, with why."""

    row: int
    why: tuple[str, ...]


@login_required
@require_http_methods(["GET", "POST"])
def look(request: HttpRequest, table_id: str) -> HttpResponse:
    """Choose columns, see what comes of it, and keep it."""
    vault = keylife.open_vault(request)
    brought = work.table(vault, table_id)
    table = brought.table
    if "none" in request.POST:
        vault.delete_doc(docs.TABLE, table_id)
        messages.info(request, _("Nothing was kept."))
        return redirect("tickets")
    remembered = docs.read_mapping(vault, table.signature)
    mapping = _chosen(request, table) if request.method == "POST" else remembered or guess(table)
    found = read(table, mapping)
    journeys, flawed = work.read_rows(vault, found, table_id)
    if "keep" in request.POST:
        batch, n_kept = work.keep_table(request, vault, table_id, mapping, found)
        told = ngettext("{n} line was kept.", "{n} lines were kept.", n_kept)
        messages.success(request, told.format(n=n_kept))
        return render(
            request,
            "tickets/table_kept.html",
            {"batch": batch, "n_kept": n_kept, "flawed": _flawed(flawed), "n_flawed": len(flawed)},
        )
    columns = list(enumerate(table.header))
    values = {
        "name": brought.name, "table": table, "table_id": table_id, "mapping": mapping,
        "columns": columns,
        "roles": [Role(k, ROLE_WORDS[k], mapping.columns.get(k, -1)) for k in ROLES],
        "presets": [(key, PRESET_WORDS[key]) for key in PRESETS],
        "modes": mode_choices(), "preview": table.rows[:N_PREVIEW],
        "is_remembered": remembered is not None and request.method != "POST",
        "date_sure": found.date_sure, "n_rows": len(table.rows),
        "n_journeys": len(journeys), "n_unplaced": sum(not j.is_placed for j in journeys),
        "n_days": len(found.days), "n_masts": len(found.masts),
        "flawed": _flawed(flawed), "n_flawed": len(flawed),
        "sample": _sample(found.drafts), "is_masts": PRESETS[mapping.preset][0] is Purpose.MASTS,
        "n_good": len(journeys) + len(found.days) + len(found.masts),
    }  # fmt: skip
    return render(request, "tickets/table_look.html", values)


def _flawed(drafts: list[Draft]) -> list[Flawed]:
    return [Flawed(d.row, tuple(flaw_words(f) for f in d.flaws)) for d in drafts[:N_SHOWN]]


def _sample(drafts: tuple[Draft, ...]) -> list[str]:
    return [
        f"{d.day} {d.departs}{f'–{d.arrives}' if d.arrives else ''}, {d.origin} → {d.destination}"
        for d in drafts[:N_PREVIEW]
    ]


def _chosen(request: HttpRequest, table: Table) -> Mapping:
    """Read which column is what; what is no column of this table counts as none."""
    columns: dict[str, int] = {}
    for role in ROLES:
        text = request.POST.get(f"column-{role}", "")
        if text.isascii() and text.isdigit() and int(text) < len(table.header):
            columns[role] = int(text)
    preset = request.POST.get("preset", "other")
    mode = request.POST.get("mode", "train")
    return Mapping(
        columns,
        preset if preset in PRESETS else "other",
        mode if mode in TOLD else "train",
        request.POST.get("order", "day") == "day",
    )
