//! One service as the gateway sees it: where it is, how much it is asked at once, whether it
//! answers, how long it may think.

use super::{circuit::Circuit, error::ForwardError, figures::Figures, patience::Patience};
use actix_web::http::{StatusCode, uri::Authority};
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
    pub(super) host: Box<[u8]>,
    /// The patterns of its addresses, as log and figures name them.
    pub(super) patterns: Patterns,
    /// How long it may think.
    pub(super) patience: Patience,
    circuit: Circuit,
    figures: Figures,
    in_flight: AtomicUsize,
    most_in_flight: usize,
}

/// The patterns of a service's addresses. What follows is not part of them: a link's secret
/// stands there.
#[derive(Debug)]
pub(super) struct Patterns {
    /// Of its API.
    pub(super) api: Arc<str>,
    /// Of its provisioning.
    pub(super) scim: Arc<str>,
    /// Of its pages.
    pub(super) pages: Arc<str>,
    /// Of the keys that it publishes.
    pub(super) issuer_keys: Arc<str>,
}

/// A place among the requests that a service has at once; it is free again when this is dropped.
#[derive(Debug)]
pub(super) struct Place(Arc<Upstream>);

impl Upstream {
    /// A service of this name at `url` (`http://host[:port]`).
    pub(super) fn new(
        position: usize,
        name: &str,
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
            host: host.as_bytes().into(),
            patterns: Patterns {
                api: format!("/{name}/v1/{{path:.*}}").into(),
                scim: format!("/{name}/scim/{{path:.*}}").into(),
                pages: format!("/{name}/pages/{{path:.*}}").into(),
                issuer_keys: super::ISSUER_KEYS.into(),
            },
            patience,
            circuit: Circuit::new(Instant::now()),
            figures: Figures::of(name),
            in_flight: AtomicUsize::new(0),
            most_in_flight,
        })
    }

    /// A place for one more request, if the service is to be asked at all.
    pub(super) fn admit(self: &Arc<Self>) -> Result<Place, ForwardError> {
        let place = Place(Arc::clone(self));
        // Counted first, so that whatever is answered here gives the place back by dropping it.
        let refused = if self.in_flight.fetch_add(1, Ordering::Relaxed) >= self.most_in_flight {
            ForwardError::Full
        } else if self.circuit.lets_through(Instant::now) {
            return Ok(place);
        } else {
            ForwardError::Resting
        };
        self.figures.failed(&refused);
        Err(refused)
    }

    /// A request is sent once more.
    pub(super) fn repeats(&self) {
        self.figures.repeated.increment(1);
    }

    /// Learns from how asking went: the answer's status, or what went wrong.
    pub(super) fn learn(&self, asked: Result<StatusCode, &ForwardError>) {
        let is_open = match asked {
            Ok(status) => {
                self.figures.answered(status);
                self.circuit.answered().then_some(false)
            }
            Err(why) => {
                self.figures.failed(why);
                // One address that breaks off or answers nonsense says nothing about the others.
                let tells = matches!(why, ForwardError::Unreachable(_) | ForwardError::Silent);
                (tells && self.circuit.failed(Instant::now())).then_some(true)
            }
        };
        if let Some(is_open) = is_open {
            self.figures.resting.set(f64::from(u8::from(is_open)));
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
        let upstream = Arc::new(Upstream::new(0, "x", "http://[::1]:81/", patience, 2).unwrap());
        assert_eq!(upstream.address, "[::1]:81");
        let (first, _second) = (upstream.admit().unwrap(), upstream.admit().unwrap());
        for _ in 0..3 {
            assert!(matches!(upstream.admit(), Err(ForwardError::Full)));
        }
        drop(first);
        assert!(upstream.admit().is_ok());
    }
}
