//! Hostile addresses, names and servers.

use super::*;
use std::{
    collections::HashMap,
    sync::{
        Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpListener,
};

const MOST: usize = 1000;
const HURRIED: Patience = Patience {
    connect: Duration::from_millis(500),
    silence: Duration::from_millis(300),
    whole: Duration::from_millis(900),
};

/// Names that lead where a test wants, one list of addresses after the other.
#[derive(Clone, Default)]
struct Names(Arc<Mutex<HashMap<String, Vec<Vec<IpAddr>>>>>);

impl Names {
    fn with(self, name: &str, answers: &[&[&str]]) -> Self {
        let parse = |list: &&[&str]| list.iter().map(|one| one.parse().unwrap()).collect();
        let answers = answers.iter().map(parse).collect();
        self.0.lock().unwrap().insert(name.to_owned(), answers);
        self
    }
}

impl Resolve for Names {
    fn resolve(&self, name: Name) -> Resolving {
        let mut all = self.0.lock().unwrap();
        let answers = all.get_mut(name.as_str());
        let answer = answers.map(|answers| {
            if answers.len() > 1 {
                answers.remove(0)
            } else {
                answers[0].clone()
            }
        });
        Box::pin(async move {
            let found = answer.ok_or("no such name")?;
            let found = found.into_iter().map(|ip| SocketAddr::new(ip, 0));
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

/// A server on the loopback that answers everybody the same, and counts who came.
struct Server {
    port: u16,
    visits: Arc<AtomicUsize>,
}

impl Server {
    /// Sends the parts with a pause before each.
    async fn start(parts: Vec<(Duration, Vec<u8>)>) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let visits = Arc::new(AtomicUsize::new(0));
        let counted = visits.clone();
        actix_web::rt::spawn(async move {
            loop {
                let (mut stream, _) = listener.accept().await.unwrap();
                counted.fetch_add(1, Ordering::SeqCst);
                let parts = parts.clone();
                actix_web::rt::spawn(async move {
                    let mut asked = [0; 2048];
                    let _ = stream.read(&mut asked).await;
                    for (pause, part) in parts {
                        tokio::time::sleep(pause).await;
                        if stream.write_all(&part).await.is_err() {
                            return;
                        }
                    }
                });
            }
        });
        Self { port, visits }
    }

    async fn saying(text: &str) -> Self {
        Self::start(vec![(Duration::ZERO, text.as_bytes().to_vec())]).await
    }

    fn visits(&self) -> usize {
        self.visits.load(Ordering::SeqCst)
    }
}

fn client(networks: &str, names: Names) -> External {
    guarded(networks.parse().unwrap(), Arc::new(names), HURRIED).unwrap()
}

async fn get(client: &External, url: &str) -> Result<Answered, ExternalError> {
    client.request(Method::GET, url)?.send(MOST).await
}

const FINE: &str = "HTTP/1.1 200 OK\r\ncontent-length: 4\r\nconnection: close\r\n\r\nfine";

#[actix_web::test]
async fn however_an_address_inside_is_spelt_it_is_refused_before_a_connection() {
    let server = Server::saying(FINE).await;
    let port = server.port;
    let client = client("", Names::default());
    for host in [
        "127.0.0.1",
        "2130706433",
        "0x7f000001",
        "0x7f.1",
        "0177.0.0.1",
        "017700000001",
        "127.1",
        "127.0.0.1.",
        "%31%32%37.0.0.1",
        "１２７.0.0.1",
        "0",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[::127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "169.254.169.254",
        "0xa9fea9fe",
        "[fd00:ec2::254]",
        "10.0.0.1",
        "192.168.0.1",
        "[fe80::1]",
    ] {
        let refused = get(&client, &format!("http://{host}:{port}/")).await;
        assert!(
            matches!(refused, Err(ExternalError::Refused(_))),
            "{host}: {refused:?}"
        );
    }
    assert_eq!(server.visits(), 0);
}

#[actix_web::test]
async fn what_is_no_bare_address_on_the_web_is_refused() {
    let client = client("127.0.0.0/8", Names::default());
    for url in [
        "nonsense",
        "file:///etc/passwd",
        "ftp://8.8.8.8/",
        "gopher://8.8.8.8/",
        "unix:/run/docker.sock",
        "http://",
        "http://user@127.0.0.1/",
        "http://user:word@127.0.0.1/",
        "http://8.8.8.8@127.0.0.1/",
    ] {
        let refused = client.request(Method::GET, url);
        assert!(matches!(refused, Err(ExternalError::Refused(_))), "{url}");
    }
}

#[actix_web::test]
async fn a_name_that_leads_inside_is_refused_and_so_is_one_that_leads_to_both() {
    let server = Server::saying(FINE).await;
    let names = Names::default()
        .with("inside.example", &[&["127.0.0.1"]])
        .with("both.example", &[&["203.0.114.1", "127.0.0.1"]])
        .with("behind.example", &[&["127.0.0.1", "203.0.114.1"]])
        .with("mapped.example", &[&["::ffff:127.0.0.1"]])
        .with("metadata.example", &[&["169.254.169.254"]])
        .with("six.example", &[&["2606:4700::1111", "fd00::1"]])
        .with("localhost", &[&["127.0.0.1"]]);
    let client = client("", names);
    for host in [
        "inside.example",
        "both.example",
        "behind.example",
        "mapped.example",
        "metadata.example",
        "six.example",
        "localhost",
        "LOCALHOST",
    ] {
        let refused = get(&client, &format!("http://{host}:{}/", server.port)).await;
        assert!(
            matches!(refused, Err(ExternalError::Refused(_))),
            "{host}: {refused:?}"
        );
    }
    let unknown = get(&client, "http://nowhere.example/").await;
    assert!(
        matches!(unknown, Err(ExternalError::Failed(_))),
        "{unknown:?}"
    );
    assert_eq!(server.visits(), 0);
}

#[actix_web::test]
async fn a_name_that_changes_its_mind_is_judged_at_every_connection() {
    let server = Server::saying(FINE).await;
    // The first answer is in an allowed network, the second is not.
    let names = Names::default().with("turning.example", &[&["127.0.0.1"], &["127.1.0.1"]]);
    let client = client("127.0.0.1", names);
    let url = format!("http://turning.example:{}/", server.port);
    let answer = get(&client, &url).await.unwrap();
    assert_eq!((answer.status, answer.body.as_slice()), (200, &b"fine"[..]));
    let refused = get(&client, &url).await;
    assert!(
        matches!(refused, Err(ExternalError::Refused(_))),
        "{refused:?}"
    );
    assert_eq!(server.visits(), 1);
}

#[actix_web::test]
async fn a_network_that_an_operator_allows_is_reached_by_address_and_by_name() {
    let server = Server::saying(FINE).await;
    let names = Names::default().with("partner.example", &[&["127.0.0.1"]]);
    let client = client("127.0.0.0/8", names);
    for host in ["127.0.0.1", "2130706433", "partner.example"] {
        let answer = get(&client, &format!("http://{host}:{}/", server.port)).await;
        assert!(answer.unwrap().is_success(), "{host}");
    }
    let elsewhere = get(&client, &format!("http://[::1]:{}/", server.port)).await;
    assert!(matches!(elsewhere, Err(ExternalError::Refused(_))));
}

#[actix_web::test]
async fn a_redirect_is_an_answer_and_is_not_followed() {
    let inner = Server::saying(FINE).await;
    let leads = format!(
        "HTTP/1.1 302 Found\r\nlocation: http://127.0.0.1:{}/\r\ncontent-length: 0\r\nconnection: close\r\n\r\n",
        inner.port
    );
    let server = Server::saying(&leads).await;
    let client = client("127.0.0.0/8", Names::default());
    let answer = get(&client, &format!("http://127.0.0.1:{}/", server.port)).await;
    assert_eq!(answer.unwrap().status, 302);
    assert_eq!((server.visits(), inner.visits()), (1, 0));
}

#[actix_web::test]
async fn an_answer_that_is_too_large_or_too_slow_is_given_up() {
    let client = client("127.0.0.0/8", Names::default());
    let head = b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n".to_vec();
    let at_once = Duration::ZERO;
    let told = "HTTP/1.1 200 OK\r\ncontent-length: 1001\r\nconnection: close\r\n\r\n";
    let endless = vec![(at_once, head.clone()), (at_once, vec![b'x'; MOST + 1])];
    for server in [Server::saying(told).await, Server::start(endless).await] {
        let given_up = get(&client, &format!("http://127.0.0.1:{}/", server.port)).await;
        assert!(
            matches!(given_up, Err(ExternalError::TooLarge)),
            "{given_up:?}"
        );
    }
    let silent = vec![(Duration::from_secs(20), head.clone())];
    let mut dripping = vec![(at_once, head)];
    dripping.extend((0..100).map(|_| (Duration::from_millis(100), b"x".to_vec())));
    for parts in [silent, dripping] {
        let server = Server::start(parts).await;
        let since = std::time::Instant::now();
        let given_up = get(&client, &format!("http://127.0.0.1:{}/", server.port)).await;
        assert!(
            matches!(given_up, Err(ExternalError::Failed(_))),
            "{given_up:?}"
        );
        assert!(since.elapsed() < Duration::from_secs(5));
    }
}
