internal import Glibc
internal import NIOSSL

/// What a certificate shows to be wrong with itself.
enum CertificateFault: String, Sendable {
    case expired = "its certificate has expired"
    case notYetValid = "its certificate is not valid yet; check this machine's clock"

    /// - Parameter now: seconds since 1970.
    init?(_ certificate: NIOSSLCertificate, now: time_t) {
        if now > certificate.notValidAfter {
            self = .expired
        } else if now < certificate.notValidBefore {
            self = .notYetValid
        } else {
            return nil
        }
    }
}
