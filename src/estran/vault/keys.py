"""Keys of a vault: the random vault key, its slots, the X25519 pair, derived keys."""

from __future__ import annotations

import hmac
import secrets
import unicodedata
from dataclasses import dataclass, field, replace

import msgspec
from argon2.exceptions import HashingError
from argon2.low_level import Type, hash_secret_raw
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox

from estran.errors import VaultDamaged, VaultKeyWrong
from estran.vault.recovery import SECRET_BYTES, read_code, write_code

KEY_BYTES = 32
NONCE_BYTES = 12
SALT_BYTES = 16

PASSPHRASE = "passphrase"  # noqa: S105 - a kind of slot, not a secret
RECOVERY = "recovery"

_MAX_MEMORY_KIB = 1024 * 1024
_MAX_PASSES = 64


@dataclass(frozen=True, slots=True)
class KdfSettings:
    """How a passphrase is stretched (Argon2id).

    64 MiB and three passes is the second recommended choice of RFC 9106 section 4 with
    one lane, above the OWASP minimum of 19 MiB and two passes; about 0.2 s of one core.
    """

    memory_kib: int = 65_536
    passes: int = 3
    lanes: int = 1


@dataclass(frozen=True, slots=True)
class VaultKeys:
    """What a new vault starts from. The bytes never show in a repr."""

    vault_id: str
    vault_key: bytes = field(repr=False)
    secret_key: bytes = field(repr=False)
    public_key: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Slot:
    """One way to open a vault: its key wrapped under something a person or a server has.

    Parameters
    ----------
    kind : str
        ``"passphrase"``, ``"recovery"``, or the name given to :func:`wrap_slot`
        (``"service"``, ``"passkey"``).
    kdf : str
        ``"argon2id"`` for a passphrase, ``"hkdf-sha256"`` for strong secrets.
    memory_kib, passes, lanes : int
        Parameters of Argon2id, 0 with HKDF.
    salt, nonce, wrapped : bytes
        16, 12 and 48 bytes.
    version : int
        Of this structure.
    """

    kind: str
    kdf: str
    memory_kib: int
    passes: int
    lanes: int
    salt: bytes = field(repr=False)
    nonce: bytes = field(repr=False)
    wrapped: bytes = field(repr=False)
    version: int = 1


def create_vault() -> VaultKeys:
    """Draw the id, the key and the pair of a new vault.

    Examples
    --------
    >>> keys = create_vault()
    >>> len(keys.vault_id), len(keys.vault_key), "key" in repr(keys)
    (32, 32, False)
    """
    pair = PrivateKey.generate()
    return VaultKeys(
        vault_id=secrets.token_hex(16),
        vault_key=secrets.token_bytes(KEY_BYTES),
        secret_key=bytes(pair),
        public_key=bytes(pair.public_key),
    )


def derive(key: bytes, *, salt: bytes, purpose: str) -> bytes:
    """Derive a 32-byte key for one purpose (HKDF-SHA256)."""
    info = b"estran vault 1\0" + purpose.encode()
    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=info).derive(key)


def _wrapping_key(slot: Slot, secret: bytes) -> bytes:
    if slot.kdf == "argon2id":
        settings = KdfSettings(slot.memory_kib, slot.passes, slot.lanes)
        return _argon2id(secret, slot.salt, settings)
    return derive(secret, salt=slot.salt, purpose=f"slot {slot.kind}")


def _argon2id(secret: bytes, salt: bytes, settings: KdfSettings) -> bytes:
    return hash_secret_raw(
        secret, salt, settings.passes, settings.memory_kib, settings.lanes, KEY_BYTES, Type.ID
    )


def stretched(passphrase: str, salt: bytes, settings: KdfSettings) -> bytes:
    """Make a 32-byte key of a passphrase (Argon2id)."""
    return _argon2id(_passphrase_bytes(passphrase), salt, settings)


def _bound(slot: Slot, vault_id: str) -> bytes:
    """Write all of a slot but its secret part, so that no field can be changed or moved."""
    return b"estran slot\0" + msgspec.json.encode(
        [slot.version, vault_id, slot.kind, slot.kdf, slot.memory_kib, slot.passes, slot.lanes]
    )


def _make_slot(vault_key: bytes, vault_id: str, secret: bytes, blank: Slot) -> Slot:
    if len(vault_key) != KEY_BYTES:
        msg = f"a vault key has {KEY_BYTES} bytes"
        raise ValueError(msg)
    cipher = AESGCM(_wrapping_key(blank, secret))
    return replace(blank, wrapped=cipher.encrypt(blank.nonce, vault_key, _bound(blank, vault_id)))


def _blank(kind: str, kdf: str, settings: KdfSettings | None = None) -> Slot:
    memory_kib, passes, lanes = (
        (settings.memory_kib, settings.passes, settings.lanes) if settings else (0, 0, 0)
    )
    salt, nonce = secrets.token_bytes(SALT_BYTES), secrets.token_bytes(NONCE_BYTES)
    return Slot(kind, kdf, memory_kib, passes, lanes, salt, nonce, b"")


