package import StenoCore

// # Audio between two threads that keeps its place on the timeline
//
// A ring knows how many samples went through it; a timeline has holes: an overrun, a pause, a device that was gone, or
// audio for which there was no room in this very ring. So beside the samples goes a queue of marks. A mark says: from
// this ring index on, the timeline is at this position. Between two marks, indices and positions run in step.
//
//     timeline   0 ········ 480      (hole)      900 ····· 1,300   (hole)   2,000 ···
//                │            ╲                   │            ╲              │
//     ring       0 ········· 480 │ 480 ········· 880 │ 880 ······
//     marks      (implied: 0→0)   480→900             880→2,000
//
// The protocol, for one writer and one reader who never wait for each other:
//
// 1. The writer appends a mark only when the position does not follow from the last one, only when there is room for
//    at least one sample behind it, and always before these samples. So no two marks have the same index, and whoever
//    sees a sample (acquiring the ring's cursor) also sees its mark.
// 2. What does not fit is dropped from this ring, from the back. The next sample that fits has a position that does
//    not follow, and so gets a mark: a hole costs the writer nothing but that. With the queue of marks full, everything
//    that needs a new mark is dropped until the reader has released one.
// 3. The reader looks at the ring's end first and at the marks second. A mark at that end belongs to samples that
//    come later, and means nothing yet.
// 4. Nothing is taken by reading. The reader releases by position what it will not look at again; until then it may
//    read any of it any number of times. The mark that governs the first sample kept is remembered by the reader, so
//    its slot is free at once.
//
// Positions only grow, so marks are sorted by index and by position alike, and a place is found by halving.

/// The audio between exactly two threads, with its places on the timeline. See the top of this file for the protocol.
package final class TimelineRing: Sendable {
    /// Holes it can hold at a time. At the bound audio is dropped, as when there is no room for samples.
    package static let maximumMarks = 1_024

    /// From ring index `index` on, the timeline is at `position`.
    struct Mark: BitwiseCopyable, Sendable {
        var index: Int
        var position: SamplePosition

        static let first = Mark(index: 0, position: .zero)
    }

    private let samples: SampleRing
    private let marks: RelayQueue<Mark>

    /// - Parameter frames: what it holds at least; the next power of two is taken.
    package init(holding frames: Int = SampleRing.minimumFrames, marks: Int = maximumMarks) {
        self.samples = SampleRing(holding: frames)
        self.marks = RelayQueue(capacity: marks, filledWith: .first)
    }

    /// Samples it holds.
    package var capacity: Int { self.samples.capacity }

    /// The writing end. Only once.
    package func makeWriter() -> Writer { Writer(samples: self.samples.makeWriter(), marks: self.marks) }

    /// The reading end. Only once.
    package func makeReader() -> Reader { Reader(samples: self.samples.makeReader(), marks: self.marks) }
}

extension TimelineRing {
    /// The writing thread's end. Never blocks, never allocates.
    package struct Writer: ~Copyable, Sendable {
        private var samples: SampleRing.Writer
        private let marks: RelayQueue<Mark>
        /// Where the next sample lies if no new mark says otherwise.
        private var next = SamplePosition.zero

        fileprivate init(samples: consuming SampleRing.Writer, marks: RelayQueue<Mark>) {
            self.samples = samples
            self.marks = marks
        }

        /// Appends the samples at `position` and returns how many of them, from the front, there was room for.
        ///
        /// - Precondition: `position` is not before the end of what was written.
        package mutating func write(_ audio: UnsafeBufferPointer<Int16>, at position: SamplePosition) -> Int {
            precondition(position >= self.next, "wrote before the end of the timeline")
            guard let source = audio.baseAddress, !audio.isEmpty, self.samples.free > 0 else { return 0 }
            if position > self.next {
                guard self.marks.free > 0 else { return 0 }
                self.marks.append(Mark(index: self.samples.position, position: position))
                self.next = position
            }
            var done = 0
            while done < audio.count {
                let count = self.samples.write { room in
                    let count = min(room.count, audio.count - done)
                    room.baseAddress?.update(from: source + done, count: count)
                    return count
                }
                guard count > 0 else { break }
                done += count
            }
            self.next = self.next + Int64(done)
            return done
        }
    }

    /// The reading thread's end. Never blocks, never allocates.
    package struct Reader: ~Copyable, Sendable {
        private var samples: SampleRing.Reader
        private let marks: RelayQueue<Mark>
        /// Governs the first sample that is kept.
        private var base = Mark.first

        fileprivate init(samples: consuming SampleRing.Reader, marks: RelayQueue<Mark>) {
            self.samples = samples
            self.marks = marks
        }

        /// The first stretch without a hole that ends after `position`, from `position` on. `nil`: nothing is there.
        package func stretch(from position: SamplePosition) -> AudioSpan? {
            self.place(of: position)?.span
        }

        /// Copies the samples from `position` on, up to the next hole, and returns how many there were.
        package func copy(at position: SamplePosition, into buffer: UnsafeMutableBufferPointer<Int16>) -> Int {
            guard let place = self.place(of: position), place.span.start == position else { return 0 }
            let count = Int(min(Int64(buffer.count), place.span.frames))
            return self.samples.copy(
                from: place.index,
                into: UnsafeMutableBufferPointer(rebasing: buffer[..<count])
            )
        }

        /// What lies before `position` will not be looked at again.
        package mutating func release(before position: SamplePosition) {
            let index = self.place(of: position)?.index ?? self.samples.end
            self.samples.release(upTo: index)
            for mark in self.marks.indices {
                guard self.marks[mark].index <= index else { break }
                self.base = self.marks[mark]
                self.marks.release(upTo: mark + 1)
            }
        }

        /// Where in the ring the first sample at or after `position` is, and the stretch that begins with it.
        private func place(of position: SamplePosition) -> (index: Int, span: AudioSpan)? {
            let end = self.samples.end
            let marks = self.marks.indices
            // The last mark that is not after `position`; the base, where none is.
            var (low, high) = (marks.lowerBound, marks.upperBound)
            while low < high {
                let middle = (low + high) / 2
                if self.marks[middle].position <= position { low = middle + 1 } else { high = middle }
            }
            var next = low
            var mark = next == marks.lowerBound ? self.base : self.marks[next - 1]
            while true {
                let following = next < marks.upperBound ? min(self.marks[next].index, end) : end
                let first = max(mark.index, self.samples.position)
                let span = AudioSpan(
                    start: max(position, mark.position + Int64(first - mark.index)),
                    end: mark.position + Int64(following - mark.index)
                )
                if first < following, position < span.end {
                    return (mark.index + Int(span.start - mark.position), span)
                }
                guard next < marks.upperBound else { return nil }
                mark = self.marks[next]
                next += 1
            }
        }
    }
}
