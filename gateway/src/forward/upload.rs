//! Brings the caller's body across: the framework's stream can't leave its thread, so it is read
//! where it is and handed over in a few parts at a time. Size and pace are watched on the way.

use super::error::ForwardError;
use crate::settings::Limits;
use actix_web::web;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http_body_util::{BodyExt as _, Empty, StreamBody, combinators::UnsyncBoxBody};
use hyper::body::Frame;
use std::{
    fmt,
    time::{Duration, Instant},
};
use tokio::{
    sync::{mpsc, oneshot},
    time::timeout,
};

/// Parts that are on their way at once.
const PARTS: usize = 4;

/// The rest of the body does not come.
#[derive(Debug)]
pub(super) struct CutOff;

impl fmt::Display for CutOff {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the caller's body was cut off")
    }
}

impl std::error::Error for CutOff {}

/// A body on its way to a service.
pub(super) type Body = UnsyncBoxBody<Bytes, CutOff>;
type Part = Result<Bytes, CutOff>;

/// The body of a request without one.
pub(super) fn nothing() -> Body {
    Empty::new().map_err(|never| match never {}).boxed_unsync()
}

/// Starts to bring a body across. The second value tells how it ended.
pub(super) fn start(
    payload: web::Payload,
    limits: Limits,
) -> (Body, oneshot::Receiver<Result<(), ForwardError>>) {
    let (parts, mut arriving) = mpsc::channel::<Part>(PARTS);
    let (ended, ending) = oneshot::channel();
    actix_web::rt::spawn(async move {
        let end = bring(payload, &parts, &limits).await;
        let is_cut = end.is_err();
        // Told before the service's connection breaks, so that the reason is there when it does.
        let _ = ended.send(end);
        if is_cut {
            let _ = parts.send(Err(CutOff)).await;
        }
    });
    let parts = stream::poll_fn(move |context| arriving.poll_recv(context));
    let body = StreamBody::new(parts.map(|part| part.map(Frame::data)));
    (body.boxed_unsync(), ending)
}

async fn bring(
    mut payload: web::Payload,
    parts: &mpsc::Sender<Part>,
    limits: &Limits,
) -> Result<(), ForwardError> {
    let mut pace = Pace::default();
    loop {
        let asked_at = Instant::now();
        let part = match timeout(pace.patience(limits), payload.next()).await {
            Err(_) => return Err(ForwardError::BodyTooSlow),
            Ok(None) => return Ok(()),
            Ok(Some(Err(error))) => return Err(ForwardError::BodyBroken(error.to_string())),
            Ok(Some(Ok(part))) => part,
        };
        pace.count(&part, asked_at.elapsed());
        if pace.bytes > limits.body_bytes {
            return Err(ForwardError::BodyTooLarge);
        }
        match timeout(limits.answer, parts.send(Ok(part))).await {
            Err(_) => return Err(ForwardError::Silent),
            // The service wants no more of it, and may have answered already.
            Ok(Err(_)) => return Ok(()),
            Ok(Ok(())) => {}
        }
    }
}

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
        allowed.saturating_sub(self.waited)
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
    }
}
