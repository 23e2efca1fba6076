//! What is counted of each service, for Prometheus.

use super::error::ForwardError;
use actix_web::http::StatusCode;
use metrics::{Counter, Gauge, counter, gauge};
use std::fmt;

/// Classes of status.
const CLASSES: [&str; 5] = ["1xx", "2xx", "3xx", "4xx", "5xx"];

/// The figures of one service, looked up once.
pub(super) struct Figures {
    answered: [Counter; CLASSES.len()],
    unreachable: Counter,
    silent: Counter,
    broken: Counter,
    refused: Counter,
    /// Requests that were sent once more.
    pub(super) repeated: Counter,
    /// 1 while the service is left in peace, otherwise 0.
    pub(super) resting: Gauge,
}

impl Figures {
    /// Those of the service of this name.
    pub(super) fn of(name: &str) -> Self {
        let requests = |outcome: &'static str| {
            let labels = [("upstream", name.to_owned()), ("outcome", outcome.into())];
            counter!("gateway_upstream_requests_total", &labels)
        };
        let upstream = || ("upstream", name.to_owned());
        Self {
            answered: CLASSES.map(requests),
            unreachable: requests("unreachable"),
            silent: requests("silent"),
            broken: requests("broken"),
            refused: requests("refused"),
            repeated: counter!("gateway_upstream_repeats_total", &[upstream()]),
            resting: gauge!("gateway_upstream_resting", &[upstream()]),
        }
    }

    /// The service has answered.
    pub(super) fn answered(&self, status: StatusCode) {
        let class = usize::from(status.as_u16() / 100).saturating_sub(1);
        if let Some(answered) = self.answered.get(class) {
            answered.increment(1);
        }
    }

    /// It has not. What the caller spoilt says nothing of the service.
    pub(super) fn failed(&self, why: &ForwardError) {
        let figure = match why {
            ForwardError::Unreachable(_) => &self.unreachable,
            ForwardError::Silent => &self.silent,
            ForwardError::Broken(_)
            | ForwardError::BrokenInHead(_)
            | ForwardError::Unspeakable(_) => &self.broken,
            ForwardError::Full | ForwardError::Resting => &self.refused,
            ForwardError::BodyTooLarge
            | ForwardError::BodyTooSlow
            | ForwardError::BodyBroken(_) => return,
        };
        figure.increment(1);
    }
}

impl fmt::Debug for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Figures").finish_non_exhaustive()
    }
}
