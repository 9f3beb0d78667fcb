import StenoCore

/// Gives a connection its script: the next one in order, or, where scripts name audio, the one whose audio is heard.
struct ScriptConductor {
    private var players: [ScriptPlayer]

    /// - Parameter connection: the number of the connection, from 1. The last script serves all further connections.
    init(_ sessions: [ScriptedSession], connection: Int) {
        let byContent = sessions.filter { $0.audio != nil }
        if byContent.isEmpty {
            let index = min(max(connection, 1), sessions.count) - 1
            self.players = sessions.isEmpty ? [] : [ScriptPlayer(sessions[index])]
        } else {
            self.players = byContent.map(ScriptPlayer.init)
        }
    }

    mutating func accept(_ samples: ArraySlice<Int16>) -> [RecognitionResult] {
        var results: [RecognitionResult] = []
        for index in self.players.indices {
            results += self.players[index].accept(samples)
        }
        if self.players.count > 1, let index = self.players.firstIndex(where: \.isRecognised) {
            self.players = [self.players[index]]
        }
        return results
    }

    mutating func paused() -> [RecognitionResult] {
        self.players.indices.flatMap { self.players[$0].paused() }
    }
}
