/// The files of the one engine this version of steno was built and measured with, by name and SHA-256.
///
/// `scripts/setup` holds the same sums and hashes the files before it writes the manifest. Here the manifest's sums are
/// compared, so that an engine of another version is told apart before it is loaded.
enum EnginePins {
    static let runtime = "libonnxruntime.so"
    static let library = "libsherpa-onnx-c-api.so"
    static let encoder = "encoder_model.ort"
    static let decoder = "decoder_model_merged.ort"
    static let tokens = "tokens.txt"
    static let speechDetector = "silero_vad.onnx"

    static let sums: [String: String] = [
        Self.runtime: "4b3607aebd1784b26b6f9b20e4bd974c7ab8287043e4d095cb7d2cb40b5e566e",
        Self.library: "250bf877faccc35d311041f7da84ad652772857be935eaa789f4c621a1d56e3e",
        Self.encoder: "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221",
        Self.decoder: "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0",
        Self.tokens: "2870d843e14c1e187bf1913a521562a63b53933814bd7f2145120468f494a049",
        Self.speechDetector: "1a153a22f4509e292a94e67d6f9b85e8deb25b4988682b7e174c65279d8788e3",
    ]
}
