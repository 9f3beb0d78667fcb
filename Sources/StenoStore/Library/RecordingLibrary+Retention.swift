import Glibc

extension RecordingLibrary {
    private static let day: Int64 = 86_400_000

    /// Removes what is finished, complete and older than `days`. Nothing that is unfinished, unconfirmed or undelivered
    /// is ever removed by age.
    ///
    /// A clock may be wrong, and what it removed does not come back. So both the time in the recording and that of the
    /// file must be old enough, and it takes two looks: the first only marks the recording (`ID/expired`), and one at
    /// least a day later removes it. A clock that ran ahead and was set right within that day has removed nothing; a
    /// mark from the future is made anew. A machine that starts without the time dates its recordings to 1970; how old
    /// those are nobody knows, so their days count from the mark.
    ///
    /// - Returns: the ids of what was removed. What cannot be looked at or removed now is left for the next time.
    @discardableResult
    package func removeExpired(olderThan days: Int, now: Int64) -> [String] {
        let age = Int64(max(0, days)) * Self.day
        return self.places().compactMap { place in
            guard self.isExpired(place, age: age, now: now) else { return nil }
            let mark = "\(place.folder)/expired"
            guard let marked = Self.modified(mark), marked <= now, marked >= WallClock.oldest else {
                Self.set(mark, to: now)
                return nil
            }
            let wait = self.isDated(place) ? Self.day : max(Self.day, age)
            guard marked <= now - wait, (try? self.delete(place, reason: "expired")) != nil else { return nil }
            return place.id
        }
    }

    private func isDated(_ place: RecordingPlace) -> Bool {
        guard let info = try? RecordingInfo(place), let finished = info.finished else { return false }
        return min(finished, info.description.begun) >= WallClock.oldest
    }

    private func isExpired(_ place: RecordingPlace, age: Int64, now: Int64) -> Bool {
        // The file first: it costs one call, and is young for most.
        guard let modified = Self.modified(place.file(part: 1)), modified <= now - age,
            !place.isMarkedWaiting, let info = try? RecordingInfo(place), info.state == .finished, info.isComplete,
            !info.deliveries.contains(where: \.isOpen), let finished = info.finished
        else { return false }
        return finished <= now - age && info.description.begun <= now - age
    }

    /// Milliseconds since 1970; `nil` when it is not there.
    private static func modified(_ path: String) -> Int64? {
        var status = stat()
        guard stat(path, &status) == 0 else { return nil }
        return Int64(status.st_mtim.tv_sec) * 1_000 + Int64(status.st_mtim.tv_nsec) / 1_000_000
    }

    /// Leaves an empty file with this time. If it cannot be made, the recording only stays longer.
    private static func set(_ path: String, to time: Int64) {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
        guard descriptor >= 0 else { return }
        let moment = timespec(tv_sec: Int(time / 1_000), tv_nsec: Int(time % 1_000) * 1_000_000)
        _ = [moment, moment].withUnsafeBufferPointer { futimens(descriptor, $0.baseAddress) }
        close(descriptor)
    }
}
