//! What happens to every request before anything is understood of it: the client's words about
//! itself go, ours come, and what no service should ever have to judge is refused.

mod cleanse;
pub(crate) mod cors;
mod hops;
mod notices;
mod refuse;

use actix_web::{
    body::{BoxBody, EitherBody, MessageBody},
    dev::{ServiceRequest, ServiceResponse},
    middleware::Next,
};
pub(crate) use cleanse::{Address, cleanse, client_address};
pub(crate) use hops::{ends_here, names_header};
pub(crate) use notices::Notices;
pub(crate) use refuse::BodyLimit;

/// Middleware: tells who may read the answer and what will go, refuses what nobody need
/// understand, and answers a browser that asks before it sends.
pub(crate) async fn enter<B: MessageBody + 'static>(
    request: ServiceRequest,
    next: Next<B>,
) -> Result<ServiceResponse<EitherBody<B, BoxBody>>, actix_web::Error> {
    cors::greet(&request);
    notices::tell(&request);
    refuse::judge(&request)?;
    match cors::answer_preflight(&request) {
        Some(answer) => Ok(request.into_response(answer).map_into_right_body()),
        None => Ok(next.call(request).await?.map_into_left_body()),
    }
}
