//! Log lines that are written together: one call of the system for all that came within some
//! milliseconds, instead of one for each request. What is a warning or worse is written at once,
//! with everything before it. Who is killed loses the last milliseconds; who ends calls
//! [`Gathered::flush`].

use std::{
    io::{self, Write},
    sync::{Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::Duration,
};
use tracing::{Level, Metadata};
use tracing_subscriber::fmt::MakeWriter;

/// How long a line waits for others.
const TOGETHER: Duration = Duration::from_millis(20);
/// Bytes that wait at most.
const MOST_WAITING: usize = 64 * 1024;

/// The lines that wait, and who writes them.
pub(super) struct Gathered<W> {
    waiting: Mutex<Vec<u8>>,
    some: Condvar,
    /// Held while it is written to, so that lines stay in their order.
    out: Mutex<W>,
}

impl<W: Write + Send> Gathered<W> {
    /// Nothing waits yet.
    pub(super) const fn new(out: W) -> Self {
        Self {
            waiting: Mutex::new(Vec::new()),
            some: Condvar::new(),
            out: Mutex::new(out),
        }
    }

    /// Starts the thread that writes what waits. Without it lines wait for a warning, a full buffer or
    /// the end.
    pub(super) fn start(&'static self) -> io::Result<()>
    where
        W: 'static,
    {
        let write = move || {
            loop {
                let waiting = lock(&self.waiting);
                let some = self.some.wait_while(waiting, |waiting| waiting.is_empty());
                drop(some);
                thread::sleep(TOGETHER);
                self.flush();
            }
        };
        thread::Builder::new().name("log".into()).spawn(write)?;
        Ok(())
    }

    /// Writes what waits.
    pub(super) fn flush(&self) {
        let mut out = lock(&self.out);
        let lines = std::mem::take(&mut *lock(&self.waiting));
        // Where nothing can be written, nobody can be told either.
        let _ = out.write_all(&lines).and_then(|()| out.flush());
    }

    fn add(&self, line: &[u8], at_once: bool) {
        let mut waiting = lock(&self.waiting);
        let was_empty = waiting.is_empty();
        waiting.extend_from_slice(line);
        let is_full = waiting.len() >= MOST_WAITING;
        drop(waiting);
        if at_once || is_full {
            self.flush();
        } else if was_empty {
            self.some.notify_one();
        }
    }
}

/// Whoever panicked while writing a line leaves the lines as they are.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Takes one line.
pub(super) struct Line<'a, W> {
    to: &'a Gathered<W>,
    at_once: bool,
}

impl<W: Write + Send> Write for Line<'_, W> {
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.to.add(line, self.at_once);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.to.flush();
        Ok(())
    }
}

impl<'a, W: Write + Send + 'static> MakeWriter<'a> for &'static Gathered<W> {
    type Writer = Line<'a, W>;

    fn make_writer(&'a self) -> Self::Writer {
        Line {
            to: self,
            at_once: true,
        }
    }

    fn make_writer_for(&'a self, about: &Metadata<'_>) -> Self::Writer {
        Line {
            to: self,
            at_once: *about.level() <= Level::WARN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<(Vec<u8>, usize)>>);

    impl Write for Kept {
        fn write(&mut self, part: &[u8]) -> io::Result<usize> {
            let mut kept = lock(&self.0);
            kept.0.extend_from_slice(part);
            kept.1 += 1;
            Ok(part.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    #[test]
    fn lines_stay_in_order_and_a_warning_does_not_wait() {
        let kept = Kept::default();
        let lines = Gathered::new(kept.clone());
        lines.add(b"one\n", false);
        lines.add(b"two\n", false);
        assert_eq!(lock(&kept.0).1, 0);
        lines.add(b"three\n", true);
        assert_eq!(*lock(&kept.0), (b"one\ntwo\nthree\n".to_vec(), 1));
        lines.add(&vec![b'x'; MOST_WAITING], false);
        assert_eq!(lock(&kept.0).1, 2);
    }

    #[test]
    fn what_waits_is_written_without_being_asked_for() {
        let kept = Kept::default();
        let lines: &'static Gathered<Kept> = Box::leak(Box::new(Gathered::new(kept.clone())));
        lines.start().unwrap();
        for _ in 0..3 {
            lines.add(b"a line\n", false);
            let before = std::time::Instant::now();
            while !lock(&lines.waiting).is_empty() || lock(&kept.0).0.is_empty() {
                assert!(before.elapsed() < Duration::from_secs(30));
                thread::sleep(Duration::from_millis(1));
            }
        }
    }
}
