"""What opening a vault finds: batches from the door, and whether all is as it was left."""

from __future__ import annotations

from dataclasses import dataclass, field

from estran.web.store.evidence import DamagedChunk


@dataclass(frozen=True, slots=True)
class InboxBatch:
    """One batch that was sealed at the door, opened.

    ``number`` names it to :meth:`OpenVault.clear_inbox`.
    """

    number: bytes
    batch_id: str
    plain: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Verification:
    """What a full check of a vault found.

    Parameters
    ----------
    rows_as_left : bool
        No row was put back to an older state, removed or added from outside.
    audit_whole : bool
        The audit's chain is unbroken up to its head.
    damaged_chunks : tuple of DamagedChunk
        Days that do not open.
    n_damaged_docs : int
        Documents that do not open.
    """

    rows_as_left: bool
    audit_whole: bool
    damaged_chunks: tuple[DamagedChunk, ...]
    n_damaged_docs: int

    @property
    def sound(self) -> bool:
        """Tell that nothing is wrong."""
        found = self.damaged_chunks or self.n_damaged_docs
        return self.rows_as_left and self.audit_whole and not found
