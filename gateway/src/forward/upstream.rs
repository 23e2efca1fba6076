//! One service as the gateway sees it: where it is, how much it is asked at once, whether it
//! answers, how long it may think.

use super::{circuit::Circuit, error::ForwardError, patience::Patience};
use hyper::http::{HeaderValue, uri::Authority};
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Instant,
};

/// A service, shared by all workers.
#[derive(Debug)]
pub(super) struct Upstream {
    /// Its place among all of them.
    pub(super) position: usize,
    /// Where to connect: host and port.
    pub(super) address: String,
    /// What it is called in `Host`.
    pub(super) host: HeaderValue,
    /// How long it may think.
    pub(super) patience: Patience,
    circuit: Circuit,
    in_flight: AtomicUsize,
    most_in_flight: usize,
}

/// A place among the requests that a service has at once; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place(Arc<Upstream>);

impl Upstream {
    /// A service at `url` (`http://host[:port]`).
    pub(super) fn new(
        position: usize,
        url: &str,
        patience: Patience,
        most_in_flight: usize,
    ) -> io::Result<Self> {
        let host = url.trim_end_matches('/').trim_start_matches("http://");
        let authority = Authority::try_from(host).map_err(io::Error::other)?;
        let port = authority.port_u16().unwrap_or(80);
        Ok(Self {
            position,
            address: format!("{}:{port}", authority.host()),
            host: HeaderValue::try_from(host).map_err(io::Error::other)?,
            patience,
            circuit: Circuit::new(Instant::now()),
            in_flight: AtomicUsize::new(0),
            most_in_flight,
        })
    }

    /// A place for one more request, if the service is to be asked at all.
    pub(super) fn admit(self: &Arc<Self>) -> Result<Place, ForwardError> {
        let place = Place(Arc::clone(self));
        // Counted first, so that whatever is answered here gives the place back by dropping it.
        if self.in_flight.fetch_add(1, Ordering::Relaxed) >= self.most_in_flight {
            return Err(ForwardError::Full);
        }
        if !self.circuit.lets_through(Instant::now()) {
            return Err(ForwardError::Resting);
        }
        Ok(place)
    }

    /// Learns from how asking went.
    pub(super) fn learn<T>(&self, asked: &Result<T, ForwardError>) {
        match asked {
            Ok(_) => self.circuit.answered(),
            // One address that breaks off or answers nonsense says nothing about the others.
            Err(ForwardError::Unreachable(_) | ForwardError::Silent) => {
                self.circuit.failed(Instant::now());
            }
            Err(_) => {}
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.0.in_flight.fetch_sub(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::Duration;

    #[test]
    fn a_full_service_takes_no_more_until_a_place_is_free() {
        let patience = Patience::new(Duration::from_secs(1), &[], "x");
        let upstream = Arc::new(Upstream::new(0, "http://[::1]:81/", patience, 2).unwrap());
        assert_eq!(upstream.address, "[::1]:81");
        let (first, _second) = (upstream.admit().unwrap(), upstream.admit().unwrap());
        for _ in 0..3 {
            assert!(matches!(upstream.admit(), Err(ForwardError::Full)));
        }
        drop(first);
        assert!(upstream.admit().is_ok());
    }
}
