import StenoWire

/// The body of a summary request, checked in the contract's order (8.1 no. 3).
struct InvoxOrder: Hashable, Sendable {
    enum Format: String, Sendable {
        case summary = "SUMMARY"
        case soap = "SOAP_TEMPLATE"
    }

    struct Refusal: Hashable, Sendable {
        var rule: String
        var what: String
        var type: String?
        /// The program sent what it never should; otherwise a person chose a value the service does not take.
        var isOurFault = true
    }

    enum Outcome: Hashable, Sendable {
        case order(InvoxOrder)
        case refused(Refusal)
    }

    var transcript: String
    var format: Format
    var language: String
    /// What is taken, but should not have been sent.
    var oddities: [String]

    static func read(_ body: [UInt8], taking check: InvoxFaults.LanguageCheck = .any) -> Outcome {
        guard let value = try? JSONValue(parsing: body), let members = value.members else {
            return .refused(Refusal(rule: "3.1", what: "the body is no JSON object"))
        }
        guard let format = value["outputFormat"]?.string.flatMap(Format.init) else {
            let what = "outputFormat is neither SUMMARY nor SOAP_TEMPLATE"
            return .refused(Refusal(rule: "3.1", what: what, type: "invalidOutputFormat"))
        }
        guard let language = value["outputLanguage"]?.string, !language.isEmpty else {
            return .refused(
                Refusal(rule: "3.1", what: "outputLanguage is missing", type: "missingOutputLanguage")
            )
        }
        guard Self.isTaken(language, by: check) else {
            let what = "outputLanguage is no ISO 639 code"
            return .refused(Refusal(rule: "3.1", what: what, type: "invalidLanguage", isOurFault: false))
        }
        guard
            let transcript = value["transcript"]?.string,
            !transcript.allSatisfy(\.isWhitespace)
        else { return .refused(Refusal(rule: "3.1", what: "the transcript is missing or empty")) }
        let known: Set<String> = ["transcript", "outputFormat", "outputLanguage"]
        let oddities =
            members.count == 3 && Set(members.map(\.name)) == known
            ? [] : ["the body has members that are not documented"]
        return .order(InvoxOrder(transcript: transcript, format: format, language: language, oddities: oddities))
    }

    private static func isTaken(_ code: String, by check: InvoxFaults.LanguageCheck) -> Bool {
        switch check {
        case .any: Self.isLanguage(code)
        case .twoLetters: code.utf8.count == 2 && Self.isLanguage(code)
        case .region: Self.isLanguage(String(code.prefix { $0 != "-" }))
        case .refuse: false
        }
    }

    /// A code of ISO 639-1, or three letters as the other parts of the standard have them.
    static func isLanguage(_ code: String) -> Bool {
        guard code.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }) else { return false }
        return code.utf8.count == 3 || Self.twoLetterCodes.contains(code)
    }

    private static let twoLetterCodes = Set(
        """
        aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en
        eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja
        jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb
        nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq
        sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu
        """
        .split(whereSeparator: \.isWhitespace).map(String.init)
    )
}
