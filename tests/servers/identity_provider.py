"""An identity provider that consents for everybody (OAuth 2: authorisation code with PKCE, refresh tokens that rotate).

Strict where real ones are: a code works once and only with its verifier, a refresh token works once, and one that is
used a second time takes the whole consent back (RFC 9700 4.14.2).
"""

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
from urllib.parse import parse_qs, urlencode, urlsplit

Form = dict[str, str]


@dataclass
class IdentityProvider:
    """Answers at `url`. `user` is who consents; `asked` is what came to /token, `says_no` makes them refuse."""

    port: int
    user: str = "person"
    client_id: str = "desk"
    client_secret: str = "desk secret"
    life_seconds: int = 3600
    says_no: bool = False
    answers: list[tuple[int, bytes]] = field(default_factory=list)
    delay_seconds: float = 0
    asked: list[Form] = field(default_factory=list)
    _codes: dict[str, Form] = field(default_factory=dict)
    _access: dict[str, str] = field(default_factory=dict)
    _refresh: dict[str, str] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def withdraw(self) -> None:
        """The user takes all consents back."""
        self._access.clear()
        self._refresh.clear()

    def withdraw_access(self) -> None:
        """Access tokens end before their time; refresh tokens go on."""
        self._access.clear()

    def consents(self, asked: Form) -> str:
        """Where the browser is sent back to."""
        if self.says_no:
            told = {"error": "access_denied", "error_description": "The user said no"}
        else:
            told = {"code": secrets.token_urlsafe(8)}
            self._codes[told["code"]] = asked
        return asked["redirect_uri"] + "?" + urlencode({**told, "state": asked["state"]})

    def gives(self, form: Form) -> tuple[int, dict[str, Any]]:
        with self._lock:
            self.asked.append(form)
            if (form.get("client_id"), form.get("client_secret")) != (self.client_id, self.client_secret):
                return 401, {"error": "invalid_client"}
            if form["grant_type"] == "authorization_code":
                return self._for_code(form)
            return self._for_refresh_token(form["refresh_token"])

    def knows(self, token: str) -> dict[str, Any]:
        user = self._access.get(token)
        return {"active": True, "username": user} if user else {"active": False}

    def _for_code(self, form: Form) -> tuple[int, dict[str, Any]]:
        asked = self._codes.pop(form["code"], None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        if asked is None or asked["code_challenge"] != challenge or asked["redirect_uri"] != form["redirect_uri"]:
            return 400, {"error": "invalid_grant", "error_description": "bad code"}
        return 200, self._tokens()

    def _for_refresh_token(self, token: str) -> tuple[int, dict[str, Any]]:
        if token in self._used:
            self.withdraw()
        if self._refresh.pop(token, None) is None:
            return 400, {"error": "invalid_grant", "error_description": "Token has been expired or revoked."}
        self._used.add(token)
        return 200, self._tokens()

    def _tokens(self) -> dict[str, Any]:
        access, refresh = f"access-{secrets.token_urlsafe(16)}", f"refresh-{secrets.token_urlsafe(16)}"
        self._access[access] = self._refresh[refresh] = self.user
        told = {"access_token": access, "refresh_token": refresh, "expires_in": self.life_seconds}
        return {**told, "token_type": "Bearer"}


class _Handler(BaseHTTPRequestHandler):
    provider: IdentityProvider

    def do_GET(self) -> None:
        place = urlsplit(self.path)
        self.send_response(302)
        self.send_header("Location", self.provider.consents(_form(place.query)))
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_POST(self) -> None:
        form = _form(self.rfile.read(int(self.headers["Content-Length"])).decode())
        if self.path == "/introspect":
            self._say(200, json.dumps(self.provider.knows(form["token"])).encode())
            return
        time.sleep(self.provider.delay_seconds)
        if self.provider.answers:
            self._say(*self.provider.answers.pop(0))
            return
        status, told = self.provider.gives(form)
        self._say(status, json.dumps(told).encode())

    def _say(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *words: object) -> None:
        """Nothing: the tests look at what came."""


def _form(text: str) -> Form:
    return {name: values[0] for name, values in parse_qs(text).items()}


@contextmanager
def identity_provider(port: int) -> Iterator[IdentityProvider]:
    provider = IdentityProvider(port)
    handler = type("Handler", (_Handler,), {"provider": provider})
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield provider
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
