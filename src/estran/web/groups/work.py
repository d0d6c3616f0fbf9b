"""What a person can do in groups. All is sealed under a key that only members' vaults hold."""

from __future__ import annotations

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from estran.coach.month_shown import FIGURES, shareable
from estran.errors import NotFound, VaultDamaged
from estran.vault.keys import KEY_BYTES
from estran.vault.seal import Sealer
from estran.web.accounts.models import Person
from estran.web.groups.models import Circle, Invitation, Member
from estran.web.me import work
from estran.web.me.records import decode, encode
from estran.web.me.summing import month_of
from estran.web.store.opened import OpenVault

GROUP = "group"
INVITED_FOR = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Mine:
    """What a member keeps of a group in their vault."""

    name: str
    called: str
    key_hex: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Shown:
    """What one member shows: nothing but a name until they choose."""

    name: str
    month: date | None = None
    figures: Mapping[str, float] = field(default_factory=dict)


def make(person: Person, vault: OpenVault, name: str, called: str) -> UUID:
    """Make a group with one member who shows nothing yet."""
    mine = Mine(name, called, secrets.token_bytes(KEY_BYTES).hex())
    with transaction.atomic():
        circle = Circle.objects.create()
        _enter(person, vault, circle.pk, mine)
    return circle.pk


def _enter(person: Person, vault: OpenVault, circle_id: UUID, mine: Mine) -> None:
    sealed = _sealed(circle_id, person, mine, Shown(mine.called))
    Member.objects.create(circle_id=circle_id, person=person, shown=sealed)
    vault.put_doc(GROUP, str(circle_id), encode(mine))


def _sealer(circle_id: UUID, key: bytes) -> Sealer:
    return Sealer(str(circle_id), key, circle_id.bytes)


def _sealed(circle_id: UUID, person: Person, mine: Mine, shown: Shown) -> bytes:
    told = {
        "name": shown.name,
        "month": shown.month.isoformat() if shown.month else None,
        "figures": dict(shown.figures),
    }
    sealer = _sealer(circle_id, bytes.fromhex(mine.key_hex))
    return sealer.seal("group member", person.pk.bytes, 0, json.dumps(told).encode())


def groups(person: Person, vault: OpenVault) -> list[tuple[UUID, str]]:
    """List one's groups by name. A membership whose key went with an earlier vault ends."""
    found = []
    for circle_id in list(person.memberships.values_list("circle_id", flat=True)):
        record = vault.get_doc(GROUP, str(circle_id))
        if record is None:
            leave(person, vault, circle_id)
        else:
            found.append((circle_id, decode(record, Mine).name))
    return sorted(found, key=lambda one: (one[1].casefold(), one[0]))


def mine(person: Person, vault: OpenVault, circle_id: UUID) -> Mine:
    """Give what a member keeps of a group.

    Raises
    ------
    NotFound
        No such group, or not one of this person's.
    """
    record = vault.get_doc(GROUP, str(circle_id))
    if record is None or not person.memberships.filter(circle_id=circle_id).exists():
        raise NotFound
    return decode(record, Mine)


def members(circle_id: UUID, kept: Mine) -> list[tuple[UUID, Shown]]:
    """Open what the members of a group show, in the order in which they joined."""
    sealer = _sealer(circle_id, bytes.fromhex(kept.key_hex))
    found = []
    for row in Member.objects.filter(circle_id=circle_id).order_by("joined_at", "pk"):
        try:
            plain = sealer.open("group member", row.person_id.bytes, 0, bytes(row.shown))
        except VaultDamaged:
            continue
        told = json.loads(plain)
        month = date.fromisoformat(told["month"]) if told["month"] else None
        found.append((row.person_id, Shown(told["name"], month, told["figures"])))
    return found


def preview(vault: OpenVault) -> tuple[date | None, dict[str, float]]:
    """Give what could be shown: the figures of the last month of which something is known."""
    last = work.known_days(vault).last
    if last is None:
        return None, {}
    first, end = month_of(last)
    return first, shareable(work.journal(vault, first, end), first, end)


def show(person: Person, vault: OpenVault, circle_id: UUID, chosen: list[str]) -> None:
    """Show the chosen figures to the group in place of what was shown; none of them: nothing."""
    kept = mine(person, vault, circle_id)
    month, figures = preview(vault) if chosen else (None, {})
    picked = {key: figures[key] for key in FIGURES if key in chosen and key in figures}
    shown = Shown(kept.called, month if picked else None, picked)
    sealed = _sealed(circle_id, person, kept, shown)
    Member.objects.filter(circle_id=circle_id, person=person).update(shown=sealed)


def leave(person: Person, vault: OpenVault, circle_id: UUID) -> None:
    """Leave a group: what was shown there goes at once, and the key to the others' figures."""
    with transaction.atomic():
        person.memberships.filter(circle_id=circle_id).delete()
        Invitation.objects.filter(circle_id=circle_id, made_by=person).delete()
        Circle.objects.filter(members=None).delete()
    vault.delete_doc(GROUP, str(circle_id))


def invite(person: Person, vault: OpenVault, circle_id: UUID) -> str:
    """Make a link's code that lets one person in, for a week."""
    kept = mine(person, vault, circle_id)
    Invitation.objects.filter(ends_at__lte=timezone.now()).delete()
    code = secrets.token_hex(KEY_BYTES)
    told = json.dumps({"name": kept.name, "key": kept.key_hex}).encode()
    Invitation.objects.create(
        circle_id=circle_id,
        made_by=person,
        digest=_digest(code),
        sealed=_sealer(circle_id, bytes.fromhex(code)).seal("group invitation", b"", 0, told),
        ends_at=timezone.now() + INVITED_FOR,
    )
    return code


def _digest(code: str) -> str:
    return hashlib.sha256(b"group invitation " + code.encode()).hexdigest()


def invited(code: str) -> tuple[Invitation, dict[str, str]]:
    """Open an invitation.

    Raises
    ------
    NotFound
        It was used or taken back, has ended, or never was.
    """
    row = Invitation.objects.filter(digest=_digest(code), ends_at__gt=timezone.now()).first()
    if row is None:
        raise NotFound
    sealer = _sealer(row.circle_id, bytes.fromhex(code))
    return row, json.loads(sealer.open("group invitation", b"", 0, bytes(row.sealed)))


def join(person: Person, vault: OpenVault, code: str, called: str) -> UUID:
    """Enter a group, showing nothing yet; the invitation is used up."""
    row, told = invited(code)
    if person.memberships.filter(circle_id=row.circle_id).exists():
        return row.circle_id
    with transaction.atomic():
        if not Invitation.objects.filter(pk=row.pk).delete()[0]:
            raise NotFound
        _enter(person, vault, row.circle_id, Mine(told["name"], called, told["key"]))
    return row.circle_id
