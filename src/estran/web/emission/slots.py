"""An app reads a vault with its own token: agreed to, wrapped, used, destroyed.

The vault key is wrapped under a key that is made of the device's token (HKDF-SHA256). The
server keeps the token's digest and the wrapped key: it opens nothing by itself. The consent
in the vault decides; the row is only the way in. See docs/emission.md.
"""

from __future__ import annotations

from datetime import UTC, date, datetime

from django.db import transaction
from django.utils import timezone

from estran.errors import NotFound, VaultDamaged, VaultKeyWrong, VaultLocked
from estran.vault.audit import Act
from estran.vault.consent import Consent, Content, Purpose, allowing, contents
from estran.vault.keys import Slot, decode_slot, derive, encode_slot, open_slot, wrap_slot
from estran.vault.wordings import current
from estran.web.accounts.models import Person, Vault
from estran.web.accounts.vaults import store
from estran.web.emission.documents import WRAPPING
from estran.web.emission.models import ReadingSlot
from estran.web.live.known import Known
from estran.web.live.models import Device
from estran.web.me import consents, rekeying
from estran.web.me.access import note
from estran.web.store.opened import OpenVault

READS = contents(Content.POSITIONS, Content.JOURNAL, Content.CORRECTIONS, Content.PLACES)
WRITES = contents(
    Content.POSITIONS, Content.JOURNAL, Content.SUMMARIES, Content.CORRECTIONS, Content.ACCESS_LOG
)


def key_of_token(token: str, device: str) -> bytes:
    """Make the key under which a device's token wraps a vault key."""
    return derive(token.encode(), salt=b"estran app token", purpose=f"app {device}")


def remember(vault: OpenVault, device: str, token: str) -> None:
    """Keep the key that a token makes, in the vault that it may open: not the token itself."""
    vault.put_doc(WRAPPING, device, key_of_token(token, device))


def recipient_of(device: str) -> str:
    """Name an app in consents."""
    return f"app:{device}"


def offer(device: str, last_day: date, language: str) -> consents.Offer:
    """Say what letting an app read would be."""
    text = current(Purpose.APP, language)
    return consents.Offer(Purpose.APP, recipient_of(device), READS, WRITES, text, last_day)


def _kind(device: str, expires_at: datetime) -> str:
    return f"app {device} {expires_at.astimezone(UTC):%Y-%m-%dT%H:%M:%S}Z"


def let_read(row: Device, vault: OpenVault, vault_key: bytes, asked: consents.Offer) -> Consent:
    """Keep the consent and make the way in: both, or none.

    Raises
    ------
    NotFound
        The key of this device's token is not in the vault: its token must be renewed.
    """
    wrapping = vault.get_doc(WRAPPING, row.pk.hex)
    if wrapping is None:
        raise NotFound
    ends_at = datetime.fromtimestamp(asked.expires_us // 1_000_000, UTC)
    with transaction.atomic():
        slot = wrap_slot(vault_key, vault.vault_id, wrapping, _kind(row.pk.hex, ends_at))
        ReadingSlot.objects.update_or_create(
            device=row,
            defaults={"sealed": encode_slot(slot), "expires_at": ends_at, "noted_on": None},
        )
        return consents.give(vault, asked)


def shut_out(row: Device, vault: OpenVault | None) -> None:
    """Destroy the way in at once; withdraw the consent where the vault is open."""
    ReadingSlot.objects.filter(device=row).delete()
    if vault is None:
        return
    given = consents.standing(vault, Purpose.APP, recipient_of(row.pk.hex))
    if given is not None:
        consents.take_back(vault, given.id)


def opened(known: Known, token: str) -> tuple[OpenVault, bytes] | None:
    """Open a vault with an app's token; None where its person did not agree, or no more.

    One line a day in the access log says that the app read.
    """
    row = ReadingSlot.objects.filter(
        device_id=known.device_id, expires_at__gt=timezone.now()
    ).first()
    if row is None:
        return None
    device = known.device_id.hex
    try:
        slot: Slot = decode_slot(bytes(row.sealed))
        if slot.kind != _kind(device, row.expires_at):
            return None
        key = open_slot(slot, known.vault_id, key_of_token(token, device))
        vault = OpenVault(store(), known.vault_id, key)
    except (VaultKeyWrong, VaultDamaged, NotFound, VaultLocked):
        return None
    may = allowing(
        consents.all_of(vault), Purpose.APP, recipient_of(device), consents.now_us(),
        reads=READS, writes=WRITES,
    )  # fmt: skip
    if may is None:
        return None
    _note_use(row, vault, device)
    return vault, key


def _note_use(row: ReadingSlot, vault: OpenVault, device: str) -> None:
    today = timezone.now().date()
    unnoted = ReadingSlot.objects.filter(pk=row.pk).exclude(noted_on=today)
    # A null is no other day to a database: ask for it by itself.
    first = unnoted.update(noted_on=today) or ReadingSlot.objects.filter(
        pk=row.pk, noted_on=None
    ).update(noted_on=today)
    if first:
        note(vault, Act.APP_READ, device[:8])


def agree(person: Person, vault: OpenVault) -> None:
    """Withdraw consents whose way in is gone: with its device, or with its end."""
    now_us = consents.now_us()
    apps = [one for one in consents.all_of(vault) if one.purpose is Purpose.APP]
    if not any(one.holds(now_us) for one in apps):
        return
    rows = ReadingSlot.objects.filter(device__person=person)
    ways = {recipient_of(slot.device_id.hex) for slot in rows}
    for one in apps:
        if one.holds(now_us) and one.recipient not in ways:
            consents.take_back(vault, one.id)


def wrap_again(row: Vault, vault_key: bytes) -> None:
    """Wrap a vault's new key for the apps that may read; one whose key is lost is shut out."""
    slots = ReadingSlot.objects.filter(device__person_id=row.person_id).select_related("device")
    if not slots.exists():
        return
    vault = OpenVault(store(), row.vault_id, vault_key)
    for slot in slots:
        device = slot.device.pk.hex
        wrapping = vault.get_doc(WRAPPING, device)
        if wrapping is None:
            slot.delete()
            continue
        wrapped = wrap_slot(vault_key, row.vault_id, wrapping, _kind(device, slot.expires_at))
        ReadingSlot.objects.filter(pk=slot.pk).update(sealed=encode_slot(wrapped))


def register() -> None:
    """Be asked when a vault gets another key."""
    if wrap_again not in rekeying.AGAIN:
        rekeying.AGAIN.append(wrap_again)
