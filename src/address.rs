//! Addresses to listen on, and how they are reached.

use crate::Fault;
use std::net::{SocketAddr, TcpListener};

/// Takes an address, or says which one could not be had.
pub(crate) fn bind(address: SocketAddr) -> Result<TcpListener, Fault> {
    TcpListener::bind(address).map_err(|error| format!("can't listen on {address}: {error}").into())
}

/// The address at which this machine reaches what listens on `address`.
pub(crate) fn local_url(address: SocketAddr) -> String {
    if address.ip().is_unspecified() {
        format!("http://localhost:{}", address.port())
    } else {
        format!("http://{address}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_listens_everywhere_is_reached_as_localhost() {
        let url = |address: &str| local_url(address.parse().unwrap());
        assert_eq!(url("0.0.0.0:8080"), "http://localhost:8080");
        assert_eq!(url("127.0.0.1:80"), "http://127.0.0.1:80");
        assert_eq!(url("[::1]:80"), "http://[::1]:80");
    }

    #[test]
    fn an_address_that_is_taken_is_named() {
        let first = bind("127.0.0.1:0".parse().unwrap()).unwrap();
        let taken = first.local_addr().unwrap();
        assert!(
            bind(taken)
                .unwrap_err()
                .to_string()
                .contains(&taken.to_string())
        );
    }
}
