"""Tests of the fixture itself: a right client leaves no violation, each wrong step leaves the one that names it."""

import base64
import json
import os
import signal
import struct
import subprocess
import sys
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import raw_client
import speech
from juvoly import frames
from juvoly.pcm import PCMCheck
from juvoly.recogniser import LevelRecogniser
from juvoly.scenarios import ALL, Scenario

HERE = Path(__file__).parent
CLIP = speech.clip()
SUBSCRIBE = {"type": "subscribe", "subscription": {"type": "information"}}


class Fixture:
    """A server process for one test."""

    def __init__(self, scenario: str = "clean", *options: str, expect: bytes | None = CLIP) -> None:
        self.folder = tempfile.TemporaryDirectory()
        self.out = Path(self.folder.name)
        command = [sys.executable, str(HERE / "juvoly_server.py"), "--scenario", scenario, "--out", str(self.out)]
        if expect is not None:
            (self.out / "expect.raw").write_bytes(expect)
            command += ["--expect", str(self.out / "expect.raw")]
        pipe = subprocess.PIPE
        environment = {key: value for key, value in os.environ.items() if not key.startswith("JUVOLY_")}
        self.process = subprocess.Popen([*command, *options], stdin=pipe, stdout=pipe, env=environment)
        self.port = json.loads(self.process.stdout.readline())["port"]

    def __enter__(self) -> "Fixture":
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
        self.folder.cleanup()

    def stop(self) -> dict[str, Any]:
        """Ends the server and returns its report."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.stdin.close()
        self.process.wait(10)
        self.process.stdout.close()
        return json.loads((self.out / "report.json").read_text(encoding="utf-8"))


def dictate(fixture: Fixture, pcm: bytes = CLIP, piece: int = 3_200, texts: tuple[dict, ...] = ()) -> raw_client.Socket:
    """A right client: ready, audio, zeros until everything is final, close."""
    client = raw_client.Socket(fixture.port, raw_client.new_session(fixture.port))
    assert client.until("ready", 30)
    for text in texts:
        client.text(text)
    for at in range(0, len(pcm), piece):
        client.send(frames.BINARY, pcm[at:at + piece])
    for _ in range(9):
        client.send(frames.BINARY, bytes(3_200))
    return client


def settle(client: raw_client.Socket, finals: int, seconds: float = 8) -> None:
    """Reads until so many utterances are final."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if sum(message["completed"] for message in client.transcript().values()) >= finals:
            return
        client.until("transcript", end - time.monotonic())


