/// Which of a device's channels is recorded.
package enum ChannelChoice: Hashable, Sendable {
    /// The mean of all.
    case mix
    /// One of them, counted from 1.
    case one(Int)
}
