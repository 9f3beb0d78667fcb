"""The part of HTTP/1.1 that the contract uses: strict requests in, exact bytes out."""

import asyncio
from dataclasses import dataclass, field

MAX_HEAD = 32 * 1024
MAX_BODY = 1 << 20
REASONS = {
    101: "Switching Protocols", 200: "OK", 302: "Found", 307: "Temporary Redirect", 400: "Bad Request",
    401: "Unauthorized", 403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed", 410: "Gone",
    415: "Unsupported Media Type", 429: "Too Many Requests", 503: "Service Unavailable",
}


class RequestFault(Exception):
    """The bytes are not a request that this server reads."""


@dataclass
class Request:
    """One request. Headers keep their order and spelling, because both are part of what is checked."""

    method: str
    target: str
    headers: list[tuple[str, str]]
    body: bytes = b""
    head: bytes = field(default=b"", repr=False)

    @property
    def path(self) -> str:
        return self.target.partition("?")[0]

    @property
    def query(self) -> str:
        return self.target.partition("?")[2]

    def all(self, name: str) -> list[str]:
        """Every value of a header, one entry per header line."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def one(self, name: str) -> str | None:
        """The value of a header that stands exactly once; `None` when it is absent or repeated."""
        values = self.all(name)
        return values[0] if len(values) == 1 else None

    def names(self) -> list[str]:
        """The header names as they were written, for the report; values never go there."""
        return [key for key, _ in self.headers]


async def read_request(reader: asyncio.StreamReader) -> Request | None:
    """Reads one request, `None` when the client closed between two. Raises `RequestFault`."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError as error:
        if error.partial:
            raise RequestFault("the connection ended inside a request") from None
        return None
    except asyncio.LimitOverrunError:
        raise RequestFault(f"the head of a request is longer than {MAX_HEAD} bytes") from None
    request = parse_head(head)
    request.body = await read_body(reader, request)
    return request


def parse_head(head: bytes) -> Request:
    """Parses the request line and the header lines."""
    try:
        first, *lines = head[:-4].decode("ascii").split("\r\n")
    except UnicodeDecodeError:
        raise RequestFault("the head of a request is not ASCII") from None
    parts = first.split(" ")
    if len(parts) != 3 or parts[2] != "HTTP/1.1" or not parts[1].startswith("/"):
        raise RequestFault("the request line is not METHOD /path HTTP/1.1")
    headers = []
    for line in lines:
        name, colon, value = line.partition(":")
        if not colon or not name or name != name.strip():
            raise RequestFault("a header line is not NAME: VALUE")
        headers.append((name, value.strip(" \t")))
    return Request(parts[0], parts[1], headers, head=head)


async def read_body(reader: asyncio.StreamReader, request: Request) -> bytes:
    """The body, by content length or in chunks."""
    if request.all("Transfer-Encoding"):
        if (request.one("Transfer-Encoding") or "").lower() != "chunked" or request.all("Content-Length"):
            raise RequestFault("the transfer encoding is not plain chunked")
        return await read_chunks(reader)
    if not request.all("Content-Length"):
        return b""
    length = request.one("Content-Length") or ""
    if not length.isdigit() or int(length) > MAX_BODY:
        raise RequestFault("the content length is not a sensible number")
    return await reader.readexactly(int(length))


async def read_chunks(reader: asyncio.StreamReader) -> bytes:
    """A chunked body without trailers."""
    body = b""
    while True:
        try:
            size = int((await reader.readuntil(b"\r\n")).split(b";")[0], 16)
        except ValueError:
            raise RequestFault("a chunk size is not a number") from None
        if size > MAX_BODY - len(body):
            raise RequestFault("a chunked body is too long")
        body += await reader.readexactly(size)
        if await reader.readexactly(2) != b"\r\n":
            raise RequestFault("a chunk does not end where it said")
        if size == 0:
            return body


def response(status: int, headers: list[tuple[str, str]], body: bytes = b"", reason: str | None = None) -> bytes:
    """A response; for anything but 101 the content length is added."""
    lines = [f"HTTP/1.1 {status} {REASONS[status] if reason is None else reason}"]
    lines += [f"{name}: {value}" for name, value in headers]
    if status != 101 and not any(name.lower() == "transfer-encoding" for name, _ in headers):
        lines.append(f"Content-Length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body


def chunked(body: bytes, size: int = 7) -> bytes:
    """A body in small chunks, each with an extension, which a reader has to skip."""
    pieces = [body[at:at + size] for at in range(0, len(body), size)]
    return b"".join(b"%x;part=1\r\n%s\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
