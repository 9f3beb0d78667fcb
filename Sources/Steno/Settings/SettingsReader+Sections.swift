/// One function for each section. A section is `nil` only after a mistake was recorded.
extension SettingsReader {
    mutating func recognition() -> Settings.Recognition? {
        let engine = self.choice(.engine, as: Settings.Engine.self)
        let language = self.text(.language)
        guard let engine else { return nil }
        return Settings.Recognition(engine: engine, language: language)
    }

    mutating func juvoly() -> Settings.Juvoly? {
        let apiKey = self.secret(.juvolyAPIKey)
        let clientID = self.text(.juvolyClientID)
        let restURL = self.url(.juvolyRESTURL)
        let socketURL = self.url(.juvolySocketURL)
        let sessionURL = self.url(.juvolySessionURL)
        let model = self.text(.juvolyModel)
        let uplink = self.choice(.juvolyUplink, as: Settings.Uplink.self)
        let readyTimeout = self.duration(.juvolyReadyTimeout)
        let connectionLimit = self.duration(.juvolyConnectionLimit)
        let endOfStream = self.choice(.juvolyEndOfStream, as: Settings.EndOfStream.self)
        let endMessage = self.text(.juvolyEndMessage)
        let subprotocol = self.text(.juvolySubprotocol)
        let anySubprotocol = self.flag(.juvolyAnySubprotocol)
        guard let restURL, let socketURL, let model, let uplink, let readyTimeout, let endOfStream, let subprotocol,
            let anySubprotocol
        else { return nil }
        return Settings.Juvoly(
            apiKey: apiKey,
            clientID: clientID,
            restURL: restURL,
            socketURL: socketURL,
            sessionURL: sessionURL,
            model: model,
            uplink: uplink,
            readyTimeout: readyTimeout,
            connectionLimit: connectionLimit,
            endOfStream: endOfStream,
            endMessage: endMessage,
            subprotocol: subprotocol,
            acceptsAnySubprotocol: anySubprotocol
        )
    }

    mutating func invox() -> Settings.Invox? {
        let appID = self.secret(.invoxAppID)
        let apiKey = self.secret(.invoxAPIKey)
        let baseURL = self.url(.invoxBaseURL)
        let tokenURL = self.url(.invoxTokenURL)
        let apiVersion = self.text(.invoxAPIVersion)
        let timeout = self.duration(.invoxTimeout)
        let repeatsUnknown = self.flag(.invoxRepeatUnknown)
        guard let apiVersion, let timeout, let repeatsUnknown else { return nil }
        return Settings.Invox(
            appID: appID,
            apiKey: apiKey,
            baseURL: baseURL,
            tokenURL: tokenURL,
            apiVersion: apiVersion,
            timeout: timeout,
            repeatsUnknown: repeatsUnknown
        )
    }

    mutating func connectVets() -> Settings.ConnectVets? {
        let apiKey = self.secret(.connectVetsAPIKey)
        let baseURL = self.url(.connectVetsBaseURL)
        let format = self.choice(.connectVetsFormat, as: Settings.UploadFormat.self)
        let long = self.choice(.connectVetsLong, as: Settings.LongRecording.self)
        let maxBytes = self.count(.connectVetsMaxBytes)
        let minDuration = self.duration(.connectVetsMinDuration)
        let maxDuration = self.duration(.connectVetsMaxDuration)
        let uploadTimeout = self.duration(.connectVetsUploadTimeout)
        let wait = self.duration(.connectVetsWait)
        guard let baseURL, let format, let long, let maxBytes, let minDuration, let maxDuration, let uploadTimeout,
            let wait
        else { return nil }
        return Settings.ConnectVets(
            apiKey: apiKey,
            baseURL: baseURL,
            format: format,
            long: long,
            maxBytes: maxBytes,
            minDuration: minDuration,
            maxDuration: maxDuration,
            uploadTimeout: uploadTimeout,
            wait: wait
        )
    }

    mutating func nxVET() -> Settings.NxVET? {
        let apiKey = self.secret(.nxVETAPIKey)
        let organisationID = self.text(.nxVETOrganisationID)
        let baseURL = self.url(.nxVETBaseURL)
        let webhookSecret = self.secret(.nxVETWebhookSecret)
        guard let baseURL else { return nil }
        return Settings.NxVET(
            apiKey: apiKey,
            organisationID: organisationID,
            baseURL: baseURL,
            webhookSecret: webhookSecret
        )
    }

    /// The sandbox has a folder of its own inside the home, so that nothing made in a trial meets a real service.
    mutating func storage(isSandbox: Bool) -> Settings.Storage? {
        let home = self.path(.storageHome)
        let keepDays = self.count(.storageKeep)
        let isSealed = self.flag(.storageSeal)
        guard let home else {
            self.require(
                .storageHome,
                "there is no place for recordings. Set STENO_HOME, XDG_DATA_HOME or HOME, or storage.home."
            )
            return nil
        }
        guard let keepDays, let isSealed else { return nil }
        let place = isSandbox ? SettingsInput.joined(home.value, "sandbox") : home.value
        self.correctReport(of: .storageHome, to: place)
        return Settings.Storage(
            home: Setting(place, from: home.origin),
            keepDays: keepDays,
            isSealed: isSealed
        )
    }

    /// What no single value shows.
    mutating func checkCombinations(juvoly: Settings.Juvoly?, connectVets: Settings.ConnectVets?) {
        if let juvoly, juvoly.endOfStream.value == .textMessage, juvoly.endMessage == nil {
            self.require(.juvolyEndMessage, "is needed when juvoly.end-of-stream is text-message.")
        }
        if let connectVets, connectVets.minDuration.value > connectVets.maxDuration.value {
            self.require(.connectVetsMinDuration, "is longer than connectvets.max-duration.")
        }
    }
}
