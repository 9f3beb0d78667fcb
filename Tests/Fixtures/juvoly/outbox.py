"""What goes to the client, in order, cut into packets the way a scenario wants it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from .frames import CONTINUATION, PING, TEXT, frame

GAP = 0.0003
"""Seconds between two one-byte packets, so that the kernel does not join them."""

PATIENCE = 0.1
"""Seconds after which a message that waits for a second one goes alone."""


def fragments(text: str) -> list[bytes]:
    """A message in four fragments, one of them empty and one border inside a character, with a ping between two."""
    data = text.encode()
    wide = next((at + 1 for at, byte in enumerate(data) if byte >= 0xC0), len(data) // 2)
    first, second = sorted({1, wide})[0], max(wide, 2)
    pieces = [data[:first], b"", data[first:second], data[second:]]
    frames = [frame(TEXT if at == 0 else CONTINUATION, piece, at == 3) for at, piece in enumerate(pieces)]
    return [*frames[:2], frame(PING, b""), *frames[2:]]


@dataclass
class Item:
    """One thing to send; `sent` is called just before its last byte leaves."""

    data: bytes
    sent: Callable[[], None] | None = None


class Outbox:
    """One sender per connection: everything written to the client passes here, so nothing overtakes."""

    def __init__(self, writer: asyncio.StreamWriter, framing: str) -> None:
        self.writer = writer
        self.framing = framing
        self.queue: asyncio.Queue[Item] = asyncio.Queue()
        self.idle = asyncio.Event()
        self.idle.set()
        self.gone = False

    def text(self, text: str, sent: Callable[[], None] | None = None) -> None:
        """Queues a message."""
        data = b"".join(fragments(text)) if self.framing == "fragmented" else frame(TEXT, text.encode())
        self.put(Item(data, sent))

    def raw(self, data: bytes) -> None:
        """Queues whole frames, or the answer to the handshake."""
        self.put(Item(data))

    def put(self, item: Item) -> None:
        if not self.gone:
            self.idle.clear()
            self.queue.put_nowait(item)

    async def flush(self) -> None:
        """Waits until all that was queued has been written, or the client is gone."""
        await self.idle.wait()

    async def run(self) -> None:
        """Sends until it is cancelled or the client is gone."""
        try:
            while True:
                for item in await self.packet():
                    await self.send(item)
                if self.queue.empty():
                    self.idle.set()
        except ConnectionError:
            pass
        finally:
            self.gone = True
            self.idle.set()

    async def packet(self) -> list[Item]:
        """What goes next: one item, or two joined in one packet."""
        first = await self.queue.get()
        if self.framing != "paired" or first.sent is not None:
            return [first]
        try:
            second = await asyncio.wait_for(self.queue.get(), PATIENCE)
        except asyncio.TimeoutError:
            return [first]
        return [Item(first.data + second.data, second.sent)]

    async def send(self, item: Item) -> None:
        data = item.data
        if self.framing == "drip":
            for at in range(len(data) - 1):
                self.writer.write(data[at:at + 1])
                await asyncio.sleep(GAP)
            data = data[-1:]
        if item.sent is not None:
            item.sent()
        self.writer.write(data)
        await self.writer.drain()
