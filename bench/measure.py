"""One run of one client: CPU time, wall time, peak memory, and when its first byte of audio arrived."""

import json
import os
import queue
import signal
import subprocess
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

POLL = 0.002
"""Seconds between two looks at the client's memory; the driver shares the server's core, not the client's."""

PATIENCE = 300
"""Seconds after which a client is given up."""


@dataclass
class Run:
    """What one run cost, and what the server says about it."""

    cpu: float
    wall: float
    memory: int
    """Peak resident bytes."""
    start: float
    """Seconds from spawn to the first byte of audio at the server."""
    is_whole: bool
    fault: str = ""


class Stub:
    """The far side, on the first core."""

    def __init__(self, program: Path, source: Path, core: int) -> None:
        command = ["taskset", "-c", str(core), str(program), str(source)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        self.port = json.loads(self.process.stdout.readline())["port"]
        self.lines: queue.Queue[dict[str, Any]] = queue.Queue()
        threading.Thread(target=self.read, daemon=True).start()

    def read(self) -> None:
        for line in self.process.stdout:
            self.lines.put(json.loads(line))

    def report(self) -> list[dict[str, Any]]:
        """What the last run's connections were; waits for the first."""
        found = []
        try:
            found.append(self.lines.get(timeout=10))
            while True:
                found.append(self.lines.get(timeout=0.05))
        except queue.Empty:
            return found

    def stop(self) -> None:
        self.process.terminate()
        self.process.wait()
        self.process.stdout.close()


def peak_memory(pid: int) -> int | None:
    """VmHWM in bytes; not ru_maxrss, which carries the parent's size through exec."""
    try:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) * 1024
    except (OSError, ValueError):
        pass
    return None


def spawn(command: list[str], stdin: Path | None, environment: dict[str, str], core: int) -> tuple[int, float]:
    """Starts the client on its core; the time is taken just before, and nothing of ours runs in the child."""
    actions = [
        (os.POSIX_SPAWN_OPEN, 0, str(stdin or os.devnull), os.O_RDONLY, 0),
        (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
    ]
    ours = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {core})
    try:
        began = time.monotonic()
        return os.posix_spawn(command[0], command, environment, file_actions=actions), began
    finally:
        os.sched_setaffinity(0, ours)


def run(command: list[str], stub: Stub, core: int, stdin: Path | None, environment: dict[str, str]) -> Run:
    """Runs a client to its end."""
    pid, began = spawn(command, stdin, environment, core)
    memory, fault = 0, ""
    while True:
        memory = peak_memory(pid) or memory
        done, status, usage = os.wait4(pid, os.WNOHANG)
        if done:
            break
        if not fault and time.monotonic() - began > PATIENCE:
            os.kill(pid, signal.SIGKILL)
            fault = f"given up after {PATIENCE} s"
        time.sleep(POLL)
    wall = time.monotonic() - began
    code = os.waitstatus_to_exitcode(status)
    if code != 0:
        fault = fault or f"exit code {code}"
    report = stub.report()
    if len(report) != 1 or not report[0]["same"]:
        fault = fault or f"{len(report)} connections, bytes differ from the source"
    start = report[0]["first"] - began if report else 0.0
    return Run(usage.ru_utime + usage.ru_stime, wall, memory, start, not fault, fault)
