import StenoCore

/// Something about an input that did not stop it from being read. Each is worth one line to the user.
package struct AudioWarning: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The input ends before the length its header promises; `frames` of the timeline are not there.
        case truncated(missing: Int64)
        /// The size in the header is not that of the sound, so everything up to the end of the file was taken.
        case wrongSize
        /// The decoder met damage; what it could read was taken.
        case damaged
        /// Raw input ended in the middle of a frame, and the rest of it was dropped.
        case partialFrame
        /// Louder than a 16-bit sample can say: `frames` were cut to full scale.
        case clipped(frames: Int64)
        /// It was captured, and the disk did not take `frames` of it.
        case notRecorded(frames: Int64)
    }

    package var kind: Kind
    /// The file exactly as the user wrote it; `-` is standard input.
    package var path: String

    package init(_ kind: Kind, path: String) {
        self.kind = kind
        self.path = path
    }
}

extension AudioWarning: CustomStringConvertible {
    package var description: String {
        let name = AudioError.name(of: self.path)
        return switch self.kind {
        case .truncated(let missing):
            "\(name) is cut off: \(Self.seconds(missing)) s that it promises are not in it."
        case .wrongSize: "\(name) gives a wrong length in its header. All of its sound is used."
        case .damaged: "\(name) is damaged. What could be read of it is used."
        case .partialFrame: "\(name) ends in the middle of a sample, which is left out."
        case .clipped(let frames): "\(name) is too loud: \(Self.seconds(frames)) s of it are distorted."
        case .notRecorded(let frames):
            "\(name): \(Self.seconds(frames)) s could not be stored. See that the disk has room and is sound."
        }
    }

    /// Frames as seconds with two decimals, rounded up so that nothing missing reads as 0.00.
    private static func seconds(_ frames: Int64) -> String {
        let perHundredth = Int64(SamplePosition.rate / 100)
        let hundredths = max(0, frames) / perHundredth + (max(0, frames) % perHundredth == 0 ? 0 : 1)
        let fraction = hundredths % 100
        return "\(hundredths / 100).\(fraction < 10 ? "0" : "")\(fraction)"
    }
}
