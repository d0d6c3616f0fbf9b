"""Erasing, blurring, pausing, keeping for some days: what is gone is gone, whatever happens."""

from __future__ import annotations

import resource
import signal
from datetime import date

import numpy as np
import pytest

from estran.errors import ImportUnderWay, NotFound, VaultFull
from estran.geo.distance import distances_m
from estran.journal import Mode, Stay, Trip, Unknown
from estran.privacy import Keeps
from estran.vault.audit import Act
from estran.web.accounts.vaults import store
from estran.web.me import work
from estran.web.me.access import log_of
from estran.web.me.documents import note_change, read_change, read_corrections
from estran.web.me.models import Import
from estran.web.me.remaking import remake
from estran.web.retention import erasing, zoning
from estran.web.retention.documents import (
    KeptZone,
    read_erased,
    write_zone,
)
from estran.web.retention.overlay import stored_entries
from estran.web.store.file import FileContainer

from .conftest import track
from .lived import (
    DAYS,
    HOME,
    THERE,
    circle,
    come_back,
    erase,
    quiet,
    sealed_rows,
    trips_of,
    two_days,
    written,
)
from .test_imports import vault_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def vault(alice, workers, work_off):
    """Two days of Alice's, understood."""
    return two_days(alice, work_off)


def test_a_preview_says_exactly_what_goes(vault):
    plan = erasing.plan(vault, erasing.Wanted(days=(DAYS[0], DAYS[0])))
    assert (plan.n_positions, plan.n_days, plan.n_trips) == (900, 1, 1)
    leg = trips_of(vault, DAYS[0])[0].legs[0]
    work.correct_mode(vault, start_us=leg.started_us, end_us=leg.ended_us, mode=Mode.BUS)
    receipt = erase(vault, days=(DAYS[0], DAYS[0]))
    assert receipt.plan.n_corrections == 1
    assert erasing.plan(vault, erasing.Wanted(days=(DAYS[0], DAYS[0]))).is_empty


def test_an_erased_day_is_gone_from_everything_at_once_and_after_the_worker(vault):
    leg = trips_of(vault, DAYS[0])[0].legs[0]
    work.correct_mode(vault, start_us=leg.started_us, end_us=leg.ended_us, mode=Mode.BUS)
    before = work.period_summary(vault, DAYS[0].replace(day=1), date(2026, 6, 30))
    [trip] = trips_of(vault, DAYS[0])
    erase(vault, days=(DAYS[0], DAYS[0]))

    def gone():
        borders = {t for e in stored_entries(vault) for t in (e.started_us, e.ended_us)}
        assert not borders & {trip.started_us, trip.ended_us}  # nor when it was
        kinds = {type(e) for e in work.journal(vault, DAYS[0], DAYS[0]).entries}
        assert kinds <= {Unknown}
        assert DAYS[0] not in work.known_days(vault).days
        assert trips_of(vault, DAYS[1])
        month = work.period_summary(vault, DAYS[0].replace(day=1), date(2026, 6, 30))
        share = sum(m.distance_m for m in month.modes) / sum(m.distance_m for m in before.modes)
        assert 0.4 < share < 0.6
        assert read_corrections(vault) == ()
        assert vault.evidence().trace.time_us.min() >= DAYS[1].toordinal() * 0
        assert len(vault.evidence().trace) == 900

    gone()
    remake(vault, quiet)
    gone()
    assert vault.verify().sound


def test_erased_bytes_are_no_longer_in_the_file(vault):
    before = sealed_rows(vault)
    erase(vault, days=(DAYS[0], DAYS[0]))
    now = set(sealed_rows(vault))
    gone = [body for body in before if body not in now]
    assert len(gone) >= 3  # positions, a day, a month
    content = store()._path(vault.vault_id).read_bytes()
    # A long row lies on several pages: each piece of it is looked for.
    for body in gone:
        pieces = [body[at : at + 64] for at in range(0, len(body) - 64, 256)] or [body]
        assert not [piece for piece in pieces if piece in content]
    assert not list(store()._path(vault.vault_id).parent.glob("*-journal"))


