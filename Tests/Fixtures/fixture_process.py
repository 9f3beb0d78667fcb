"""The fixture as a process, and a client that does everything right, for the fixture's own tests."""

import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
from array import array
from pathlib import Path
from typing import Any

import raw_client
import speech
from juvoly import flac, frames

HERE = Path(__file__).parent
CLIP = speech.clip()
SUBSCRIBE = {"type": "subscribe", "subscription": {"type": "information"}}


def flac_frames(pcm: bytes, block: int = 4_096) -> list[bytes]:
    """The plainest FLAC there is: a head and frames of verbatim samples."""
    packed = (16_000 << 44 | 15 << 36).to_bytes(8, "big")
    info = struct.pack(">HH6x", block, block) + packed + bytes(16)
    pieces = [b"fLaC\x80" + len(info).to_bytes(3, "big") + info]
    samples = array("h", pcm)
    for number, at in enumerate(range(0, len(samples), block)):
        some = samples[at:at + block]
        head = b"\xff\xf8\x75\x08" + chr(number).encode() + (len(some) - 1).to_bytes(2, "big")
        head += bytes([flac.crc(head, 8, 0x07)]) + b"\x02"
        some.byteswap()
        frame = head + some.tobytes()
        pieces.append(frame + flac.crc(frame, 16, 0x8005).to_bytes(2, "big"))
    return pieces


class Fixture:
    """A server process for one test."""

    def __init__(self, scenario: str = "clean", *options: str, expect: bytes | None = CLIP) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.out = Path(self.folder.name)
        command = [sys.executable, str(HERE / "juvoly_server.py"), "--scenario", scenario, "--out", str(self.out)]
        if expect is not None:
            (self.out / "expect.raw").write_bytes(expect)
            command += ["--expect", str(self.out / "expect.raw")]
        pipe = subprocess.PIPE
        environment = {key: value for key, value in os.environ.items() if not key.startswith("JUVOLY_")}
        self.process = subprocess.Popen([*command, *options], stdin=pipe, stdout=pipe, env=environment)
        self.port = json.loads(self.process.stdout.readline())["port"]

    def __enter__(self) -> "Fixture":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.folder.cleanup()

    def stop(self) -> dict[str, Any]:
        """Ends the server and returns its report."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
        return json.loads((self.out / "report.json").read_text(encoding="utf-8"))


def dictate(fixture: Fixture, pcm: bytes = CLIP, piece: int = 3_200, texts: tuple[dict, ...] = ()) -> raw_client.Socket:
    """A right client: ready, audio, zeros until everything is final, close."""
    client = raw_client.Socket(fixture.port, raw_client.new_session(fixture.port))
    assert client.until("ready", 30)
    for text in texts:
        client.text(text)
    for at in range(0, len(pcm), piece):
        client.send(frames.BINARY, pcm[at:at + piece])
    for _ in range(9):
        client.send(frames.BINARY, bytes(3_200))
    return client


def settle(client: raw_client.Socket, finals: int, seconds: float = 8) -> None:
    """Reads until so many utterances are final."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if sum(message["completed"] for message in client.transcript().values()) >= finals:
            return
        client.until("transcript", end - time.monotonic())
