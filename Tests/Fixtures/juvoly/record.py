"""What the server saw, without any secret: the report that a test reads."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any


@dataclass
class ConnectionRecord:
    """One WebSocket connection, or an attempt at one."""

    number: int
    path: str
    query: str
    header_names: list[str]
    protocols_as_expected: bool = False
    accepted: bool = False
    opened_at: float = 0.0
    """Seconds of the machine's monotonic clock, which other processes of the machine share."""
    first_audio_at: float | None = None
    seconds: float = 0.0
    frames: int = 0
    bytes: int = 0
    piece_max: int = 0
    piece_min: int = 0
    fastest_pace: float = 0.0
    offset_samples: int | None = 0
    source_samples: int = 0
    trailing_zero_samples: int = 0
    texts: list[str] = field(default_factory=list)
    pings: int = 0
    pongs: int = 0
    close_code: int | None = None
    ended: str = "open"
    """Who ended it: `client`, `server`, `lost` (no close from the client), `refused`, or still `open`."""
    transcript: list[dict[str, Any]] = field(default_factory=list)
    """The utterances that a right client shows, in connection times."""


@dataclass
class RESTRecord:
    """One call to the REST part."""

    method: str
    path: str
    header_names: list[str]
    api_key_as_expected: bool
    client_id_as_expected: bool
    body_as_expected: bool
    status: int


@dataclass
class Report:
    """Everything of one run, written again at each change of importance."""

    scenario: str
    folder: Path
    violations: list[str] = field(default_factory=list)
    connections: list[ConnectionRecord] = field(default_factory=list)
    rest: list[RESTRecord] = field(default_factory=list)
    canary: list[dict[str, Any]] = field(default_factory=list)
    """Requests that came to the address to which a redirect pointed: each one is a leak."""

    def violation(self, text: str) -> None:
        self.violations.append(text)

    def write(self, finished: bool = False) -> None:
        """Replaces `report.json` in one step, so that a reader never sees half of it."""
        value = {
            "scenario": self.scenario,
            "finished": finished,
            "violations": self.violations,
            "connections": [asdict(record) for record in self.connections],
            "rest": [asdict(record) for record in self.rest],
            "canary": self.canary,
        }
        draft = self.folder / "report.json.new"
        draft.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        os.replace(draft, self.folder / "report.json")
