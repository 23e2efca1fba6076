//! Which addresses are out in the open, and which ones an operator adds to them.

use ipnet::{IpNet, Ipv4Net, Ipv6Net};
use std::{
    fmt,
    net::{IpAddr, Ipv4Addr, Ipv6Addr},
    str::FromStr,
};

const fn v4(a: u8, b: u8, c: u8, d: u8, prefix: u8) -> Ipv4Net {
    Ipv4Net::new_assert(Ipv4Addr::new(a, b, c, d), prefix)
}

const fn v6(first: [u16; 4], prefix: u8) -> Ipv6Net {
    let [a, b, c, d] = first;
    Ipv6Net::new_assert(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0), prefix)
}

/// What of IPv4 leads to no host in the open (IANA's register of special-purpose addresses).
const CLOSED_V4: [Ipv4Net; 16] = [
    v4(0, 0, 0, 0, 8),
    v4(10, 0, 0, 0, 8),
    // Carriers' own, and the metadata of one cloud.
    v4(100, 64, 0, 0, 10),
    v4(127, 0, 0, 0, 8),
    // Link-local, and the metadata of most clouds.
    v4(169, 254, 0, 0, 16),
    // One cloud's inner services, at an address that looks public.
    v4(168, 63, 129, 16, 32),
    v4(172, 16, 0, 0, 12),
    v4(192, 0, 0, 0, 24),
    v4(192, 0, 2, 0, 24),
    v4(192, 88, 99, 0, 24),
    v4(192, 168, 0, 0, 16),
    v4(198, 18, 0, 0, 15),
    v4(198, 51, 100, 0, 24),
    v4(203, 0, 113, 0, 24),
    v4(224, 0, 0, 0, 4),
    v4(240, 0, 0, 0, 4),
];

/// All that is given out of IPv6; the rest is local, mapped, multicast or nobody's.
const OPEN_V6: Ipv6Net = v6([0x2000, 0, 0, 0], 3);
/// What of it leads to no host in the open: protocols' own with Teredo, documentation, 6to4.
const CLOSED_V6: [Ipv6Net; 4] = [
    v6([0x2001, 0, 0, 0], 23),
    v6([0x2001, 0xdb8, 0, 0], 32),
    v6([0x2002, 0, 0, 0], 16),
    v6([0x3fff, 0, 0, 0], 20),
];
/// IPv4 as a network without it names it (RFC 6052): as open as the address that stands in it.
const TRANSLATED: Ipv6Net = v6([0x64, 0xff9b, 0, 0], 96);

/// Networks that may be reached although they are not out in the open; usually none.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Networks(Vec<IpNet>);

impl Networks {
    /// Whether an address is out in the open, or in one of these networks.
    pub fn allow(&self, address: IpAddr) -> bool {
        self.0.iter().any(|one| one.contains(&address)) || is_open(address)
    }
}

fn is_open(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !CLOSED_V4.iter().any(|closed| closed.contains(&address)),
        IpAddr::V6(address) if TRANSLATED.contains(&address) => {
            let [.., a, b, c, d] = address.octets();
            is_open(IpAddr::V4(Ipv4Addr::new(a, b, c, d)))
        }
        IpAddr::V6(address) => {
            OPEN_V6.contains(&address) && !CLOSED_V6.iter().any(|closed| closed.contains(&address))
        }
    }
}

/// A text that names no network.
#[derive(Debug, PartialEq, Eq)]
pub struct NoNetwork(String);

impl fmt::Display for NoNetwork {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{:?} is no network, such as 10.1.0.0/16 or fd00::/8",
            self.0
        )
    }
}

impl std::error::Error for NoNetwork {}

impl FromStr for Networks {
    type Err = NoNetwork;

    /// Networks in the form `10.1.0.0/16,fd12::/16`; an address alone is a network of one.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let one = |part: &str| {
            let address = || part.parse::<IpAddr>().map(IpNet::from);
            let network = part.parse::<IpNet>().or_else(|_| address());
            network.map_err(|_| NoNetwork(part.to_owned()))
        };
        let parts = text.split(',').map(str::trim);
        let parts = parts.filter(|part| !part.is_empty());
        Ok(Self(parts.map(one).collect::<Result<_, _>>()?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allows(networks: &str, address: &str) -> bool {
        let networks: Networks = networks.parse().unwrap();
        networks.allow(address.parse().unwrap())
    }

    #[test]
    fn no_address_inside_is_out_in_the_open() {
        for closed in [
            "0.0.0.0",
            "10.0.0.1",
            "100.64.0.1",
            "100.100.100.200",
            "127.0.0.1",
            "127.255.255.254",
            "168.63.129.16",
            "169.254.169.254",
            "172.16.0.1",
            "172.31.255.255",
            "192.0.0.192",
            "192.0.2.1",
            "192.168.1.1",
            "198.18.0.1",
            "198.19.255.255",
            "203.0.113.7",
            "224.0.0.1",
            "240.0.0.1",
            "255.255.255.255",
            "::",
            "::1",
            "::127.0.0.1",
            "::ffff:127.0.0.1",
            "::ffff:8.8.8.8",
            "64:ff9b::7f00:1",
            "64:ff9b::a9fe:a9fe",
            "64:ff9b:1::808:808",
            "100::1",
            "2001::1",
            "2001:db8::1",
            "2002:7f00:1::",
            "3fff::1",
            "5f00::1",
            "fc00::1",
            "fd00:ec2::254",
            "fe80::1",
            "fec0::1",
            "ff02::1",
        ] {
            assert!(!allows("", closed), "{closed}");
        }
    }

    #[test]
    fn what_is_out_in_the_open_is_reached() {
        for open in [
            "8.8.8.8",
            "100.63.255.255",
            "100.128.0.1",
            "172.15.255.255",
            "172.32.0.1",
            "198.17.255.255",
            "198.20.0.1",
            "223.255.255.255",
            "2606:4700::1111",
            "2a00:1450:400f::1",
            "64:ff9b::808:808",
        ] {
            assert!(allows("", open), "{open}");
        }
    }

    #[test]
    fn an_operator_adds_networks_and_nothing_else_opens() {
        let own = "10.1.0.0/16, fd12::/16,192.168.7.7";
        for (address, open) in [
            ("10.1.255.1", true),
            ("10.2.0.1", false),
            ("fd12::9", true),
            ("fd13::9", false),
            ("192.168.7.7", true),
            ("192.168.7.8", false),
            // Another spelling of an address is another address.
            ("::ffff:10.1.255.1", false),
        ] {
            assert_eq!(allows(own, address), open, "{address}");
        }
        for wrong in [
            "10.1.0.0/33",
            "localhost",
            "10.1",
            "10.1.0.0/16;10.2.0.0/16",
        ] {
            assert!(wrong.parse::<Networks>().is_err(), "{wrong}");
        }
        assert_eq!("".parse::<Networks>(), Ok(Networks::default()));
    }
}
