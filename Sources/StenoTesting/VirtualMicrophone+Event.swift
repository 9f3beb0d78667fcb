extension VirtualMicrophone {
    /// One line of what the microphone did, in its own words (`stream.c`): a name and places on the timeline.
    package struct Event: Sendable, Equatable, CustomStringConvertible {
        package let name: String
        package let frames: [Int64]

        init(_ line: Substring) {
            let words = line.split(separator: " ")
            self.name = words.first.map(String.init) ?? ""
            self.frames = words.dropFirst().compactMap { Int64($0) }
        }

        package var description: String {
            ([self.name] + self.frames.map(String.init)).joined(separator: " ")
        }

        static func losses(in journal: [Event]) -> [Range<Int64>] {
            var losses: [Range<Int64>] = []
            var readUpTo: Int64?
            for event in journal {
                switch (event.name, event.frames.first) {
                case ("xrun", let frame?), ("disconnected", let frame?), ("stop", let frame?), ("suspend", let frame?),
                    ("suspend-noresume", let frame?):
                    readUpTo = min(readUpTo ?? frame, frame)
                case ("resume", _):
                    readUpTo = nil
                case ("start", let frame?):
                    if let first = readUpTo.take(), first < frame { losses.append(first..<frame) }
                case ("jump", let frame?):
                    losses.append(frame..<max(frame, event.frames.last ?? frame))
                default:
                    break
                }
            }
            return Self.merged(losses)
        }

        private static func merged(_ ranges: [Range<Int64>]) -> [Range<Int64>] {
            ranges.sorted { $0.lowerBound < $1.lowerBound }.reduce(into: []) { merged, range in
                if let last = merged.last, last.upperBound >= range.lowerBound {
                    merged[merged.count - 1] = last.lowerBound..<max(last.upperBound, range.upperBound)
                } else if !range.isEmpty {
                    merged.append(range)
                }
            }
        }
    }
}
