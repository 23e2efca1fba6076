//! The only way out: clients for calls to other processes.
//!
//! [`internal`] reaches exactly the origins that the operator configured (services, event
//! doors, key sets); nothing that a user typed can lead it elsewhere. [`external`] is for
//! addresses that users typed, and for open data: it reaches what is out in the open. There is no
//! third.

mod external;
mod networks;

pub use external::{Answered, Call, External, ExternalError, external};
pub use networks::{Networks, NoNetwork};
use reqwest::{Client, Url, redirect::Policy};
pub use reqwest::{Error as ClientError, Method, RequestBuilder};
use std::{fmt, sync::Once, time::Duration};

/// An address that the client may not reach, or that is none.
#[derive(Debug)]
pub struct Forbidden(String);

impl fmt::Display for Forbidden {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is not a configured origin", self.0)
    }
}

impl std::error::Error for Forbidden {}

/// A client for configured origins.
#[derive(Clone, Debug)]
pub struct Internal {
    client: Client,
    origins: Vec<String>,
}

#[expect(
    clippy::disallowed_methods,
    reason = "the house's own client is built here"
)]
/// A client that reaches exactly `origins` (scheme, host and port).
pub fn internal<I: AsRef<str>>(
    origins: impl IntoIterator<Item = I>,
) -> Result<Internal, reqwest::Error> {
    install_crypto();
    // Idle connections are given up before the server's 5 s, so that none is used as it closes.
    let builder = Client::builder()
        .redirect(Policy::none())
        .no_proxy()
        .connect_timeout(Duration::from_secs(2))
        .timeout(Duration::from_secs(10))
        .pool_idle_timeout(Duration::from_secs(4));
    let origins = origins
        .into_iter()
        .filter_map(|origin| origin_of(origin.as_ref()))
        .collect();
    Ok(Internal {
        client: builder.build()?,
        origins,
    })
}

impl Internal {
    /// Starts a request.
    pub fn request(&self, method: Method, url: &str) -> Result<RequestBuilder, Forbidden> {
        let allowed = origin_of(url).is_some_and(|origin| self.origins.contains(&origin));
        if allowed {
            Ok(self.client.request(method, url))
        } else {
            Err(Forbidden(url.chars().take(200).collect()))
        }
    }
}

/// Whether two addresses have scheme, host and port in common.
pub fn is_same_origin(one: &str, other: &str) -> bool {
    let one = origin_of(one);
    one.is_some() && one == origin_of(other)
}

fn origin_of(url: &str) -> Option<String> {
    Url::parse(url)
        .ok()
        .map(|url| url.origin().ascii_serialization())
}

/// Makes aws-lc the TLS provider of the process; the client panics without one.
pub fn install_crypto() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        // A second provider can't be installed; the first is the same.
        let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_configured_origins_are_reached() {
        let client = internal(["http://127.0.0.1:8081"]).unwrap();
        assert!(
            client
                .request(Method::GET, "http://127.0.0.1:8081/health/ready")
                .is_ok()
        );
        for url in [
            "http://127.0.0.1:8082/",
            "https://127.0.0.1:8081/",
            "http://127.0.0.1:8081@evil.example/",
            "nonsense",
        ] {
            assert!(client.request(Method::GET, url).is_err(), "{url}");
        }
    }
}
