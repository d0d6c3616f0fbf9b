from __future__ import annotations

import unicodedata
from dataclasses import replace
from typing import Any

import pytest

from estran.errors import RecoveryCodeMistyped, VaultDamaged, VaultKeyWrong
from estran.vault import keys
from estran.vault.keys import KdfSettings
from estran.vault.recovery import read_code, write_code

CHEAP = KdfSettings(memory_kib=64, passes=1)
ID = "0123456789abcdef0123456789abcdef"


@pytest.fixture
def made():
    return keys.create_vault()


def test_no_two_vaults_share_anything():
    one, two = keys.create_vault(), keys.create_vault()
    assert one.vault_id != two.vault_id
    assert len({one.vault_key, one.secret_key, two.vault_key, two.secret_key}) == 4


def test_no_repr_shows_a_key(made):
    slot = keys.passphrase_slot(made.vault_key, ID, "tide", settings=CHEAP)
    for value in (made, slot):
        text = repr(value)
        for secret in (made.vault_key, made.secret_key, slot.wrapped, slot.salt):
            assert secret.hex() not in text
            assert repr(secret)[2:-1] not in text


def test_the_default_passphrase_slot_costs_what_is_said(made):
    slot = keys.passphrase_slot(made.vault_key, ID, "tide")
    assert (slot.kdf, slot.memory_kib, slot.passes, slot.lanes) == ("argon2id", 65536, 3, 1)
    assert keys.open_slot(slot, ID, "tide") == made.vault_key


def test_a_passphrase_opens_however_its_accents_were_composed(made):
    slot = keys.passphrase_slot(made.vault_key, ID, "marée d'été", settings=CHEAP)
    typed = unicodedata.normalize("NFD", "marée d'été")
    assert keys.open_slot(slot, ID, typed) == made.vault_key


@pytest.mark.parametrize("wrong", ["Tide", "tide ", "", "0000"])
def test_another_passphrase_opens_nothing(made, wrong):
    slot = keys.passphrase_slot(made.vault_key, ID, "tide", settings=CHEAP)
    with pytest.raises(VaultKeyWrong):
        keys.open_slot(slot, ID, wrong)


def test_a_slot_opens_for_its_own_vault_only(made):
    code, recovery = keys.recovery_slot(made.vault_key, ID)
    wrapped = keys.wrap_slot(made.vault_key, ID, bytes(32), "service")
    for slot, secret in ((recovery, code), (wrapped, bytes(32))):
        assert keys.open_slot(slot, ID, secret) == made.vault_key
        with pytest.raises(VaultKeyWrong):
            keys.open_slot(slot, ID[::-1], secret)


def test_no_field_of_a_slot_can_be_changed(made):
    slot = keys.passphrase_slot(made.vault_key, ID, "tide", settings=CHEAP)
    changed: list[dict[str, Any]] = [
        {"memory_kib": 128}, {"passes": 2}, {"salt": bytes(16)}, {"nonce": bytes(12)},
        {"wrapped": bytes(48)}, {"kind": "service"}, {"wrapped": slot.wrapped[:-1]},
    ]  # fmt: skip
    for change in changed:
        with pytest.raises(VaultKeyWrong):
            keys.open_slot(replace(slot, **change), ID, "tide")


@pytest.mark.parametrize(
    "change",
    [{"kdf": "md5"}, {"memory_kib": 2**30}, {"passes": 10**9}, {"passes": 0}, {"version": 2},
     {"salt": b""}, {"lanes": 0}],
)  # fmt: skip
def test_a_slot_that_asks_for_the_absurd_is_damaged(made, change):
    slot = keys.passphrase_slot(made.vault_key, ID, "tide", settings=CHEAP)
    with pytest.raises(VaultDamaged):
        keys.open_slot(replace(slot, **change), ID, "tide")


def test_a_slot_is_kept_as_text(made):
    code, slot = keys.recovery_slot(made.vault_key, ID)
    kept = keys.encode_slot(slot)
    assert keys.decode_slot(kept) == slot
    assert keys.open_slot(keys.decode_slot(kept.decode()), ID, code) == made.vault_key
    for text in (b"", b"{}", b"[1]", b'{"kind": 3}'):
        with pytest.raises(VaultDamaged):
            keys.decode_slot(text)


def test_a_weak_wrapping_key_is_refused(made):
    with pytest.raises(ValueError, match="32 bytes"):
        keys.wrap_slot(made.vault_key, ID, bytes(31), "service")
    with pytest.raises(ValueError, match="kind"):
        keys.wrap_slot(made.vault_key, ID, bytes(32), "recovery")
    with pytest.raises(ValueError, match="vault key"):
        keys.wrap_slot(bytes(16), ID, bytes(32), "service")


def test_a_recovery_code_is_read_as_people_write(made):
    code, slot = keys.recovery_slot(made.vault_key, ID)
    assert [len(group) for group in code.split("-")] == [4] * 9
    for typed in (
        code.lower(), code.replace("-", ""), code.replace("-", " "), f"  {code}\n",
        code.replace("-", "–"), code.replace("0", "o").replace("1", "l"),
    ):  # fmt: skip
        assert keys.open_slot(slot, ID, typed) == made.vault_key


def test_each_single_mistake_in_a_code_is_told_apart():
    code = write_code(bytes(range(100, 120)))
    letters = code.replace("-", "")
    missed = 0
    for i, right in enumerate(letters):
        for wrong in "0123456789ABCDEFGHJKMNPQRSTVWXYZ":
            if wrong != right:
                try:
                    read_code(letters[:i] + wrong + letters[i + 1 :])
                except RecoveryCodeMistyped:
                    continue
                missed += 1
    # 36 * 31 mistakes against a check of 20 bits: one is missed once in a thousand codes.
    assert missed == 0
    for typed in (code[:-1], code + "0", "", "U" * 36, letters[1] + letters[0] + letters[2:]):
        with pytest.raises(RecoveryCodeMistyped):
            read_code(typed)


def test_another_vaults_code_is_wrong_not_mistyped(made):
    _, slot = keys.recovery_slot(made.vault_key, ID)
    other, _ = keys.recovery_slot(made.vault_key, ID)
    with pytest.raises(VaultKeyWrong) as refused:
        keys.open_slot(slot, ID, other)
    assert not isinstance(refused.value, RecoveryCodeMistyped)


def test_a_box_opens_with_its_own_pair_only(made):
    other = keys.create_vault()
    boxed = keys.seal_to(made.public_key, b"tide")
    assert len(boxed) == 4 + 48
    assert keys.open_box(made.public_key, made.secret_key, boxed) == b"tide"
    with pytest.raises(VaultDamaged):
        keys.open_box(other.public_key, other.secret_key, boxed)
    with pytest.raises(VaultDamaged):
        keys.open_box(other.public_key, made.secret_key, boxed)
    with pytest.raises(VaultDamaged):
        keys.open_box(made.public_key, made.secret_key, boxed[:40])
