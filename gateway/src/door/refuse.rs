//! Refuses what the gateway need not understand. Wherever two readers could take a request for
//! two different ones, nobody behind the gateway gets to see it.

use crate::operations::Said;
use actix_web::{
    dev::ServiceRequest,
    http::{
        Method, Uri,
        header::{
            ACCEPT_ENCODING, CONTENT_ENCODING, CONTENT_LENGTH, FORWARDED, HeaderMap, HeaderValue,
            TRANSFER_ENCODING, UPGRADE,
        },
    },
    web::Data,
};
use serde_json::Value;
use shared_types::{Problem, codes};
use shared_web::{Error, contract, finish};

/// Methods that anything behind the gateway could have.
const METHODS: [Method; 7] = [
    Method::GET,
    Method::HEAD,
    Method::POST,
    Method::PUT,
    Method::PATCH,
    Method::DELETE,
    Method::OPTIONS,
];

/// Largest bodies in bytes: one for all, and those of the operations whose document says that
/// they take more.
pub(crate) struct BodyLimit {
    usual: u64,
    larger: Said,
}

impl BodyLimit {
    /// Reads the merged document.
    pub(crate) fn read(usual: u64, document: &Value) -> Self {
        Self {
            usual,
            larger: Said::read(document, "x-max-body-bytes"),
        }
    }

    /// The largest body of a request. What a document says below the usual limit is for the
    /// service to judge, which knows the operation better.
    pub(crate) fn of(&self, method: &Method, path: &str) -> u64 {
        let said = self.larger.of(method, path);
        said.map_or(self.usual, |said| said.max(self.usual))
    }
}

/// Refuses a request: see the module.
pub(super) fn judge(request: &ServiceRequest) -> Result<(), Error> {
    let limit = request.app_data::<Data<BodyLimit>>();
    let most = || limit.map_or(0, |limit| limit.of(request.method(), request.uri().path()));
    let judged = judge_method(request.method())
        .and_then(|()| judge_target(request.uri()))
        .and_then(|()| judge_headers(request.headers(), most));
    judged.map_err(|problem| {
        if problem.code() == &codes::UNSUPPORTED_MEDIA_TYPE {
            let accepted = HeaderValue::from_static("identity");
            finish::note(request.request(), ACCEPT_ENCODING, accepted);
        }
        Error(problem)
    })
}

fn judge_method(method: &Method) -> Result<(), Problem> {
    if METHODS.contains(method) {
        return Ok(());
    }
    let allowed: Vec<&str> = METHODS.iter().map(Method::as_str).collect();
    Err(Problem::of(&codes::METHOD_NOT_ALLOWED).value("allow", allowed.join(", ")))
}

fn judge_target(target: &Uri) -> Result<(), Problem> {
    if target.scheme().is_some() || target.authority().is_some() {
        return Err(malformed("the target is not a path"));
    }
    let path = target.path();
    if !path.starts_with('/') {
        return Err(malformed("the target is not a path"));
    }
    let is_ascii = target
        .path_and_query()
        .is_some_and(|all| all.as_str().is_ascii());
    if path.contains('\\') || !is_ascii || !well_encoded(path) {
        return Err(malformed("the path hides characters"));
    }
    let longest = contract::MOST_URI_CHARACTERS;
    if target
        .path_and_query()
        .is_some_and(|all| all.as_str().len() > longest)
    {
        return Err(Problem::of(&codes::URI_TOO_LONG));
    }
    if path.split('/').any(is_dots) {
        return Err(malformed("the path has dot segments"));
    }
    Ok(())
}

/// Whether every percent sign starts two hex digits, none of which hide a slash, a backslash, a
/// percent sign, a control character or what needs no encoding (RFC 3986, 2.3: one reader takes
/// it for the character, another does not), and what they stand for is text: some reader takes
/// an overlong form for the character itself.
fn well_encoded(path: &str) -> bool {
    if !path.contains('%') {
        return true;
    }
    let mut parts = path.split('%');
    let mut text = parts.next().unwrap_or_default().as_bytes().to_vec();
    for part in parts {
        let byte = part
            .get(..2)
            .filter(|digits| digits.bytes().all(|digit| digit.is_ascii_hexdigit()))
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        match byte {
            None | Some(b'/' | b'\\' | b'%' | 0..=0x1f | 0x7f) => return false,
            Some(byte) if is_unreserved(byte) => return false,
            Some(byte) => text.push(byte),
        }
        text.extend_from_slice(part.get(2..).unwrap_or_default().as_bytes());
    }
    std::str::from_utf8(&text).is_ok()
}