def _passphrase_bytes(passphrase: str) -> bytes:
    """Give the same bytes whatever keyboard composed the accents (NFKC)."""
    return unicodedata.normalize("NFKC", passphrase).encode()


def passphrase_slot(
    vault_key: bytes, vault_id: str, passphrase: str, *, settings: KdfSettings = KdfSettings()
) -> Slot:
    """Wrap the vault key under a passphrase stretched with Argon2id.

    Examples
    --------
    >>> cheap = KdfSettings(memory_kib=64, passes=1)
    >>> slot = passphrase_slot(bytes(32), "v", "marée basse", settings=cheap)
    >>> open_slot(slot, "v", "marée basse") == bytes(32)
    True
    """
    blank = _blank(PASSPHRASE, "argon2id", settings)
    return _make_slot(vault_key, vault_id, _passphrase_bytes(passphrase), blank)


def recovery_slot(vault_key: bytes, vault_id: str) -> tuple[str, Slot]:
    """Draw a recovery code, shown once, and wrap the vault key under it.

    Returns
    -------
    tuple of str and Slot
        The code (nine groups of four) and the slot to keep. The code is nowhere else.
    """
    secret = secrets.token_bytes(SECRET_BYTES)
    slot = _make_slot(vault_key, vault_id, secret, _blank(RECOVERY, "hkdf-sha256"))
    return write_code(secret), slot


def wrap_slot(vault_key: bytes, vault_id: str, wrapping_key: bytes, kind: str) -> Slot:
    """Wrap the vault key under a strong key: a server's, a passkey's.

    Raises
    ------
    ValueError
        The wrapping key has fewer than 32 bytes, or the kind is one for people.
    """
    if len(wrapping_key) < KEY_BYTES or kind in (PASSPHRASE, RECOVERY):
        msg = "a wrapping key has 32 bytes or more, and a kind of its own"
        raise ValueError(msg)
    return _make_slot(vault_key, vault_id, wrapping_key, _blank(kind, "hkdf-sha256"))


def _secret_bytes(slot: Slot, secret: str | bytes) -> bytes:
    if isinstance(secret, bytes):
        return secret
    return read_code(secret) if slot.kind == RECOVERY else _passphrase_bytes(secret)


def open_slot(slot: Slot, vault_id: str, secret: str | bytes) -> bytes:
    """Open a slot with the passphrase, the code as typed, or the wrapping key.

    Returns
    -------
    bytes
        The vault key.

    Raises
    ------
    VaultKeyWrong
        The secret does not open this slot of this vault, or the slot was altered.
    RecoveryCodeMistyped
        The code cannot be right: it was mistyped (a kind of VaultKeyWrong).
    VaultDamaged
        The slot asks for what no slot of ours asks.
    """
    known = slot.kdf in ("argon2id", "hkdf-sha256") and slot.version == 1
    if not known or not (slot.memory_kib <= _MAX_MEMORY_KIB and slot.passes <= _MAX_PASSES):
        raise VaultDamaged(part="slot")
    try:
        cipher = AESGCM(_wrapping_key(slot, _secret_bytes(slot, secret)))
        return cipher.decrypt(slot.nonce, slot.wrapped, _bound(slot, vault_id))
    except InvalidTag as error:
        raise VaultKeyWrong from error
    except (ValueError, HashingError) as error:
        raise VaultDamaged(part="slot") from error


def encode_slot(slot: Slot) -> bytes:
    """Write a slot as JSON, for the row that keeps it."""
    return msgspec.json.encode(slot)


def decode_slot(text: bytes | str) -> Slot:
    """Read what :func:`encode_slot` wrote.

    Raises
    ------
    VaultDamaged
        It is not a slot.
    """
    try:
        return msgspec.json.decode(text, type=Slot)
    except msgspec.MsgspecError as error:
        raise VaultDamaged(part="slot") from error


def public_key_of(secret_key: bytes) -> bytes:
    """Compute the public half of a pair."""
    return bytes(PrivateKey(secret_key).public_key)


def seal_to(public_key: bytes, plain: bytes) -> bytes:
    """Seal to a public key (X25519 sealed box): whoever sealed cannot open again.

    48 bytes longer than ``plain``.
    """
    return SealedBox(PublicKey(public_key)).encrypt(plain)


def open_box(public_key: bytes, secret_key: bytes, boxed: bytes) -> bytes:
    """Open what was sealed to a public key.

    Raises
    ------
    VaultDamaged
        The box is altered, truncated, or sealed to another key.

    Examples
    --------
    >>> keys = create_vault()
    >>> open_box(keys.public_key, keys.secret_key, seal_to(keys.public_key, b"tide"))
    b'tide'
    """
    pair = PrivateKey(secret_key)
    if not hmac.compare_digest(bytes(pair.public_key), public_key):
        raise VaultDamaged(part="box")
    try:
        return SealedBox(pair).decrypt(boxed)
    except CryptoError as error:
        raise VaultDamaged(part="box") from error
