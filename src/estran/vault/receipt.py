"""Receipts of consents, after the record structure of ISO/IEC TS 27560:2023.

A receipt repeats the consent word for word, with the text that was shown, and carries the
digest of the consent's canonical form: anybody can compute it again.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

import msgspec

from estran.errors import ReceiptUnfit, VaultDamaged
from estran.timebase import iso_utc
from estran.vault import consent as consents
from estran.vault.consent import Consent
from estran.vault.wordings import ConsentText

SCHEMA = "https://w3id.org/dpv/schema/dpv-27560#receipt-record"
"""The profile whose sections are followed; field names are those of the specification."""


@dataclass(frozen=True, slots=True)
class Controller:
    """Who answers for the site, as its operator wrote it."""

    name: str
    contact: str = ""


def receipt(consent: Consent, shown: ConsentText | None, controller: Controller) -> dict[str, Any]:
    """Make the receipt of a consent as it stands: given, or withdrawn.

    Parameters
    ----------
    consent : Consent
    shown : ConsentText or None
        The text that it names; its words are repeated where they are known.
    controller : Controller
        The site.
    """
    return {
        "receipt_metadata": {
            "schema_version": SCHEMA,
            "receipt_id": f"{consent.id}.{'withdrawn' if consent.withdrawn_us else 'given'}",
            "made_by": "Estran",
            "digest_algorithm": "sha-256 of the canonical JSON of the member consent",
            "digest": consents.digest(consent),
        },
        "consent_record": {
            "record_id": consent.id,
            "privacy_notice": {
                "name": f"{consent.text.name}.{consent.text.version}",
                "language": consent.text.language,
                "digest": consent.text.digest,
                "text": shown.body if shown else None,
            },
            "pii_processing": _processing(consent),
            "party_identification": _parties(consent, controller),
            "events": _events(consent),
        },
        "consent": consents.plain(consent),
    }


def _processing(consent: Consent) -> dict[str, Any]:
    days = consent.first_day, consent.last_day
    return {
        "purpose": consent.purpose.value,
        "lawful_basis": "consent (GDPR article 6(1)(a))",
        "pii_information": [
            {"pii_type": content.value, "operations": _operations(consent, content)}
            for content in consents.contents(*consent.reads, *consent.writes)
        ],
        "data_period": [day.isoformat() if day else None for day in days],
        "retention_period": f"until {iso_utc(consent.expires_us)} or withdrawal",
        "withdrawal_method": "the page Permissions of this site, with one button",
    }


def _operations(consent: Consent, content: consents.Content) -> list[str]:
    told = [("read", consent.reads), ("write", consent.writes)]
    return [name for name, among in told if content in among]


def _parties(consent: Consent, controller: Controller) -> list[dict[str, Any]]:
    return [
        {"party_type": "pii_controller", "party_name": controller.name,
         "party_contact": controller.contact or None},
        {"party_type": "recipient", "party_id": consent.recipient},
    ]  # fmt: skip


def _events(consent: Consent) -> list[dict[str, Any]]:
    told = [("consent_given", consent.given_us), ("consent_withdrawn", consent.withdrawn_us)]
    return [
        {"event_type": name, "event_time": iso_utc(at_us), "entity": "pii_principal",
         "valid_until": iso_utc(consent.expires_us) if name == "consent_given" else None}
        for name, at_us in told
        if at_us is not None
    ]  # fmt: skip


def write(made: dict[str, Any]) -> bytes:
    """Write a receipt for people and machines: indented JSON, one way only."""
    return msgspec.json.format(consents.canonical(made), indent=2) + b"\n"


def check(written: bytes) -> Consent:
    """Read a receipt and compute its digest again.

    Raises
    ------
    ReceiptUnfit
        It is no receipt, or its consent is not the one that its digest names.
    """
    try:
        made = msgspec.json.decode(written, type=dict[str, Any])
        record = consents.canonical(made["consent"])
        consent = consents.decode(record)
        fits = made["receipt_metadata"]["digest"] == hashlib.sha256(record).hexdigest()
        fits = fits and _says_the_same(made["consent_record"], consent)
    except (msgspec.MsgspecError, KeyError, TypeError, AttributeError, VaultDamaged) as error:
        raise ReceiptUnfit from error
    if not fits:
        raise ReceiptUnfit
    return consent


def _says_the_same(record: dict[str, Any], consent: Consent) -> bool:
    """Tell whether what people read of a receipt is what its consent says."""
    words = record["privacy_notice"]["text"]
    return bool(
        record["record_id"] == consent.id
        and record["pii_processing"] == _processing(consent)
        and record["events"] == _events(consent)
        and (words is None or hashlib.sha256(words.encode()).hexdigest() == consent.text.digest)
    )