class RightClient(unittest.TestCase):
    """Nothing a right client does is a violation."""

    def test_clean_run_is_reported_whole(self) -> None:
        with Fixture("clean", "--any-pace") as fixture:
            client = dictate(fixture)
            settle(client, 3)
            client.close()
            report = fixture.stop()
            self.assertEqual(report["violations"], [])
            connection = report["connections"][0]
            self.assertEqual(connection["close_code"], 1000)
            self.assertEqual(connection["source_samples"], len(CLIP) // 2)
            self.assertEqual(connection["trailing_zero_samples"], 9 * 1600)
            self.assertEqual((fixture.out / "pcm-1.raw").read_bytes(), CLIP + bytes(9 * 3_200))
            self.assertEqual(len(connection["transcript"]), 3)
            text = json.dumps(report)
            self.assertNotIn(raw_client.KEY, text)
            self.assertNotIn(client.session, text)

    def test_words_cover_all_sound(self) -> None:
        with Fixture("clean", "--any-pace") as fixture:
            client = dictate(fixture)
            settle(client, 3)
            client.close()
            words = [word for message in client.transcript().values() for word in message["utterance"]["words"]]
            for index in range(0, len(CLIP) // 2):
                (sample,) = struct.unpack_from("<h", CLIP, 2 * index)
                second = index / 16_000
                if abs(sample) > 1_000:
                    nearest = [word for word in words if word["start"] - 0.12 <= second <= word["end"] + 0.12]
                    self.assertTrue(nearest, f"{second} s is in no word")

    def test_every_odd_scenario_can_be_survived(self) -> None:
        def survive(scenario: Scenario) -> tuple[list[str], list[str], list[str]]:
            with Fixture(scenario.name, "--any-pace") as fixture:
                client = dictate(fixture, texts=(SUBSCRIBE,))
                settle(client, 3)
                client.close()
                report = fixture.stop()
            shown = [message["utterance"]["sentence"] for message in client.transcript().values()]
            wanted = [row["sentence"] for row in report["connections"][0]["transcript"]]
            return report["violations"], sorted(filter(None, shown)), sorted(wanted)

        def is_simple(scenario: Scenario) -> bool:
            first = {*scenario.sessions, *scenario.handshakes} & {"503", "429"}
            unfinished = scenario.partials == "only" or scenario.close == "final-first"
            return scenario.group == "odd" and scenario.delay <= 4 and not first and not unfinished

        scenarios = [scenario for scenario in ALL if is_simple(scenario)]
        with ThreadPoolExecutor(4) as pool:
            for scenario, outcome in zip(scenarios, pool.map(survive, scenarios)):
                with self.subTest(scenario.name):
                    violations, shown, wanted = outcome
                    self.assertEqual(violations, [])
                    if scenario.json != "trailing-comma":
                        self.assertEqual(shown, wanted)

    def test_summary_and_information_come_when_asked(self) -> None:
        with Fixture("clean", "--any-pace") as fixture:
            client = dictate(fixture, texts=(SUBSCRIBE,))
            settle(client, 3)
            client.text({"type": "summarizeSoep"})
            self.assertTrue(client.until("summarySoep"))
            client.close()
            types = [message["type"] for message in client.messages]
            self.assertEqual(types.count("information"), 1)
            self.assertEqual(fixture.stop()["violations"], [])

    def test_final_on_close_comes_after_the_close(self) -> None:
        with Fixture("final-on-close", "--any-pace") as fixture:
            client = dictate(fixture)
            settle(client, 3, 2)
            before = sum(message["completed"] for message in client.transcript().values())
            client.close()
            after = sum(message["completed"] for message in client.transcript().values())
            self.assertEqual((before, after), (2, 3))

    def test_throttled_session_is_given_after_the_wait(self) -> None:
        with Fixture("session-429-retry-after") as fixture:
            self.assertRaises(ConnectionError, raw_client.new_session, fixture.port)
            time.sleep(1)
            raw_client.new_session(fixture.port)
            self.assertEqual(fixture.stop()["violations"], [])

    def test_user_key_needs_master_key_and_user(self) -> None:
        with Fixture() as fixture:
            path, user = "/api/v2/rest/auth/user-api-key", "arts@praktijk.example:wacht:woord"
            basic = "Basic " + base64.b64encode(user.encode()).decode()
            headers = {**raw_client.common("fixture-master-key"), "Authorization": basic}
            self.assertEqual(raw_client.rest(fixture.port, "GET", path, headers)[0], 200)
            headers = {**raw_client.common(), "Authorization": basic}
            self.assertEqual(raw_client.rest(fixture.port, "GET", path, headers)[0], 401)

    def test_broker_hands_out_sessions_without_a_key(self) -> None:
        with Fixture() as fixture:
            status, _, body = raw_client.rest(fixture.port, "POST", "/broker/session", {})
            self.assertEqual(status, 200)
            raw_client.Socket(fixture.port, json.loads(body)["sessionId"]).close()
            self.assertEqual(fixture.stop()["violations"], [])

    def test_script_is_spoken_as_written(self) -> None:
        script = [{"sentence": "Goedemiddag, mevrouw.", "words": [
            {"word": "Goedemiddag,", "start": 0.4, "end": 1.1}, {"word": "mevrouw.", "start": 1.2, "end": 1.6},
        ]}]
        with tempfile.NamedTemporaryFile("w", suffix=".json") as file:
            json.dump(script, file)
            file.flush()
            with Fixture("clean", "--any-pace", "--utterances", file.name) as fixture:
                client = dictate(fixture)
                settle(client, 1)
                client.close()
                final = list(client.transcript().values())[0]
                self.assertEqual(final["utterance"]["sentence"], script[0]["sentence"])
                self.assertEqual(final["utterance"]["words"], script[0]["words"])

    def test_closed_stdin_ends_the_server(self) -> None:
        with Fixture() as fixture:
            fixture.process.stdin.close()
            fixture.process.wait(10)
            self.assertTrue(json.loads((fixture.out / "report.json").read_text())["finished"])


class Reconnecting(unittest.TestCase):
    """A dropped connection is replayed on a new one."""

    def test_replay_is_found_in_the_source(self) -> None:
        with Fixture("drop-tcp", "--any-pace") as fixture:
            client = raw_client.Socket(fixture.port, raw_client.new_session(fixture.port))
            client.until("ready")
            sent = 0
            try:
                for at in range(0, len(CLIP), 3_200):
                    client.send(frames.BINARY, CLIP[at:at + 3_200])
                    sent += 3_200
                    time.sleep(0.01)
            except ConnectionError:
                pass
            self.assertLess(sent, len(CLIP))
            cut = 2 * 16_000
            client = dictate(fixture, CLIP[cut:])
            settle(client, 1)
            client.close()
            report = fixture.stop()
            self.assertEqual(report["violations"], [])
            self.assertEqual(report["connections"][1]["offset_samples"], 16_000)

    def test_hole_between_connections_is_a_violation(self) -> None:
        with tempfile.TemporaryDirectory() as folder:
            check = PCMCheck(Path(folder) / "a", CLIP, heard=32_000)
            check.received(CLIP[40_000:])
            self.assertEqual(check.finish(whole=True), ["samples 16000 to 20000 were never sent"])

    def test_replay_yields_the_same_words(self) -> None:
        def words(offset: int) -> list[str]:
            recogniser = LevelRecogniser(30, offset)
            events = recogniser.received(CLIP[offset:] + bytes(32_000), 0)
            return [word[0] for event in events if event.final for word in event.utterance.words]

        whole = words(0)
        for offset in (2_000, 64_002, 80_000):
            later = words(offset)
            self.assertEqual(later[1:], whole[len(whole) - len(later) + 1:])


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
        for named, act in cases:
            with self.subTest(named):
                self.assertIn(named, self.violations(act))

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
        for named, more in cases:
            with self.subTest(named):
                self.assertIn(named, self.violations(lambda f, more=more: self.connect(f, **more)))

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
        for named, act in cases:
            with self.subTest(named):
                def run(fixture: Fixture, act: Any = act) -> None:
                    client = self.connect(fixture)
                    act(client)
                    client.until("close", 0.3)
                    client.stream.close()
                self.assertIn(named, self.violations(run))

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
        for scenario in ("wrong-accept", "foreign-subprotocol", "no-subprotocol", "extension-unasked"):
            with self.subTest(scenario):
                def go_on(fixture: Fixture) -> None:
                    self.connect(fixture).send(frames.BINARY, CLIP[:3_200])
                self.assertIn("has to be refused", self.violations(go_on, scenario))


if __name__ == "__main__":
    unittest.main()
