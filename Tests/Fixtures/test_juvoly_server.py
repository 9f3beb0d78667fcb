"""Tests of the fixture itself: a client that does everything right leaves no violation, whatever the scenario."""

import base64
import json
import struct
import tempfile
import time
import unittest
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import raw_client
from fixture_process import CLIP, SUBSCRIBE, Fixture, dictate, flac_frames, settle
from juvoly import frames
from juvoly.pcm import PCMCheck
from juvoly.recogniser import LevelRecogniser
from juvoly.scenarios import ALL, Scenario


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

    def test_flac_stream_is_compared_to_the_sample(self) -> None:
        pieces = flac_frames(CLIP + bytes(32_000))
        for scenario, wanted in (("uplink-flac", []), ("uplink-flac-pace", ["audio comes faster than"])):
            with self.subTest(scenario), Fixture(scenario, *(["--any-pace"] if not wanted else [])) as fixture:
                session = raw_client.new_session(fixture.port)
                client = raw_client.Socket(fixture.port, session, path="/api/v2/socket/generic")
                client.until("ready")
                for piece in pieces:
                    client.send(frames.BINARY, piece)
                settle(client, 3)
                client.close()
                report = fixture.stop()
                self.assertEqual([text[14:14 + 23] for text in report["violations"]], wanted)
                self.assertEqual(report["connections"][0]["source_samples"], len(CLIP) // 2)

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


if __name__ == "__main__":
    unittest.main()
