"""One run of one trial: the sandbox, the proxy before it, the program, and what is judged afterwards."""

import json
import os
import re
import signal
import subprocess
import threading
import time
from collections import defaultdict
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from chaos_trials import Trial
from microphone import microphone
from spoken import Spoken

POLL = 0.05
"""Seconds between two looks at the program's memory."""
MEMORY = 4.0
"""MB above the run without a fault."""
LAG = re.compile(r"(?:lag (\d+\.\d) s|(?:(\d+):)?(\d\d):(\d\d) (?:behind|not sent))")


@dataclass
class Outcome:
    trial: Trial
    exit_code: int | None = None
    seconds: float = 0.0
    connections: int = 0
    words: int = 0
    said: int = 0
    found: float | None = None
    worst_lag: float = 0.0
    memory: float = 0.0
    memory_above: float | None = None
    faults: list[str] = field(default_factory=list)


class Runner:
    def __init__(self, steno: Path, folder: Path) -> None:
        self.steno = steno
        self.folder = folder
        self.spoken: dict[int, Spoken] = {}
        self.clean: dict[tuple[object, ...], Outcome] = {}
        self.locks: dict[tuple[object, ...], threading.Lock] = defaultdict(threading.Lock)
        self.lock = threading.Lock()

    def run(self, trial: Trial) -> Outcome:
        clean = self.undisturbed(trial)
        outcome = Run(self, trial).outcome
        outcome.memory_above = outcome.memory - clean.memory
        if outcome.memory_above > MEMORY:
            outcome.faults.append(f"memory is {outcome.memory_above:.1f} MB above the run without a fault")
        outcome.faults += [f"without a fault: {fault}" for fault in clean.faults]
        return outcome

    def undisturbed(self, trial: Trial) -> Outcome:
        """A run without a fault, once for each recording and way of sending it."""
        key = (trial.bursts, trial.speed, trial.arguments)
        with self.lock:
            lock = self.locks[key]
        with lock:
            if key not in self.clean:
                name = "-".join(["clean", str(trial.bursts), trial.speed, *trial.arguments[:1]])
                plain = replace(trial, name=name, lines=(), rest="clean", faults=(), exit_code=0, loses=False,
                                found_within=0, tells_lag=False, connections=1)
                self.clean[key] = Run(self, plain).outcome
            return self.clean[key]

    def recording(self, bursts: int) -> Spoken:
        with self.lock:
            if bursts not in self.spoken:
                self.spoken[bursts] = Spoken(self.folder, bursts)
            return self.spoken[bursts]


