"""Tests of the fixture itself: each wrong step of a client leaves the violation that names it."""

import time
import unittest
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import raw_client
from fixture_process import CLIP, SUBSCRIBE, Fixture, dictate, flac_frames
from juvoly import frames

Act = Callable[[Any], object]


class WrongClient(unittest.TestCase):
    """Each wrong step leaves a violation that names it."""

    def violations(self, act: Any, scenario: str = "clean", *options: str) -> str:
        with Fixture(scenario, *options) as fixture:
            try:
                act(fixture)
            except (ConnectionError, AssertionError):
                pass
            time.sleep(0.05)
            return " | ".join(fixture.stop()["violations"])

    def each(self, cases: list[tuple[str, Act]]) -> None:
        """Every case against a server of its own, some at the same time."""
        with ThreadPoolExecutor(4) as pool:
            for (named, _), found in zip(cases, pool.map(lambda case: self.violations(case[1]), cases)):
                with self.subTest(named):
                    self.assertIn(named, found)

    def connect(self, fixture: Fixture, **more: Any) -> raw_client.Socket:
        client = raw_client.Socket(fixture.port, raw_client.new_session(fixture.port), **more)
        client.until("ready", 2)
        return client

    def test_wrong_rest_calls(self) -> None:
        path = "/api/v2/rest/session"
        right = {**raw_client.common(), "Content-Type": "application/json"}
        cases = [
            ("Content-Type", lambda f: raw_client.rest(f.port, "POST", path, raw_client.common(), b"{}")),
            ("the body of a session request", lambda f: raw_client.rest(f.port, "POST", path, right)),
            ("asked for with GET", lambda f: raw_client.rest(f.port, "GET", path, right, b"{}")),
            ("Api-Key", lambda f: raw_client.rest(f.port, "POST", path, {"Content-Type": "application/json"}, b"{}")),
            ("which does not exist", lambda f: raw_client.rest(f.port, "POST", "/api/v1/x", right, b"{}")),
            ("broker got", lambda f: raw_client.rest(f.port, "POST", "/broker/session", right, b"{}")),
            ("Origin", lambda f: raw_client.rest(f.port, "POST", path, {**right, "Origin": "http://a"}, b"{}")),
            ("HTTP:", lambda f: raw_client.rest(f.port, "POST", "x" + path, right, b"{}")),
        ]
        self.each(cases)

    def test_wrong_handshakes(self) -> None:
        cases: list[tuple[str, dict[str, Any]]] = [
            ("in this order", {"protocols": "fixture-client, v2.juvoly, x"}),
            ("was not issued", {"protocols": "v2.juvoly, fixture-client, x"}),
            ("Origin", {"extra": {"Origin": "http://127.0.0.1"}}),
            ("Extensions", {"extra": {"Sec-WebSocket-Extensions": "permessage-deflate"}}),
            ("carries an API key", {"extra": {"X-Juvoly-Api-Key": raw_client.KEY}}),
            ("query is not", {"path": "/api/v2/socket/generic?encoding=pcm"}),
            ("model is unknown", {"path": "/api/v2/socket/general?encoding=PCM"}),
            ("Version is not 13", {"extra": {"Sec-WebSocket-Version": "8"}}),
            ("not 16 bytes", {"extra": {"Sec-WebSocket-Key": "abcd"}}),
        ]
        self.each([(named, lambda f, more=more: self.connect(f, **more)) for named, more in cases])

    def test_session_opens_one_socket_only(self) -> None:
        def twice(fixture: Fixture) -> None:
            session = raw_client.new_session(fixture.port)
            self.assertEqual(raw_client.Socket(fixture.port, session).status, 101)
            self.assertEqual(raw_client.Socket(fixture.port, session).status, 403)
        self.assertIn("used before", self.violations(twice))

    def test_expired_session_opens_none(self) -> None:
        def late(fixture: Fixture) -> None:
            session = raw_client.new_session(fixture.port)
            time.sleep(0.3)
            self.assertEqual(raw_client.Socket(fixture.port, session).status, 403)
        self.assertIn("expired", self.violations(late, "clean", "--session-lifetime", "0.2"))

    def test_wrong_messages(self) -> None:
        cases: list[tuple[str, Any]] = [
            ("piece of audio has 3 bytes", lambda c: c.send(frames.BINARY, b"abc")),
            ("piece of audio has 0 bytes", lambda c: c.send(frames.BINARY, b"")),
            ("piece of audio has 32002 bytes", lambda c: c.send(frames.BINARY, bytes(32_002))),
            ("neither of the two", lambda c: c.text({"type": "configure"})),
            ("neither of the two", lambda c: c.text({**SUBSCRIBE, "more": 1})),
            ("second subscription", lambda c: [c.text(SUBSCRIBE), c.text(SUBSCRIBE)]),
            ("before any audio", lambda c: c.text({"type": "summarizeSoep"})),
            ("not JSON", lambda c: c.send(frames.TEXT, b"{")),
            ("not valid UTF-8", lambda c: c.send(frames.TEXT, b"\xff\xfe")),
            ("not masked", lambda c: c.stream.sendall(b"\x82\x02ab")),
            ("shortest form", lambda c: c.stream.sendall(b"\x82\xfe\x00\x02\0\0\0\0ab")),
            ("reserved bit", lambda c: c.send(frames.BINARY, b"ab", head=0x40)),
            ("is reserved", lambda c: c.send(0x3, b"ab")),
            ("more than 125", lambda c: c.send(frames.PING, bytes(126))),
            ("continuation", lambda c: c.send(frames.CONTINUATION, b"ab")),
            ("close code is 1001", lambda c: c.close(1001)),
            ("code 1005 may not", lambda c: c.close(1005)),
            ("without a close frame", lambda c: c.stream.close()),
            ("data follows", lambda c: [c.send(frames.CLOSE, b"\x03\xe8"), c.send(frames.BINARY, b"ab")]),
            ("1.6 x real time", lambda c: [c.send(frames.BINARY, CLIP[i:i + 32_000]) for i in (0, 32_000)]),
            ("arrived changed", lambda c: c.send(frames.BINARY, bytes([1]) + CLIP[1:3_200])),
            ("masking keys", lambda c: [c.send(frames.PING, b""), *[
                c.send(frames.BINARY, CLIP[i:i + 32], mask=bytes(4)) for i in range(0, 640, 32)
            ]]),
            ("samples, 1600 arrived", lambda c: [c.send(frames.BINARY, CLIP[:3_200]), c.close()]),
        ]

        def run(fixture: Fixture, act: Act) -> None:
            client = self.connect(fixture)
            act(client)
            client.until("close", 0.3)
            client.stream.close()
        self.each([(named, lambda fixture, act=act: run(fixture, act)) for named, act in cases])

    def test_broken_flac(self) -> None:
        def broken(fixture: Fixture) -> None:
            client = self.connect(fixture, path="/api/v2/socket/generic")
            pieces = flac_frames(CLIP[:16_000])
            for piece in [pieces[0], pieces[1][:-1] + b"\0"]:
                client.send(frames.BINARY, piece)
            client.until("close", 2)
            self.assertEqual(client.close_code, 1003)
        self.assertIn("checksum of frame 0", self.violations(broken, "uplink-flac"))

    def test_message_before_ready(self) -> None:
        def early(fixture: Fixture) -> None:
            client = raw_client.Socket(fixture.port, raw_client.new_session(fixture.port))
            client.send(frames.BINARY, CLIP[:3_200])
            client.until("close", 0.3)
        self.assertIn("before ready", self.violations(early, "ready-late"))

    def test_too_many_or_other_trailing_samples(self) -> None:
        def zeros(fixture: Fixture) -> None:
            client = dictate(fixture)
            for _ in range(5):
                client.send(frames.BINARY, bytes(32_000))
            client.close()

        def noise(fixture: Fixture) -> None:
            dictate(fixture, CLIP + b"\1\0").close()
        self.assertIn("at most 80,000", self.violations(zeros, "clean", "--any-pace"))
        self.assertIn("is not zeros", self.violations(noise, "clean", "--any-pace"))

    def test_unanswered_ping(self) -> None:
        def mute(fixture: Fixture) -> None:
            client = raw_client.Socket(fixture.port, raw_client.new_session(fixture.port))
            time.sleep(2.6)
            client.stream.sendall(b"\x88\x82\0\0\0\0\x03\xe8")
            time.sleep(0.3)
        self.assertIn("pings were not answered", self.violations(mute, "ping-from-server"))

    def test_followed_redirect_reaches_the_canary(self) -> None:
        def follow(fixture: Fixture) -> None:
            client = raw_client.Socket(fixture.port, raw_client.new_session(fixture.port))
            self.assertEqual(client.status, 302)
            port = int(client.head.split("http://127.0.0.1:")[1].split("/")[0])
            raw_client.rest(port, "GET", "/", {})
        self.assertIn("redirect was followed", self.violations(follow, "redirect-302"))

    def test_audio_after_a_bad_handshake(self) -> None:
        def go_on(fixture: Fixture) -> None:
            self.connect(fixture).send(frames.BINARY, CLIP[:3_200])
        for scenario in ("wrong-accept", "foreign-subprotocol", "no-subprotocol", "extension-unasked"):
            with self.subTest(scenario):
                self.assertIn("has to be refused", self.violations(go_on, scenario))


if __name__ == "__main__":
    unittest.main()
