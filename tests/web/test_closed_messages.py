"""Messages that OwnTracks encrypts: kept closed, opened by their phrase, whenever it comes."""

from __future__ import annotations

import base64
import json

import pytest
from nacl.secret import SecretBox

from estran.vault.chunks import Kind
from estran.web.live.draining import drain

from .test_devices import add, change
from .test_imports import vault_of
from .test_setup_meets_door import TST, basic, post

pytestmark = pytest.mark.django_db


def closed(phrase: str, n: int = 0) -> bytes:
    """Encrypt a position as both apps do."""
    point = {"_type": "location", "lat": 46.16, "lon": -1.15, "tst": TST + n, "acc": 9}
    sealed = SecretBox(phrase.encode().ljust(32, b"\0")).encrypt(json.dumps(point).encode())
    told = {"_type": "encrypted", "data": base64.b64encode(sealed).decode()}
    return json.dumps(told).encode()


def send(token: str, *bodies: bytes) -> None:
    for body in bodies:
        address = "http://testserver/ingest/owntracks"
        assert post(address, basic("estran", token), body) == 200
    drain()


def n_points(person) -> int:
    return vault_of(person).n_rows(Kind.POSITIONS)


def test_a_phrase_that_is_known_opens_what_comes(alice, work_off):
    device, _, token = add(alice)
    change(alice, device, "phrase", phrase="seven seas")
    send(token, closed("seven seas"))
    alice.client.get("/journal/")
    work_off()
    assert n_points(alice) == 1


def test_a_phrase_that_comes_later_opens_what_waited(alice, work_off):
    device, _, token = add(alice)
    send(token, closed("seven seas"), closed("seven seas", 60), closed("another", 120))
    alice.client.get("/journal/")
    work_off()
    assert n_points(alice) == 0
    alice.client.cookies["estran_language"] = "en"
    assert "3 messages wait" in alice.client.get(f"/devices/{device.pk}/").content.decode()
    change(alice, device, "phrase", phrase="seven seas")
    work_off()
    assert n_points(alice) == 2
    assert "1 message waits" in alice.client.get(f"/devices/{device.pk}/").content.decode()
    change(alice, device, "phrase", phrase="another")
    assert n_points(alice) == 3
    assert "waits" not in alice.client.get(f"/devices/{device.pk}/").content.decode()


def test_what_waits_goes_with_its_device_where_all_is_erased(alice, work_off):
    device, _, token = add(alice)
    send(token, closed("seven seas"))
    alice.client.get("/journal/")
    work_off()
    remove = f"/devices/{device.pk}/remove/"
    alice.client.post(remove, {"what": "erase", "mark": "0-0-0-0"})
    assert not list(vault_of(alice).docs("closed-message"))
