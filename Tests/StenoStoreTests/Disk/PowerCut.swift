import Glibc
import StenoCore
import StenoTesting

@testable import StenoStore

/// What a disk may hold after the power went at some moment.
///
/// What was synced is there. Of everything else each sector of 512 bytes is there or not, in any order, or is garbage
/// where it was being written; a file may have any length that it was given meanwhile; and a name may be missing, or
/// still be there, until its folder was synced. That is more than most disks and file systems do, and less than none of
/// them promises.
struct PowerCut {
    private static let sector = 512

    private struct File {
        /// What is on the disk for sure.
        var bytes: [UInt8] = []
        /// What was done since then.
        var pending: [Change] = []
        /// What a failed sync left behind: readers see it until the power goes, the disk never has it.
        var isDoubtful = false
    }

    private enum Change {
        case wrote(at: Int, [UInt8])
        case truncated(to: Int)
    }

    /// A name that was made or taken away, and what it stood for.
    private struct Naming {
        var name: String
        var file: Int?
    }

    private var files: [Int: File] = [:]
    /// Names that are there for sure, of files.
    private var names: [String: Int] = [:]
    private var folders: Set<String> = []
    private var pendingNames: [Naming] = []
    private var pendingFolders: [String] = []
    private var events: ArraySlice<DiskLog.Event>
    private(set) var position = 0

    init(_ log: DiskLog) { self.events = log.events[...] }

    /// Goes on to just before event number `cut`.
    mutating func advance(to cut: Int) {
        while self.position < cut, let event = self.events.popFirst() {
            self.position += 1
            self.apply(event)
        }
    }

    private mutating func apply(_ event: DiskLog.Event) {
        switch event {
        case .madeFolder(let name): self.pendingFolders.append(name)
        case .madeFile(let file, let name): self.pendingNames.append(Naming(name: name, file: file))
        case .wrote(let file, let place, let bytes):
            self.files[file, default: File()].pending.append(.wrote(at: place, bytes))
        case .truncated(let file, let size): self.files[file, default: File()].pending.append(.truncated(to: size))
        case .synced(let file):
            guard var state = self.files.removeValue(forKey: file) else { break }
            for change in state.pending { Self.perform(change, on: &state.bytes) }
            state.pending = []
            self.files[file] = state
        case .syncFailed(let file):
            self.files[file]?.pending = []
            self.files[file]?.isDoubtful = true
        case .removed(_, let name): self.pendingNames.append(Naming(name: name, file: nil))
        case .renamed(let file, let old, let new):
            self.pendingNames += [Naming(name: old, file: nil), Naming(name: new, file: file)]
        case .syncedFolder(let folder): self.settle(folder)
        case .marked: break
        }
    }

    private mutating func settle(_ folder: String) {
        for naming in self.pendingNames where Self.folder(of: naming.name) == folder {
            self.names[naming.name] = naming.file
        }
        self.pendingNames.removeAll { Self.folder(of: $0.name) == folder }
        for name in self.pendingFolders where Self.folder(of: name) == folder { self.folders.insert(name) }
        self.pendingFolders.removeAll { Self.folder(of: $0) == folder }
    }

    private static func perform(_ change: Change, on bytes: inout [UInt8]) {
        switch change {
        case .wrote(let place, let new):
            if bytes.count < place + new.count {
                bytes += repeatElement(0, count: place + new.count - bytes.count)
            }
            bytes.replaceSubrange(place..<place + new.count, with: new)
        case .truncated(let size):
            if size <= bytes.count {
                bytes.removeLast(bytes.count - size)
            } else {
                bytes += repeatElement(0, count: size - bytes.count)
            }
        }
    }

    /// Writes into `target` what one such disk holds.
    func write(to target: String, using random: inout SplitMix64) throws {
        // Most disks are kinder than the worst one, and other mistakes show there.
        let mood = Mood.allCases.randomElement(using: &random) ?? .any
        var names = self.names
        for (name, changes) in Dictionary(grouping: self.pendingNames, by: \.name).sorted(by: { $0.key < $1.key }) {
            let count = mood.pick(changes.count, using: &random)
            if count > 0 { names[name] = changes[count - 1].file }
        }
        var folders = self.folders
        for name in self.pendingFolders where mood.pick(1, using: &random) == 1 { folders.insert(name) }
        for folder in folders.sorted() where Self.isThere(folder, in: folders) {
            try PrivateFiles.makeFolder("\(target)/\(folder)")
        }
        for (name, file) in names.sorted(by: { $0.key < $1.key })
        where Self.isThere(Self.folder(of: name), in: folders) && !name.hasSuffix("-shm") {
            let bytes = self.content(of: self.files[file] ?? File(), mood, using: &random)
            guard let output = fopen("\(target)/\(name)", "wb") else {
                throw StoreError(errno: errno, name, call: "fopen")
            }
            fwrite(bytes, 1, bytes.count, output)
            fclose(output)
            chmod("\(target)/\(name)", 0o600)
        }
    }

    private func content(of file: File, _ mood: Mood, using random: inout SplitMix64) -> [UInt8] {
        var bytes = file.bytes
        for change in file.pending {
            switch change {
            case .truncated(let size):
                if mood.pick(1, using: &random) == 1 { Self.perform(.truncated(to: size), on: &bytes) }
            case .wrote(let place, let new): Self.write(new, at: place, on: &bytes, mood, using: &random)
            }
        }
        return bytes
    }

    /// Each sector of a write is kept, lost or torn for itself.
    private static func write(
        _ new: [UInt8],
        at place: Int,
        on bytes: inout [UInt8],
        _ mood: Mood,
        using random: inout SplitMix64
    ) {
        var start = place
        while start < place + new.count {
            let end = min(place + new.count, (start / Self.sector + 1) * Self.sector)
            var piece = Array(new[start - place..<end - place])
            switch mood.fate(using: &random) {
            case .kept: Self.perform(.wrote(at: start, piece), on: &bytes)
            case .lost: break
            case .torn:
                let half = Int.random(in: 0...piece.count, using: &random)
                for index in half..<piece.count { piece[index] = UInt8.random(in: 0...255, using: &random) }
                Self.perform(.wrote(at: start, piece), on: &bytes)
            }
            start = end
        }
    }

    /// What became of what was not synced.
    private enum Mood: CaseIterable {
        /// Everything came through, nothing did, or each thing for itself.
        case whole, none, any, mostly

        enum Fate { case kept, lost, torn }

        func fate(using random: inout SplitMix64) -> Fate {
            let dice = Int.random(in: 0..<10, using: &random)
            return switch self {
            case .whole: .kept
            case .none: .lost
            case .any: dice < 5 ? .kept : dice < 9 ? .lost : .torn
            case .mostly: dice < 9 ? .kept : .torn
            }
        }

        /// How many of `count` changes of a name came through.
        func pick(_ count: Int, using random: inout SplitMix64) -> Int {
            switch self {
            case .whole: count
            case .none: 0
            case .any, .mostly: Int.random(in: 0...count, using: &random)
            }
        }
    }

    private static func folder(of name: String) -> String {
        name.lastIndex(of: "/").map { String(name[..<$0]) } ?? ""
    }

    /// A folder is there when all above it is.
    private static func isThere(_ folder: String, in folders: Set<String>) -> Bool {
        folder.isEmpty || (folders.contains(folder) && Self.isThere(Self.folder(of: folder), in: folders))
    }
}
