//! A service's answer as it is read from the connection: its head, and where its body ends.
//!
//! Whoever reads the end of a body wrongly takes the rest for the next answer, which is somebody
//! else's. So what RFC 9112, 6.3 allows a reader to repair is refused here: two lengths, a length
//! beside chunks, a coding other than chunked.

use super::error::ForwardError;
use crate::door::{ends_here, names_header};
use actix_web::{
    HttpResponse,
    http::{
        StatusCode,
        header::{CONNECTION, CONTENT_LENGTH, HeaderName, HeaderValue, TRANSFER_ENCODING},
    },
};
use bytes::{Buf as _, Bytes, BytesMut};
use httparse::{Header, ParserConfig, Response, Status};
use std::{fmt, io, mem::MaybeUninit};

/// Headers that an answer has at most.
const MOST_HEADERS: usize = 96;
/// Bytes that a head, the size of a chunk or the trailers have at most.
const MOST_BYTES: usize = 64 * 1024;
const MOST_SIZE_BYTES: usize = 1024;

/// The head of an answer.
#[derive(Debug)]
pub(super) struct Head {
    /// Status and headers, without those that end here; the length is told by the body.
    pub(super) response: HttpResponse,
    /// The length that is told, be it of a body or of what stands for one.
    pub(super) told_length: Option<u64>,
    /// Where the body ends.
    pub(super) body: Framing,
    /// Whether another request may be sent over the connection after the body.
    pub(super) is_kept: bool,
}

/// Where a body ends.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Framing {
    /// After so many bytes.
    Length(u64),
    /// Where its chunks say.
    Chunked(Chunk),
    /// Where the connection does.
    UntilClose,
}

/// What comes next of a body in chunks.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Chunk {
    /// The size of a chunk.
    Size,
    /// So many bytes of one.
    Data(u64),
    /// The end of its line.
    End,
    /// Lines after the last chunk, until an empty one.
    Trailers,
    /// Nothing.
    Over,
}

/// What could be taken of a body.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// Some of it.
    Data(Bytes),
    /// Nothing before more is read.
    Missing,
    /// Nothing, ever.
    End,
}

/// Takes the head of the answer from what was read, once it is whole. What a service says before
/// its answer (1xx) is dropped.
pub(super) fn take_head(read: &mut BytesMut, is_head: bool) -> Result<Option<Head>, ForwardError> {
    loop {
        let mut headers = [const { MaybeUninit::uninit() }; MOST_HEADERS];
        let mut parsed = Response::new(&mut []);
        let status = ParserConfig::default()
            .parse_response_with_uninit_headers(&mut parsed, read, &mut headers)
            .map_err(unspeakable)?;
        let Status::Complete(length) = status else {
            return if read.len() < MOST_BYTES {
                Ok(None)
            } else {
                Err(unspeakable("too long a head"))
            };
        };
        let status = parsed.code.and_then(|code| StatusCode::from_u16(code).ok());
        let status = status.ok_or_else(|| unspeakable("no status"))?;
        if status == StatusCode::SWITCHING_PROTOCOLS {
            return Err(unspeakable("another protocol"));
        }
        if !status.is_informational() {
            let head = understand(status, parsed.version == Some(1), parsed.headers, is_head)?;
            read.advance(length);
            return Ok(Some(head));
        }
        read.advance(length);
    }
}

