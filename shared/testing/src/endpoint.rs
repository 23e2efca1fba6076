//! An endpoint of somebody else: answers as a test wants, and keeps what it was sent.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex},
    time::Duration,
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// How it answers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Conduct {
    /// With this status.
    Status(u16),
    /// With a redirect to an address.
    Redirect(String),
    /// With 200 and so many bytes, for as long as somebody listens.
    Endless(usize),
    /// With this status, after a while.
    Late(Duration, u16),
    /// Not at all.
    Silent,
}

/// A request that it got.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Names in lower case, and values.
    pub headers: Vec<(String, String)>,
    /// The body.
    pub body: Vec<u8>,
}

impl Received {
    /// A header's value.
    pub fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }

    /// The body as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[derive(Debug)]
struct Shared {
    conduct: Vec<Conduct>,
    received: Vec<Received>,
    sent_bytes: usize,
}

/// The running endpoint.
#[derive(Clone, Debug)]
pub struct Endpoint {
    address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

impl Endpoint {
    /// Listens on the loopback for as long as the test runs, and answers one after the other;
    /// the last conduct stays.
    pub async fn start(conduct: &[Conduct]) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let endpoint = Self {
            address: listener.local_addr().unwrap(),
            shared: Arc::new(Mutex::new(Shared {
                conduct: Vec::new(),
                received: Vec::new(),
                sent_bytes: 0,
            })),
        };
        endpoint.behave(conduct);
        let shared = endpoint.shared.clone();
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                actix_web::rt::spawn(serve(stream, shared.clone()));
            }
        });
        endpoint
    }

    /// Its address.
    pub fn url(&self) -> String {
        format!("http://{}/hook", self.address)
    }

    /// Its port.
    pub fn port(&self) -> u16 {
        self.address.port()
    }

    /// How it answers from now on.
    pub fn behave(&self, conduct: &[Conduct]) {
        self.shared.lock().unwrap().conduct = conduct.iter().rev().cloned().collect();
    }

    /// What it got.
    pub fn received(&self) -> Vec<Received> {
        self.shared.lock().unwrap().received.clone()
    }

    /// Bytes of endless answers that somebody took.
    pub fn sent_bytes(&self) -> usize {
        self.shared.lock().unwrap().sent_bytes
    }

    /// Waits until it got so many requests, at most ten seconds.
    pub async fn wait_for(&self, count: usize) -> Vec<Received> {
        for _ in 0..500 {
            let received = self.received();
            if received.len() >= count {
                return received;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("{} of {count} requests came", self.received().len());
    }
}

async fn serve(stream: TcpStream, shared: Arc<Mutex<Shared>>) {
    let mut stream = BufReader::new(stream);
    let Some(received) = read(&mut stream).await else {
        return;
    };
    let conduct = {
        let mut shared = shared.lock().unwrap();
        shared.received.push(received);
        if shared.conduct.len() > 1 {
            shared.conduct.pop()
        } else {
            shared.conduct.last().cloned()
        }
    };
    let head = |status: u16, more: &str, length: usize| {
        format!(
            "HTTP/1.1 {status} Some\r\n{more}content-length: {length}\r\nconnection: close\r\n\r\n"
        )
    };
    let answer = match conduct.unwrap_or(Conduct::Status(204)) {
        Conduct::Status(status) => head(status, "", 0),
        Conduct::Redirect(to) => head(307, &format!("location: {to}\r\n"), 0),
        Conduct::Endless(bytes) => {
            let _ = stream.write_all(head(200, "", bytes).as_bytes()).await;
            let piece = vec![b'x'; 64 * 1024];
            for _ in 0..bytes / piece.len() {
                if stream.write_all(&piece).await.is_err() {
                    return;
                }
                shared.lock().unwrap().sent_bytes += piece.len();
            }
            return;
        }
        Conduct::Late(pause, status) => {
            tokio::time::sleep(pause).await;
            head(status, "", 0)
        }
        Conduct::Silent => {
            std::future::pending::<()>().await;
            return;
        }
    };
    let _ = stream.write_all(answer.as_bytes()).await;
}

/// A request with its length told.
async fn read(stream: &mut BufReader<TcpStream>) -> Option<Received> {
    let mut headers = Vec::new();
    let mut first = String::new();
    stream.read_line(&mut first).await.ok()?;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let line = line.trim_end();
        if line.is_empty() {
            break;
        }
        let (name, value) = line.split_once(':')?;
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length");
    let length: usize = length?.1.parse().ok()?;
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Received { headers, body })
}
