//! Turns an answer into a response: entity tag, conditional reading, location, replay mark.

use crate::{Error, listing};
use actix_web::{
    HttpRequest, HttpResponse, Responder,
    body::BoxBody,
    http::{
        StatusCode,
        header::{ETAG, IF_NONE_MATCH, LINK, LOCATION},
    },
};
use serde::Serialize;
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use shared_types::{Answer, Problem};

/// What handlers return.
pub type Outcome = Result<Reply, Error>;

/// An answer on its way out.
#[derive(Debug)]
pub struct Reply(pub Answer);

impl Reply {
    /// 200 with a body that has no version of its own, such as a page of a list.
    pub fn ok(body: &impl Serialize) -> Result<Self, Problem> {
        Answer::ok(body).map(Self)
    }

    /// 200 with a resource and the version from which its entity tag is made.
    pub fn resource(body: &impl Serialize, version: i32) -> Result<Self, Problem> {
        Ok(Self(Answer::ok(body)?.version(version)))
    }
}

impl From<Answer> for Reply {
    fn from(answer: Answer) -> Self {
        Self(answer)
    }
}

/// The strong entity tag of a version of a resource as this reader sees it. The version stands
/// in front, so that `If-Match` can be compared without the body.
pub fn entity_tag(version: i32, body: &[u8]) -> String {
    let digest = Sha256::digest(body);
    let short = crate::command::hex(digest.get(..6).unwrap_or_default());
    format!("\"{version}-{short}\"")
}

/// The version in an entity tag that [`entity_tag`] made.
pub fn version_of(tag: &str) -> Option<i32> {
    tag.trim()
        .strip_prefix('"')?
        .strip_suffix('"')?
        .split_once('-')?
        .0
        .parse()
        .ok()
}

impl Responder for Reply {
    type Body = BoxBody;

    fn respond_to(self, request: &HttpRequest) -> HttpResponse {
        let Self(mut answer) = self;
        if answer.body.get("_meta").is_some()
            && let Some(fields) = listing::fields(request)
        {
            keep(&mut answer.body, &fields);
        }
        let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::OK);
        let mut response = HttpResponse::build(status);
        if let Some(location) = answer.location {
            response.insert_header((LOCATION, location));
        }
        if answer.replayed {
            response.insert_header(("Idempotency-Replayed", "true"));
        }
        if answer.body.is_null() {
            return response.finish();
        }
        if let Some(links) = page_links(&answer.body) {
            response.insert_header((LINK, links));
        }
        let body = answer.body.to_string();
        if let Some(version) = answer.version {
            let tag = entity_tag(version, body.as_bytes());
            let known = request
                .headers()
                .get(IF_NONE_MATCH)
                .and_then(|value| value.to_str().ok());
            let unchanged =
                known.is_some_and(|known| known.split(',').any(|one| one.trim() == tag));
            if unchanged && request.method().is_safe() {
                return HttpResponse::NotModified()
                    .insert_header((ETAG, tag))
                    .finish();
            }
            response.insert_header((ETAG, tag));
        }
        response.content_type("application/json").body(body)
    }
}

/// Leaves of each item the members that were asked for; id and links always.
fn keep(page: &mut Value, fields: &str) {
    let wanted = |name: &str| {
        name == "id" || name == "_links" || fields.split(',').any(|field| field == name)
    };
    let items = page.get_mut("items").and_then(Value::as_array_mut);
    for item in items.into_iter().flatten().filter_map(Value::as_object_mut) {
        item.retain(|name, _| wanted(name));
    }
}

/// The links of a page of a list as a `Link` header (RFC 8288).
fn page_links(body: &Value) -> Option<String> {
    body.get("_meta")?;
    let links = body.get("_links")?.as_object()?.values();
    let link = |link: &Value| {
        let href = link.get("href")?.as_str()?;
        Some(format!("<{href}>; rel=\"{}\"", link.get("rel")?.as_str()?))
    };
    Some(links.filter_map(link).collect::<Vec<_>>().join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_of_a_list_links_in_its_header_too() {
        let link = serde_json::json!({ "href": "https://a.example/x?page=2", "rel": "next", "method": "GET" });
        let page = serde_json::json!({ "_meta": {}, "_links": { "next": link } });
        assert_eq!(
            page_links(&page).as_deref(),
            Some("<https://a.example/x?page=2>; rel=\"next\"")
        );
        assert_eq!(
            page_links(&serde_json::json!({ "_links": { "next": link } })),
            None
        );
    }

    #[test]
    fn the_version_can_be_read_back_from_the_tag() {
        assert_eq!(version_of(&entity_tag(7, b"{}")), Some(7));
        assert_eq!(version_of("W/\"7-abc\""), None);
        assert_eq!(version_of("7"), None);
    }
}
