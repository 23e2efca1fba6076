//! Takes away what only a gateway may say, and says it: `Forwarded`, by which the services know
//! where the caller stands and which address to put into links.

use crate::{
    edge::Network,
    settings::{is_host, scheme_and_host},
};
use actix_web::{
    HttpMessage as _, HttpRequest,
    dev::ServiceRequest,
    http::header::{FORWARDED, HOST, HeaderMap, HeaderName, HeaderValue},
    web::Data,
};
use bytes::Bytes;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};

/// Where the world sees Akademi, if that is settled; otherwise each request's host says. And
/// which proxies in front of it are believed when they say whom they serve.
#[derive(Clone, Debug)]
pub(crate) struct Address {
    public: Option<(String, String)>,
    proxies: Vec<Network>,
    own_scheme: &'static str,
}

/// Where a request comes from.
#[derive(Clone, Copy, Debug)]
struct ClientAddress(IpAddr);

/// Where a request comes from, as far as it is known.
pub(crate) fn client_address(request: &HttpRequest) -> Option<IpAddr> {
    let extensions = request.extensions();
    extensions.get().map(|ClientAddress(address)| *address)
}

impl Address {
    /// From the settings.
    pub(crate) fn new(
        public_url: Option<&str>,
        proxies: &[Network],
        own_scheme: &'static str,
    ) -> Self {
        let parts = public_url.and_then(scheme_and_host);
        Self {
            public: parts.map(|(scheme, host)| (scheme.to_owned(), host.to_owned())),
            proxies: proxies.to_vec(),
            own_scheme,
        }
    }

    /// The client's address: the peer's, unless it is a trusted proxy; then the last one in
    /// `X-Forwarded-For` that is none. What stands before that one, the client may have written.
    fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        let is_proxy = |address: IpAddr| self.proxies.iter().any(|one| one.contains(address));
        if !is_proxy(peer) {
            return peer;
        }
        let lines: Vec<&str> = headers
            .get_all("x-forwarded-for")
            .map(|line| line.to_str().unwrap_or_default())
            .collect();
        let mut nearest = peer;
        for address in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
            // Who can't be read can't be believed: the nearest that can is the client.
            let Some(address) = read(address.trim()) else {
                break;
            };
            nearest = address;
            if !is_proxy(address) {
                break;
            }
        }
        nearest
    }

    fn forwarded(&self, from: Option<IpAddr>, headers: &HeaderMap) -> Option<HeaderValue> {
        let (proto, host) = match &self.public {
            Some((proto, host)) => (proto.as_str(), host.as_str()),
            None => (self.own_scheme, headers.get(HOST)?.to_str().ok()?),
        };
        if !is_host(host) {
            return None;
        }
        let mut value = Vec::with_capacity(96);
        value.extend_from_slice(b"for=");
        match from {
            Some(IpAddr::V4(address)) => write_address(&mut value, address),
            Some(IpAddr::V6(address)) => {
                value.extend_from_slice(format!("\"[{address}]\"").as_bytes());
            }
            None => value.extend_from_slice(b"unknown"),
        }
        for part in [";proto=", proto, ";host=\"", host, "\""] {
            value.extend_from_slice(part.as_bytes());
        }
        HeaderValue::from_maybe_shared(Bytes::from(value)).ok()
    }
}

/// Writes an address as its own `Display` does, which most requests pay for.
fn write_address(out: &mut Vec<u8>, address: Ipv4Addr) {
    let mut number = itoa::Buffer::new();
    for (position, octet) in address.octets().into_iter().enumerate() {
        if position > 0 {
            out.push(b'.');
        }
        out.extend_from_slice(number.format(octet).as_bytes());
    }
}

/// An address as proxies write it, some with the port.
fn read(text: &str) -> Option<IpAddr> {
    let alone = text.parse();
    let with_port = || text.parse().map(|socket: SocketAddr| socket.ip());
    alone.or_else(|_| with_port()).ok()
}