def test_bringing_the_same_file_again_brings_the_day_back_and_nothing_else_does(
    vault, alice, work_off
):
    erase(vault, days=(DAYS[0], DAYS[0]))
    work_off()
    remake(vault, quiet)
    assert not trips_of(vault, DAYS[0])
    alice.bring(("again.json", track(day=str(DAYS[0]))))
    work_off()
    assert len(trips_of(vault, DAYS[0])) == 1
    assert read_erased(vault) == ()


def test_an_erased_place_takes_its_trips_and_leaves_no_point_inside(vault):
    there = circle(THERE)
    plan = erasing.plan(vault, erasing.Wanted(circle=there))
    assert (plan.n_trips, plan.n_days) == (2, 2)
    assert erase(vault, circle=there).plan.n_positions == plan.n_positions > 0
    for _ in range(2):
        trace = vault.evidence().trace
        away_m = distances_m(trace.lat_deg, trace.lon_deg, np.array(THERE[0]), np.array(THERE[1]))
        assert away_m.min() > 300
        entries = stored_entries(vault)
        assert not [e for e in entries if isinstance(e, Trip)]
        assert [e for e in entries if isinstance(e, Stay)]
        remake(vault, quiet)


def test_a_place_without_its_trips_cuts_them_at_the_edge(vault):
    there = circle(THERE)
    erase(vault, circle=there, with_trips=False)
    for _ in range(2):
        [trip] = trips_of(vault, DAYS[0])
        lat = np.concatenate([leg.path.lat_deg for leg in trip.legs])
        lon = np.concatenate([leg.path.lon_deg for leg in trip.legs])
        away_m = distances_m(lat, lon, np.array(THERE[0]), np.array(THERE[1]))
        assert away_m.min() > 300
        remake(vault, quiet)


def test_an_erased_source_is_gone_with_what_it_told(vault):
    [source] = vault.sources()
    receipt = erase(vault, source=source.key)
    assert receipt.plan.n_positions == 1800
    assert vault.sources() == ()
    assert not work.known_days(vault).days
    remake(vault, quiet)
    assert stored_entries(vault) == []
    assert read_corrections(vault) == ()


def test_reports_of_imports_no_longer_tell_of_an_erased_day(vault, alice):
    row = Import.objects.get()
    erase(vault, days=(DAYS[0], DAYS[0]))
    report = work.import_report(vault, row.pk)
    assert report is not None
    first, second = report.files
    assert (first.first_us, first.last_us) == (None, None)
    assert second.first_us is not None
    page = alice.client.get(f"/import/{row.pk}/")
    assert page.status_code == 200
    assert page.context["report"].first == page.context["report"].last != ""


def test_two_tabs_erase_the_same_and_correct_what_is_gone(vault):
    wanted = erasing.Wanted(days=(DAYS[0], DAYS[0]))
    leg = trips_of(vault, DAYS[0])[0].legs[0]
    mark = erasing.plan(vault, wanted).mark
    assert erasing.erase(vault, wanted, mark=mark)
    assert erasing.erase(vault, wanted, mark=mark) is None  # shown again: nothing is left
    again = erasing.plan(vault, wanted)
    assert again.is_empty
    n_audit = len(vault.audit_entries())
    nothing = erasing.erase(vault, wanted, mark=again.mark)
    assert nothing
    assert nothing.plan.is_empty
    assert len(vault.audit_entries()) == n_audit
    with pytest.raises(NotFound):
        work.correct_mode(vault, start_us=leg.started_us, end_us=leg.ended_us, mode=Mode.BUS)


def test_the_access_log_tells_of_an_erasure_without_a_place_or_a_day(vault):
    receipt = erase(vault, circle=circle(THERE))
    entry = vault.audit_entries()[-1]
    assert entry.action == Act.ERASED
    assert entry.why.split() == ["place", receipt.number, str(receipt.plan.n_positions)]
    assert log_of(vault).is_as_left


