//! A proxy for TCP that does to connections what networks do.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpListener, TcpStream},
    sync::{
        Arc,
        atomic::{AtomicU8, Ordering},
    },
    thread,
    time::Duration,
};

/// What happens to what passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    /// Nothing.
    Passes = 0,
    /// Answers come five seconds late.
    Late = 1,
    /// Answers are other bytes.
    Garbage = 2,
    /// Connections end in the middle of an answer.
    Cut = 3,
    /// Connections are taken, and nothing ever comes back.
    HalfOpen = 4,
}

/// A proxy in front of one address.
pub(crate) struct Proxy {
    pub(crate) port: u16,
    way: Arc<AtomicU8>,
}

impl Proxy {
    /// Takes connections until the process ends.
    pub(crate) fn before(port: u16) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let own = listener.local_addr().unwrap().port();
        let way = Arc::new(AtomicU8::new(Way::Passes as u8));
        let shared = way.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let way = shared.clone();
                thread::spawn(move || pass(client, port, &way));
            }
        });
        Self { port: own, way }
    }

    pub(crate) fn set(&self, way: Way) {
        self.way.store(way as u8, Ordering::SeqCst);
    }
}

fn pass(client: TcpStream, port: u16, way: &Arc<AtomicU8>) {
    let Ok(server) = TcpStream::connect(("127.0.0.1", port)) else {
        return;
    };
    let (from, to) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let up = way.clone();
    thread::spawn(move || carry(from, to, &up, false));
    carry(server, client, way, true);
}

/// Carries bytes in one direction; answers suffer, and requests where nothing gets through.
fn carry(mut from: TcpStream, mut to: TcpStream, way: &AtomicU8, is_answer: bool) {
    let mut bytes = [0; 16 << 10];
    while let Ok(count) = from.read(&mut bytes)
        && count > 0
    {
        let way = way.load(Ordering::SeqCst);
        let is = |one: Way| way == one as u8;
        let sent = if is(Way::HalfOpen) {
            Ok(())
        } else if !is_answer {
            to.write_all(&bytes[..count])
        } else if is(Way::Garbage) {
            to.write_all(&bytes.map(|byte| byte ^ 0x5a)[..count])
        } else if is(Way::Cut) {
            let _ = to.write_all(&bytes[..count / 2]);
            break;
        } else {
            if is(Way::Late) {
                thread::sleep(Duration::from_secs(5));
            }
            to.write_all(&bytes[..count])
        };
        if sent.is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Both);
    let _ = from.shutdown(Shutdown::Both);
}
