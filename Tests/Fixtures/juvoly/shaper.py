"""How utterances are told: the odd but legal orders in which interim texts and finals may come."""

from dataclasses import replace
from random import Random
from typing import Any

from .messages import encode, transcript
from .recogniser import Event, Utterance
from .scenarios import Scenario

HOLD = 1.2
"""Seconds after which finals that are held back come, when nothing else is said."""

Message = dict[str, Any]


class Shaper:
    """Turns what was recognised into messages, and remembers what a right client has to make of them."""

    def __init__(self, scenario: Scenario, first_id: int, random: Random) -> None:
        self.scenario = scenario
        self.first_id = first_id
        self.random = random
        self.identifiers: dict[object, str] = {}
        self.held: list[Utterance] = []
        self.held_since = 0.0
        self.last_final: Utterance | None = None
        self.interims = 0
        self.finals: dict[str, Message] = {}
        """The final message per id, in the order of their first appearance anywhere."""
        self.open: dict[str, Message] = {}

    def told(self, event: Event, now: float) -> list[Message]:
        """The messages for one event."""
        return [message for part in self.shaped(event, now) for message in [self.noted(part)]]

    def ticked(self, now: float) -> list[Message]:
        """The finals that were held back long enough."""
        if not self.held or now - self.held_since < HOLD or self.scenario.close == "final-first":
            return []
        return [self.noted(message) for message in self.released()]

    def ended(self) -> list[Message]:
        return [self.noted(message) for message in self.released()]

    def shaped(self, event: Event, now: float) -> list[Message]:
        utterance = event.utterance
        if not event.final:
            return self.interim(utterance)
        return self.final(utterance, now)

    def interim(self, utterance: Utterance) -> list[Message]:
        self.interims += 1
        partials = self.scenario.partials
        message = self.message(utterance, False)
        if partials == "none" or (self.scenario.framing == "drip" and self.interims % 3):
            return []
        if partials == "wordless":
            message["utterance"]["words"] = []
        if partials == "shrinking":
            return [self.longer(utterance), message] + self.shorter(utterance)
        if partials == "interleaved" and self.held:
            return [message, self.message(self.held[-1], False), message]
        return [message]

    def longer(self, utterance: Utterance) -> Message:
        """An interim that guesses one more word, which the next one takes back."""
        return self.message(replace(utterance, sentence=utterance.sentence + " misschien"), False)

    def shorter(self, utterance: Utterance) -> list[Message]:
        if self.interims % 3:
            return []
        words = utterance.words[:-2]
        return [self.message(replace(utterance, words=words, sentence=" ".join(word[0] for word in words)), False)]

    def final(self, utterance: Utterance, now: float) -> list[Message]:
        partials, finals = self.scenario.partials, self.scenario.finals
        before, self.last_final = self.last_final, utterance
        if partials == "only" or finals == "none":
            return []
        if partials in ("held", "interleaved"):
            self.held.append(utterance)
            self.held_since = now
            wanted = 3 if partials == "held" else 2
            return self.released() if len(self.held) >= wanted else []
        if self.scenario.close == "final-first":
            earlier, self.held = self.held, [utterance]
            return [self.message(each, True) for each in earlier]
        message = self.message(utterance, True)
        if finals == "repeated":
            late = [self.message(before, True)] if before else []
            return [message, message] + late
        if finals == "partial-after":
            wrong = self.message(replace(utterance, sentence="Toch iets anders"), False)
            return [message, wrong]
        if finals == "differs":
            message["utterance"]["sentence"] = f"Zin {self.identifiers[utterance.key]}: anders, 140/90 mmHg (½)!"
        if finals == "empty":
            return self.empty(utterance) + [message]
        if finals == "wordless":
            extra = Utterance(-1, [], "Zonder woorden.")
            return [message, self.message(extra, True, name=f"wordless-{utterance.key}")]
        return [message]

    def empty(self, utterance: Utterance) -> list[Message]:
        """An utterance of its own that was only a guess: it opens inside the true one and ends without text."""
        name = f"guess-{utterance.key}"
        guess = Utterance(-1, utterance.words[:1], "Hm")
        return [self.message(guess, False, name), self.message(Utterance(-1, [], ""), True, name)]

    def released(self) -> list[Message]:
        """The held finals, the latest first."""
        held, self.held = self.held, []
        return [self.message(utterance, True) for utterance in reversed(held)]

    def message(self, utterance: Utterance, completed: bool, name: str | None = None) -> Message:
        return transcript(self.identifier(utterance.key if name is None else name), utterance, completed)

    def identifier(self, key: object) -> str:
        if key not in self.identifiers:
            random = self.scenario.ids == "random"
            counted = str(self.first_id + len(self.identifiers))
            self.identifiers[key] = f"{self.random.getrandbits(64):016x}-é" if random else counted
        return self.identifiers[key]

    def noted(self, message: Message) -> Message:
        """Keeps what the client has to show: the first final of an id stays, whatever follows."""
        utterance = message["utterance"]
        if self.scenario.json == "trailing-comma" and message["completed"] and utterance["sentence"]:
            utterance["sentence"] = utterance["sentence"].removesuffix(" (,],}") + " (,],}"
        if message["completed"]:
            self.finals.setdefault(utterance["id"], message)
            self.open.pop(utterance["id"], None)
        elif utterance["id"] not in self.finals:
            self.open[utterance["id"]] = message
        return message

    def expected(self) -> list[dict[str, Any]]:
        """The utterances that a right client shows, ordered by time; those never completed are unconfirmed."""
        rows = [(message, True) for message in self.finals.values()] + [(m, False) for m in self.open.values()]
        shown = []
        for message, completed in rows:
            utterance = message["utterance"]
            if utterance["sentence"]:
                words = utterance["words"]
                start = words[0]["start"] if words else None
                end = words[-1]["end"] if words else None
                shown.append({"sentence": utterance["sentence"], "start": start, "end": end, "completed": completed})
        return sorted(shown, key=lambda row: (row["start"] is None, row["start"] or 0))

    def text(self, message: Message) -> str:
        return encode(message, self.scenario.json)
