"""What phones of studies brought beside positions: kept, and labels made corrections."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from estran.coach.carving import overlaps
from estran.coach.corrections import Correction
from estran.errors import PeerForbidden, PeerSilent, Refusal
from estran.journal import Trip
from estran.timebase import local_day
from estran.web.emission import hooks
from estran.web.emission.documents import (
    HOOK,
    PROFILE,
    WORDS,
    add_entries,
    entries_of,
    read_book,
    read_json,
    read_settled,
    write_json,
    write_settled,
)
from estran.web.emission.telling import refreshed, whole_journal
from estran.web.live.doing import AFTER
from estran.web.live.taking import EXTRAS
from estran.web.me import consents
from estran.web.me.documents import write_correction
from estran.web.me.summing import refresh_months
from estran.web.retention.documents import read_erased
from estran.web.store.opened import OpenVault
from estran.wire.emission import posting
from estran.wire.emission.kept import MODE_LABEL, PURPOSE_LABEL
from estran.wire.emission.labels import (
    Label,
    label_of,
    leg_meant,
    mode_said,
    purpose_said,
    trip_of,
)
from estran.wire.emission.stamps import oid
from estran.wire.parcel import Parcel
from estran.wire.values import Extra

PROFILE_EXTRA, WORDS_EXTRA = "emission.profile", "emission.words"
_log = logging.getLogger(__name__)


def _keep_entries(vault: OpenVault, parcel: Parcel, extra: Extra) -> Iterable[Parcel]:
    add_entries(vault, parcel.device, posting.entries_in(extra))
    return ()


def _keep_profile(vault: OpenVault, parcel: Parcel, extra: Extra) -> Iterable[Parcel]:
    merge_profile(vault, parcel.device, json.loads(extra.body))
    return ()


def _keep_words(vault: OpenVault, _parcel: Parcel, extra: Extra) -> Iterable[Parcel]:
    change_words(vault, **json.loads(extra.body))
    return ()


MOST_PROFILE = 200


def merge_profile(vault: OpenVault, device: str, told: dict[str, object]) -> None:
    """Lay what an app says of itself over what it said before."""
    merged = {**read_json(vault, PROFILE, device), **told}
    write_json(vault, PROFILE, dict(list(merged.items())[-MOST_PROFILE:]), device)


def change_words(vault: OpenVault, key: str, add: list[str], drop: list[str]) -> list[str]:
    """Add and drop own labels of a kind; the last used come first."""
    words = read_json(vault, WORDS)
    kept = [word for word in words.get(key, []) if word not in {*add, *drop}]
    words[key] = [*add, *kept][:MOST_PROFILE]
    write_json(vault, WORDS, words)
    return list(words[key])


def settle_labels(vault: OpenVault) -> int:
    """Make corrections of labels whose trips are known by now; count them.

    Of several labels of one trip the one written last holds. A label whose correction was
    taken back by the person is not made one again.
    """
    settled = read_settled(vault)
    waiting = [
        label
        for kept in entries_of(vault)
        if kept.key in {MODE_LABEL, PURPOSE_LABEL} and kept.id not in settled
        if (label := label_of(kept)) is not None and (mode_said(label) or purpose_said(label))
    ]
    if not waiting:
        return 0
    trips = [entry for entry in whole_journal(vault) if isinstance(entry, Trip)]
    gone = read_erased(vault)
    made: dict[str, Correction] = {}
    for label in sorted(waiting, key=lambda one: (one.kept.write_us, one.kept.id)):
        correction = _correction(label, trips)
        if correction and not overlaps(correction.start_us, correction.end_us, gone):
            made[label.kept.id] = correction
    if not made:
        return 0
    with vault.transaction():
        for correction in made.values():
            write_correction(vault, correction)
        write_settled(vault, {**settled, **{name: one.id for name, one in made.items()}})
        refresh_months(vault, {day for one in made.values() for day in _days_near(one)})
    return len(made)


def _correction(label: Label, trips: Sequence[Trip]) -> Correction | None:
    trip, mode, purpose = trip_of(label, trips), mode_said(label), purpose_said(label)
    # A phone's clock that runs ahead does not outlast what its person says later.
    made_at_us = min(label.kept.write_us, consents.now_us())
    if trip is not None and purpose is not None:
        return Correction(
            id=oid("purpose", trip.started_us, trip.ended_us), kind="purpose", purpose=purpose,
            start_us=trip.started_us, end_us=trip.ended_us, made_at_us=made_at_us, source="app",
        )  # fmt: skip
    leg = leg_meant(trip) if trip else None
    if leg is None or mode is None:
        return None
    return Correction(
        id=oid("correction", leg.started_us, leg.ended_us),
        start_us=leg.started_us, end_us=leg.ended_us, mode=mode,
        made_at_us=made_at_us, source="app",
    )  # fmt: skip


def _days_near(one: Correction) -> list[date]:
    first, last = (local_day(at_us, "UTC") for at_us in (one.start_us, one.end_us))
    return [first - timedelta(days=1), first, last, last + timedelta(days=1)]


def after_journal(vault: OpenVault) -> None:
    """Once the journal is of all that came: settle labels, tell trips, tell who asked."""
    n_before = len(read_book(vault).issues)
    settle_labels(vault)
    book = refreshed(vault)
    n_new = max(len(book.issues) - n_before, 0)
    for device in vault.doc_ids(HOOK):
        told = read_json(vault, HOOK, device)
        vault.delete_doc(HOOK, device)
        try:
            hooks.tell(str(told.get("url", "")), {"newTrips": n_new, "user": told.get("user", "")})
        except (PeerForbidden, PeerSilent, Refusal) as refusal:
            _log.info("a hook was not told: %s", refusal.code)


def register() -> None:
    """Tell the workers."""
    EXTRAS[posting.ENTRIES] = _keep_entries
    EXTRAS[PROFILE_EXTRA] = _keep_profile
    EXTRAS[WORDS_EXTRA] = _keep_words
    if after_journal not in AFTER:
        AFTER.append(after_journal)
