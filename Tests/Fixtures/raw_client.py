"""A small blocking client for the fixture's own tests: a right one by default, wrong where a test asks for it."""

import base64
import json
import os
import socket
import struct
import time
from dataclasses import dataclass, field
from typing import Any

from juvoly import frames

KEY, CLIENT = "fixture-api-key", "fixture-client"


def rest(port: int, method: str, path: str, headers: dict[str, str], body: bytes = b"") -> tuple[int, str, bytes]:
    """One REST call: status, head, body."""
    with socket.create_connection(("127.0.0.1", port), timeout=10) as stream:
        lines = [f"{method} {path} HTTP/1.1", f"Host: 127.0.0.1:{port}", "Connection: close"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body)}")
        stream.sendall("\r\n".join([*lines, "", ""]).encode() + body)
        data = b""
        while piece := stream.recv(65536):
            data += piece
    head, _, rest_body = data.partition(b"\r\n\r\n")
    return int(head.split(b" ")[1]), head.decode(), rest_body


def common(key: str | None = None) -> dict[str, str]:
    """The two headers of every call."""
    return {"X-Juvoly-Api-Key": KEY if key is None else key, "X-Juvoly-Client-Id": CLIENT}


def new_session(port: int) -> str:
    """A session id, asked for the right way."""
    headers = {**common(), "Content-Type": "application/json"}
    status, head, body = rest(port, "POST", "/api/v2/rest/session", headers, b"{}")
    if status != 200:
        raise ConnectionError(f"session: {status}")
    if "chunked" in head.lower():
        body = unchunked(body)
    return json.loads(body)["sessionId"]


def unchunked(body: bytes) -> bytes:
    text = b""
    while True:
        line, _, body = body.partition(b"\r\n")
        size = int(line.split(b";")[0], 16)
        if size == 0:
            return text
        text, body = text + body[:size], body[size + 2:]


@dataclass
class Socket:
    """One WebSocket. `messages` collects what the server says, pings are answered."""

    port: int
    session: str
    path: str = "/api/v2/socket/generic?encoding=PCM"
    protocols: str | None = None
    extra: dict[str, str] = field(default_factory=dict)
    messages: list[dict[str, Any]] = field(default_factory=list)
    close_code: int | None = None
    status: int = 0
    head: str = ""

    def __post_init__(self) -> None:
        self.stream = socket.create_connection(("127.0.0.1", self.port), timeout=40)
        self.stream.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.key = base64.b64encode(os.urandom(16)).decode()
        headers = {
            "Host": f"127.0.0.1:{self.port}", "Upgrade": "websocket", "Connection": "Upgrade",
            "Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": self.key,
            "Sec-WebSocket-Protocol": self.protocols or f"v2.juvoly, {CLIENT}, {self.session}", **self.extra,
        }
        lines = [f"GET {self.path} HTTP/1.1"] + [f"{name}: {value}" for name, value in headers.items()]
        self.stream.sendall("\r\n".join([*lines, "", ""]).encode())
        self.buffer = b""
        while b"\r\n\r\n" not in self.buffer:
            self.fill()
        head, _, self.buffer = self.buffer.partition(b"\r\n\r\n")
        self.head, self.status = head.decode(), int(head.split(b" ")[1])
        self.partial = b""

    def __del__(self) -> None:
        self.stream.close()

    def fill(self) -> None:
        data = self.stream.recv(65536)
        if not data:
            raise ConnectionError("closed")
        self.buffer += data

    def take(self, count: int) -> bytes:
        while len(self.buffer) < count:
            self.fill()
        data, self.buffer = self.buffer[:count], self.buffer[count:]
        return data

    def send(self, opcode: int, payload: bytes, fin: bool = True, mask: bytes | None = None, head: int = 0) -> None:
        mask = os.urandom(4) if mask is None else mask
        plain = frames.frame(opcode, payload, fin)
        size = len(plain) - len(payload)
        start = bytes([plain[0] | head, plain[1] | 0x80]) + plain[2:size]
        self.stream.sendall(start + mask + frames.masked(payload, mask))

    def text(self, value: dict[str, Any]) -> None:
        self.send(frames.TEXT, json.dumps(value).encode())

    def read(self) -> str | None:
        """Reads one frame; returns the type of a whole message, `close`, or `None` for anything else."""
        first, length = self.take(2)
        if length == 126:
            (length,) = struct.unpack("!H", self.take(2))
        elif length == 127:
            (length,) = struct.unpack("!Q", self.take(8))
        payload, opcode = self.take(length), first & 0x0F
        if opcode == frames.PING:
            self.send(frames.PONG, payload)
        elif opcode == frames.CLOSE:
            self.close_code = struct.unpack("!H", payload[:2])[0] if payload else 1005
            return "close"
        elif opcode in (frames.TEXT, frames.CONTINUATION):
            self.partial += payload
            if first & 0x80:
                text, self.partial = self.partial.decode(), b""
                return self.message(text)
        return None

    def message(self, text: str) -> str:
        text = text.replace(",\n}", "}").replace(",}", "}").replace(",]", "]").replace(",\n]", "]")
        value = json.loads(text)
        self.messages.append(value)
        return value["type"]

    def until(self, wanted: str, seconds: float = 10) -> bool:
        """Reads until a message of that type; `False` when it does not come in time."""
        end = time.monotonic() + seconds
        while True:
            try:
                self.stream.settimeout(max(0.01, end - time.monotonic()))
                if self.read() == wanted:
                    return True
            except OSError:
                return False

    def close(self, code: int = 1000) -> None:
        self.send(frames.CLOSE, struct.pack("!H", code))
        self.until("close", 5)
        self.stream.close()

    def transcript(self) -> dict[str, dict[str, Any]]:
        """The last message per utterance id; a final stays."""
        shown: dict[str, dict[str, Any]] = {}
        for message in self.messages:
            if message["type"] == "transcript":
                identifier = message["utterance"]["id"]
                if not shown.get(identifier, {}).get("completed"):
                    shown[identifier] = message
        return shown
