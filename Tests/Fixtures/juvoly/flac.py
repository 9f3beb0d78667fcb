"""A small FLAC decoder for streams of 16 kHz mono 16 bit, as they arrive: RFC 9639, checks included.

It is here so that what `--uplink flac` sends can be compared with the source to the sample, without a library. Bits
are read from a string of zeros and ones: slow in principle, quick in Python.
"""

from array import array

RATE = 16_000
MAX_FRAME = 1 << 17
FIXED = {0: [], 1: [1], 2: [2, -1], 3: [3, -3, 1], 4: [4, -6, 4, -1]}
BLOCK_SIZES = {1: 192, **{code: 576 << code - 2 for code in range(2, 6)}, **{c: 256 << c - 8 for c in range(8, 16)}}
SAMPLE_RATES = {0: RATE, 5: RATE}
"""Codes of the frame header that mean 16 kHz: as in the stream's head, or by number."""


class FLACFault(Exception):
    """The bytes are not the FLAC stream that was agreed on."""


class NeedMore(Exception):
    """A frame is not complete yet."""


def crc(data: bytes, width: int, polynomial: int) -> int:
    value, top, mask = 0, 1 << width - 1, (1 << width) - 1
    for byte in data:
        value ^= byte << width - 8
        for _ in range(8):
            value = (value << 1 ^ (polynomial if value & top else 0)) & mask
    return value


class Bits:
    """Reads numbers from a string of bits."""

    def __init__(self, data: bytes) -> None:
        self.bits = f"{int.from_bytes(data, 'big'):0{8 * len(data)}b}" if data else ""
        self.at = 0

    def take(self, count: int) -> int:
        if count == 0:
            return 0
        piece = self.bits[self.at:self.at + count]
        if len(piece) < count:
            raise NeedMore
        self.at += count
        return int(piece, 2)

    def signed(self, count: int) -> int:
        value = self.take(count)
        return value - (1 << count) if count and value >> count - 1 else value

    def unary(self) -> int:
        one = self.bits.find("1", self.at)
        if one < 0:
            raise NeedMore
        count, self.at = one - self.at, one + 1
        return count


