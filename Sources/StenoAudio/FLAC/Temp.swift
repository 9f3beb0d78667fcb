package final class FLACStreamEncoder { package init() throws {}
  package func encode(_ s: UnsafeBufferPointer<Int16>) -> [UInt8] { [] }
  package func finish() -> [UInt8] { [] } }
package final class FLACStreamDecoder { package init() {}
  package func decode(_ s: [UInt8]) throws -> [Int16] { [] } }
