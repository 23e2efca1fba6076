//! Two thousand requests that were spoilt at random: what a service reads is, each time, what a
//! strict reader of the caller's bytes would have read, or nothing.

use crate::support::{Door, Service, settings};
use actix_web::{
    App, HttpRequest, HttpResponse, HttpServer,
    web::{self, Data},
};
use futures_util::StreamExt as _;
use std::{
    net::TcpListener,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

/// Requests that are spoilt and sent.
const CASES: usize = 2000;
/// So many gateways are asked side by side, since some requests make one wait.
const LANES: usize = 8;
/// Comes after whatever was spoilt, and ends the connection where it is understood.
const LAST: &[u8] =
    b"GET /registration/v1/last HTTP/1.1\r\nHost: a.example\r\nConnection: close\r\n\r\n";
/// How long a gateway that will answer may be silent.
const SILENCE: Duration = Duration::from_secs(2);
/// How long a case may take at most.
const LONGEST: Duration = Duration::from_secs(30);
/// Where chance begins; a failure names the case.
const SEED: u64 = 0x5EED_0012;

/// A request as somebody has read it: method, target, body.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Read {
    method: String,
    target: String,
    body: Vec<u8>,
}

#[derive(Default)]
struct Recorder(Mutex<Vec<Read>>);

async fn record(
    request: HttpRequest,
    mut payload: web::Payload,
    recorder: Data<Recorder>,
) -> HttpResponse {
    let mut body = Vec::new();
    while let Some(part) = payload.next().await {
        match part {
            Ok(part) => body.extend_from_slice(&part),
            // What broke off was not let through.
            Err(_) => return HttpResponse::BadRequest().finish(),
        }
    }
    recorder.0.lock().unwrap().push(Read {
        method: request.method().to_string(),
        target: request.uri().to_string(),
        body,
    });
    HttpResponse::Ok().finish()
}

fn start_recorder() -> (String, Arc<Recorder>) {
    let recorder = Arc::new(Recorder::default());
    let data = Data::from(Arc::clone(&recorder));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let server = HttpServer::new(move || {
        let app = App::new().app_data(data.clone());
        app.default_service(web::to(record))
    });
    let server = server
        .workers(1)
        .disable_signals()
        .listen(listener)
        .unwrap();
    actix_web::rt::spawn(server.run());
    (url, recorder)
}

/// The requests that a strict reader (RFC 9112) finds, up to the first that is none. As the RFC
/// allows, a line may end with LF alone, and empty lines may stand before a request.
fn strictly(mut bytes: &[u8]) -> Vec<Read> {
    let mut found = Vec::new();
    while let Some(read) = one(&mut bytes) {
        found.push(read);
    }
    found
}

fn line<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let end = bytes.iter().position(|byte| *byte == b'\n')?;
    let line = &bytes[..end];
    *bytes = &bytes[end + 1..];
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

fn is_token(text: &[u8]) -> bool {
    let special = b"!#$%&'*+-.^_`|~";
    !text.is_empty()
        && text
            .iter()
            .all(|byte| byte.is_ascii_alphanumeric() || special.contains(byte))
}

fn one(bytes: &mut &[u8]) -> Option<Read> {
    let mut start = line(bytes)?;
    while start.is_empty() {
        start = line(bytes)?;
    }
    let parts: Vec<&[u8]> = start.split(|byte| *byte == b' ').collect();
    let [method, target, version] = parts.as_slice() else {
        return None;
    };
    let is_target = !target.is_empty() && target.iter().all(u8::is_ascii_graphic);
    if !is_token(method) || !is_target || !matches!(*version, b"HTTP/1.1" | b"HTTP/1.0") {
        return None;
    }
    let (mut lengths, mut codings) = (Vec::new(), Vec::new());
    loop {
        let header = line(bytes)?;
        if header.is_empty() {
            break;
        }
        let colon = header.iter().position(|byte| *byte == b':')?;
        let (name, value) = (&header[..colon], header[colon + 1..].trim_ascii());
        let is_clean = value
            .iter()
            .all(|byte| *byte == b'\t' || !byte.is_ascii_control());
        if !is_token(name) || !is_clean {
            return None;
        }
        match name.to_ascii_lowercase().as_slice() {
            b"content-length" => lengths.push(value),
            b"transfer-encoding" => codings.push(value.to_ascii_lowercase()),
            _ => {}
        }
    }
    let body = match (lengths.as_slice(), codings.as_slice()) {
        ([], []) => Vec::new(),
        ([length], []) => {
            let is_number = !length.is_empty() && length.iter().all(u8::is_ascii_digit);
            let length = std::str::from_utf8(length).ok().filter(|_| is_number)?;
            take(bytes, length.parse().ok()?)?
        }
        ([], [coding]) if coding == b"chunked" && *version == b"HTTP/1.1" => chunks(bytes)?,
        _ => return None,
    };
    Some(Read {
        method: String::from_utf8(method.to_vec()).ok()?,
        target: without_fragment(target)?,
        body,
    })
}

