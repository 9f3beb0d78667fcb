extension NxVETFaults {
    package enum WebhookSignature: String, FaultValue, CaseIterable {
        case prefixHex, hexOnly, upperHex, base64
        /// Signed with another secret.
        case wrong
        case missing
        /// The signature is of other bytes that mean the same.
        case reserialisedBody
        /// The key is what follows `whsec_`.
        case keyWithoutPrefix
    }

    package enum WebhookDelivery: String, FaultValue, CaseIterable {
        case once, duplicateSameId, duplicateNewId
        /// It comes after the next one.
        case outOfOrder
        /// It comes two seconds late.
        case delayed
        /// One of a type that nobody knows comes before it.
        case unknownEvent
        /// Its data is empty.
        case missingIds
        case over1MiB
    }
}
