"""The most used Python library, as its manual has it: websockets_peer.py URL FILE."""

import asyncio
import sys

from websockets.asyncio.client import connect

FRAME = 3_200


async def listen(socket) -> None:
    async for _ in socket:
        pass


async def main(url: str, path: str) -> None:
    async with connect(url, compression=None) as socket:
        listening = asyncio.create_task(listen(socket))
        with open(path, "rb") as file:
            while audio := file.read(FRAME):
                await socket.send(audio)
        await socket.close()
        await listening


asyncio.run(main(sys.argv[1], sys.argv[2]))