/// A target has no fragment (RFC 9112, 3.2); the parser drops one, so no service sees it.
fn without_fragment(target: &[u8]) -> Option<String> {
    let target = target.split(|byte| *byte == b'#').next()?;
    String::from_utf8(target.to_vec()).ok()
}

fn take(bytes: &mut &[u8], length: usize) -> Option<Vec<u8>> {
    let taken = bytes.get(..length)?.to_vec();
    *bytes = &bytes[length..];
    Some(taken)
}

fn chunks(bytes: &mut &[u8]) -> Option<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let size = line(bytes)?;
        let digits = size
            .split(|byte| matches!(byte, b';' | b' ' | b'\t'))
            .next()?;
        let is_hex = !digits.is_empty() && digits.iter().all(u8::is_ascii_hexdigit);
        let digits = std::str::from_utf8(digits).ok().filter(|_| is_hex)?;
        let size = usize::from_str_radix(digits, 16).ok()?;
        if size == 0 {
            while !line(bytes)?.is_empty() {}
            return Some(body);
        }
        body.extend(take(bytes, size)?);
        if !line(bytes)?.is_empty() {
            return None;
        }
    }
}

/// Chance that is the same each time (xorshift64*).
struct Chance(u64);

impl Chance {
    fn below(&mut self, most: usize) -> usize {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        let drawn = self.0.wrapping_mul(0x2545_F491_4F6C_DD1D) >> 33;
        usize::try_from(drawn).unwrap() % most
    }

    fn of<'a, T: ?Sized>(&mut self, all: &[&'a T]) -> &'a T {
        all[self.below(all.len())]
    }
}

/// Well-formed requests, each with one behind it that would show a shift.
fn good(chance: &mut Chance) -> Vec<u8> {
    let body = "a=1&b=22&c=333".get(..1 + chance.below(14)).unwrap();
    let length = body.len();
    let starts = [
        "GET /registration/v1/rounds?x=1 HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n\r\n".to_owned(),
        format!("POST /registration/v1/x HTTP/1.1\r\nHost: a.example\r\nContent-Length: {length}\r\nX-A: b\r\n\r\n{body}"),
        format!("PUT /registration/v1/x HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\n\r\n{length:x}\r\n{body}\r\n0\r\n\r\n"),
        "POST /registration/v1/x HTTP/1.1\r\nHost: a.example\r\nTransfer-Encoding: chunked\r\nX-A: b\r\n\r\n3;a=b\r\nabc\r\n2\r\nde\r\n0\r\n\r\n".to_owned(),
        "DELETE /registration/v1/x/%C3%A5 HTTP/1.1\r\nHost: a.example\r\nConnection: keep-alive\r\n\r\n".to_owned(),
    ];
    let starts: Vec<&str> = starts.iter().map(String::as_str).collect();
    let mut bytes = chance.of(&starts).as_bytes().to_vec();
    bytes.extend_from_slice(b"GET /registration/v1/after HTTP/1.1\r\nHost: a.example\r\n\r\n");
    bytes
}

/// Spoils a request somewhere.
fn spoil(chance: &mut Chance, bytes: &mut Vec<u8>) {
    const PIECES: [&str; 34] = [
        "\r\n",
        "\n",
        "\r",
        " ",
        "\t",
        "\0",
        "\x0b",
        "\x0c",
        ":",
        ";",
        ",",
        "+",
        "-",
        "0",
        "5",
        "f",
        "0x",
        "%2f",
        "%00",
        "/../",
        "\\",
        "#",
        "?",
        "\r\n ",
        "\r\n\r\n",
        "0\r\n\r\n",
        "_",
        "\u{e5}",
        "Content-Length: 5\r\n",
        "Content-Length: 0\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Transfer-Encoding: identity\r\n",
        "Content-Length : 5\r\n",
        "Connection: close\r\n",
    ];
    let at = chance.below(bytes.len());
    let lines: Vec<usize> = (0..bytes.len())
        .filter(|at| *at == 0 || bytes[at - 1] == b'\n')
        .collect();
    match chance.below(6) {
        0 => drop(bytes.remove(at)),
        1 => bytes[at] = u8::try_from(chance.below(256)).unwrap(),
        2 => drop(bytes.splice(at..at, chance.of(&PIECES).bytes())),
        // At the start of a line, where headers are read.
        3 => {
            let at = lines[chance.below(lines.len())];
            drop(bytes.splice(at..at, chance.of(&PIECES).bytes()));
        }
        4 => {
            let from = lines[chance.below(lines.len())];
            let length = bytes[from..].iter().position(|byte| *byte == b'\n');
            let copied = bytes[from..=from + length.unwrap_or(0)].to_vec();
            drop(bytes.splice(from..from, copied));
        }
        _ => {
            let end = (at + 1 + chance.below(6)).min(bytes.len());
            drop(bytes.drain(at..end));
        }
    }
    if bytes.is_empty() {
        bytes.push(b'\n');
    }
}

