"""Give up a vault that its owner can open no more, and keep the account."""

from __future__ import annotations

from dataclasses import replace

from django.db import transaction
from django.utils import timezone

from estran.web import papers
from estran.web.accounts.models import ErasureReceipt, Person, Vault
from estran.web.accounts.vaults import store
from estran.web.me.models import Import, LogHead, SealedUpload
from estran.web.me.uploads import discard
from estran.web.me.work.erasure import KEYS_RANK, Receipt, receipt_for

_OF_THE_VAULT = (SealedUpload, LogHead, Import, Vault)
"""Rows that mean nothing without the vault, in the order of erasure."""


def erase_vault(person: Person) -> Receipt:
    """Erase the vault and what hangs on it: slots first, then the file, then the rows.

    Calling it again after an interruption goes on where it stopped.
    """
    uploads = list(
        SealedUpload.objects.filter(of_import__person=person).values_list("pk", flat=True)
    )
    vault = Vault.objects.filter(person=person).first()
    by_model = papers.all_papers()
    with transaction.atomic():
        n_rows = sum(p.erase(person) for p in by_model.values() if p.rank <= KEYS_RANK)
    if vault is not None:
        store().erase(vault.vault_id)
    discard(uploads)
    receipt = receipt_for(vault.vault_id if vault else "", timezone.now(), n_rows)
    with transaction.atomic():
        n_rows += sum(by_model[model].erase(person) for model in _OF_THE_VAULT)
        ErasureReceipt.objects.create(digest=receipt.digest, erased_at=receipt.erased_at)
    return replace(receipt, n_rows=n_rows)
