#!/usr/bin/env python3
"""A Juvoly V2 server for tests, outside the product's code: strict, scripted, standard library only.

Prints {"port": N} on stdout when it is ready, and keeps DIR/report.json (violations, connections, REST calls) and
DIR/pcm-N.raw (the audio of connection N) up to date. Ends on SIGTERM, SIGINT, or when stdin, if it is a pipe, closes.

The credentials that it takes for right come from the same variables that the client reads (JUVOLY_API_KEY,
JUVOLY_CLIENT_ID) and from FIXTURE_MASTER_KEY and FIXTURE_USER (e-mail:password); without them: fixture-api-key,
fixture-client, fixture-master-key, arts@praktijk.example:wacht:woord. A client uses
  JUVOLY_REST_URL    http://127.0.0.1:N/api/v2/rest
  JUVOLY_SOCKET_URL  ws://127.0.0.1:N/api/v2/socket/
  JUVOLY_SESSION_URL http://127.0.0.1:N/broker/session     (the organisation's broker, instead of the API key)
"""

import argparse
import asyncio
import json
import os
import signal
import stat
import sys
from dataclasses import replace
from pathlib import Path

from juvoly.scenarios import ALL, BY_NAME, GROUPS
from juvoly.server import FixtureServer, Options
from juvoly.sessions import Credentials


def arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--list", action="store_true", help="print the scenarios by group and exit")
    parser.add_argument("--scenario", choices=sorted(BY_NAME), metavar="NAME", default="clean", help="default: clean")
    parser.add_argument("--out", type=Path, metavar="DIR", help="where the report and the audio go")
    parser.add_argument("--port", type=int, default=0, metavar="N", help="default: any free one")
    parser.add_argument("--utterances", type=Path, metavar="FILE", help="[{sentence, words: [{word, start, end}]}]")
    parser.add_argument("--expect", type=Path, metavar="FILE", help="16 kHz mono s16le that has to arrive exactly")
    parser.add_argument("--any-pace", action="store_true", help="do not hold the client to 1.6 x real time")
    parser.add_argument("--uplink", choices=["pcm", "flac"], help="what has to be sent, default: the scenario's")
    parser.add_argument("--threshold", type=int, default=30, metavar="N", help="mean level that is sound, default: 30")
    parser.add_argument("--delay", type=float, metavar="SECONDS", help="of whatever the scenario delays")
    parser.add_argument("--session-lifetime", type=float, default=600, metavar="SECONDS", help="default: 600")
    options = parser.parse_args()
    if not options.list and options.out is None:
        parser.error("--out DIR is needed")
    return options


def credentials() -> Credentials:
    given, default = os.environ, Credentials()
    return Credentials(
        given.get("JUVOLY_API_KEY", default.api_key),
        given.get("JUVOLY_CLIENT_ID", default.client_id),
        given.get("FIXTURE_MASTER_KEY", default.master_key),
        given.get("FIXTURE_USER", default.user),
    )


def print_list() -> None:
    for group in GROUPS:
        for scenario in ALL:
            if scenario.group == group:
                print(f"{group:10} {scenario.name:28} {scenario.about}")


def until_stopped(loop: asyncio.AbstractEventLoop) -> asyncio.Event:
    """An event that a signal, or the end of a piped stdin, sets."""
    stopped = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    mode = os.fstat(0).st_mode
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        def read() -> None:
            if not os.read(0, 4096):
                loop.remove_reader(0)
                stopped.set()
        loop.add_reader(0, read)
    return stopped


async def serve(options: Options) -> None:
    stopped = until_stopped(asyncio.get_running_loop())
    server = FixtureServer(options)
    port = await server.start()
    print(json.dumps({"port": port}), flush=True)
    await stopped.wait()
    await server.stop()


def main() -> int:
    given = arguments()
    if given.list:
        print_list()
        return 0
    scenario = BY_NAME[given.scenario]
    if given.delay is not None:
        scenario = replace(scenario, delay=given.delay)
    if given.uplink is not None:
        scenario = replace(scenario, uplink=given.uplink)
    script = json.loads(given.utterances.read_text(encoding="utf-8")) if given.utterances else None
    source = given.expect.read_bytes() if given.expect else None
    asyncio.run(serve(Options(
        scenario, given.out, given.port, script, source, given.any_pace, given.threshold,
        given.session_lifetime, credentials(),
    )))
    return 0


if __name__ == "__main__":
    sys.exit(main())
