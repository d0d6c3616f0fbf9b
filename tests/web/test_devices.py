"""The page of devices: every action, as a person does it."""

from __future__ import annotations

import base64
import json
import re
import time
from datetime import timedelta
from html import unescape
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.utils import timezone

from estran.web.live import handing
from estran.web.live.documents import read_notes
from estran.web.live.door import take
from estran.web.live.draining import drain
from estran.web.live.known import BOOK
from estran.web.live.models import Device

from .test_imports import vault_of
from .test_live_door import START_US, ride

pytestmark = pytest.mark.django_db


def add(person, app: str = "owntracks", **values: str) -> tuple[Device, str, str]:
    """Add a device; give it, the page of its setup, and the token on it."""
    sent = {"name": "Pocket", "phone": "android", "sampling": "fine", **values}
    answer = person.client.post(f"/devices/new/{app}/", sent)
    assert answer.status_code == 302, answer.content
    device = Device.objects.get(pk=answer.headers["Location"].split("/")[2])
    page = person.client.get(answer.headers["Location"]).content.decode()
    found = re.search(r'<code id="token">([a-z0-9]{32})</code>', page)
    assert found is not None
    return device, page, found[1]


def link_in(page: str) -> str:
    found = re.search(r'id="setup-link" href="([^"]+)"', page)
    assert found is not None
    return unescape(found[1])


def change(person, device: Device, what: str, **values: str) -> Any:
    return person.client.post(f"/devices/{device.pk}/change/", {"what": what, **values})


def send(token: str) -> None:
    known = BOOK.find(token)
    assert known is not None
    take(known, "owntracks", ride(), START_US)
    drain()


def test_an_empty_page_says_what_to_do(alice):
    page = alice.client.get("/devices/").content.decode()
    assert "/devices/new/" in page


def test_all_apps_are_offered_and_each_has_its_page(alice):
    page = alice.client.get("/devices/new/").content.decode()
    links = set(re.findall(r'href="(/devices/new/[a-z]+/(?:\?[^"]*)?)"', page))
    assert len(links) == 10  # eight apps, of which two run on both systems
    for link in links:
        assert alice.client.get(unescape(link)).status_code == 200
    assert alice.client.get("/devices/new/unheard/").status_code == 404


@pytest.mark.parametrize(
    ("app", "scheme"),
    [
        ("owntracks", "owntracks"), ("overland", "overland"), ("colota", "colota"),
        ("gpslogger", "gpslogger"), ("traccar", "org.traccar.client"),
    ],
)  # fmt: skip
def test_five_apps_are_set_up_by_a_link_and_a_code(alice, app, scheme):
    _, page, token = add(alice, app)
    assert urlsplit(link_in(page)).scheme == scheme
    assert "<svg" in page
    assert "qr-code" in page
    assert BOOK.find(token) is not None


@pytest.mark.parametrize("app", ["homeassistant", "phonetrack", "script"])
def test_the_others_are_told_what_to_copy(alice, app):
    _, page, token = add(alice, app)
    assert "setup-link" not in page
    assert token in unescape(re.sub(r"(?s)<section.*</section>", "", page))
    assert "http://testserver/ingest/" in unescape(page)


def test_the_operator_may_give_the_address_that_phones_use(alice, settings):
    settings.ESTRAN_ADDRESS = "https://phones.example"
    _, page, _ = add(alice, "overland")
    assert "url=https%3A%2F%2Fphones.example%2Fingest%2Foverland" in link_in(page)


def test_a_token_is_shown_until_it_is_hidden(alice):
    device, _, token = add(alice)
    assert token in alice.client.get(f"/devices/{device.pk}/connect/").content.decode()
    change(alice, device, "hide")
    again = alice.client.get(f"/devices/{device.pk}/connect/")
    assert again.headers["Location"] == f"/devices/{device.pk}/"
    assert token not in alice.client.get(f"/devices/{device.pk}/").content.decode()
    assert alice.client.get(f"/devices/{device.pk}/estran.otrc").status_code == 404


def test_a_token_is_nowhere_in_the_database(alice):
    from django.contrib.sessions.models import Session  # noqa: PLC0415 - its rows alone

    _, _, token = add(alice)
    rows = [*Device.objects.values(), *(s.get_decoded() for s in Session.objects.all())]
    assert token not in repr(rows)


