import Foundation
import StenoTesting
import Testing

@Suite("Devices")
struct DevicesTests {
    /// The devices that `--json` tells, by name.
    private func devices(_ output: String) throws -> [String: [String: Any]] {
        let object = try JSONSerialization.jsonObject(with: Data(output.utf8)) as? [String: Any]
        let list = try #require(object?["devices"] as? [[String: Any]])
        return Dictionary(uniqueKeysWithValues: list.map { ($0["name"] as? String ?? "", $0) })
    }

    @Test("The default comes first, and a pipe gets one line for each device")
    func list() async throws {
        let microphone = VirtualMicrophone()
        let result = try await StenoProgram(microphone.environment).run("devices")
        #expect(result.code == 0)
        let lines = result.output.split(separator: "\n").map { $0.split(separator: "\t").map(String.init) }
        #expect(lines.first?.first == "default")
        #expect(lines.allSatisfy { $0.count == 4 })
        #expect(lines.contains(["vmic", "vmic", "Microphone for tests", "16000 Hz, 1 channel, S16_LE"]))
        #expect(result.errors.isEmpty)
    }

    @Test("JSON tells what each device delivers")
    func json() async throws {
        let microphone = VirtualMicrophone(
            .init().with {
                $0.formats = [.s16, .s32]
                $0.rates = [44_100, 48_000]
                $0.channels = [2]
            }
        )
        let result = try await StenoProgram(microphone.environment).run("devices", "--json")
        let device = try #require(try self.devices(result.output)["default"])
        #expect(device["formats"] as? [String] == ["S16_LE", "S32_LE"])
        #expect(device["rates"] as? [Int] == [44_100, 48_000])
        #expect(device["channels"] as? [Int] == [2])
        #expect(device["busy"] as? Bool == false)
        #expect(device["default"] as? Bool == true)
        #expect(result.errors.isEmpty)
    }

    @Test("A busy device is listed as busy, and one that may not be used says who may")
    func trouble() async throws {
        let microphone = VirtualMicrophone()
        microphone.send(.busy())
        let program = try StenoProgram(microphone.environment)
        let busy = try await program.run("devices", "--json")
        #expect(try self.devices(busy.output)["vmic"]?["busy"] as? Bool == true)
        microphone.send(.denied())
        let denied = try await program.run("devices")
        #expect(denied.output.contains("vmic\tvmic\tMicrophone for tests\tno permission: join the group 'audio'"))
        #expect(denied.code == 0)
    }

    @Test("A machine without a device has an empty list, and says what to do")
    func none() async throws {
        let program = try StenoProgram()
        let configuration = program.file("none.conf", "# Nothing is here.\n")
        let empty = try StenoProgram(["ALSA_CONFIG_PATH": configuration])
        let list = try await empty.run("devices")
        #expect(list.output.isEmpty)
        #expect(list.errors.contains("No capture device was found. Plug in a microphone"))
        #expect(list.errorLines.count == 1)
        #expect(list.code == 0)
        #expect(try await empty.run("devices", "--json", "--quiet").output == "{\"devices\":[]}\n")
    }

    @Test("The doctor counts microphones, and says how to get permission")
    func doctor() async throws {
        let microphone = VirtualMicrophone()
        let program = try StenoProgram(microphone.environment)
        let good = try await program.run("doctor")
        #expect(good.output.contains("ok    microphone: 2 capture devices; the default is '"))
        microphone.send(.denied())
        let denied = try await program.run("doctor")
        #expect(denied.output.contains("BAD   microphone: "))
        #expect(denied.output.contains("sudo usermod -aG audio $USER"))
        #expect(denied.code == 77)
    }
}
