extension RecordingLibrary {
    /// What somebody writes now. Costs one look at each folder, and one at each file that is being written.
    package func running() -> [RecordingInfo] {
        self.places().compactMap { place in
            guard case .process = WriterLock.holder(of: place) else { return nil }
            return try? RecordingInfo(place)
        }
    }
}
