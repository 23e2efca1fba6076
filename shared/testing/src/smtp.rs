//! A mail server that speaks the protocol (RFC 5321) over TCP, and misbehaves where a test wants
//! it to.

use std::{
    collections::BTreeMap,
    net::SocketAddr,
    sync::{Arc, Mutex},
};
use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
};

/// What the server does with mails to an address.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// Takes them.
    Accept,
    /// Answers this number to the address.
    Refuse(u16),
    /// Takes the address, and answers this number to the mail.
    RefuseMail(u16),
    /// Takes the whole mail and ends the connection before it says so.
    DropAfterMail,
    /// Takes the address and never answers again.
    Silent,
}

/// A mail that the server has taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// The envelope's sender.
    pub from: String,
    /// The envelope's recipient.
    pub to: String,
    /// The mail.
    pub text: String,
}

impl Taken {
    /// A header field's value, unfolded.
    pub fn header(&self, name: &str) -> Option<String> {
        let (head, _) = self.text.split_once("\r\n\r\n")?;
        let unfolded = head.replace("\r\n ", " ").replace("\r\n\t", " ");
        let prefix = format!("{name}: ");
        let value = unfolded.lines().find_map(|line| line.strip_prefix(&prefix));
        value.map(str::to_owned)
    }
}

#[derive(Debug, Default)]
struct Shared {
    manners: BTreeMap<String, Vec<Manner>>,
    taken: Vec<Taken>,
    connections: usize,
    said: Vec<String>,
}

/// The running server.
#[derive(Clone, Debug)]
pub struct SmtpServer {
    /// Where it listens.
    pub address: SocketAddr,
    shared: Arc<Mutex<Shared>>,
}

impl SmtpServer {
    /// Listens on the loopback for as long as the test runs; takes everything.
    pub async fn start() -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let server = Self {
            address: listener.local_addr().unwrap(),
            shared: Arc::default(),
        };
        let shared = server.shared.clone();
        actix_web::rt::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                shared.lock().unwrap().connections += 1;
                actix_web::rt::spawn(serve(stream, shared.clone()));
            }
        });
        server
    }

    /// Its address as a setting.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.address)
    }

    /// What it does with the next mails to an address, one after the other; the last stays.
    pub fn behave(&self, address: &str, manners: &[Manner]) {
        let mut shared = self.shared.lock().unwrap();
        let manners = manners.iter().rev().copied().collect();
        shared.manners.insert(address.to_owned(), manners);
    }

    /// The mails that it has taken whole, also where it did not say so.
    pub fn taken(&self) -> Vec<Taken> {
        self.shared.lock().unwrap().taken.clone()
    }

    /// How often somebody connected.
    pub fn connections(&self) -> usize {
        self.shared.lock().unwrap().connections
    }

    /// Every command that was sent to it.
    pub fn said(&self) -> Vec<String> {
        self.shared.lock().unwrap().said.clone()
    }
}

/// One session; ends with the connection.
async fn serve(stream: TcpStream, shared: Arc<Mutex<Shared>>) {
    let mut stream = BufReader::new(stream);
    let (mut from, mut to, mut manner) = (String::new(), String::new(), Manner::Accept);
    let mut reply = "220 mail.example ready".to_owned();
    loop {
        if stream
            .write_all(format!("{reply}\r\n").as_bytes())
            .await
            .is_err()
        {
            return;
        }
        let mut line = String::new();
        if !matches!(stream.read_line(&mut line).await, Ok(1..)) {
            return;
        }
        let line = line.trim_end().to_owned();
        shared.lock().unwrap().said.push(line.clone());
        let verb = line.get(..4).unwrap_or_default().to_uppercase();
        reply = match verb.as_str() {
            "EHLO" => "250-mail.example\r\n250 SIZE 1000000".to_owned(),
            "MAIL" => {
                from = address(&line);
                "250 go on".to_owned()
            }
            "RCPT" => {
                to = address(&line);
                manner = next_manner(&shared, &to);
                match manner {
                    Manner::Refuse(code) => format!("{code} <{to}> is not wanted"),
                    Manner::Silent => {
                        std::future::pending::<()>().await;
                        return;
                    }
                    _ => "250 go on".to_owned(),
                }
            }
            "DATA" => {
                if stream.write_all(b"354 go on\r\n").await.is_err() {
                    return;
                }
                let Some(text) = read_mail(&mut stream).await else {
                    return;
                };
                if let Manner::RefuseMail(code) = manner {
                    format!("{code} not this mail to {to}")
                } else {
                    let taken = Taken {
                        from: from.clone(),
                        to: to.clone(),
                        text,
                    };
                    shared.lock().unwrap().taken.push(taken);
                    if manner == Manner::DropAfterMail {
                        return;
                    }
                    "250 taken".to_owned()
                }
            }
            "QUIT" => {
                let _ = stream.write_all(b"221 bye\r\n").await;
                return;
            }
            "RSET" | "NOOP" => "250 fine".to_owned(),
            _ => "500 what".to_owned(),
        };
    }
}

fn address(line: &str) -> String {
    let inner = line
        .split_once('<')
        .and_then(|(_, rest)| rest.split_once('>'));
    inner.map_or_else(String::new, |(inner, _)| inner.to_owned())
}

fn next_manner(shared: &Mutex<Shared>, to: &str) -> Manner {
    let mut shared = shared.lock().unwrap();
    let Some(manners) = shared.manners.get_mut(to) else {
        return Manner::Accept;
    };
    if manners.len() > 1 {
        manners.pop().unwrap_or(Manner::Accept)
    } else {
        manners.last().copied().unwrap_or(Manner::Accept)
    }
}

/// The mail up to the line with a dot, with leading dots undone.
async fn read_mail(stream: &mut BufReader<TcpStream>) -> Option<String> {
    let mut text = String::new();
    loop {
        let mut line = String::new();
        if !matches!(stream.read_line(&mut line).await, Ok(1..)) {
            return None;
        }
        if line == ".\r\n" {
            return Some(text);
        }
        text.push_str(line.strip_prefix('.').unwrap_or(&line));
    }
}
