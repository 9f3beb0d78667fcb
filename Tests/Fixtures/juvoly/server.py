"""The server: one port for REST and sockets, one report."""

import asyncio
import contextlib
from dataclasses import dataclass
from pathlib import Path
from random import Random
from time import monotonic

from . import handshake
from .connection import SocketConnection
from .http1 import MAX_HEAD, Request, RequestFault, read_request, response
from .pcm import PCMCheck
from .recogniser import LevelRecogniser, ScriptedRecogniser
from .record import ConnectionRecord, Report
from .scenarios import Scenario
from .sessions import REST, Credentials, Sessions
from .shaper import Shaper
from .speaker import Recogniser

HOST = "127.0.0.1"
REFUSED = ("wrong-accept", "foreign", "none", "extension")
"""Handshakes that answer 101 and still have to be refused by the client."""


@dataclass(frozen=True)
class Options:
    """How a test wants the server."""

    scenario: Scenario
    folder: Path
    port: int = 0
    script: list[dict] | None = None
    source: bytes | None = None
    any_pace: bool = False
    threshold: int = 30
    session_lifetime: float = 600.0
    credentials: Credentials = Credentials()


class FixtureServer:
    """Serves until it is stopped; `report` then says whether the client kept the contract."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self.scenario = options.scenario
        self.any_pace = options.any_pace
        self.uplink = options.scenario.uplink
        self.report = Report(options.scenario.name, options.folder)
        self.sessions = Sessions(options.session_lifetime)
        self.rest = REST(options.scenario, options.credentials, self.sessions, self.report)
        self.handshakes = 0
        self.accepted = 0
        self.keys_seen: set[str] = set()
        self.servers: list[asyncio.Server] = []
        self.clients: set[asyncio.Task[None]] = set()
        self.canary_port = 0
        self.next_id = 0
        self.audio: list[PCMCheck] = []
        self.random = Random(17)

    async def start(self) -> int:
        """Listens and returns the port."""
        options = self.options
        options.folder.mkdir(parents=True, exist_ok=True)
        main = await asyncio.start_server(self.accept, HOST, options.port, limit=MAX_HEAD)
        canary = await asyncio.start_server(self.canary, HOST, 0)
        self.servers = [main, canary]
        self.canary_port = self.rest.canary_port = canary.sockets[0].getsockname()[1]
        self.report.write()
        return main.sockets[0].getsockname()[1]

    async def stop(self) -> None:
        """Ends every connection and writes the last report."""
        for server in self.servers:
            server.close()
        clients = list(self.clients)
        for task in clients:
            task.cancel()
        await asyncio.gather(*clients, return_exceptions=True)
        self.report.write(finished=True)

    # What a connection needs of its host.

    def violation(self, record: ConnectionRecord, text: str) -> None:
        self.report.violation(f"connection {record.number}: {text}")

    def recogniser(self, offset: int) -> Recogniser:
        if self.options.script is not None:
            return ScriptedRecogniser(self.options.script, offset)
        return LevelRecogniser(self.options.threshold, offset)

    def heard(self) -> int:
        """Byte of the source up to which all connections together got it without a hole, open ones included."""
        end = 0
        for check in self.audio:
            if check.size and (check.offset or 0) <= end:
                end = max(end, check.end)
        return end

    # One TCP connection.

    async def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self.clients.add(task)
        try:
            await self.serve(reader, writer)
        except RequestFault as fault:
            self.report.violation(f"HTTP: {fault}")
            writer.write(response(400, [("Connection", "close")]))
        except (ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self.clients.discard(task)
            writer.close()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answers requests one after the other, until one becomes a socket."""
        while (request := await read_request(reader)) is not None:
            if request.path.startswith(handshake.PREFIX):
                await self.socket(request, reader, writer)
                return
            writer.write(self.rest.answer(request, monotonic()))
            await writer.drain()
            if "close" in (request.one("Connection") or "").lower():
                return

    async def socket(self, request: Request, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A handshake and, when it succeeds, the connection."""
        number = len(self.report.connections) + 1
        record = ConnectionRecord(number, request.path, request.query, request.names(), opened_at=monotonic())
        self.report.connections.append(record)
        verdict = handshake.examine(request, self.options.credentials, self.uplink, self.keys_seen)
        record.protocols_as_expected = verdict.protocols_as_expected
        refusal = verdict.refusal
        if verdict.session is not None:
            problem = self.sessions.claim(verdict.session, monotonic())
            if problem:
                verdict.faults.append(problem)
                refusal = refusal or 403
        for fault in verdict.faults:
            self.violation(record, fault)
        kinds = self.scenario.handshakes
        kind = kinds[min(self.handshakes, len(kinds) - 1)]
        self.handshakes += 1
        if refusal is not None or kind in ("html", "redirect", "503"):
            record.ended = "refused"
            head = response(refusal, [("Connection", "close")]) if refusal is not None else b""
            writer.write(head or handshake.answer(request, kind, self.canary_port))
            with contextlib.suppress(ConnectionError):
                await writer.drain()
            self.report.write()
            return
        await self.talk(request, record, kind, reader, writer)

    async def talk(
        self, request: Request, record: ConnectionRecord, kind: str, reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
    ) -> None:
        record.accepted = True
        self.accepted += 1
        drops = self.scenario.drops
        drop = drops[self.accepted - 1] if self.accepted <= len(drops) else ""
        heard = self.heard() if self.accepted > 1 else None
        pcm = PCMCheck(self.options.folder / f"pcm-{record.number}.raw", self.options.source, heard)
        self.audio.append(pcm)
        shaper = Shaper(self.scenario, self.next_id if self.scenario.ids == "continued" else 0, self.random)
        connection = SocketConnection(self, record, reader, writer, pcm, shaper, drop, kind in REFUSED)
        try:
            await connection.run(handshake.answer(request, kind, self.canary_port))
        finally:
            self.next_id += len(shaper.identifiers)
            self.report.write()

    async def canary(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Where a redirect points: whoever calls here has followed it."""
        entry: dict[str, object] = {"method": "", "path": "", "header_names": []}
        with contextlib.suppress(RequestFault, ConnectionError, asyncio.IncompleteReadError, asyncio.TimeoutError):
            request = await asyncio.wait_for(read_request(reader), 2)
            if request is not None:
                entry = {"method": request.method, "path": request.path, "header_names": request.names()}
        self.report.canary.append(entry)
        self.report.violation("a redirect was followed")
        self.report.write()
        with contextlib.suppress(ConnectionError):
            writer.write(response(404, [("Connection", "close")]))
            await writer.drain()
        writer.close()
