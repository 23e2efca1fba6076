//! Connections to services, kept by the worker that opened them. A connection has no task of its
//! own: whoever uses it drives it, so that a request stays on one thread and wakes nobody else.

use super::{
    answer::{self, Framing, Head, Part},
    error::ForwardError,
    upload::Upload,
    upstream::Upstream,
};
use bytes::{Bytes, BytesMut};
use std::{
    cell::{Cell, RefCell},
    collections::VecDeque,
    fmt,
    future::Future as _,
    io,
    pin::{Pin, pin},
    rc::Rc,
    task::{Context, Poll, ready},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWrite as _},
    net::TcpStream,
    time::{Sleep, sleep, timeout},
};

/// A connection is given up before the service's 5 s end, so that none is used as it closes.
const IDLE: Duration = Duration::from_secs(4);
/// Idle connections to one service that a worker keeps at most.
const MOST_IDLE: usize = 64;
/// Bytes that are read at once.
const READ_BYTES: usize = 8 * 1024;
/// Bytes below which there is not enough room left to read.
const LEAST_READ_BYTES: usize = 1024;
/// Bytes of room to write that an idle connection keeps at most.
const MOST_KEPT_BYTES: usize = 16 * 1024;

/// One connection, with nothing or one request on it.
pub(super) struct Line {
    stream: TcpStream,
    /// What was read and has not been used.
    read: BytesMut,
    /// What is to be written, and how much of it has been.
    out: Vec<u8>,
    written: usize,
    has_sent: bool,
    /// Whether a byte of the answer has come, of an interim one too.
    is_answered: bool,
    /// The caller's body, as far as it has not been taken yet.
    upload: Upload,
    /// What went wrong when writing. An answer may be there all the same.
    unwritten: Option<io::Error>,
    /// Wakes whoever waits for an answer for too long. It stays from one request to the next, so
    /// that most of them set no timer.
    alarm: Pin<Box<Sleep>>,
    is_fresh: bool,
}

/// A question that was not answered.
pub(super) enum Unanswered {
    /// The connection had closed before: nothing was sent.
    Unsent,
    /// It broke off.
    Broken(io::Error),
    /// It was answered with what can't be passed on, or whoever asked has given up.
    Ended(ForwardError),
}