class FLACDecoder:
    """Takes bytes of one continuous stream, gives back samples as s16le."""

    def __init__(self) -> None:
        self.pending = b""
        self.has_head = False
        self.block_size = 0
        self.frames = 0

    def received(self, data: bytes) -> bytes:
        """Decodes every frame that is complete. Raises `FLACFault`."""
        self.pending += data
        sound = b""
        try:
            if not self.has_head:
                self.read_head()
            while self.pending:
                sound += self.read_frame()
        except NeedMore:
            if len(self.pending) > MAX_FRAME:
                raise FLACFault("a frame does not end") from None
        return sound

    def read_head(self) -> None:
        """The marker, the stream's properties, and whatever other blocks precede the first frame."""
        data, at, is_last, is_first = self.pending, 4, False, True
        if len(data) < 42:
            raise NeedMore
        if data[:4] != b"fLaC" or data[4] & 0x7F:
            raise FLACFault("the stream does not begin with fLaC and its properties")
        while not is_last:
            if len(data) < at + 4:
                raise NeedMore
            is_last, size = bool(data[at] & 0x80), int.from_bytes(data[at + 1:at + 4], "big")
            if len(data) < at + 4 + size:
                raise NeedMore
            if is_first:
                self.check_properties(data[at + 4:at + 4 + size])
            at, is_first = at + 4 + size, False
        self.pending, self.has_head = data[at:], True

    def check_properties(self, info: bytes) -> None:
        packed = int.from_bytes(info[10:18], "big")
        rate, channels, size = packed >> 44, (packed >> 41 & 7) + 1, (packed >> 36 & 31) + 1
        if (rate, channels, size) != (RATE, 1, 16):
            raise FLACFault(f"the stream is {rate} Hz, {channels} channels, {size} bits")

    def read_frame(self) -> bytes:
        bits = Bits(self.pending[:MAX_FRAME])
        count = self.read_frame_header(bits)
        samples = self.read_subframe(bits, count)
        end = (bits.at + 7) // 8
        if len(self.pending) < end + 2:
            raise NeedMore
        if crc(self.pending[:end + 2], 16, 0x8005) != 0:
            raise FLACFault(f"the checksum of frame {self.frames} is wrong")
        self.pending = self.pending[end + 2:]
        self.frames += 1
        return array("h", samples).tobytes()

    def read_frame_header(self, bits: Bits) -> int:
        """The number of samples in the frame."""
        if bits.take(15) != 0x7FFC:
            raise FLACFault("a frame does not begin with its sync code")
        bits.take(1)
        size, rate, channels, width, reserved = bits.take(4), bits.take(4), bits.take(4), bits.take(3), bits.take(1)
        lead = f"{bits.take(8):08b}".find("0")
        for _ in range(max(0, lead - 1)):
            bits.take(8)
        count = bits.take(8) + 1 if size == 6 else bits.take(16) + 1 if size == 7 else BLOCK_SIZES.get(size, 0)
        head = bits.at // 8
        if len(self.pending) <= head:
            raise NeedMore
        if crc(self.pending[:head + 1], 8, 0x07) != 0:
            raise FLACFault(f"the checksum of the header of frame {self.frames} is wrong")
        if rate not in SAMPLE_RATES or channels or width not in (0, 4) or reserved or not count:
            raise FLACFault("a frame is not 16 kHz mono 16 bit")
        bits.take(8)
        return count

    def read_subframe(self, bits: Bits, count: int) -> list[int]:
        if bits.take(1):
            raise FLACFault("a subframe does not begin with 0")
        kind, wasted = bits.take(6), 0
        if bits.take(1):
            wasted = bits.unary() + 1
        width = 16 - wasted
        if kind == 0:
            samples = [bits.signed(width)] * count
        elif kind == 1:
            samples = [bits.signed(width) for _ in range(count)]
        elif 8 <= kind <= 12:
            samples = [bits.signed(width) for _ in range(kind - 8)]
            self.predict(samples, FIXED[kind - 8], 0, self.read_residual(bits, count, kind - 8))
        elif kind >= 32:
            order = kind - 31
            samples = [bits.signed(width) for _ in range(order)]
            precision, shift = bits.take(4) + 1, bits.signed(5)
            coefficients = [bits.signed(precision) for _ in range(order)]
            self.predict(samples, coefficients, max(0, shift), self.read_residual(bits, count, order))
        else:
            raise FLACFault(f"a subframe is of reserved type {kind}")
        if any(not -32768 <= sample << wasted <= 32767 for sample in samples):
            raise FLACFault("a sample is out of range")
        return [sample << wasted for sample in samples]

    @staticmethod
    def predict(samples: list[int], coefficients: list[int], shift: int, residual: list[int]) -> None:
        order = len(coefficients)
        backwards = coefficients[::-1]
        for rest in residual:
            past = samples[len(samples) - order:]
            samples.append(rest + (sum(map(int.__mul__, past, backwards)) >> shift))

    @staticmethod
    def read_residual(bits: Bits, count: int, order: int) -> list[int]:
        method = bits.take(2)
        if method > 1:
            raise FLACFault("the residual has a reserved coding")
        width, partitions = 4 + method, 1 << bits.take(4)
        if count % partitions or count // partitions < order:
            raise FLACFault("the partitions do not fit the block")
        residual: list[int] = []
        for partition in range(partitions):
            size = count // partitions - (order if partition == 0 else 0)
            parameter = bits.take(width)
            if parameter == (1 << width) - 1:
                raw = bits.take(5)
                residual += [bits.signed(raw) for _ in range(size)]
                continue
            for _ in range(size):
                folded = bits.unary() << parameter | bits.take(parameter)
                residual.append(folded >> 1 ^ -(folded & 1))
        return residual
