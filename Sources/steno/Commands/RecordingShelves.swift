import StenoStore

/// The recordings a person may mean: the real ones, and behind them those that were made in a trial. A name alone finds
/// either, because a person has only the name.
struct RecordingShelves {
    /// At least one.
    let libraries: [RecordingLibrary]

    func places() -> [RecordingPlace] { self.libraries.flatMap { $0.places() } }

    func place(_ text: String) throws(StoreError) -> RecordingPlace {
        var unknown = StoreError(.unknown, text)
        for library in self.libraries {
            do throws(StoreError) {
                return try library.place(text)
            } catch {
                guard error.code == .unknown else { throw error }
                unknown = error
            }
        }
        throw unknown
    }

    func delete(_ place: RecordingPlace) throws(StoreError) {
        try self.library(of: place)?.delete(place)
    }

    func recover(_ place: RecordingPlace) throws(StoreError) -> RecordingInfo {
        guard let library = self.library(of: place) else { throw StoreError(.unknown, place.id) }
        return try library.recover(place)
    }

    func library(of place: RecordingPlace) -> RecordingLibrary? {
        self.libraries.first { place.folder.hasPrefix($0.recordings + "/") } ?? self.libraries.first
    }
}
