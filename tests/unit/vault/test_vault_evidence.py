from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from estran.errors import VaultDamaged
from estran.trace import Activities, Claims, Marks, Positions, Source, Stream
from estran.vault.store import Row
from estran.web.store import Added, DamagedChunk, Removed
from tests.unit.vault.samples import DAY_US, PHONE, START_US, WATCH, days_of


def test_positions_come_back_in_order_of_time(vault):
    positions = days_of(3)
    added = vault.add_positions(PHONE, positions.take(slice(None, None, -1)), import_id="i")
    assert (added.n_new, added.n_known) == (len(positions), 0)
    assert added.days == (date(2025, 10, 9), date(2025, 10, 10), date(2025, 10, 11))
    found = vault.evidence()
    assert found.sources == (PHONE,)
    assert Positions.__eq__(positions, positions)
    for name in ("time_us", "lat_deg", "lon_deg", "accuracy_m", "speed_mps", "bearing_deg"):
        np.testing.assert_array_equal(getattr(found.trace, name), getattr(positions, name), name)


def test_finer_positions_are_rounded_once(vault):
    vault.add_positions(PHONE, Positions.of([0], [46.123456789], [-1.5]), import_id="i")
    assert vault.evidence().trace.lat_deg[0] == 46.1234568
    again = vault.evidence().trace
    assert vault.add_positions(PHONE, again, import_id="j") == Added(0, 1)


def test_the_same_data_is_kept_once_however_it_is_cut(bench, vault):
    positions = days_of(2)
    vault.add_positions(PHONE, positions, import_id="a")
    before = vault.evidence()
    assert vault.add_positions(PHONE, positions, import_id="a") == Added(0, len(positions))
    twice = Positions.concatenate([positions, positions])
    assert vault.add_positions(PHONE, twice, import_id="b") == Added(0, 2 * len(positions))
    for start in range(0, len(positions), 7):
        vault.add_positions(PHONE, positions.take(slice(start, start + 9)), import_id="c")
    assert vault.evidence().trace == before.trace


def test_a_batch_sent_again_after_a_crash_changes_nothing(vault):
    positions = days_of(1)
    vault.add_positions(PHONE, positions, import_id="a")
    generation = vault.generation()
    vault.add_positions(PHONE, positions, import_id="a")
    assert vault.generation() == generation


def test_rows_that_differ_in_one_column_are_two(vault):
    one = Positions.of([5], [46.0], [1.0], accuracy_m=[5.0])
    other = Positions.of([5], [46.0], [1.0])
    assert vault.add_positions(PHONE, one, import_id="a").n_new == 1
    assert vault.add_positions(PHONE, other, import_id="b").n_new == 1
    assert vault.add_positions(PHONE, other, import_id="c").n_new == 0
    assert len(vault.evidence().trace) == 2


def test_undoing_an_import_never_takes_what_another_brought(vault):
    positions = days_of(2)
    vault.add_positions(PHONE, positions.take(slice(0, 60)), import_id="a")
    vault.add_positions(PHONE, positions.take(slice(40, 100)), import_id="b")
    removed = vault.remove_import("a")
    assert removed == Removed(40, (date(2025, 10, 9),))
    assert vault.evidence().trace.time_us.tolist() == positions.time_us[40:100].tolist()
    assert vault.remove_import("a") == Removed(0)
    assert vault.remove_import("never brought") == Removed(0)
    assert vault.remove_import("b").n_rows == 60
    assert len(vault.evidence().trace) == 0
    assert vault.sources() == ()
    assert vault.imports() == ()
    assert vault.verify().sound


def test_an_undone_import_can_be_brought_again(vault):
    positions = days_of(1)
    vault.add_positions(PHONE, positions, import_id="a")
    before = vault.evidence()
    vault.remove_import("a")
    assert vault.add_positions(PHONE, positions, import_id="a").n_new == len(positions)
    assert vault.evidence().trace == before.trace


def test_sources_are_kept_apart_and_numbered_by_key(vault):
    one, other = days_of(1), days_of(1)
    vault.add_positions(WATCH, other, import_id="a")
    vault.add_positions(PHONE, one, import_id="a")
    found = vault.evidence()
    assert found.sources == (PHONE, WATCH) == vault.sources()
    assert np.bincount(found.trace.source).tolist() == [len(one), len(other)]
    assert bool((np.diff(found.trace.time_us) >= 0).all())


