"""What an operator sets, the data folder, and the doctor."""

from __future__ import annotations

from pathlib import Path

import pytest

from estran.web.config.environment import (
    Environment,
    database,
    mail,
    prepare_data_folder,
    read_environment,
    secret_key,
)
from estran.web.running.doctor import look


def test_without_variables_one_machine_is_served(tmp_path: Path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = read_environment({})
    assert found == Environment(data=(tmp_path / "data").resolve())
    assert database(found)["ENGINE"] == "django.db.backends.sqlite3"
    assert mail(found) == {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}


def test_postgresql_by_one_setting():
    found = read_environment({"ESTRAN_DATABASE_URL": "postgresql://estran:p%40ss@db:5433/tides"})
    told = database(found)
    assert told["ENGINE"] == "django.db.backends.postgresql"
    assert (told["USER"], told["PASSWORD"], told["HOST"]) == ("estran", "p@ss", "db")
    assert (told["PORT"], told["NAME"]) == ("5433", "tides")


def test_postgresql_by_socket_and_with_tls():
    url = "postgresql:///tides?host=/run/postgresql&sslmode=verify-full"
    told = database(read_environment({"ESTRAN_DATABASE_URL": url}))
    assert told["OPTIONS"] == {"host": "/run/postgresql", "sslmode": "verify-full"}


def test_another_database_is_refused():
    with pytest.raises(ValueError, match="postgresql://"):
        database(read_environment({"ESTRAN_DATABASE_URL": "mysql://u:p@db/tides"}))


@pytest.mark.parametrize(
    ("url", "port", "ssl", "tls"),
    [
        ("smtp://mail.example", 25, False, False),
        ("smtps://u:p@mail.example", 465, True, False),
        ("smtp+tls://u:p@mail.example:587", 587, False, True),
    ],
)
def test_mail_by_one_setting(url, port, ssl, tls):
    told = mail(read_environment({"ESTRAN_MAIL_URL": url}))
    assert (told["EMAIL_PORT"], told["EMAIL_USE_SSL"], told["EMAIL_USE_TLS"]) == (port, ssl, tls)
    assert told["EMAIL_HOST"] == "mail.example"


def test_the_secret_is_made_once_and_closed(tmp_path: Path):
    data = tmp_path / "site"
    first = secret_key(data)
    assert secret_key(data) == first
    assert len(first) >= 50
    assert (data / "secret.key").stat().st_mode & 0o777 == 0o600
    assert not list(data.glob("*.new"))


def test_an_open_data_folder_is_closed(tmp_path: Path):
    data = tmp_path / "site"
    data.mkdir(mode=0o755)
    prepare_data_folder(data)
    assert data.stat().st_mode & 0o777 == 0o700


@pytest.mark.django_db
def test_the_doctor_sees_open_rights_and_a_lacking_key(tmp_path: Path):
    environment = Environment(data=tmp_path / "site")
    assert [f.is_well for f in look(environment)] == [False]
    prepare_data_folder(environment.data)
    assert any("no secret key" in f.words and not f.is_well for f in look(environment))
    secret_key(environment.data)
    found = list(look(environment))
    assert all(f.is_well for f in found if "disk" not in f.words), found
    (environment.data / "secret.key").chmod(0o644)
    assert any("readable by others" in f.words and not f.is_well for f in look(environment))
