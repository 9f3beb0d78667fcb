"""What the client sent as audio, compared to what it was given, to the sample."""

from pathlib import Path

RATE = 16_000
BYTES_PER_SECOND = 2 * RATE
MAX_TRAILING_ZEROS = 5 * BYTES_PER_SECOND
"""The silence that may follow the last sample so that the service completes the last utterance."""

MAX_PIECE = BYTES_PER_SECOND
ALIGNMENT = 6_400
"""Bytes of a replay that are looked at to find where in the file it begins (0.2 s)."""

PACE, PACE_HEAD_START = 1.6, 1.25
"""The fastest legal replay with a margin, and the seconds that may arrive at once: one piece and some jitter."""


class PCMCheck:
    """Writes the audio of one connection to a file and compares it with the source as it arrives.

    The first connection has to begin with the first sample. A later one replays, so it may begin anywhere at or
    before `heard`, the position up to which the earlier connections got the audio without a hole.
    """

    def __init__(self, path: Path, source: bytes | None, heard: int | None) -> None:
        self.file = path.open("wb")
        self.source = source
        self.heard = heard
        self.offset: int | None = 0 if source is None or heard is None else None
        """Byte of the source that the first byte of this connection is; `None` until enough has arrived."""
        self.size = 0
        self.zeros = 0
        self.faults: list[str] = []
        self.pending = b""

    def received(self, data: bytes) -> bytes:
        """Takes audio; returns what may be recognised, which is held back until a replay has been located."""
        self.file.write(data)
        self.size += len(data)
        if self.offset is not None:
            self.compare(data)
            return data
        self.pending += data
        return self.located() if len(self.pending) >= ALIGNMENT else b""

    def located(self) -> bytes:
        """Finds where a replay begins."""
        data, self.pending = self.pending, b""
        self.offset = self.find(data)
        self.compare(data)
        return data

    def find(self, data: bytes) -> int:
        at = self.source.find(data[:ALIGNMENT]) if self.source is not None else 0
        while at % 2 == 1:
            at = self.source.find(data[:ALIGNMENT], at + 1)
        if at < 0:
            self.faults.append("a replay begins with audio that is not in the source")
            return 0
        if self.heard is not None and at > self.heard:
            self.faults.append(f"samples {self.heard // 2} to {at // 2} were never sent")
        return at

    def compare(self, data: bytes) -> None:
        if self.source is None or self.faults:
            return
        begin = self.offset + self.size - len(data)
        expected = self.source[begin:begin + len(data)]
        if data[:len(expected)] != expected:
            first = next(i for i, (a, b) in enumerate(zip(data, expected)) if a != b)
            self.faults.append(f"sample {(begin + first) // 2} of the source arrived changed")
        rest = data[len(expected):]
        if rest.count(0) != len(rest):
            self.faults.append("what follows the last sample is not zeros")
        self.zeros += len(rest)

    @property
    def end(self) -> int:
        """Byte of the source up to which this connection got it."""
        return (self.offset or 0) + self.size - self.zeros

    def finish(self, whole: bool) -> list[str]:
        """Closes the file and returns what was wrong; `whole` when nothing of the source may be missing."""
        if self.offset is None and self.pending:
            self.located()
        self.file.close()
        if self.source is not None and whole and not self.faults and self.end < len(self.source):
            self.faults.append(f"the source has {len(self.source) // 2} samples, {self.end // 2} arrived")
        if self.zeros > MAX_TRAILING_ZEROS:
            self.faults.append(f"{self.zeros // 2} zeros follow the last sample, at most 80,000 may")
        return self.faults


class PaceCheck:
    """Says when audio comes faster than it may be replayed."""

    def __init__(self) -> None:
        self.began: float | None = None
        self.size = 0
        self.fastest = 0.0

    def received(self, size: int, now: float, limit: float = PACE, head_start: float = PACE_HEAD_START) -> bool:
        """Takes the size of a piece; `True` when the limit is broken by it."""
        if self.began is None:
            self.began = now
        self.size += size
        ahead = self.size / BYTES_PER_SECOND - head_start
        elapsed = now - self.began
        if elapsed > 1:
            self.fastest = max(self.fastest, ahead / elapsed)
        return ahead > limit * elapsed
