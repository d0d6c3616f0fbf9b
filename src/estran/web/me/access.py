"""The access log as the site writes it: a line in the vault, its head outside.

Everything that opens a vault, sends something from it or changes who may, writes a line.
Pages write one line a sign-in, not one a click; jobs one line each time they begin.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from estran.vault.audit import Act
from estran.vault.keys import PASSPHRASE, RECOVERY
from estran.web.accounts.models import Vault
from estran.web.me.models import LogHead
from estran.web.store.logbook import Log
from estran.web.store.opened import OpenVault


def note(vault: OpenVault, act: Act, *why: str | int) -> None:
    """Write who did what and why, and keep the head; not inside ``vault.transaction()``.

    Parameters
    ----------
    vault : OpenVault
    act : Act
    *why : str or int
        Words as :class:`~estran.vault.audit.Act` names them: codes, digests and counts. Never
        a place, a name or an address.
    """
    kept = _kept(vault)
    is_followed = kept is None or vault.log_follows(kept)
    vault.audit(act, told(*why))
    if is_followed:
        keep_head(vault)


@contextlib.contextmanager
def noting(vault: OpenVault) -> Iterator[None]:
    """Keep the head after a block whose transaction wrote a line with what it did."""
    kept = _kept(vault)
    is_followed = kept is None or vault.log_follows(kept)
    yield
    if is_followed:
        keep_head(vault)


_SLOTS: ContextVar[set[str] | None] = ContextVar("slots changed in this request", default=None)
_WORDS = {PASSPHRASE: "password", RECOVERY: "recovery-code"}


@contextmanager
def watching_slots() -> Iterator[set[str]]:
    """Gather which ways to open a vault a request changes, as the log names them."""
    changed: set[str] = set()
    token = _SLOTS.set(changed)
    try:
        yield changed
    finally:
        _SLOTS.reset(token)


def slot_changed(kind: str) -> None:
    """Remember that a slot was made, replaced or removed, where somebody watches."""
    changed = _SLOTS.get()
    if changed is not None:
        changed.add(_WORDS.get(kind, "passkey"))


def told(*why: str | int) -> str:
    """Join the words of a why, for :meth:`OpenVault.audit` inside a transaction."""
    return " ".join(str(word) for word in why)


def keep_head(vault: OpenVault) -> None:
    """Keep the head of the log outside the vault, sealed."""
    row = Vault.objects.filter(vault_id=vault.vault_id).only("pk").first()
    if row is not None:
        LogHead.objects.update_or_create(vault=row, defaults={"sealed": vault.log_head()})


def log_of(vault: OpenVault) -> Log:
    """Read the log and tell whether it is as it was left."""
    return vault.log(_kept(vault))


def resume(vault: OpenVault) -> None:
    """Go on after the person has seen that lines are missing: that is a line too."""
    found = log_of(vault)
    if not found.n_taken:
        return
    vault.audit(Act.RESUMED, told(found.n_taken))
    keep_head(vault)


def _kept(vault: OpenVault) -> bytes | None:
    row = LogHead.objects.filter(vault__vault_id=vault.vault_id).only("sealed").first()
    return bytes(row.sealed) if row else None
