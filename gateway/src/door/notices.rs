//! Tells callers of an operation that will go, whoever answers: what the gateway itself refuses
//! says it like what the service answers.

use crate::operations::Said;
use actix_web::{
    dev::ServiceRequest,
    http::{
        Method,
        header::{HeaderName, HeaderValue},
    },
    web::Data,
};
use serde_json::Value;
use shared_web::{deprecation, finish};

/// The headers of the operations whose documents say that they will go.
pub(crate) struct Notices(Said<Vec<(HeaderName, HeaderValue)>>);

impl Notices {
    /// Reads the merged document.
    pub(crate) fn read(document: &Value) -> Self {
        Self(Said::of_each(document, |operation| {
            let headers = deprecation::headers(operation);
            (!headers.is_empty()).then_some(headers)
        }))
    }
}

/// Notes them for the answer, whatever it will be. A service that says the same is not doubled.
pub(super) fn tell(request: &ServiceRequest) {
    let Some(notices) = request.app_data::<Data<Notices>>() else {
        return;
    };
    // What can be read can be asked about too.
    let method = match request.method() {
        &Method::HEAD => &Method::GET,
        method => method,
    };
    let said = notices.0.find(method, request.uri().path());
    for (name, value) in said.into_iter().flatten() {
        finish::note(request.request(), name.clone(), value.clone());
    }
}
