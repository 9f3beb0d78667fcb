import Glibc

/// Ends the run with `text` where `holds` is false. A `precondition` would end it too, but an optimised build swallows its
/// text.
func promise(_ holds: Bool, _ text: StaticString) {
    guard !holds else { return }
    for part in ["A promise is broken: ", text, "\n"] as [StaticString] {
        _ = write(STDERR_FILENO, part.utf8Start, part.utf8CodeUnitCount)
    }
    abort()
}
