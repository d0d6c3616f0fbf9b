"""What would leave, byte for byte, shown before it is agreed to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from estran.errors import VaultConflict


@dataclass(frozen=True, slots=True)
class Preview:
    """The very bytes that are kept or sent when the person says yes.

    A page shows ``body`` as it is and puts :attr:`digest` into its form; what the form
    brings back goes through :meth:`agreed`, so that nothing else can be sent.

    Examples
    --------
    >>> seen = Preview("campaign:12", "application/json", b"{}")
    >>> seen.agreed(seen.digest)
    b'{}'
    """

    recipient: str
    media_type: str
    body: bytes = field(repr=False)

    @property
    def digest(self) -> str:
        """SHA-256 of recipient, kind and bytes, in hexadecimal."""
        told = f"{self.recipient}\0{self.media_type}\0".encode()
        return hashlib.sha256(told + self.body).hexdigest()

    @property
    def n_bytes(self) -> int:
        """How many bytes there are."""
        return len(self.body)

    @property
    def text(self) -> str:
        """The bytes as a page shows them; bytes that are no text show as their numbers."""
        return self.body.decode(errors="backslashreplace")

    def agreed(self, digest: str) -> bytes:
        """Give the bytes to send, when they are those that the person saw.

        Raises
        ------
        VaultConflict
            They changed since they were shown.
        """
        if digest != self.digest:
            raise VaultConflict
        return self.body
