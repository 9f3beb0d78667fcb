/// Knows how loud the room is when nobody speaks, from the quietest moments around each frame.
///
///     ──── 3 s before ────┤ block │├─ 1 s after ─
///      quietest moment a            quietest moment b          floor of the block = the louder of a and b
///
/// Speech always has gaps of some hundredths of a second within a second, so a is the room. A fan that starts to run is
/// louder than everything before it, but not than what comes after it: b keeps it from being taken for speech. The
/// price is that a block is decided one second late.
struct NoiseFloor: Sendable {
    /// 200 ms: all frames of a block are decided with one floor.
    static let blockFrames = 10
    static let blocksBefore = 15
    static let blocksAfter = 5
    /// No room is quieter than this: fainter sounds, such as the noise of a converter, are never speech.
    static let quietest = BandEnergy.energy(level: -80)
    /// 60 ms: a moment is this long, because single frames of noise are now and then much quieter than the room.
    private static let momentFrames = 3.0

    /// Energies of frames that are not decided, the oldest first; a ring of blocks.
    private var energies = [Double](repeating: 0, count: (blocksAfter + 1) * blockFrames)
    /// The quietest moment of each block, a ring.
    private var minima = [Double](repeating: .infinity, count: blocksBefore + blocksAfter + 1)
    private var frames = 0
    private var decidedBlocks = 0
    /// The two frames before this one.
    private var last: (Double, Double)?

    /// A block whose floor is known.
    struct Decision {
        var frames: Range<Int>
        var floor: Double
    }

    /// Takes the energy of the next frame, and returns the block that can be decided by it, if one can. Blocks come in
    /// order.
    mutating func accept(_ energy: Double) -> Decision? {
        let (block, frame) = self.frames.quotientAndRemainder(dividingBy: Self.blockFrames)
        let (before, last) = self.last ?? (energy, energy)
        let moment = (before + last + energy) / Self.momentFrames
        self.last = (last, energy)

        let slot = block % self.minima.count
        self.minima[slot] = frame == 0 ? moment : min(self.minima[slot], moment)
        self.energies[self.frames % self.energies.count] = energy
        self.frames += 1
        return frame == Self.blockFrames - 1 && block >= Self.blocksAfter ? self.decide() : nil
    }

    /// Nothing follows: returns the next block that is left, until none is.
    mutating func finish() -> Decision? {
        self.decidedBlocks * Self.blockFrames < self.frames ? self.decide() : nil
    }

    /// The energy of `frame` of the decision that was returned last.
    func energy(of frame: Int) -> Double {
        self.energies[frame % self.energies.count]
    }

    /// Decides the oldest block by all that is known.
    private mutating func decide() -> Decision {
        let block = self.decidedBlocks
        let newest = min(block + Self.blocksAfter, (self.frames - 1) / Self.blockFrames)
        let before = self.quietest(in: max(0, block - Self.blocksBefore)...block)
        let after = self.quietest(in: block...newest)
        self.decidedBlocks += 1
        let first = block * Self.blockFrames
        return Decision(
            frames: first..<min(first + Self.blockFrames, self.frames),
            floor: max(before, after, Self.quietest)
        )
    }

    private func quietest(in blocks: ClosedRange<Int>) -> Double {
        var quietest = Double.infinity
        for block in blocks { quietest = min(quietest, self.minima[block % self.minima.count]) }
        return quietest
    }
}
