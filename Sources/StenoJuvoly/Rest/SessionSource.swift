package import StenoCore
package import StenoHTTP

/// Where session tickets come from.
package enum SessionSource: Sendable {
    /// Juvoly itself, by API key (master or user) and client id. `rest` is the base, `…/api/v2/rest`.
    case service(rest: ServiceURL, apiKey: Secret, clientID: String)
    /// A broker of the organisation, which holds the key; nothing secret is sent. `clientID` is used if the broker
    /// names none.
    case broker(ServiceURL, clientID: String?)
}
