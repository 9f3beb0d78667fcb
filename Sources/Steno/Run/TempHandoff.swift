package import StenoHTTP
package struct InvoxSummariser: TranscriptSummarising { package init(_ s: Settings, transport: HTTPTransport) throws {}
  package func summarise(_ transcript: TranscriptForSummary, tell: @Sendable (RunEvent) -> Void) async -> ExitCode { .defect } }
