"""What a person can do with tickets and declarations: one function an action."""

from __future__ import annotations

import time
import uuid
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from django.conf import settings
from django.http import HttpRequest

from estran.errors import FileEmpty, NotFound, VaultConflict, VaultDamaged, VaultLocked
from estran.privacy import veiled
from estran.tickets.confirming import HOME_TZ, Confirmed, confirmed
from estran.tickets.messages.calendar import journeys_in_calendar
from estran.tickets.messages.mail import text_of
from estran.tickets.messages.reading import journeys_in
from estran.tickets.stations import Places
from estran.tickets.tables.mapping import Mapping, Purpose, Read
from estran.tickets.tables.opening import open_table
from estran.tickets.values import Draft, How, Journey
from estran.tickets.words import folded
from estran.timebase import from_datetime, zone
from estran.trace import Positions, Source, Stream
from estran.vault.seal import open_stream
from estran.web.accounts import keylife
from estran.web.me.documents import note_change
from estran.web.me.staleness import remake_now
from estran.web.me.uploads import SealedFile, incoming_path
from estran.web.retention.documents import read_zones, zones_of
from estran.web.retention.pausing import check_collects
from estran.web.running import stations
from estran.web.store.opened import OpenVault
from estran.web.tickets import documents as docs
from estran.web.tickets.stating import CELLS, bring_back

_DRAFT_US = 24 * 3_600_000_000
"""What was begun and not confirmed goes after a day."""


def new_id() -> str:
    """Draw a name for a document."""
    return uuid.uuid4().hex


def now_us() -> int:
    """Tell the time. [µs since 1970, UTC]"""
    return time.time_ns() // 1000


def places() -> Places:
    """Give the stations that the operator loaded."""
    return stations.places(Path(settings.ESTRAN_DATA))


def publishers() -> list[tuple[str, str]]:
    """Name the publishers of the loaded lists, with their licences."""
    kept = stations.kept(Path(settings.ESTRAN_DATA))
    return [(one.stations.source, one.stations.licence) for one in kept if one.stations]


def changed(request: HttpRequest, vault: OpenVault) -> None:
    """Let the journal be made anew with what was stated or taken back."""
    note_change(vault)
    key = keylife.key_of(request)
    if key is None:
        raise VaultLocked
    remake_now(keylife.person_of(request), key)


def own_places(vault: OpenVault) -> dict[str, str]:
    """Give the person's private places: a name stands for its point."""
    return {
        folded(kept.zone.name): f"{kept.zone.name} @{kept.zone.lat_deg:.5f},{kept.zone.lon_deg:.5f}"
        for kept in read_zones(vault)
        if kept.zone.name and kept.zone.keeps == "centre"
    }


def confirm(
    vault: OpenVault, draft: Draft, *, ticket_id: str = "", how: How = How.HAND, batch: str = ""
) -> Confirmed:
    """Make a journey of what was read or typed; nothing is stored."""
    own = own_places(vault)
    meant = replace(
        draft,
        origin=own.get(folded(draft.origin), draft.origin),
        destination=own.get(folded(draft.destination), draft.destination),
    )
    return confirmed(meant, places(), journey_id=ticket_id or new_id(), how=how, batch=batch)


def keep(request: HttpRequest, vault: OpenVault, journeys: Sequence[Journey]) -> int:
    """Keep journeys that a person said yes to; count those that were not known.

    The same ride told twice (same mode, departure and ends) is kept once.
    """
    check_collects(keylife.person_of(request))
    with vault.transaction():
        known = {_mark(one): one.id for one in docs.read_tickets(vault)}
        new = [j for j in journeys if known.get(_mark(j), j.id) == j.id]
        for journey in new:
            docs.write_ticket(vault, journey)
        bring_back(vault, [(j.start_us, j.end_us) for j in new])
        changed(request, vault)
    return len(new)


def _mark(journey: Journey) -> tuple[str, int, str, str]:
    ends = folded(journey.origin.name), folded(journey.destination.name)
    return journey.mode.value, journey.start_us // 60_000_000, *ends


def ticket(vault: OpenVault, ticket_id: str) -> Journey:
    """Read a ticket.

    Raises
    ------
    NotFound
        There is none.
    """
    found = docs.read_ticket(vault, ticket_id)
    if found is None:
        raise NotFound
    return found


def remove(request: HttpRequest, vault: OpenVault, ticket_id: str) -> None:
    """Delete a ticket, and what stands in the journal by it."""
    if not vault.delete_doc(docs.TICKET, ticket_id):
        raise NotFound
    changed(request, vault)


def undo_batch(request: HttpRequest, vault: OpenVault, batch: str) -> int:
    """Take back what a table or a message brought; count it."""
    with vault.transaction():
        ids = [j.id for j in docs.read_tickets(vault) if j.batch == batch]
        n_gone = docs.drop(vault, docs.TICKET, ids) + docs.drop(vault, docs.AT_HOME, [batch])
        n_gone += vault.remove_import(_import_id(batch)).n_rows if _brought(vault, batch) else 0
        if not n_gone:
            raise NotFound
        changed(request, vault)
    return n_gone


def _import_id(batch: str) -> str:
    return f"tickets/{batch}"


def _brought(vault: OpenVault, batch: str) -> bool:
    return _import_id(batch) in vault.imports()


# What was uploaded -------------------------------------------------------------------------


