//! Settings of how the gateway meets the outside: how often somebody may call, whose pages may
//! read, which proxies are believed.

use clap::{Args, value_parser};
use gateway::{Edge, Network, Rates};

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
        value_delimiter = ','
    )]
    pub cors_origins: Vec<String>,
    /// The gateway: proxies in front of it whose `X-Forwarded-For` is believed, as `10.0.0.0/8,192.0.2.1`
    #[arg(
        long,
        env = "AKADEMI_TRUSTED_PROXIES",
        value_name = "LIST",
        value_delimiter = ','
    )]
    pub trusted_proxies: Vec<Network>,
    /// The gateway: whom to tell about a hole, in security.txt: `mailto:…` or `https://…`
    #[arg(
        long,
        env = "AKADEMI_SECURITY_CONTACT",
        default_value = "mailto:security@akademi.example",
        value_name = "URL"
    )]
    pub security_contact: String,
    /// The gateway: address of the W3C's trace-context harness
    #[cfg(feature = "trace-harness")]
    #[arg(long, env = "AKADEMI_TRACE_HARNESS", value_name = "URL")]
    pub trace_harness: Option<String>,
}

impl From<&Door> for Edge {
    fn from(door: &Door) -> Self {
        let given = |origin: &&String| !origin.is_empty();
        Self {
            rates: Rates {
                caller: door.rate_caller,
                organisation: door.rate_organisation,
                address: door.rate_address,
            },
            origins: door.cors_origins.iter().filter(given).cloned().collect(),
            proxies: door.trusted_proxies.clone(),
            security_contact: door.security_contact.clone(),
            #[cfg(feature = "trace-harness")]
            trace_harness: door.trace_harness.clone(),
            ..Self::default()
        }
    }
}
