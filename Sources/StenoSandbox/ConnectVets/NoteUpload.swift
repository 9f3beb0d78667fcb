/// One upload while it arrives. Of the audio only the beginning, the size and a digest are kept, of text parts their text.
final class NoteUpload {
    /// Beginning of the audio that is kept, to tell its format and length.
    static let headLimit = 64 * 1024
    /// Bytes of one text part.
    static let textLimit = 64 * 1024
    static let textParts: Set<String> = ["metadata", "name", "external_id", "gender"]

    struct Audio: Hashable {
        var fileName: String?
        var contentType: String?
        var size = 0
        var head: [UInt8] = []
        var digest = FNV1a()
    }

    private(set) var audio: Audio?
    private(set) var texts: [String: String] = [:]
    /// What broke the contract so far.
    private(set) var violations: [String] = []
    /// The form cannot be read any further.
    private(set) var error: MultipartError?
    private(set) var isComplete = false

    private var reader: MultipartReader
    private var current: MultipartReader.Head?
    private var text: [UInt8] = []

    init(boundary: String) {
        self.reader = MultipartReader(boundary: boundary)
    }

    func received(_ bytes: some Sequence<UInt8>) {
        guard self.error == nil else { return }
        self.reader.append(bytes)
        do throws(MultipartError) {
            while let event = try self.reader.next() { try self.take(event) }
        } catch {
            self.error = error
        }
    }

    private func take(_ event: MultipartReader.Event) throws(MultipartError) {
        switch event {
        case .part(let head):
            self.begin(head)
        case .data(let bytes):
            try self.take(bytes)
        case .partEnded:
            if let name = self.current?.name, name != "audio" {
                guard let text = String(validating: self.text, as: UTF8.self) else {
                    throw MultipartError(reason: "a text part is no UTF-8")
                }
                self.texts[name] = text
            }
            self.current = nil
            self.text = []
        case .ended:
            self.isComplete = true
        }
    }

    private func begin(_ head: MultipartReader.Head) {
        self.current = head
        if head.name == "audio" {
            if self.audio != nil { self.violations.append("the audio is sent twice") }
            self.audio = Audio(fileName: head.fileName, contentType: head.contentType)
        } else {
            if !Self.textParts.contains(head.name) { self.violations.append("a part has an unknown name") }
            if self.texts[head.name] != nil { self.violations.append("a part is sent twice") }
        }
    }

    private func take(_ bytes: ArraySlice<UInt8>) throws(MultipartError) {
        guard self.current?.name == "audio", self.audio != nil else {
            guard self.text.count + bytes.count <= Self.textLimit else {
                throw MultipartError(reason: "a text part is longer than 64 KiB")
            }
            self.text += bytes
            return
        }
        self.audio?.size += bytes.count
        let missing = Self.headLimit - (self.audio?.head.count ?? 0)
        if missing > 0 { self.audio?.head += bytes.prefix(missing) }
        guard var digest = self.audio?.digest else { return }
        for byte in bytes { digest.combine(byte) }
        self.audio?.digest = digest
    }
}
