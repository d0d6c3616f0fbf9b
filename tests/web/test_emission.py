"""Phones of e-mission's family and the Cozy konnector: whole conversations."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest
from django.test import Client
from django.urls import reverse

from estran.errors import VaultKeyWrong
from estran.journal import Mode, Purpose
from estran.vault.keys import decode_slot, open_slot
from estran.web.accounts.models import Vault
from estran.web.emission import hooks
from estran.web.emission.documents import ENTRIES, read_book
from estran.web.emission.models import ReadingSlot
from estran.web.jobs.models import Job
from estran.web.live.draining import Watch
from estran.web.live.models import Device
from estran.web.me import consents, work
from estran.web.retention import erasing

from .conftest import PASSWORD, Somebody
from .emitting import START_S, Konnector, Phone, label, message, ride
from .test_imports import vault_of

pytestmark = pytest.mark.django_db
DAY = date(2026, 6, 1)
DAY_S = 86_400.0


def post(path: str, body: bytes) -> tuple[int, bytes]:
    answer = Client().post(path, body, content_type="application/json; charset=utf-8")
    return answer.status_code, answer.content


def joined(somebody: Somebody, *, reads: bool = True) -> tuple[Phone, Device]:
    """Join a phone as its person does: by the pages."""
    page = somebody.client.post("/devices/emission/", {"name": "pocket"}, follow=True)
    row = Device.objects.get(person=somebody.person)
    if reads:
        somebody.client.post(
            f"/devices/emission/{row.pk}/", {"what": "allow", "days": "30"}, follow=True
        )
    return Phone(post, page.context["token"]), row


@pytest.fixture
def now(work_off):
    """Do what is queued, however short ago the last was."""

    def run() -> int:
        Job.objects.update(not_before=None)
        n_jobs: int = work_off()
        return n_jobs

    return run


def test_the_page_tells_all_that_joins(alice, workers):
    phone, row = joined(alice, reads=False)
    assert phone.token.startswith("nrelop_estran_default_")
    page = alice.client.get(f"/devices/emission/{row.pk}/").content.decode()
    assert f"nrelopenpath://login_token?token={phone.token}" in page
    assert "<svg" in page
    config = Client().get("/configs/estran.nrel-op.json").json()
    assert config["server"]["connectUrl"].endswith("/")
    assert set(config["intro"]["translated_text"]) == {"fr", "en"}
    assert Client().get("/configs/other.nrel-op.json").status_code == 404


def test_unknown_tokens_get_403_on_every_address(db):
    for path in (
        "/profile/create", "/profile/get", "/profile/update", "/usercache/put",
        "/usercache/putone", "/usercache/get", "/pipeline/get_range_ts",
        "/pipeline/get_complete_ts", "/datastreams/find_entries/timestamp",
        "/datastreams/find_entries/local_date", "/timeline/getTrips/2026-06-01",
        "/customlabel/get", "/customlabel/insert", "/result/metrics/timestamp",
        "/result/metrics/yyyy_mm_dd", "/tracemob/checkuuid", "/cozy/run/pipeline",
        "/cozy/run/purge",
    ):  # fmt: skip
        status, content = post(path, b'{"user": "nrelop_estran_default_guess"}')
        assert (status, content[:9]) == (403, b"<!doctype"), path


def test_without_agreement_everything_is_kept_and_nothing_is_told(alice, workers, now):
    phone, _ = joined(alice, reads=False)
    assert phone.ask("/profile/create")["uuid"]
    phone.put(*ride())
    assert phone.ask("/pipeline/get_range_ts") == {"start_ts": None, "end_ts": None}
    assert phone.find("analysis/cleaned_trip") == []
    assert phone.ask("/timeline/getTrips/2026-06-01") == {"timeline": []}
    assert not Job.objects.exists()
    phone.ask("/profile/update", update_doc={"phone_lang": "fr"})
    alice.client.get("/journal/")  # The person comes: what waited is taken in.
    Watch().look()
    alice.client.get("/journal/")
    assert now() == 1
    assert len(work.journal(vault_of(alice), DAY, DAY).trips) == 1


def test_a_lost_reply_and_a_batch_in_another_order_are_kept_once(alice, workers, now):
    phone, _ = joined(alice)
    entries = ride()
    phone.put(*entries)
    phone.put(*entries)
    phone.put(*reversed(entries))
    phone.put(message("stats/client_time", START_S, {"name": "x", "reading": 1, "ts": START_S}))
    now()
    assert len(vault_of(alice).evidence().trace) == len(entries)
    [kept] = phone.find("stats/client_time")
    assert kept["data"]["reading"] == 1


def test_the_conversation_of_the_cozy_konnector(alice, workers, now):
    phone, _ = joined(alice)
    cozy = Konnector(phone)
    cozy.run()
    assert cozy.saved == []
    phone.put(*ride(), *ride(START_S + DAY_S))
    now()
    cozy.run()
    assert len(cozy.saved) == 2
    section = cozy.saved[0]["features"][-1]["features"][0]["properties"]
    assert section["sensed_mode"].startswith(("PredictedModeTypes.", "MotionTypes."))
    assert all(isinstance(ms, int) for ms in section["timestamps"])
    cozy.run()
    assert len(cozy.saved) == 2
    # A third day; and labels for both days that were fetched.
    one, two = phone.find("analysis/cleaned_trip")
    at_s = time.time()
    phone.put(
        *ride(START_S + 2 * DAY_S),
        label("mode_confirm", one, "bus", at_s),
        label("purpose_confirm", two, "shopping", at_s + 0.01),
        label("mode_confirm", two, "e-bike", at_s + 0.02),
    )
    now()
    cozy.run()
    assert len(cozy.saved) == 3
    assert [t["properties"].get("manual_mode") for t in cozy.saved] == ["bus", "e-bike", None]
    assert cozy.saved[1]["properties"]["manual_purpose"] == "shopping"
    assert phone.ask("/cozy/run/purge", before_date="2026-05-01T00:00:00Z")["purged"] == 0
    modes = [t.legs for t in work.journal(vault_of(alice), DAY, date(2026, 6, 3)).trips]
    assert {leg.mode for leg in modes[0]} >= {Mode.BUS}
    assert {leg.mode for leg in modes[1]} >= {Mode.E_BIKE}
    purposes = [t.purpose for t in work.journal(vault_of(alice), DAY, date(2026, 6, 3)).trips]
    assert purposes == [None, Purpose.SHOPPING, None]


def test_seconds_of_telling_are_stable_unique_and_rise(alice, workers, now):
    phone, _ = joined(alice)
    phone.put(*ride(), *ride(START_S + DAY_S))
    now()
    before = {
        t["_id"]["$oid"]: t["metadata"]["write_ts"] for t in phone.find("analysis/cleaned_trip")
    }
    assert len(set(before.values())) == 2
    phone.put(*ride(START_S - DAY_S))
    now()
    after = {
        t["_id"]["$oid"]: t["metadata"]["write_ts"] for t in phone.find("analysis/cleaned_trip")
    }
    assert len(after) == 3
    assert before.items() <= after.items()
    assert max(after.values()) > max(before.values())


def test_metadata_and_timeline_tell_a_start_in_the_same_bytes(alice, workers, now):
    phone, _ = joined(alice)
    # 00:30 in France is the day before in UTC: asked for with either day.
    phone.put(*ride(START_S + 14.5 * 3600))
    now()
    [told] = phone.find("analysis/cleaned_trip")
    start = told["data"]["start_fmt_time"]
    days = {start[:10], time.strftime("%Y-%m-%d", time.gmtime(told["data"]["start_ts"]))}
    for day in days:
        [drawn] = phone.ask(f"/timeline/getTrips/{day}")["timeline"]
        assert drawn["properties"]["start_fmt_time"] == start


def test_a_label_written_later_wins_and_one_undone_stays_undone(alice, workers, now):
    phone, _ = joined(alice)
    phone.put(*ride())
    now()
    [trip] = phone.find("analysis/cleaned_trip")
    at_s = time.time()
    phone.put(
        label("mode_confirm", trip, "train", at_s), label("mode_confirm", trip, "walk", at_s - 60)
    )
    now()
    [said] = work.corrections(vault_of(alice))
    assert (said.mode, said.source) == (Mode.TRAIN, "app")
    [confirmed] = phone.find("analysis/confirmed_trip")
    assert confirmed["data"]["user_input"] == {"mode_confirm": "train"}
    work.take_back(vault_of(alice), said.id)
    phone.put(*ride(START_S + DAY_S))
    now()
    assert work.corrections(vault_of(alice)) == ()


def test_taking_the_agreement_back_shuts_the_app_out_at_once(alice, workers, now):
    phone, row = joined(alice)
    phone.put(*ride())
    now()
    assert phone.find("analysis/composite_trip")
    alice.client.post(f"/devices/emission/{row.pk}/", {"what": "withdraw"})
    assert not ReadingSlot.objects.exists()
    assert phone.find("analysis/composite_trip") == []
    phone.put(*ride(START_S + DAY_S))
    lines = [entry.action for entry in vault_of(alice).audit_entries()]
    assert lines.count("app-read") == 1


def test_the_agreement_outlives_a_change_of_key(alice, workers, now):
    phone, _ = joined(alice)
    phone.put(*ride())
    now()
    before = bytes(Vault.objects.get().public_key)
    alice.client.post(reverse("vault-key"), {"password": PASSWORD})
    now()
    assert bytes(Vault.objects.get().public_key) != before
    assert len(phone.find("analysis/cleaned_trip")) == 1


def test_the_server_alone_opens_nothing_with_a_slot(alice, workers):
    phone, row = joined(alice)
    slot = decode_slot(bytes(ReadingSlot.objects.get().sealed))
    vault_id = Vault.objects.get().vault_id
    for told in (row.token_digest.encode(), bytes.fromhex(row.token_digest), phone.token.encode()):
        with pytest.raises(VaultKeyWrong):
            open_slot(slot, vault_id, told)


def test_bad_bodies_are_refused_and_change_nothing(alice, workers):
    phone, _ = joined(alice, reads=False)
    for body in (b"", b"[]", b"\xff", b"{" * 5000, b"[" * 100_000, b'{"user": 3}'):
        assert post("/usercache/put", body)[0] in {400, 403}
    deep = {"user": phone.token, "phone_to_server": [1, "x", None, [], {"metadata": 3}, {}]}
    assert post("/usercache/put", json.dumps(deep).encode()) == (200, b"")
    many = b'{"user":"%s","phone_to_server":[%s]}' % (
        phone.token.encode(), b",".join([b"{}"] * 60_001),
    )  # fmt: skip
    assert post("/usercache/put", many)[0] == 413
    assert Client().get("/usercache/put").status_code == 405


def test_hooks_lead_to_public_sites_only(alice, workers):
    phone, _ = joined(alice)
    for url in (
        "http://127.0.0.1/x",
        "https://localhost/",
        "ftp://a.example/",
        "https://10.0.0.1/",
    ):
        body = json.dumps({"user": phone.token, "webhook": url}).encode()
        assert post("/cozy/run/pipeline", body)[0] == 400, url


def test_tracemob_is_never_told_to_wipe_itself(alice, workers):
    phone, _ = joined(alice, reads=False)
    assert phone.ask("/tracemob/checkuuid") == {"success": True, "error": False}
    assert post("/usercache/nothing", b'{"user": "x"}')[0] == 404


def test_sums_are_the_persons_own_and_none_of_people(alice, workers, now):
    phone, _ = joined(alice)
    phone.put(*ride())
    now()
    asked = {"start_time": START_S, "end_time": START_S + DAY_S, "freq": "D",
             "metric_list": ["count", "distance"]}  # fmt: skip
    told = phone.ask("/result/metrics/timestamp", **asked)
    assert len(told["user_metrics"][0]) == 1
    assert told["aggregate_metrics"] == [[], []]
    newer = phone.ask("/result/metrics/yyyy_mm_dd", start_time="2026-06-01",
                      end_time="2026-06-02", metric_list={"distance": ["mode_confirm"]},
                      aggregate=True)  # fmt: skip
    assert newer == {"distance": []}


def test_own_labels_and_profile_come_back(alice, workers):
    phone, _ = joined(alice)
    phone.ask("/customlabel/insert", inserted_label={"key": "mode", "label": "pedalo"})
    assert phone.ask("/customlabel/get", keys=["mode"]) == {"mode": ["pedalo"]}
    phone.ask("/profile/update", update_doc={"phone_lang": "fr", "manufacturer": "x"})
    assert phone.ask("/profile/get")["phone_lang"] == "fr"


def test_somebody_elses_token_reads_nothing_of_hers(alice, bob, workers, now):
    phone, _ = joined(alice)
    phone.put(*ride())
    now()
    stranger, _ = joined(bob)
    assert stranger.find("analysis/cleaned_trip") == []
    assert stranger.find("background/location") == []
    assert len(phone.find("background/location", key_time="data.ts")) == 900


def test_erasing_a_day_takes_its_entries_and_what_was_told(alice, workers, now):
    phone, row = joined(alice)
    phone.put(*ride(), *ride(START_S + DAY_S))
    phone.put(
        message("statemachine/transition", START_S, {"transition": "T_TRIP_ENDED", "ts": START_S})
    )
    now()
    [one, _] = phone.find("analysis/cleaned_trip")
    phone.put(label("mode_confirm", one, "bus", time.time()))
    now()
    vault = vault_of(alice)
    wanted = erasing.Wanted(days=(DAY, DAY))
    assert erasing.erase(vault, wanted, mark=erasing.plan(vault, wanted).mark)
    assert phone.find("statemachine/transition") == phone.find("manual/mode_confirm") == []
    assert len(phone.find("analysis/cleaned_trip")) == 1
    assert len(read_book(vault).issues) == 1
    wanted = erasing.Wanted(source=f"live/{row.pk.hex}")
    phone.put(message("stats/x", START_S, {"ts": START_S + DAY_S}))
    now()
    assert erasing.erase(vault, wanted, mark=erasing.plan(vault, wanted).mark)
    assert vault.doc_ids(ENTRIES) == []


def test_a_removed_phone_has_no_permission_left(alice, workers):
    _, row = joined(alice)
    alice.client.post(f"/devices/{row.pk}/remove/", {"what": "keep"})
    Device.objects.all().delete()
    alice.client.post("/account/logout/")
    alice.sign_in()
    [given] = consents.all_of(vault_of(alice))
    assert given.withdrawn_us is not None


def test_a_new_token_shuts_the_former_out(alice, workers, now):
    phone, row = joined(alice)
    alice.client.post(f"/devices/{row.pk}/change/", {"what": "renew"})
    assert phone.ask("/profile/create")
    alice.client.post(f"/devices/emission/{row.pk}/", {"what": "renew"})
    assert post("/usercache/get", json.dumps({"user": phone.token}).encode())[0] == 403
    assert not ReadingSlot.objects.exists()
    page = alice.client.get(f"/devices/emission/{row.pk}/")
    again = Phone(post, page.context["token"])
    alice.client.post(f"/devices/emission/{row.pk}/", {"what": "allow", "days": "30"})
    again.put(*ride())
    now()
    assert len(again.find("analysis/cleaned_trip")) == 1


def test_a_cozy_that_asked_is_told_once_how_many_trips_are_new(alice, workers, now, monkeypatch):
    phone, _ = joined(alice)
    told: list[tuple[str, dict[str, object]]] = []
    monkeypatch.setattr(hooks, "check", lambda _url: None)
    monkeypatch.setattr(hooks, "tell", lambda url, value: told.append((url, value)))
    phone.put(*ride(), *ride(START_S + DAY_S))
    hook = "https://a.example/jobs/webhooks/1?x=2"
    assert phone.ask("/cozy/run/pipeline", webhook=hook) is not None
    now()
    assert told == [(hook, {"newTrips": 2, "user": phone.token})]
    phone.put(*ride(START_S + 2 * DAY_S))
    now()
    assert len(told) == 1


def test_old_phones_name_themselves_in_a_header(alice, workers):
    phone, _ = joined(alice, reads=False)
    for words in (phone.token, f"Token {phone.token}"):
        answer = Client().post(
            "/profile/create", b"{}", content_type="application/json", headers={"User": words}
        )
        assert answer.status_code == 200


def test_a_pause_takes_nothing_in_and_the_phone_is_content(alice, workers, now):
    phone, row = joined(alice)
    alice.client.post(f"/devices/{row.pk}/change/", {"what": "pause"})
    assert Device.objects.get().paused_at is not None
    phone.put(*ride())
    now()
    assert phone.find("analysis/cleaned_trip") == []


def test_a_label_from_a_clock_that_runs_ahead_does_not_outlast_the_person(alice, workers, now):
    phone, _ = joined(alice)
    phone.put(*ride())
    now()
    [trip] = phone.find("analysis/cleaned_trip")
    phone.put(label("mode_confirm", trip, "train", time.time() + 1e8))
    now()
    vault = vault_of(alice)
    [said] = work.corrections(vault)
    work.correct_mode(vault, start_us=said.start_us, end_us=said.end_us, mode=Mode.BIKE)
    [seen] = work.journal(vault, DAY, DAY).trips
    assert Mode.BIKE in {leg.mode for leg in seen.legs}
    assert Mode.TRAIN not in {leg.mode for leg in seen.legs}
