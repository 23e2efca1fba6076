//! Headers that are about one connection and end with it (RFC 9110, 7.6.1).

/// Whether a header must not travel on: because of what it is, or because `Connection` names it.
pub(crate) fn hop_by_hop(name: &str, connection: &[String]) -> bool {
    const NAMES: [&str; 10] = [
        "connection",
        "http2-settings",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "proxy-connection",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
    ];
    NAMES.contains(&name) || connection.iter().any(|named| named == name)
}
