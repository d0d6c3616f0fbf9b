"""Evidence taken out of a vault or changed in it: the rest is as it was, and knows its imports."""

from __future__ import annotations

import numpy as np
import pytest

from estran.privacy import Keeps, Zone
from estran.trace import Claims, Positions, Source
from estran.vault.chunks import DAY_US
from estran.vault.keys import create_vault
from estran.vault.store import new_meta
from estran.web.retention.changes import both, in_zones, without_all, without_time
from estran.web.store import FileVaultStore, OpenVault
from estran.web.store.file import FileContainer
from estran.web.store.rewriting import Reach

PHONE, WATCH = Source("phone", "gpx"), Source("watch", "fit")
HOUR_US = 3_600_000_000


@pytest.fixture
def vault(tmp_path):
    store, keys = FileVaultStore(tmp_path), create_vault()
    store.create(keys.vault_id, new_meta(keys))
    return OpenVault(store, keys.vault_id, keys.vault_key)


def hours(first, last, lat=46.0):
    time_us = np.arange(first, last) * HOUR_US
    return Positions.of(time_us, np.full(time_us.size, lat), np.full(time_us.size, -1.0))


def visits(*rows):
    n = len(rows)
    return Claims(
        np.array([r[0] for r in rows]) * HOUR_US, np.array([r[1] for r in rows]) * HOUR_US,
        np.array([r[2] for r in rows], "i1"), np.ones(n, "i1"), np.full(n, np.nan, "f4"),
        np.zeros(n, "?"), np.full(n, 46.0), np.full(n, -1.0), np.full(n, np.nan),
        np.full(n, np.nan), np.full(n, np.nan, "f4"), np.zeros(n, "i2"),
    )  # fmt: skip


def spans_of(vault):
    claims = vault.evidence().claims
    return [(a // HOUR_US, b // HOUR_US) for a, b in
            zip(claims.start_us.tolist(), claims.end_us.tolist(), strict=True)]  # fmt: skip


def test_a_span_goes_from_all_sources_and_the_rest_keeps_its_imports(vault):
    vault.add_positions(PHONE, hours(0, 72), import_id="one")
    vault.add_positions(PHONE, hours(0, 30), import_id="two")
    vault.add_positions(WATCH, hours(20, 40), import_id="two")
    gone = vault.rewrite(without_time([(24 * HOUR_US, 48 * HOUR_US)]))
    assert gone.n_positions == 24 + 16
    left = vault.evidence().trace.time_us // HOUR_US
    assert sorted(set(left.tolist())) == [*range(24), *range(48, 72)]
    assert vault.verify().sound
    vault.remove_import("one")
    left = vault.evidence().trace.time_us // HOUR_US
    assert sorted(set(left.tolist())) == list(range(24))
    assert vault.imports() == ("two",)


def test_visits_keep_what_lies_outside_and_moves_go_whole(vault):
    vault.add_claims(PHONE, visits((20, 100, 0), (22, 26, 1), (5, 6, 0)), import_id="one")
    vault.rewrite(without_time([(24 * HOUR_US, 48 * HOUR_US)]))
    assert spans_of(vault) == [(5, 6), (20, 24), (48, 100)]
    assert vault.verify().sound
    vault.remove_import("one")
    assert spans_of(vault) == []
    assert vault.sources() == ()


def test_a_visit_that_ends_where_a_span_begins_stays(vault):
    vault.add_claims(PHONE, visits((20, 24, 0), (48, 50, 0)), import_id="one")
    gone = vault.rewrite(without_time([(24 * HOUR_US, 48 * HOUR_US)]))
    assert gone.n_rows == 0
    assert spans_of(vault) == [(20, 24), (48, 50)]


def test_rows_that_become_alike_are_one_with_both_imports(vault):
    zone = Zone(id="z", name="", lat_deg=46.0, lon_deg=-1.0, radius_m=500, keeps=Keeps.CENTRE)
    vault.add_positions(PHONE, hours(0, 3, lat=46.001), import_id="one")
    vault.add_positions(PHONE, hours(0, 3, lat=46.002), import_id="two")
    assert len(vault.evidence().trace) == 6
    vault.rewrite(in_zones([zone]))
    assert vault.evidence().trace.lat_deg.tolist() == [46.0] * 3
    vault.remove_import("one")
    assert len(vault.evidence().trace) == 3
    vault.remove_import("two")
    assert len(vault.evidence().trace) == 0


def test_only_what_is_reached_is_touched(vault):
    vault.add_positions(PHONE, hours(0, 48), import_id="one")
    vault.add_positions(WATCH, hours(0, 48), import_id="one")
    assert vault.would_rewrite(without_all, Reach(source="watch")).n_positions == 48
    assert len(vault.evidence().trace) == 96
    vault.rewrite(without_all, Reach(source="watch"))
    assert [source.key for source in vault.sources()] == ["phone"]
    assert vault.rewrite(without_time([(0, DAY_US)]), Reach(0, DAY_US)).n_positions == 24


def test_a_damaged_day_is_dropped_skipped_or_refused(vault, monkeypatch):
    from estran.errors import VaultDamaged  # noqa: PLC0415 - beside what raises it
    from estran.web.store import evidence  # noqa: PLC0415 - patched

    vault.add_positions(PHONE, hours(0, 48), import_id="one")
    whole = evidence.open_chunk

    def damaged(session, index, place):
        if place.day == 0:
            raise VaultDamaged(part="chunk")
        return whole(session, index, place)

    everything = [(0, 2 * DAY_US)]
    monkeypatch.setattr(evidence, "open_chunk", damaged)
    with pytest.raises(VaultDamaged):
        vault.rewrite(without_time(everything))
    assert vault.rewrite(without_time(everything), Reach(if_damaged="skip")).n_positions == 24
    assert [place.day for place in _places(vault)] == [0]
    vault.rewrite(without_time(everything), Reach(if_damaged="drop"))
    assert _places(vault) == []


def _places(vault):
    with vault._session(write=False) as session:
        return list(session.index.entries)


def test_two_changes_are_one(vault):
    zone = Zone(id="z", name="", lat_deg=46.0, lon_deg=-1.0, radius_m=500, keeps=Keeps.NOTHING)
    vault.add_positions(PHONE, hours(0, 24), import_id="one")
    vault.add_positions(PHONE, hours(24, 48, lat=47.0), import_id="one")
    gone = vault.rewrite(both(without_time([(30 * HOUR_US, 40 * HOUR_US)]), in_zones([zone])))
    assert gone.n_positions == 24 + 10
    assert len(vault.evidence().trace) == 14


def test_nothing_is_half_rewritten(vault, monkeypatch):
    vault.add_positions(PHONE, hours(0, 240), import_id="one")
    put, n_puts = FileContainer.put, [0]

    def failing(self, table, row):
        n_puts[0] += 1
        if n_puts[0] > 4:
            raise OSError(5, "gone")
        put(self, table, row)

    with monkeypatch.context() as disk:
        disk.setattr(FileContainer, "put", failing)
        with pytest.raises(OSError, match="gone"):
            vault.rewrite(without_time([(k * DAY_US, k * DAY_US + 5) for k in range(10)]))
    assert len(vault.evidence().trace) == 240
    assert vault.verify().sound
