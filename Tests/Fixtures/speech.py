"""Sound that stands for speech in tests: bursts of noise and pauses, the same for the same seed."""

import struct
from array import array
from pathlib import Path
from random import Random

RATE = 16_000


def clip(seed: int = 1, bursts: int = 3) -> bytes:
    """About two seconds per burst of 16 kHz mono s16le. Pauses are faint noise, so that every piece is unique."""
    random = Random(seed)
    samples = array("h")
    quiet(samples, random, 0.3)
    for _ in range(bursts):
        for _ in range(random.randint(3, 5)):
            loud(samples, random, random.uniform(0.18, 0.3))
            quiet(samples, random, 0.06)
        quiet(samples, random, random.uniform(0.9, 1.1))
    samples.extend([0] * random.randint(100, 900))
    return samples.tobytes()


def loud(samples: array, random: Random, seconds: float) -> None:
    """One syllable: low noise that swells and fades."""
    count, value = int(seconds * RATE), 0.0
    for index in range(count):
        value += 0.25 * (random.uniform(-1, 1) - value)
        swell = min(1, 8 * index / count, 8 * (count - index) / count)
        samples.append(int(12_000 * swell * value * 2))


def quiet(samples: array, random: Random, seconds: float) -> None:
    samples.extend(random.randint(-2, 2) for _ in range(int(seconds * RATE)))


def write_wav(path: Path, pcm: bytes) -> None:
    """A WAV file of 16 kHz mono s16le, with the shortest header there is."""
    form = struct.pack("<4sI4s4sIHHIIHH", b"RIFF", 36 + len(pcm), b"WAVE", b"fmt ", 16, 1, 1, RATE, 2 * RATE, 2, 16)
    path.write_bytes(form + struct.pack("<4sI", b"data", len(pcm)) + pcm)
