package import StenoAudio
package import StenoHTTP
package struct InvoxSummariser: TranscriptSummarising { package init(_ s: Settings, transport: HTTPTransport) throws {}
  package func summarise(_ transcript: TranscriptForSummary, tell: @Sendable (RunEvent) -> Void) async -> ExitCode { .defect } }
package struct ConnectVetsUploader: NoteUploading { package init(_ s: Settings, transport: HTTPTransport) throws {}
  package func upload(_ upload: NoteUpload, _ source: any SampleSource, tell: @escaping @Sendable (RunEvent) -> Void) async -> ExitCode { .defect } }
