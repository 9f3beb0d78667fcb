package import StenoHTTP
internal import StenoWire

/// A finished note as a file, in one of the service's own forms.
package enum NoteExportFormat: String, CaseIterable, Sendable {
    case txt, rtf
}

extension ConnectVetsClient {
    /// The note as the service writes it. Only for one that is completed; anything else is an error that says so (CA-3).
    package func export(_ id: String, as format: NoteExportFormat) async throws(ServiceError) -> [UInt8] {
        let state = try await self.status(of: id)
        guard state.status == .completed else { throw Self.notReady(state.status) }
        let url = self.notes.appending(id, "export").querying([("format", format.rawValue)])
        let answer = try await self.read(url, isNote: true)
        guard answer.completeness == .complete, !answer.body.isEmpty else {
            throw self.errors.general.unreadable(answer, at: url)
        }
        // Some pages show the text inside a JSON string (CC-12).
        if format == .txt, answer.header("content-type")?.hasPrefix("application/json") == true,
            let text = answer.json?.string
        {
            return Array(text.utf8)
        }
        return answer.body
    }

    private static func notReady(_ status: NoteStatus) -> ServiceError {
        let what =
            status == .failed
            ? "ConnectVets could not process the note. 'steno notes retry' has it tried again."
            : "The note is \(status.text) and cannot be exported yet. Try again when it is completed."
        return ServiceError(.rejected, service: "ConnectVets", message: what)
    }
}
