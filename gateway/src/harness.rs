//! The endpoint that the W3C's trace-context harness calls: it passes a request's trace on to the
//! addresses that the request names, all of them the harness's own. Not in a normal build.

use crate::edge::Edge;
use actix_web::{
    HttpRequest, HttpResponse,
    web::{self, Data, Json},
};
use serde::Deserialize;
use serde_json::Value;
use shared_types::{Problem, codes};
use shared_web::{
    Error, context,
    outgoing::{self, Internal, Method},
};
use std::io;

/// The only client of the endpoint.
#[derive(Clone, Debug)]
pub(crate) struct Harness(Option<Internal>);

/// One call that the harness asks for.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Call {
    url: String,
    arguments: Value,
}

impl Harness {
    /// Reaches the harness that the setting names; without one, nobody.
    pub(crate) fn new(edge: &Edge) -> io::Result<Self> {
        let client = edge.trace_harness.as_ref();
        let client = client
            .map(|address| outgoing::internal([address]))
            .transpose();
        client.map(Self).map_err(io::Error::other)
    }
}

/// Mounts the endpoint.
pub(crate) fn address(config: &mut web::ServiceConfig) {
    config.route("/test", web::post().to(call));
}

async fn call(
    request: HttpRequest,
    calls: Json<Vec<Call>>,
    harness: Data<Harness>,
) -> Result<HttpResponse, Error> {
    let refused = || Problem::of(&codes::FORBIDDEN);
    let client = harness.0.as_ref().ok_or_else(refused)?;
    for call in calls.into_inner() {
        let asked = client.request(Method::POST, &call.url);
        let asked = asked.map_err(|error| refused().caused_by(error))?;
        let mut asked = asked
            .header("traceparent", context::trace(&request).to_string())
            .json(&call.arguments);
        if let Some(state) = context::trace_state(&request) {
            asked = asked.header("tracestate", state);
        }
        let answered = asked.send().await;
        answered.map_err(|error| Problem::of(&codes::BAD_GATEWAY).caused_by(error))?;
    }
    Ok(HttpResponse::Ok().finish())
}