def content_of(vault: OpenVault, upload: SealedFile, *, most_bytes: int) -> bytes:
    """Open a small sealed upload in memory; of one that is longer, enough to tell."""
    path = incoming_path(upload.upload_id)
    for pair in vault.pairs:
        try:
            with path.open("rb") as sealed:
                plain = open_stream(sealed, *pair)
                pieces: list[bytes] = []
                n_bytes = 0
                while n_bytes <= most_bytes and (piece := plain.read(1 << 18)):
                    pieces.append(piece)
                    n_bytes += len(piece)
                return b"".join(pieces)
        except VaultDamaged:
            continue
    raise VaultConflict


def propose_message(vault: OpenVault, content: bytes, name: str) -> str:
    """Read a mail, a calendar or a text; keep what it tells for the person to confirm.

    Raises
    ------
    FileEmpty, FileTooLarge, MessageUnreadable
    """
    text, calendars = text_of(content, name)
    known = places()
    drafts = [draft for one in calendars for draft in journeys_in_calendar(one, known)]
    how = How.CALENDAR if drafts else How.MESSAGE
    drafts = drafts or list(journeys_in(text, known))
    if not drafts and not text.strip() and not calendars:
        raise FileEmpty(file=name)
    drafts = [replace(draft, row=rank) for rank, draft in enumerate(drafts, 1)] or [Draft(row=1)]
    return propose(vault, name, how, tuple(drafts))


def propose(vault: OpenVault, title: str, how: How, drafts: tuple[Draft, ...]) -> str:
    """Keep proposals until the person says yes or no, a day at most."""
    proposed_id = new_id()
    _tidy(vault)
    docs.write_proposed(vault, proposed_id, docs.Proposed(title, how.value, drafts, now_us()))
    return proposed_id


def proposed(vault: OpenVault, proposed_id: str) -> docs.Proposed:
    """Read proposals.

    Raises
    ------
    NotFound
        They were answered, or a day has passed.
    """
    found = docs.read_proposed(vault, proposed_id)
    if found is None:
        raise NotFound
    return found


def bring_table(vault: OpenVault, content: bytes, name: str) -> str:
    """Open a table and keep it while the person chooses its columns."""
    table = open_table(content, name)
    table_id = new_id()
    _tidy(vault)
    docs.write_table(vault, table_id, docs.BroughtTable(name, table, now_us()))
    return table_id


def table(vault: OpenVault, table_id: str) -> docs.BroughtTable:
    """Read a table that is being looked at.

    Raises
    ------
    NotFound
        It was answered, or a day has passed.
    """
    found = docs.read_table(vault, table_id)
    if found is None:
        raise NotFound
    return found


def _tidy(vault: OpenVault) -> None:
    """Forget what was begun a day ago and never confirmed."""
    since_us = now_us() - _DRAFT_US
    for kind, read in ((docs.PROPOSED, docs.read_proposed), (docs.TABLE, docs.read_table)):
        for doc_id in vault.doc_ids(kind):
            found = read(vault, doc_id)
            if found is not None and found.made_at_us < since_us:
                vault.delete_doc(kind, doc_id)


def read_rows(vault: OpenVault, found: Read, batch: str) -> tuple[list[Journey], list[Draft]]:
    """Make journeys of the rows of a table; give those that make none, with why."""
    journeys: list[Journey] = []
    flawed = list(found.flawed)
    own = own_places(vault)
    known = places()
    for draft in found.drafts:
        meant = replace(
            draft,
            origin=own.get(folded(draft.origin), draft.origin),
            destination=own.get(folded(draft.destination), draft.destination),
        )
        done = confirmed(meant, known, journey_id=new_id(), how=How.TABLE, batch=batch)
        if done.journey is None:
            flawed.append(replace(draft, flaws=done.flaws))
        else:
            journeys.append(done.journey)
    return journeys, sorted(flawed, key=lambda draft: draft.row)


def keep_table(
    request: HttpRequest, vault: OpenVault, table_id: str, mapping: Mapping, found: Read
) -> tuple[str, int]:
    """Keep what the rows of a table tell, and which column is what; give its batch and count."""
    check_collects(keylife.person_of(request))
    brought = table(vault, table_id)
    batch = table_id
    journeys, _ = read_rows(vault, found, batch)
    with vault.transaction():
        docs.write_mapping(vault, brought.table.signature, mapping)
        vault.delete_doc(docs.TABLE, table_id)
        n_kept = keep(request, vault, journeys) if journeys else 0
        if found.days:
            kind = Purpose.TELEWORK if mapping.preset == "telework" else Purpose.BADGE
            docs.write_at_home(vault, batch, docs.DaysAtHome(found.days, kind.value))
            n_kept += len(found.days)
        if found.masts:
            n_kept += _keep_masts(vault, batch, found)
        changed(request, vault)
    return batch, n_kept


def _keep_masts(vault: OpenVault, batch: str, found: Read) -> int:
    """Keep near which masts a phone was: weak evidence, which no track is made of."""
    where = zone(HOME_TZ)
    times_us = [
        from_datetime(datetime.fromisoformat(at).replace(tzinfo=where).astimezone(UTC))
        for at, *_ in found.masts
    ]
    lat, lon, radius = np.array([row[1:] for row in found.masts]).T
    positions = Positions.of(times_us, lat, lon, accuracy_m=radius.astype(np.float32))
    source = Source("phone-masts/table", format=CELLS, stream=Stream.DECLARED)
    seen = veiled(positions, zones_of(vault)).positions
    return vault.add_positions(source, seen, import_id=_import_id(batch)).n_new
