import GRDB
import Glibc
import StenoCore

extension RecordingLibrary {
    /// Finishes a recording that its writer left: after a crash, a power cut or a kill. What was durable is there, and
    /// what became of it is known to the sample.
    ///
    /// Every row is read once. One that is damaged stays as it is and is missing from then on: `unreadable` says where. A
    /// file in which SQLite finds damage is kept under another name, `setAside`, and what can be read of it is put into a
    /// new one, `salvage`. Works without keys, and on a copy.
    ///
    /// - Returns: what there is. Recordings that are finished already and not damaged stay as they are.
    /// - Throws: `inUse` while it is written, `newer` when this program may not write it.
    package func recover(_ place: RecordingPlace) throws(StoreError) -> RecordingInfo {
        let lock = try WriterLock(place)
        defer { withExtendedLifetime(lock) {} }
        try SetAside.damagedFiles(of: place, time: self.clock())
        let info = try RecordingInfo(place)
        let isOpen = info.finished == nil || info.isSalvageOpen
        guard isOpen || place.hasCompanions else { return info }
        // A crash left it; nobody needs it now.
        unlink(place.reserve)
        let parts = place.numberedFiles.map(\.part)
        // Of a recording that is finished only its last file may have been left in two.
        for part in isOpen ? parts[...] : parts.suffix(1) {
            let file = try RecordingPart(reopening: place, part: part, needsKey: false)
            if part == parts.last, isOpen { try self.finish(file, place, info) }
            try file.becomeOneFile()
        }
        if info.isSalvageOpen { try self.closeSalvage(place) }
        return try RecordingInfo(place)
    }

    /// Coverage says now what is missing.
    private func closeSalvage(_ place: RecordingPlace) throws(StoreError) {
        for path in place.files {
            let file = try Connection.guest(path, name: place.id)
            do {
                try file.inDatabase { try $0.run("DELETE FROM meta WHERE key = ?", .text(SalvageReport.openKey)) }
            } catch {
                throw StoreError(error, place.id)
            }
        }
    }

    private func finish(
        _ file: RecordingPart,
        _ place: RecordingPlace,
        _ info: RecordingInfo
    ) throws(StoreError) {
        var batch = RecordingBatch()
        batch.coverage = try WrittenCoverage.recovered(place, info)
        try file.commit(batch)
        // Of a file that is only referred to nothing ends here.
        let frames = info.isReferring ? try ResumePoint(place).end : info.end
        try file.state([
            ("frames", SQLValue(frames.frames)), ("complete", SQLValue(false)), ("ended_by", .text("recovery")),
            ("finished", SQLValue(self.clock())),
        ])
    }
}
