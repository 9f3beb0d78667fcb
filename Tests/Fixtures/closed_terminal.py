#!/usr/bin/env python3
"""Runs a command on a terminal of its own, and closes the terminal when the command shows a text: as when a window is
closed, or a line to another machine is lost. Ends with the exit code of the command, as a shell shows it.

usage: closed_terminal.py TEXT COMMAND ARGUMENT…
"""

import os
import pty
import sys


def main() -> int:
    text, command = sys.argv[1].encode(), sys.argv[2:]
    identifier, terminal = pty.fork()
    if identifier == 0:
        os.execv(command[0], command)
    shown = b""
    while text not in shown:
        shown += os.read(terminal, 65_536)
    os.close(terminal)
    status = os.waitpid(identifier, 0)[1]
    return os.waitstatus_to_exitcode(status) % 256


if __name__ == "__main__":
    sys.exit(main())
