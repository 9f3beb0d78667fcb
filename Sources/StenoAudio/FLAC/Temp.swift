package final class FLACStreamEncoder { package init() throws {}
  package func encode(_ s: UnsafeBufferPointer<Int16>) -> [UInt8] { [] }
  package func finish() -> [UInt8] { [] } }
package enum WAVWriter { package static func write(_ s: any SampleSource, to: String) throws(AudioError) {} }
