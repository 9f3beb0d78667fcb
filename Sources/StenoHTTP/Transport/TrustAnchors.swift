package import NIOSSL

/// Who may vouch for a service: the system's certificate authorities, and one more file for organisations that run
/// their own.
package struct TrustAnchors: Hashable, Sendable {
    /// A PEM file with the extra authorities; `nil` for the system's alone.
    package var certificateAuthorityFile: String?

    package init(certificateAuthorityFile: String? = nil) {
        self.certificateAuthorityFile = certificateAuthorityFile
    }

    /// TLS with full verification of certificate and host name, 1.2 or later. For web and socket connections alike.
    /// - Throws: ``TrustAnchorsError`` if the extra file cannot be read or holds no certificate.
    package func tlsConfiguration() throws(TrustAnchorsError) -> TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.minimumTLSVersion = .tlsv12
        configuration.certificateVerification = .fullVerification
        if let path = self.certificateAuthorityFile {
            guard let certificates = try? NIOSSLCertificate.fromPEMFile(path), !certificates.isEmpty else {
                throw TrustAnchorsError(path: path)
            }
            configuration.additionalTrustRoots = [.certificates(certificates)]
        }
        return configuration
    }
}

/// The extra certificate authorities could not be read.
package struct TrustAnchorsError: Error, Hashable, Sendable, CustomStringConvertible {
    package let path: String

    package var description: String {
        "'\(self.path)' holds no certificate in PEM form. Name a file that does in tls.ca-file, or remove the setting."
    }
}
