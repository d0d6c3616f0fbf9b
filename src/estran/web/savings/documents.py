"""Savings that a person keeps, as sealed documents of their vault."""

from __future__ import annotations

from estran.coach.booking import Booked
from estran.web.me.records import decode, encode
from estran.web.store.opened import OpenVault

SAVING = "saving"
"""One saving that is kept, by its id."""


def read_savings(vault: OpenVault) -> tuple[Booked, ...]:
    """Read what is kept, the latest period first."""
    records = (vault.get_doc(SAVING, one) for one in vault.doc_ids(SAVING))
    kept = [decode(record, Booked) for record in records if record is not None]
    return tuple(sorted(kept, key=lambda one: (one.last, one.first, one.id), reverse=True))


def write_saving(vault: OpenVault, booked: Booked) -> None:
    """Keep one."""
    vault.put_doc(SAVING, booked.id, encode(booked))


def withdraw_saving(vault: OpenVault, booking_id: str) -> bool:
    """Forget one; False when there is none of this id."""
    if booking_id not in vault.doc_ids(SAVING):
        return False
    vault.delete_doc(SAVING, booking_id)
    return True
