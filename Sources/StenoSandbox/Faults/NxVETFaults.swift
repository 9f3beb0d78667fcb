/// The switches of the NxVET stand-in (contract 12.2), the default of each in its initial value.
package struct NxVETFaults: Hashable, Sendable {
    /// What becomes of the key; per request.
    package var auth = Fault(Auth.ok)
    /// Which call tells whose key it is; per such call.
    package var identity = Fault(Identity.both)
    /// Which half of the service there is; per request.
    package var source = Fault(Source.both)
    /// How several types must be written; per list of labels.
    package var typesForm = Fault(TypesForm.both)
    /// What the total says; per list of labels.
    package var totalCount = Fault(TotalCount.present)
    /// Form of a device; per list of devices.
    package var deviceShape = Fault(DeviceShape.value)
    /// By which name a device is known in a path; per call with one.
    package var devicePathId = Fault(DevicePathID.value)
    /// Form of a label's notes; per label sent whole.
    package var noteContent = Fault(NoteContent.json)
    /// How long content takes; per record that is made.
    package var contentDelay = Fault(ContentDelay.after(FaultDelay(milliseconds: 120_000)))
    /// Per assignment.
    package var assign = Fault(Assign.ok)
    /// Per list of templates.
    package var templates = Fault(Templates.some)
    /// Per record that is made.
    package var aggregate = Fault(Aggregate.created)
    /// Per regeneration.
    package var lambda = Fault(Lambda.gatewayTimeout)
    /// Where the rows are; per list of conversations.
    package var listShape = Fault(ListShape.items)
    /// What paging does wrong; per list of conversations.
    package var paging = Fault(Paging.ok)
    /// How a status is written; per conversation sent.
    package var statusCase = Fault(StatusCase.upper)
    /// Where a transcript is; per conversation sent whole.
    package var detailText = Fault(DetailText.transcriptText)
    /// Per timeline.
    package var timeline = Fault(Timeline.ok)
    /// Per preview.
    package var preview = Fault(Preview.ok)
    /// Per creation.
    package var create = Fault(Create.ok)
    /// Per completion.
    package var complete = Fault(Complete.ok)
    /// What becomes of a completed conversation; per completion.
    package var outcome = Fault(Outcome.completed)
    /// How times are written; per label or conversation sent.
    package var timeUnit = Fault(TimeUnit.milliseconds)
    /// Per request.
    package var throttle = Fault(Throttle.off)
    /// What becomes of an answer; per request.
    package var transport = Fault(Transport.ok)
    /// Per request for audio.
    package var audio = Fault(Audio.wav)
    /// How an event is signed; per event.
    package var webhookSignature = Fault(WebhookSignature.prefixHex)
    /// How an event comes; per event.
    package var webhookDelivery = Fault(WebhookDelivery.once)

    package init() {}
}

extension FaultSwitch {
    static let nxVET: [FaultSwitch] = [
        FaultSwitch("nxvet.auth", \.nxVET.auth),
        FaultSwitch("nxvet.identity", \.nxVET.identity),
        FaultSwitch("nxvet.source", \.nxVET.source),
        FaultSwitch("nxvet.typesForm", \.nxVET.typesForm),
        FaultSwitch("nxvet.totalCount", \.nxVET.totalCount),
        FaultSwitch("nxvet.deviceShape", \.nxVET.deviceShape),
        FaultSwitch("nxvet.devicePathId", \.nxVET.devicePathId),
        FaultSwitch("nxvet.noteContent", \.nxVET.noteContent),
        FaultSwitch("nxvet.contentDelay", \.nxVET.contentDelay),
        FaultSwitch("nxvet.assign", \.nxVET.assign),
        FaultSwitch("nxvet.templates", \.nxVET.templates),
        FaultSwitch("nxvet.aggregate", \.nxVET.aggregate),
        FaultSwitch("nxvet.lambda", \.nxVET.lambda),
        FaultSwitch("nxvet.listShape", \.nxVET.listShape),
        FaultSwitch("nxvet.paging", \.nxVET.paging),
        FaultSwitch("nxvet.statusCase", \.nxVET.statusCase),
        FaultSwitch("nxvet.detailText", \.nxVET.detailText),
        FaultSwitch("nxvet.timeline", \.nxVET.timeline),
        FaultSwitch("nxvet.preview", \.nxVET.preview),
        FaultSwitch("nxvet.create", \.nxVET.create),
        FaultSwitch("nxvet.complete", \.nxVET.complete),
        FaultSwitch("nxvet.outcome", \.nxVET.outcome),
        FaultSwitch("nxvet.timeUnit", \.nxVET.timeUnit),
        FaultSwitch("nxvet.throttle", \.nxVET.throttle),
        FaultSwitch("nxvet.transport", \.nxVET.transport),
        FaultSwitch("nxvet.audio", \.nxVET.audio),
        FaultSwitch("nxvet.webhookSignature", \.nxVET.webhookSignature),
        FaultSwitch("nxvet.webhookDelivery", \.nxVET.webhookDelivery),
    ]
}
