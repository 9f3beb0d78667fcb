/// Notes without their sections, the newest first as far as the service tells.
package struct NoteList: Sendable {
    package var notes: [ConnectVetsNote] = []
    /// The service has more that match than were asked for.
    package var hasMore = false
    /// All were asked for, and the service has more than are read of any list: ``ConnectVetsClient/maximumPages``.
    package var isCutShort = false
}
