"""The receipt of an erasure: it proves, to who knows the vault's id, and tells nothing."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ErasureReceipt:
    """That a vault was erased, without its id.

    Parameters
    ----------
    erased_at_us : int
        When. [µs since 1970, UTC]
    salt, fingerprint : bytes
        The fingerprint is HMAC-SHA256 of the vault's id under the salt.
    """

    erased_at_us: int
    salt: bytes
    fingerprint: bytes

    def is_of(self, vault_id: str) -> bool:
        """Tell whether the receipt is that of a vault."""
        return hmac.compare_digest(_fingerprint(self.salt, vault_id), self.fingerprint)


def _fingerprint(salt: bytes, vault_id: str) -> bytes:
    return hmac.digest(salt, b"estran erased 1\0" + vault_id.encode(), hashlib.sha256)


def erasure_receipt(vault_id: str, erased_at_us: int) -> ErasureReceipt:
    """Write the receipt of a vault that was erased.

    Examples
    --------
    >>> receipt = erasure_receipt("a1b2", 0)
    >>> receipt.is_of("a1b2"), receipt.is_of("a1b3")
    (True, False)
    """
    salt = secrets.token_bytes(16)
    return ErasureReceipt(erased_at_us, salt, _fingerprint(salt, vault_id))
