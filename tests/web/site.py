"""A real site in processes of its own, and a browser of a few lines to talk to it."""

from __future__ import annotations

import contextlib
import http.client
import http.cookies
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.parse
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

PASSWORD = "marée basse 7 heures"
_RUN = "import sys; from estran.web.commands import run; raise SystemExit(run(sys.argv[1:]))"


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


def wait_for(what: Callable[[], Any], seconds: float = 60.0) -> Any:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if found := what():
            return found
        time.sleep(0.05)
    msg = "waited in vain"
    raise TimeoutError(msg)


@dataclass
class Site:
    """``estran run`` on a data folder."""

    data: Path
    port: int = field(default_factory=free_port)
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> Site:
        env = {**os.environ, "ESTRAN_DATA": str(self.data)}
        self.process = subprocess.Popen(  # noqa: S603 - our own command
            [sys.executable, "-c", _RUN, "--port", str(self.port)],
            env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        wait_for(self.answers, 120)
        return self

    def answers(self) -> bool:
        with contextlib.suppress(OSError):
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            connection.request("GET", "/account/login/")
            return connection.getresponse().status == 200
        return False

    def stop(self) -> str:
        """Stop as Ctrl-C does; give what was printed."""
        assert self.process is not None
        self.process.send_signal(signal.SIGINT)
        printed, _ = self.process.communicate(timeout=30)
        assert self.process.returncode == 0
        return printed.decode()

    def children(self) -> dict[int, str]:
        """Pids of the direct children with their command lines."""
        assert self.process is not None
        return children_of(self.process.pid)

    def worker_pids(self) -> list[int]:
        return [pid for pid, line in self.children().items() if "estran.web.worker" in line]


def children_of(pid: int) -> dict[int, str]:
    found = {}
    for path in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            parent = int((path / "stat").read_text().rsplit(")", 1)[1].split()[1])
            if parent == pid:
                found[int(path.name)] = (path / "cmdline").read_text().replace("\0", " ")
    return found


@dataclass
class Browser:
    """Cookies, forms and uploads."""

    site: Site
    cookies: dict[str, str] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: bytes = b"", **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = http.client.HTTPConnection("127.0.0.1", self.site.port, timeout=120)
        sent = {"Cookie": "; ".join(f"{k}={v}" for k, v in self.cookies.items()), **headers}
        connection.request(method, path, body=body, headers=sent)
        answer = connection.getresponse()
        content = answer.read()
        for line in answer.headers.get_all("Set-Cookie") or []:
            for name, morsel in http.cookies.SimpleCookie(line).items():
                self.cookies[name] = morsel.value
        return answer.status, dict(answer.headers), content

    def post(self, path: str, **values: str) -> tuple[int, dict[str, str], bytes]:
        form = urllib.parse.urlencode({**values, "csrfmiddlewaretoken": self._token()})
        return self.ask(
            "POST", path, form.encode(), **{"Content-Type": "application/x-www-form-urlencoded"}
        )

    def _token(self) -> str:
        if "estran_csrf" not in self.cookies:
            self.ask("GET", "/account/login/")
        return self.cookies["estran_csrf"]

    def sign_up(self) -> Browser:
        self.ask("GET", "/account/signup/")
        status, headers, _ = self.post(
            "/account/signup/", email=f"{uuid.uuid4().hex}@example.org", password1=PASSWORD
        )
        assert (status, headers["location"]) == (302, "/recovery/")
        return self

    def bring(self, *files: tuple[str, bytes]) -> str:
        """Upload; give the address of the import."""
        border = uuid.uuid4().hex
        parts = [
            f'--{border}\r\nContent-Disposition: form-data; name="csrfmiddlewaretoken"\r\n\r\n'
            f"{self._token()}\r\n".encode()
        ]
        for name, content in files:
            head = f'Content-Disposition: form-data; name="files"; filename="{name}"'
            parts.append(f"--{border}\r\n{head}\r\n\r\n".encode() + content + b"\r\n")
        body = b"".join([*parts, f"--{border}--\r\n".encode()])
        status, _, content = self.ask(
            "POST", "/import/", body, Accept="application/json",
            **{"Content-Type": f"multipart/form-data; boundary={border}"},
        )  # fmt: skip
        assert status == 201, content
        return str(json.loads(content)["url"])

    def progress(self, address: str) -> dict[str, Any]:
        status, _, content = self.ask("GET", f"{address}progress/", Accept="application/json")
        assert status == 200
        found: dict[str, Any] = json.loads(content)
        return found


@contextlib.contextmanager
def running(data: Path) -> Iterator[Site]:
    """Run a site for the time of a block, and leave no process behind."""
    site = Site(data)
    try:
        yield site.start()
    finally:
        if site.process is not None and site.process.poll() is None:
            site.stop()
