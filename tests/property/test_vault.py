"""What holds of the vault for any content, any history of use, any damage."""

from __future__ import annotations

import io
import tempfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from estran.errors import VaultConflict, VaultDamaged
from estran.trace import Positions, Source
from estran.vault.chunks import OWNERS, SCHEMAS, Chunk, Kind, decode, encode
from estran.vault.columns import pack, unpack
from estran.vault.keys import create_vault
from estran.vault.merge import merge, without
from estran.vault.recovery import read_code, write_code
from estran.vault.seal import Sealer, StreamSealer, open_stream
from estran.vault.store import new_meta
from estran.web.store import ClosedVault, FileVaultStore, OpenVault

SOURCE = Source("a", "gpx", "watch")
IMPORTS = ("i", "j", "k")

# Columns and chunks ------------------------------------------------------------------------

DTYPES = ["i1", "i2", "i4", "i8", "u2", "f4"]


def one_nan(column):
    if column.dtype.kind == "f":
        column[np.isnan(column)] = np.float32(np.nan)
    return column


def any_column(dtype, n):
    return hnp.arrays(np.dtype(dtype), n).map(one_nan)


@given(st.data(), st.sampled_from(DTYPES), st.integers(0, 40))
def test_any_column_comes_back_bit_for_bit(data, dtype, n):
    column = data.draw(any_column(dtype, n))
    packing, planes = pack(column)
    assert len(planes) == column.nbytes
    assert unpack(np.frombuffer(planes, "u1"), n, dtype, packing).tobytes() == column.tobytes()


@given(st.integers(0, 4), st.lists(st.integers(-(10**6), 10**6), max_size=50))
def test_decimal_columns_come_back_bit_for_bit(decimals, numbers):
    column = (np.array(numbers, "f8") / 10.0**decimals).astype("f4")
    packing, planes = pack(column)
    back = unpack(np.frombuffer(planes, "u1"), column.size, "f4", packing)
    assert back.tobytes() == column.tobytes()


@given(st.lists(st.integers(-(2**60), 2**60), max_size=40), st.sampled_from([1, 1000, 10**6]))
def test_instants_of_any_grain_come_back(numbers, grain):
    column = np.array([number // grain * grain for number in numbers], "i8")
    packing, planes = pack(column)
    back = unpack(np.frombuffer(planes, "u1"), column.size, "i8", packing)
    assert back.tolist() == column.tolist()


@st.composite
def any_chunk(draw):
    kind = draw(st.sampled_from(list(Kind)))
    n = draw(st.integers(0, 30))
    sets = draw(st.lists(st.lists(st.text(max_size=8)).map(tuple), min_size=1, max_size=4))
    rows = {name: draw(any_column(dtype, n)) for name, dtype in SCHEMAS[kind].items()}
    rows[OWNERS] = draw(hnp.arrays(np.uint16, n))
    source = Source(draw(st.text(max_size=20)), draw(st.text(max_size=20)), draw(st.text()))
    return Chunk(kind, draw(st.integers(-(2**40), 2**40)), source, tuple(sets), rows)


@given(any_chunk())
def test_any_chunk_comes_back_bit_for_bit(chunk):
    back = decode(encode(chunk))
    assert (back.kind, back.day, back.source, back.owner_sets) == (
        chunk.kind, chunk.day, chunk.source, chunk.owner_sets,
    )  # fmt: skip
    assert list(back.rows) == list(chunk.rows)
    for name, column in chunk.rows.items():
        assert back.rows[name].dtype == column.dtype
        assert back.rows[name].tobytes() == column.tobytes()


@given(any_chunk(), st.data())
def test_a_broken_chunk_is_refused_or_read_never_anything_else(chunk, data):
    plain = bytearray(encode(chunk))
    at = data.draw(st.integers(0, len(plain) - 1))
    plain[at] ^= data.draw(st.integers(1, 255))
    cut = data.draw(st.integers(0, len(plain)))
    for broken in (bytes(plain), bytes(plain[:cut])):
        with suppress(VaultDamaged):
            assert isinstance(decode(broken), Chunk)


# Sets of rows ------------------------------------------------------------------------------

type_mark = tuple[int, int]
some_marks = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2)), max_size=8)


def marks_chunk(marks, import_id):
    rows = {
        "time_us": np.array([mark[0] for mark in marks], "i8"),
        "kind": np.array([mark[1] for mark in marks], "i1"),
        OWNERS: np.zeros(len(marks), "u2"),
    }
    return Chunk(Kind.MARKS, 0, SOURCE, ((import_id,),), rows)


