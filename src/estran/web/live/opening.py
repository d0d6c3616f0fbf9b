"""Messages that an app encrypted itself: kept closed until their phrase is known.

The door cannot read them, nor can the taking in while no phrase, or another one, is in the
vault. Nothing of that is lost: a closed message becomes a document, and the phrase that comes
later opens it.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass, field

from nacl.exceptions import CryptoError
from nacl.secret import SecretBox

from estran.web.live.documents import read_notes
from estran.web.live.setup import PATHS
from estran.web.me.records import decode, encode
from estran.web.store.opened import OpenVault
from estran.wire.parcel import Parcel
from estran.wire.table import by_path
from estran.wire.values import NOTHING, Call, Extra

CLOSED = "owntracks-closed"
"""Kind of the extras in which the door keeps such a message: a nonce, then the sealed text."""
CLOSED_MESSAGE = "closed-message"


@dataclass(frozen=True, slots=True)
class ClosedMessage:
    """A message that waits for its phrase; ``content`` in base 64."""

    device: str
    received_us: int
    content: str = field(repr=False)


def opened(content: bytes, phrase: str, device: str, received_us: int) -> Parcel | None:
    """Open a message, libsodium's secretbox under the phrase filled up with zero bytes.

    None where there is no phrase, or another one opens it.
    """
    protocol = by_path(PATHS["owntracks"])
    if not phrase or protocol is None:
        return None
    key = phrase.encode()[: SecretBox.KEY_SIZE].ljust(SecretBox.KEY_SIZE, b"\0")
    try:
        plain = SecretBox(key).decrypt(content)
    except (CryptoError, ValueError):
        return None
    headers = {"content-type": "application/json"}
    answer = protocol.read(Call("POST", PATHS["owntracks"], "", headers, plain), received_us)
    return Parcel(device, protocol.key, received_us, answer.posted if answer else NOTHING)


def open_or_keep(vault: OpenVault, parcel: Parcel, extra: Extra) -> Iterable[Parcel]:
    """Give what a closed message holds; keep it closed where the phrase does not open it."""
    phrase = read_notes(vault, parcel.device).phrase
    found = opened(extra.body, phrase, parcel.device, parcel.received_us)
    if found is not None:
        return (found,)
    content = base64.b64encode(extra.body).decode("ascii")
    name = hashlib.sha256(parcel.device.encode() + extra.body).hexdigest()
    kept = ClosedMessage(parcel.device, parcel.received_us, content)
    vault.put_doc(CLOSED_MESSAGE, name, encode(kept))
    return ()


def n_closed(vault: OpenVault, device: str) -> int:
    """Count the messages of a device that wait for their phrase."""
    return sum(1 for _, kept in _all(vault) if kept.device == device)


def closed_parcels(vault: OpenVault, device: str) -> dict[str, Parcel]:
    """Give the messages of a device that its phrase opens now, by document."""
    phrase = read_notes(vault, device).phrase
    found: dict[str, Parcel] = {}
    for name, kept in _all(vault):
        if kept.device != device:
            continue
        parcel = opened(base64.b64decode(kept.content), phrase, device, kept.received_us)
        if parcel is not None:
            found[name] = parcel
    return found


def forget_closed(vault: OpenVault, device: str) -> None:
    """Erase the messages of a device that wait for their phrase."""
    for name, kept in _all(vault):
        if kept.device == device:
            vault.delete_doc(CLOSED_MESSAGE, name)


def _all(vault: OpenVault) -> list[tuple[str, ClosedMessage]]:
    return [(name, decode(record, ClosedMessage)) for name, record in vault.docs(CLOSED_MESSAGE)]
