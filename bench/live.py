"""Measures dictation from the test microphone to a socket on loopback. scripts/bench-live builds what this needs."""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import bench
from measure import Stub

PERIOD = 0.02
"""Seconds of audio between two wake-ups of the capture thread, as the program asks for."""

MOST_SPEED = 1.5
"""How many times real time a session catches up at."""

CAPTURE = "steno-capture"
PROGRAM = "steno"


@dataclass
class Thread:
    """What one thread has used so far."""

    name: str
    nanoseconds: int
    wakes: int


@dataclass
class Look:
    """A process at one moment."""

    time: float
    threads: dict[int, Thread]
    peak: int
    resident: int
    anonymous: int

    def __sub__(self, earlier: "Look") -> dict[str, tuple[float, float]]:
        """CPU in percent of a core and wake-ups per second of each thread since then, by name."""
        span, found = self.time - earlier.time, {}
        for number, thread in self.threads.items():
            before = earlier.threads.get(number, Thread(thread.name, 0, 0))
            cpu, wakes = found.get(thread.name, (0.0, 0.0))
            found[thread.name] = (
                cpu + (thread.nanoseconds - before.nanoseconds) / span / 1e7,
                wakes + (thread.wakes - before.wakes) / span,
            )
        return found


def fields(path: Path) -> dict[str, str]:
    return dict(line.split(":", 1) for line in path.read_text().splitlines() if ":" in line)


def look(pid: int) -> Look:
    """Threads that end between the two readings are left out: the long-lived ones are what is measured."""
    threads = {}
    for task in Path(f"/proc/{pid}/task").iterdir():
        try:
            status = fields(task / "status")
            nanoseconds = int((task / "schedstat").read_text().split()[0])
        except OSError:
            continue
        threads[int(task.name)] = Thread(status["Name"].strip(), nanoseconds, int(status["voluntary_ctxt_switches"]))
    status = fields(Path(f"/proc/{pid}/status"))
    peak, resident, anonymous = (int(status[key].split()[0]) * 1024 for key in ("VmHWM", "VmRSS", "RssAnon"))
    return Look(time.monotonic(), threads, peak, resident, anonymous)


def microphone(folder: Path, plugin: Path, sound: Path, given: argparse.Namespace) -> dict[str, str]:
    """Writes the configuration in which `vmic` is the test microphone."""
    settings, configuration = folder / "microphone.conf", folder / "asound.conf"
    settings.write_text(
        f'infile "{sound}"\nafter silence\nspeed "{given.speed}"\njournal "{folder / "journal"}"\n'
        f'rate "{given.rate}"\nchannels "{given.channels}"\n'
    )
    configuration.write_text(
        f'</usr/share/alsa/alsa.conf>\npcm_type.vmic {{ lib "{plugin}" }}\n'
        f'pcm.vmic {{ type vmic settings "{settings}" }}\n'
    )
    return {"ALSA_CONFIG_PATH": str(configuration)}


def sound(folder: Path, given: argparse.Namespace) -> tuple[Path, Path]:
    """What the microphone hears, and what the server compares with: the same where nothing is converted."""
    audio = bench.make_audio(folder, given.seconds + 5)
    if (given.rate, given.channels) == (16_000, 1):
        return audio.raw, audio.raw
    raw = folder / f"{given.seconds}-{given.rate}-{given.channels}.raw"
    plain = ["-t", "raw", "-e", "signed", "-b", "16"]
    subprocess.run(
        [
            "sox", *plain, "-r", "16000", "-c", "1", audio.raw,
            *plain, "-r", str(given.rate), "-c", str(given.channels), raw,
        ],
        check=True,
    )
    return raw, audio.raw


