"""Sound with known words: what the sandbox hears in it is known to the word, from any place on."""

from array import array
from pathlib import Path
from random import Random

import speech


class Spoken:
    """A recording, the script that tells the sandbox what is said in it, and its words."""

    def __init__(self, folder: Path, bursts: int, seed: int = 7) -> None:
        random, samples, script = Random(seed), array("h"), []
        self.words: list[str] = []
        speech.quiet(samples, random, 0.3)
        for burst in range(bursts):
            script.append("utterance")
            for number in range(random.randint(3, 5)):
                begin = len(samples)
                speech.loud(samples, random, random.uniform(0.18, 0.3))
                word = f"b{burst}w{number}"
                script.append(f"  {begin / speech.RATE:.4f} {len(samples) / speech.RATE:.4f} {word}")
                self.words.append(word)
                speech.quiet(samples, random, 0.06)
            speech.quiet(samples, random, random.uniform(0.9, 1.1))
        self.pcm = samples.tobytes()
        self.seconds = len(samples) / speech.RATE
        self.wav = folder / f"spoken-{bursts}.wav"
        speech.write_wav(self.wav, self.pcm)
        self.script = folder / f"spoken-{bursts}.session"
        self.script.write_text(f"audio {self.wav.name}\n" + "\n".join(script) + "\n", encoding="utf-8")
