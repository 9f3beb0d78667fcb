import FaultyDisk

/// Everything that came to a disk, in order.
struct DiskLog {
    enum Event {
        case madeFolder(String)
        case madeFile(Int, name: String)
        case wrote(Int, at: Int, bytes: [UInt8])
        case truncated(Int, to: Int)
        case synced(Int)
        /// What was not synced until then never will be.
        case syncFailed(Int)
        case removed(Int, name: String)
        case renamed(Int, from: String, to: String)
        case syncedFolder(String)
        case marked(WatchedDisk.Mark, Int64)
    }

    let events: [Event]

    init(_ entries: [faulty_entry]) { self.events = entries.compactMap(Event.init) }

    /// What had been promised before event number `cut`.
    func promise(at cut: Int) -> Promise {
        var promise = Promise()
        for event in self.events[..<cut] {
            guard case .marked(let mark, let value) = event else { continue }
            switch mark {
            case .taken: promise.taken = max(promise.taken, value)
            case .durable: promise.durable = max(promise.durable, value)
            case .events: promise.events = max(promise.events, value)
            case .begun: promise.hasBegun = true
            case .finished: promise.isFinished = true
            case .concluded: promise.isConcluded = true
            }
        }
        return promise
    }

    struct Promise {
        var taken: Int64 = 0
        var durable: Int64 = 0
        var events: Int64 = 0
        var hasBegun = false
        var isFinished = false
        var isConcluded = false
    }

    /// Where it is worth to cut: before and after each sync, and once between any two.
    func cuts(using random: inout some RandomNumberGenerator) -> [Int] {
        var cuts: [Int] = []
        var last = 0
        for (index, event) in self.events.enumerated() {
            switch event {
            case .synced, .syncFailed, .syncedFolder:
                if index - last > 2 { cuts.append(Int.random(in: last + 1..<index, using: &random)) }
                cuts += [index, index + 1]
                last = index + 1
            default: break
            }
        }
        return cuts + [self.events.count]
    }
}

extension DiskLog.Event {
    fileprivate init?(_ entry: faulty_entry) {
        let file = Int(entry.file)
        let name = entry.name.map { String(cString: $0) } ?? ""
        switch entry.event {
        case FAULTY_MADE_FOLDER: self = .madeFolder(name)
        case FAULTY_MADE_FILE: self = .madeFile(file, name: name)
        case FAULTY_WROTE:
            let bytes = Array(UnsafeBufferPointer(start: entry.bytes, count: Int(entry.length)))
            self = .wrote(file, at: Int(entry.offset), bytes: bytes)
        case FAULTY_TRUNCATED: self = .truncated(file, to: Int(entry.offset))
        case FAULTY_SYNCED: self = .synced(file)
        case FAULTY_SYNC_FAILED: self = .syncFailed(file)
        case FAULTY_REMOVED: self = .removed(file, name: name)
        case FAULTY_RENAMED: self = .renamed(file, from: name, to: entry.new_name.map { String(cString: $0) } ?? "")
        case FAULTY_SYNCED_FOLDER: self = .syncedFolder(name)
        case FAULTY_MARKED:
            guard let mark = WatchedDisk.Mark(rawValue: entry.file) else { return nil }
            self = .marked(mark, entry.offset)
        default: return nil
        }
    }
}