class Watched:
    """One run of the program, looked at while it runs."""

    def __init__(self, command: list[str], environment: dict[str, str], folder: Path) -> None:
        self.errors = (folder / "errors").open("wb+")
        self.process = subprocess.Popen(
            command, env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=self.errors,
        )
        self.began = time.monotonic()

    def look_at(self, seconds: float) -> Look | None:
        """Waits until so long after the start. Nothing when the program has ended by then."""
        try:
            self.process.wait(max(0.0, self.began + seconds - time.monotonic()))
            return None
        except subprocess.TimeoutExpired:
            return look(self.process.pid)

    def finish(self, patience: float) -> int:
        """Asks the program to end in order where it does not by itself."""
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            self.process.send_signal(signal.SIGTERM)
        try:
            return self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()

    def last_words(self) -> str:
        self.errors.seek(0)
        return self.errors.read().decode(errors="replace")[-2000:]


def command(given: argparse.Namespace) -> list[str]:
    if given.program:
        return given.program.replace("SECONDS", str(given.seconds)).split()
    options = ["--device", "vmic", "--duration", f"{given.seconds}s", "--quiet", "--format", "jsonl"]
    return [str(given.steno), "live", *options]


def measured(given: argparse.Namespace, stub: Stub, heard: Path, extra: dict[str, str]) -> tuple[list[Look], str, int]:
    """Runs once. Looks after the warm-up, at a minute, and shortly before the end; says what was wrong, and how many
    frames were taken from the microphone."""
    wall = given.seconds / given.speed
    with tempfile.TemporaryDirectory() as home:
        folder = Path(home)
        environment = {
            "PATH": os.environ["PATH"], "HOME": home, **bench.steno_environment(stub.port, folder),
            **microphone(folder, given.build / "libasound_module_pcm_vmic.so", heard, given), **extra,
        }
        run = Watched(command(given), environment, folder)
        moments = [min(given.warm_up, wall / 4), min(60.0, wall / 2), wall - min(3.0, wall / 8)]
        looks = [run.look_at(moment) for moment in moments]
        # What the microphone gave faster than a session may send is sent afterwards.
        code = run.finish(60 + max(0.0, given.seconds / MOST_SPEED - wall))
        faults = [] if code == 0 else [f"exit code {code}: {run.last_words()}"]
        if None in looks:
            faults.append("it ended too early")
        journal = (folder / "journal").read_text() if (folder / "journal").exists() else ""
        lost = [line for line in journal.splitlines() if line.split()[0] in ("xrun", "jump")]
        if lost:
            faults.append(f"overruns: {', '.join(lost[:5])}")
        stops = [int(line.split()[1]) for line in journal.splitlines() if line.startswith("stop ")]
        return [each for each in looks if each], "; ".join(faults), stops[-1] if stops else 0


def sent(given: argparse.Namespace, stub: Stub, read: int) -> str:
    """What the server got of the `read` frames that the program took from the microphone, in words."""
    if given.program:
        return "not looked at"
    report = stub.report()
    if (given.rate, given.channels) != (16_000, 1):
        return f"{len(report)} connection(s), converted, so not compared"
    # Silence may follow, with which a session asks for the last words.
    if len(report) == 1 and read > 0 and report[0]["agreed"] >= 2 * read and report[0]["tail_silent"]:
        return f"each of the {read} frames that the microphone gave, in order, once"
    return f"NOT WHOLE of {read} frames: {report}"


def allocations(given: argparse.Namespace, stub: Stub, heard: Path) -> tuple[list[str], str]:
    """A second, shorter run that counts allocations."""
    short = argparse.Namespace(**{**vars(given), "seconds": int(min(given.seconds, 60 * given.speed))})
    wall = short.seconds / short.speed
    first, last = min(given.warm_up, wall / 4), wall - min(3.0, wall / 8)
    with tempfile.NamedTemporaryFile("r") as file:
        _, fault, _ = measured(short, stub, heard, {
            "LD_PRELOAD": str(given.build / "allocations.so"), "ALLOCATIONS_FILE": file.name,
            "ALLOCATIONS_FROM": str(first), "ALLOCATIONS_TO": str(last),
        })
        if not given.program:
            stub.report()
        periods = (last - first) * given.speed / PERIOD
        found: dict[str, tuple[int, int]] = {}
        for line in Path(file.name).read_text().splitlines():
            name, count, size = line.split("\t")[:3]
            before = found.get(name, (0, 0))
            found[name] = (before[0] + int(count), before[1] + int(size))
    rows = [
        f"| {name} | {count} | {count / periods:.3f} | {size / periods:.0f} |"
        for name, (count, size) in sorted(found.items(), key=lambda each: -each[1][0]) if name != "allocations"
    ]
    if not given.program and CAPTURE not in found and found.get(PROGRAM, (0, 0))[0] > 0:
        # A thread counts under the name it had at its first allocation, which for this one is the program's.
        fault = f"{fault}; {CAPTURE} may have allocated: it counts as {PROGRAM}".lstrip("; ")
    return rows, fault


