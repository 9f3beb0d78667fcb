"""One WebSocket connection, from the 101 to its end."""

import asyncio
import contextlib
import json
import socket
import struct
from time import monotonic
from typing import Protocol

from . import frames
from .flac import FLACDecoder, FLACFault
from .frames import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, FrameFault
from .outbox import Outbox
from .pcm import MAX_PIECE, PaceCheck, PCMCheck
from .record import ConnectionRecord
from .scenarios import Scenario
from .shaper import Shaper
from .speaker import Recogniser, Speaker

SUBSCRIBE = {"type": "subscribe", "subscription": {"type": "information"}}
SUMMARISE = {"type": "summarizeSoep"}


class Host(Protocol):
    """What a connection needs of the server."""

    scenario: Scenario
    any_pace: bool

    def violation(self, record: ConnectionRecord, text: str) -> None: ...
    def recogniser(self, offset: int) -> Recogniser: ...


class Dropped(Exception):
    """The scenario ends this connection."""


class SocketConnection:
    """Talks to one client. What the client does wrong becomes a violation; only broken framing ends the connection."""

    def __init__(
        self, host: Host, record: ConnectionRecord, reader: asyncio.StreamReader, writer: asyncio.StreamWriter,
        pcm: PCMCheck, shaper: Shaper, drop: str, must_refuse: bool,
    ) -> None:
        self.host, self.record, self.pcm, self.shaper, self.drop = host, record, pcm, shaper, drop
        self.must_refuse = must_refuse
        self.scenario = host.scenario
        self.reader, self.writer = reader, writer
        self.outbox = Outbox(writer, self.scenario.framing)
        self.pace = PaceCheck()
        self.speaker = Speaker(self.scenario, self.outbox, shaper)
        self.too_fast = False
        self.is_dead = False
        """Whether the scenario has this peer neither read nor answer any more."""
        self.decoder = FLACDecoder() if self.scenario.uplink == "flac" else None
        self.work: set[asyncio.Task[None]] = set()
        self.fragments: list[bytes] | None = None
        self.fragment_opcode = 0
        self.masks: set[bytes] = set()

    def violation(self, text: str) -> None:
        self.host.violation(self.record, text)

    async def run(self, head: bytes) -> None:
        """Sends the 101 and serves until either side ends it."""
        work = (self.outbox.run(), self.speaker.begin(head), self.speaker.tick())
        tasks = [asyncio.create_task(part) for part in work]
        try:
            await self.receive()
        except (asyncio.IncompleteReadError, ConnectionError):
            self.lost()
        except FrameFault as fault:
            self.violation(f"framing: {fault}")
            self.record.ended = "server"
            self.outbox.raw(frames.close_frame(fault.code))
            await self.flushed()
        except Dropped:
            self.record.ended = "server"
        finally:
            for task in (*tasks, *self.work):
                task.cancel()
            self.finish()

    def lost(self) -> None:
        """The stream ended without a close frame, which no client of ours may do on a healthy connection."""
        self.record.ended = "lost"
        if self.scenario.group != "faulty" and not self.drop:
            self.violation("the connection ended without a close frame")

    def finish(self) -> None:
        record, pcm = self.record, self.pcm
        record.seconds = round(monotonic() - record.opened_at, 3)
        record.transcript = self.shaper.expected()
        whole = record.ended == "client" and self.scenario.group != "faulty" and record.bytes > 0
        for fault in pcm.finish(whole):
            self.violation(fault)
        record.offset_samples = None if pcm.offset is None else pcm.offset // 2
        record.source_samples, record.trailing_zero_samples = pcm.end // 2, pcm.zeros // 2
        record.fastest_pace = round(self.pace.fastest, 2)
        if len(self.masks) < min(record.frames, 64) / 2:
            self.violation("masking keys repeat")

    async def receive(self) -> None:
        while True:
            frame = await frames.read_frame(self.reader)
            if self.is_dead:
                continue
            if len(self.masks) < 64:
                self.masks.add(frame.mask)
            if frame.opcode in (CONTINUATION, TEXT, BINARY):
                self.record.frames += 1
                await self.data(frame)
            elif frame.opcode == PING:
                self.record.pings += 1
                self.outbox.raw(frames.frame(PONG, frame.payload))
            elif frame.opcode == PONG:
                self.record.pongs += 1
                self.speaker.ponged(frame.payload)
            elif frame.opcode == CLOSE:
                await self.closed(frames.close_code(frame.payload))
                return

    async def data(self, frame: frames.Frame) -> None:
        """Joins fragments to messages."""
        if (frame.opcode == CONTINUATION) == (self.fragments is None):
            raise FrameFault(1002, "a continuation has no beginning, or a message begins inside another")
        if self.fragments is None:
            self.fragments, self.fragment_opcode = [], frame.opcode
        self.fragments.append(frame.payload)
        if not frame.fin:
            return
        message, self.fragments = b"".join(self.fragments), None
        if self.must_refuse:
            self.violation("a message followed a handshake that has to be refused")
        if not self.speaker.is_ready:
            self.violation("a message came before ready")
        if self.fragment_opcode == TEXT:
            self.text(frames.decode_text(message))
        else:
            await self.audio(message)

    def text(self, text: str) -> None:
        """A request, which must be one of the two that are documented."""
        self.record.texts.append(text[:200])
        try:
            value = json.loads(text)
        except ValueError:
            self.violation("a text message is not JSON")
            return
        if value == SUBSCRIBE:
            if self.speaker.subscribed:
                self.violation("a second subscription on one connection")
            self.speaker.subscribed = True
        elif value == SUMMARISE:
            if self.record.bytes == 0:
                self.violation("a summary was asked for before any audio")
            if self.pcm.source is not None and self.pcm.end < len(self.pcm.source):
                self.violation("a summary was asked for before the last of the audio")
            self.work.add(asyncio.create_task(self.speaker.summarise()))
        else:
            self.violation("a text message is neither of the two documented ones")

    async def audio(self, data: bytes) -> None:
        now, record = monotonic(), self.record
        record.first_audio_at = record.first_audio_at or now
        record.bytes += len(data)
        record.piece_max = max(record.piece_max, len(data))
        record.piece_min = min(record.piece_min or len(data), len(data))
        if len(data) % 2 and self.decoder is None or not 0 < len(data) <= MAX_PIECE:
            self.violation(f"a piece of audio has {len(data)} bytes")
        data = self.decoded(data)
        if self.drop == "pace" and self.pace.received(len(data), now, limit=1.1, head_start=1.1):
            await self.end("1008")
        if self.drop != "pace" and self.pace.received(len(data), now) and not (self.host.any_pace or self.too_fast):
            self.too_fast = True
            self.violation("audio comes faster than 1.6 x real time")
        heard = self.pcm.received(data)
        if self.speaker.recogniser is None and self.pcm.offset is not None:
            self.speaker.recogniser = self.host.recogniser(self.pcm.offset)
        self.speaker.heard(heard, now)
        if self.drop and self.drop != "pace" and self.is_time_to_drop():
            await self.end(self.drop)

    def decoded(self, data: bytes) -> bytes:
        """The samples in what was sent."""
        if self.decoder is None:
            return data
        try:
            return self.decoder.received(data)
        except FLACFault as fault:
            self.violation(f"FLAC: {fault}")
            raise FrameFault(1003, "the audio cannot be decoded") from None

    def is_time_to_drop(self) -> bool:
        """In the middle of a word of an utterance that is open, after at least one that was completed."""
        if self.drop == "drain":
            return self.pcm.zeros > 3_200
        return bool(self.shaper.finals) and bool(self.shaper.open) and self.pcm.size > 64_000

    async def end(self, how: str) -> None:
        """Ends the connection the way the scenario says."""
        if how == "dead":
            self.is_dead = self.speaker.is_silent = True
            return
        self.speaker.is_silent = True
        if how.isdigit():
            self.outbox.raw(frames.close_frame(int(how), "fixture"))
            await self.flushed()
            with contextlib.suppress(asyncio.TimeoutError, asyncio.IncompleteReadError, ConnectionError, FrameFault):
                async with asyncio.timeout(1):
                    while (await frames.read_frame(self.reader)).opcode != CLOSE:
                        pass
        elif how == "reset":
            linger = struct.pack("ii", 1, 0)
            self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        raise Dropped

    async def closed(self, code: int | None) -> None:
        """The client's close: answer it, and see that nothing follows."""
        self.record.close_code, self.record.ended = code, "client"
        if code != 1000 and self.scenario.group != "faulty":
            self.violation(f"the close code is {code}, not 1000")
        if self.fragments is not None:
            self.violation("a message was not finished before the close")
        unanswered = self.speaker.unanswered(monotonic())
        if unanswered:
            self.violation(f"{unanswered} pings were not answered")
        self.speaker.closing(monotonic())
        self.speaker.is_silent = True
        if self.scenario.close == "slow":
            await asyncio.sleep(self.scenario.delay)
        self.outbox.raw(frames.close_frame(1000 if code is None else code))
        await self.flushed()
        with contextlib.suppress(OSError):
            self.writer.write_eof()
        try:
            if await asyncio.wait_for(self.reader.read(1), 2):
                self.violation("data follows the close frame")
        except (asyncio.TimeoutError, ConnectionError):
            pass

    async def flushed(self) -> None:
        with contextlib.suppress(asyncio.TimeoutError, ConnectionError):
            await asyncio.wait_for(self.outbox.flush(), 10)