def owners_of(chunk: Chunk | None) -> dict[type_mark, set[str]]:
    if chunk is None:
        return {}
    marks = list(zip(*(chunk.rows[n].tolist() for n in ("time_us", "kind", OWNERS)), strict=True))
    assert marks == sorted(marks)
    told = {(time, kind): set(chunk.owner_sets[owner]) for time, kind, owner in marks}
    assert len(told) == len(marks), "a row is kept twice"
    return told


@given(st.lists(st.tuples(st.sampled_from(IMPORTS), st.one_of(st.none(), some_marks)), max_size=10))
def test_a_day_is_a_set_of_rows_that_know_who_brought_them(history):
    chunk: Chunk | None = None
    model: dict[type_mark, set[str]] = {}
    for import_id, marks in history:
        if marks is None:
            chunk = without(chunk, import_id) if chunk else None
            model = {row: left for row, who in model.items() if (left := who - {import_id})}
        elif marks:
            n_before = len(model)
            chunk, n_new = merge(chunk, marks_chunk(marks, import_id))
            for mark in marks:
                model.setdefault(mark, set()).add(import_id)
            assert n_new == len(model) - n_before
        assert owners_of(chunk) == model


# Seals -------------------------------------------------------------------------------------

SEALER = Sealer("v", bytes(32), bytes(32))


@given(st.binary(max_size=80), st.data())
def test_a_record_with_one_byte_changed_never_opens(plain, data):
    sealed = bytearray(SEALER.seal("doc", b"key", 3, plain))
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(VaultDamaged):
        SEALER.open("doc", b"key", 3, bytes(sealed))


type_place = tuple[str, bytes, int]
places = st.tuples(
    st.sampled_from(["doc", "chunk"]), st.binary(max_size=3), st.integers(0, 2**63 - 1)
)


@given(places, places)
def test_a_record_opens_in_its_own_place_only(made: type_place, asked: type_place) -> None:
    sealed = SEALER.seal(*made, b"plain")
    if made == asked:
        assert SEALER.open(*asked, sealed) == b"plain"
    else:
        with pytest.raises(VaultDamaged):
            SEALER.open(*asked, sealed)


KEYS = create_vault()


@given(st.lists(st.binary(max_size=2000), max_size=8), st.data())
def test_a_stream_with_one_byte_changed_never_reads(pieces, data):
    sealer = StreamSealer(KEYS.public_key)
    sealed = bytearray(b"".join([*(sealer.update(p) for p in pieces), sealer.finish()]))

    def read():
        opened = open_stream(io.BytesIO(bytes(sealed)), KEYS.public_key, KEYS.secret_key)
        return opened.read()

    assert read() == b"".join(pieces)
    sealed[data.draw(st.integers(0, len(sealed) - 1))] ^= data.draw(st.integers(1, 255))
    with pytest.raises(VaultDamaged):
        read()


@given(st.binary(min_size=20, max_size=20))
def test_any_recovery_secret_is_written_and_read(secret):
    code = write_code(secret)
    assert read_code(code) == secret
    assert read_code(code.lower().replace("-", " ")) == secret


# A history of use --------------------------------------------------------------------------

DAY_US = 86_400_000_000
doc_ids = st.sampled_from(["", "2026-06-01", "2026-06-02", "été"])
rows = st.tuples(
    st.integers(0, 2), st.sampled_from([0, 1, DAY_US - 1]),
    st.integers(-3, 3), st.sampled_from([np.nan, 1.5]),
)  # fmt: skip
batches = st.lists(rows, min_size=1, max_size=6)


