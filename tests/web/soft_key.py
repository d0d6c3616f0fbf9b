"""An authenticator of a few lines: real P-256 signatures, attestation "none"."""

from __future__ import annotations

import base64
import hashlib
import json
import re
import secrets
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from django.test import Client
from fido2 import cbor

ORIGIN, HOST = "http://localhost", "localhost"
_HERE = {"host": HOST}


def text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def raw(encoded: str) -> bytes:
    return base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))


@dataclass
class SoftKey:
    """One passkey; ``prf`` is the secret that it computes, ``None`` when it cannot."""

    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    prf: bytes | None = field(default_factory=lambda: secrets.token_bytes(32))
    handle: str = ""

    def _client_data(self, kind: str, challenge: str) -> bytes:
        return json.dumps({"type": kind, "challenge": challenge, "origin": ORIGIN}).encode()

    def _data(self, *, is_new: bool) -> bytes:
        flags = 0x45 if is_new else 0x05  # present, verified, and with a new key
        head = hashlib.sha256(HOST.encode()).digest() + bytes([flags]) + bytes(4)
        if not is_new:
            return head
        point = self.key.public_key().public_numbers()
        cose = {
            1: 2,
            3: -7,
            -1: 1,
            -2: point.x.to_bytes(32, "big"),
            -3: point.y.to_bytes(32, "big"),
        }
        return head + bytes(16) + len(self.id).to_bytes(2, "big") + self.id + cbor.encode(cose)

    def _named(self, response: dict[str, Any], results: dict[str, Any]) -> str:
        name = text(self.id)
        credential = {
            "id": name, "rawId": name, "type": "public-key", "response": response,
            "clientExtensionResults": results,
        }  # fmt: skip
        return json.dumps(credential)

    def _secret(self) -> str:
        return text(self.prf) if self.prf else ""

    def made(self, options: dict[str, Any], **results: Any) -> dict[str, str]:
        """Answer a page that makes a passkey."""
        self.handle = options["publicKey"]["user"]["id"]
        challenge = options["publicKey"]["challenge"]
        attested = {"fmt": "none", "attStmt": {}, "authData": self._data(is_new=True)}
        response = {
            "clientDataJSON": text(self._client_data("webauthn.create", challenge)),
            "attestationObject": text(cbor.encode(attested)),
        }
        credential = self._named(response, {"credProps": {"rk": True}, **results})
        return {"credential": credential, "prf": self._secret()}

    def used(self, options: dict[str, Any]) -> dict[str, str]:
        """Answer a page that asks for a passkey."""
        client = self._client_data("webauthn.get", options["publicKey"]["challenge"])
        data = self._data(is_new=False)
        signed = self.key.sign(data + hashlib.sha256(client).digest(), ec.ECDSA(hashes.SHA256()))
        response = {
            "clientDataJSON": text(client), "authenticatorData": text(data),
            "signature": text(signed), "userHandle": self.handle,
        }  # fmt: skip
        return {"credential": self._named(response, {}), "prf": self._secret()}

    def sign_up(self, client: Client, email: str, **results: Any) -> Any:
        options = options_in(client.get("/account/signup/passkey/", headers=_HERE))
        form = {"email": email, **self.made(options, **results)}
        return client.post("/account/signup/passkey/", form, headers=_HERE)

    def sign_in(self, client: Client) -> Any:
        asked = client.get(
            "/account/login/passkey/", headers={**_HERE, "accept": "application/json"}
        )
        form = self.used(asked.json()["request_options"])
        return client.post("/account/login/passkey/", form, headers=_HERE)

    def add(self, client: Client, **results: Any) -> Any:
        options = options_in(client.get("/settings/security/passkeys/add/", headers=_HERE))
        form = {"name": "My key", **self.made(options, **results)}
        return client.post("/settings/security/passkeys/add/", form, headers=_HERE)

    def unlock(self, client: Client) -> Any:
        options = client.get("/unlock/passkey/options/", headers=_HERE).json()["request_options"]
        return client.post("/unlock/passkey/", self.used(options), headers=_HERE)


def options_in(page: Any) -> dict[str, Any]:
    found = re.search(rb'<script type="application/json">(.*?)</script>', page.content, re.DOTALL)
    assert found is not None, page
    options: dict[str, Any] = json.loads(found[1])
    return options
