"""Dictates to the built program on emulated terminals and writes what they show into docs/live-session.md."""

import argparse
import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import tempfile
import termios
import time
import wave
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "Tests/Fixtures"))
from microphone import microphone  # noqa: E402
from terminal import Terminal  # noqa: E402

SIZES = [(80, 24), (40, 12)]
PATIENCE = 60
"""Seconds after which a scene is given up."""

INTRODUCTION = """# A live session

What `steno live` shows while somebody dictates, on terminals of two sizes. `scripts/session-capture` makes this page: it
runs the program against the sandbox with a virtual microphone that hears `samples/audio/{sample}`, presses the keys, and
writes down what an emulated terminal shows. Where there are colours, what stands between ‹ and › is dim instead: these words
may still change. Times and interim words differ a little from run to run.
"""


@dataclass
class Scene:
    """A moment worth showing."""

    title: str
    pattern: str
    """What the screen shows then."""
    key: str = ""
    """Pressed afterwards."""
    after: float = 0
    """Seconds until it is pressed."""


SCENES = [
    Scene("The first words", r"‹"),
    Scene(
        "Finished utterances scroll up, the next one is on its way, its settled words first. Then space is pressed",
        r"this\.\n[^‹]*\.\n[^‹]*\w ‹",
        key=" ",
    ),
    Scene("Paused, until space is pressed again", r"(?m)^Paused", key=" ", after=4),
    Scene("The pause is told, and it goes on. Then q is pressed", r"Paused at[^‹]*\.\n[^‹]*\.\n[^‹]*\w ‹", key="q"),
    Scene("How it ended", r"(?m)^(Done|Ended) (.*\n)+.*is kept"),
]


class Session:
    """The program on a terminal of its own."""

    def __init__(self, command: list[str], environment: dict[str, str], columns: int, rows: int) -> None:
        self.terminal = Terminal(columns, rows)
        self.main, end = pty.openpty()
        fcntl.ioctl(end, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

        def lead() -> None:
            os.setsid()
            fcntl.ioctl(0, termios.TIOCSCTTY, 0)

        self.process = subprocess.Popen(
            command, stdin=end, stdout=end, stderr=end, env=environment, preexec_fn=lead, close_fds=True
        )
        os.close(end)
        self.is_over = False

    def look(self, pattern: str) -> list[str]:
        """Waits until the screen shows it and is whole, and gives its rows."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            text = "\n".join(self.terminal.screen).rstrip()
            if not self.terminal.is_updating and re.search(pattern, text):
                return self.terminal.screen
            if self.is_over:
                break
            self.read(deadline - time.monotonic())
        self.process.kill()
        shown = "\n".join(self.terminal.memory + self.terminal.screen).rstrip()
        raise SystemExit(f"'{pattern}' was never shown. The terminal shows:\n{shown}")

    def read(self, patience: float) -> None:
        if not select.select([self.main], [], [], max(0, patience))[0]:
            return
        try:
            data = os.read(self.main, 65_536)
        except OSError:
            # The last program on the terminal has left it.
            data = b""
        self.is_over = not data
        self.terminal.feed(self.decode(data))

    rest = b""

    def decode(self, data: bytes) -> str:
        """A character may come in two pieces."""
        data = self.rest + data
        for cut in range(4):
            try:
                text = data[:len(data) - cut].decode()
            except UnicodeDecodeError:
                continue
            self.rest = data[len(data) - cut:]
            return text
        return data.decode(errors="replace")

    def wait(self, seconds: float) -> None:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.is_over:
            self.read(deadline - time.monotonic())

    def press(self, key: str) -> None:
        os.write(self.main, key.encode())

    def end(self) -> int:
        while not self.is_over:
            self.read(PATIENCE)
        code = self.process.wait(PATIENCE)
        terminal = self.terminal
        if terminal.unknown or terminal.is_updating or not (terminal.is_wrapping and terminal.is_cursor_shown):
            raise SystemExit(f"The terminal was not left as it was. Unknown escapes: {terminal.unknown}")
        return code


def samples(path: Path) -> bytes:
    with wave.open(str(path)) as sound:
        if (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) != (1, 2, 16_000):
            raise SystemExit(f"'{path}' is not 16 kHz mono 16-bit.")
        return sound.readframes(sound.getnframes())


def captured(arguments: argparse.Namespace, columns: int, rows: int, folder: Path) -> str:
    """One dictation, as a chapter."""
    sound = microphone(folder / "microphone", samples(arguments.sample), arguments.steno)
    home = folder / "home"
    home.mkdir(mode=0o700)
    environment = {
        "HOME": str(home), "PATH": os.environ["PATH"], "TERM": "xterm-256color", "NO_COLOR": "1", "LC_ALL": "C.UTF-8",
    } | sound
    engine = Path(os.environ.get("XDG_DATA_HOME", Path.home() / ".local/share")) / "steno/engine"
    if engine.exists():
        (home / ".local/share/steno").mkdir(parents=True)
        (home / ".local/share/steno/engine").symlink_to(engine)
    session = Session([str(arguments.steno), "live", "--sandbox"], environment, columns, rows)
    text = f"\n## {columns} by {rows}\n"
    for scene in SCENES:
        shown = session.look(scene.pattern)
        picture = "\n".join(shown).rstrip()
        text += f"\n{scene.title}:\n\n```text\n{picture}\n```\n"
        if scene.key:
            session.wait(scene.after)
            session.press(scene.key)
    code = session.end()
    if code != 0:
        raise SystemExit(f"The program ended with {code}.")
    return text


def main() -> None:
    parser = argparse.ArgumentParser(prog="scripts/session-capture", description=__doc__)
    parser.add_argument("--steno", type=Path, default=ROOT / ".build/debug/steno", help="the program (default: %(default)s)")
    parser.add_argument(
        "--sample", type=Path, default=ROOT / "samples/audio/veterinary.wav", help="what is dictated (default: %(default)s)"
    )
    parser.add_argument(
        "--output", type=Path, default=ROOT / "docs/live-session.md", help="the page to write (default: %(default)s)"
    )
    arguments = parser.parse_args()
    text = INTRODUCTION.format(sample=arguments.sample.name)
    for columns, rows in SIZES:
        with tempfile.TemporaryDirectory() as folder:
            text += captured(arguments, columns, rows, Path(folder))
    arguments.output.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
