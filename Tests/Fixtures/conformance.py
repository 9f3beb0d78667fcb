#!/usr/bin/env python3
"""Runs `steno stream` and `steno live` against the fixture server, once per scenario, and says whether both sides kept
the contract.

Checked each time: the exit code; zero contract violations; the audio that arrived is the file's samples exactly (or what
the microphone heard), and then at most 5 s of zeros; every line of jsonl is valid, `end` is last and its coverage sums to
the whole length; the text is what the server said; no secret in stdout, stderr or any file; nobody called the canary.
Prints a table and `N passed, N failed`; exit 0 when none failed.
"""

import argparse
import os
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import speech
from juvoly.scenarios import ALL, BY_NAME, GROUPS, Scenario
from trial import Outcome, Trial

ROOT = Path(__file__).resolve().parent.parent.parent


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/conformance", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--steno", type=Path, default=ROOT / ".build/debug/steno", help="default: .build/debug/steno")
    parser.add_argument("--only", action="append", choices=sorted(BY_NAME), metavar="NAME", help="repeatable")
    parser.add_argument("--group", action="append", choices=GROUPS, help=f"repeatable, default: {', '.join(GROUPS)}")
    parser.add_argument("--jobs", type=int, default=4, metavar="N", help="runs at the same time, default: 4")
    parser.add_argument("--file", type=Path, metavar="FILE", help="WAV of 16 kHz mono 16 bit, default: a made clip")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep what each run left, in DIR/NAME")
    return parser.parse_args()


def chosen(given: argparse.Namespace) -> list[Scenario]:
    """The scenarios, those that take long first, so that they do not run alone at the end."""
    groups = given.group or GROUPS
    some = [s for s in ALL if (s.name in given.only if given.only else s.group in groups)]
    return sorted(some, key=lambda scenario: -scenario.delay - scenario.bursts)


def source(given: argparse.Namespace, scenario: Scenario, folder: Path) -> tuple[Path, bytes]:
    """The file that is dictated, and its samples."""
    if given.file is not None:
        data = given.file.read_bytes()
        if data[:4] != b"RIFF" or data[36:40] != b"data" or data[22:28] != b"\x01\x00\x80\x3e\x00\x00":
            raise SystemExit(f"'{given.file}' is not a plain WAV file of 16 kHz mono; convert it first.")
        return given.file.resolve(), data[44:44 + int.from_bytes(data[40:44], "little")]
    path, pcm = folder / f"clip-{scenario.bursts}.wav", speech.clip(bursts=scenario.bursts)
    speech.write_wav(path, pcm)
    return path, pcm


def main() -> int:
    given = arguments()
    if not os.access(given.steno, os.X_OK):
        raise SystemExit(f"'{given.steno}' is not there. Build it: swift build --product steno")
    folder = given.keep or Path(tempfile.mkdtemp(prefix="conformance-"))
    folder.mkdir(parents=True, exist_ok=True)
    scenarios = chosen(given)
    sources = {scenario.bursts: source(given, scenario, folder) for scenario in scenarios}

    def trial(scenario: Scenario) -> Outcome:
        place = folder / scenario.name
        shutil.rmtree(place, ignore_errors=True)
        try:
            return Trial(scenario, given.steno.resolve(), *sources[scenario.bursts], place).run()
        except (OSError, ValueError, KeyError, TypeError) as error:
            return Outcome(scenario, [f"the run itself failed: {error!r}"])

    failed = 0
    with ThreadPoolExecutor(max(1, given.jobs)) as pool:
        for outcome in pool.map(trial, scenarios):
            failed += bool(outcome.faults)
            code = "-" if outcome.exit_code is None else outcome.exit_code
            verdict = "FAILED" if outcome.faults else "ok"
            scenario = outcome.scenario
            print(f"{verdict:7}{scenario.group:10}{scenario.name:28}exit {code:<4}{outcome.seconds:6.1f} s")
            for fault in outcome.faults[:5]:
                print(f"          {fault}", flush=True)
    if given.keep is None:
        shutil.rmtree(folder, ignore_errors=True)
    print(f"{len(scenarios) - failed} passed, {failed} failed")
    return 1 if failed or not scenarios else 0


if __name__ == "__main__":
    sys.exit(main())
