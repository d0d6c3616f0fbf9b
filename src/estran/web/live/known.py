"""Whose token is this? Asked at each call of each phone, and remembered meanwhile.

It is forgotten at once when a device, a pause or a key changes, in whichever process.
"""

from __future__ import annotations

import os
import threading
import time
import uuid
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import close_old_connections
from django.utils import timezone

from estran.errors import NotFound
from estran.web.accounts.models import Vault
from estran.web.accounts.vaults import store
from estran.web.live.models import Device
from estran.web.live.tokens import digest_of
from estran.web.retention.models import Pause

LASTS_S = 5.0
"""A memory older than this is asked again: for changes made beside the site."""

MOST = 20_000
"""Tokens remembered by a process; a stranger who tries many makes it forget, not grow."""

_LONGEST = 200

MOST_VAULT_BYTES = 4 * 1024**3
"""A fix a second for ten years takes 3.3 GB at 10.5 bytes each: a phone that brings more is
broken or means harm, and is asked to wait."""


@dataclass(frozen=True, slots=True)
class Known:
    """A device as the door needs it.

    Parameters
    ----------
    digest : str
        Of its token.
    device_id, person_id : UUID
    app : str
    vault_id : str
    public_key : bytes
        What is brought is sealed to it.
    device_paused, paused : bool
        The device is paused; the person is, until ``until`` where that is set.
    is_full : bool
        The vault has grown beyond what phones may make it: see :data:`MOST_VAULT_BYTES`.
    """

    digest: str
    device_id: uuid.UUID
    person_id: uuid.UUID
    app: str
    vault_id: str
    public_key: bytes = field(repr=False)
    device_paused: bool = False
    is_full: bool = False
    paused: bool = False
    until: datetime | None = None

    @property
    def takes(self) -> bool:
        """Tell whether what comes now is kept."""
        is_over = self.until is not None and self.until <= timezone.now()
        return not self.device_paused and (not self.paused or is_over)


def _path() -> str:
    return f"{settings.ESTRAN_DATA}/live.stamp"


def tell_changed() -> None:
    """Make every process forget what it knows of devices: call it after each change."""
    try:
        os.utime(_path())
    except FileNotFoundError:
        Path(_path()).touch(mode=0o600)


def stamp() -> int:
    """Give a number that is another after each change."""
    try:
        return os.stat(_path()).st_mtime_ns  # noqa: PTH116 - asked thrice a call: no Path is made
    except FileNotFoundError:
        return 0


class Book:
    """What one process remembers of tokens."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._of: tuple[str, int] = ("", -1)
        self._pages: dict[str, tuple[float, Known | None]] = {}

    def find(self, token: str) -> Known | None:
        """Find the device of a token, None where there is none."""
        if not 0 < len(token) <= _LONGEST:
            return None
        digest, now_s = digest_of(token), time.monotonic()
        of = (str(settings.ESTRAN_DATA), stamp())
        with self._lock:
            if of != self._of:
                self._of, self._pages = of, {}
            read_s, known = self._pages.get(digest, (-LASTS_S, None))
            if now_s - read_s < LASTS_S:
                return known
        known = look_up(digest)
        with self._lock:
            if of == self._of:
                if len(self._pages) >= MOST:
                    self._pages.clear()
                self._pages[digest] = (now_s, known)
        return known


def look_up(digest: str) -> Known | None:
    """Read a device by the digest of its token."""
    close_old_connections()
    try:
        row = Device.objects.filter(token_digest=digest).first()
        if row is None:
            return None
        vault = Vault.objects.filter(person_id=row.person_id).first()
        if vault is None:
            return None
        pause = Pause.objects.filter(person_id=row.person_id).first()
        return Known(
            digest,
            row.pk,
            row.person_id,
            row.app,
            vault.vault_id,
            bytes(vault.public_key),
            row.paused_at is not None,
            _is_full(vault.vault_id),
            pause is not None,
            pause.until if pause else None,
        )
    finally:
        close_old_connections()


def _is_full(vault_id: str) -> bool:
    try:
        return store().size_bytes(vault_id) > MOST_VAULT_BYTES
    except NotFound:
        return False


BOOK = Book()
