//! An API document as it is served: as committed but for `servers`, which says where the reader
//! found it. It is made text once, not for each reader.

use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{
        ACCESS_CONTROL_ALLOW_ORIGIN, CACHE_CONTROL, CONTENT_TYPE, ETAG, HeaderMap, IF_NONE_MATCH,
    },
};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

/// Stands in the text where the servers go. No document has a text of this form.
const MARK: &str = "\u{1}servers\u{1}";

/// A document, ready to be served.
#[derive(Debug)]
pub struct ServedDocument {
    before: String,
    after: String,
    digest: [u8; 32],
}

impl ServedDocument {
    /// Makes it text.
    pub fn new(document: &Value) -> Self {
        let mut document = document.clone();
        if let Some(servers) = document.get_mut("servers") {
            *servers = json!(MARK);
        }
        let text = document.to_string();
        let mark = json!(MARK).to_string();
        let (before, after) = match text.split_once(&mark) {
            Some((before, after)) => (before.to_owned(), after.to_owned()),
            None => (text, String::new()),
        };
        let mut digest = Sha256::new();
        for part in [&before, &after] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        Self {
            before,
            after,
            digest: digest.finalize().into(),
        }
    }

    /// The answer to a reader for whom the API stands at `url`.
    pub fn answer(&self, request: &HttpRequest, url: &str) -> HttpResponse {
        let tag = self.tag(url);
        let mut response = if is_known(request.headers(), &tag) {
            HttpResponse::NotModified()
        } else {
            HttpResponse::Ok()
        };
        response
            .insert_header((ACCESS_CONTROL_ALLOW_ORIGIN, "*"))
            .insert_header((CACHE_CONTROL, "public, max-age=300"))
            .insert_header((ETAG, tag.clone()));
        if is_known(request.headers(), &tag) {
            return response.finish();
        }
        response
            .insert_header((CONTENT_TYPE, "application/json"))
            .body(self.text(url))
    }

    fn text(&self, url: &str) -> String {
        if self.after.is_empty() {
            return self.before.clone();
        }
        [&self.before, &servers(url), &self.after]
            .map(String::as_str)
            .concat()
    }

    fn tag(&self, url: &str) -> String {
        let mut digest = Sha256::new();
        digest.update(self.digest);
        digest.update(url.as_bytes());
        let digest: [u8; 32] = digest.finalize().into();
        let half = digest.first_chunk::<16>().unwrap_or(&[0; 16]);
        format!("\"{:032x}\"", u128::from_be_bytes(*half))
    }
}

/// Whether the reader has this very text. A weak comparison (RFC 9110, 13.1.2).
fn is_known(headers: &HeaderMap, tag: &str) -> bool {
    let lines = headers.get_all(IF_NONE_MATCH);
    lines.filter_map(|line| line.to_str().ok()).any(|line| {
        let mut tags = line.split(',').map(str::trim);
        tags.any(|one| one == "*" || one.strip_prefix("W/").unwrap_or(one) == tag)
    })
}

/// The `servers` member for one address.
fn servers(url: &str) -> String {
    json!([{ "url": url, "description": "This installation", "x-internal": false }]).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::{body::MessageBody as _, test::TestRequest};

    fn read(response: HttpResponse) -> Value {
        let body = response.into_body().try_into_bytes().unwrap();
        serde_json::from_slice(&body).unwrap()
    }

    #[test]
    fn it_differs_from_the_document_in_servers_alone() {
        let document = json!({ "openapi": "3.1.0", "servers": [], "paths": { "/a": {} } });
        let served = ServedDocument::new(&document);
        let request = TestRequest::default().to_http_request();
        let mut found = read(served.answer(&request, "https://a.example/\"x"));
        assert_eq!(found["servers"][0]["url"], "https://a.example/\"x");
        found["servers"] = json!([]);
        assert_eq!(found, document);
        let bare = json!({ "paths": {} });
        assert_eq!(read(ServedDocument::new(&bare).answer(&request, "x")), bare);
    }

    #[test]
    fn who_has_it_already_is_told_so_and_another_address_is_another_text() {
        let served = ServedDocument::new(&json!({ "servers": [] }));
        let answer = |tag: &str, url: &str| {
            let request = TestRequest::default().insert_header((IF_NONE_MATCH, tag));
            served.answer(&request.to_http_request(), url)
        };
        let first = answer("\"x\"", "https://a.example");
        assert_eq!(first.status(), 200);
        let tag = first.headers().get(ETAG).unwrap().to_str().unwrap();
        for known in [tag, "*", &format!("W/{tag}"), &format!("\"x\", {tag}")] {
            let again = answer(known, "https://a.example");
            assert_eq!(again.status(), 304, "{known}");
            assert_eq!(again.headers().get(ETAG).unwrap(), tag);
        }
        assert_eq!(answer(tag, "https://b.example").status(), 200);
    }
}
