import NIOCore

/// What the NxVET stand-in holds when it starts, always the same. Ids that the vendor's examples print are among them,
/// so that those examples work as they are.
enum NxVETFixtures {
    static let devices = [
        SandboxDevice(id: "device-id-here", name: "Room 1", serial: "NX-1234"),
        SandboxDevice(id: "device-ward", name: "Ward", serial: "nxhub-0002"),
        SandboxDevice(id: "device-desk", name: "Phone of the desk", serial: "NX-9012"),
    ]

    static let patients = [
        SandboxPatient(id: "019e5678-abcd-7000-1234-abcdef012345", name: "Luna"),
        SandboxPatient(id: "019e5678-abcd-7000-8000-000000000002", name: "Max"),
        SandboxPatient(id: "019e5678-abcd-7000-8000-000000000003", name: "Bella"),
    ]

    static let templates = [
        SandboxTemplate(id: "template-id-here", name: "Standard SOAP", content: "{{subjective}} {{objective}}"),
        SandboxTemplate(id: "template-referral", name: "Referral letter", content: "Dear colleague, {{summary}}"),
    ]

    static let types = [
        "ClinicConversation", "NxHubBatch", "DictationAudio", "DocumentSoap", "PhoneCallAudio", "ButtonRecording",
        "AudioButtonRecording", "AggregateLabel",
    ]

    /// 2026-05-10T08:00:00Z, in milliseconds: the day in most of the ids that the vendor prints.
    private static let firstMorning = 1_778_400_000_000
    private static let printedLabels = [
        "019e1111-1111-7000-aaaa-111111111111", "019e2222-2222-7000-bbbb-222222222222",
        "019e1234-5678-7000-abcd-123456789abc",
    ]

    /// A UUID of version 7: made at a time, and nothing random in it.
    static func id(milliseconds: Int, series: UInt32, number: Int) -> String {
        let time = Self.hexadecimal(milliseconds, 12)
        return "\(time.prefix(8))-\(time.suffix(4))-7000-8000-\(Self.hexadecimal(Int(series), 8))"
            + Self.hexadecimal(number, 4)
    }

    private static func hexadecimal(_ value: Int, _ digits: Int) -> String {
        let text = String(value, radix: 16)
        return String(String(repeating: "0", count: max(0, digits - text.count)) + text).suffix(digits).description
    }

    /// 27 labels in hourly steps: all types, three devices, three patients and some without. The last is still being
    /// processed, and one more arrives two hours late.
    static func labels(start: NIODeadline, ready: StoredLabel.Moment) -> [StoredLabel] {
        let usual = (0..<28).map { number in
            let from = Self.firstMorning + number * 3_600_000
            let patient = number % 4 == 3 ? nil : Self.patients[number % 4]
            return StoredLabel(
                id: number < Self.printedLabels.count
                    ? Self.printedLabels[number] : Self.id(milliseconds: from + 900_000, series: 0, number: number),
                type: Self.types[number % Self.types.count],
                from: from,
                to: from + 900_000,
                patient: patient,
                device: Self.devices[number % Self.devices.count],
                transcript: Self.transcript(patient?.name ?? "The animal", number),
                shown: number == 27 ? start + .hours(2) : start,
                ready: number == 26 ? ready : .at(start)
            )
        }
        return usual
    }

    /// 45 conversations: every status, on two devices.
    static func conversations() -> [StoredConversation] {
        (0..<45).map { number in
            let from = Self.firstMorning + number * 1_800_000
            let status = StoredConversation.Status.allCases[(number + 1) % StoredConversation.Status.allCases.count]
            return StoredConversation(
                id: number == 0 ? "conversation-id-here" : "conversation-\(number)",
                device: Self.devices[number % 2],
                from: from,
                to: from + 1_200_000,
                made: from + 1_200_000,
                life: .still(status)
            )
        }
    }

    private static func transcript(_ name: String, _ number: Int) -> String {
        """
        \(PlainNote.label)\(name) came in for visit \(number). The owner has seen a limp since yesterday. \
        The left hind leg is swollen. There is no fever. It is most likely a sprain. \
        \(name) should rest for a week.
        """
    }
}
