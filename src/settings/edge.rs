//! Settings of how the gateway meets the outside: how often somebody may call, whose pages may
//! read, which proxies are believed.

use clap::{Args, value_parser};
use gateway::{Edge, Network, Rates, SettingsError, Tls};
use std::{convert::Infallible, path::PathBuf, str::FromStr};

/// Settings of the gateway's door.
#[derive(Args, Clone, Debug)]
pub struct Door {
    /// The gateway: units a minute that one person or system has; 0 for no limit
    #[arg(long, env = "AKADEMI_RATE_CALLER", default_value = "600", value_name = "N", value_parser = value_parser!(u32).range(0..=100_000_000))]
    pub rate_caller: u32,
    /// The gateway: units a minute that all callers of one organisation have together; 0 for no limit
    #[arg(long, env = "AKADEMI_RATE_ORGANISATION", default_value = "6000", value_name = "N", value_parser = value_parser!(u32).range(0..=100_000_000))]
    pub rate_organisation: u32,
    /// The gateway: units a minute that all strangers of one address have together; 0 for no limit
    #[arg(long, env = "AKADEMI_RATE_ADDRESS", default_value = "600", value_name = "N", value_parser = value_parser!(u32).range(0..=100_000_000))]
    pub rate_address: u32,
    /// The gateway: origins whose pages may read its answers, as `https://a.example,https://b.example`
    #[arg(
        long,
        env = "AKADEMI_CORS_ORIGINS",
        value_name = "LIST",
        default_value = ""
    )]
    pub cors_origins: Origins,
    /// The gateway: proxies in front of it whose `X-Forwarded-For` is believed, as `10.0.0.0/8,192.0.2.1`
    #[arg(
        long,
        env = "AKADEMI_TRUSTED_PROXIES",
        value_name = "LIST",
        default_value = ""
    )]
    pub trusted_proxies: Networks,
    /// The gateway: whom to tell about a hole, in security.txt: `mailto:…` or `https://…`
    #[arg(
        long,
        env = "AKADEMI_SECURITY_CONTACT",
        default_value = "mailto:security@akademi.example",
        value_name = "URL"
    )]
    pub security_contact: String,
    /// The gateway: file with a certificate and those that vouch for it (PEM), by which it speaks TLS
    /// itself; read again when it changes
    #[arg(
        long,
        env = "AKADEMI_TLS_CERTIFICATE",
        value_name = "FILE",
        requires = "tls_key"
    )]
    pub tls_certificate: Option<PathBuf>,
    /// The gateway: file with the certificate's private key (PEM)
    #[arg(
        long,
        env = "AKADEMI_TLS_KEY",
        value_name = "FILE",
        requires = "tls_certificate"
    )]
    pub tls_key: Option<PathBuf>,
    /// The gateway: address of the W3C's trace-context harness
    #[cfg(feature = "trace-harness")]
    #[arg(long, env = "AKADEMI_TRACE_HARNESS", value_name = "URL")]
    pub trace_harness: Option<String>,
}

/// Origins of pages.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(pub Vec<String>);

/// Addresses, and ranges of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(pub Vec<Network>);

impl FromStr for Origins {
    type Err = Infallible;

    /// Reads `origin,origin`; the gateway judges them.
    fn from_str(text: &str) -> Result<Self, Infallible> {
        Ok(Self(parts(text).map(str::to_owned).collect()))
    }
}

impl FromStr for Networks {
    type Err = SettingsError;

    /// Reads `address,address/bits`.
    fn from_str(text: &str) -> Result<Self, SettingsError> {
        parts(text)
            .map(str::parse)
            .collect::<Result<_, _>>()
            .map(Self)
    }
}

/// The parts of a list; none in an empty one.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
}

impl Door {
    fn tls(&self) -> Option<Tls> {
        let certificate = self.tls_certificate.clone()?;
        let key = self.tls_key.clone()?;
        Some(Tls { certificate, key })
    }
}

impl From<&Door> for Edge {
    fn from(door: &Door) -> Self {
        Self {
            rates: Rates {
                caller: door.rate_caller,
                organisation: door.rate_organisation,
                address: door.rate_address,
            },
            origins: door.cors_origins.0.clone(),
            proxies: door.trusted_proxies.0.clone(),
            security_contact: door.security_contact.clone(),
            tls: door.tls(),
            #[cfg(feature = "trace-harness")]
            trace_harness: door.trace_harness.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_may_be_empty_and_what_is_no_address_is_refused() {
        let origins: Origins = "https://a.example, https://b.example,".parse().unwrap();
        assert_eq!(origins.0, ["https://a.example", "https://b.example"]);
        assert_eq!("".parse::<Origins>(), Ok(Origins::default()));
        assert_eq!("".parse::<Networks>(), Ok(Networks::default()));
        assert_eq!(
            "10.0.0.0/8,192.0.2.1".parse::<Networks>().unwrap().0.len(),
            2
        );
        assert!("10.0.0.0/8,proxy".parse::<Networks>().is_err());
    }
}