def test_a_full_disk_leaves_the_old_state(vault, monkeypatch):
    before = vault.generation(), len(vault.evidence().trace), written(vault)
    wanted = erasing.Wanted(days=(DAYS[0], DAYS[0]))
    mark = erasing.plan(vault, wanted).mark
    put = FileContainer.put
    n_left = [5]

    def full(self, table, row):
        n_left[0] -= 1
        if n_left[0] < 0:
            raise VaultFull
        put(self, table, row)

    with monkeypatch.context() as disk:
        disk.setattr(FileContainer, "put", full)
        with pytest.raises(VaultFull):
            erasing.erase(vault, wanted, mark=mark)
    assert (vault.generation(), len(vault.evidence().trace), written(vault)) == before
    assert vault.verify().sound
    assert erasing.erase(vault, wanted, mark=mark)


@pytest.mark.parametrize("room_bytes", [0, 4096, 16384])
def test_a_disk_that_is_truly_full_leaves_the_old_state_or_the_new(vault, data, room_bytes):
    wanted = erasing.Wanted(days=(DAYS[0], DAYS[0]))
    mark = erasing.plan(vault, wanted).mark
    path = store()._path(vault.vault_id)
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    was = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    # Files cannot grow beyond this: neither the vault's nor the journal of its transaction.
    resource.setrlimit(resource.RLIMIT_FSIZE, (room_bytes, hard))
    try:
        erased_it = erasing.erase(vault, wanted, mark=mark) is not None
    except VaultFull:
        erased_it = False
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, was)
    assert path.is_file()
    assert vault.verify().sound
    left = len(vault.evidence().trace), bool(trips_of(vault, DAYS[0])), bool(read_erased(vault))
    assert left == ((900, False, True) if erased_it else (1800, True, False))


@pytest.mark.parametrize("n_puts", [0, 1, 3])
def test_a_process_killed_while_it_erases_leaves_the_old_state(vault, monkeypatch, n_puts):
    before = vault.generation(), len(vault.evidence().trace)
    wanted = erasing.Wanted(days=(DAYS[0], DAYS[0]))
    mark = erasing.plan(vault, wanted).mark
    put = FileContainer.put
    done = [0]

    def killed(self, table, row):
        done[0] += 1
        if done[0] > n_puts:
            raise KeyboardInterrupt
        put(self, table, row)

    with monkeypatch.context() as power:
        power.setattr(FileContainer, "put", killed)
        with pytest.raises(KeyboardInterrupt):
            erasing.erase(vault, wanted, mark=mark)
    assert (vault.generation(), len(vault.evidence().trace)) == before
    assert vault.verify().sound


def test_an_analysis_under_way_does_not_write_back_what_is_erased(vault, monkeypatch):
    import estran.analyse as engine  # noqa: PLC0415 - patched where it is looked up

    whole = engine.analyse_report
    once: list[int] = []

    def slow(evidence, **rest):
        made = whole(evidence, **rest)
        if len(evidence.trace) and not once:
            once.append(1)
            erase(vault, days=(DAYS[0], DAYS[0]))
        return made

    erase(vault, days=(date(2026, 6, 9), date(2026, 6, 9)))
    note_change(vault)
    monkeypatch.setattr(engine, "analyse_report", slow)
    remake(vault, quiet)
    assert once
    assert not trips_of(vault, DAYS[0])
    assert trips_of(vault, DAYS[1])
    assert not read_change(vault)


def test_a_killed_analysis_is_made_up_for_at_the_next_sign_in(vault, alice, work_off):
    erase(vault, days=(DAYS[0], DAYS[0]))  # and no job: the process died after its commit
    assert read_change(vault)
    come_back(alice)
    assert work_off() == 1
    assert not read_change(vault)


def test_nothing_is_erased_while_files_are_read(alice, workers, work_off):
    alice.bring(("a.json", track()))
    with pytest.raises(ImportUnderWay):
        erasing.check_nothing_comes(alice.person)
    work_off()
    erasing.check_nothing_comes(alice.person)


def test_an_account_erased_while_its_import_runs_leaves_nothing(
    alice, workers, work_off, monkeypatch
):
    alice.bring(("a.json", track()))
    person = alice.person

    def erased_meanwhile(vault, tell):
        work.erase_everything(person)
        return remake(vault, tell)

    monkeypatch.setattr("estran.web.me.bringing.remake", erased_meanwhile)
    work_off()
    assert not list(store().ids())
    assert not Import.objects.exists()