/// Comes before all else: nothing inside sees a client's word about who or where it is. A request
/// whose host is unusable goes in without `Forwarded` and is refused there.
pub(crate) fn cleanse(request: &mut ServiceRequest) {
    let peer = request.peer_addr().map(|peer| peer.ip());
    let address = request.app_data::<Data<Address>>();
    let from = peer.map(|peer| match address {
        Some(address) => address.client(peer, request.headers()),
        None => peer,
    });
    let forwarded = address.and_then(|address| address.forwarded(from, request.headers()));
    if let Some(from) = from {
        request.extensions_mut().insert(ClientAddress(from));
    }
    let headers = request.headers_mut();
    let claims: Vec<HeaderName> = headers
        .keys()
        .filter(|name| is_claim(name.as_str()))
        .cloned()
        .collect();
    for name in claims {
        headers.remove(name);
    }
    if let Some(forwarded) = forwarded {
        headers.insert(FORWARDED, forwarded);
    }
}

/// Whether a header says who or where the client is, or asks for another address or method than
/// the request line: things that some proxy somewhere believes.
fn is_claim(name: &str) -> bool {
    const PREFIXES: [&str; 6] = [
        "x-akademi-",
        "x-auth-",
        "x-authenticated-",
        "x-forwarded-",
        "x-original-",
        "x-remote-",
    ];
    let is_named = matches!(
        name,
        "cf-connecting-ip"
            | "client-ip"
            | "fastly-client-ip"
            | "forwarded"
            | "front-end-https"
            | "from"
            | "remote-user"
            | "true-client-ip"
            | "via"
            | "x-client-cert"
            | "x-client-ip"
            | "x-cluster-client-ip"
            | "x-host"
            | "x-http-method"
            | "x-http-method-override"
            | "x-method-override"
            | "x-real-ip"
            | "x-rewrite-url"
    );
    is_named || name.starts_with("x-") && PREFIXES.iter().any(|one| name.starts_with(one))
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
        let address = Address::new(Some("https://akademi.example"), &[], "http");
        let value = address.forwarded("192.0.2.1".parse().ok(), &headers("other.example"));
        assert_eq!(
            value.unwrap(),
            "for=192.0.2.1;proto=https;host=\"akademi.example\""
        );
    }

    #[test]
    fn a_host_that_is_none_gives_no_address() {
        let address = Address::new(None, &[], "http");
        let value = address.forwarded("::1".parse().ok(), &headers("[::1]:8080"));
        assert_eq!(
            value.unwrap(),
            "for=\"[::1]\";proto=http;host=\"[::1]:8080\""
        );
        assert_eq!(address.forwarded(None, &headers("a\";proto=https")), None);
    }

    #[test]
    fn only_a_trusted_proxy_says_whom_it_serves_and_only_what_it_has_written_counts() {
        let proxies = ["10.0.0.0/8", "2001:db8::1"].map(|text| text.parse().unwrap());
        let address = Address::new(None, &proxies, "http");
        let client = |peer: &str, lines: &[&'static str]| {
            let mut headers = HeaderMap::new();
            for line in lines {
                let name = HeaderName::from_static("x-forwarded-for");
                headers.append(name, HeaderValue::from_static(line));
            }
            address.client(peer.parse().unwrap(), &headers).to_string()
        };
        assert_eq!(client("192.0.2.1", &["198.51.100.7"]), "192.0.2.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.7"]), "198.51.100.7");
        assert_eq!(
            client("10.0.0.1", &["6.6.6.6, 198.51.100.7, 10.2.3.4"]),
            "198.51.100.7"
        );
        assert_eq!(
            client("10.0.0.1", &["6.6.6.6", "198.51.100.7"]),
            "198.51.100.7"
        );
        assert_eq!(client("2001:db8::1", &["2001:db8::2"]), "2001:db8::2");
        assert_eq!(client("10.0.0.1", &["6.6.6.6, nonsense"]), "10.0.0.1");
        assert_eq!(client("10.0.0.1", &["198.51.100.7:4711"]), "198.51.100.7");
        assert_eq!(client("10.0.0.1", &[]), "10.0.0.1");
    }
}
