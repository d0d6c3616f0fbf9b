"""From the inbox into the evidence: what devices brought while the vault was locked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from estran.errors import VaultDamaged
from estran.privacy import veiled, veiled_claims
from estran.trace import Activities, Claims, Columns, Marks, Positions, Source, Stream
from estran.web.live.documents import notes_by_device
from estran.web.me.documents import note_change
from estran.web.retention.documents import zones_of
from estran.web.store.opened import OpenVault
from estran.wire.parcel import Parcel, decode
from estran.wire.values import Extra

AT_ONCE = 4_000
"""Parcels taken in by one transaction: a day of a phone that posts each fix at 20 s."""

type_extra = Callable[[OpenVault, Parcel, Extra], "Iterable[Parcel]"]
EXTRAS: dict[str, type_extra] = {}
"""What is done with extras of a kind, inside the transaction that takes them in: it may keep
documents, and gives further parcels that were closed in them. Each app adds its own."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken in."""

    n_parcels: int = 0
    n_new: int = 0
    n_known: int = 0
    n_never: int = 0
    """Positions and visits that lay in places never kept."""


@dataclass(slots=True)
class _Heap:
    """Columns of one source."""

    positions: list[Positions] = field(default_factory=list)
    activities: list[Activities] = field(default_factory=list)
    claims: list[Claims] = field(default_factory=list)
    marks: list[Marks] = field(default_factory=list)


def owner_of(device: str) -> str:
    """Name what brought the evidence of a device, as imports are named."""
    return f"live/{device}"


def source_of(device: str, protocol: str, app: str) -> Source:
    """Name the source of a device: one, whichever protocol it speaks today."""
    return Source(f"live/{device}", protocol, app, Stream.RECORDED)


def take_in(vault: OpenVault, check: Callable[[], None] = lambda: None) -> Taken:
    """Take in all that waits in the inbox: idempotent, some at a time, all or nothing.

    Parameters
    ----------
    vault : OpenVault
    check : callable
        Called between two transactions; it may raise to stop.
    """
    whole = Taken()
    for numbers, parcels in _some(vault):
        check()
        taken = _keep(vault, numbers, parcels)
        whole = Taken(
            whole.n_parcels + taken.n_parcels,
            whole.n_new + taken.n_new,
            whole.n_known + taken.n_known,
            whole.n_never + taken.n_never,
        )
    return whole


def keep_opened(vault: OpenVault, parcels: Iterable[Parcel]) -> Taken:
    """Keep what was closed when it was taken in, and is open now."""
    return _keep(vault, [], list(parcels))


def _some(vault: OpenVault) -> Iterator[tuple[list[bytes], list[Parcel]]]:
    numbers: list[bytes] = []
    parcels: list[Parcel] = []
    # A batch that does not open is left where it is: the check of the vault tells of it.
    for batch in vault.inbox(skip_damaged=lambda _number: None):
        try:
            parcels.append(decode(batch.plain))
        except VaultDamaged:
            continue
        numbers.append(batch.number)
        if len(numbers) >= AT_ONCE:
            yield numbers, parcels
            numbers, parcels = [], []
    if numbers:
        yield numbers, parcels


def _keep(vault: OpenVault, numbers: list[bytes], parcels: list[Parcel]) -> Taken:
    zones = zones_of(vault)
    n_new = n_known = n_never = n_beside = 0
    with vault.transaction():
        apps = {device: notes.app for device, notes in notes_by_device(vault).items()}
        for (device, protocol), heap in _heaps(_unpacked(vault, parcels)).items():
            source, owner = source_of(device, protocol, apps.get(device, "")), owner_of(device)
            if heap.positions:
                seen = veiled(Positions.concatenate(heap.positions), zones)
                added = vault.add_positions(source, seen.positions, import_id=owner)
                n_new, n_known = n_new + added.n_new, n_known + added.n_known
                n_never += seen.n_dropped
            if heap.claims:
                told, n_dropped = veiled_claims(Claims.concatenate(heap.claims), zones)
                n_beside += vault.add_claims(source, told, import_id=owner).n_new
                n_never += n_dropped
            if heap.activities:
                felt = Activities.concatenate(heap.activities)
                n_beside += vault.add_activities(source, felt, import_id=owner).n_new
            if heap.marks:
                said = Marks.concatenate(heap.marks)
                n_beside += vault.add_marks(source, said, import_id=owner).n_new
        if n_new or n_beside:
            note_change(vault)
        vault.clear_inbox(numbers)
    return Taken(len(parcels), n_new, n_known, n_never)


def _unpacked(vault: OpenVault, parcels: Iterable[Parcel]) -> Iterator[Parcel]:
    """Give parcels and what was closed in them."""
    for parcel in parcels:
        yield parcel
        for extra in parcel.posted.extras:
            handle = EXTRAS.get(extra.kind)
            if handle is not None:
                yield from handle(vault, parcel, extra)


def _heaps(parcels: Iterable[Parcel]) -> dict[tuple[str, str], _Heap]:
    heaps: defaultdict[tuple[str, str], _Heap] = defaultdict(_Heap)
    for parcel in parcels:
        heap, posted = heaps[parcel.device, parcel.protocol], parcel.posted
        _put(heap.positions, posted.positions)
        _put(heap.activities, posted.activities)
        _put(heap.claims, posted.claims)
        _put(heap.marks, posted.marks)
    return heaps


def _put(kept: list[Any], rows: Columns | None) -> None:
    if rows is not None and len(rows):
        kept.append(rows)
