//! The address under which the caller sees Akademi, for absolute links.

use actix_web::http::header::{FORWARDED, HeaderMap, HeaderValue};

/// Reads `proto` and `host` of the `Forwarded` header (RFC 7239) that only the gateway sets.
pub fn from_forwarded(headers: &HeaderMap) -> Option<String> {
    of_header(headers.get(FORWARDED)?)
}

/// Reads them of the header's value.
pub(crate) fn of_header(header: &HeaderValue) -> Option<String> {
    let header = header.to_str().ok()?;
    let part = |name: &str| {
        header.split(';').find_map(|pair| {
            let (key, value) = pair.trim().split_once('=')?;
            key.eq_ignore_ascii_case(name)
                .then(|| value.trim_matches('"').to_owned())
        })
    };
    Some(format!("{}://{}", part("proto")?, part("host")?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_gateways_header_gives_the_callers_address() {
        let mut headers = HeaderMap::new();
        headers.insert(
            FORWARDED,
            HeaderValue::from_static("for=\"[::1]\";proto=https;host=\"akademi.example:8443\""),
        );
        assert_eq!(
            from_forwarded(&headers).as_deref(),
            Some("https://akademi.example:8443")
        );
        assert_eq!(from_forwarded(&HeaderMap::new()), None);
    }
}