def test_a_token_is_not_shown_after_half_an_hour(alice, monkeypatch):
    device, _, _ = add(alice)
    handed = re.findall(r"/devices/phone/[^/]+/", link_in(add(alice, "gpslogger")[1]))[0]
    later = time.time() + handing.LASTS_S + 5
    monkeypatch.setattr(time, "time", lambda: later)
    assert alice.client.get(f"/devices/{device.pk}/connect/").status_code == 302
    assert Client().get(handed).status_code == 404


def test_owntracks_gets_its_settings_as_a_file(alice):
    device, page, token = add(alice, name="Mon téléphone", sampling="sparing")
    answer = alice.client.get(f"/devices/{device.pk}/estran.otrc")
    assert 'filename="estran.otrc"' in answer.headers["Content-Disposition"]
    told = json.loads(answer.content)
    assert (told["password"], told["locatorInterval"]) == (token, 120)
    shown = json.loads(base64.b64decode(link_in(page).partition("inline=")[2]))
    assert shown == told


def test_gpslogger_fetches_its_profile_once_without_signing_in(alice):
    _, page, token = add(alice, "gpslogger")
    path = urlsplit(link_in(page).removeprefix("gpslogger://properties/")).path
    phone = Client()
    handed = path.rsplit("/", 1)[0] + "/"
    assert token not in path
    shown = phone.get(handed)
    assert shown.status_code == 200
    assert link_in(shown.content.decode()).endswith(path)
    assert phone.head(path).status_code == 200
    assert f"log_customurl_basicauth_password={token}" in phone.get(path).content.decode()
    assert phone.get(path).status_code == 404
    assert phone.get(handed.replace("phone/", "phone/A")).status_code == 404


def test_a_secret_address_ends_with_its_token(alice):
    device, page, _ = add(alice, "gpslogger")
    path = urlsplit(link_in(page).removeprefix("gpslogger://properties/")).path
    change(alice, device, "renew")
    assert Client().get(path).status_code == 404


def test_a_waiting_page_learns_that_something_came(alice):
    device, page, token = add(alice)
    assert f'data-state="/devices/{device.pk}/state/"' in page
    assert alice.client.get(f"/devices/{device.pk}/state/").json()["heard"] is False
    send(token)
    assert alice.client.get(f"/devices/{device.pk}/state/").json()["heard"] is True
    # Without a script the page says so when it is loaded again.
    assert "is-heard" in alice.client.get(f"/devices/{device.pk}/connect/").content.decode()


def test_the_list_tells_how_each_does_and_what_helps(alice):
    now = timezone.now()
    fresh, _, _ = add(alice, name="Fresh")
    stale, _, _ = add(alice, name="Stale")
    Device.objects.filter(pk=fresh.pk).update(
        last_received_at=now - timedelta(minutes=11), last_point_at=now - timedelta(minutes=12)
    )
    Device.objects.filter(pk=stale.pk).update(
        last_received_at=now - timedelta(days=3), last_point_at=now - timedelta(days=3)
    )
    alice.client.cookies["estran_language"] = "en"
    page = alice.client.get("/devices/").content.decode().replace("\xa0", " ")
    assert "Last point 12 minutes ago." in page
    assert "Last point 3 days ago." in page
    own = alice.client.get(f"/devices/{stale.pk}/").content.decode()
    assert "Unrestricted" in own
    assert "Background App Refresh" not in own


def test_a_device_gets_another_name_and_keeps_its_phrase(alice):
    device, _, _ = add(alice)
    assert change(alice, device, "phrase", phrase="  seven seas ").status_code == 302
    assert change(alice, device, "rename", name="Bike").status_code == 302
    notes = read_notes(vault_of(alice), device.pk.hex)
    assert (notes.name, notes.phrase, notes.phone) == ("Bike", "seven seas", "android")
    change(alice, device, "renew")
    page = alice.client.get(f"/devices/{device.pk}/connect/").content.decode()
    told = json.loads(base64.b64decode(link_in(page).partition("inline=")[2]))
    assert told["encryptionKey"] == "seven seas"