# Zones --------------------------------------------------------------------------------------


def test_new_data_is_blurred_before_it_is_stored(alice, workers, work_off):
    write_zone(vault_of(alice), KeptZone(circle(), for_all=True))
    alice.bring(("a.json", track()))
    work_off()
    vault = vault_of(alice)
    trace = vault.evidence().trace
    away_m = distances_m(trace.lat_deg, trace.lon_deg, np.array(HOME[0]), np.array(HOME[1]))
    inside = away_m < 300
    assert inside.sum() > 350
    assert (away_m[inside] == 0).all()
    entries = stored_entries(vault)
    assert isinstance(entries[0], Stay)
    assert entries[0].place == "Chez Mémé"
    [trip] = [e for e in entries if isinstance(e, Trip)]
    path = trip.legs[0].path
    start_m = distances_m(path.lat_deg[:1], path.lon_deg[:1], np.array([HOME[0]]),
                          np.array([HOME[1]]))[0]  # fmt: skip
    assert 300 <= start_m < 301
    assert 5000 < trip.distance_m < 6100
    page = alice.client.get("/journal/2026-06-01/").content.decode()
    assert "Chez Mémé" in page


def test_what_is_never_kept_is_dropped_and_counted(alice, workers, work_off):
    write_zone(vault_of(alice), KeptZone(circle(keeps=Keeps.NOTHING), for_all=True))
    row = alice.bring(("a.json", track()))
    work_off()
    vault = vault_of(alice)
    n_left = len(vault.evidence().trace)
    n_never = work.never_kept(vault, row.pk)
    assert n_left + n_never == 900
    assert n_never > 350
    shown = alice.client.get(f"/import/{row.pk}/").content.decode()
    assert f"{n_never}" in shown
    alice.bring(("again.json", track()))
    work_off()
    assert len(vault.evidence().trace) == n_left  # known already: veiled rows are the same


def test_a_zone_for_all_rewrites_what_is_stored(vault):
    n_inside = zoning.n_inside(vault, circle())
    assert zoning.set_zone(vault, circle(), for_all=True) == n_inside > 700
    for _ in range(2):
        trace = vault.evidence().trace
        assert len(trace) == 1800
        assert (trace.lat_deg == HOME[0]).sum() == n_inside
        stays = [e for e in stored_entries(vault) if isinstance(e, Stay)]
        assert "Chez Mémé" in {stay.place for stay in stays}
        for trip in (e for e in stored_entries(vault) if isinstance(e, Trip)):
            path = trip.legs[0].path
            away_m = distances_m(path.lat_deg, path.lon_deg, np.array(HOME[0]), np.array(HOME[1]))
            assert away_m.min() >= 300
        remake(vault, quiet)
    zoning.remove_zone(vault, "z1")
    assert (vault.evidence().trace.lat_deg == HOME[0]).sum() == n_inside  # gone for good


@pytest.mark.parametrize("keeps", list(Keeps))
def test_no_page_draws_a_point_inside_but_the_centre(vault, alice, keeps):
    zoning.set_zone(vault, circle(keeps=keeps), for_all=True)
    for _ in range(2):
        for day in DAYS:
            drawing = alice.client.get(f"/journal/{day}/").context["page"].drawing
            points: list[list[float]] = []
            for feature in drawing["features"]:
                at = feature["geometry"]["coordinates"]
                points += [at] if feature["geometry"]["type"] == "Point" else at
            assert points
            lon, lat = np.array(points).T
            away_m = distances_m(lat, lon, np.array(HOME[0]), np.array(HOME[1]))
            # What is drawn is rounded to a metre.
            assert ((away_m > 298) | ((away_m < 1) & (keeps is Keeps.CENTRE))).all()
        remake(vault, quiet)


def test_a_zone_for_what_comes_leaves_the_rest(vault):
    zoning.set_zone(vault, circle(keeps=Keeps.NOTHING), for_all=False)
    remake(vault, quiet)
    assert len(vault.evidence().trace) == 1800
    assert len(trips_of(vault, DAYS[0])) == 1
