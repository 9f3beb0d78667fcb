import Glibc
import Testing

/// The recordings of `samples/audio`, and what is said in them.
struct Sample: CustomTestStringConvertible {
    let name: String
    let samples: [Int16]
    let text: String

    static let generalPractice = Sample(named: "general-practice")
    static let veterinary = Sample(named: "veterinary")
    static let short = Sample(named: "short")
    static let librivox = Sample(named: "librivox")

    var testDescription: String { self.name }
    var seconds: Double { Double(self.samples.count) / 16_000 }

    /// The samples are plain WAV files of ours, with a header of 44 bytes.
    private init(named name: String) {
        let bytes = Repository.read("samples/audio/\(name).wav").dropFirst(44)
        self.name = name
        self.samples = stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2).map { index in
            Int16(truncatingIfNeeded: Int(bytes[index]) | Int(bytes[index + 1]) << 8)
        }
        self.text = String(decoding: Repository.read("samples/audio/\(name).txt"), as: UTF8.self)
    }
}

/// Files of this repository.
enum Repository {
    static let root = #filePath.split(separator: "/", omittingEmptySubsequences: false)
        .dropLast(3)
        .joined(separator: "/")

    /// Empty when there is no such file.
    static func read(_ path: String) -> [UInt8] {
        guard let file = fopen(Self.root + "/" + path, "r") else { return [] }
        defer { fclose(file) }
        var bytes: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 65_536)
        while case let count = fread(&block, 1, block.count, file), count > 0 {
            bytes += block[..<count]
        }
        return bytes
    }
}