def test_what_cannot_be_is_said_beside_its_field(alice):
    device, _, _ = add(alice)
    for what, values in (("rename", {"name": " "}), ("phrase", {"phrase": "é" * 20})):
        answer = change(alice, device, what, **values)
        assert answer.status_code == 422
        assert b'role="alert"' in answer.content
    assert alice.client.post("/devices/new/owntracks/", {"name": "x"}).status_code == 422
    assert change(alice, device, "dance").status_code == 404
    assert read_notes(vault_of(alice), device.pk.hex).name == "Pocket"


def test_a_paused_device_keeps_nothing_until_it_goes_on(alice):
    device, _, token = add(alice)
    change(alice, device, "pause")
    known = BOOK.find(token)
    assert known is not None
    assert not known.takes
    assert "health-paused" in alice.client.get("/devices/").content.decode()
    change(alice, device, "resume")
    again = BOOK.find(token)
    assert again is not None
    assert again.takes


def test_a_new_token_ends_the_former_one(alice):
    device, _, token = add(alice)
    answer = change(alice, device, "renew")
    assert answer.headers["Location"] == f"/devices/{device.pk}/connect/"
    assert BOOK.find(token) is None


def test_a_device_is_set_up_again_with_other_settings(alice):
    device, _, _ = add(alice)
    change(alice, device, "renew", sampling="sparing")
    page = alice.client.get(f"/devices/{device.pk}/connect/").content.decode()
    told = json.loads(base64.b64decode(link_in(page).partition("inline=")[2]))
    assert told["locatorInterval"] == 120
    change(alice, device, "renew", sampling="nonsense")
    assert read_notes(vault_of(alice), device.pk.hex).sampling == "sparing"


def test_a_device_goes_and_its_points_stay(alice, work_off):
    device, _, token = add(alice)
    send(token)
    alice.client.post(f"/devices/{device.pk}/remove/", {"what": "keep"})
    assert not Device.objects.exists()
    alice.client.get("/journal/")
    work_off()
    vault = vault_of(alice)
    assert [s.key for s in vault.sources()] == [f"live/{device.pk.hex}"]
    assert read_notes(vault, device.pk.hex).name == "Pocket"


def test_a_device_goes_and_its_points_with_it(alice, work_off):
    device, _, token = add(alice)
    send(token)
    shown = alice.client.get(f"/devices/{device.pk}/remove/").content.decode()
    mark = re.search(r'name="mark" value="([^"]+)"', shown)
    assert mark is not None
    assert mark[1].startswith("900-")
    # Something more came since: nothing is erased, it is shown again.
    other = alice.client.post(f"/devices/{device.pk}/remove/", {"what": "erase", "mark": "1-1-1-1"})
    assert other.status_code == 200
    assert Device.objects.exists()
    done = alice.client.post(f"/devices/{device.pk}/remove/", {"what": "erase", "mark": mark[1]})
    assert done.status_code == 200
    assert not Device.objects.exists()
    work_off()
    assert vault_of(alice).sources() == ()
    assert BOOK.find(token) is None


def test_bob_cannot_touch_alices_device(alice, bob):
    device, _, token = add(alice)
    for what in ("rename", "pause", "resume", "renew", "hide", "phrase"):
        assert change(bob, device, what, name="x", phrase="y").status_code == 404
    answer = bob.client.post(f"/devices/{device.pk}/remove/", {"what": "keep"})
    assert answer.status_code == 404
    known = BOOK.find(token)
    assert known is not None
    assert known.takes


def test_a_locked_vault_is_opened_first(alice):
    device, _, _ = add(alice)
    del alice.client.cookies["estran_vault"]
    for path in ("/devices/", "/devices/new/colota/", f"/devices/{device.pk}/connect/"):
        assert alice.client.get(path).headers["Location"].startswith("/unlock/")


def test_a_broker_is_offered_where_the_operator_runs_one(alice, settings):
    settings.ESTRAN_MQTT_PHONES = "mqtts://phones:hush@mqtt.example"
    _, page, token = add(alice)
    links = [unescape(link) for link in re.findall(r'href="(owntracks:[^"]+)"', page)]
    assert len(links) == 2
    told = json.loads(base64.b64decode(links[1].partition("inline=")[2]))
    assert (told["mode"], told["host"], told["deviceId"]) == (0, "mqtt.example", token)


def test_words_are_french_for_who_reads_french(alice):
    alice.client.cookies["estran_language"] = "fr"
    page = alice.client.get("/devices/new/").content.decode()
    assert "Choisir une application" in page
