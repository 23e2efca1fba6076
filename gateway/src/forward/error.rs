//! What can go wrong on the way, and on whose side: the caller is told a different thing for
//! each, and only some of it may be tried again.

use crate::settings::Limits;
use shared_types::{Problem, codes};
use std::{error::Error, fmt, io};

/// On whose side something went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Side {
    /// The caller's.
    Downstream,
    /// The service's.
    Upstream,
    /// Ours.
    Gateway,
}

/// Why a request did not get an answer.
#[derive(Debug)]
pub(crate) enum ForwardError {
    /// The body is larger than what is passed on.
    BodyTooLarge,
    /// The body comes slower than the floor.
    BodyTooSlow,
    /// The caller broke off in the body.
    BodyBroken(String),
    /// There is no connection to the service.
    Unreachable(io::Error),
    /// The service has been down or silent, and is left in peace for a moment.
    Resting,
    /// The service has as many requests as it gets at once.
    Full,
    /// The service takes too long.
    Silent,
    /// The service broke off before its answer.
    Broken(io::Error),
    /// The service broke off within the head of its answer.
    BrokenInHead(io::Error),
    /// The service's answer can't be said in our words.
    Unspeakable(String),
}

impl ForwardError {
    /// On whose side it went wrong.
    pub(crate) const fn side(&self) -> Side {
        match self {
            Self::BodyTooLarge | Self::BodyTooSlow | Self::BodyBroken(_) => Side::Downstream,
            Self::Unreachable(_)
            | Self::Silent
            | Self::Broken(_)
            | Self::BrokenInHead(_)
            | Self::Unspeakable(_) => Side::Upstream,
            Self::Resting | Self::Full => Side::Gateway,
        }
    }

    /// Whether the connection was closed before there was an answer, as happens to one that was
    /// idle: a request that changes nothing and has no body may then be sent once more.
    pub(crate) fn closed_before_answer(&self) -> bool {
        matches!(self, Self::Broken(_))
    }

    /// As the caller is told.
    pub(crate) fn problem(self, limits: &Limits) -> Problem {
        let code = match self {
            Self::BodyTooLarge => &codes::BODY_TOO_LARGE,
            Self::BodyTooSlow => &codes::REQUEST_TIMEOUT,
            Self::BodyBroken(_) => &codes::INVALID_REQUEST,
            Self::Unreachable(_) | Self::Resting => &codes::UNAVAILABLE,
            Self::Full => &codes::OVERLOADED,
            Self::Silent => &codes::GATEWAY_TIMEOUT,
            Self::Broken(_) | Self::BrokenInHead(_) | Self::Unspeakable(_) => &codes::BAD_GATEWAY,
        };
        Problem::of(code)
            .value("most", limits.body_bytes)
            .retry_after(limits.retry_after_seconds)
            .caused_by(self)
    }
}

impl fmt::Display for ForwardError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = match self.side() {
            Side::Downstream => "caller",
            Side::Upstream => "service",
            Side::Gateway => "gateway",
        };
        write!(f, "{side}: ")?;
        match self {
            Self::BodyTooLarge => f.write_str("the body is too large"),
            Self::BodyTooSlow => f.write_str("the body is too slow"),
            Self::BodyBroken(cause) => write!(f, "the body broke off: {cause}"),
            Self::Unreachable(_) => f.write_str("no connection"),
            Self::Silent => f.write_str("no answer in time"),
            Self::Broken(_) => f.write_str("broken off before the answer"),
            Self::BrokenInHead(_) => f.write_str("broken off within the answer's head"),
            Self::Unspeakable(cause) => write!(f, "an answer that can't be passed on: {cause}"),
            Self::Resting => f.write_str("the service is left in peace after failures"),
            Self::Full => f.write_str("the service has all the requests that it gets at once"),
        }
    }
}

impl Error for ForwardError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            Self::Unreachable(source) | Self::Broken(source) | Self::BrokenInHead(source) => {
                Some(source)
            }
            _ => None,
        }
    }
}
