//! What the gateway is told at start, and what it refuses to start with.

use crate::edge::Edge;
use jsonwebtoken::{Algorithm, AlgorithmFamily};
use serde_json::Value;
use shared_types::{Code, caller::ProvisionedBy};
use shared_web::{Clock, key::PublicKey};
use std::{collections::BTreeMap, fmt, net::IpAddr, time::Duration};

/// The services whose addresses the gateway knows, and the only names an upstream can have.
pub(crate) const SERVICES: [&str; 4] = ["registration", "scheduling", "mentorship", "evaluation"];
/// The built-in issuer's name, which no outside issuer may have.
pub(crate) const DEMO_ISSUER: &str = "demo";

/// What the gateway is told at start.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Address of each service by its name, such as `http://127.0.0.1:8081`. A service that is
    /// not named has no routes; `registration` must be.
    pub upstreams: BTreeMap<String, String>,
    /// Address under which the world sees Akademi; where it is absent each request's `Host` says.
    pub public_url: Option<String>,
    /// The identity providers whose access tokens count.
    pub issuers: Vec<Issuer>,
    /// Key of the demo's built-in issuer; without it its tokens are refused.
    pub demo: Option<PublicKey>,
    /// The finished API documents of all parts.
    pub documents: Vec<Value>,
    /// Tables of problem codes to explain under `/problems`, besides the common one.
    pub codes: Vec<&'static [&'static Code]>,
    /// Threads that serve requests.
    pub workers: usize,
    /// The domain clock.
    pub clock: Clock,
    /// How much and how long.
    pub limits: Limits,
    /// How the outside is met.
    pub edge: Edge,
}

/// An identity provider whose access tokens count.
#[derive(Clone, Debug)]
pub struct Issuer {
    /// The `iss` claim, exactly.
    pub issuer: String,
    /// Where its public keys stand.
    pub jwks_url: String,
    /// The `aud` claim that its tokens for us carry.
    pub audience: String,
    /// The algorithms it signs with; asymmetric ones only.
    pub algorithms: Vec<Algorithm>,
    /// The `typ` header: `at+jwt` (RFC 9068); Entra ID sends `JWT`.
    pub kind: String,
    /// Whether a person may be asked, at an e-mail address that the issuer has verified, whether
    /// the login is theirs.
    pub link_by_verified_email: bool,
    /// Domains of those addresses; none stand for every one.
    pub email_domains: Vec<String>,
    /// How its people are found among those whom their employer provisions.
    pub provisioned: Option<Provisioning>,
}

/// How an employer's people are found by its issuer's tokens.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provisioning {
    /// The employer: its official code, or its id.
    pub organisation: String,
    /// The attribute that is compared.
    pub by: ProvisionedBy,
    /// The claim with which it is compared.
    pub claim: String,
}

/// How much and how long.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Largest body that is passed on.
    pub body_bytes: u64,
    /// A body that comes slower than this, after the grace, is given up.
    pub body_floor_bytes_per_second: u64,
    /// What a body may be late at any time.
    pub body_grace: Duration,
    /// Requests that a service gets at once; more are refused.
    pub in_flight: usize,
    /// How long connecting to a service may take.
    pub connect: Duration,
    /// How long a service may think after it has the whole request.
    pub answer: Duration,
    /// How long a service may pause inside an answer.
    pub pause: Duration,
    /// What a caller is told to wait when a service is down.
    pub retry_after_seconds: u32,
    /// How long registration may take to say who a caller is.
    pub lookup: Duration,
    /// Questions to registration at once about callers of whom nothing is known.
    pub lookups: usize,
    /// How long the last known roles hold while registration does not answer.
    pub last_known: Duration,
    /// Shortest time between two fetches of keys that unknown key ids cause.
    pub jwks_cooldown: Duration,
    /// Time between two fetches of keys that nobody asked for.
    pub jwks_refresh: Duration,
    /// How long keys count that can't be fetched again.
    pub jwks_max_stale: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            body_bytes: 1024 * 1024,
            body_floor_bytes_per_second: 1024,
            body_grace: Duration::from_secs(10),
            in_flight: 1024,
            connect: Duration::from_secs(2),
            answer: Duration::from_secs(20),
            pause: Duration::from_secs(30),
            retry_after_seconds: 2,
            lookup: Duration::from_secs(1),
            lookups: 32,
            last_known: Duration::from_mins(15),
            jwks_cooldown: Duration::from_secs(30),
            jwks_refresh: Duration::from_mins(5),
            jwks_max_stale: Duration::from_hours(24),
        }
    }
}

