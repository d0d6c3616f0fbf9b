"""Sources: what they cover, their order, why one counts, and their removal."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import UUID

import pytest

from estran.preference import Preference
from estran.vault.chunks import Kind
from estran.web.me import work as me_work
from estran.web.me.documents import read_calendar
from estran.web.sources.documents import (
    read_decided,
    read_overview,
    read_preference,
)
from estran.web.sources.naming import ref_of
from estran.web.sources.work import Removal, changed, read_removal

from .conftest import track
from .test_imports import vault_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)


def gpx(*, day="2026-06-01", step_s=30, start_h=7):
    """A second recorder of the same morning, sparser."""
    points = []
    for n in range(0, 900 * 10, step_s):
        moved = min(max(n / 10 - 360, 0), 180)
        at_s = start_h * 3600 + n
        clock = f"{at_s // 3600:02d}:{at_s // 60 % 60:02d}:{at_s % 60:02d}"
        points.append(
            f'<trkpt lat="{46.16 + moved * 3e-4:.6f}" lon="-1.15">'
            f"<time>{day}T{clock}Z</time></trkpt>"
        )
    body = "".join(points)
    return (
        '<?xml version="1.0"?><gpx version="1.1" creator="Clock" '
        f'xmlns="http://www.topografix.com/GPX/1/1"><trk><trkseg>{body}</trkseg></trk></gpx>'
    ).encode()


@pytest.fixture
def two(alice, work_off):
    """Google's raw positions of two days, and a recorder's of the first."""
    alice.bring(("a.json", track()), ("b.json", track(day="2026-06-02")), ("c.gpx", gpx()))
    work_off()
    return alice


def keys(who):
    sources = vault_of(who).sources()
    return {s.format: s.key for s in sources}


def press(who, key, what):
    ref = ref_of(vault_of(who).vault_id, key)
    return who.client.post(f"/sources/{ref}/change/", {"what": what})


def decided(who, day=DAY):
    found = read_decided(vault_of(who), day)
    assert found is not None
    return found


def owners(who, day=DAY):
    return decided(who, day).owners


def overview(vault):
    found = read_overview(vault)
    assert found is not None
    return found


def settle(work_off, monkeypatch):
    """Do also what waits for the person to finish pressing."""
    from estran.web.jobs.models import Job  # noqa: PLC0415 - rows

    Job.objects.filter(state="queued").update(not_before=None)
    return work_off()


def test_an_analysis_tells_what_each_source_covers(two):
    told = {s.format: s for s in overview(vault_of(two)).sources}

    assert len(told["google-records"].days) == 2
    assert told["google-records"].n_positions == 1800
    assert [date.fromordinal(d) for d in told["gpx"].days] == [DAY]
    assert [o.n_days for o in overview(vault_of(two)).overlaps] == [1]
    assert told["gpx"].n_trips + told["google-records"].n_trips == 2


def test_the_day_says_which_source_counted_and_why(two):
    assert owners(two)[0] == keys(two)["gpx"]

    body = two.client.get(f"/journal/{DAY}/").content.decode()

    assert "Google Records.json" in body
    assert "GPX" in body
    assert "day-sources" in body


def test_an_order_remakes_the_journal_and_is_named_in_it(two, work_off, monkeypatch):
    google = keys(two)["google-records"]

    assert press(two, google, "up").status_code == 302
    assert read_preference(vault_of(two)).order == (google,)
    assert settle(work_off, monkeypatch) == 1

    assert owners(two)[0] == google
    assert read_calendar(vault_of(two)).made_by.sources_digest == Preference((google,)).digest
    assert any(w.why == "order" for w in decided(two).won)
    press(two, google, "down")
    settle(work_off, monkeypatch)
    assert owners(two)[0] == keys(two)["gpx"]
    assert read_calendar(vault_of(two)).made_by.sources_digest == ""


def test_a_source_set_aside_is_kept_and_makes_no_trip(two, work_off, monkeypatch):
    press(two, keys(two)["google-records"], "aside")
    settle(work_off, monkeypatch)

    vault = vault_of(two)
    assert vault.n_rows(Kind.POSITIONS) > 1800
    assert me_work.known_days(vault).days == {DAY}
    press(two, keys(two)["google-records"], "use")
    settle(work_off, monkeypatch)
    assert len(me_work.known_days(vault_of(two)).days) == 2


def test_the_same_press_twice_or_nonsense_changes_nothing_more():
    said = Preference(("a", "b"), ("c",))
    assert changed(said, "a", "up") == said
    assert changed(said, "z", "down") == said
    assert changed(said, "a", "fly") == said
    assert changed(said, "c", "up") == Preference(("a", "b", "c"))
    assert changed(said, "a", "aside") == Preference(("b",), ("c", "a"))


def remove(who, key, work_off):
    vault = vault_of(who)
    address = f"/sources/{ref_of(vault.vault_id, key)}/remove/"
    page = who.client.get(address)
    answer = who.client.post(address, {"mark": page.context["plan"].mark})
    assert answer.status_code == 302
    assert who.client.get(answer.url).status_code == 200
    work_off()
    return answer.url


def test_a_removed_source_goes_with_all_that_was_derived(two, work_off):
    google, recorder = keys(two)["google-records"], keys(two)["gpx"]
    press(two, google, "up")

    url = remove(two, google, work_off)

    vault = vault_of(two)
    assert [s.key for s in vault.sources()] == [recorder]
    assert me_work.known_days(vault).days == {DAY}
    assert not me_work.journal(vault, DAY + timedelta(1), DAY + timedelta(1)).trips
    assert me_work.journal(vault, DAY, DAY).trips
    assert read_preference(vault).order == ()
    assert [s.key for s in overview(vault).sources] == [recorder]
    page = two.client.get(url)
    assert page.context["removal"].state == "done"
    assert page.context["removal"].n_positions == 1800
    assert any(e.action == "erased" and e.why.startswith("source") for e in vault.audit_entries())


def test_a_removal_that_would_take_other_things_takes_nothing(two, work_off, monkeypatch):
    key = keys(two)["gpx"]
    vault = vault_of(two)
    address = f"/sources/{ref_of(vault.vault_id, key)}/remove/"
    page = two.client.get(address)
    answer = two.client.post(address, {"mark": page.context["plan"].mark})
    assert answer.status_code == 302
    with vault.transaction():
        rows = vault.evidence().trace.take(slice(0, 3))
        source = next(s for s in vault.sources() if s.key == key)
        moved = type(rows)(**{n: getattr(rows, n) for n in rows.__dataclass_fields__} | {
            "lat_deg": rows.lat_deg + 0.01})  # fmt: skip
        vault.add_positions(source, moved, import_id="later")
    work_off()

    assert two.client.get(answer.url).context["removal"].state == "changed"
    assert key in {s.key for s in vault_of(two).sources()}


def test_a_worker_killed_after_erasing_ends_the_removal(two, work_off, monkeypatch):
    vault, key = vault_of(two), keys(two)["gpx"]
    address = f"/sources/{ref_of(vault.vault_id, key)}/remove/"
    mark = two.client.get(address).context["plan"].mark
    url = two.client.post(address, {"mark": mark}).url
    calls: list[int] = []

    def dies(*_):
        if not calls:
            calls.append(1)
            raise OSError
        return True

    monkeypatch.setattr("estran.web.sources.doing.remake", dies)
    work_off()
    settle(work_off, monkeypatch)

    removal_id = url.split("/")[-2]
    found = read_removal(vault_of(two), UUID(removal_id))
    assert isinstance(found, Removal)
    assert found.state == "done"
    assert found.number


def test_pages_answer_somebody_with_nothing(alice):
    body = alice.client.get("/sources/").content.decode()

    assert "Strava" in body
    assert alice.client.get("/sources/start/").status_code == 200


def test_bobs_sources_name_nothing_of_alices(two, bob):
    vault = vault_of(two)
    for source in vault.sources():
        ref = ref_of(vault.vault_id, source.key)
        assert bob.client.get(f"/sources/{ref}/").status_code == 404
        assert bob.client.post(f"/sources/{ref}/change/", {"what": "up"}).status_code == 404
        assert two.client.get(f"/sources/{ref}/").status_code == 200


def test_the_order_is_taken_along(two):
    from estran.web.portability.gathering import documents  # noqa: PLC0415 - here only

    press(two, keys(two)["gpx"], "up")

    told = documents(vault_of(two), two.person)
    assert told["source-order"]["1"].order == (keys(two)["gpx"],)


def test_the_hub_tells_sources_of_a_journal_from_before_they_were_told(two, work_off):
    vault_of(two).delete_doc("sources", "1")

    assert not two.client.get("/sources/").context["is_counted"]
    work_off()
    assert read_overview(vault_of(two)) is not None
