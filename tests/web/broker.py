"""Debian's mosquitto with the configuration that docs/live-setup.md gives."""

from __future__ import annotations

import contextlib
import ipaddress
import os
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import paho.mqtt.client as mqtt
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from paho.mqtt.enums import CallbackAPIVersion

from estran.web.live.setup import Broker

from .site import free_port

_PATH = f"{os.environ.get('PATH', '')}:/usr/sbin"
MOSQUITTO = shutil.which("mosquitto", path=_PATH)
PASSWD = shutil.which("mosquitto_passwd", path=_PATH)
REASON = "mosquitto is not installed (tools/mosquitto.sh installs it where root)"

CONF = """\
listener {port} 127.0.0.1
{tls}
allow_anonymous false
password_file {folder}/passwords
acl_file {folder}/rights
persistence true
persistence_location {folder}/
autosave_interval 1
autosave_on_changes true
max_queued_messages 0
log_dest file {folder}/log
log_type error
log_type warning
{user}
"""
RIGHTS = """\
pattern write owntracks/%u/#

user bridge
topic read owntracks/#
"""


@dataclass
class Running:
    """A broker in a process of its own."""

    folder: Path
    port: int
    is_tls: bool = False
    process: subprocess.Popen[bytes] | None = None

    def account(self, user: str) -> Broker:
        return Broker(
            "127.0.0.1", self.port, is_tls=self.is_tls, user=user, password=f"{user} secret"
        )

    def start(self) -> None:
        assert MOSQUITTO is not None
        self.process = subprocess.Popen([MOSQUITTO, "-c", str(self.folder / "conf")])  # noqa: S603 - Debian's
        until_s = time.monotonic() + 20
        while time.monotonic() < until_s:
            with contextlib.suppress(OSError):
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return
            time.sleep(0.05)
        msg = "the broker did not start"
        raise TimeoutError(msg)

    def stop(self) -> None:
        assert self.process is not None
        self.process.terminate()
        self.process.wait(timeout=20)


@contextlib.contextmanager
def broker(folder: Path, *, is_tls: bool = False) -> Iterator[Running]:
    """Run a broker with the accounts ``bridge``, ``phones`` and ``mallory``."""
    assert PASSWD is not None
    folder.mkdir(parents=True, exist_ok=True)
    running = Running(folder, free_port(), is_tls)
    tls = f"certfile {folder}/certificate\nkeyfile {folder}/key" if is_tls else ""
    if is_tls:
        certify(folder)
    user = "user root" if os.geteuid() == 0 else ""
    (folder / "conf").write_text(CONF.format(port=running.port, folder=folder, user=user, tls=tls))
    (folder / "rights").write_text(RIGHTS)
    (folder / "rights").chmod(0o600)
    for n, name in enumerate(("bridge", "phones", "mallory")):
        flags = ["-b", "-c"] if n == 0 else ["-b"]
        command = [PASSWD, *flags, str(folder / "passwords"), name, f"{name} secret"]
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - Debian's
    running.start()
    try:
        yield running
    finally:
        if running.process is not None and running.process.poll() is None:
            running.stop()


def certify(folder: Path) -> None:
    """Write a certificate for 127.0.0.1 that signs itself."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "broker")])
    now = datetime.now(UTC)
    address = x509.IPAddress(ipaddress.ip_address("127.0.0.1"))
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([address]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    (folder / "certificate").write_bytes(certificate.public_bytes(pem))
    (folder / "key").write_bytes(secret)


class Phone:
    """Publishes as OwnTracks does: acknowledged, not retained."""

    def __init__(self, to: Broker, name: str, ca_file: str = "") -> None:
        self.client = mqtt.Client(CallbackAPIVersion.VERSION2, client_id=name)
        self.client.username_pw_set(to.user, to.password)
        if to.is_tls:
            self.client.tls_set(ca_certs=ca_file)
        is_there = threading.Event()
        self.client.on_connect = lambda *_: is_there.set()
        self.client.connect(to.host, to.port)
        self.client.loop_start()
        assert is_there.wait(20)

    def publish(self, topic: str, payload: bytes) -> None:
        """Return once the broker has acknowledged."""
        self.client.publish(topic, payload, qos=1).wait_for_publish(timeout=20)

    def attempt(self, topic: str, payload: bytes) -> None:
        """Publish what may be forbidden: a broker may hang up instead of acknowledging."""
        said = self.client.publish(topic, payload, qos=1)
        with contextlib.suppress(RuntimeError):
            said.wait_for_publish(timeout=20)

    def close(self) -> None:
        self.client.disconnect()
        self.client.loop_stop()
