from __future__ import annotations

import io
import zipfile

import pytest

from estran.errors import VaultDamaged
from estran.vault.keys import create_vault
from estran.vault.seal import (
    BLOCK_BYTES,
    MAGIC,
    OVERHEAD_BYTES,
    TAG_BYTES,
    Sealer,
    StreamSealer,
    open_stream,
)

HEADER_BYTES = 5 + 4 + 80


@pytest.fixture
def sealer():
    return Sealer("v", bytes(32), bytes(32))


def test_a_record_comes_back(sealer):
    sealed = sealer.seal("doc", b"key", 7, b"a day at the sea")
    assert sealer.open("doc", b"key", 7, sealed) == b"a day at the sea"
    assert len(sealed) == len(b"a day at the sea") + OVERHEAD_BYTES
    assert sealed.startswith(MAGIC)
    assert b"sea" not in sealed


def test_the_same_record_is_never_sealed_the_same(sealer):
    assert sealer.seal("doc", b"k", 1, b"x") != sealer.seal("doc", b"k", 1, b"x")


@pytest.mark.parametrize(
    ("table", "key", "rev"), [("chunk", b"key", 7), ("doc", b"kex", 7), ("doc", b"key", 8)]
)
def test_a_record_in_another_place_does_not_open(sealer, table, key, rev):
    sealed = sealer.seal("doc", b"key", 7, b"plain")
    with pytest.raises(VaultDamaged):
        sealer.open(table, key, rev, sealed)


@pytest.mark.parametrize(
    "other",
    [
        Sealer("w", bytes(32), bytes(32)),
        Sealer("v", bytes(31) + b"1", bytes(32)),
        Sealer("v", bytes(32), bytes(31) + b"1"),
    ],
)
def test_another_vault_key_or_salt_opens_nothing(sealer, other):
    with pytest.raises(VaultDamaged):
        other.open("doc", b"key", 7, sealer.seal("doc", b"key", 7, b"plain"))


def test_no_two_names_share_a_row_key(sealer):
    names = [("a", "bc"), ("ab", "c"), ("abc",), ("a", "b", "c"), ("", "abc"), ("abc", "")]
    assert len({sealer.row_key(*name) for name in names}) == len(names)


def test_every_cut_of_a_record_is_refused(sealer):
    sealed = sealer.seal("doc", b"key", 7, b"plain")
    for end in range(len(sealed)):
        with pytest.raises(VaultDamaged):
            sealer.open("doc", b"key", 7, sealed[:end])
    with pytest.raises(VaultDamaged):
        sealer.open("doc", b"key", 7, sealed + b"\0")


def stream(plain: bytes, *, piece: int = 64 * 1024):
    keys = create_vault()
    sealer = StreamSealer(keys.public_key)
    sealed = b"".join(sealer.update(plain[i : i + piece]) for i in range(0, len(plain), piece))
    return keys, sealed + sealer.finish()


SIZES = [0, 1, BLOCK_BYTES - 1, BLOCK_BYTES, BLOCK_BYTES + 1, 3 * BLOCK_BYTES, 700_001]


@pytest.mark.parametrize("size", SIZES)
def test_a_stream_comes_back(size):
    plain = bytes(i * 31 % 251 for i in range(1000)) * (size // 1000 + 1)
    plain = plain[:size]
    keys, sealed = stream(plain)
    opened = open_stream(io.BytesIO(sealed), keys.public_key, keys.secret_key)
    assert opened.read() == plain
    n_blocks = max(1, -(-size // BLOCK_BYTES))
    assert len(sealed) == HEADER_BYTES + size + n_blocks * TAG_BYTES


def test_a_stream_is_read_from_anywhere():
    plain = bytes(range(256)) * 4096
    keys, sealed = stream(plain)
    opened = open_stream(io.BytesIO(sealed), keys.public_key, keys.secret_key)
    for at in (len(plain) - 5, 0, BLOCK_BYTES - 2, 2 * BLOCK_BYTES + 7):
        opened.seek(at)
        assert opened.read(5) == plain[at : at + 5]
    assert opened.seek(0, io.SEEK_END) == len(plain)
    assert opened.read() == b""
    with pytest.raises(ValueError, match="before"):
        opened.seek(-1)


def test_an_archive_opens_through_its_seal():
    plain = io.BytesIO()
    with zipfile.ZipFile(plain, "w") as archive:
        archive.writestr("a.gpx", "x" * 600_000)
    keys, sealed = stream(plain.getvalue())
    with zipfile.ZipFile(
        open_stream(io.BytesIO(sealed), keys.public_key, keys.secret_key)
    ) as zipped:
        assert len(zipped.read("a.gpx")) == 600_000


def test_a_truncated_stream_is_refused_at_once():
    keys, sealed = stream(bytes(3 * BLOCK_BYTES))
    whole = BLOCK_BYTES + TAG_BYTES
    cuts = [0, 4, HEADER_BYTES, HEADER_BYTES + 3, HEADER_BYTES + whole, HEADER_BYTES + 2 * whole,
            len(sealed) - 1, len(sealed) - whole + 5]  # fmt: skip
    for end in cuts:
        with pytest.raises(VaultDamaged):
            open_stream(io.BytesIO(sealed[:end]), keys.public_key, keys.secret_key)
    with pytest.raises(VaultDamaged):
        open_stream(io.BytesIO(sealed + b"\0"), keys.public_key, keys.secret_key)


def test_an_unfinished_stream_is_refused():
    keys = create_vault()
    sealed = StreamSealer(keys.public_key).update(bytes(2 * BLOCK_BYTES + 1))
    assert len(sealed) > 2 * BLOCK_BYTES
    with pytest.raises(VaultDamaged):
        open_stream(io.BytesIO(sealed), keys.public_key, keys.secret_key)


def test_reordered_blocks_are_refused():
    keys, sealed = stream(bytes(BLOCK_BYTES) + b"\1" * BLOCK_BYTES + b"end")
    whole = BLOCK_BYTES + TAG_BYTES
    head, one, two, rest = (
        sealed[:HEADER_BYTES],
        sealed[HEADER_BYTES : HEADER_BYTES + whole],
        sealed[HEADER_BYTES + whole : HEADER_BYTES + 2 * whole],
        sealed[HEADER_BYTES + 2 * whole :],
    )
    opened = open_stream(io.BytesIO(head + two + one + rest), keys.public_key, keys.secret_key)
    with pytest.raises(VaultDamaged):
        opened.read()


def test_an_altered_block_is_refused_where_it_is_read():
    keys, sealed = stream(bytes(2 * BLOCK_BYTES))
    altered = bytearray(sealed)
    altered[HEADER_BYTES + 10] ^= 1
    opened = open_stream(io.BytesIO(bytes(altered)), keys.public_key, keys.secret_key)
    opened.seek(BLOCK_BYTES)
    assert opened.read(10) == bytes(10)
    opened.seek(0)
    with pytest.raises(VaultDamaged):
        opened.read(10)


def test_a_stream_for_somebody_else_is_refused():
    _, sealed = stream(b"tide")
    other = create_vault()
    with pytest.raises(VaultDamaged):
        open_stream(io.BytesIO(sealed), other.public_key, other.secret_key)
    with pytest.raises(VaultDamaged):
        open_stream(io.BytesIO(b"PK\3\4" + bytes(500)), other.public_key, other.secret_key)
