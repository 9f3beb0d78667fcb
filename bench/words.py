#!/usr/bin/env python3
"""Dictates a sample into the virtual microphone and has the same file streamed: how soon the first words come, and
whether the text is as good.

Prints one line for each; ends with 1 when the first interim came later than 1 s after its word began, or when the text of
the microphone is more than 3 points of word error rate worse than that of the file.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/Fixtures"))

from microphone import microphone  # noqa: E402

LATEST = 1.0
"""Seconds from the beginning of the first word to its interim."""

WORST = 3.0
"""Points of word error rate by which a microphone may be worse than a file."""


def arguments() -> tuple[argparse.Namespace, list[str]]:
    parser = argparse.ArgumentParser(
        prog="scripts/live-words", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="Everything else is passed on to steno, for example --engine local --language en (default: --sandbox).",
    )
    parser.add_argument("--sample", type=Path, default=ROOT / "samples/audio/librivox.wav", help="a WAV with its text")
    parser.add_argument("--steno", type=Path, default=ROOT / ".build/debug/steno", help="default: .build/debug/steno")
    parser.add_argument("--plugin", type=Path, help="folder of the microphone, default: that of the program")
    return parser.parse_known_args()


def samples(wav: Path) -> bytes:
    data = wav.read_bytes()
    start = data.index(b"data") + 8
    return data[start:]


def dictate(command: list[str], environment: dict[str, str]) -> tuple[float, str]:
    """Seconds from the first word to its interim, and the text."""
    began, latency, texts = 0.0, -1.0, {}
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, env=environment) as program:
        for line in program.stdout:
            now, event = time.monotonic(), json.loads(line)
            if event["type"] == "recording":
                began = now
            elif event["type"] == "interim" and latency < 0:
                latency = now - began - event["start"]
            elif event["type"] == "utterance":
                texts[event["id"]] = (event["start"], event["text"])
    if program.returncode != 0:
        raise SystemExit(f"'{' '.join(command)}' ended with {program.returncode}.")
    return latency, " ".join(text for _, text in sorted(texts.values()))


def error_rate(said: Path, heard: str, folder: Path) -> float:
    (folder / "heard.txt").write_text(heard, encoding="utf-8")
    done = subprocess.run(
        [ROOT / "scripts/wer", said, folder / "heard.txt"], stdout=subprocess.PIPE, text=True, check=True,
    )
    return float(done.stdout)


def main() -> int:
    given, options = arguments()
    steno, options = str(given.steno.resolve()), options or ["--sandbox"]
    said = given.sample.with_suffix(".txt")
    with tempfile.TemporaryDirectory() as name:
        folder, pcm = Path(name), samples(given.sample)
        near = (given.plugin or given.steno.resolve().parent) / "steno"
        environment = {**os.environ, **microphone(folder / "microphone", pcm, near)}
        seconds = len(pcm) // 32_000 + 2
        latency, text = dictate([steno, "live", "--format", "jsonl", "--duration", f"{seconds}s", *options], environment)
        live = error_rate(said, text, folder)
        streamed = subprocess.run(
            [steno, "stream", str(given.sample), *options], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            check=True,
        )
        stream = error_rate(said, streamed.stdout, folder)
    print(f"first interim {latency:.2f} s after its word began (at most {LATEST:.0f} s)")
    print(f"word error rate {live:.1f} % from the microphone, {stream:.1f} % from the file (at most {WORST:.0f} points more)")
    return 0 if 0 <= latency <= LATEST and live <= stream + WORST else 1


if __name__ == "__main__":
    sys.exit(main())