/// Settings with which the gateway does not start.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SettingsError {
    /// Without registration nobody can be recognised.
    NoRegistration,
    /// An upstream has a name that no service has.
    UnknownService(String),
    /// An address is not `http://host[:port]` (for the public one also `https`).
    BadAddress(String),
    /// An origin is not `https://host[:port]` (or `http`), in the form that browsers send.
    BadOrigin(String),
    /// A trusted proxy is neither an address nor a range of them.
    BadNetwork(String),
    /// Whom to tell about a hole is not `mailto:…` or `https://…`.
    BadContact(String),
    /// An issuer signs with a shared secret, or with nothing that is named.
    BadAlgorithms(String),
    /// An issuer's keys would come over the network unprotected: whoever can change them on the way
    /// can sign tokens.
    BadKeyAddress(String),
    /// An issuer is named twice, or has the built-in issuer's name.
    IssuerNameTaken(String),
}

impl fmt::Display for SettingsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoRegistration => f.write_str("the upstream `registration` is missing"),
            Self::UnknownService(name) => write!(f, "there is no service {name:?}"),
            Self::BadAddress(address) => {
                write!(f, "{address:?} is not an address such as http://host:port")
            }
            Self::BadOrigin(origin) => {
                write!(
                    f,
                    "{origin:?} is not an origin such as https://host, in lower case and without a path"
                )
            }
            Self::BadNetwork(text) => {
                write!(
                    f,
                    "{text:?} is not an address or a range such as 10.0.0.0/8"
                )
            }
            Self::BadContact(contact) => {
                write!(f, "{contact:?} is not a mailto: or https: address")
            }
            Self::BadAlgorithms(issuer) => {
                write!(
                    f,
                    "issuer {issuer:?} needs algorithms, asymmetric ones only"
                )
            }
            Self::BadKeyAddress(address) => {
                write!(
                    f,
                    "the address of keys {address:?} must be https (http only on this machine)"
                )
            }
            Self::IssuerNameTaken(issuer) => write!(f, "the issuer name {issuer:?} is taken"),
        }
    }
}

impl std::error::Error for SettingsError {}

impl Settings {
    /// Refuses what could not work, or would open a door.
    pub(crate) fn check(&self) -> Result<(), SettingsError> {
        if !self.upstreams.contains_key("registration") {
            return Err(SettingsError::NoRegistration);
        }
        for (name, address) in &self.upstreams {
            if !SERVICES.contains(&name.as_str()) {
                return Err(SettingsError::UnknownService(name.clone()));
            }
            if !matches!(scheme_and_host(address), Some(("http", _))) {
                return Err(SettingsError::BadAddress(address.clone()));
            }
        }
        match &self.public_url {
            Some(address) if scheme_and_host(address).is_none() => {
                return Err(SettingsError::BadAddress(address.clone()));
            }
            _ => {}
        }
        self.check_edge()?;
        self.check_issuers()
    }

    fn check_edge(&self) -> Result<(), SettingsError> {
        for origin in &self.edge.origins {
            // Browsers send it exactly so; what is written otherwise would never match.
            let is_origin = scheme_and_host(origin).is_some()
                && !origin.ends_with('/')
                && !origin.bytes().any(|byte| byte.is_ascii_uppercase());
            if !is_origin {
                return Err(SettingsError::BadOrigin(origin.clone()));
            }
        }
        let contact = &self.edge.security_contact;
        let is_contact = ["mailto:", "https://"].iter().any(|scheme| {
            let rest = contact.strip_prefix(scheme);
            rest.is_some_and(|rest| {
                !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_graphic())
            })
        });
        if is_contact {
            Ok(())
        } else {
            Err(SettingsError::BadContact(contact.clone()))
        }
    }

    fn check_issuers(&self) -> Result<(), SettingsError> {
        for (position, issuer) in self.issuers.iter().enumerate() {
            let name = || issuer.issuer.clone();
            let symmetric = |algorithm: &Algorithm| algorithm.family() == AlgorithmFamily::Hmac;
            if issuer.algorithms.is_empty() || issuer.algorithms.iter().any(symmetric) {
                return Err(SettingsError::BadAlgorithms(name()));
            }
            if !is_key_address(&issuer.jwks_url) {
                return Err(SettingsError::BadKeyAddress(issuer.jwks_url.clone()));
            }
            let mut earlier = self.issuers.iter().take(position);
            if issuer.issuer == DEMO_ISSUER || earlier.any(|one| one.issuer == issuer.issuer) {
                return Err(SettingsError::IssuerNameTaken(name()));
            }
        }
        Ok(())
    }
}