fn understand(
    status: StatusCode,
    is_current: bool,
    headers: &[Header<'_>],
    is_head: bool,
) -> Result<Head, ForwardError> {
    let mut response = HttpResponse::new(status);
    let (mut told_length, mut is_chunked, mut is_closed) = (None, false, false);
    let mut named = Vec::new();
    for header in headers {
        let name = HeaderName::from_bytes(header.name.as_bytes()).map_err(unspeakable)?;
        match name {
            CONTENT_LENGTH if told_length.is_some() => return Err(unspeakable("two lengths")),
            CONTENT_LENGTH => told_length = Some(length(header.value)?),
            TRANSFER_ENCODING if is_chunked || !header.value.eq_ignore_ascii_case(b"chunked") => {
                return Err(unspeakable("a transfer coding other than chunked"));
            }
            TRANSFER_ENCODING => is_chunked = true,
            CONNECTION if header.value.eq_ignore_ascii_case(b"keep-alive") => {}
            CONNECTION => {
                is_closed |= names_header([header.value], "close");
                named.push(header.value);
            }
            name if ends_here(name.as_str()) => {}
            name => {
                let value = HeaderValue::from_bytes(header.value).map_err(unspeakable)?;
                response.headers_mut().append(name, value);
            }
        }
    }
    if !named.is_empty() {
        let ends = |name: &HeaderName| names_header(&named, name.as_str());
        response.headers_mut().retain(|name, _| !ends(name));
    }
    if is_chunked && (told_length.is_some() || !is_current) {
        return Err(unspeakable("the body's length is said twice"));
    }
    let has_none =
        is_head || status == StatusCode::NO_CONTENT || status == StatusCode::NOT_MODIFIED;
    let body = match told_length {
        _ if has_none => Framing::Length(0),
        Some(length) => Framing::Length(length),
        None if is_chunked => Framing::Chunked(Chunk::Size),
        None => Framing::UntilClose,
    };
    Ok(Head {
        response,
        told_length,
        is_kept: is_current && !is_closed && body != Framing::UntilClose,
        body,
    })
}

/// A length: digits and nothing else.
fn length(told: &[u8]) -> Result<u64, ForwardError> {
    let is_number = !told.is_empty() && told.iter().all(u8::is_ascii_digit);
    let number = std::str::from_utf8(told).ok().filter(|_| is_number);
    let number = number.and_then(|number| number.parse().ok());
    number.ok_or_else(|| unspeakable("no length"))
}

impl Framing {
    /// The whole body, if all of it was read along with the head.
    pub(super) fn take_whole(&self, read: &mut BytesMut) -> Option<Bytes> {
        let Self::Length(length) = self else {
            return None;
        };
        let length = usize::try_from(*length).ok()?;
        // Copied, so that the connection keeps its buffer.
        let whole = Bytes::copy_from_slice(read.get(..length)?);
        read.advance(length);
        Some(whole)
    }

    /// Takes what there is of the body.
    pub(super) fn take(&mut self, read: &mut BytesMut) -> io::Result<Part> {
        match self {
            Self::Length(0) => Ok(Part::End),
            Self::Length(left) => Ok(some(read, left)),
            Self::UntilClose => {
                let mut all = u64::MAX;
                Ok(some(read, &mut all))
            }
            Self::Chunked(chunk) => chunk.take(read),
        }
    }
}

impl Chunk {
    fn take(&mut self, read: &mut BytesMut) -> io::Result<Part> {
        loop {
            match self {
                Self::Over => return Ok(Part::End),
                Self::Data(0) => *self = Self::End,
                Self::Data(left) => return Ok(some(read, left)),
                Self::Size => match line(read, MOST_SIZE_BYTES)? {
                    None => return Ok(Part::Missing),
                    Some(line) => {
                        *self = match size(&line)? {
                            0 => Self::Trailers,
                            size => Self::Data(size),
                        }
                    }
                },
                Self::End => match line(read, 2)? {
                    None => return Ok(Part::Missing),
                    Some(line) if line.is_empty() => *self = Self::Size,
                    Some(_) => return Err(malformed("a chunk is longer than it says")),
                },
                // They end here, like all that is about one connection.
                Self::Trailers => match line(read, MOST_BYTES)? {
                    None => return Ok(Part::Missing),
                    Some(line) if line.is_empty() => *self = Self::Over,
                    Some(_) => {}
                },
            }
        }
    }
}

/// What was read, up to so many bytes.
fn some(read: &mut BytesMut, left: &mut u64) -> Part {
    if read.is_empty() {
        return Part::Missing;
    }
    let most = usize::try_from(*left).unwrap_or(usize::MAX);
    let data = read.split_to(read.len().min(most)).freeze();
    *left -= u64::try_from(data.len()).unwrap_or(*left);
    Part::Data(data)
}

/// The next line without its end, once it is whole; at most so many bytes with it.
fn line(read: &mut BytesMut, most: usize) -> io::Result<Option<BytesMut>> {
    let end = read
        .windows(2)
        .take(most - 1)
        .position(|two| two == b"\r\n");
    match end {
        Some(end) => {
            let line = read.split_to(end);
            read.advance(2);
            Ok(Some(line))
        }
        None if read.len() < most => Ok(None),
        None => Err(malformed("too long a line in a chunked body")),
    }
}

/// The size of a chunk; what may follow it is not read.
fn size(line: &[u8]) -> io::Result<u64> {
    let digits = line.split(|byte| *byte == b';').next().unwrap_or_default();
    let digits = digits.trim_ascii_end();
    let is_size = (1..=15).contains(&digits.len()) && digits.iter().all(u8::is_ascii_hexdigit);
    let digits = std::str::from_utf8(digits).ok().filter(|_| is_size);
    let size = digits.and_then(|digits| u64::from_str_radix(digits, 16).ok());
    size.ok_or_else(|| malformed("no size of a chunk"))
}

fn malformed(why: &'static str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, why)
}

fn unspeakable(error: impl fmt::Display) -> ForwardError {
    ForwardError::Unspeakable(error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head(text: &str) -> Result<Option<Head>, ForwardError> {
        take_head(&mut BytesMut::from(text), false)
    }

    /// The body of an answer that comes in pieces of this size, and whether the connection is
    /// kept. `None` if it can't be read.
    fn read_in_pieces(text: &str, size: usize) -> Option<(Vec<u8>, bool, Vec<u8>)> {
        let (mut read, mut found, mut body) = (BytesMut::new(), None, Vec::new());
        let mut pieces = text.as_bytes().chunks(size);
        loop {
            if found.is_none() {
                found = take_head(&mut read, false).ok()?;
            }
            if let Some(head) = &mut found {
                loop {
                    match head.body.take(&mut read).ok()? {
                        Part::Data(data) => body.extend_from_slice(&data),
                        Part::Missing => break,
                        Part::End => {
                            read.extend_from_slice(&pieces.flatten().copied().collect::<Vec<_>>());
                            return Some((body, head.is_kept, read.to_vec()));
                        }
                    }
                }
            }
            let Some(piece) = pieces.next() else {
                let ends = found.is_some_and(|head| head.body == Framing::UntilClose);
                return ends.then_some((body, false, Vec::new()));
            };
            read.extend_from_slice(piece);
        }
    }

    #[test]
    fn a_body_ends_where_its_head_says_however_it_comes() {
        let next = "HTTP/1.1 200 OK\r\n";
        let cases = [
            ("content-length: 5\r\n\r\nhello", "hello", true),
            ("Content-Length: 0\r\n\r\n", "", true),
            (
                "connection: close\r\ncontent-length: 5\r\n\r\nhello",
                "hello",
                false,
            ),
            (
                "transfer-encoding: Chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
                "hello",
                true,
            ),
            (
                "transfer-encoding: chunked\r\n\r\n2;a=\"b\"\r\nhe\r\n003 \r\nllo\r\n0\r\nx: y\r\n\r\n",
                "hello",
                true,
            ),
        ];
        for (text, body, is_kept) in cases {
            let text = format!("HTTP/1.1 200 OK\r\n{text}{next}");
            for size in [1, 2, 3, 7, text.len()] {
                let found = read_in_pieces(&text, size);
                let expected = (body.into(), is_kept, next.into());
                assert_eq!(found, Some(expected), "{text:?} by {size}");
            }
        }
        let open = read_in_pieces("HTTP/1.1 200 OK\r\n\r\nhello", 2);
        assert_eq!(open, Some((b"hello".to_vec(), false, Vec::new())));
        let old = read_in_pieces("HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nok", 4);
        assert_eq!(old, Some((b"ok".to_vec(), false, Vec::new())));
    }

    #[test]
    fn what_has_no_body_ends_with_its_head_and_tells_a_length_all_the_same() {
        for (text, is_head) in [
            ("HTTP/1.1 200 OK\r\ncontent-length: 7\r\n\r\nHTTP", true),
            (
                "HTTP/1.1 304 Not Modified\r\ncontent-length: 7\r\n\r\nHTTP",
                false,
            ),
            (
                "HTTP/1.1 204 No Content\r\ncontent-length: 7\r\n\r\nHTTP",
                false,
            ),
        ] {
            let mut read = BytesMut::from(text);
            let mut head = take_head(&mut read, is_head).unwrap().unwrap();
            assert_eq!(head.told_length, Some(7));
            assert_eq!(head.body.take(&mut read).unwrap(), Part::End);
            assert_eq!(&read[..], b"HTTP");
        }
    }

    #[test]
    fn what_could_be_read_in_two_ways_is_not_read() {
        for headers in [
            "content-length: 5\r\ncontent-length: 5",
            "content-length: 5, 5",
            "content-length: +5",
            "content-length: -1",
            "content-length: ",
            "content-length: 99999999999999999999",
            "content-length: 5\r\ntransfer-encoding: chunked",
            "transfer-encoding: gzip, chunked",
            "transfer-encoding: chunked\r\ntransfer-encoding: chunked",
            "transfer-encoding: identity",
            "content-length : 5",
            "x: a\r\n b",
            "x\0: a",
        ] {
            let text = format!("HTTP/1.1 200 OK\r\n{headers}\r\n\r\nhello");
            assert!(head(&text).is_err(), "{headers:?}");
        }
        assert!(head("HTTP/1.0 200 OK\r\ntransfer-encoding: chunked\r\n\r\n").is_err());
        assert!(head("HTTP/1.1 101 Switching\r\nupgrade: x\r\n\r\n").is_err());
        assert!(head("nonsense\r\n\r\n").is_err());
        for chunks in [
            "\r\nhello",
            "0x5\r\nhello",
            "5\nhello",
            "-5\r\nhello",
            "5 5\r\nhello",
            "5\r\nhello!\r\n0\r\n\r\n",
            "b\r\nhello\r\n0\r\n\r\n\r\n0\r\n\r\n",
            "10000000000000000\r\n",
            "g\r\n",
        ] {
            let text = format!("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunks}");
            assert_eq!(read_in_pieces(&text, 64), None, "{chunks:?}");
        }
        let endless = format!("5;{}", "x".repeat(MOST_SIZE_BYTES));
        let mut framing = Framing::Chunked(Chunk::Size);
        assert!(framing.take(&mut BytesMut::from(endless.as_str())).is_err());
    }

    #[test]
    fn what_is_said_before_the_answer_is_dropped_and_what_ends_here_too() {
        let text = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n\
                    HTTP/1.1 201 Created\r\netag: \"1\"\r\nconnection: X-Own\r\nx-own: 1\r\n\
                    keep-alive: timeout=5\r\nset-cookie: a\r\nset-cookie: b\r\ncontent-length: 0\r\n\r\n";
        let found = head(text).unwrap().unwrap();
        assert_eq!(found.response.status(), 201);
        let mut told: Vec<_> = found
            .response
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect();
        told.sort();
        assert_eq!(told, ["etag: \"1\"", "set-cookie: a", "set-cookie: b"]);
        assert!(head("HTTP/1.1 200 OK\r\netag").unwrap().is_none());
        let long = format!("HTTP/1.1 200 OK\r\nx: {}", "y".repeat(MOST_BYTES));
        assert!(head(&long).is_err());
    }
}
