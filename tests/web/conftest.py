"""A site on a folder of its own, people in it, and workers that work when told."""

from __future__ import annotations

import json
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from estran.vault import keys as vault_keys
from estran.web.accounts.models import Person
from estran.web.config.environment import prepare_data_folder
from estran.web.jobs import grants, queue
from estran.web.jobs.doing import do
from estran.web.me.models import Import

PASSWORD = "marée basse 7 heures"


class _AtOnce:
    """An executor that does it before it answers: a test looks for the mail at once."""

    def submit(self, do: Callable[[], int]) -> Future[int]:
        future: Future[int] = Future()
        future.set_result(do())
        return future


@pytest.fixture(autouse=True)
def data(tmp_path: Path, settings, monkeypatch) -> Path:
    """Keep vaults and uploads in a folder of the test, and stretch passwords quickly."""
    folder = tmp_path / "data"
    prepare_data_folder(folder)
    settings.ESTRAN_DATA = folder
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    monkeypatch.setattr("estran.web.accounts.mailing._senders", _AtOnce())
    cheap = vault_keys.KdfSettings(memory_kib=64, passes=1)
    monkeypatch.setitem(vault_keys.passphrase_slot.__kwdefaults__, "settings", cheap)
    return folder


@pytest.fixture
def workers(monkeypatch, db) -> grants.WorkerKeys:
    """The workers of a running site: their public key is known to the web."""
    keys = grants.WorkerKeys.draw()
    monkeypatch.setenv(grants.PUBLIC_KEY_VARIABLE, keys.name)
    return keys


@pytest.fixture
def work_off(workers, monkeypatch) -> Callable[[], int]:
    """Do all jobs that can be done, in this thread; count them."""
    monkeypatch.setattr("estran.web.jobs.doing._beat", lambda *_: None)

    def run() -> int:
        n_jobs = 0
        while job := queue.claim("worker-test", workers.name, n_workers=2):
            do(job, workers, "worker-test", must_stop=lambda: False)
            n_jobs += 1
        return n_jobs

    return run


@dataclass
class Somebody:
    """A signed-up person with a browser."""

    email: str
    client: Client = field(default_factory=Client)
    code: str = ""

    @property
    def person(self) -> Person:
        return Person.objects.get(email=self.email)

    def sign_up(self) -> Somebody:
        page = self.client.post(
            "/account/signup/", {"email": self.email, "password1": PASSWORD}, follow=True
        )
        self.code = page.context["code"]
        self.client.post("/recovery/", {"noted": "yes"})
        return self

    def sign_in(self, password: str = PASSWORD):
        return self.client.post("/account/login/", {"login": self.email, "password": password})

    def bring(self, *files: tuple[str, bytes]) -> Import:
        """Upload files; give the row."""
        uploads = [SimpleUploadedFile(name, content) for name, content in files]
        answer = self.client.post("/import/", {"files": uploads})
        assert answer.status_code == 302, answer.content
        return Import.objects.get(pk=answer.headers["Location"].split("/")[-2])


@pytest.fixture
def alice(db) -> Somebody:
    cache.clear()
    return Somebody("alice@example.org").sign_up()


@pytest.fixture
def bob(db) -> Somebody:
    return Somebody("bob@example.org").sign_up()


def track(
    *, day: str = "2026-06-01", lat: float = 46.16, lon: float = -1.15, step_s: int = 10
) -> bytes:
    """Write a small Records.json: an hour at home, a ride of 6 km, an hour there."""
    locations = []
    for n in range(900):
        moved = min(max(n - 360, 0), 180)
        at_s = 7 * 3600 + n * step_s
        clock = f"{at_s // 3600:02d}:{at_s // 60 % 60:02d}:{at_s % 60:02d}"
        locations.append(
            {
                "latitudeE7": round((lat + moved * 3e-4) * 1e7),
                "longitudeE7": round(lon * 1e7),
                "accuracy": 8,
                "deviceTag": 1234,
                "timestamp": f"{day}T{clock}Z",
            }
        )
    return json.dumps({"locations": locations}).encode()
