/// Who makes a summary of what was said, and in which form.
package enum SummaryKind: String, CaseIterable, Hashable, Sendable {
    /// Juvoly, on the connection that heard the recording.
    case soep
    /// Invox, from the transcript, as text.
    case invox
    /// Invox, from the transcript, as a SOAP note.
    case invoxSOAP = "invox-soap"
}
