//! The way of an error out of a handler. What the caller reads is made in [`crate::finish`],
//! where language, trace and address are known.

use actix_web::{HttpResponse, ResponseError, http::StatusCode};
use shared_types::Problem;
use std::fmt;

/// A problem as a handler's error.
#[derive(Debug)]
pub struct Error(pub Problem);

impl<E: Into<Problem>> From<E> for Error {
    fn from(error: E) -> Self {
        Self(error.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.0.code().status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
    }

    fn error_response(&self) -> HttpResponse {
        HttpResponse::new(self.status_code())
    }
}
