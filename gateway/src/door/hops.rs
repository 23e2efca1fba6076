//! Headers that are about one connection and end with it (RFC 9110, 7.6.1).

/// Whether a header must not travel on because of what it is.
pub(crate) fn ends_here(name: &str) -> bool {
    matches!(
        name,
        "connection"
            | "http2-settings"
            | "keep-alive"
            | "proxy-authenticate"
            | "proxy-authorization"
            | "proxy-connection"
            | "te"
            | "trailer"
            | "transfer-encoding"
            | "upgrade"
    )
}

/// Whether one of these values of `Connection` names the header.
pub(crate) fn names_header<V: AsRef<[u8]>>(
    connection: impl IntoIterator<Item = V>,
    name: &str,
) -> bool {
    connection.into_iter().any(|value| {
        let mut named = value.as_ref().split(|byte| *byte == b',');
        named.any(|named| named.trim_ascii().eq_ignore_ascii_case(name.as_bytes()))
    })
}
