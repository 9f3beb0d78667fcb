"""The Deepgram SDK, as its examples have it: deepgram_peer.py HOST:PORT FILE."""

import sys
import threading

from deepgram import DeepgramClient
from deepgram.core.events import EventType
from deepgram.environment import DeepgramClientEnvironment

FRAME = 3_200

host, path = sys.argv[1], sys.argv[2]
environment = DeepgramClientEnvironment(
    base=f"http://{host}", production=f"ws://{host}", agent=f"ws://{host}", agent_rest=f"http://{host}",
)
client = DeepgramClient(api_key="k", environment=environment)
with client.listen.v1.connect(
    model="nova-3", encoding="linear16", sample_rate="16000", interim_results="true",
) as connection:
    connection.on(EventType.MESSAGE, lambda message: None)
    listening = threading.Thread(target=connection.start_listening)
    listening.start()
    with open(path, "rb") as file:
        while audio := file.read(FRAME):
            connection.send_media(audio)
    connection.send_close_stream()
    listening.join()
