"""The WebSocket handshake: what the client asks is checked to the letter, the answer is what the scenario says."""

import base64
import binascii
from dataclasses import dataclass

from .frames import accept_key
from .http1 import Request, response
from .sessions import Credentials

PREFIX = "/api/v2/socket/"
MODELS = ("generic", "multilingual", "kolibri", "radiology")
PROTOCOL = "v2.juvoly"


@dataclass
class Verdict:
    """What a handshake request was worth."""

    faults: list[str]
    session: str | None
    """The session id that was offered; never written anywhere."""
    protocols_as_expected: bool
    refusal: int | None
    """The status with which the real service would refuse, `None` when it would accept."""


def examine(request: Request, credentials: Credentials, uplink: str, keys_seen: set[str]) -> Verdict:
    """Checks everything in the request except whether the session id opens a socket."""
    faults = examine_headers(request, keys_seen)
    offered = request.all("Sec-WebSocket-Protocol")
    parts = offered[0].split(", ") if len(offered) == 1 else []
    right = len(parts) == 3 and parts[:2] == [PROTOCOL, credentials.client_id]
    if len(offered) != 1:
        faults.append(f"Sec-WebSocket-Protocol stands on {len(offered)} lines, not on one")
    elif not right:
        faults.append("Sec-WebSocket-Protocol is not v2.juvoly, client id, session id in this order")
    secrets = (credentials.api_key, credentials.master_key)
    if any(secret and secret.encode() in request.head for secret in secrets):
        faults.append("the handshake carries an API key")
    if request.target.encode().find((parts[2] if len(parts) == 3 else "\0").encode()) >= 0:
        faults.append("the session id is in the address")
    refusal = None if right else 400
    if request.path.removeprefix(PREFIX) not in MODELS:
        faults.append("the model is unknown")
        refusal = 404
    query = "encoding=PCM" if uplink == "pcm" else ""
    if request.query != query:
        faults.append(f"the query is not {query!r}")
    return Verdict(faults, parts[2] if right else None, right, refusal)


def examine_headers(request: Request, keys_seen: set[str]) -> list[str]:
    """The headers of RFC 6455, and those that must not be there."""
    faults = []
    if request.method != "GET" or request.body:
        faults.append("the handshake is not a GET without a body")
    if len(request.all("Host")) != 1:
        faults.append("the handshake has no single Host header")
    if (request.one("Upgrade") or "").lower() != "websocket":
        faults.append("Upgrade is not websocket")
    if "upgrade" not in [token.strip().lower() for token in (request.one("Connection") or "").split(",")]:
        faults.append("Connection does not name upgrade")
    if request.all("Sec-WebSocket-Version") != ["13"]:
        faults.append("Sec-WebSocket-Version is not 13")
    key = request.one("Sec-WebSocket-Key") or ""
    try:
        size = len(base64.b64decode(key, validate=True))
    except binascii.Error:
        size = 0
    if size != 16:
        faults.append("Sec-WebSocket-Key is not 16 bytes in base64")
    if key in keys_seen:
        faults.append("Sec-WebSocket-Key was used before")
    keys_seen.add(key)
    for name in ("Origin", "Sec-WebSocket-Extensions", "X-Juvoly-Api-Key", "Authorization", "Cookie"):
        if request.all(name):
            faults.append(f"the handshake has the header {name}")
    return faults


def answer(request: Request, kind: str, canary_port: int) -> bytes:
    """The answer that the scenario wants."""
    accept = accept_key(request.one("Sec-WebSocket-Key") or "")
    if kind == "html":
        return response(200, [("Content-Type", "text/html")], b"<!doctype html><title>Inloggen</title>")
    if kind == "redirect":
        return response(302, [("Location", f"http://127.0.0.1:{canary_port}{request.target}")])
    if kind == "503":
        return response(503, [("Connection", "close")], b"busy")
    if kind == "mixed-case":
        names = [
            ("server", "fixture"), ("X-Frame-Options", "DENY"), ("upgrade", "WebSocket"),
            ("CONNECTION", "keep-alive, upgrade"), ("sec-websocket-accept", accept),
            ("SEC-WEBSOCKET-PROTOCOL", PROTOCOL), ("Date", "Tue, 03 Feb 2026 10:11:12 GMT"), ("X-Empty", ""),
        ]
        return response(101, names, reason="")
    headers = [("Upgrade", "websocket"), ("Connection", "Upgrade")]
    headers.append(("Sec-WebSocket-Accept", accept_key("no") if kind == "wrong-accept" else accept))
    if kind != "none":
        headers.append(("Sec-WebSocket-Protocol", "v1.other" if kind == "foreign" else PROTOCOL))
    if kind == "extension":
        headers.append(("Sec-WebSocket-Extensions", "permessage-deflate"))
    return response(101, headers)
