"""After the operator put a backup back: people are told, and who had left stays away."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.utils.formats import date_format
from django.utils.translation import gettext

from estran.web.accounts import keylife
from estran.web.accounts.models import Vault
from estran.web.accounts.vaults import store
from estran.web.me.work import erase_everything
from estran.web.portability.notes import TOLD

_MANY = 500


def forget_the_erased() -> int:
    """Erase the accounts whose vault did not come back; count them."""
    kept = store()
    gone = [row.person for row in Vault.objects.iterator(_MANY) if not kept.exists(row.vault_id)]
    for person in gone:
        erase_everything(person)
    return len(gone)


def _restored() -> dict[str, str] | None:
    try:
        text = (Path(settings.ESTRAN_DATA) / "restored").read_text(encoding="ascii")
    except FileNotFoundError:
        return None
    told: dict[str, str] = json.loads(text)
    return told


def tell_restored(
    get_response: Callable[[HttpRequest], HttpResponse],
) -> Callable[[HttpRequest], HttpResponse]:
    """Tell each person once, when they open their vault, that it is as it was before."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        if keylife.was_opened_now(request) and (told := _restored()) is not None:
            _tell(request, told)
        return response

    return middleware


def _tell(request: HttpRequest, told: dict[str, str]) -> None:
    person, made_at = keylife.person_of(request), datetime.fromisoformat(told["made_at"])
    if keylife.key_of(request) is None or person.created_at > made_at:
        return
    vault, which = keylife.open_vault(request), told["restored_at"]
    if vault.get_doc(TOLD, which) is not None:
        return
    vault.put_doc(TOLD, which, b"\x01")
    said = gettext(
        "This site was put back to how it was on {day}. What you brought or corrected after that "
        "is not here: please bring it again."
    )
    messages.warning(request, said.format(day=date_format(made_at, "j F Y, H:i")))
