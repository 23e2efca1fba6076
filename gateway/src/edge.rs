//! Settings of how the outside is met: how often somebody may call, whose pages may read, which
//! proxies are believed, whom to tell about a hole.

use crate::settings::SettingsError;
use std::{net::IpAddr, path::PathBuf, str::FromStr};

/// How the outside is met.
#[derive(Clone, Debug)]
pub struct Edge {
    /// How often somebody may call.
    pub rates: Rates,
    /// Origins whose pages may read our answers, such as `https://portal.municipality.example`.
    pub origins: Vec<String>,
    /// Proxies in front, which are believed when they say whom they serve.
    pub proxies: Vec<Network>,
    /// Whom to tell about a hole: a `mailto:` or `https:` address (RFC 9116).
    pub security_contact: String,
    /// By which certificate TLS is spoken; without it a proxy in front has to.
    pub tls: Option<Tls>,
    /// Address of the W3C's trace-context harness, the only one that its endpoint may reach.
    #[cfg(feature = "trace-harness")]
    pub trace_harness: Option<String>,
}

/// Where a certificate and its key stand, in PEM; read again when they change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tls {
    /// The certificate, followed by those that vouch for it.
    pub certificate: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl Default for Edge {
    fn default() -> Self {
        Self {
            rates: Rates::default(),
            origins: Vec::new(),
            proxies: Vec::new(),
            security_contact: "mailto:security@akademi.example".to_owned(),
            tls: None,
            #[cfg(feature = "trace-harness")]
            trace_harness: None,
        }
    }
}

/// How often somebody may call, in units a minute; 0 for no limit. A whole minute's units may be
/// used at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rates {
    /// For each caller who is known: a person or a system.
    pub caller: u32,
    /// For all callers of one organisation together.
    pub organisation: u32,
    /// For all strangers of one address together.
    pub address: u32,
}

impl Default for Rates {
    fn default() -> Self {
        Self {
            caller: 600,
            organisation: 6000,
            address: 600,
        }
    }
}

impl Rates {
    /// No limits.
    pub const NONE: Self = Self {
        caller: 0,
        organisation: 0,
        address: 0,
    };
}

/// An address or a range of them, such as `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    start: IpAddr,
    bits: u8,
}

impl Network {
    pub(crate) fn contains(&self, address: IpAddr) -> bool {
        let first = |bits: u8, width: u8| u32::from(width - bits.min(width));
        match (self.start, address.to_canonical()) {
            (IpAddr::V4(start), IpAddr::V4(address)) => {
                let rest = first(self.bits, 32);
                let cut = |bits: u32| bits.checked_shr(rest).unwrap_or(0);
                cut(start.to_bits()) == cut(address.to_bits())
            }
            (IpAddr::V6(start), IpAddr::V6(address)) => {
                let rest = first(self.bits, 128);
                let cut = |bits: u128| bits.checked_shr(rest).unwrap_or(0);
                cut(start.to_bits()) == cut(address.to_bits())
            }
            _ => false,
        }
    }
}

impl FromStr for Network {
    type Err = SettingsError;

    fn from_str(text: &str) -> Result<Self, SettingsError> {
        let bad = || SettingsError::BadNetwork(text.to_owned());
        let (start, bits) = match text.split_once('/') {
            Some((start, bits)) => (start, Some(bits)),
            None => (text, None),
        };
        let start: IpAddr = start.trim().parse().map_err(|_| bad())?;
        let width = if start.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Ok(width), |bits| bits.trim().parse().map_err(|_| bad()))?;
        if bits > width {
            return Err(bad());
        }
        Ok(Self { start, bits })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_range_holds_its_addresses_and_no_others() {
        let holds = |range: &str, address: &str| {
            let range: Network = range.parse().unwrap();
            range.contains(address.parse().unwrap())
        };
        assert!(holds("10.0.0.0/8", "10.255.0.1") && !holds("10.0.0.0/8", "11.0.0.1"));
        assert!(holds("10.0.0.1", "10.0.0.1") && !holds("10.0.0.1", "10.0.0.2"));
        assert!(holds("0.0.0.0/0", "203.0.113.9") && !holds("0.0.0.0/0", "2001:db8::1"));
        assert!(holds("10.0.0.0/8", "::ffff:10.0.0.1"));
        assert!(
            holds("2001:db8::/32", "2001:db8:ffff::1") && !holds("2001:db8::/32", "2001:db9::")
        );
        assert!(holds("::/0", "2001:db8::1"));
        for bad in ["", "10.0.0.0/33", "10.0.0", "::/129", "10.0.0.0/-1", "host"] {
            assert!(bad.parse::<Network>().is_err(), "{bad}");
        }
    }
}
