//! Connections to services, kept by the worker that opened them. A connection has no task of its
//! own: whoever uses it drives it, so that a request stays on one thread and wakes nobody else.

use super::{error::ForwardError, upload::Upload, upstream::Upstream};
use hyper::{
    Request, Response,
    body::Incoming,
    client::conn::http1::{self, Connection, SendRequest},
};
use hyper_util::rt::TokioIo;
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    fmt,
    future::Future as _,
    io,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll},
    time::{Duration, Instant},
};
use tokio::{net::TcpStream, time::timeout};

/// A connection is given up before the service's 5 s end, so that none is used as it closes.
const IDLE: Duration = Duration::from_secs(4);
/// Idle connections to one service that a worker keeps at most.
const MOST_IDLE: usize = 64;

/// One connection, with nothing or one request on it.
pub(super) struct Line {
    sender: SendRequest<Upload>,
    /// Gone when it is over: dropping it tells whoever still waits for something.
    connection: Option<Connection<TokioIo<TcpStream>, Upload>>,
    is_fresh: bool,
}

/// A question that was not answered.
pub(super) enum Unanswered {
    /// The connection had closed before: nothing was sent, and here it is back.
    Unsent(Box<Request<Upload>>),
    /// It broke off.
    Broken(hyper::Error),
}

impl Line {
    async fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let handshake = http1::handshake(TokioIo::new(stream)).await;
        let (sender, connection) = handshake.map_err(io::Error::other)?;
        Ok(Self {
            sender,
            connection: Some(connection),
            is_fresh: true,
        })
    }

    /// Asks, and drives the connection until there is an answer. `given_up` is polled along and
    /// ends it.
    pub(super) async fn ask(
        &mut self,
        request: Request<Upload>,
        mut given_up: impl FnMut(&mut Context<'_>) -> Poll<ForwardError>,
    ) -> Result<Result<Response<Incoming>, Unanswered>, ForwardError> {
        let mut answer = pin!(self.sender.try_send_request(request));
        let connection = &mut self.connection;
        let answered = std::future::poll_fn(|context| {
            drive(connection, context);
            if let Poll::Ready(answer) = answer.as_mut().poll(context) {
                return Poll::Ready(Ok(answer));
            }
            given_up(context).map(Err)
        });
        let answered = answered.await?;
        Ok(answered.map_err(|mut error| match error.take_message() {
            Some(request) if !self.is_fresh => Unanswered::Unsent(Box::new(request)),
            _ => Unanswered::Broken(error.into_error()),
        }))
    }

    /// Lets the connection read and write.
    pub(super) fn drive(&mut self, context: &mut Context<'_>) {
        drive(&mut self.connection, context);
    }

    /// Whether another request can be sent, after the connection was driven past the last one.
    fn is_ready(&self) -> bool {
        self.connection.is_some() && self.sender.is_ready()
    }
}

fn drive(
    connection: &mut Option<Connection<TokioIo<TcpStream>, Upload>>,
    context: &mut Context<'_>,
) {
    let is_over = connection
        .as_mut()
        .is_some_and(|connection| Pin::new(connection).poll(context).is_ready());
    if is_over {
        *connection = None;
    }
}

/// A worker's connections.
#[derive(Default)]
pub(crate) struct Lines {
    idle: RefCell<Vec<VecDeque<(Line, Instant)>>>,
    is_swept: Cell<bool>,
}

impl Lines {
    /// A connection to a service: the one used last, or a new one.
    pub(super) async fn take(
        &self,
        upstream: &Upstream,
        patience: Duration,
    ) -> Result<Line, ForwardError> {
        if let Some(line) = self.take_idle(upstream) {
            return Ok(line);
        }
        timeout(patience, Line::open(&upstream.address))
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            .map_err(ForwardError::Unreachable)
    }

    fn take_idle(&self, upstream: &Upstream) -> Option<Line> {
        let mut idle = self.idle.borrow_mut();
        let (line, since) = idle.get_mut(upstream.position)?.pop_back()?;
        (since.elapsed() < IDLE).then_some(line)
    }

    /// Keeps a connection whose answer is complete, if another request can be sent on it.
    pub(super) fn keep(
        self: &Rc<Self>,
        mut line: Line,
        upstream: &Upstream,
        context: &mut Context<'_>,
    ) {
        line.drive(context);
        if !line.is_ready() {
            return;
        }
        line.is_fresh = false;
        let mut idle = self.idle.borrow_mut();
        while idle.len() <= upstream.position {
            idle.push(VecDeque::new());
        }
        if let Some(idle) = idle.get_mut(upstream.position)
            && idle.len() < MOST_IDLE
        {
            idle.push_back((line, Instant::now()));
        }
        drop(idle);
        self.sweep();
    }

    /// Closes what nobody has used for too long, until nothing is left.
    fn sweep(self: &Rc<Self>) {
        if self.is_swept.replace(true) {
            return;
        }
        let lines = Rc::downgrade(self);
        actix_web::rt::spawn(async move {
            loop {
                tokio::time::sleep(IDLE / 4).await;
                let Some(lines) = lines.upgrade() else { return };
                let mut idle = lines.idle.borrow_mut();
                for idle in idle.iter_mut() {
                    idle.retain(|(_, since)| since.elapsed() < IDLE);
                }
                if idle.iter().all(VecDeque::is_empty) {
                    lines.is_swept.set(false);
                    return;
                }
            }
        });
    }
}

impl fmt::Debug for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Line").finish_non_exhaustive()
    }
}
