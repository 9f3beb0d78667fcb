"""Measures every client in one interleaved run on loopback. scripts/bench builds what this needs and calls it."""

import argparse
import os
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import measure
import table
from measure import Run, Stub

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "Tests" / "Fixtures"))
import speech  # noqa: E402 - found by the line above

SECOND = 32_000
LARGE = "32000"
"""Bytes of the largest piece that the contract allows: 1 s."""


@dataclass
class Audio:
    """The same sound in the two forms that clients read."""

    raw: Path
    wav: Path
    seconds: int


@dataclass
class Client:
    """How to start one client. The command gets the stub's port and the audio."""

    name: str
    command: Callable[[int, Audio], list[str]]
    reads_stdin: bool = False
    environment: Callable[[int, Path], dict[str, str]] = lambda port, home: {}


def make_audio(folder: Path, seconds: int) -> Audio:
    """Speech-like noise: a minute of it, turned a little further each time."""
    audio = Audio(folder / f"{seconds}.raw", folder / f"{seconds}.wav", seconds)
    minute, data, turn = speech.clip(seed=3, bursts=30), bytearray(), 0
    while len(data) < seconds * SECOND:
        data += minute[turn:] + minute[:turn]
        turn = (turn + 7_654) % len(minute)
    pcm = bytes(data[:seconds * SECOND])
    audio.raw.write_bytes(pcm)
    speech.write_wav(audio.wav, pcm)
    return audio


def steno_environment(port: int, home: Path) -> dict[str, str]:
    base = f"127.0.0.1:{port}/api/v2"
    return {
        "HOME": str(home), "STENO_HOME": str(home / "steno"), "XDG_CONFIG_HOME": str(home / "config"),
        "JUVOLY_API_KEY": "bench-key", "JUVOLY_CLIENT_ID": "bench-client",
        "JUVOLY_REST_URL": f"http://{base}/rest", "JUVOLY_SOCKET_URL": f"ws://{base}/socket/",
    }


def clients(given: argparse.Namespace) -> list[Client]:
    """Our own yardsticks, the peers, and steno."""
    build, nio = given.build, str(given.nio)
    programs = build / "venv" / "bin"
    floor, python, websocat = str(build / "floor"), str(programs / "python"), str(programs / "websocat")
    peers = HERE / "peers"
    found = [
        Client(table.FLOOR, lambda p, a: [floor, f"ws://127.0.0.1:{p}/raw", str(a.raw)]),
        Client("C floor, 1 s frames", lambda p, a: [floor, f"ws://127.0.0.1:{p}/raw", str(a.raw), LARGE]),
        Client(table.NIO, lambda p, a: [nio, f"ws://127.0.0.1:{p}/raw", str(a.raw)]),
        Client("bare NIO, 1 s frames", lambda p, a: [nio, f"ws://127.0.0.1:{p}/raw", str(a.raw), "--frame", LARGE]),
        Client("websocat", lambda p, a: [websocat, "-b", "-B", "3200", f"ws://127.0.0.1:{p}/raw"], True),
        Client("websockets", lambda p, a: [
            python, str(peers / "websockets_peer.py"), f"ws://127.0.0.1:{p}/raw", str(a.raw),
        ]),
        Client("deepgram-sdk", lambda p, a: [python, str(peers / "deepgram_peer.py"), f"127.0.0.1:{p}", str(a.raw)]),
        Client("speechmatics-rt", lambda p, a: [
            python, str(peers / "speechmatics_peer.py"), f"ws://127.0.0.1:{p}/v2", str(a.raw),
        ]),
    ]
    if given.steno is not None:
        steno = str(given.steno)
        found.append(Client("steno", lambda p, a: [
            steno, "stream", "--speed", "max", "--quiet", str(a.wav),
        ], environment=steno_environment))
    return [client for client in found if not given.only or client.name in given.only]


def run(client: Client, stub: Stub, audio: Audio, core: int) -> Run:
    """One run in an empty home, so that nothing of an earlier run helps or hinders."""
    with tempfile.TemporaryDirectory() as home:
        environment = {"PATH": os.environ["PATH"], "HOME": home, **client.environment(stub.port, Path(home))}
        stdin = audio.raw if client.reads_stdin else None
        result = measure.run(client.command(stub.port, audio), stub, core, stdin, environment)
    if not result.is_whole:
        print(f"  {client.name}: discarded, {result.fault}", flush=True)
    return result


def rounds(some: list[Client], stub: Stub, audio: Audio, core: int, count: int) -> dict[str, list[Run]]:
    """A B C A B C, so that whatever else the machine does meets everyone alike."""
    results: dict[str, list[Run]] = {client.name: [] for client in some}
    for number in range(count):
        for client in some:
            result = run(client, stub, audio, core)
            results[client.name].append(result)
            print(
                f"  {number + 1}/{count} {client.name:22}{result.cpu:8.3f} CPU s {result.wall:8.3f} s "
                f"{result.memory / 1e6:7.1f} MB {1000 * result.start:8.1f} ms", flush=True,
            )
    return results


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--build", type=Path, required=True, help="folder with floor, stub and venv")
    parser.add_argument("--nio", type=Path, required=True, help="the steno-bench-nio program")
    parser.add_argument("--steno", type=Path, help="the steno program; without it there is no such row")
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--starts", type=int, default=9)
    parser.add_argument("--only", action="append")
    parser.add_argument("--output", type=Path, help="the document to write the table into")
    return parser.parse_args()


def main() -> int:
    given = arguments()
    cores = sorted(os.sched_getaffinity(0))
    server, client = cores[0], cores[min(1, len(cores) - 1)]
    os.sched_setaffinity(0, {server})
    folder = given.build / "audio"
    folder.mkdir(parents=True, exist_ok=True)
    print(f"Making {given.minutes} minutes of audio.", flush=True)
    long, short = make_audio(folder, 60 * given.minutes), make_audio(folder, 1)
    some = clients(given)
    measured = []
    for audio, count, what in ((short, given.starts, "Start"), (long, given.rounds, "Throughput")):
        print(f"{what}: {count} rounds of {audio.seconds} s of audio.", flush=True)
        stub = Stub(given.build / "stub", audio.raw, server)
        try:
            measured.append(rounds(some, stub, audio, client, count))
        finally:
            stub.stop()
    starts, runs = measured
    rows = [table.row(each.name, runs[each.name], starts[each.name], long.seconds) for each in some]
    text = table.table([each for each in rows if each is not None])
    note = (
        f"Measured on {table.machine()}; server and client on a core each where there are two. {given.minutes} minutes "
        f"of audio, rounds: {given.rounds}; least CPU, median of the rest. Start: median of {given.starts} runs."
    )
    print(f"\n{text}\n\n{note}")
    if given.output is not None:
        table.write(given.output, f"{text}\n\n{note}")
    return 0 if all(rows) else 1


if __name__ == "__main__":
    sys.exit(main())
