//! Second phase: the exchange with the service, on the thread that serves the caller.

use super::{
    error::ForwardError,
    line::{Line, Lines, Unanswered},
    upload::{Course, Upload},
    upstream::Upstream,
};
use crate::settings::Limits;
use bytes::Bytes;
use futures_util::Stream;
use hyper::{
    Method, Request,
    body::{Body as _, Incoming},
    http::response::Parts,
};
use std::{
    fmt,
    future::Future as _,
    io,
    pin::{Pin, pin},
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep, sleep_until};

/// A service's answer.
#[derive(Debug)]
pub(super) struct Answer {
    /// Status and headers.
    pub(super) head: Parts,
    /// What follows them.
    pub(super) body: AnswerBody,
}

/// The body of an answer.
#[derive(Debug)]
pub(super) enum AnswerBody {
    /// It came along with the head.
    Whole(Bytes),
    /// It still comes; its length, where it is known.
    Coming(Box<Rest>, Option<u64>),
}

/// What is needed to ask a service.
pub(super) struct Asking<'a> {
    /// The service.
    pub(super) upstream: &'a Arc<Upstream>,
    /// The worker's connections.
    pub(super) lines: &'a Rc<Lines>,
    /// How much and how long.
    pub(super) limits: Limits,
    /// How long the service may think.
    pub(super) patience: Duration,
    /// How the caller's body comes, where there is one.
    pub(super) course: Option<Rc<Course>>,
}

impl Asking<'_> {
    /// The service's answer, as soon as its head is there.
    ///
    /// What changes nothing and has no body is asked once more if the connection closed before
    /// there was an answer, with what `again` makes; anything else only if nothing was sent yet.
    pub(super) async fn send(
        &self,
        first: Request<Upload>,
        again: impl FnOnce() -> Result<Request<Upload>, ForwardError>,
    ) -> Result<Answer, ForwardError> {
        let place = self.upstream.admit()?;
        let repeatable =
            self.course.is_none() && matches!(*first.method(), Method::GET | Method::HEAD);
        let mut asked = self.ask(first).await;
        if repeatable && matches!(&asked, Err(error) if error.closed_before_answer()) {
            asked = self.ask(again()?).await;
        }
        self.upstream.learn(&asked);
        // The service has answered: how slowly the caller reads must not take its places.
        drop(place);
        let (line, response) = asked?;
        let (head, body) = response.into_parts();
        let length = body.size_hint().exact();
        let mut rest = Rest {
            body,
            line: Some(line),
            lines: Rc::clone(self.lines),
            upstream: Arc::clone(self.upstream),
            pause: self.limits.pause,
            first: None,
            end: None,
        };
        let whole = std::future::poll_fn(|context| Poll::Ready(rest.at_once(context))).await;
        let body = match whole {
            Some(whole) => AnswerBody::Whole(whole),
            None => AnswerBody::Coming(Box::new(rest), length),
        };
        Ok(Answer { head, body })
    }

    async fn ask(
        &self,
        mut request: Request<Upload>,
    ) -> Result<(Line, hyper::Response<Incoming>), ForwardError> {
        loop {
            let mut line = self.lines.take(self.upstream, self.limits.connect).await?;
            let mut end = pin!(sleep(self.patience));
            let given_up = |context: &mut Context<'_>| self.given_up(end.as_mut(), context);
            match line.ask(request, given_up).await? {
                Ok(response) => return Ok((line, response)),
                Err(Unanswered::Unsent(back)) => request = *back,
                // A body that was cut off also breaks the exchange, and is the reason.
                Err(Unanswered::Broken(error)) => {
                    let cut_off = self.course.as_ref().and_then(|course| course.cut_off());
                    return Err(cut_off.unwrap_or(ForwardError::Broken(error)));
                }
            }
        }
    }

    /// Gives up when the service has had the whole request, or what it takes of it, for too long.
    fn given_up(&self, mut end: Pin<&mut Sleep>, context: &mut Context<'_>) -> Poll<ForwardError> {
        while end.as_mut().poll(context).is_ready() {
            let since = self
                .course
                .as_ref()
                .map(|course| course.service_has_it_since());
            let later = since.map(|since| Instant::from_std(since) + self.patience);
            match later {
                Some(later) if later > Instant::now() => end.as_mut().reset(later),
                _ => return Poll::Ready(ForwardError::Silent),
            }
        }
        Poll::Pending
    }
}

/// The rest of an answer, which comes as the caller reads it.
pub(super) struct Rest {
    body: Incoming,
    line: Option<Line>,
    lines: Rc<Lines>,
    upstream: Arc<Upstream>,
    pause: Duration,
    /// What came along with the head.
    first: Option<io::Result<Bytes>>,
    /// Until when the next part is waited for.
    end: Option<Pin<Box<Sleep>>>,
}

impl Rest {
    /// The whole body, if it came along with the head: then both go out together.
    fn at_once(&mut self, context: &mut Context<'_>) -> Option<Bytes> {
        let first = match self.part(context) {
            Poll::Pending => return None,
            Poll::Ready(None) => return Some(Bytes::new()),
            Poll::Ready(Some(first)) => first,
        };
        match first {
            Ok(whole) if self.body.is_end_stream() => {
                self.finish(context);
                Some(whole)
            }
            first => {
                self.first = Some(first);
                None
            }
        }
    }

    fn part(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        loop {
            let frame = match Pin::new(&mut self.body).poll_frame(context) {
                Poll::Ready(frame) => frame,
                Poll::Pending => {
                    let Some(line) = &mut self.line else {
                        return Poll::Ready(None);
                    };
                    line.drive(context);
                    match Pin::new(&mut self.body).poll_frame(context) {
                        Poll::Ready(frame) => frame,
                        Poll::Pending => return Poll::Pending,
                    }
                }
            };
            match frame {
                None => {
                    self.finish(context);
                    return Poll::Ready(None);
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(io::Error::other(error)))),
                // Trailers end here, like all that is about one connection.
                Some(Ok(frame)) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
            }
        }
    }

    fn finish(&mut self, context: &mut Context<'_>) {
        if let Some(line) = self.line.take() {
            self.lines.keep(line, &self.upstream, context);
        }
    }
}

impl Stream for Rest {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        if let Some(first) = self.first.take() {
            return Poll::Ready(Some(first));
        }
        if let Poll::Ready(part) = self.part(context) {
            self.end = None;
            return Poll::Ready(part);
        }
        let pause = self.pause;
        let end = self
            .end
            .get_or_insert_with(|| Box::pin(sleep_until(Instant::now() + pause)));
        end.as_mut().poll(context).map(|()| {
            let paused = io::Error::new(io::ErrorKind::TimedOut, "the service pauses");
            Some(Err(paused))
        })
    }
}

impl fmt::Debug for Rest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Rest").finish_non_exhaustive()
    }
}
