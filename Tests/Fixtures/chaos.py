#!/usr/bin/env python3
"""Runs the program against the sandbox through a network that fails, once per trial, and says what came of it.

Judged each time: the exit code; the words, which must be those that were said, each once and in order; the coverage, which
sums to the whole length with everything sent and confirmed; the recording, which exports as it was heard; memory, at most
4 MB above a run of the same recording without a fault; and where a trial says so, how soon the fault was noticed and
whether the person was told the lag. Prints a Markdown table; exit 0 when no trial failed.
"""

import argparse
import shutil
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from chaos_run import Outcome, Runner
from chaos_trials import ALL, BY_NAME

ROOT = Path(__file__).resolve().parent.parent.parent


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="scripts/chaos", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--steno", type=Path, default=ROOT / ".build/debug/steno", help="default: .build/debug/steno")
    parser.add_argument("--only", action="append", choices=sorted(BY_NAME), metavar="NAME", help="repeatable")
    parser.add_argument("--jobs", type=int, default=4, metavar="N", help="runs at the same time, default: 4")
    parser.add_argument("--list", action="store_true", help="tell the trials and end")
    parser.add_argument("--keep", type=Path, metavar="DIR", help="keep what each run left, in DIR/NAME")
    return parser.parse_args()


def row(outcome: Outcome) -> str:
    found = f"{outcome.found:.1f} s" if outcome.found is not None else "–"
    memory = f"{outcome.memory:.1f} MB ({outcome.memory_above or 0:+.1f})"
    verdict = "**failed**" if outcome.faults else "ok"
    return (
        f"| {outcome.trial.name} | {verdict} | {outcome.exit_code} | {outcome.seconds:.0f} s | {outcome.connections} "
        f"| {outcome.words} of {outcome.said} | {found} | {outcome.worst_lag:.1f} s | {memory} |"
    )


def main() -> int:
    given = arguments()
    if given.list:
        for trial in ALL:
            print(f"{trial.name:28}{trial.about}")
        return 0
    folder = given.keep or Path(tempfile.mkdtemp(prefix="chaos-"))
    folder.mkdir(parents=True, exist_ok=True)
    runner = Runner(given.steno.resolve(), folder)
    print("| trial | | exit | time | connections | words | noticed after | worst lag | memory |")
    print("| --- | --- | --- | --- | --- | --- | --- | --- | --- |")
    failed = 0
    trials = [BY_NAME[name] for name in given.only] if given.only else ALL
    with ThreadPoolExecutor(max(1, given.jobs)) as pool:
        for outcome in pool.map(runner.run, trials):
            failed += bool(outcome.faults)
            print(row(outcome), flush=True)
            for fault in outcome.faults:
                print(f"{outcome.trial.name}: {fault}", file=sys.stderr, flush=True)
    if given.keep is None:
        shutil.rmtree(folder, ignore_errors=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
