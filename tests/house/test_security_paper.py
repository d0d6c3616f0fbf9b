"""What docs/security.md states of algorithms and parameters is what the code does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from argon2.low_level import Type
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from django.conf import settings
from django.contrib.auth.hashers import get_hasher
from django.http import HttpResponse
from nacl.public import SealedBox

from estran.vault import keys, seal
from estran.vault.keys import KdfSettings, create_vault, derive, passphrase_slot, recovery_slot
from estran.vault.recovery import SECRET_BYTES
from estran.vault.store import new_meta
from estran.web.accounts import keylife
from estran.web.live.tokens import TOKEN_BYTES

PAPER = Path(__file__).resolve().parents[2] / "docs" / "security.md"


def stated() -> dict[str, str]:
    """Read the table of parameters."""
    text = PAPER.read_text(encoding="utf-8")
    table = text.split("## Algorithms and parameters", 1)[1].split("\n## ", 1)[0]
    rows = re.findall(r"^\| (.+?) \| (.+?) \|$", table, re.MULTILINE)
    return {name: value for name, value in rows if name not in {"what", "---"}}


def held() -> Iterator[tuple[str, str]]:
    """Say of the code what the table must say."""
    made = create_vault()
    yield "vault key", f"{len(made.vault_key)} random bytes"
    yield "pair of a vault", f"X25519, keys of {len(made.public_key)} bytes"
    yield (
        "sealing of a record",
        f"AES-256-GCM, nonce of {keys.NONCE_BYTES} random bytes, tag of {seal.TAG_BYTES}",
    )
    salt_bytes = len(new_meta(made).salt)
    yield "derived keys", f"HKDF-SHA256, {keys.KEY_BYTES} bytes, salt of {salt_bytes} bytes"
    kdf = KdfSettings()
    yield (
        "password slot",
        (
            f"Argon2id, {kdf.memory_kib} KiB, {kdf.passes} passes, "
            f"{kdf.lanes} lane, salt of {keys.SALT_BYTES} bytes"
        ),
    )
    yield "recovery code", f"{SECRET_BYTES * 8} random bits, HKDF-SHA256"
    yield "boxes", "X25519 sealed box (XSalsa20-Poly1305)"
    yield "blocks of an upload", f"AES-256-GCM, {seal.BLOCK_BYTES} bytes"
    yield "token of a device", f"{TOKEN_BYTES * 8} random bits, known by its SHA-256"
    yield "names of rows", f"HMAC-SHA256, the first {seal.ROW_KEY_BYTES} bytes"
    hasher: Any = get_hasher("argon2")
    yield (
        "password of the account",
        (
            f"Argon2id, {hasher.memory_cost} KiB, {hasher.time_cost} passes, "
            f"{hasher.parallelism} lanes"
        ),
    )
    validators: Any = settings.AUTH_PASSWORD_VALIDATORS
    [shortest] = [
        v["OPTIONS"]["min_length"]
        for v in validators
        if v["NAME"].endswith("MinimumLengthValidator")
    ]
    yield "shortest password", f"{shortest} characters, none of the most common"
    yield "browser's half of the key", f"{keylife._SECRET_BYTES} random bytes, HKDF-SHA256"
    yield "a sign-in lasts", f"{settings.SESSION_COOKIE_AGE // 86400} days at most"
    yield "cookies", cookies()


def cookies() -> str:
    session = SimpleNamespace(get_expire_at_browser_close=lambda: False, get_expiry_age=lambda: 60)
    request = SimpleNamespace(_vault_secret=bytes(32), session=session, is_secure=lambda: True)
    response = HttpResponse()
    keylife.set_cookie(request, response)  # type: ignore[arg-type] # as much of one as it reads
    vault = response.cookies[settings.ESTRAN_VAULT_COOKIE]
    assert vault["secure"]
    flags = {
        "estran_session": (settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE),
        "estran_csrf": (settings.CSRF_COOKIE_HTTPONLY, settings.CSRF_COOKIE_SAMESITE),
        "estran_vault": (bool(vault["httponly"]), vault["samesite"]),
    }
    told = [
        f"`{name}` {'HttpOnly ' if hidden else ''}SameSite={same}"
        for name, (hidden, same) in flags.items()
    ]
    return "; ".join(told) + "; under https all Secure and `__Host-`"


def test_the_paper_states_what_the_code_does():
    assert stated() == dict(held())


def test_the_suites_are_those_named():
    made = create_vault()
    assert isinstance(seal.Sealer(made.vault_id, made.vault_key, bytes(32))._cipher("doc"), AESGCM)
    assert seal.MAGIC[4:5] == b"\x01"
    used = vars(keys)
    assert [used[name] for name in ("AESGCM", "SealedBox", "SHA256")] == [AESGCM, SealedBox, SHA256]
    assert used["Type"].ID is Type.ID
    assert len(derive(made.vault_key, salt=bytes(32), purpose="x")) == keys.KEY_BYTES
    assert settings.PASSWORD_HASHERS[0].endswith("Argon2PasswordHasher")
    slot = passphrase_slot(made.vault_key, made.vault_id, "x", settings=KdfSettings(64, 1))
    assert (slot.kdf, len(slot.salt)) == ("argon2id", keys.SALT_BYTES)
    assert recovery_slot(made.vault_key, made.vault_id)[1].kdf == "hkdf-sha256"


def test_limits_of_tries_are_those_told():
    text, limits = PAPER.read_text(encoding="utf-8"), settings.ACCOUNT_RATE_LIMITS
    assert (limits["unlock"], limits["recovery"]) == ("10/m/user", "10/m/ip,5/m/key")
    assert (limits["confirm"], limits["erase"]) == ("5/m/user", "5/m/user")
    assert "unlocking (10 a minute)" in text
    assert "recovery code (5 a minute for an address, 10 for a network address)" in text
    assert "confirming and erasing (5 a minute)" in text


def test_every_threat_of_the_model_is_spoken_of():
    text = PAPER.read_text(encoding="utf-8").lower()
    for threat in (
        "stolen disk", "curious operator", "stolen session", "leaked backup",
        "malicious participant", "malicious tracker", "subpoena", "swap",
    ):  # fmt: skip
        assert threat in text, threat