fn is_unreserved(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~')
}

/// Whether a segment is `.` or `..`, also encoded, also before parameters.
fn is_dots(segment: &str) -> bool {
    // What is none in any form begins otherwise.
    if !segment.starts_with(['.', '%']) {
        return false;
    }
    let plain = segment
        .to_ascii_lowercase()
        .replace("%2e", ".")
        .replace("%3b", ";");
    matches!(plain.split(';').next(), Some("." | ".."))
}

fn judge_headers(headers: &HeaderMap, most: impl FnOnce() -> u64) -> Result<(), Problem> {
    // Some servers read `_` as `-`: two names for one header.
    if headers
        .keys()
        .any(|name| name.as_str().as_bytes().contains(&b'_'))
    {
        return Err(malformed("a header's name has an underscore"));
    }
    if headers.contains_key(UPGRADE) {
        return Err(malformed("an upgrade is asked for"));
    }
    if !headers.contains_key(FORWARDED) {
        return Err(malformed("the host is none"));
    }
    judge_framing(headers)?;
    // Nothing is decompressed anywhere: a small body can't become a large one.
    if headers.contains_key(CONTENT_ENCODING) {
        let problem = Problem::of(&codes::UNSUPPORTED_MEDIA_TYPE);
        return Err(problem.value("expected", "sent without `Content-Encoding`"));
    }
    let length = headers
        .get(CONTENT_LENGTH)
        .and_then(|value| value.to_str().ok());
    match length.map(str::parse::<u64>) {
        None => Ok(()),
        Some(Err(_)) => Err(malformed("the length is none")),
        Some(Ok(length)) => {
            let most = most();
            if length > most {
                return Err(Problem::of(&codes::BODY_TOO_LARGE).value("most", most));
            }
            Ok(())
        }
    }
}

/// The HTTP parser refuses these before; here they are refused whatever parses.
fn judge_framing(headers: &HeaderMap) -> Result<(), Problem> {
    let mut codings = headers.get_all(TRANSFER_ENCODING);
    let chunked = match (codings.next(), codings.next()) {
        (None, _) => false,
        (Some(coding), None) if coding.as_bytes().eq_ignore_ascii_case(b"chunked") => true,
        _ => return Err(malformed("a transfer coding other than chunked")),
    };
    let lengths = headers.get_all(CONTENT_LENGTH).count();
    if lengths > 1 || (chunked && lengths > 0) {
        return Err(malformed("the body's length is said twice"));
    }
    Ok(())
}

fn malformed(why: &'static str) -> Problem {
    Problem::of(&codes::INVALID_REQUEST).caused_by(why)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_that_could_be_read_in_two_ways_is_refused() {
        for path in [
            "/a/../b",
            "/a/..",
            "/./a",
            "/a/%2e%2e/b",
            "/%61/b",
            "/a/v%31",
            "/a/b%2Ejson",
            "/a/%7Eb",
            "/a/.%2E/b",
            "/a/..;x/b",
            "/a/..%3bx/b",
            "/a%2fb",
            "/a%2Fb",
            "/a%5cb",
            "/a\\b",
            "/a%00",
            "/a%zz",
            "/a%2",
            "/a%252e",
            "/a%0d%0ab",
            "/a%c0%afb",
            "/a%e0%80%afb",
            "/a%ff",
            "/a%C3",
        ] {
            if let Ok(target) = path.parse::<Uri>() {
                assert!(judge_target(&target).is_err(), "{path}");
            }
        }
        for path in [
            "/a/b",
            "/a/..b",
            "/a/b.json",
            "/a/%C3%A5",
            "/a/b%20c%3Ad",
            "/a/...",
            "/a?x=../%2f",
        ] {
            assert!(judge_target(&path.parse().unwrap()).is_ok(), "{path}");
        }
        assert!(judge_target(&"http://host/a".parse().unwrap()).is_err());
        assert!(judge_target(&"*".parse().unwrap()).is_err());
    }
}
