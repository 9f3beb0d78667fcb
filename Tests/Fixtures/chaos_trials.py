"""What the network and the service do to one recording, by name. A line is written as `steno-chaos` takes it.

`half` in a line stands for half of the bytes of the audio. Every trial must end with the words of an undisturbed run, each
once, unless it says what else has to happen.
"""

from dataclasses import dataclass

FLAC = ("--uplink", "flac")


@dataclass(frozen=True)
class Trial:
    name: str
    about: str
    lines: tuple[str, ...] = ()
    """What becomes of the first sockets, in turn."""
    rest: str = "clean"
    """What becomes of those after them."""
    faults: tuple[str, ...] = ()
    """Switches of the sandbox."""
    arguments: tuple[str, ...] = ()
    speed: str = "max"
    """`--speed` of `steno stream`, or `live`."""
    bursts: int = 6
    """How much is said, about two seconds each."""
    exit_code: int = 0
    loses: bool = False
    """The service never works: nothing is recognised, and all audio is kept."""
    found_within: float = 0.0
    """Seconds from the fault until it is noticed; zero is not judged."""
    tells_lag: bool = False
    """How far it is behind must be on standard error."""
    connections: int = 2
    """At least so many."""
    limit: float = 120.0
    """Seconds after which it hangs."""


FATES = [
    ("reset", "a reset after half of the frames, and a fresh server"),
    ("close", "the connection ends without a close frame"),
    ("half", "a half-closed connection"),
]


def both(name: str, about: str, **switches: object) -> list[Trial]:
    """The same for a file, as fast as the sandbox takes it, and for a microphone."""
    return [
        Trial(f"{name}-stream", about, **switches),  # type: ignore[arg-type]
        Trial(f"{name}-live", about, **{**switches, "speed": "live"}),  # type: ignore[arg-type]
    ]


ALL = [
    *(trial for name, about in FATES for trial in both(name, about, lines=(f"{name}@half",))),
    *both("reset-in-handshake", "a reset in the answer to the handshake", lines=("reset@60:server",),
          connections=1),
    *both("black-hole", "nothing is forwarded any more, without an end", lines=("hole@half",), found_within=12.5),
    *both("black-hole-30", "the same, and the old connection comes back after 30 s", lines=("hole@half/30",),
          found_within=12.5, bursts=20),
    *both("stop-reading", "the far side reads nothing for 60 s", lines=("stall@half/60",), found_within=12.5, bursts=20),
    *both("link-down-60", "the link is down for 60 s, for every connection", lines=("down@half/60",), found_within=12.5,
          arguments=("--give-up", "120s"), limit=240),
    *both("refused-20", "a reset, and nobody listens for 20 s", lines=("refuse@half/20",)),
    *both("resets", "every connection is reset after 100 kB, five times", lines=("reset@100000",) * 5, bursts=20,
          connections=6, limit=180),
    *both("one-byte-segments", "every byte in a segment of its own", rest="segment=1", connections=1),
    *both("delay", "everything arrives 700 ms later", rest="delay=0.7", connections=1),
    *both("close-1011", "closed with 1011 in the place of ready, five times, and then a server that works",
          faults=("drop=message:1:1011@1-5",), connections=6),
    *both("close-1008", "closed with 1008 at once, for ever", faults=("drop=message:1:1008",), exit_code=77, loses=True),
    *both("close-4403", "closed with 4403 at once, for ever", faults=("drop=message:1:4403",), exit_code=77, loses=True),
    Trial("close-1008-stable", "closed with 1008 three times, each after a connection that was stable for 30 s",
          faults=("drop=byte:1040000:1008@1-3",), speed="live", bursts=62, connections=4, limit=260),
    Trial("uplink-64k", "an uplink of 64 kbit/s, raw samples", rest="rate=64000", speed="live", bursts=12, connections=1,
          tells_lag=True, limit=300),
    Trial("uplink-64k-flac", "an uplink of 64 kbit/s, a FLAC stream", rest="rate=64000", speed="live", bursts=12,
          arguments=FLAC, connections=1, tells_lag=True, limit=240),
    Trial("uplink-recovers", "an uplink of 64 kbit/s that breaks, and then a fast one", lines=("rate=64000,reset@half",),
          speed="live", bursts=12, tells_lag=True, limit=240),
]
BY_NAME = {trial.name: trial for trial in ALL}
