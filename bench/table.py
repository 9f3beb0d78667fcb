"""The table of docs/performance.md and the machine it was measured on."""

import os
import platform
from dataclasses import dataclass
from pathlib import Path
from statistics import median

from measure import Run

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
FLOOR, NIO = "C floor", "bare NIO"
SKELETON = f"# Performance\n\n{BEGIN}\n{END}\n"


@dataclass
class Row:
    """What all runs of one client came to."""

    name: str
    cpu: float
    """The least CPU seconds per audio hour: what disturbs a run only ever adds."""
    speed: float
    memory: float
    start: float


def row(name: str, runs: list[Run], starts: list[Run], seconds: float) -> Row | None:
    """The numbers of a client, `None` when no run was whole."""
    runs, starts = [r for r in runs if r.is_whole], [r for r in starts if r.is_whole]
    if not runs or not starts:
        return None
    cpu = min(r.cpu for r in runs) * 3600 / seconds
    speed = seconds / median(r.wall for r in runs)
    memory = median(r.memory for r in runs) / 1e6
    return Row(name, cpu, speed, memory, 1000 * median(r.start for r in starts))


def ratio(value: float, base: float | None) -> str:
    return "" if not base else f"{value / base:.1f}" if value / base < 99.5 else f"{value / base:.0f}"


def table(rows: list[Row]) -> str:
    """Markdown, one line per client."""
    by_name = {each.name: each for each in rows}
    floor, nio = by_name.get(FLOOR), by_name.get(NIO)
    lines = [
        "| client | CPU s per audio hour | × floor | × bare NIO | × real time | peak memory, MB | × bare NIO "
        "| start to first audio byte, ms | × bare NIO |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in rows:
        cells = [
            each.name, f"{each.cpu:.2f}", ratio(each.cpu, floor and floor.cpu), ratio(each.cpu, nio and nio.cpu),
            f"{each.speed:,.0f}", f"{each.memory:.1f}", ratio(each.memory, nio and nio.memory),
            f"{each.start:.1f}", ratio(each.start, nio and nio.start),
        ]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def machine() -> str:
    """Where it was measured; no date and no name."""
    facts = [line.partition(":") for line in Path("/proc/cpuinfo").read_text().splitlines()]
    model = next((value.strip() for name, _, value in facts if name.strip() == "model name"), platform.machine())
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    return f"{os.cpu_count()} cores ({model}), {memory:.0f} GiB of memory, Linux {platform.release()}"


def write(path: Path, text: str) -> None:
    """Puts the text between the markers; the prose around them stays."""
    whole = path.read_text(encoding="utf-8") if path.exists() else SKELETON
    if BEGIN not in whole or END not in whole:
        raise SystemExit(f"'{path}' has no {BEGIN} … {END} to write between.")
    before, _, rest = whole.partition(BEGIN)
    _, _, after = rest.partition(END)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"{before}{BEGIN}\n{text}\n{END}{after}", encoding="utf-8")
