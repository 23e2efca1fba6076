//! What callers of an operation are told before it goes: since when it is deprecated (RFC 9745),
//! when it ends (RFC 8594), and what takes its place.
//!
//! The API document says it, in `x-deprecated-at` and `x-sunset` (dates) and `x-successor` (an
//! address); every answer of the operation says it too, refusals included.

use actix_web::http::header::{HeaderName, HeaderValue, LINK};
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde_json::Value;

/// Where deprecations are explained, for people.
const EXPLAINED: &str = "</docs>; rel=\"deprecation\"; type=\"text/html\"";

/// The headers that an operation's document asks for: none, unless it is deprecated.
pub fn headers(operation: &Value) -> Vec<(HeaderName, HeaderValue)> {
    let Some(since) = date(operation, "x-deprecated-at") else {
        return Vec::new();
    };
    let mut told = vec![
        (
            HeaderName::from_static("deprecation"),
            format!("@{}", since.timestamp()),
        ),
        (LINK, EXPLAINED.to_owned()),
    ];
    if let Some(end) = date(operation, "x-sunset") {
        let end = end.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        told.push((HeaderName::from_static("sunset"), end));
    }
    if let Some(successor) = operation.get("x-successor").and_then(Value::as_str) {
        told.push((LINK, format!("<{successor}>; rel=\"successor-version\"")));
    }
    told.into_iter()
        .filter_map(|(name, value)| Some((name, HeaderValue::try_from(value).ok()?)))
        .collect()
}

/// Whether the document says so of an operation.
pub(crate) fn is_deprecated(operation: &serde_json::Map<String, Value>) -> bool {
    operation.contains_key("x-deprecated-at")
}

fn date(operation: &Value, member: &str) -> Option<DateTime<Utc>> {
    let date: NaiveDate = operation.get(member)?.as_str()?.parse().ok()?;
    Some(date.and_time(NaiveTime::MIN).and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        Clock, Core, Error,
        contract::{self, Contract},
        finish,
        key::TrustedKeys,
        token::{INTERNAL, Verifier},
    };
    use actix_web::{App, HttpResponse, middleware::from_fn, test, web};
    use serde_json::json;
    use shared_types::{Problem, codes};

    fn core() -> web::Data<Core> {
        let operation = |id: &str| json!({ "operationId": id, "security": [{}] });
        let mut old = operation("listOld");
        for (member, value) in [
            ("x-deprecated-at", "2027-01-01"),
            ("x-sunset", "2027-07-01"),
            ("x-successor", "/test/v1/new"),
        ] {
            old[member] = json!(value);
        }
        let document = json!({ "paths": {
            "/old": { "get": old }, "/new": { "get": operation("listNew") }
        } });
        web::Data::new(Core {
            name: "test",
            clock: Clock::system(),
            verifier: Verifier::new(INTERNAL, &TrustedKeys::default(), &[]),
            contract: Contract::new("/test/v1", document),
            public_url: "https://akademi.example".into(),
        })
    }

    async fn missing() -> Result<HttpResponse, Error> {
        Err(Problem::of(&codes::NOT_FOUND).into())
    }

    #[actix_web::test]
    async fn every_answer_of_a_deprecated_operation_says_so_and_no_other() {
        let app = App::new()
            .app_data(core())
            .route("/test/v1/old", web::get().to(missing))
            .route("/test/v1/new", web::get().to(HttpResponse::Ok))
            .wrap(from_fn(contract::enforce))
            .wrap(from_fn(finish::finish));
        let app = test::init_service(app).await;
        for (address, status) in [("/test/v1/old", 404), ("/test/v1/old?unknown=1", 400)] {
            let request = test::TestRequest::get().uri(address).to_request();
            let response = match test::try_call_service(&app, request).await {
                Ok(response) => response.into_parts().1.map_into_boxed_body(),
                Err(error) => error.error_response(),
            };
            assert_eq!(response.status(), status, "{address}");
            let headers = response.headers();
            assert_eq!(headers.get("deprecation").unwrap(), "@1798761600");
            assert_eq!(
                headers.get("sunset").unwrap(),
                "Thu, 01 Jul 2027 00:00:00 GMT"
            );
            let links: Vec<&str> = headers
                .get_all("link")
                .map(|link| link.to_str().unwrap())
                .collect();
            assert_eq!(
                links,
                [EXPLAINED, "</test/v1/new>; rel=\"successor-version\""]
            );
        }
        let request = test::TestRequest::get().uri("/test/v1/new").to_request();
        let response = test::call_service(&app, request).await;
        assert_eq!(response.status(), 200);
        for name in ["deprecation", "sunset", "link"] {
            assert!(!response.headers().contains_key(name), "{name}");
        }
    }
}
