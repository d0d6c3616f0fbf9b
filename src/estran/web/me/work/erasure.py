"""Delete everything: what opens the vault, the vault, the files that wait, every row."""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from estran.web import papers
from estran.web.accounts.models import ErasureReceipt, Person, Vault
from estran.web.accounts.vaults import store
from estran.web.me.models import SealedUpload
from estran.web.me.uploads import discard


@dataclass(frozen=True, slots=True)
class Receipt:
    """What the person keeps as proof.

    ``code`` with the former vault id gives the digest that the site keeps; neither names
    anybody.
    """

    code: str
    digest: str
    erased_at: datetime
    n_rows: int


def erase_everything(person: Person) -> Receipt:
    """Erase a person: nothing of them is left here, and old backups no longer open.

    The key slots go first, committed by themselves: whatever happens afterwards, the vault
    opens no more. Calling it again after an interruption goes on where it stopped. A worker
    that is busy for the person loses its job and its vault, and stops at its next step.
    """
    uploads = list(
        SealedUpload.objects.filter(of_import__person=person).values_list("pk", flat=True)
    )
    vault = Vault.objects.filter(person=person).first()
    by_rank = papers.all_papers()
    with transaction.atomic():
        n_rows = sum(p.erase(person) for p in by_rank.values() if p.rank <= KEYS_RANK)
    if vault is not None:
        store().erase(vault.vault_id)
    discard(uploads)
    receipt = receipt_for(vault.vault_id if vault else "", timezone.now(), n_rows)
    with transaction.atomic():
        n_rows += sum(p.erase(person) for p in by_rank.values() if p.rank > KEYS_RANK)
        ErasureReceipt.objects.create(digest=receipt.digest, erased_at=receipt.erased_at)
    return replace(receipt, n_rows=n_rows)


def receipt_for(vault_id: str, erased_at: datetime, n_rows: int) -> Receipt:
    """Draw a receipt's code and compute its digest."""
    code = secrets.token_hex(8)
    digest = hashlib.sha256(f"{code}\0{vault_id}".encode()).hexdigest()
    return Receipt(code, digest, erased_at, n_rows)


KEYS_RANK = 1
"""Papers up to this rank destroy keys: slots and grants."""
