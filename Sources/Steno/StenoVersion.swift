/// The version of program and library, by Semantic Versioning.
public enum StenoVersion {
    public static let current = "0.1.0"
}
