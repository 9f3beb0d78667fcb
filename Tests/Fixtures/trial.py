"""One run of `steno stream` or `steno live` against the fixture server, and everything that is checked about it."""

import json
import os
import secrets
import subprocess
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from juvoly.recogniser import LevelRecogniser
from juvoly.scenarios import Scenario
from microphone import microphone

HERE = Path(__file__).resolve().parent
THRESHOLD = 30
"""Mean level from which the server takes audio for speech."""

SILENCE = 5
"""Seconds of zeros that may follow the last sample."""

GIVE_UP = "4s"
"""`--give-up` in faulty scenarios, where a right client has nothing to wait for."""

TYPES = {"recording", "state", "interim", "utterance", "information", "summary", "delivery", "gap", "warning", "end"}
REFUSED_HANDSHAKES = {"wrong-accept", "foreign", "none", "extension", "redirect", "html"}


@dataclass
class Outcome:
    """What one scenario came to."""

    scenario: Scenario
    faults: list[str] = field(default_factory=list)
    exit_code: int | None = None
    seconds: float = 0.0


@dataclass
class Trial:
    """One run of one scenario in a folder of its own, with keys that nothing else knows."""

    scenario: Scenario
    steno: Path
    wav: Path
    pcm: bytes
    folder: Path

    def __post_init__(self) -> None:
        self.out = self.folder / "server"
        self.home = self.folder / "home"
        self.home.mkdir(parents=True)
        self.key = f"canary-key-{secrets.token_hex(8)}"
        self.client = f"canary-client-{secrets.token_hex(4)}"
        (self.folder / "expect.raw").write_bytes(self.pcm)

    @property
    def is_live(self) -> bool:
        return self.scenario.speed == "live"

    @property
    def live_seconds(self) -> int:
        """What is recorded: everything that is said, and then a little silence."""
        return len(self.pcm) // 32_000 + 2

    def run(self) -> Outcome:
        outcome = Outcome(self.scenario)
        began = time.monotonic()
        server = self.start_server()
        try:
            port = json.loads(server.stdout.readline())["port"]
            self.dictate(port, outcome)
        finally:
            server.stdin.close()
            try:
                server.wait(10)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            server.stdout.close()
        outcome.seconds = time.monotonic() - began
        if outcome.exit_code is not None:
            self.judge(outcome)
        return outcome

    def start_server(self) -> subprocess.Popen[str]:
        command = [sys.executable, str(HERE / "juvoly_server.py"), "--scenario", self.scenario.name]
        command += ["--out", str(self.out), "--expect", str(self.folder / "expect.raw"), "--threshold", str(THRESHOLD)]
        if self.scenario.speed == "max":
            command.append("--any-pace")
        environment = {**os.environ, "JUVOLY_API_KEY": self.key, "JUVOLY_CLIENT_ID": self.client}
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, env=environment, text=True)

    def dictate(self, port: int, outcome: Outcome) -> None:
        """Runs the client; its output stays in files, because a canary is searched in all of them."""
        base, home = f"127.0.0.1:{port}", str(self.home)
        environment = {
            "PATH": os.environ.get("PATH", ""), "HOME": home, "STENO_HOME": f"{home}/steno",
            "XDG_CONFIG_HOME": f"{home}/config", "XDG_DATA_HOME": f"{home}/data", "TMPDIR": home,
            "JUVOLY_API_KEY": self.key, "JUVOLY_CLIENT_ID": self.client,
            "JUVOLY_REST_URL": f"http://{base}/api/v2/rest", "JUVOLY_SOCKET_URL": f"ws://{base}/api/v2/socket/",
        }
        if self.is_live:
            environment |= microphone(self.folder / "microphone", self.pcm, self.steno)
            command = [str(self.steno), "live", "--duration", f"{self.live_seconds}s"]
        else:
            command = [str(self.steno), "stream", str(self.wav), "--speed", self.scenario.speed]
        command += ["--format", "jsonl", "-vv"]
        command += self.scenario.arguments
        if self.scenario.group == "faulty":
            command += ["--give-up", GIVE_UP]
        limit = 90 + self.scenario.delay + 6 * self.scenario.bursts
        with (self.home / "stdout").open("wb") as stdout, (self.home / "stderr").open("wb") as stderr:
            try:
                done = subprocess.run(
                    command, stdin=subprocess.DEVNULL, stdout=stdout, stderr=stderr, env=environment, timeout=limit,
                )
                outcome.exit_code = done.returncode
            except subprocess.TimeoutExpired:
                outcome.faults.append(f"still running after {limit:.0f} s")

    def judge(self, outcome: Outcome) -> None:
        faults, scenario = outcome.faults, self.scenario
        if outcome.exit_code not in scenario.exits:
            faults.append(f"exit code {outcome.exit_code}, expected {' or '.join(map(str, scenario.exits))}")
        report = json.loads((self.out / "report.json").read_text(encoding="utf-8"))
        faults += report["violations"]
        events = self.events(faults)
        if scenario.group == "faulty":
            self.judge_refusal(report, faults)
        else:
            self.judge_audio(report, faults)
            self.judge_end(events, outcome)
            self.judge_text(report, events, faults)
        self.judge_secrets(faults)

    def events(self, faults: list[str]) -> list[dict[str, Any]]:
        """The lines of jsonl, each checked by itself and for its place."""
        events = []
        for number, line in enumerate((self.home / "stdout").read_text(encoding="utf-8").splitlines(), 1):
            try:
                event = json.loads(line)
            except ValueError:
                faults.append(f"line {number} of stdout is not JSON")
                continue
            if not isinstance(event, dict) or event.get("v") != 1 or event.get("type") not in TYPES:
                faults.append(f"line {number} of stdout is not an event of version 1")
                continue
            events.append(event)
        types = [event["type"] for event in events]
        if self.scenario.group != "faulty" and (types[:1] != ["recording"] or types[-1:] != ["end"]):
            faults.append("stdout does not begin with `recording` and end with `end`")
        if types.count("end") > 1 or types.count("recording") > 1:
            faults.append("`recording` or `end` comes twice")
        return events

    def judge_refusal(self, report: dict[str, Any], faults: list[str]) -> None:
        """A peer that broke the protocol got no audio, and nobody was led astray."""
        if report["canary"]:
            faults.append("the canary was called")
        if set(self.scenario.handshakes) & REFUSED_HANDSHAKES and any(c["bytes"] for c in report["connections"]):
            faults.append("audio was sent over a handshake that has to be refused")

    def judge_audio(self, report: dict[str, Any], faults: list[str]) -> None:
        """What the server keeps on disk is compared once more, because it is the point of all this."""
        open_sockets = [c for c in report["connections"] if c["accepted"]]
        if not open_sockets:
            faults.append("no connection was accepted")
        elif not self.scenario.drops:
            sent = (self.out / f"pcm-{open_sockets[0]['number']}.raw").read_bytes()
            rest = sent[len(self.pcm):]
            # A microphone goes on with silence until it is stopped, at the latest 100 ms after its time.
            recorded = 2.2 * 32_000 if self.is_live else 0
            if sent[:len(self.pcm)] != self.pcm or rest.count(0) != len(rest) or len(rest) > SILENCE * 32_000 + recorded:
                faults.append("the audio that arrived is not what was said and then at most 5 s of zeros")
        elif max(c["source_samples"] for c in open_sockets) != len(self.pcm) // 2:
            faults.append("the end of the file never arrived")

    def judge_end(self, events: list[dict[str, Any]], outcome: Outcome) -> None:
        end = events[-1] if events else {}
        if end.get("type") != "end":
            return
        if end.get("complete") is not (outcome.exit_code == 0):
            outcome.faults.append(f"end.complete is {end.get('complete')} with exit code {outcome.exit_code}")
        coverage = end.get("coverage") or {}
        states = [coverage.get(name) for name in ("confirmed", "silent", "unconfirmed", "missing")]
        if not all(isinstance(count, int) for count in states) or coverage.get("rate") != 16_000:
            outcome.faults.append("end.coverage has not its counts")
        elif self.is_live:
            if sum(states) != coverage.get("total") or coverage.get("missing") != 0:
                outcome.faults.append(f"coverage sums to {sum(states)}, or not all that was said is in it")
        elif not sum(states) == coverage.get("total") == len(self.pcm) // 2:
            outcome.faults.append(f"coverage sums to {sum(states)}, the file has {len(self.pcm) // 2} samples")

    def judge_text(self, report: dict[str, Any], events: list[dict[str, Any]], faults: list[str]) -> None:
        last = {event["id"]: event for event in events if event["type"] == "utterance" and "id" in event}
        shown = sorted(last.values(), key=lambda event: event.get("start") or 0)
        if self.scenario.drops:
            self.judge_words(shown, faults)
        else:
            wanted = [row["sentence"] for c in report["connections"] for row in c["transcript"]]
            # An utterance without text takes back an interim that came to nothing; there is nothing of it to show.
            if sorted(event["text"] for event in shown if event.get("text")) != sorted(wanted):
                faults.append(f"the text is not what the server said: {len(shown)} utterances of {len(wanted)}")
        types = {event["type"] for event in events}
        promised = "--information" in self.scenario.arguments and self.scenario.information not in ("none", "empty")
        if promised and "information" not in types:
            faults.append("no information event")
        if "--summary" in self.scenario.arguments and "summary" not in types:
            faults.append("no summary event")

    def judge_words(self, shown: list[dict[str, Any]], faults: list[str]) -> None:
        """After a replay every word is there once, in order, as if nothing had happened."""
        recogniser = LevelRecogniser(THRESHOLD)
        found = recogniser.received(self.pcm + bytes(32_000), 0)
        wanted = [word[0] for event in found if event.final for word in event.utterance.words]
        words = " ".join(event.get("text", "") for event in shown).split()
        if [word.lower().strip(".") for word in words] != [word.lower().strip(".") for word in wanted]:
            faults.append(f"the words are not those of an undisturbed run: {len(words)} of {len(wanted)}")

    def judge_secrets(self, faults: list[str]) -> None:
        """The keys of this run and every session id begin with something that nothing else contains."""
        needles = {"the API key": self.key.encode(), "a session id": b"-aB.c_d~e!f#g"}
        for path in self.home.rglob("*"):
            data = path.read_bytes() if path.is_file() else b""
            for what, needle in needles.items():
                if needle in data:
                    faults.append(f"{what} is in {path.relative_to(self.home)}")
