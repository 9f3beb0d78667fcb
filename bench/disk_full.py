"""Dictates to the built program while its disk, a small tmpfs, fills and gets room again; writes docs/disk-full.md. Needs root."""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import wave
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/Fixtures"))
import session_capture  # noqa: E402
from microphone import microphone  # noqa: E402
from session_capture import Session, samples  # noqa: E402

session_capture.PATIENCE = 240
DISK = "3m"
"""So small that what is kept for a full disk lasts half a minute and not several."""

INTRODUCTION = """# A disk that fills during a dictation

What `steno live` shows when its disk fills while somebody dictates. `scripts/disk-full` makes this page: it runs the program
against the sandbox on a real file system of {disk} (tmpfs), with a virtual microphone that hears `samples/audio/{sample}` again and
again, fills the disk with another file, and removes that file again. Afterwards it exports the recording and compares every
sample with what the microphone heard. On a larger disk 8 MB are kept for this: at least 3 minutes, twice that for speech.
"""


@dataclass
class Step:
    """Something done to the disk or the program, and what the screen must show afterwards."""

    title: str
    pattern: str
    action: str = ""
    """`fill`, `free`, or a key."""
    after: float = 0
    """Seconds from when it was shown until the next step."""


@dataclass
class Story:
    title: str
    code: int
    """What the program must end with."""
    has_gap: bool
    steps: list[Step] = field(default_factory=list)


FIRST = Step("The first words", r"‹")
FULL = Step("Another program has filled the disk", r"The\s+disk is full\. The\s+recording goes\s+on in", action="fill")
MEMORY = Step("What was kept for this is used up too", r"held in\s+memory, for one\s+minute")
ENDED = r"(?m)^(Done|Ended|The audio|.*is kept|Some) (.*\n)*.*is kept"

STORIES = [
    Story(
        "There is room again in time", 0, False,
        [
            FIRST, FULL, MEMORY,
            Step("The file is removed", r"What was held in\s+memory is\s+written", action="free", after=3),
            Step("Then q is pressed", ENDED, action="q"),
        ],
    ),
    Story(
        "There is room again too late", 74, True,
        [
            FIRST, FULL, Step(MEMORY.title, MEMORY.pattern, after=85),
            Step("The file is removed", r"What was held in\s+memory is\s+written", action="free", after=5),
            Step("Then q is pressed", ENDED, action="q"),
        ],
    ),
    Story(
        "Ended while the disk is full", 74, True,
        [FIRST, FULL, Step(MEMORY.title, MEMORY.pattern, after=5), Step("Then q is pressed", ENDED, action="q")],
    ),
]


class Disk:
    """A small file system, and a file that fills it."""

    def __init__(self, path: Path, size: str) -> None:
        path.mkdir()
        self.path, self.filler = path, path / "another-program.bin"
        subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size},mode=0700", "tmpfs", str(path)], check=True)

    def fill(self) -> None:
        with open(self.filler, "wb", buffering=0) as file:
            for block in (65_536, 4_096):
                try:
                    while True:
                        file.write(b"x" * block)
                except OSError:
                    pass

    def free(self) -> None:
        self.filler.unlink()

    def unmount(self) -> None:
        subprocess.run(["umount", "-l", str(self.path)], check=False)


def compare(arguments: argparse.Namespace, home: Path, environment: dict[str, str], heard: bytes, story: Story) -> str:
    """Checks the recording: nothing wrong, nothing missing but what it says itself."""
    steno, out = str(arguments.steno), home.parent / "kept.wav"

    def run(*words: str) -> str:
        done = subprocess.run([steno, *words], env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"'steno {' '.join(words)}' ended with {done.returncode}: {done.stdout}{done.stderr}")
        return done.stdout

    recording = json.loads(run("recordings", "list", "--sandbox", "--json").splitlines()[0])["id"]
    if story.steps[-2].action != "free":
        run("recordings", "recover", recording, "--sandbox")
    verified = run("recordings", "verify", recording, "--sandbox").strip().splitlines()[-1]
    run("recordings", "export", recording, "--sandbox", "--output", str(out))
    with wave.open(str(out)) as sound:
        kept = sound.readframes(sound.getnframes())
    heard = (heard + bytes(len(kept)))[:len(kept)]
    blocks = range(0, len(kept), 320)
    wrong = [start for start in blocks if kept[start:start + 320] != heard[start:start + 320]]
    missing = [start for start in wrong if not any(kept[start + 320:start + 640])]
    if (len(wrong) > len(missing) + 4) or (wrong and not story.has_gap):
        raise SystemExit(f"{len(wrong)} blocks of {len(list(blocks))} are not what was heard, {len(missing)} are missing.")
    return (
        f"`steno recordings verify`: {verified}\n\nOf {len(kept) / 32_000:.1f} s on the disk "
        f"{(len(kept) - 320 * len(wrong)) / 32_000:.1f} s are what the microphone heard, to the sample"
        + (f"; {len(wrong) / 100:.1f} s are missing, and said to be." if wrong else ": all of it.")
    )


def told(arguments: argparse.Namespace, story: Story, folder: Path) -> str:
    heard = samples(arguments.sample) * 12
    sound = microphone(folder / "microphone", heard, arguments.steno)
    disk = Disk(folder / "disk", DISK)
    try:
        home = folder / "home"
        home.mkdir(mode=0o700)
        environment = {
            "HOME": str(home), "PATH": os.environ["PATH"], "TERM": "xterm-256color", "NO_COLOR": "1", "LC_ALL": "C.UTF-8",
            "STENO_HOME": str(disk.path),
        } | sound
        engine = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "steno/engine"
        if engine.exists():
            (disk.path / "engine").symlink_to(engine)
        session = Session([str(arguments.steno), "live", "--sandbox"], environment, 80, 24)
        text = f"\n## {story.title}\n"
        for step in story.steps:
            if step.action in ("fill", "free"):
                getattr(disk, step.action)()
            elif step.action:
                session.press(step.action)
            shown = "\n".join(session.look(step.pattern)).rstrip()
            text += f"\n{step.title}:\n\n```text\n{shown}\n```\n"
            session.wait(step.after)
        code = session.end()
        text += f"\nExit code {code}. "
        if code != story.code:
            raise SystemExit(f"The program ended with {code}.\n{text}")
        if disk.filler.exists():
            disk.free()
        return text + compare(arguments, home, environment, heard, story) + "\n"
    finally:
        disk.unmount()


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/disk-full", description=__doc__)
    parser.add_argument("--steno", type=Path, default=ROOT / ".build/debug/steno", help="the program (default: %(default)s)")
    parser.add_argument(
        "--sample", type=Path, default=ROOT / "samples/audio/veterinary.wav", help="what is dictated (default: %(default)s)"
    )
    parser.add_argument(
        "--output", type=Path, default=ROOT / "docs/disk-full.md", help="the page to write (default: %(default)s)"
    )
    parser.add_argument("--story", type=int, help="only this one, from 1; prints it and writes nothing")
    arguments = parser.parse_args()
    if os.geteuid() != 0:
        raise SystemExit("A file system can only be mounted by root.")
    text = INTRODUCTION.format(disk=re.sub("m$", " MB", DISK), sample=arguments.sample.name)
    for number, story in enumerate(STORIES, 1):
        if arguments.story not in (None, number):
            continue
        with tempfile.TemporaryDirectory() as folder:
            text += told(arguments, story, Path(folder))
    if arguments.story is None:
        arguments.output.write_text(text, encoding="utf-8")
    else:
        print(text)


if __name__ == "__main__":
    main()
