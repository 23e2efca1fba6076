//! Takes away what only a gateway may say, and says it: `Forwarded`, by which the services know
//! where the caller stands and which address to put into links.

use crate::settings::{is_host, scheme_and_host};
use actix_web::{
    body::MessageBody,
    dev::{ServiceRequest, ServiceResponse},
    http::header::{FORWARDED, HOST, HeaderMap, HeaderName, HeaderValue},
    middleware::Next,
    web::Data,
};
use std::net::IpAddr;

/// Where the world sees Akademi, if that is settled; otherwise each request's host says.
#[derive(Clone, Debug)]
pub(crate) struct Address(Option<(String, String)>);

impl Address {
    /// From the setting.
    pub(crate) fn new(public_url: Option<&str>) -> Self {
        let parts = public_url.and_then(scheme_and_host);
        Self(parts.map(|(scheme, host)| (scheme.to_owned(), host.to_owned())))
    }

    fn forwarded(&self, from: Option<IpAddr>, headers: &HeaderMap) -> Option<HeaderValue> {
        let (proto, host) = match &self.0 {
            Some((proto, host)) => (proto.as_str(), host.as_str()),
            None => ("http", headers.get(HOST)?.to_str().ok()?),
        };
        let from = match from {
            Some(IpAddr::V4(address)) => address.to_string(),
            Some(IpAddr::V6(address)) => format!("\"[{address}]\""),
            None => "unknown".to_owned(),
        };
        let value = format!("for={from};proto={proto};host=\"{host}\"");
        is_host(host).then(|| HeaderValue::from_str(&value).ok())?
    }
}

/// Middleware, the outermost: nothing inside sees a client's word about who or where it is. A
/// request whose host is unusable goes in without `Forwarded` and is refused there.
pub(crate) async fn cleanse<B: MessageBody>(
    mut request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<B>, actix_web::Error> {
    let from = request.peer_addr().map(|peer| peer.ip());
    let forwarded = request
        .app_data::<Data<Address>>()
        .and_then(|address| address.forwarded(from, request.headers()));
    let headers = request.headers_mut();
    let claims: Vec<HeaderName> = headers
        .keys()
        .filter(|name| is_claim(name))
        .cloned()
        .collect();
    for name in claims {
        headers.remove(name);
    }
    if let Some(forwarded) = forwarded {
        headers.insert(FORWARDED, forwarded);
    }
    next.call(request).await
}

/// Whether a header says who or where the client is, or asks for another address or method than
/// the request line: things that some proxy somewhere believes.
fn is_claim(name: &HeaderName) -> bool {
    const NAMES: [&str; 18] = [
        "cf-connecting-ip",
        "client-ip",
        "fastly-client-ip",
        "forwarded",
        "front-end-https",
        "from",
        "remote-user",
        "true-client-ip",
        "via",
        "x-client-cert",
        "x-client-ip",
        "x-cluster-client-ip",
        "x-host",
        "x-http-method",
        "x-http-method-override",
        "x-method-override",
        "x-real-ip",
        "x-rewrite-url",
    ];
    const PREFIXES: [&str; 6] = [
        "x-akademi-",
        "x-auth-",
        "x-authenticated-",
        "x-forwarded-",
        "x-original-",
        "x-remote-",
    ];
    let name = name.as_str();
    NAMES.contains(&name) || PREFIXES.iter().any(|prefix| name.starts_with(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(host: &str) -> HeaderMap {
        let mut headers = HeaderMap::new();
        headers.insert(HOST, HeaderValue::from_str(host).unwrap());
        headers
    }

    #[test]
    fn the_settled_address_wins_over_the_requests_host() {
        let address = Address::new(Some("https://akademi.example"));
        let value = address.forwarded("192.0.2.1".parse().ok(), &headers("other.example"));
        assert_eq!(
            value.unwrap(),
            "for=192.0.2.1;proto=https;host=\"akademi.example\""
        );
    }

    #[test]
    fn a_host_that_is_none_gives_no_address() {
        let address = Address::new(None);
        let value = address.forwarded("::1".parse().ok(), &headers("[::1]:8080"));
        assert_eq!(
            value.unwrap(),
            "for=\"[::1]\";proto=http;host=\"[::1]:8080\""
        );
        assert_eq!(address.forwarded(None, &headers("a\";proto=https")), None);
    }
}
