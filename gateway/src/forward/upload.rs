//! The caller's body on its way to a service: read when the connection has room for more, and
//! never held. Size and pace are watched on the way.

use super::error::ForwardError;
use crate::settings::Limits;
use actix_web::dev::Payload;
use bytes::Bytes;
use futures_util::Stream as _;
use std::{
    cell::{Cell, RefCell},
    fmt,
    future::Future as _,
    pin::Pin,
    rc::Rc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};
use tokio::time::{Sleep, sleep};

/// The rest of the body does not come.
#[derive(Debug)]
pub(super) struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the caller's body was cut off")
    }
}

impl std::error::Error for CutOff {}

/// A body on its way to a service, or none.
#[derive(Default)]
pub(super) struct Upload {
    coming: Option<Box<Coming>>,
    /// Whether it is sent in chunks, since no length was told.
    is_chunked: bool,
}

struct Coming {
    payload: Payload,
    limits: Limits,
    pace: Pace,
    /// Since when the caller is waited for, and until when.
    wait: Option<(Instant, Pin<Box<Sleep>>)>,
    course: Rc<Course>,
}

/// What the other end of an upload knows of it.
#[derive(Debug)]
pub(super) struct Course {
    cut_off: RefCell<Option<ForwardError>>,
    awaits_caller: Cell<bool>,
    moved_at: Cell<Instant>,
}

impl Upload {
    /// Brings a body across, in chunks where no length was told, and tells how it goes.
    pub(super) fn start(payload: Payload, is_chunked: bool, limits: Limits) -> (Self, Rc<Course>) {
        let course = Rc::new(Course {
            cut_off: RefCell::default(),
            awaits_caller: Cell::new(false),
            moved_at: Cell::new(Instant::now()),
        });
        let coming = Coming {
            payload,
            limits,
            pace: Pace::default(),
            wait: None,
            course: Rc::clone(&course),
        };
        let upload = Self {
            coming: Some(Box::new(coming)),
            is_chunked,
        };
        (upload, course)
    }

    /// Whether it is sent in chunks.
    pub(super) fn is_chunked(&self) -> bool {
        self.is_chunked
    }

    /// Whether all of it has been taken.
    pub(super) fn is_over(&self) -> bool {
        self.coming.is_none()
    }

    /// Appends what has come of it to `out`, as it goes over the connection. Ready when there is
    /// something, or nothing more to come.
    pub(super) fn poll_into(
        &mut self,
        out: &mut Vec<u8>,
        context: &mut Context<'_>,
    ) -> Poll<Result<(), CutOff>> {
        let Some(coming) = &mut self.coming else {
            return Poll::Ready(Ok(()));
        };
        let part = match ready!(coming.poll(context)) {
            Ok(part) => part,
            Err(cause) => {
                coming.course.cut_off.replace(Some(cause));
                self.coming = None;
                return Poll::Ready(Err(CutOff));
            }
        };
        match part {
            Some(part) if self.is_chunked => {
                // An empty chunk would be the end.
                if !part.is_empty() {
                    out.extend_from_slice(format!("{:x}\r\n", part.len()).as_bytes());
                    out.extend_from_slice(&part);
                    out.extend_from_slice(b"\r\n");
                }
            }
            Some(part) => out.extend_from_slice(&part),
            None => {
                self.coming = None;
                if self.is_chunked {
                    out.extend_from_slice(b"0\r\n\r\n");
                }
            }
        }
        Poll::Ready(Ok(()))
    }
}

impl Course {
    /// Why the body does not come to its end, once.
    pub(super) fn cut_off(&self) -> Option<ForwardError> {
        self.cut_off.take()
    }

    /// Since when it is the service that nothing comes from. As long as the caller is waited for,
    /// the pace of the body is the only measure.
    pub(super) fn service_has_it_since(&self) -> Instant {
        if self.awaits_caller.get() {
            Instant::now()
        } else {
            self.moved_at.get()
        }
    }
}

impl Coming {
    fn poll(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<Bytes>, ForwardError>> {
        let Poll::Ready(part) = Pin::new(&mut self.payload).poll_next(context) else {
            return self.wait(context).map(Err);
        };
        let waited = self
            .wait
            .take()
            .map_or(Duration::ZERO, |(since, _)| since.elapsed());
        self.course.awaits_caller.set(false);
        self.course.moved_at.set(Instant::now());
        let part = match part {
            None => return Poll::Ready(Ok(None)),
            Some(Err(error)) => {
                return Poll::Ready(Err(ForwardError::BodyBroken(error.to_string())));
            }
            Some(Ok(part)) => part,
        };
        self.pace.count(&part, waited);
        if self.pace.bytes > self.limits.body_bytes {
            return Poll::Ready(Err(ForwardError::BodyTooLarge));
        }
        Poll::Ready(Ok(Some(part)))
    }

    fn wait(&mut self, context: &mut Context<'_>) -> Poll<ForwardError> {
        self.course.awaits_caller.set(true);
        let patience = || Box::pin(sleep(self.pace.patience(&self.limits)));
        let (_, end) = self
            .wait
            .get_or_insert_with(|| (Instant::now(), patience()));
        end.as_mut()
            .poll(context)
            .map(|()| ForwardError::BodyTooSlow)
    }
}

/// Longest time in which nothing comes, however fast the body came before.
const LONGEST_SILENCE: Duration = Duration::from_secs(30);

/// How fast a body comes, counting only the time in which we wait for the caller.
#[derive(Debug, Default)]
struct Pace {
    bytes: u64,
    waited: Duration,
}

impl Pace {
    fn count(&mut self, part: &Bytes, waited: Duration) {
        self.bytes += u64::try_from(part.len()).unwrap_or(u64::MAX);
        self.waited += waited;
    }

    /// How long the next part may take before the body has come slower than the floor.
    fn patience(&self, limits: &Limits) -> Duration {
        let millis = self.bytes.saturating_mul(1000) / limits.body_floor_bytes_per_second.max(1);
        let allowed = limits.body_grace + Duration::from_millis(millis);
        allowed.saturating_sub(self.waited).min(LONGEST_SILENCE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_may_be_late_by_the_grace_and_no_more() {
        let limits = Limits {
            body_floor_bytes_per_second: 1000,
            body_grace: Duration::from_secs(2),
            ..Limits::default()
        };
        let mut pace = Pace::default();
        assert_eq!(pace.patience(&limits), Duration::from_secs(2));
        pace.count(&Bytes::from(vec![0; 3000]), Duration::from_secs(1));
        assert_eq!(pace.patience(&limits), Duration::from_secs(4));
        pace.count(&Bytes::from(vec![0; 1]), Duration::from_secs(5));
        assert_eq!(pace.patience(&limits), Duration::ZERO);
        pace.count(&Bytes::from(vec![0; 100_000]), Duration::ZERO);
        assert_eq!(pace.patience(&limits), LONGEST_SILENCE);
    }
}
