"""A small OpenID provider on this machine: real HTTP, real RSA signatures, one person."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT, SECRET = "estran", "tide and sand"


def _number(value: int) -> str:
    raw = value.to_bytes((value.bit_length() + 7) // 8, "big")
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class Provider:
    """What it says, and how it lies when a test asks it to."""

    url: str = ""
    subject: str = "citizen-17"
    email: str = "citizen@example.org"
    audience: str = CLIENT
    key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))
    signs_with: rsa.RSAPrivateKey | None = None
    userinfo_subject: str = ""
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def configuration(self) -> dict[str, Any]:
        paths = {
            "authorization_endpoint": "/authorise", "token_endpoint": "/token",
            "userinfo_endpoint": "/me", "jwks_uri": "/keys",
        }  # fmt: skip
        return {
            "issuer": self.url,
            "token_endpoint_auth_methods_supported": ["client_secret_post"],
            **{name: self.url + path for name, path in paths.items()},
        }

    def keys(self) -> dict[str, Any]:
        public = self.key.public_key().public_numbers()
        key = {
            "kty": "RSA", "kid": "one", "use": "sig", "alg": "RS256",
            "n": _number(public.n), "e": _number(public.e),
        }  # fmt: skip
        return {"keys": [key]}

    def agree(self, address: str) -> str:
        """Do what a person does on the provider's page; give where the browser goes next."""
        query = dict(parse_qsl(urlsplit(address).query))
        assert query["client_id"] == CLIENT
        assert query["code_challenge_method"] == "S256"
        assert "openid" in query["scope"]
        code = secrets.token_hex(8)
        self.codes[code] = query
        return query["redirect_uri"] + "?" + urlencode({"code": code, "state": query["state"]})

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        query = self.codes.pop(form["code"])
        proof = hashlib.sha256(form["code_verifier"].encode()).digest()
        assert base64.urlsafe_b64encode(proof).rstrip(b"=").decode() == query["code_challenge"]
        assert (form["client_id"], form["client_secret"]) == (CLIENT, SECRET)
        now = int(time.time())
        told = {
            "iss": self.url, "aud": self.audience, "sub": self.subject, "iat": now,
            "exp": now + 60, "email": self.email, "email_verified": True, "name": "A. Citizen",
        }  # fmt: skip
        signed = jwt.encode(
            told, self.signs_with or self.key, algorithm="RS256", headers={"kid": "one"}
        )
        return {"access_token": "open", "token_type": "Bearer", "id_token": signed}

    def me(self) -> dict[str, Any]:
        subject = self.userinfo_subject or self.subject
        return {"sub": subject, "email": self.email, "name": "A. Citizen", "address": "2 Quai"}


@contextmanager
def running_provider() -> Iterator[Provider]:
    """Answer on a free port of the loopback for the time of a block."""
    provider = Provider()

    class Answers(BaseHTTPRequestHandler):
        def _send(self, value: dict[str, Any]) -> None:
            body = json.dumps(value).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_GET(self) -> None:
            provider.asked.append(self.path)
            answers = {
                "/.well-known/openid-configuration": provider.configuration,
                "/keys": provider.keys,
                "/me": provider.me,
            }
            self._send(answers[urlsplit(self.path).path]())

        def do_POST(self) -> None:
            provider.asked.append(self.path)
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._send(provider.token({k: v[0] for k, v in parse_qs(body).items()}))

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    provider.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
