/// The switches of the ConnectVets stand-in (contract 14.2), the default of each in its initial value.
package struct ConnectVetsFaults: Hashable, Sendable {
    /// Status of a create that worked; per create.
    package var createStatus = Fault(CreateStatus.created)
    /// What goes wrong with a create; per create.
    package var createFault = Fault(CreateFault.none)
    /// How long a new note is invisible to the list; per list request.
    package var indexDelay = Fault(FaultDelay.zero)
    /// When a request is throttled; per request that is limited.
    package var throttle = Fault(Throttle.real)
    /// What a throttled answer says about the wait; per request that is limited.
    package var rateLimitHeaders = Fault(RateLimitHeaders.minute)
    /// Form of error bodies; per error.
    package var errorShape = Fault(ErrorShape.flat)
    /// What becomes of a note; per note.
    package var outcome = Fault(Outcome.completed)
    /// How long a note is processed; per note.
    package var processingSeconds = Fault(Processing.standard)
    /// Where the content of a good answer lies; per answer.
    package var envelope = Fault(Envelope.allData)
    /// Form of the list; per list request.
    package var listShape = Fault(ListShape.dataMeta)
    /// How a note's metadata comes back; per note sent.
    package var metadataOut = Fault(MetadataOut.array)
    /// Titles and labels of sections; per note.
    package var labelLang = Fault(LabelLanguage.en)
    /// Which reprocessing route there is; per retry.
    package var retryRoute = Fault(RetryRoute.both)
    /// The host of transcripts; per request to it.
    package var cdn = Fault(CDN.ok)
    /// What becomes of an answer; per request.
    package var transport = Fault(Transport.ok)

    /// Where the calls lie; as the first occurrence says.
    package var basePath = Fault(BasePath.notesV1)
    /// By which name the length of a page is known; per list request.
    package var pageParam = Fault(PageParam.both)
    /// Which form of metadata is taken; per create.
    package var metadataIn = Fault(MetadataIn.acceptBoth)
    /// Whether a name is needed; per create.
    package var requireName = Fault(Flag.yes)
    /// Under which name a note has its state; per note sent.
    package var statusField = Fault(StatusField.transcriptionStatus)
    /// States nobody documented, on the way to a known one; per state sent.
    package var extraStates = Fault(Switch.off)
    /// Status of a refusal for size; per create.
    package var tooLargeStatus = Fault(TooLargeStatus.contentTooLarge)
    /// Status of a refusal for the kind of audio; per create.
    package var formatStatus = Fault(FormatStatus.badRequest)
    /// Largest audio in bytes, at most the default: more is refused before it is looked at; per create.
    package var maxBytes = Fault(FaultNumber(26_214_400))
    /// Longest audio in seconds; per create.
    package var maxSeconds = Fault(FaultNumber(3_600))
    /// Kinds of audio that are taken; per create.
    package var formats = Fault(Formats.all)
    /// What an accepted reprocessing answers; per retry.
    package var retryShape = Fault(RetryShape.noteData)
    /// What becomes of a retry while the note is processed; per retry.
    package var retryWhileProcessing = Fault(RetryWhileProcessing.conflict)
    /// What an export answers before the note is completed; per export.
    package var exportEarly = Fault(ExportEarly.badRequest)
    /// Whether the text comes inside a JSON string; per export.
    package var exportAsJSONString = Fault(Flag.no)
    /// The file name that goes with an export; per export.
    package var exportDisposition = Fault(ExportDisposition.present)
    /// What becomes of a section that is written; per write.
    package var patch = Fault(Patch.lenient)
    /// Whether sections have ids; per section sent.
    package var sectionIds = Fault(Flag.yes)
    /// How sections are numbered; per note.
    package var orderForm = Fault(OrderForm.plain)
    /// What ids look like; per note.
    package var idStyle = Fault(IDStyle.uuid4)
    /// Whether a note leaves out all that is not required; per note sent.
    package var slimNote = Fault(Flag.no)
    /// In which order notes are listed; per list request.
    package var listOrder = Fault(ListOrder.descending)

    package init() {}
}

extension FaultSwitch {
    static let connectVets: [FaultSwitch] = [
        FaultSwitch("connectvets.createStatus", \.connectVets.createStatus),
        FaultSwitch("connectvets.createFault", \.connectVets.createFault),
        FaultSwitch("connectvets.indexDelay", \.connectVets.indexDelay),
        FaultSwitch("connectvets.throttle", \.connectVets.throttle),
        FaultSwitch("connectvets.rateLimitHeaders", \.connectVets.rateLimitHeaders),
        FaultSwitch("connectvets.errorShape", \.connectVets.errorShape),
        FaultSwitch("connectvets.outcome", \.connectVets.outcome),
        FaultSwitch("connectvets.processingSeconds", \.connectVets.processingSeconds),
        FaultSwitch("connectvets.envelope", \.connectVets.envelope),
        FaultSwitch("connectvets.listShape", \.connectVets.listShape),
        FaultSwitch("connectvets.metadataOut", \.connectVets.metadataOut),
        FaultSwitch("connectvets.labelLang", \.connectVets.labelLang),
        FaultSwitch("connectvets.retryRoute", \.connectVets.retryRoute),
        FaultSwitch("connectvets.cdn", \.connectVets.cdn),
        FaultSwitch("connectvets.transport", \.connectVets.transport),
        FaultSwitch("connectvets.basePath", \.connectVets.basePath),
        FaultSwitch("connectvets.pageParam", \.connectVets.pageParam),
        FaultSwitch("connectvets.metadataIn", \.connectVets.metadataIn),
        FaultSwitch("connectvets.requireName", \.connectVets.requireName),
        FaultSwitch("connectvets.statusField", \.connectVets.statusField),
        FaultSwitch("connectvets.extraStates", \.connectVets.extraStates),
        FaultSwitch("connectvets.tooLargeStatus", \.connectVets.tooLargeStatus),
        FaultSwitch("connectvets.formatStatus", \.connectVets.formatStatus),
        FaultSwitch("connectvets.maxBytes", \.connectVets.maxBytes),
        FaultSwitch("connectvets.maxSeconds", \.connectVets.maxSeconds),
        FaultSwitch("connectvets.formats", \.connectVets.formats),
        FaultSwitch("connectvets.retryShape", \.connectVets.retryShape),
        FaultSwitch("connectvets.retryWhileProcessing", \.connectVets.retryWhileProcessing),
        FaultSwitch("connectvets.exportEarly", \.connectVets.exportEarly),
        FaultSwitch("connectvets.exportAsJSONString", \.connectVets.exportAsJSONString),
        FaultSwitch("connectvets.exportDisposition", \.connectVets.exportDisposition),
        FaultSwitch("connectvets.patch", \.connectVets.patch),
        FaultSwitch("connectvets.sectionIds", \.connectVets.sectionIds),
        FaultSwitch("connectvets.orderForm", \.connectVets.orderForm),
        FaultSwitch("connectvets.idStyle", \.connectVets.idStyle),
        FaultSwitch("connectvets.slimNote", \.connectVets.slimNote),
        FaultSwitch("connectvets.listOrder", \.connectVets.listOrder),
    ]
}
