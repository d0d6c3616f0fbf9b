"""Talking to another site: an address somebody typed is never trusted to lead outside.

Only https to public addresses, or hosts that the operator allowed by name. The name is
looked up once and the connection goes to what was found, so that it cannot be another by
then. No redirect is followed, nothing large is read.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import http.client
import ipaddress
import json
import re
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings

from estran.errors import PeerAddressWrong, PeerForbidden, PeerRefused, PeerSilent

SCHEMA = "estran.receive/1"
TIMEOUT_S = 20.0
_ANSWER_BYTES = 64 * 1024
_PATH = re.compile(
    r"(?P<base>/[A-Za-z0-9/_-]{0,80})?/receive/(?P<id>[0-9a-f-]{36})/(?P<code>[0-9a-f]{32})"
    r"/(?P<print>[0-9a-f]{40})/\Z"
)
_KEY_BYTES = 32


def fingerprint(public_key: bytes) -> str:
    """Give what the address says of the key that answers there: 160 bits of its SHA-256."""
    return hashlib.sha256(b"estran receive 1\0" + public_key).hexdigest()[:40]


@dataclass(frozen=True, slots=True)
class Address:
    """Where another site receives, once.

    Parameters
    ----------
    scheme, host : str
    port : int
    path : str
        With the code: it is a secret.
    key_print : str
        Fingerprint of the key that must answer.
    """

    scheme: str
    host: str
    port: int
    path: str = field(repr=False)
    key_print: str = field(repr=False)

    @property
    def shown(self) -> str:
        """Name the site, without the secret."""
        usual = {"https": 443, "http": 80}[self.scheme]
        return self.host if self.port == usual else f"{self.host}:{self.port}"


def read_address(text: str) -> Address:
    """Read an address as it was pasted.

    Raises
    ------
    PeerAddressWrong
        It is none at which a site receives.

    Examples
    --------
    >>> at = "https://b.example/receive/" + "0" * 36 + "/" + "1" * 32 + "/" + "2" * 40 + "/"
    >>> read_address(at).shown
    'b.example'
    """
    try:
        url = urlsplit(text.strip())
        port = url.port
    except ValueError as error:
        raise PeerAddressWrong from error
    found = _PATH.match(url.path)
    plain = not (url.username or url.password or url.query or url.fragment)
    if url.scheme not in {"http", "https"} or not url.hostname or found is None or not plain:
        raise PeerAddressWrong
    usual = 443 if url.scheme == "https" else 80
    return Address(url.scheme, url.hostname, port or usual, url.path, found["print"])


def _is_allowed(address: Address) -> bool:
    return bool({address.host, f"{address.host}:{address.port}"} & {*settings.ESTRAN_PEERS})


def resolved(address: Address) -> tuple[int, str]:
    """Look a host up, once: the family and the number to connect to.

    Raises
    ------
    PeerForbidden
        Any of its numbers is not public, or it is not https, and nobody allowed it.
    PeerSilent
        Nobody knows the name.
    """
    try:
        found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise PeerSilent from error
    numbers = [(family, str(where[0])) for family, _, _, _, where in found]
    if not _is_allowed(address):
        public = all(ipaddress.ip_address(n.partition("%")[0]).is_global for _, n in numbers)
        if not public or address.scheme != "https":
            raise PeerForbidden
    return int(numbers[0][0]), numbers[0][1]


@contextlib.contextmanager
def connected(address: Address) -> Iterator[http.client.HTTPConnection]:
    """Connect to the number that was found, and to the name that was meant.

    Raises
    ------
    PeerForbidden, PeerSilent
    """
    _, number = resolved(address)
    connection = http.client.HTTPConnection(address.host, address.port, timeout=TIMEOUT_S)
    try:
        plain = socket.create_connection((number, address.port), timeout=TIMEOUT_S)
        connection.sock = plain
        if address.scheme == "https":
            context = ssl.create_default_context()
            connection.sock = context.wrap_socket(plain, server_hostname=address.host)
        yield connection
    except (OSError, http.client.HTTPException) as error:
        raise PeerSilent from error
    finally:
        connection.close()


def answered(connection: http.client.HTTPConnection) -> dict[str, Any]:
    """Read an answer: a small JSON document, or a refusal.

    Raises
    ------
    PeerRefused, PeerSilent
    """
    answer = connection.getresponse()
    content = answer.read(_ANSWER_BYTES)
    if answer.status >= 500:  # noqa: PLR2004 - the other site's own trouble
        raise PeerSilent
    if answer.status not in (200, 201):
        raise PeerRefused
    try:
        told = json.loads(content)
    except ValueError as error:
        raise PeerRefused from error
    if not isinstance(told, dict) or told.get("schema") != SCHEMA:
        raise PeerRefused
    return told


def key_at(address: Address) -> bytes:
    """Ask for the public key of the person at an address, and check that it is theirs.

    Raises
    ------
    PeerForbidden, PeerSilent, PeerRefused
    """
    with connected(address) as connection:
        connection.request("GET", address.path, headers={"Accept": "application/json"})
        told = answered(connection)
    try:
        key = base64.b64decode(str(told.get("public_key", "")), validate=True)
    except ValueError as error:
        raise PeerRefused from error
    if len(key) != _KEY_BYTES or fingerprint(key) != address.key_print:
        raise PeerRefused
    return key
