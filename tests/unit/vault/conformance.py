"""What every store of vaults must do. Subclass, and give a ``store`` fixture."""

from __future__ import annotations

import pytest

from estran.errors import NotFound, VaultBusy
from estran.vault.keys import VaultKeys, create_vault
from estran.vault.store import TABLES, Row, VaultStore, new_meta


def row(key: bytes, *, rev: int = 1, group: bytes = b"g", body: bytes = b"sealed") -> Row:
    return Row(key, group, rev, b"name", body)


class StoreConformance:
    """Each test uses a fresh store; a subclass says which."""

    @pytest.fixture
    def store(self) -> VaultStore:
        raise NotImplementedError

    @pytest.fixture
    def keys(self, store) -> VaultKeys:
        keys = create_vault()
        store.create(keys.vault_id, new_meta(keys))
        return keys

    def test_a_vault_is_there_once_it_is_made(self, store):
        keys = create_vault()
        assert not store.exists(keys.vault_id)
        meta = new_meta(keys)
        store.create(keys.vault_id, meta)
        assert store.exists(keys.vault_id)
        assert store.meta(keys.vault_id) == meta
        assert list(store.ids()) == [keys.vault_id]

    def test_a_vault_is_not_made_twice(self, store, keys):
        with pytest.raises(FileExistsError):
            store.create(keys.vault_id, new_meta(create_vault()))
        assert store.meta(keys.vault_id).public_key == keys.public_key

    @pytest.mark.parametrize("name", ["", "..", "../../etc/passwd", "A" * 32, "0" * 31, "0" * 33])
    def test_an_id_that_is_none_names_no_vault(self, store, name):
        assert not store.exists(name)
        with pytest.raises(NotFound):
            store.connect(name)

    def test_a_missing_vault_is_not_found(self, store):
        with pytest.raises(NotFound):
            store.connect("0" * 32)
        with pytest.raises(NotFound):
            store.meta("0" * 32)

    @pytest.mark.parametrize("table", TABLES)
    def test_a_committed_row_comes_back(self, store, keys, table):
        with store.connect(keys.vault_id) as container:
            container.begin(write=True)
            container.put(table, row(b"k"))
            container.commit()
        with store.connect(keys.vault_id) as container:
            assert container.get(table, b"k") == row(b"k")
            assert container.rev(table, b"k") == 1
            assert container.get(table, b"other") is None
            assert container.rev(table, b"other") is None

    def test_a_row_is_written_over(self, store, keys):
        with store.connect(keys.vault_id) as container:
            container.begin(write=True)
            container.put("doc", row(b"k", group=b"a"))
            container.put("doc", row(b"k", rev=2, group=b"b", body=b"new"))
            container.commit()
            assert container.get("doc", b"k") == row(b"k", rev=2, group=b"b", body=b"new")
            assert container.names("doc", group=b"a") == []

    def test_what_is_not_committed_is_gone(self, store, keys):
        with store.connect(keys.vault_id) as container:
            container.begin(write=True)
            container.put("doc", row(b"k"))
            container.rollback()
            assert container.get("doc", b"k") is None
        with store.connect(keys.vault_id) as container:
            container.begin(write=True)
            container.put("doc", row(b"k"))
        with store.connect(keys.vault_id) as container:
            assert container.get("doc", b"k") is None

    def test_nothing_is_written_outside_a_transaction(self, store, keys):
        with store.connect(keys.vault_id) as container:
            with pytest.raises(RuntimeError):
                container.put("doc", row(b"k"))
            with pytest.raises(RuntimeError):
                container.delete("doc", b"k")
            with pytest.raises(RuntimeError):
                container.tick()

    def test_numbers_of_writes_only_grow(self, store, keys):
        numbers = []
        for _ in range(3):
            with store.connect(keys.vault_id) as container:
                container.begin(write=True)
                numbers.append(container.tick())
                container.commit()
        assert numbers == sorted(set(numbers))
        assert numbers[0] > 0

    def test_rows_are_listed_in_the_order_of_their_revisions(self, store, keys):
        with store.connect(keys.vault_id) as container:
            container.begin(write=True)
            for key, rev, group in ((b"c", 1, b"x"), (b"a", 3, b"y"), (b"b", 2, b"x")):
                container.put("doc", row(key, rev=rev, group=group))
            container.commit()
            assert [found.key for found in container.rows("doc")] == [b"c", b"b", b"a"]
            assert [found.body for found in container.rows("doc")] == [b"sealed"] * 3
            named = container.names("doc", group=b"x")
            assert [(found.key, found.name, found.body) for found in named] == [
                (b"c", b"name", b""),
                (b"b", b"name", b""),
            ]

    def test_a_removed_row_is_gone(self, store, keys):
        with store.connect(keys.vault_id) as container:
            container.begin(write=True)
            container.put("chunk", row(b"k"))
            assert container.delete("chunk", b"k")
            assert not container.delete("chunk", b"k")
            container.commit()
            assert list(container.rows("chunk")) == []

    def test_a_reader_sees_one_moment_and_writers_take_turns(self, store, keys):
        with store.connect(keys.vault_id) as first, store.connect(keys.vault_id) as second:
            first.begin(write=True)
            first.put("doc", row(b"k"))
            assert second.get("doc", b"k") is None
            with pytest.raises(VaultBusy):
                second.begin(write=True)
            first.commit()
            second.begin(write=True)
            assert second.get("doc", b"k") is not None
            second.rollback()

    def test_an_erased_vault_is_gone_and_others_stay(self, store, keys):
        other = create_vault()
        store.create(other.vault_id, new_meta(other))
        assert store.erase(keys.vault_id)
        assert not store.exists(keys.vault_id)
        assert not store.erase(keys.vault_id)
        with pytest.raises(NotFound):
            store.connect(keys.vault_id)
        assert store.meta(other.vault_id).public_key == other.public_key
