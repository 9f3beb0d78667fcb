"""What the server says on one connection, and when."""

import asyncio
from time import monotonic
from typing import Any, Protocol

from . import frames
from .frames import BINARY, PING, PONG, TEXT
from .messages import ERROR, INFORMATION, READY, UNKNOWN, encode, summary
from .outbox import Outbox
from .recogniser import Event
from .scenarios import Scenario
from .shaper import Shaper

TICK = 0.05


class Recogniser(Protocol):
    """What turns audio into utterances."""

    def received(self, data: bytes, now: float) -> list[Event]: ...
    def ticked(self, now: float) -> list[Event]: ...
    def ended(self) -> list[Event]: ...


class Speaker:
    """Says ready, transcripts, information and summaries the way the scenario has them."""

    def __init__(self, scenario: Scenario, outbox: Outbox, shaper: Shaper) -> None:
        self.scenario, self.outbox, self.shaper = scenario, outbox, shaper
        self.recogniser: Recogniser | None = None
        self.is_ready = False
        self.is_silent = False
        """Whether nothing more is said: a close has gone either way, or the scenario has this peer die."""
        self.subscribed = False
        self.informed = False
        self.told = 0
        self.quiet_until = 0.0
        self.backlog: list[dict[str, Any]] = []
        self.pings: list[tuple[float, bytes]] = []
        """When a ping was sent and with what, until it is answered."""
        self.pings_sent = 0
        self.next_ping = 0.0

    async def begin(self, head: bytes) -> None:
        """The 101, and then ready as the scenario has it."""
        ready, kind = encode(READY, self.scenario.json), self.scenario.ready
        if kind == "glued":
            self.is_ready = True
            self.outbox.raw(head + frames.frame(TEXT, ready.encode()))
            return
        self.outbox.raw(head)
        await self.outbox.flush()
        await asyncio.sleep(self.scenario.delay if kind == "late" else 0.05)
        if kind == "never":
            return
        if kind == "after-transcript":
            early = {"id": "0", "sentence": "Te", "words": []}
            self.outbox.text(encode({"type": "transcript", "utterance": early, "completed": False}, "plain"))
            await asyncio.sleep(0.1)
        self.outbox.text(ready, self.became_ready)
        if kind == "twice":
            self.outbox.text(ready)

    def became_ready(self) -> None:
        self.is_ready = True

    async def tick(self) -> None:
        """Everything that time causes."""
        while True:
            await asyncio.sleep(TICK)
            now = monotonic()
            if self.is_silent:
                continue
            if self.recogniser is not None:
                self.tell(self.recogniser.ticked(now), now)
            self.say(self.shaper.ticked(now))
            if now >= self.quiet_until and self.backlog:
                backlog, self.backlog = self.backlog, []
                for message in backlog:
                    self.outbox.text(self.shaper.text(message))
            self.extras(now)

    def extras(self, now: float) -> None:
        """Pings and pongs of the server's own."""
        if not self.is_ready or now < self.next_ping or self.scenario.extras not in ("ping", "pong"):
            return
        self.next_ping = now + 0.3
        self.pings_sent += 1
        payload = b"" if self.pings_sent % 3 == 0 else f"fixture {self.pings_sent}".encode() + b"\0\xff"
        if self.scenario.extras == "ping":
            self.pings.append((now, payload))
        self.outbox.raw(frames.frame(PING if self.scenario.extras == "ping" else PONG, payload))

    def tell(self, events: list[Event], now: float) -> None:
        """Says what was recognised."""
        for event in events:
            self.say(self.shaper.told(event, now))
            if event.final:
                self.completed()

    def say(self, messages: list[dict[str, Any]]) -> None:
        for message in messages:
            self.told += 1
            if monotonic() < self.quiet_until:
                self.backlog.append(message)
                continue
            self.outbox.text(self.shaper.text(message))
            self.besides()

    def besides(self) -> None:
        """What comes between transcripts."""
        extras, first = self.scenario.extras, self.told == 2
        if extras == "unknown-type" and self.told % 2:
            self.outbox.text(encode(UNKNOWN[self.told // 2 % len(UNKNOWN)], "plain"))
        elif extras == "binary" and self.told % 2:
            self.outbox.raw(frames.frame(BINARY, bytes(range(256)) if self.told % 4 == 1 else b""))
        elif extras == "error" and first:
            self.outbox.text(encode(ERROR, "plain"))
        elif extras == "stall" and first:
            self.quiet_until = monotonic() + self.scenario.delay

    def completed(self) -> None:
        """A final went out: the information of this connection comes with the first."""
        if self.scenario.ready == "twice":
            self.outbox.text(encode(READY, "plain"))
        if self.subscribed and not self.informed:
            self.informed = True
            for message in INFORMATION[self.scenario.information]:
                self.outbox.text(encode(message, self.scenario.json))

    async def summarise(self) -> None:
        await asyncio.sleep(self.scenario.delay if self.scenario.summary == "slow" else 0.2)
        sentences = [row["sentence"] for row in self.shaper.expected() if row["completed"]]
        for message in summary(sentences, self.scenario.summary):
            self.outbox.text(encode(message, self.scenario.json))

    def heard(self, data: bytes, now: float) -> None:
        """More audio came."""
        if self.recogniser is not None:
            self.tell(self.recogniser.received(data, now), now)

    def closing(self, now: float) -> None:
        """The client has closed: say what was still held back, if the scenario does."""
        if self.scenario.close == "final-first" and self.recogniser is not None:
            self.tell(self.recogniser.ended(), now)
            self.say(self.shaper.ended())

    def ponged(self, payload: bytes) -> None:
        """An answer to a ping answers the earlier ones too."""
        at = next((at for at, ping in enumerate(self.pings) if ping[1] == payload), -1)
        self.pings = self.pings[at + 1:]

    def unanswered(self, now: float) -> int:
        """Pings that had two seconds and got no answer."""
        return len([1 for at, _ in self.pings if now - at > 2])
