"""An address that somebody pasted leads nowhere but to a public site, once."""

from __future__ import annotations

import socket
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from estran.errors import PeerAddressWrong, PeerForbidden
from estran.vault.seal import StreamSealer
from estran.web.accounts.models import Vault
from estran.web.jobs.models import Job
from estran.web.portability import receiving
from estran.web.portability.files import folder
from estran.web.portability.models import Invitation, Passage
from estran.web.portability.peers import Address, fingerprint, read_address, resolved

pytestmark = pytest.mark.django_db

TAIL = f"/receive/{'0' * 36}/{'1' * 32}/{'2' * 40}/"


@pytest.mark.parametrize(
    "text",
    [
        "", "b.example", f"ftp://b.example{TAIL}", f"file://{TAIL}", f"https://{TAIL}",
        f"https://u:p@b.example{TAIL}", f"https://b.example{TAIL}?x=1", f"https://b.example{TAIL}#x",
        "https://b.example/", f"https://b.example/../x{TAIL}", f"https://b.example:99999{TAIL}",
        f"https://b.example\r\nHost: c{TAIL}", f"https://[::1{TAIL}",
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(text):
    with pytest.raises(PeerAddressWrong):
        read_address(text)


@pytest.mark.parametrize(
    "number",
    [
        "127.0.0.1", "10.0.0.1", "192.168.1.1", "169.254.169.254", "0.0.0.0", "::1", "fe80::1",  # noqa: S104 - compared with
        "fd00::1", "::ffff:127.0.0.1", "100.64.0.1",
    ],
)  # fmt: skip
def test_private_networks_are_not_reached(number, monkeypatch):
    family = socket.AF_INET6 if ":" in number else socket.AF_INET
    found = [(socket.AF_INET, 1, 6, "", ("8.8.8.8", 443)), (family, 1, 6, "", (number, 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    with pytest.raises(PeerForbidden):
        resolved(read_address(f"https://b.example{TAIL}"))


def test_a_public_site_is_reached_by_https_only(monkeypatch, settings):
    found = [(socket.AF_INET, 1, 6, "", ("8.8.8.8", 443))]
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: found)
    assert resolved(read_address(f"https://b.example{TAIL}")) == (socket.AF_INET, "8.8.8.8")
    with pytest.raises(PeerForbidden):
        resolved(read_address(f"http://b.example{TAIL}"))
    settings.ESTRAN_PEERS = ("b.example:80",)
    assert resolved(read_address(f"http://b.example{TAIL}"))[1] == "8.8.8.8"
    with pytest.raises(PeerForbidden):
        resolved(Address("http", "b.example", 8080, TAIL, ""))


def sealed_for(who, plain: bytes = b"anything") -> bytes:
    key = bytes(Vault.objects.get(person=who.person).public_key)
    sealer = StreamSealer(key)
    return sealer.update(plain) + sealer.finish()


def post(path: str, body: bytes):
    return Client().post(path, body, content_type="application/octet-stream")


def test_an_address_tells_the_key_and_takes_once(alice, workers):
    row, path = receiving.invite(alice.person)
    told = Client().get(path, headers={"Accept": "application/json"}).json()
    key = bytes(Vault.objects.get(person=alice.person).public_key)
    assert path.endswith(f"/{fingerprint(key)}/")
    assert told["public_key"]
    assert row.code_digest not in path
    assert post(path, sealed_for(alice)).status_code == 201
    assert post(path, sealed_for(alice)).status_code == 422
    assert Passage.objects.get().kind == Passage.Kind.RECEIVE
    job = Job.objects.get(kind="receive")
    assert (bytes(job.grant), job.state) == (b"", "queued")


def test_what_is_not_sealed_or_is_cut_is_not_kept(alice, workers):
    _, path = receiving.invite(alice.person)
    for body in (b"", b"PK\x03\x04 an open archive"):
        assert post(path, body).status_code == 422
    assert not list(folder().iterdir())
    assert not Passage.objects.exists()
    # What was refused has not used the address up.
    assert post(path, sealed_for(alice)).status_code == 201


def test_another_code_and_an_old_address_open_nothing(alice, workers):
    row, path = receiving.invite(alice.person)
    parts = path.split("/")
    parts[3] = "0" * 32
    assert post("/".join(parts), sealed_for(alice)).status_code == 404
    Invitation.objects.filter(pk=row.pk).update(expires_at=timezone.now() - timedelta(seconds=1))
    assert post(path, sealed_for(alice)).status_code == 422
    _, later = receiving.invite(alice.person)
    assert Client().get(path).status_code == 404
    assert Client().get(later).status_code == 200
