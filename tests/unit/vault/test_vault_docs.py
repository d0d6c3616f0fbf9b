from __future__ import annotations

import threading

import pytest

from estran.errors import NotFound, VaultConflict, VaultDamaged, VaultKeyWrong
from estran.vault.audit import AuditEntry, check_chain, digest
from estran.vault.keys import create_vault
from estran.vault.store import Row
from estran.web.store import ClosedVault, OpenVault


def test_a_document_is_found_again(bench, vault):
    assert vault.get_doc("journal", "2026-06-01") is None
    vault.put_doc("journal", "2026-06-01", b"a day at the sea")
    assert bench.opened().get_doc("journal", "2026-06-01") == b"a day at the sea"
    assert vault.get_doc("places", "2026-06-01") is None
    vault.put_doc("journal", "2026-06-01", b"")
    assert vault.get_doc("journal", "2026-06-01") == b""


@pytest.mark.parametrize("plain", [b"", b"\0", b"\1", b"x" * 63, b"x" * 100_000, bytes(range(256))])
def test_any_content_comes_back(vault, plain):
    vault.put_doc("k", "", plain)
    assert vault.get_doc("k", "") == plain


def test_documents_are_listed_by_id(vault):
    for day in ("2026-06-03", "2026-05-31", "2026-06-01"):
        vault.put_doc("journal", day, day.encode() * 30)
    vault.put_doc("journalx", "2026-06-02", b"another kind")
    assert vault.doc_ids("journal") == ["2026-05-31", "2026-06-01", "2026-06-03"]
    assert list(vault.docs("journal", prefix="2026-06")) == [
        ("2026-06-01", b"2026-06-01" * 30),
        ("2026-06-03", b"2026-06-03" * 30),
    ]
    assert list(vault.docs("nothing")) == []


def test_a_reader_of_documents_may_write_and_remove(vault):
    with vault.transaction():
        for i in range(150):
            vault.put_doc("k", f"{i:03d}", b"old")
    seen = []
    for doc_id, _ in vault.docs("k"):
        seen.append(doc_id)
        vault.put_doc("k", doc_id, b"new")
        if doc_id == "010":
            vault.delete_doc("k", "149")
    assert seen == [f"{i:03d}" for i in range(149)]
    assert {plain for _, plain in vault.docs("k")} == {b"new"}


def test_a_removed_document_is_gone(vault):
    vault.put_doc("k", "a", b"1")
    assert vault.delete_doc("k", "a")
    assert not vault.delete_doc("k", "a")
    assert vault.get_doc("k", "a") is None
    assert vault.doc_ids("k") == []


def test_of_two_who_edit_the_second_is_told(vault):
    rev = vault.put_doc("k", "a", b"1", expected_rev=0)
    found = vault.get_doc_rev("k", "a")
    assert found == (b"1", rev)
    newer = vault.put_doc("k", "a", b"2", expected_rev=rev)
    with pytest.raises(VaultConflict):
        vault.put_doc("k", "a", b"3", expected_rev=rev)
    with pytest.raises(VaultConflict):
        vault.put_doc("k", "a", b"3", expected_rev=0)
    assert vault.get_doc_rev("k", "a") == (b"2", newer)
    vault.delete_doc("k", "a")
    again = vault.put_doc("k", "a", b"4", expected_rev=0)
    assert again > newer


def test_a_transaction_is_all_or_nothing(vault):
    vault.put_doc("k", "a", b"1")

    def interrupted():
        with vault.transaction():
            vault.put_doc("k", "a", b"2")
            vault.put_doc("k", "b", b"2")
            vault.delete_doc("k", "a")
            assert vault.doc_ids("k") == ["b"]
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert list(vault.docs("k")) == [("a", b"1")]
    assert vault.verify().sound


def test_a_conflict_inside_a_transaction_may_be_answered(vault):
    vault.put_doc("k", "a", b"1")
    with vault.transaction():
        vault.put_doc("k", "b", b"2")
        with pytest.raises(VaultConflict):
            vault.put_doc("k", "a", b"2", expected_rev=0)
    assert vault.doc_ids("k") == ["a", "b"]


def test_writing_while_grouping_reads_is_a_bug(vault):
    with vault.reading(), pytest.raises(RuntimeError):
        vault.put_doc("k", "a", b"1")


