"""Secret addresses that hand a connection to a phone: they open for half an hour.

The token is in the address itself, sealed under a key of the site: nothing is stored, and an
address means nothing without this site. A file behind it is given out once.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import secrets
import time
from dataclasses import dataclass, field

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.core.cache import cache

from estran.errors import NotFound
from estran.vault.keys import derive
from estran.web.live.known import BOOK

LASTS_S = 30 * 60
_NONCE_BYTES = 12
_SALT = b"estran hand-over"
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Handed:
    """What a secret address holds.

    Parameters
    ----------
    app, label, phone, sampling : str
        As :class:`.setup.Connection` takes them; the label, for the name stays in the vault.
    token : str
    until_s : int
        [s since 1970]
    phrase : str
        With which OwnTracks encrypts.
    """

    app: str
    token: str = field(repr=False)
    label: str
    phone: str
    sampling: str
    until_s: int
    phrase: str = field(default="", repr=False)


def _cipher() -> AESGCM:
    return AESGCM(derive(settings.SECRET_KEY.encode(), salt=_SALT, purpose="device"))


def sealed(handed: Handed) -> str:
    """Write what is handed over as a part of an address."""
    nonce = secrets.token_bytes(_NONCE_BYTES)
    closed = _cipher().encrypt(nonce, msgspec.msgpack.encode(handed), None)
    return base64.urlsafe_b64encode(nonce + closed).rstrip(b"=").decode()


def opened(part: str) -> Handed:
    """Read what an address hands over.

    Raises
    ------
    NotFound
        It is none of this site, its half hour is over, or the token holds no more.
    """
    if len(part) > _LONGEST:
        raise NotFound
    try:
        raw = base64.urlsafe_b64decode(part + "=" * (-len(part) % 4))
        plain = _cipher().decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], None)
        handed = msgspec.msgpack.decode(plain, type=Handed)
    except (binascii.Error, ValueError, InvalidTag, msgspec.MsgspecError) as error:
        raise NotFound from error
    if handed.until_s < time.time() or BOOK.find(handed.token) is None:
        raise NotFound
    return handed


def burn(part: str, name: str) -> None:
    """Give out a file once.

    Raises
    ------
    NotFound
        It was given out before.
    """
    digest = hashlib.sha256(f"{part}/{name}".encode()).hexdigest()
    if not cache.add(f"handed:{digest}", 1, timeout=LASTS_S + 60):
        raise NotFound


def until_s() -> int:
    """Tell when an address that is made now closes. [s since 1970]"""
    return int(time.time()) + LASTS_S
