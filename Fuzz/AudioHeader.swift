// The header of a WAV file over hostile bytes. Promises: no trap; the parser only reads forward, in small pieces, and
// ends; what it accepts is possible, and the extent of the samples lies inside the file; what it takes for WAV is WAV on
// a pipe as well.
//
// Input: a file.
// sources: Sources/StenoAudio/WAV Sources/StenoAudio/AudioWarning.swift Sources/StenoAudio/AudioError.swift
// sources: Sources/StenoAudio/Convert/TimelineLength.swift Sources/StenoAudio/Input/InputKind.swift

@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let file = UnsafeRawBufferPointer(start: start, count: count)
    func bytes(at offset: Int64, _ count: Int) -> UnsafeRawBufferPointer {
        let start = Int(clamping: min(offset, Int64(file.count)))
        return UnsafeRawBufferPointer(rebasing: file[start..<min(file.count, start + count)])
    }

    let beginning = Array(file.prefix(InputKind.sniffedBytes))
    let kind = InputKind.sniff(beginning)

    var parser = WAVHeaderParser()
    var step = parser.next
    var lastOffset: Int64 = 0
    var reads = 0
    while case .read(let offset, let count) = step {
        reads += 1
        promise(reads <= 2 * WAVHeaderParser.maximumChunks + 2, "the parser does not end")
        promise(offset >= lastOffset, "the parser reads backwards")
        promise((0...64).contains(count), "the parser reads much at once")
        lastOffset = offset
        step = parser.received(bytes(at: offset, count))
    }
    promise(kind == .wav || step == .rejected(.notWAV), "a header that a pipe would not look for")
    guard case .finished(let header) = step else { return 0 }
    promise(WAVHeader.isPossible(rate: header.rate, channels: header.channels), "an impossible format")
    promise(header.dataOffset >= 20, "samples inside the header")
    guard let bytesPerFrame = header.bytesPerFrame else { return 0 }

    let tailStart = header.dataOffset.addingReportingOverflow(max(0, header.declaredBytes ?? .max))
    let tail =
        tailStart.overflow ? bytes(at: Int64(file.count), 0) : bytes(at: tailStart.partialValue, WAVExtent.tailBytes)
    let extent = WAVExtent(header, bytesPerFrame: bytesPerFrame, fileBytes: Int64(file.count), tail: tail)
    promise(extent.frames >= 0, "a negative number of frames")
    let (size, overflows) = extent.frames.multipliedReportingOverflow(by: Int64(bytesPerFrame))
    promise(!overflows && size <= max(0, Int64(file.count) - extent.offset), "frames beyond the end of the file")
    return 0
}
