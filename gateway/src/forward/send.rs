//! The exchange with a service, on the thread that serves the caller.

use super::{
    answer::{Framing, Head},
    error::ForwardError,
    line::{Line, Lines, Unanswered},
    question,
    upload::{Course, Upload},
    upstream::Upstream,
};
use crate::settings::Limits;
use actix_web::{
    HttpRequest, HttpResponse,
    body::{BodyStream, BoxBody, MessageBody as _, None as NoBody, SizedStream},
    http::{Method, StatusCode, header::HeaderValue},
};
use bytes::Bytes;
use futures_util::{Stream, stream};
use std::{
    fmt,
    future::Future as _,
    io,
    pin::Pin,
    rc::Rc,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};
use tokio::time::{Instant, Sleep, sleep_until};

/// What is needed to ask a service.
pub(super) struct Asking<'a> {
    /// What the caller asks.
    pub(super) request: &'a HttpRequest,
    /// Where the service has it.
    pub(super) target: &'a str,
    /// Whether the answer becomes a part of another: the service is then asked for all of it.
    pub(super) part_of_whole: bool,
    /// Tells the service who calls.
    pub(super) authorization: Option<HeaderValue>,
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
    /// The service's answer as the caller's, as soon as its head is there.
    ///
    /// What changes nothing and has no body is asked once more if the connection closed before
    /// there was an answer; anything else only if nothing was sent yet.
    pub(super) async fn send(&self, upload: Upload) -> Result<HttpResponse, ForwardError> {
        let place = self.upstream.admit()?;
        let is_head = self.request.method() == Method::HEAD;
        let repeatable = self.course.is_none() && (is_head || self.request.method() == Method::GET);
        let mut asked = self.ask(upload, is_head).await;
        if repeatable && matches!(&asked, Err(error) if error.closed_before_answer()) {
            self.upstream.repeats();
            asked = self.ask(Upload::default(), is_head).await;
        }
        let told = asked.as_ref().map(|(_, head)| head.response.status());
        self.upstream.learn(told);
        // The service has answered: how slowly the caller reads must not take its places.
        drop(place);
        let (line, head) = asked?;
        Ok(self.relay(line, head, is_head))
    }

    async fn ask(
        &self,
        mut upload: Upload,
        is_head: bool,
    ) -> Result<(Box<Line>, Head), ForwardError> {
        loop {
            let mut line = self.lines.take(self.upstream, self.limits.connect).await?;
            question::write_head(line.begin(), self, &upload);
            let end = Instant::now() + self.patience;
            line.rouse_by(end);
            let given_up = |alarm: Pin<&mut Sleep>, context: &mut Context<'_>| {
                self.given_up(end, alarm, context)
            };
            match line.ask(upload, is_head, given_up).await {
                Ok(head) => return Ok((line, head)),
                Err(Unanswered::Unsent) => upload = line.take_upload(),
                Err(Unanswered::Ended(why)) => return Err(why),
                // A body that was cut off also breaks the exchange, and is the reason.
                Err(Unanswered::Broken(error)) => {
                    let cut_off = self.course.as_ref().and_then(|course| course.cut_off());
                    return Err(cut_off.unwrap_or(ForwardError::Broken(error)));
                }
            }
        }
    }

    /// Gives up when the service has had the whole request, or what it takes of it, for too long.
    fn given_up(
        &self,
        end: Instant,
        mut alarm: Pin<&mut Sleep>,
        context: &mut Context<'_>,
    ) -> Poll<ForwardError> {
        while alarm.as_mut().poll(context).is_ready() {
            let since = self
                .course
                .as_ref()
                .map(|course| course.service_has_it_since());
            let end = since.map_or(end, |since| Instant::from_std(since) + self.patience);
            if end <= Instant::now() {
                return Poll::Ready(ForwardError::Silent);
            }
            alarm.as_mut().reset(end);
        }
        Poll::Pending
    }

    /// The response to the caller; what answers a HEAD tells a length and has no body.
    fn relay(&self, mut line: Box<Line>, head: Head, is_head: bool) -> HttpResponse {
        let Head {
            response,
            told_length,
            body,
            is_kept,
        } = head;
        let body = if let Some(whole) = line.take_whole(&body) {
            if is_kept {
                self.lines.keep(line, self.upstream);
            }
            // Both go out together.
            whole.boxed()
        } else {
            let rest = Box::new(Rest {
                body,
                line: Some(line),
                lines: is_kept.then(|| Rc::clone(self.lines)),
                upstream: Arc::clone(self.upstream),
                pause: self.limits.pause,
                end: None,
            });
            match told_length {
                Some(length) => BoxBody::new(SizedStream::new(length, rest)),
                None => BoxBody::new(BodyStream::new(rest)),
            }
        };
        let body = match (response.status(), told_length) {
            // Neither has a body, and a length of zero would be said of what they stand for.
            (StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED, _) => BoxBody::new(NoBody::new()),
            (_, Some(length)) if is_head => BoxBody::new(SizedStream::new(length, nothing())),
            (_, None) if is_head => BoxBody::new(BodyStream::new(nothing())),
            _ => body,
        };
        response.set_body(body)
    }
}

fn nothing() -> impl Stream<Item = io::Result<Bytes>> {
    stream::empty()
}

/// The rest of an answer, which comes as the caller reads it.
struct Rest {
    body: Framing,
    line: Option<Box<Line>>,
    /// Where the connection is kept afterwards, if it can be.
    lines: Option<Rc<Lines>>,
    upstream: Arc<Upstream>,
    pause: Duration,
    /// Until when the next part is waited for.
    end: Option<Pin<Box<Sleep>>>,
}

impl Rest {
    fn part(&mut self, context: &mut Context<'_>) -> Poll<Option<io::Result<Bytes>>> {
        let Some(line) = &mut self.line else {
            return Poll::Ready(None);
        };
        let part = std::task::ready!(line.poll_part(&mut self.body, context)).transpose();
        match (&part, self.line.take(), &self.lines) {
            (Some(Ok(_)), line, _) => self.line = line,
            (None, Some(line), Some(lines)) => lines.keep(line, &self.upstream),
            _ => {}
        }
        Poll::Ready(part)
    }
}

impl Stream for Rest {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
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
