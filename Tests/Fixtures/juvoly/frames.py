"""RFC 6455 frames as a server sees them: read with every check the standard asks for, written with full control."""

import asyncio
import base64
import hashlib
import struct
from dataclasses import dataclass

CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG = 0x0, 0x1, 0x2, 0x8, 0x9, 0xA
ACCEPT_SUFFIX = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
MAX_PAYLOAD = 1 << 20
"""Bytes of one frame that are still read: far above the largest legal piece of audio (32,000 bytes)."""

CLOSE_CODES = {1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014}


class FrameFault(Exception):
    """The client broke the framing rules; `code` is the close code the standard names for it."""

    def __init__(self, code: int, text: str) -> None:
        super().__init__(text)
        self.code = code


@dataclass
class Frame:
    """One frame from the client, unmasked."""

    fin: bool
    opcode: int
    payload: bytes
    mask: bytes


def accept_key(key: str) -> str:
    """The value of `Sec-WebSocket-Accept` that answers `key`."""
    return base64.b64encode(hashlib.sha1((key + ACCEPT_SUFFIX).encode()).digest()).decode()


def masked(payload: bytes, mask: bytes) -> bytes:
    """Applies a mask; the same call removes it. One big XOR, because a loop over bytes is too slow for audio."""
    size = len(payload)
    key = (mask * (size // 4 + 1))[:size]
    return (int.from_bytes(payload, "big") ^ int.from_bytes(key, "big")).to_bytes(size, "big")


async def read_frame(reader: asyncio.StreamReader) -> Frame:
    """Reads one frame. Raises `FrameFault` for a broken rule and `IncompleteReadError` at the end of the stream."""
    first, second = await reader.readexactly(2)
    fin, opcode, length = bool(first & 0x80), first & 0x0F, second & 0x7F
    if first & 0x70:
        raise FrameFault(1002, "a reserved bit is set")
    if opcode not in (CONTINUATION, TEXT, BINARY, CLOSE, PING, PONG):
        raise FrameFault(1002, f"opcode {opcode:#x} is reserved")
    if opcode >= CLOSE and not fin:
        raise FrameFault(1002, "a control frame is fragmented")
    if opcode >= CLOSE and length > 125:
        raise FrameFault(1002, "a control frame has more than 125 bytes")
    if not second & 0x80:
        raise FrameFault(1002, "a frame is not masked")
    length = await read_length(reader, length)
    if length > MAX_PAYLOAD:
        raise FrameFault(1009, f"a frame of {length} bytes is larger than {MAX_PAYLOAD}")
    mask = await reader.readexactly(4)
    return Frame(fin, opcode, masked(await reader.readexactly(length), mask), mask)


async def read_length(reader: asyncio.StreamReader, short: int) -> int:
    """The payload length, which must use the shortest of the three encodings."""
    if short < 126:
        return short
    if short == 126:
        (length,) = struct.unpack("!H", await reader.readexactly(2))
        if length < 126:
            raise FrameFault(1002, "a length is not in its shortest form")
        return length
    (length,) = struct.unpack("!Q", await reader.readexactly(8))
    if length < 1 << 16 or length >> 63:
        raise FrameFault(1002, "a length is not in its shortest form")
    return length


def frame(opcode: int, payload: bytes, fin: bool = True) -> bytes:
    """A frame from the server, which is never masked."""
    head = bytes([(0x80 if fin else 0) | opcode])
    if len(payload) < 126:
        head += bytes([len(payload)])
    elif len(payload) < 1 << 16:
        head += struct.pack("!BH", 126, len(payload))
    else:
        head += struct.pack("!BQ", 127, len(payload))
    return head + payload


def close_frame(code: int, reason: str = "") -> bytes:
    """A close frame with its code."""
    return frame(CLOSE, struct.pack("!H", code) + reason.encode())


def close_code(payload: bytes) -> int | None:
    """The code inside a close frame, `None` when it has none. Raises `FrameFault` for one that may not be sent."""
    if not payload:
        return None
    if len(payload) == 1:
        raise FrameFault(1002, "a close frame has a payload of one byte")
    (code,) = struct.unpack("!H", payload[:2])
    if code not in CLOSE_CODES and not 3000 <= code <= 4999:
        raise FrameFault(1002, f"close code {code} may not be sent")
    decode_text(payload[2:])
    return code


def decode_text(payload: bytes) -> str:
    """The text of a message, which must be valid UTF-8."""
    try:
        return payload.decode("utf-8", "strict")
    except UnicodeDecodeError:
        raise FrameFault(1007, "a text is not valid UTF-8") from None