/// Whether keys may come from an address: nobody between here and there can change them.
fn is_key_address(address: &str) -> bool {
    let Some((scheme, rest)) = address.split_once("://") else {
        return false;
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    match scheme {
        "https" => is_host(host),
        "http" => is_host(host) && is_here(host),
        _ => false,
    }
}

/// Whether a host with an optional port is this machine.
fn is_here(host: &str) -> bool {
    let name = match host.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, _)) => address,
        None => host.split(':').next().unwrap_or_default(),
    };
    let address = name.parse::<IpAddr>();
    name == "localhost" || address.is_ok_and(|address| address.to_canonical().is_loopback())
}

/// The two parts of an address without a path: scheme, and host with port.
pub(crate) fn scheme_and_host(address: &str) -> Option<(&str, &str)> {
    let (scheme, host) = address.trim_end_matches('/').split_once("://")?;
    (matches!(scheme, "http" | "https") && is_host(host)).then_some((scheme, host))
}

/// Whether a text is a host with an optional port, and nothing that could break out of a header
/// or an address.
pub(crate) fn is_host(text: &str) -> bool {
    let (name, port) = match text.strip_prefix('[').and_then(|rest| rest.split_once(']')) {
        Some((address, rest)) if address.parse::<std::net::Ipv6Addr>().is_ok() => (
            "v6",
            rest.strip_prefix(':')
                .or_else(|| rest.is_empty().then_some("0")),
        ),
        Some(_) => return false,
        None => text
            .split_once(':')
            .map_or((text, Some("0")), |(name, port)| (name, Some(port))),
    };
    let named = (1..=253).contains(&name.len())
        && name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.'));
    let numbered = port.is_some_and(|port| {
        port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok()
    });
    named && numbered
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_host_is_a_name_or_an_address_with_an_optional_port_and_nothing_else() {
        for host in [
            "akademi.example",
            "127.0.0.1:8080",
            "[::1]",
            "[::1]:80",
            "a:1",
        ] {
            assert!(is_host(host), "{host}");
        }
        for host in [
            "",
            "a b",
            "a:",
            "a:99999",
            "a:1:2",
            "evil\"; host=x",
            "a/b",
            "u@h",
            "[::1",
            "[zz]",
            "[::1]x",
        ] {
            assert!(!is_host(host), "{host}");
        }
        assert_eq!(
            scheme_and_host("https://akademi.example/"),
            Some(("https", "akademi.example"))
        );
        assert_eq!(scheme_and_host("ftp://akademi.example"), None);
        assert_eq!(scheme_and_host("http://akademi.example/path"), None);
    }

    #[test]
    fn keys_come_by_tls_or_from_this_machine() {
        for good in [
            "https://login.example/keys",
            "https://login.example:8443/keys?x=1",
            "http://127.0.0.1:8080/jwks",
            "http://127.1.2.3",
            "http://[::1]:80/jwks",
            "http://localhost/jwks",
        ] {
            assert!(is_key_address(good), "{good}");
        }
        for bad in [
            "http://login.example/keys",
            "http://10.0.0.1/keys",
            "http://127.0.0.1.evil.example/keys",
            "http://localhost.evil.example/keys",
            "http://127.0.0.1@evil.example/keys",
            "http://[::2]/keys",
            "HTTP://login.example/keys",
            "ftp://127.0.0.1/keys",
            "https://",
            "https:///keys",
            "https://user@login.example/keys",
            "login.example/keys",
            "",
        ] {
            assert!(!is_key_address(bad), "{bad}");
        }
    }
}