def own_cost(given: argparse.Namespace, heard: Path) -> str:
    """What the test microphone and ALSA cost in a program that only reads."""
    if given.program or not any(Path(folder, "arecord").exists() for folder in os.environ["PATH"].split(":")):
        return "not measured (no arecord)"
    reader = argparse.Namespace(**{**vars(given), "seconds": int(30 * given.speed), "program": (
        f"arecord -q -D vmic -f S16_LE -r {given.rate} -c {given.channels} --period-time=20000 --buffer-time=200000 "
        "-t raw -d SECONDS /dev/null"
    )})
    looks, fault, _ = measured(reader, argparse.Namespace(port=0), heard, {})
    if len(looks) < 3:
        return f"not measured ({fault})"
    return f"{sum(cpu for cpu, _ in (looks[-1] - looks[0]).values()):.2f} %"


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="folder with stub, allocations.so and the plugin")
    parser.add_argument("--steno", type=Path, help="the steno program")
    parser.add_argument("--program", help="measure this command instead; SECONDS in it is replaced")
    parser.add_argument("--seconds", type=int, default=300, help="of audio")
    parser.add_argument("--speed", type=float, default=1, help="of the microphone's clock")
    parser.add_argument("--rate", type=int, default=16_000)
    parser.add_argument("--channels", type=int, default=1)
    parser.add_argument("--warm-up", type=float, default=10, help="seconds that are not measured")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    cores = sorted(os.sched_getaffinity(0))
    folder = given.build / "audio"
    folder.mkdir(parents=True, exist_ok=True)
    heard, source = sound(folder, given)
    stub = Stub(given.build / "stub", source, cores[0])
    try:
        looks, fault, read = measured(given, stub, heard, {})
        whole = sent(given, stub, read)
        rows, second = allocations(given, stub, heard)
    finally:
        stub.stop()
    if len(looks) < 3:
        print(fault, file=sys.stderr)
        return 1
    first, minute, last = looks
    used = last - first
    what = f"{given.rate} Hz, {given.channels} channel(s)"
    print(f"{given.seconds} s of audio at {given.speed:g} times real time, {what}.\n")
    print("| thread | CPU, % of a core | wake-ups per second |\n| --- | ---: | ---: |")
    for name, (cpu, wakes) in sorted(used.items(), key=lambda each: -each[1][0]):
        print(f"| {name} | {cpu:.2f} | {wakes:.1f} |")
    total = [sum(each[index] for each in used.values()) for index in (0, 1)]
    print(f"| all | {total[0]:.2f} | {total[1]:.1f} |")
    print(f"| of it the test microphone, about | {own_cost(given, heard)} | |")
    print("\n| memory, MB | warmed up | at a minute | at the end |\n| --- | ---: | ---: | ---: |")
    for name, key in (("peak (VmHWM)", "peak"), ("resident", "resident"), ("of it its own (RssAnon)", "anonymous")):
        print(f"| {name} | " + " | ".join(f"{getattr(each, key) / 1e6:.1f}" for each in looks) + " |")
    print("\n| thread | allocations after warm-up | per period | bytes per period |\n| --- | ---: | ---: | ---: |")
    print("\n".join(rows))
    start = sum(thread.nanoseconds for thread in first.threads.values()) / 1e9
    print(f"\nThe server got {whole}. CPU while starting and warming up: {start:.2f} s.")
    for text in (fault, second):
        if text:
            print(f"FAULT: {text}")
    return 1 if fault or second or whole.startswith("NOT") else 0


sys.exit(main())