/// Sends, and reads until the gateway ends the connection, as the last request asks it to. Where
/// that one is taken for the rest of an earlier request, the gateway waits for more: once what the
/// service has read is answered, it is told that no more comes.
async fn send(authority: &str, bytes: &[u8], recorder: &Recorder) -> String {
    let mut stream = TcpStream::connect(authority).await.unwrap();
    // A refusal may have closed the connection before all was sent.
    let _ = stream.write_all(bytes).await;
    let (mut answer, started) = (Vec::new(), Instant::now());
    loop {
        let waits = timeout(SILENCE, stream.read_buf(&mut answer)).await;
        match waits {
            Ok(Ok(length)) if length > 0 => {}
            Ok(_) => break,
            Err(_) => {
                assert!(started.elapsed() < LONGEST, "the gateway ends nothing");
                if answered(&String::from_utf8_lossy(&answer)) == recorder.0.lock().unwrap().len() {
                    let _ = stream.shutdown().await;
                }
            }
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn answered(answer: &str) -> usize {
    answer.matches("HTTP/1.1 200 ").count()
}

/// Sends one lane's cases, and counts what was let through and how many were refused altogether.
async fn try_cases(lane: usize) -> (usize, usize) {
    let registration = Service::start("registration");
    let mut settings = settings(&[&registration]);
    let (url, recorder) = start_recorder();
    settings.upstreams.insert("registration".into(), url);
    let door = Door::open(settings);
    let mut chance = Chance(SEED + lane as u64);
    let (mut let_through, mut refused) = (0, 0);
    for case in 0..CASES / LANES {
        let mut bytes = good(&mut chance);
        // Some stay whole: what is good has to come through.
        let spoilt = chance.below(4);
        for _ in 0..spoilt {
            spoil(&mut chance, &mut bytes);
        }
        bytes.extend_from_slice(LAST);
        let answer = send(&door.authority, &bytes, &recorder).await;
        let expected = strictly(&bytes);
        if answered(&answer) < expected.len() {
            // A request whose answer was lost with the connection is read by the service all the
            // same, and must not be found in the next case.
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        let taken = std::mem::take(&mut *recorder.0.lock().unwrap());
        let told = || {
            format!(
                "lane {lane}, case {case}: {:?}\n{answer}",
                String::from_utf8_lossy(&bytes)
            )
        };
        // Who sends what can't be read behind a request may lose its answer with the connection.
        assert!(answered(&answer) <= taken.len(), "{}", told());
        // Of what a strict reader finds, in that order; what is left out was refused.
        let mut rest = expected.iter();
        for read in &taken {
            assert!(
                rest.any(|one| one == read),
                "{}\n{read:?} is not among {expected:?}",
                told()
            );
        }
        if spoilt == 0 {
            assert_eq!(taken, expected, "{}", told());
            assert_eq!(answered(&answer), 3, "{}", told());
            assert_eq!(expected.len(), 3, "{}", told());
        }
        let_through += taken.len();
        refused += usize::from(taken.is_empty());
    }
    (let_through, refused)
}

#[actix_web::test]
async fn no_service_reads_another_request_than_the_caller_sent() {
    let lanes = futures_util::future::join_all((0..LANES).map(try_cases)).await;
    let let_through: usize = lanes.iter().map(|(let_through, _)| let_through).sum();
    let refused: usize = lanes.iter().map(|(_, refused)| refused).sum();
    // The table is worth something only while both happen often.
    assert!(
        let_through > CASES / 2 && refused > CASES / 10,
        "{let_through}, {refused}"
    );
}

#[actix_web::test]
async fn the_strict_reader_itself_tells_good_from_bad() {
    let found = strictly(b"POST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhiGET /b HTTP/1.1\r\n\r\n");
    let targets: Vec<&str> = found.iter().map(|read| read.target.as_str()).collect();
    assert_eq!(targets, ["/a", "/b"]);
    assert_eq!(found[0].body, b"hi");
    for bad in [
        "GET /a HTTP/1.1\r\nContent-Length: +1\r\n\r\nx",
        "GET /a HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
        "GET /a HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n0\r\n\r\n",
        "GET /a HTTP/1.1\r\nX : y\r\n\r\n",
        "GET /a HTTP/1.1\r\nX: y\r\n z\r\n\r\n",
        "GET  /a HTTP/1.1\r\n\r\n",
        "GET /a HTTP/1.1\r\nContent-Length: 9\r\n\r\nx",
    ] {
        assert_eq!(strictly(bad.as_bytes()), [], "{bad:?}");
    }
}