impl Line {
    async fn open(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            read: BytesMut::with_capacity(READ_BYTES),
            out: Vec::with_capacity(LEAST_READ_BYTES),
            written: 0,
            has_sent: false,
            is_answered: false,
            upload: Upload::default(),
            unwritten: None,
            alarm: Box::pin(sleep(IDLE)),
            is_fresh: true,
        })
    }

    /// Where the head of the next request is written.
    pub(super) fn begin(&mut self) -> &mut Vec<u8> {
        self.out.clear();
        self.written = 0;
        self.has_sent = false;
        self.is_answered = false;
        &mut self.out
    }

    /// Sets the alarm, unless it goes off before then anyway.
    pub(super) fn rouse_by(&mut self, end: tokio::time::Instant) {
        if self.alarm.is_elapsed() || self.alarm.deadline() > end {
            self.alarm.as_mut().reset(end);
        }
    }

    /// The caller's body back, where nothing was sent.
    pub(super) fn take_upload(&mut self) -> Upload {
        std::mem::take(&mut self.upload)
    }

    /// Sends what was begun, with the body that follows it, and waits for the head of the answer.
    /// `given_up` is polled along and ends it; it is polled again when the alarm goes off.
    pub(super) async fn ask(
        &mut self,
        upload: Upload,
        is_head: bool,
        mut given_up: impl FnMut(Pin<&mut Sleep>, &mut Context<'_>) -> Poll<ForwardError>,
    ) -> Result<Head, Unanswered> {
        self.upload = upload;
        std::future::poll_fn(|context| {
            if let Poll::Ready(answer) = self.poll_answer(is_head, context) {
                return Poll::Ready(answer);
            }
            given_up(self.alarm.as_mut(), context).map(|why| Err(Unanswered::Ended(why)))
        })
        .await
    }

    fn poll_answer(
        &mut self,
        is_head: bool,
        context: &mut Context<'_>,
    ) -> Poll<Result<Head, Unanswered>> {
        if let Err(cut_off) = self.send(context) {
            return Poll::Ready(Err(Unanswered::Broken(cut_off)));
        }
        if !self.is_fresh && !self.has_sent && self.unwritten.is_some() {
            return Poll::Ready(Err(Unanswered::Unsent));
        }
        loop {
            match ready!(self.fill(context)) {
                Ok(0) => {
                    let cause = self.cause();
                    return Poll::Ready(Err(self.broken(cause)));
                }
                Ok(_) => self.is_answered = true,
                Err(error) => return Poll::Ready(Err(self.broken(error))),
            }
            match answer::take_head(&mut self.read, is_head) {
                Ok(None) => {}
                Ok(Some(head)) => return Poll::Ready(Ok(head)),
                Err(error) => return Poll::Ready(Err(Unanswered::Ended(error))),
            }
        }
    }

    /// What has begun to be answered was understood, and is not asked again.
    fn broken(&self, cause: io::Error) -> Unanswered {
        if self.is_answered {
            Unanswered::Ended(ForwardError::BrokenInHead(cause))
        } else {
            Unanswered::Broken(cause)
        }
    }

    /// Why there is no more to read.
    fn cause(&mut self) -> io::Error {
        let closed = || io::ErrorKind::UnexpectedEof.into();
        self.unwritten.take().unwrap_or_else(closed)
    }

    /// What comes next of the body of an answer.
    pub(super) fn poll_part(
        &mut self,
        body: &mut Framing,
        context: &mut Context<'_>,
    ) -> Poll<io::Result<Option<Bytes>>> {
        self.send(context)?;
        loop {
            match body.take(&mut self.read)? {
                Part::Data(data) => return Poll::Ready(Ok(Some(data))),
                Part::End => return Poll::Ready(Ok(None)),
                Part::Missing => {}
            }
            if ready!(self.fill(context))? == 0 {
                return Poll::Ready(match body {
                    Framing::UntilClose => Ok(None),
                    _ => Err(io::ErrorKind::UnexpectedEof.into()),
                });
            }
        }
    }

    /// The whole body, if it came along with the head.
    pub(super) fn take_whole(&mut self, body: &Framing) -> Option<Bytes> {
        body.take_whole(&mut self.read)
    }

    /// Writes what there is room for. The caller's body is read only when all that was read of it
    /// before has gone out; where it is cut off, the service must not take what it has for the
    /// whole, so that is an error here.
    fn send(&mut self, context: &mut Context<'_>) -> io::Result<()> {
        // What has come of the body goes out with the head. A body that is spoilt from the start
        // lets nothing go: a service that sees a head and the end may take that for a whole.
        if !self.has_sent
            && let Poll::Ready(more) = self.upload.poll_into(&mut self.out, context)
        {
            more.map_err(io::Error::other)?;
        }
        while self.unwritten.is_none() {
            let rest = self.out.get(self.written..).unwrap_or_default();
            if !rest.is_empty() {
                match Pin::new(&mut self.stream).poll_write(context, rest) {
                    Poll::Pending => return Ok(()),
                    Poll::Ready(Ok(length)) if length > 0 => {
                        self.written += length;
                        self.has_sent = true;
                    }
                    Poll::Ready(Ok(_)) => self.unwritten = Some(io::ErrorKind::WriteZero.into()),
                    Poll::Ready(Err(error)) => self.unwritten = Some(error),
                }
            } else if self.upload.is_over() {
                break;
            } else {
                self.out.clear();
                self.written = 0;
                match self.upload.poll_into(&mut self.out, context) {
                    Poll::Pending => break,
                    Poll::Ready(more) => more.map_err(io::Error::other)?,
                }
            }
        }
        Ok(())
    }

    fn fill(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        if self.read.capacity() - self.read.len() < LEAST_READ_BYTES {
            self.read.reserve(READ_BYTES);
        }
        pin!(self.stream.read_buf(&mut self.read)).poll(context)
    }

    /// Whether another request can be sent, after the answer to the last one was read to its end.
    fn is_ready(&self) -> bool {
        self.read.is_empty()
            && self.unwritten.is_none()
            && self.upload.is_over()
            && self.written == self.out.len()
    }

    /// Whether nothing has come since the last answer, neither the end nor what nobody asked for.
    fn is_quiet(&mut self, context: &mut Context<'_>) -> bool {
        self.fill(context).is_pending()
    }
}

/// Idle connections to one service, each with the time since when.
type Idle = VecDeque<(Box<Line>, Instant)>;

/// A worker's connections.
#[derive(Default)]
pub(crate) struct Lines {
    idle: RefCell<Vec<Idle>>,
    is_swept: Cell<bool>,
}

impl Lines {
    /// A connection to a service: the one used last, or a new one.
    pub(super) async fn take(
        &self,
        upstream: &Upstream,
        patience: Duration,
    ) -> Result<Box<Line>, ForwardError> {
        let idle = std::future::poll_fn(|context| Poll::Ready(self.take_idle(upstream, context)));
        if let Some(line) = idle.await {
            return Ok(line);
        }
        timeout(patience, Line::open(&upstream.address))
            .await
            .unwrap_or_else(|_| Err(io::ErrorKind::TimedOut.into()))
            .map(Box::new)
            .map_err(ForwardError::Unreachable)
    }

    fn take_idle(&self, upstream: &Upstream, context: &mut Context<'_>) -> Option<Box<Line>> {
        let mut idle = self.idle.borrow_mut();
        let idle = idle.get_mut(upstream.position)?;
        loop {
            let (mut line, since) = idle.pop_back()?;
            if since.elapsed() < IDLE && line.is_quiet(context) {
                return Some(line);
            }
        }
    }

    /// Keeps a connection whose answer is complete, if another request can be sent on it.
    pub(super) fn keep(self: &Rc<Self>, mut line: Box<Line>, upstream: &Upstream) {
        if !line.is_ready() {
            return;
        }
        line.is_fresh = false;
        line.out.clear();
        line.out.shrink_to(MOST_KEPT_BYTES);
        line.written = 0;
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
