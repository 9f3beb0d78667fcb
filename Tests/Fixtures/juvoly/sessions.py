"""The REST part: sessions, user keys and the broker of an organisation."""

import base64
import binascii
import json
from dataclasses import dataclass

from .http1 import Request, chunked, response
from .record import Report, RESTRecord
from .scenarios import Scenario

JSON_TYPE = ("Content-Type", "application/json")
PREFIX = "/api/v2/rest"
CREATED = "2026-02-03T10:11:12.345Z"


@dataclass(frozen=True)
class Credentials:
    """The secrets that this server takes for right."""

    api_key: str = "fixture-api-key"
    client_id: str = "fixture-client"
    master_key: str = "fixture-master-key"
    user: str = "arts@praktijk.example:wacht:woord"


class Sessions:
    """Hands out session ids; each opens one socket, within its lifetime."""

    def __init__(self, lifetime: float) -> None:
        self.lifetime = lifetime
        self.issued: dict[str, float] = {}
        self.spent: set[str] = set()

    def issue(self, now: float) -> str:
        """A new id that uses every kind of character a subprotocol may have; capital letters must survive."""
        identifier = f"S{len(self.issued) + 1}-aB.c_d~e!f#g$h%i&j'k*l+m^n`o|p"
        self.issued[identifier] = now
        return identifier

    def claim(self, identifier: str, now: float) -> str | None:
        """Spends an id; returns what is wrong with it, `None` when it opens a socket."""
        if identifier not in self.issued:
            return "the session id was not issued here"
        if identifier in self.spent:
            return "the session id was used before"
        self.spent.add(identifier)
        if now - self.issued[identifier] > self.lifetime:
            return "the session id is expired"
        return None


class REST:
    """Answers the calls and checks each against the vendor's document."""

    def __init__(self, scenario: Scenario, credentials: Credentials, sessions: Sessions, report: Report) -> None:
        self.scenario = scenario
        self.credentials = credentials
        self.sessions = sessions
        self.report = report
        self.calls = 0
        self.not_before = 0.0
        self.canary_port = 0

    def answer(self, request: Request, now: float) -> bytes:
        """The answer to one request, errors included."""
        if request.path == f"{PREFIX}/session":
            return self.session(request, now, broker=False)
        if request.path == "/broker/session":
            return self.session(request, now, broker=True)
        if request.path == f"{PREFIX}/auth/user-api-key":
            return self.user_key(request)
        self.report.violation(f"a request to {request.method} {request.path}, which does not exist")
        return self.done(request, 404, b"", key=False, body=False)

    def session(self, request: Request, now: float, broker: bool) -> bytes:
        if broker:
            key = not request.all("X-Juvoly-Api-Key")
            self.check(key, "the broker got an API key")
        else:
            key = self.check_common(request, [self.credentials.api_key, self.credentials.master_key])
            self.check(request.all("Content-Type") == ["application/json"], "Content-Type is not application/json")
        self.check(request.method == "POST", f"a session was asked for with {request.method}")
        self.check(not request.query, "a session request has a query")
        self.check(not request.all("Authorization"), "a session request has an Authorization header")
        self.check_plain(request)
        body = broker or self.check_body(request)
        if not key:
            return self.done(request, 401, b"", key, body)
        self.check(now >= self.not_before - 0.1, "a session was asked for before Retry-After was over")
        kind = self.scenario.sessions[min(self.calls, len(self.scenario.sessions) - 1)]
        self.calls += 1
        return self.reply(request, kind, now, body)

    def reply(self, request: Request, kind: str, now: float, body: bool) -> bytes:
        if kind == "429":
            self.not_before = now + 1
            return self.done(request, 429, b"", True, body, ("Retry-After", "1"))
        if kind in ("401", "503"):
            return self.done(request, int(kind), b"<html>no</html>", True, body, ("Content-Type", "text/html"))
        if kind == "html":
            return self.done(request, 200, b"<!doctype html><p>{", True, body, ("Content-Type", "text/html"))
        if kind == "redirect":
            target = f"http://127.0.0.1:{self.canary_port}{request.target}"
            return self.done(request, 307, b"", True, body, ("Location", target))
        fields = {
            "clientId": self.credentials.client_id,
            "sessionId": self.sessions.issue(now),
            "sessionCreateTime": CREATED,
            "sessionClaimTime": None,
        }
        if kind == "extra":
            fields["sessionClaimTime"] = "2026-02-03T11:11:12+01:00"
            fields = {"user": {"sessionId": "wrong", "roles": []}, **fields, "expires": 600, "": None}
        text = json.dumps(fields, indent=1 if kind == "extra" else None).encode()
        if kind == "chunked":
            return self.done(request, 200, chunked(text), True, body, ("Transfer-Encoding", "chunked"), JSON_TYPE)
        return self.done(request, 200, text, True, body, JSON_TYPE)

    def user_key(self, request: Request) -> bytes:
        key = self.check_common(request, [self.credentials.master_key])
        self.check(request.method == "GET", f"a user key was asked for with {request.method}")
        self.check(not request.body, "a user key request has a body")
        self.check_plain(request)
        values = request.all("Authorization")
        self.check(len(values) == 1, "a user key request has no single Authorization header")
        known = key and len(values) == 1 and self.is_known_user(values[0])
        if not known:
            return self.done(request, 401, b"", key, True)
        text = json.dumps({"userApiKey": self.credentials.api_key}).encode()
        return self.done(request, 200, text, key, True, JSON_TYPE)

    def is_known_user(self, value: str) -> bool:
        scheme, _, encoded = value.partition(" ")
        self.check(scheme == "Basic", "the Authorization scheme is not Basic")
        try:
            return base64.b64decode(encoded, validate=True).decode() == self.credentials.user
        except (binascii.Error, UnicodeDecodeError):
            self.check(False, "the Basic credentials are not base64 of UTF-8")
            return False

    def check_common(self, request: Request, keys: list[str]) -> bool:
        """The two headers of every call; returns whether the key is one that opens the door."""
        self.check(len(request.all("X-Juvoly-Api-Key")) == 1, "X-Juvoly-Api-Key does not stand exactly once")
        same = request.all("X-Juvoly-Client-Id") == [self.credentials.client_id]
        self.check(same, "X-Juvoly-Client-Id does not stand exactly once with the client id")
        return request.one("X-Juvoly-Api-Key") in keys and same

    def check_plain(self, request: Request) -> None:
        """What no call of this service may carry."""
        for name in ("Cookie", "Origin", "Referer"):
            self.check(not request.all(name), f"a REST call has the header {name}")
        self.check(len(request.all("Host")) == 1, "a REST call has no single Host header")

    def check_body(self, request: Request) -> bool:
        try:
            right = json.loads(request.body.decode()) == {}
        except ValueError:
            right = False
        self.check(right, "the body of a session request is not {}")
        return right

    def check(self, right: bool, violation: str) -> None:
        if not right:
            self.report.violation(f"REST call {len(self.report.rest) + 1}: {violation}")

    def done(
        self, request: Request, status: int, text: bytes, key: bool, body: bool, *headers: tuple[str, str],
    ) -> bytes:
        """Records the call and builds its answer."""
        client = request.all("X-Juvoly-Client-Id") == [self.credentials.client_id]
        self.report.rest.append(RESTRecord(request.method, request.path, request.names(), key, client, body, status))
        self.report.write()
        return response(status, list(headers), text)