class VaultOfASession(RuleBasedStateMachine):
    """An open vault beside a plain model of what it must hold."""

    def __init__(self):
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.store = FileVaultStore(Path(self.folder.name))
        self.keys = create_vault()
        self.store.create(self.keys.vault_id, new_meta(self.keys))
        self.docs: dict[tuple[str, str], bytes] = {}
        self.rows: dict[tuple[str, int, int, str], set[str]] = {}
        self.inbox: dict[str, bytes] = {}
        self.n_audit = 0
        self.vault = self.opened()

    def teardown(self):
        self.folder.cleanup()

    def opened(self):
        return OpenVault(self.store, self.keys.vault_id, self.keys.vault_key)

    @rule()
    def close_and_open(self):
        self.vault = self.opened()

    @rule(kind=st.sampled_from("ab"), doc_id=doc_ids, plain=st.binary(max_size=200))
    def put(self, kind, doc_id, plain):
        self.vault.put_doc(kind, doc_id, plain)
        self.docs[kind, doc_id] = plain

    @rule(kind=st.sampled_from("ab"), doc_id=doc_ids, plain=st.binary(max_size=5))
    def put_if_unchanged(self, kind, doc_id, plain):
        found = self.vault.get_doc_rev(kind, doc_id)
        rev = found[1] if found else 0
        with pytest.raises(VaultConflict):
            self.vault.put_doc(kind, doc_id, plain, expected_rev=rev + 1)
        self.vault.put_doc(kind, doc_id, plain, expected_rev=rev)
        self.docs[kind, doc_id] = plain

    @rule(kind=st.sampled_from("ab"), doc_id=doc_ids)
    def delete(self, kind, doc_id):
        assert self.vault.delete_doc(kind, doc_id) == ((kind, doc_id) in self.docs)
        self.docs.pop((kind, doc_id), None)

    @rule(kind=st.sampled_from("ab"), doc_id=doc_ids, batch=batches)
    def give_up_a_transaction(self, kind, doc_id, batch):
        def give_up():
            with self.vault.transaction():
                self.vault.put_doc(kind, doc_id, b"never")
                self.vault.add_positions(SOURCE, positions_of(batch), import_id="never")
                self.vault.audit("never", "")
                raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            give_up()

    @rule(key=st.sampled_from("xy"), import_id=st.sampled_from(IMPORTS), batch=batches)
    def add(self, key, import_id, batch):
        n_before = len(self.rows)
        for day, time_us, lat, accuracy in batch:
            row = (key, day * DAY_US + time_us, lat, repr(accuracy))
            self.rows.setdefault(row, set()).add(import_id)
        added = self.vault.add_positions(
            Source(key, "gpx"), positions_of(batch), import_id=import_id
        )
        assert added.n_new == len(self.rows) - n_before
        assert added.n_new + added.n_known == len(batch)

    @rule(import_id=st.sampled_from(IMPORTS))
    def undo(self, import_id):
        left = {row: who - {import_id} for row, who in self.rows.items()}
        gone = [row for row, who in left.items() if not who]
        assert self.vault.remove_import(import_id).n_rows == len(gone)
        self.rows = {row: who for row, who in left.items() if who}

    @rule(batch_id=st.sampled_from(["1", "2", "3"]), plain=st.binary(max_size=20))
    def append(self, batch_id, plain):
        closed = ClosedVault(self.store, self.keys.vault_id, self.keys.public_key)
        assert closed.append_inbox(batch_id, plain) == (batch_id not in self.inbox)
        self.inbox.setdefault(batch_id, plain)

    @precondition(lambda self: self.inbox)
    @rule()
    def take_in_the_inbox(self):
        waiting = list(self.vault.inbox())
        assert [(b.batch_id, b.plain) for b in waiting] == list(self.inbox.items())
        assert self.vault.clear_inbox(b.number for b in waiting) == len(self.inbox)
        self.inbox = {}

    @rule()
    def note(self):
        self.n_audit += 1
        assert self.vault.audit("noted", "why").number == self.n_audit

    @invariant()
    def holds_what_it_was_given(self):
        for kind in "ab":
            expected = sorted((i, plain) for (k, i), plain in self.docs.items() if k == kind)
            assert list(self.vault.docs(kind)) == expected
        found = self.vault.evidence()
        trace = found.trace
        kept = sorted(
            (found.sources[source].key, time_us, round(lat), repr(float(accuracy)))
            for source, time_us, lat, accuracy in zip(
                trace.source, trace.time_us.tolist(), trace.lat_deg, trace.accuracy_m, strict=True
            )
        )
        assert kept == sorted(self.rows)
        assert [source.key for source in found.sources] == sorted({row[0] for row in self.rows})

    @invariant()
    def is_sound(self):
        assert self.vault.verify().sound
        assert len(self.vault.audit_entries()) == self.n_audit


def positions_of(batch):
    return Positions.of(
        [day * DAY_US + time_us for day, time_us, _, _ in batch],
        [float(lat) for _, _, lat, _ in batch],
        [0.0] * len(batch),
        accuracy_m=[accuracy for _, _, _, accuracy in batch],
    )


TestVaultOfASession = VaultOfASession.TestCase
TestVaultOfASession.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
