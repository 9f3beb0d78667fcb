"""The Speechmatics SDK, as its examples have it: speechmatics_peer.py URL FILE."""

import asyncio
import sys

from speechmatics.rt import (
    AsyncClient, AudioEncoding, AudioFormat, ServerMessageType, TranscriptionConfig, TranscriptResult,
)

FRAME = 3_200


async def main(url: str, path: str) -> None:
    async with AsyncClient(api_key="k", url=url) as client:
        @client.on(ServerMessageType.ADD_PARTIAL_TRANSCRIPT)
        def interim(message: dict) -> None:
            TranscriptResult.from_message(message)

        @client.on(ServerMessageType.ADD_TRANSCRIPT)
        def final(message: dict) -> None:
            TranscriptResult.from_message(message)

        audio = AudioFormat(encoding=AudioEncoding.PCM_S16LE, sample_rate=16_000, chunk_size=FRAME)
        config = TranscriptionConfig(language="nl", enable_partials=True)
        with open(path, "rb") as file:
            await client.transcribe(file, transcription_config=config, audio_format=audio)


asyncio.run(main(sys.argv[1], sys.argv[2]))