def test_the_order_of_arrival_does_not_show(bench, vault, tmp_path):
    positions = days_of(2)
    parts = [(PHONE, positions.take(slice(0, 80)), "a"), (WATCH, positions, "b"),
             (PHONE, positions.take(slice(50, 120)), "c")]  # fmt: skip
    for source, part, import_id in parts:
        vault.add_positions(source, part, import_id=import_id)
    forwards = vault.evidence()
    for import_id in "abc":
        vault.remove_import(import_id)
    for source, part, import_id in reversed(parts):
        vault.add_positions(source, part, import_id=import_id)
    backwards = vault.evidence()
    assert forwards.trace == backwards.trace
    assert forwards.sources == backwards.sources


def activities():
    return Activities(
        time_us=np.array([START_US + 5, START_US + 5, START_US]),
        motion=np.array([3, 5, 1]),
        confidence_share=np.array([0.5, np.nan, 1.0]),
        source=np.zeros(3, np.int16),
    )


def claims():
    return Claims(
        start_us=np.array([START_US, START_US + DAY_US // 2]),
        end_us=np.array([START_US + 10, START_US + 2 * DAY_US]),
        kind=np.array([0, 1]),
        motion=np.array([1, 16]),
        probability_share=np.array([np.nan, 0.25]),
        confirmed=np.array([True, False]),
        lat_deg=np.array([46.1591234, np.nan]),
        lon_deg=np.array([-1.1517, np.nan]),
        end_lat_deg=np.array([np.nan, 48.0]),
        end_lon_deg=np.array([np.nan, 2.0]),
        distance_m=np.array([np.nan, 1234.5]),
        source=np.zeros(2, np.int16),
    )


def marks():
    return Marks(
        time_us=np.array([START_US, START_US + DAY_US]),
        kind=np.array([1, 2]),
        source=np.zeros(2, np.int16),
    )


def test_hints_claims_and_marks_come_back(vault):
    with vault.transaction():
        assert vault.add_activities(PHONE, activities(), import_id="a").n_new == 3
        assert vault.add_claims(PHONE, claims(), import_id="a").n_new == 2
        assert vault.add_marks(PHONE, marks(), import_id="a").n_new == 2
    found = vault.evidence()
    assert found.activities.time_us.tolist() == [START_US, START_US + 5, START_US + 5]
    assert found.activities.motion.tolist() == [1, 3, 5]
    np.testing.assert_array_equal(
        found.activities.confidence_share, np.array([1, 0.5, np.nan], np.float32)
    )
    assert found.claims == claims()
    assert found.marks == marks()
    assert len(found.trace) == 0
    assert vault.remove_import("a").n_rows == 7
    assert len(vault.evidence().claims) == 0


def test_a_span_is_half_open_and_claims_overlap_it(vault):
    vault.add_positions(PHONE, Positions.of([10, 20, 30], [1, 2, 3], [1, 2, 3]), import_id="a")
    vault.add_claims(PHONE, claims(), import_id="a")
    assert vault.evidence(10, 30).trace.time_us.tolist() == [10, 20]
    assert vault.evidence(11, 31).trace.time_us.tolist() == [20, 30]
    assert len(vault.evidence(31).trace) == 0
    # The second claim begins on the first day and still runs on the third.
    late = vault.evidence(START_US + DAY_US + DAY_US // 2, START_US + 2 * DAY_US).claims
    assert late.start_us.tolist() == [START_US + DAY_US // 2]


def test_nothing_brought_is_nothing_kept(vault):
    assert vault.add_positions(PHONE, Positions.empty(), import_id="a") == Added(0, 0)
    found = vault.evidence()
    assert (len(found.trace), len(found.activities), len(found.claims), len(found.marks)) == (
        0,
    ) * 4
    assert found.sources == ()
    assert vault.generation() == 0


def test_all_times_and_signs_are_kept(vault):
    times = [-(2**62), -1, 0, 1, 2**62]
    odd = np.array([-0.0, np.inf, -np.inf, 1e-45, 3.4e38], np.float32)
    vault.add_positions(
        PHONE, Positions.of(times, [90, -90, 0, -0.0, 1e-7], [180, -180, 0, 0, 0], speed_mps=odd),
        import_id="a",
    )  # fmt: skip
    trace = vault.evidence().trace
    assert trace.time_us.tolist() == times
    assert trace.speed_mps.tobytes() == odd.tobytes()
    assert trace.lat_deg.tolist() == [90, -90, 0, 0, 1e-7]


# Damage ------------------------------------------------------------------------------------


def chunk_rows(bench):
    with bench.store.connect(bench.keys.vault_id) as container:
        return list(container.rows("chunk"))


def overwrite(bench, row: Row, *, body: bytes, rev: int | None = None):
    with bench.store.connect(bench.keys.vault_id) as container:
        container.begin(write=True)
        container.put("chunk", Row(row.key, row.group, rev or row.rev, row.name, body))
        container.commit()


def lost_days(vault):
    lost: list[DamagedChunk] = []
    kept = vault.evidence(skip_damaged=lost.append)
    return kept, lost


@pytest.mark.parametrize("how", ["altered", "truncated", "swapped", "emptied", "removed"])
def test_a_damaged_day_is_told_and_the_others_are_read(bench, vault, how):
    positions = days_of(4)
    vault.add_positions(PHONE, positions, import_id="a")
    rows = chunk_rows(bench)
    victim, other = rows[1], rows[2]
    if how == "removed":
        with bench.store.connect(bench.keys.vault_id) as container:
            container.begin(write=True)
            container.delete("chunk", victim.key)
            container.commit()
    else:
        overwrite(bench, victim, body={
            "altered": victim.body[:40] + bytes([victim.body[40] ^ 1]) + victim.body[41:],
            "truncated": victim.body[:-7],
            "swapped": other.body,
            "emptied": b"",
        }[how])  # fmt: skip
    with pytest.raises(VaultDamaged):
        vault.evidence()
    kept, lost = lost_days(vault)
    assert [(chunk.kind, chunk.source) for chunk in lost] == [("positions", PHONE)]
    assert len(kept.trace) == len(positions) * 3 // 4
    gone = (lost[0].day - date(1970, 1, 1)).days
    assert gone not in set((kept.trace.time_us // DAY_US).tolist())
    # Other spans do not even meet it.
    assert len(vault.evidence(int(kept.trace.time_us[-1])).trace) == 1
    assert not vault.verify().sound


def test_a_day_put_back_to_an_older_state_is_told(bench, vault):
    positions = days_of(2)
    vault.add_positions(PHONE, positions.take(slice(0, 150)), import_id="a")
    old = {row.key: row for row in chunk_rows(bench)}
    vault.add_positions(PHONE, positions, import_id="b")
    changed = next(row for row in chunk_rows(bench) if row != old[row.key])
    overwrite(bench, changed, body=old[changed.key].body, rev=old[changed.key].rev)
    assert len(lost_days(vault)[1]) == 1
    found = vault.verify()
    assert not found.rows_as_left
    assert len(found.damaged_chunks) == 1


def test_a_document_put_back_to_an_older_state_is_found_by_the_check(bench, vault):
    vault.put_doc("k", "a", b"old")
    with bench.store.connect(bench.keys.vault_id) as container:
        (old,) = container.rows("doc")
    vault.put_doc("k", "a", b"new")
    assert vault.verify().sound
    with bench.store.connect(bench.keys.vault_id) as container:
        container.begin(write=True)
        container.put("doc", old)
        container.commit()
    assert not vault.verify().rows_as_left


@pytest.mark.parametrize("name", [b"index", b"manifest"])
def test_an_index_or_manifest_put_back_is_told(bench, vault, name):
    vault.add_positions(PHONE, days_of(1), import_id="a")
    with bench.store.connect(bench.keys.vault_id) as container:
        old = container.get("meta", name)
    vault.add_positions(PHONE, days_of(2), import_id="b")
    with bench.store.connect(bench.keys.vault_id) as container:
        container.begin(write=True)
        container.put("meta", old)
        container.commit()
    with pytest.raises(VaultDamaged):
        vault.evidence()
    with pytest.raises(VaultDamaged):
        vault.add_positions(PHONE, days_of(1), import_id="c")


def test_a_damaged_day_takes_no_more_and_loses_no_more(bench, vault):
    vault.add_positions(PHONE, days_of(2), import_id="a")
    victim = chunk_rows(bench)[0]
    overwrite(bench, victim, body=victim.body[:-1])
    with pytest.raises(VaultDamaged):
        vault.add_positions(PHONE, days_of(3), import_id="b")
    kept, lost = lost_days(vault)
    assert len(lost) == 1
    assert vault.imports() == ("a",)
    assert len(kept.trace) == 100


def test_a_source_keeps_all_it_says_of_itself(vault):
    source = Source("gpx/7", "gpx", "watch", Stream.PATH)
    vault.add_marks(source, marks(), import_id="a")
    assert vault.sources() == (source,)
