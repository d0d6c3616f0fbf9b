"""``estran run``: prepare the data folder and the database, then start and watch.

This process loads no Django: a start takes as long as the site's own loading.
"""

from __future__ import annotations

import base64
import contextlib
import fcntl
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from estran.vault.keys import create_vault
from estran.web.config.environment import Environment, prepare_data_folder, read_environment
from estran.web.live.setup import broker_of
from estran.web.running.memory import keep_out_of_dumps
from estran.web.running.prepare import is_prepared
from estran.web.running.supervise import Child, supervise

_START_S = 60.0
"""A site that does not answer within is left to its supervisor."""

_WILDCARDS = {"0.0.0.0", "::"}  # noqa: S104 - compared with, not bound to


def start(host: str, port: int, n_workers: int | None, n_processes: int) -> int:
    """Run the site and its workers until told to stop; give the exit status."""
    environment = read_environment()
    if n_workers is not None:
        environment = replace(environment, n_workers=n_workers)
    if not _is_broker(environment.mqtt_url):
        _say("ESTRAN_MQTT_URL is not like mqtts://user:password@host:8883")
        return 1
    os.umask(0o077)
    keep_out_of_dumps()
    prepare_data_folder(environment.data)
    with only_one(environment.data) as is_first:
        if not is_first:
            _say("Estran is already running on this data folder.")
            return 1
        if not _is_free(host, port):
            _say(f"Port {port} of {host} is taken: choose another with --port.")
            return 1
        _tell_children(environment, host)
        return _run(environment, host, port, n_processes)


def _is_broker(url: str) -> bool:
    try:
        return not url or bool(broker_of(url).host)
    except ValueError:
        return False


def _tell_children(environment: Environment, host: str) -> None:
    os.environ["ESTRAN_DATA"] = str(environment.data)
    os.environ["ESTRAN_WORKERS"] = str(environment.n_workers)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "estran.web.config.settings")
    if not os.environ.get("ESTRAN_HOSTS") and host not in _WILDCARDS:
        os.environ["ESTRAN_HOSTS"] = ",".join(dict.fromkeys((*environment.hosts, host)))


def _run(environment: Environment, host: str, port: int, n_processes: int) -> int:
    if not is_prepared(environment):
        made = subprocess.run([sys.executable, "-m", "estran.web.running.prepare"], check=False)
        if made.returncode:
            return 1  # it said why
    pair = create_vault()
    os.environ["ESTRAN_WORKER_PUBLIC_KEY"] = base64.b16encode(pair.public_key).decode()
    address = ["--host", host, "--port", str(port), "--processes", str(n_processes)]
    children = [Child("web", ["estran.web.running.serve", *address])]
    children += [
        Child(
            f"worker-{number}",
            ["estran.web.worker", f"worker-{number}"],
            first_line=pair.secret_key.hex(),
        )
        for number in range(1, environment.n_workers + 1)
    ]
    if environment.mqtt_url:
        children.append(Child("bridge", ["estran.web.running.bridge"]))
    return supervise(children, when_started=lambda: _announce(host, port))


@contextlib.contextmanager
def only_one(data: Path) -> Iterator[bool]:
    """Hold the data folder: two sites on one folder would void each other's grants."""
    with (data / "run.lock").open("a") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            yield False
        else:
            yield True


def _is_free(host: str, port: int) -> bool:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as trial:
        trial.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            trial.bind((host, port))
        except OSError:
            return False
    return True


def _announce(host: str, port: int) -> None:
    """Wait until the site answers, then print its address."""
    reachable = "127.0.0.1" if host in _WILDCARDS else host
    until_s = time.monotonic() + _START_S
    while time.monotonic() < until_s:
        try:
            socket.create_connection((reachable, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            shown = f"[{reachable}]" if ":" in reachable else reachable
            _say(f"Estran is at http://{shown}:{port}/  (Ctrl-C stops it)")
            return


def _say(text: str) -> None:
    sys.stdout.write(text + "\n")
    sys.stdout.flush()
