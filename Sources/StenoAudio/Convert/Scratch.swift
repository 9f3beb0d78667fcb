/// Memory for one block of samples, allocated once and freed with its owner, so that nothing is allocated per block.
struct Scratch<Element: BitwiseCopyable>: ~Copyable {
    let buffer: UnsafeMutableBufferPointer<Element>

    init(count: Int, filledWith value: Element) {
        self.buffer = .allocate(capacity: count)
        self.buffer.initialize(repeating: value)
    }

    deinit {
        self.buffer.deallocate()
    }
}
