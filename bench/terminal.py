"""A terminal as far as steno needs one: what a screen shows after it was sent text, and no escapes but those steno sends."""

import re
import unicodedata

ESCAPE = re.compile(r"\x1b\[(\?)?(\d*(?:;\d+)*)([A-Za-z])")


def width(character: str) -> int:
    """Columns that a character takes; marks and joiners belong to the one before."""
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


class Terminal:
    """A screen, and the rows that scrolled off it."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self.memory: list[str] = []
        self.row = self.column = 0
        self.is_wrapping = self.is_cursor_shown = True
        self.is_updating = False
        self.unknown: list[str] = []
        self.cells = [self.blank() for _ in range(rows)]
        self.rest = ""

    def blank(self) -> list[str]:
        return [" "] * self.columns

    @property
    def screen(self) -> list[str]:
        """All rows, without the spaces at their ends."""
        return ["".join(row).rstrip() for row in self.cells]

    def feed(self, text: str) -> None:
        """Text may end in the middle of an escape; the rest of it comes with the next."""
        text = self.rest + text
        self.rest = ""
        index = 0
        while index < len(text):
            if text[index] != "\x1b":
                self.put(text[index])
                index += 1
                continue
            match = ESCAPE.match(text, index)
            if match:
                self.escape(match.group(1) or "", match.group(2), match.group(3))
                index = match.end()
            elif len(text) - index < 16:
                self.rest = text[index:]
                return
            else:
                self.unknown.append(text[index:index + 16])
                index += 1

    def put(self, character: str) -> None:
        if character == "\n":
            self.feed_line()
        elif character == "\r":
            self.column = 0
        elif character >= " ":
            self.show(character)

    def show(self, character: str) -> None:
        columns = width(character)
        if columns == 0:
            if self.column > 0:
                self.cells[self.row][self.column - 1] += character
            return
        if self.column + columns > self.columns:
            if self.is_wrapping:
                self.column = 0
                self.feed_line()
            else:
                self.column = self.columns - columns
        self.cells[self.row][self.column] = character
        if columns == 2:
            self.cells[self.row][self.column + 1] = ""
        self.column += columns

    def feed_line(self) -> None:
        if self.row < self.rows - 1:
            self.row += 1
        else:
            self.memory.append("".join(self.cells.pop(0)).rstrip())
            self.cells.append(self.blank())

    def escape(self, private: str, parameters: str, code: str) -> None:
        count = int(parameters) if parameters.isdigit() else 1
        if private and code in "hl":
            if parameters == "25":
                self.is_cursor_shown = code == "h"
            elif parameters == "7":
                self.is_wrapping = code == "h"
            elif parameters == "2026":
                self.is_updating = code == "h"
            else:
                self.unknown.append(f"?{parameters}{code}")
        elif code == "A":
            self.row = max(0, self.row - count)
        elif code == "B":
            self.row = min(self.rows - 1, self.row + count)
        elif code in "JK" and not parameters:
            self.cells[self.row][self.column:] = [" "] * (self.columns - self.column)
            if code == "J":
                self.cells[self.row + 1:] = [self.blank() for _ in range(self.rows - self.row - 1)]
        elif code != "m":
            self.unknown.append(f"{parameters}{code}")
