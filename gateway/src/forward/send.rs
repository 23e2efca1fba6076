//! Second phase: the exchange with the service, on the background runtime, where a worker that
//! stands still holds up nobody else's answer.

use super::{
    error::ForwardError,
    prepare::Head,
    upload::{self, Body},
};
use crate::{background::Background, settings::Limits};
use actix_web::web;
use bytes::Bytes;
use http_body_util::BodyExt as _;
use hyper::{
    Method, Request, Response,
    body::{Body as _, Incoming},
    http::response::Parts,
};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};
use std::{fmt, io, time::Duration};
use tokio::{
    runtime::Handle,
    sync::{mpsc, oneshot},
    time::timeout,
};

/// A connection is given up before the service's 5 s end, so that none is used as it closes.
const IDLE: Duration = Duration::from_secs(4);
/// Parts of an answer that are on their way at once.
const PARTS: usize = 4;

type Outcome = Result<Answer, ForwardError>;

/// A service's answer, its body still coming.
#[derive(Debug)]
pub(super) struct Answer {
    /// Whether the request was a HEAD, whose answer tells a length and has no body.
    pub(super) is_head: bool,
    /// Status and headers.
    pub(super) head: Parts,
    /// Length of the body, where it is known.
    pub(super) length: Option<u64>,
    /// Parts of the body.
    pub(super) parts: mpsc::Receiver<io::Result<Bytes>>,
}

/// Sends requests to services.
pub(crate) struct Sender {
    client: Client<HttpConnector, Body>,
    handle: Handle,
    limits: Limits,
}

impl Sender {
    /// A pool of connections, empty yet.
    pub(crate) fn new(limits: Limits, background: &Background) -> Self {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(limits.connect));
        let client = Client::builder(TokioExecutor::new())
            .pool_idle_timeout(IDLE)
            .pool_timer(TokioTimer::new())
            .build(connector);
        Self {
            client,
            handle: background.handle().clone(),
            limits,
        }
    }

    /// How much and how long.
    pub(crate) const fn limits(&self) -> Limits {
        self.limits
    }

    /// The service's answer, as soon as its head is there.
    pub(super) async fn send(
        &self,
        head: Head,
        payload: Option<web::Payload>,
    ) -> Result<Answer, ForwardError> {
        let (body, ending) = match payload {
            None => (None, None),
            Some(payload) => {
                let (body, ending) = upload::start(payload, self.limits);
                (Some(body), Some(ending))
            }
        };
        let (told, mut outcome) = oneshot::channel();
        let (client, pause) = (self.client.clone(), self.limits.pause);
        self.handle.spawn(exchange(client, head, body, told, pause));
        if let Some(ending) = ending {
            tokio::select! {
                // First, since a body that was cut off also breaks the exchange.
                biased;
                Ok(end) = ending => end?,
                early = &mut outcome => return early.unwrap_or(Err(ForwardError::Stopped)),
            }
        }
        match timeout(self.limits.answer, outcome).await {
            Err(_) => Err(ForwardError::Silent),
            Ok(outcome) => outcome.unwrap_or(Err(ForwardError::Stopped)),
        }
    }
}

/// Runs until the answer's last part is handed over, or nobody waits for it any more.
async fn exchange(
    client: Client<HttpConnector, Body>,
    head: Head,
    body: Option<Body>,
    mut told: oneshot::Sender<Outcome>,
    pause: Duration,
) {
    let is_head = head.method == Method::HEAD;
    let answered = tokio::select! {
        () = told.closed() => return,
        answered = ask(&client, head, body) => answered,
    };
    let response = match answered {
        Ok(response) => response,
        Err(error) => return drop(told.send(Err(error))),
    };
    let (head, body) = response.into_parts();
    let (parts, arriving) = mpsc::channel(PARTS);
    let answer = Answer {
        is_head,
        head,
        length: body.size_hint().exact(),
        parts: arriving,
    };
    if told.send(Ok(answer)).is_ok() {
        hand_over(body, parts, pause).await;
    }
}

/// Asks once; a request that changes nothing and has no body once more, if the connection was
/// closed before there was an answer. Nothing else is ever repeated: its effect may have been.
async fn ask(
    client: &Client<HttpConnector, Body>,
    head: Head,
    body: Option<Body>,
) -> Result<Response<Incoming>, ForwardError> {
    let is_repeatable = body.is_none() && matches!(head.method, Method::GET | Method::HEAD);
    let again = is_repeatable.then(|| head.clone());
    match (ask_once(client, head, body).await, again) {
        (Err(error), Some(head)) if error.closed_before_answer() => {
            ask_once(client, head, None).await
        }
        (answered, _) => answered,
    }
}

async fn ask_once(
    client: &Client<HttpConnector, Body>,
    head: Head,
    body: Option<Body>,
) -> Result<Response<Incoming>, ForwardError> {
    let mut request = Request::new(body.unwrap_or_else(upload::nothing));
    *request.method_mut() = head.method;
    *request.uri_mut() = head.uri;
    *request.headers_mut() = head.headers;
    client.request(request).await.map_err(|error| {
        if error.is_connect() {
            ForwardError::Unreachable(error)
        } else {
            ForwardError::Broken(error)
        }
    })
}

/// Hands the answer's body over; what breaks off here breaks off for the caller too.
async fn hand_over(mut body: Incoming, parts: mpsc::Sender<io::Result<Bytes>>, pause: Duration) {
    loop {
        let part = match timeout(pause, body.frame()).await {
            Err(_) => Err(io::Error::new(
                io::ErrorKind::TimedOut,
                "the service pauses",
            )),
            Ok(None) => return,
            Ok(Some(Err(error))) => Err(io::Error::other(error)),
            Ok(Some(Ok(frame))) => match frame.into_data() {
                Ok(data) => Ok(data),
                // Trailers end here, like all that is about one connection.
                Err(_) => continue,
            },
        };
        let is_last = part.is_err();
        if parts.send(part).await.is_err() || is_last {
            return;
        }
    }
}

impl fmt::Debug for Sender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}
