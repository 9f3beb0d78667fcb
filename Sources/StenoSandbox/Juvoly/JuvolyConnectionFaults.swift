/// The switches as they stand for one connection.
struct JuvolyConnectionFaults: Hashable, Sendable {
    var ready: JuvolyFaults.Ready
    var beforeReady: JuvolyFaults.BeforeReady
    var audioChecks: JuvolyFaults.AudioChecks
    var pace: JuvolyFaults.Pace
    var partials: JuvolyFaults.Partials
    var finalise: JuvolyFaults.Finalise
    var finals: JuvolyFaults.Finals
    var timeUnit: JuvolyFaults.TimeUnit
    var idOnReconnect: JuvolyFaults.IDOnReconnect
    var drop: JuvolyFaults.Drop
    var stall: FaultDelay
    var idleClose: FaultDelay
    var information: JuvolyFaults.InformationFault
    var json: JuvolyFaults.JSONFault
    var errorMessage: OnOff

    init(_ faults: JuvolyFaults, connection number: Int) {
        self.ready = faults.ready.value(at: number)
        self.beforeReady = faults.beforeReady.value(at: number)
        self.audioChecks = faults.audioChecks.value(at: number)
        self.pace = faults.pace.value(at: number)
        self.partials = faults.partials.value(at: number)
        self.finalise = faults.finalise.value(at: number)
        self.finals = faults.finals.value(at: number)
        self.timeUnit = faults.timeUnit.value(at: number)
        self.idOnReconnect = faults.idOnReconnect.value(at: number)
        self.drop = faults.drop.value(at: number)
        self.stall = faults.stall.value(at: number)
        self.idleClose = faults.idleClose.value(at: number)
        self.information = faults.information.value(at: number)
        self.json = faults.json.value(at: number)
        self.errorMessage = faults.errorMessage.value(at: number)
    }
}
