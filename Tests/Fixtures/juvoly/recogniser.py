"""Turns audio into utterances without understanding it: wherever there is sound there are words.

Words lie on a grid of 0.4 s of the *file*, so that a replay on another connection yields the same words, and lost
audio shows as missing words. A word is released only when the audio that covers its end has arrived.
"""

from array import array
from dataclasses import dataclass, field

from .pcm import BYTES_PER_SECOND

BLOCK_SECONDS = 0.08
BLOCK = int(BLOCK_SECONDS * BYTES_PER_SECOND)
GRID, WORD = 0.4, 0.3
PAUSE, IDLE = 0.7, 1.5
"""Seconds of quiet audio, or without any audio, after which an utterance is complete."""

LONGEST = 15.0
VOCABULARY = ["patiënt", "klacht", "coördinatie", "hoest", "één", "week", "temperatuur", "sinds", "crème", "rust"]


@dataclass
class Utterance:
    """Something said: its words with times of the connection, and its text."""

    key: int
    words: list[tuple[str, float, float]] = field(default_factory=list)
    sentence: str = ""


@dataclass
class Event:
    """What the recogniser found: an interim or, once per utterance, its final."""

    final: bool
    utterance: Utterance


def sentence(words: list[str]) -> str:
    """Words as a text with a capital first; the full stop hangs on the last word of a final."""
    text = " ".join(words)
    return text[:1].upper() + text[1:]


class LevelRecogniser:
    """Finds sound by its level, block by block. It counts in file time; only what it hands out has connection times."""

    def __init__(self, threshold: int, offset: int = 0) -> None:
        self.threshold = threshold
        self.offset = offset / BYTES_PER_SECOND
        self.index, inside = divmod(offset, BLOCK)
        self.wanted = BLOCK - inside
        """Bytes to the next border of a block of the file, so that a replay is cut like the first hearing."""
        self.pending = b""
        self.count = 0
        self.start: float | None = None
        self.loud_until = 0.0
        self.shown = 0
        self.heard_at: float | None = None

    def received(self, data: bytes, now: float) -> list[Event]:
        self.heard_at = now
        self.pending += data
        events = []
        while len(self.pending) >= self.wanted:
            block, self.pending = self.pending[:self.wanted], self.pending[self.wanted:]
            events += self.block(array("h", block))
        return events

    def ticked(self, now: float) -> list[Event]:
        """No audio came for a while: an open utterance ends."""
        if self.heard_at is None or now - self.heard_at < IDLE:
            return []
        self.heard_at = None
        return self.ended()

    def ended(self) -> list[Event]:
        """No more audio will come: the last part of a block counts as one."""
        events = []
        if self.pending:
            samples = array("h", self.pending)
            self.wanted, self.pending = self.wanted - len(self.pending), b""
            events = self.block(samples, partial=self.wanted > 0)
        return events + self.complete()

    def block(self, samples: array, partial: bool = False) -> list[Event]:
        begin, end = self.index * BLOCK_SECONDS, (self.index + 1) * BLOCK_SECONDS
        if partial:
            end -= self.wanted / BYTES_PER_SECOND
        else:
            self.index, self.wanted = self.index + 1, BLOCK
        if sum(map(abs, samples)) >= self.threshold * len(samples):
            if self.start is None:
                self.start, self.shown = max(begin, self.offset), 0
            self.loud_until = end
            return self.grown() + (self.complete() if end - self.start >= LONGEST else [])
        if self.start is not None and end - self.loud_until >= PAUSE:
            return self.complete()
        return []

    def grown(self) -> list[Event]:
        words = self.words(whole=False)
        if len(words) <= self.shown:
            return []
        self.shown = len(words)
        return [Event(False, Utterance(self.count, words, sentence([word[0] for word in words])))]

    def complete(self) -> list[Event]:
        if self.start is None:
            return []
        words = self.words(whole=True)
        name, start, end = words[-1]
        words[-1] = (name + ".", start, end)
        self.start = None
        self.count += 1
        return [Event(True, Utterance(self.count - 1, words, sentence([word[0] for word in words])))]

    def words(self, whole: bool) -> list[tuple[str, float, float]]:
        """The words from the utterance's start to its end; without `whole` only those that have ended."""
        start, end = self.start, self.loud_until
        first = index = int(start / GRID + 1e-6)
        spans = []
        while index * GRID < end - 1e-6:
            begin, stop = max(start, index * GRID), min(end, index * GRID + WORD)
            if stop - begin > 0.01 and (whole or stop == index * GRID + WORD):
                spans.append([index, begin, stop])
            index += 1
        if whole:
            spans = spans or [[first, start, end]]
            spans[0][1], spans[-1][2] = start, end
        return [(f"{VOCABULARY[i % len(VOCABULARY)]}{i}", a - self.offset, b - self.offset) for i, a, b in spans]


class ScriptedRecogniser:
    """Says what a file of utterances says, each word when its audio has arrived. Times in the file are file times."""

    def __init__(self, script: list[dict], offset: int = 0) -> None:
        self.script = script
        self.offset = offset / BYTES_PER_SECOND
        self.seconds = 0.0
        self.shown: dict[int, int] = {}
        self.next = 0
        self.heard_at: float | None = None

    def received(self, data: bytes, now: float) -> list[Event]:
        self.heard_at = now
        self.seconds += len(data) / BYTES_PER_SECOND
        return self.released(PAUSE)

    def ticked(self, now: float) -> list[Event]:
        if self.heard_at is None or now - self.heard_at < IDLE:
            return []
        self.heard_at = None
        return self.ended()

    def ended(self) -> list[Event]:
        return self.released(0)

    def released(self, pause: float) -> list[Event]:
        events = []
        while self.next < len(self.script):
            entry = self.script[self.next]
            words = [(w["word"], w["start"] - self.offset, w["end"] - self.offset) for w in entry["words"]]
            heard = [word for word in words if word[1] >= -0.01 and word[2] <= self.seconds]
            for count in range(self.shown.get(self.next, 0) + 1, len(heard) + 1):
                text = sentence([word[0] for word in heard[:count]])
                events.append(Event(False, Utterance(self.next, heard[:count], text)))
            self.shown[self.next] = len(heard)
            end = max((word[2] for word in words), default=0)
            if end + pause > self.seconds:
                break
            if heard or not words:
                events.append(Event(True, Utterance(self.next, heard, self.text(entry, heard))))
            self.next += 1
        return events

    @staticmethod
    def text(entry: dict, heard: list[tuple[str, float, float]]) -> str:
        if len(heard) == len(entry["words"]):
            return entry["sentence"]
        return " ".join(word[0] for word in heard)
