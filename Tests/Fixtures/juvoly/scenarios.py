"""Every behaviour of the service that a client has to live with, by name.

`live` speaks into a microphone in the place of a file: nothing said before the service is ready may be lost.
`odd` is legal by the vendor's document or its silence: a client must succeed, and must itself stay within the
contract. `reconnect` loses a connection: a client must end with the same words. `faulty` breaks the protocol: a
client must refuse, and send no audio and no secret.
"""

from dataclasses import dataclass

SUMMARY = ("--summary", "soep")
INFORMATION = ("--information",)
FLAC = ("--uplink", "flac")
REFUSALS = (69, 75, 77, 78)


@dataclass(frozen=True)
class Scenario:
    """One behaviour. Each field is a switch of the contract's emulator section; the defaults are the clean run."""

    name: str
    group: str
    about: str
    sessions: tuple[str, ...] = ("ok",)
    """Answers to `POST …/session` in turn; the last one repeats. The same for `handshakes`."""
    handshakes: tuple[str, ...] = ("accept",)
    ready: str = "soon"
    partials: str = "growing"
    finals: str = "once"
    json: str = "plain"
    framing: str = "whole"
    extras: str = ""
    ids: str = "counted"
    information: str = "once"
    summary: str = "soon"
    close: str = "at-once"
    drops: tuple[str, ...] = ()
    """How the first connections end; one after the last of these is not disturbed."""
    delay: float = 0.0
    """Seconds of whatever the scenario delays."""
    exits: tuple[int, ...] = (0,)
    """Exit codes of `steno stream` that are right here."""
    uplink: str = "pcm"
    """What has to be sent: raw PCM, or one continuous FLAC stream per connection."""
    arguments: tuple[str, ...] = ()
    """Options of `steno stream` that the scenario is about."""
    speed: str = "max"
    """`--speed` of `steno stream`, or `live`; the pace is checked unless it is `max`."""
    bursts: int = 3
    """How much is said, about two seconds each."""


def odd(name: str, about: str, **switches: object) -> Scenario:
    return Scenario(name, "odd", about, **switches)  # type: ignore[arg-type]


def live(name: str, about: str, **switches: object) -> Scenario:
    return Scenario(name, "live", about, **{"speed": "live", **switches})  # type: ignore[arg-type]


def reconnect(name: str, about: str, *drops: str, **switches: object) -> Scenario:
    return Scenario(name, "reconnect", about, drops=drops, **switches)  # type: ignore[arg-type]


def faulty(name: str, about: str, **switches: object) -> Scenario:
    return Scenario(name, "faulty", about, **{"exits": REFUSALS, **switches})  # type: ignore[arg-type]