class Run:
    def __init__(self, runner: Runner, trial: Trial) -> None:
        self.trial, self.steno = trial, runner.steno
        self.spoken = runner.recording(trial.bursts)
        self.home = runner.folder / trial.name
        self.home.mkdir(parents=True, exist_ok=True, mode=0o700)
        self.outcome = Outcome(trial, said=len(self.spoken.words))
        self.events: list[tuple[float, dict[str, Any]]] = []
        self.errors: list[tuple[float, str]] = []
        self.fates: list[float] = []
        sandbox = self.start([str(self.steno), "sandbox", "--session", str(self.spoken.script),
                              *(word for fault in trial.faults for word in ("--fault", fault))])
        port = sandbox.stdout.readline().strip().rsplit(":", 1)[1]
        half = str(len(self.spoken.pcm) // 2)
        lines = [line.replace("half", half, 1) if "@half" not in line else line.replace("@half", f"@{half}")
                 for line in trial.lines]
        proxy = self.start([str(self.steno.parent / "steno-chaos"), port, *lines, "--rest", trial.rest])
        try:
            port = proxy.stdout.readline().strip()
            self.follow(proxy.stdout, lambda now, line: self.fates.append(now))
            self.dictate(f"http://127.0.0.1:{port}")
        finally:
            proxy.stdin.close()
            proxy.wait(10)
            sandbox.send_signal(signal.SIGTERM)
            violations = sandbox.communicate(timeout=20)[1]
        if sandbox.returncode != 0:
            self.outcome.faults.append(f"the sandbox saw a contract broken: {violations.strip()}")
        if self.outcome.exit_code is not None:
            self.judge()

    def start(self, command: list[str]) -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        return subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True, env=self.environment)

    @property
    def environment(self) -> dict[str, str]:
        home = str(self.home)
        return {"PATH": os.environ.get("PATH", ""), "HOME": home, "TMPDIR": home}

    def follow(self, stream: Any, take: Any) -> threading.Thread:
        def read() -> None:
            for line in stream:
                take(time.monotonic(), line)
        thread = threading.Thread(target=read, daemon=True)
        thread.start()
        return thread

    def dictate(self, address: str) -> None:
        trial, environment = self.trial, self.environment
        if trial.speed == "live":
            environment |= microphone(self.home / "microphone", self.spoken.pcm, self.steno)
            command = ["live", "--duration", f"{self.spoken.seconds + 1:.0f}s"]
            command += [word for word in trial.arguments if word != "--give-up" and not word.endswith("0s")]
        else:
            command = ["stream", str(self.spoken.wav), "--speed", trial.speed, *trial.arguments]
        pipe = subprocess.PIPE
        began = time.monotonic()
        program = subprocess.Popen(
            [str(self.steno), *command, f"--sandbox={address}", "--format", "jsonl"],
            stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, text=True, env=environment,
        )
        readers = [
            self.follow(program.stdout, lambda now, line: self.events.append((now, json.loads(line)))),
            self.follow(program.stderr, lambda now, line: self.errors.append((now, line))),
        ]
        while program.poll() is None:
            self.outcome.memory = max(self.outcome.memory, anonymous(program.pid))
            if time.monotonic() > began + trial.limit:
                program.kill()
                self.outcome.faults.append(f"still running after {trial.limit:.0f} s")
                break
            time.sleep(POLL)
        program.wait()
        for reader in readers:
            reader.join(5)
        self.outcome.seconds = time.monotonic() - began
        self.outcome.exit_code = program.returncode
        text = "".join(f"{now - began:8.2f} {line}" for now, line in self.errors)
        (self.home / "stderr").write_text(text, encoding="utf-8")
        text = "".join(f"{now - began:8.2f} {json.dumps(event)}\n" for now, event in self.events)
        (self.home / "stdout").write_text(text, encoding="utf-8")

    def judge(self) -> None:
        outcome, trial, faults = self.outcome, self.trial, self.outcome.faults
        if outcome.exit_code != trial.exit_code:
            faults.append(f"exit code {outcome.exit_code}, expected {trial.exit_code}")
        states = [(now, event.get("state")) for now, event in self.events if event.get("type") == "state"]
        kinds = [state for _, state in states]
        outcome.connections = sum(now == "waiting-for-ready" != before for before, now in zip(["", *kinds], kinds))
        self.judge_words()
        self.judge_end()
        self.judge_recording()
        if outcome.connections < trial.connections:
            faults.append(f"{outcome.connections} connections, expected {trial.connections} at least")
        if self.fates:
            # Two pipes are read by two threads, so that an answer may seem to come a little before its cause.
            after = [now - self.fates[0] for now, state in states if state == "reconnecting"]
            outcome.found = next((max(0.0, seconds) for seconds in after if seconds > -0.5), None)
        if trial.found_within and (outcome.found is None or outcome.found > trial.found_within):
            faults.append(f"noticed after {outcome.found} s, expected {trial.found_within}")
        for match in (LAG.search(line) for _, line in self.errors):
            if match:
                tenths, hours, minutes, seconds = match.groups()
                lag = float(tenths) if tenths else 3600 * int(hours or 0) + 60 * int(minutes) + int(seconds)
                outcome.worst_lag = max(outcome.worst_lag, lag)
        if trial.tells_lag and outcome.worst_lag < 5:
            faults.append("nobody was told how far it is behind")

    def judge_words(self) -> None:
        last = {event["id"]: event for _, event in self.events if event.get("type") == "utterance"}
        shown = sorted(last.values(), key=lambda event: event.get("start") or 0)
        words = " ".join(event.get("text", "") for event in shown).split()
        self.outcome.words = len(words)
        wanted = [] if self.trial.loses else self.spoken.words
        if words != wanted:
            missing, extra = set(wanted) - set(words), len(words) - len(set(words))
            self.outcome.faults.append(f"words differ: {len(missing)} missing, {extra} doubled, or out of order")

    def judge_end(self) -> None:
        end = self.events[-1][1] if self.events else {}
        coverage = end.get("coverage") or {}
        states = [coverage.get(name, -1) for name in ("confirmed", "silent", "unconfirmed", "missing")]
        total = coverage.get("total", 0)
        if end.get("type") != "end" or sum(states) != total or states[3] != 0:
            self.outcome.faults.append(f"the end is {end}")
        elif not self.trial.loses and (states[2] != 0 or total < len(self.spoken.pcm) // 2 or coverage.get("sent") != total or not end.get("complete")):
            self.outcome.faults.append(f"not all was sent and confirmed: {coverage}")

    def judge_recording(self) -> None:
        """A microphone's recording is kept as it was heard, whatever the network did."""
        if self.trial.speed != "live":
            return
        listing = self.call("recordings", "list")
        file = self.home / "kept.wav"
        if not listing:
            self.outcome.faults.append("no recording is kept")
            return
        self.call("recordings", "export", listing.split()[0], "--output", str(file))
        kept = file.read_bytes()[44:] if file.exists() else b""
        # A service that refuses everything from the start ends a dictation before it is over.
        if not (kept.startswith(self.spoken.pcm) or self.trial.loses and kept and self.spoken.pcm.startswith(kept)):
            self.outcome.faults.append("the recording is not what was said")

    def call(self, *words: str) -> str:
        done = subprocess.run([str(self.steno), *words], env=self.environment, capture_output=True, text=True, timeout=60)
        return done.stdout


def anonymous(identifier: int) -> float:
    """RssAnon in MB: what the program itself holds, without the pages of its file."""
    try:
        for line in Path(f"/proc/{identifier}/status").read_text(encoding="ascii").splitlines():
            if line.startswith("RssAnon"):
                return int(line.split()[1]) / 1024
    except (OSError, ValueError):
        pass
    return 0.0
