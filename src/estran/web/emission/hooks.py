"""Telling an address that a phone's app named: public https only, nothing is followed."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import urlsplit

from estran.errors import PeerAddressWrong
from estran.web.portability.peers import Address, connected, resolved

LONGEST_ADDRESS = 500


def address_of(url: str) -> Address:
    """Read an address.

    Raises
    ------
    PeerAddressWrong
        It is none of the web's, or bears a name and a password.
    """
    try:
        parts = urlsplit(url.strip()[: LONGEST_ADDRESS + 1])
        port = parts.port
    except ValueError as error:
        raise PeerAddressWrong from error
    fits = parts.scheme in {"http", "https"} and parts.hostname and len(url) <= LONGEST_ADDRESS
    if not fits or parts.username or parts.password or parts.fragment or not url.isascii():
        raise PeerAddressWrong
    if any(letter.isspace() for letter in url.strip()):
        raise PeerAddressWrong
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    usual = 443 if parts.scheme == "https" else 80
    return Address(parts.scheme, str(parts.hostname), port or usual, path, "")


def check(url: str) -> None:
    """Refuse an address that does not lead to a public site by https.

    Raises
    ------
    PeerAddressWrong, PeerForbidden, PeerSilent
    """
    resolved(address_of(url))


def tell(url: str, value: dict[str, Any]) -> None:
    """Post a small document; what is answered is not read.

    Raises
    ------
    PeerAddressWrong, PeerForbidden, PeerSilent
    """
    address = address_of(url)
    with connected(address) as connection:
        connection.request(
            "POST", address.path, json.dumps(value), {"Content-Type": "application/json"}
        )
        connection.getresponse().close()