ALL = [
    Scenario("clean", "clean", "nothing unusual, as fast as the client likes"),
    Scenario("pace", "clean", "nothing unusual, at real time", speed="1"),
    Scenario("summary", "clean", "a summary is asked for", arguments=SUMMARY),
    Scenario("information", "clean", "information is subscribed to", arguments=INFORMATION),
    Scenario("uplink-flac", "clean", "the audio is a FLAC stream", uplink="flac", arguments=FLAC),
    Scenario("uplink-flac-pace", "clean", "the same at real time", uplink="flac", arguments=FLAC, speed="1"),
    live("live", "a microphone, and nothing unusual"),
    live("live-flac", "a microphone, and the audio is a FLAC stream", uplink="flac", arguments=FLAC),
    live("live-ready-late", "a microphone, and ready comes after 10 s", ready="late", delay=10),
    live("live-ready-very-late", "a microphone, and ready comes after 25 s", ready="late", delay=25),
    odd("ready-late", "ready comes after 5 s", ready="late", delay=5),
    odd("ready-very-late", "ready comes after 25 s", ready="late", delay=25),
    odd("ready-twice", "ready comes again, at once and in mid-stream", ready="twice"),
    odd("ready-glued", "ready is in the same packet as the 101", ready="glued"),
    odd("transcript-before-ready", "an interim transcript comes before ready", ready="after-transcript"),
    odd("handshake-mixed-case", "the 101 has other spellings, more headers, no reason", handshakes=("mixed-case",)),
    odd("partials-growing", "interim texts grow word by word", partials="growing"),
    odd("partials-shrinking", "interim texts shrink, finals are shorter than the last", partials="shrinking"),
    odd("partials-interleaved", "interim texts of two utterances alternate", partials="interleaved"),
    odd("partials-none", "only finals", partials="none"),
    odd("partials-only", "nothing is ever completed", partials="only", exits=(75,)),
    odd("finals-repeated", "finals come three times", finals="repeated"),
    odd("partial-after-final", "an interim text follows its final", finals="partial-after"),
    odd("empty-final", "an utterance ends empty", finals="empty"),
    odd("sentence-differs-from-words", "sentences are not their joined words", finals="differs"),
    odd("several-open-at-once", "utterances stay open and complete in reverse order", partials="held"),
    odd("words-empty-in-partials", "interim texts have no words", partials="wordless"),
    odd("words-empty", "one more final has a sentence and no words", finals="wordless", exits=(0, 75)),
    odd("ids-random", "utterance ids are not numbers", ids="random"),
    odd("key-order", "keys in another order", json="reversed"),
    odd("trailing-comma", "trailing commas, as in the vendor's sample", json="trailing-comma"),
    odd("json-pretty", "line breaks, tabs and spaces inside messages", json="pretty"),
    odd("json-escapes", "every character that may be escaped is", json="escapes"),
    odd("unknown-type", "messages of unknown types", extras="unknown-type"),
    odd("unknown-field", "unknown fields at every level", json="unknown-field"),
    odd("binary-from-server", "binary messages from the server", extras="binary"),
    odd("fragmented-frames", "messages in fragments, pings between them", framing="fragmented"),
    odd("one-byte-segments", "every byte in a packet of its own", framing="drip"),
    odd("two-frames-per-packet", "two messages in one packet", framing="paired"),
    odd("ping-from-server", "the server pings, with and without payload", extras="ping"),
    odd("pong-unsolicited", "pongs that nobody asked for", extras="pong"),
    odd("error-message", "a message of type error in mid-stream", extras="error"),
    odd("stall", "no message for 4 s in mid-stream", extras="stall", delay=4),
    odd("information-none", "a subscription that yields nothing", information="none", arguments=INFORMATION),
    odd("information-snapshot", "each message holds all so far", information="snapshot", arguments=INFORMATION),
    odd("information-additive", "each message holds what is new", information="additive", arguments=INFORMATION),
    odd("information-empty", "empty and missing arrays", information="empty", arguments=INFORMATION),
    odd("unknown-system", "unknown coding system and origin", information="unknown", arguments=INFORMATION),
    odd("summary-slow", "the summary takes 6 s", summary="slow", delay=6, arguments=SUMMARY),
    odd("summary-twice", "the summary comes twice", summary="twice", arguments=SUMMARY),
    odd("summary-empty-episodes", "the summary has no episodes", summary="empty", arguments=SUMMARY),
    odd("final-on-close", "the last final comes between close and its answer", close="final-first"),
    odd("close-slow", "the close answer takes 1.5 s", close="slow", delay=1.5),
    odd("session-extra-fields", "the session has more fields, claimed", sessions=("extra",)),
    odd("session-chunked", "the session comes in chunks", sessions=("chunked",)),
    odd("session-503-then-200", "the first session request fails", sessions=("503", "ok")),
    odd("session-429-retry-after", "the first session request is throttled for 1 s", sessions=("429", "ok")),
    odd("handshake-503-once", "the first handshake fails and spends its session", handshakes=("503", "accept")),
    reconnect("drop-tcp", "the connection breaks in mid-word", "tcp"),
    reconnect("drop-reset", "the connection is reset in mid-word", "reset"),
    reconnect("drop-1001", "the server goes away", "1001"),
    reconnect("drop-1011", "the server fails", "1011"),
    reconnect("drop-1012-ids-continue", "the server restarts, ids go on", "1012", ids="continued"),
    reconnect("drop-1013-ids-random", "the server is busy, ids are random", "1013", ids="random"),
    reconnect("drop-1000-unasked", "the server closes normally, unasked", "1000"),
    reconnect("drop-twice", "two connections break", "1011", "tcp"),
    reconnect("drop-flac", "a FLAC stream breaks and begins anew", "1011", uplink="flac", arguments=FLAC),
    reconnect("drop-in-drain", "the connection breaks after the last sample", "drain"),
    reconnect("dead-peer", "the first connection stops answering anything, pings too", "dead", speed="1", bursts=10),
    reconnect("pace-strict", "faster than 1.1 x real time is closed with 1008", "pace", speed="1.5"),
    faulty("wrong-accept", "Sec-WebSocket-Accept is wrong", handshakes=("wrong-accept",)),
    faulty("foreign-subprotocol", "a subprotocol that was not offered", handshakes=("foreign",)),
    faulty("no-subprotocol", "no subprotocol is chosen", handshakes=("none",)),
    faulty("extension-unasked", "an extension that was not offered", handshakes=("extension",)),
    faulty("redirect-302", "the handshake is redirected to a canary", handshakes=("redirect",)),
    faulty("session-redirect-307", "the session request is redirected to a canary", sessions=("redirect",)),
    faulty("session-401", "the API key is refused", sessions=("401",), exits=(77,)),
    faulty("session-html", "the session answer is a web page", sessions=("html",)),
    faulty("html-200", "the handshake is answered with a web page", handshakes=("html",)),
    faulty("never-ready", "ready never comes", ready="never"),
    faulty("silent", "audio is taken, nothing is ever said", partials="none", finals="none", exits=(75,)),
]

BY_NAME = {scenario.name: scenario for scenario in ALL}
GROUPS = ["clean", "live", "odd", "reconnect", "faulty"]