def test_threads_that_count_together_lose_nothing(vault):
    vault.put_doc("k", "n", b"0")

    def count():
        for _ in range(10):
            with vault.transaction():
                vault.put_doc("k", "n", b"%d" % (int(vault.get_doc("k", "n") or 0) + 1))

    threads = [threading.Thread(target=count) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert vault.get_doc("k", "n") == b"40"


def test_the_wrong_key_opens_no_vault(bench):
    with pytest.raises(VaultKeyWrong):
        OpenVault(bench.store, bench.keys.vault_id, create_vault().vault_key)
    with pytest.raises(NotFound):
        OpenVault(bench.store, "0" * 32, bench.keys.vault_key)
    assert "vault" not in repr(bench.opened()).lower().replace("openvault", "")


def test_the_inbox_takes_a_batch_once_and_keeps_what_comes_later(bench, vault):
    closed = ClosedVault(bench.store, bench.keys.vault_id, bench.keys.public_key)
    assert closed.append_inbox("b1", b"one")
    assert closed.append_inbox("b2", b"two")
    assert not closed.append_inbox("b1", b"one")
    waiting = list(vault.inbox())
    assert [(batch.batch_id, batch.plain) for batch in waiting] == [("b1", b"one"), ("b2", b"two")]
    assert closed.append_inbox("b3", b"three")
    assert vault.clear_inbox(batch.number for batch in waiting) == 2
    assert [batch.batch_id for batch in vault.inbox()] == ["b3"]


def test_a_damaged_or_foreign_batch_does_not_stop_the_others(bench, vault):
    closed = ClosedVault(bench.store, bench.keys.vault_id, bench.keys.public_key)
    for name in ("a", "b", "c"):
        closed.append_inbox(name, name.encode())
    with bench.store.connect(bench.keys.vault_id) as container:
        container.begin(write=True)
        second = list(container.rows("inbox"))[1]
        container.put("inbox", Row(second.key, b"", second.rev, b"", second.body[:-1] + b"\0"))
        container.commit()
    lost: list[bytes] = []
    assert [batch.batch_id for batch in vault.inbox(skip_damaged=lost.append)] == ["a", "c"]
    assert lost == [second.key]
    with pytest.raises(VaultDamaged):
        list(vault.inbox())


def test_the_audit_is_one_chain(bench):
    clock = iter(range(100))
    vault = OpenVault(
        bench.store, bench.keys.vault_id, bench.keys.vault_key, now_us=lambda: next(clock)
    )
    vault.audit("import-added", "brought by the person")
    vault.audit("slot-used", "nightly coach")
    entries = vault.audit_entries()
    assert [(e.number, e.at_us, e.action, e.why) for e in entries] == [
        (1, 0, "import-added", "brought by the person"),
        (2, 1, "slot-used", "nightly coach"),
    ]
    assert entries[1].previous == digest(entries[0])
    assert vault.verify().sound


@pytest.mark.parametrize("table_change", ["last", "first", "all"])
def test_an_audit_that_was_cut_is_told(bench, vault, table_change):
    for i in range(3):
        vault.audit("slot-used", str(i))
    with bench.store.connect(bench.keys.vault_id) as container:
        container.begin(write=True)
        keys = [row.key for row in container.names("audit")]
        gone = {"last": keys[-1:], "first": keys[:1], "all": keys}[table_change]
        for key in gone:
            container.delete("audit", key)
        container.commit()
    with pytest.raises(VaultDamaged):
        vault.audit_entries()
    found = vault.verify()
    assert not found.audit_whole
    assert not found.rows_as_left


def test_a_changed_entry_breaks_the_chain():
    one = AuditEntry(1, 0, "a", "", bytes(32))
    two = AuditEntry(2, 0, "b", "", digest(one))
    check_chain([one, two], 2, digest(two))
    forged = AuditEntry(1, 0, "x", "", bytes(32))
    for entries, n, head in (
        ([forged, two], 2, digest(two)),
        ([two], 1, digest(two)),
        ([one], 2, digest(two)),
        ([one, two], 2, digest(one)),
        ([two, one], 2, digest(one)),
        ([], 0, digest(one)),
    ):
        with pytest.raises(VaultDamaged):
            check_chain(entries, n, head)
