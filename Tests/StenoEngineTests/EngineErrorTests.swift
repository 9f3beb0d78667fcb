import Testing

@testable import StenoEngine

@Suite("Engine errors")
struct EngineErrorTests {
    @Test(
        "Each error says what happened and what to do",
        arguments: [
            (.notInstalled, "The embedded speech engine is not installed in \"/e\". Run 'scripts/setup --engine'."),
            (
                .different,
                "\"/e\" is not the file of the speech engine that this steno needs. Run 'scripts/setup --engine'."
            ),
            (
                .writableByOthers,
                "\"/e\" can be changed by other users, so the speech engine in it is not loaded. "
                    + "Take that permission away with 'chmod go-w'."
            ),
            (
                .refused,
                "The speech engine in \"/e\" does not run on this machine. Run 'scripts/setup --engine --check'."
            ),
            (.finished, "The recogniser was already told that the audio had ended."),
        ] as [(EngineError.Code, String)]
    )
    func wording(code: EngineError.Code, text: String) {
        #expect(EngineError(code, path: "/e", cause: "dlopen").description == text)
    }
}
