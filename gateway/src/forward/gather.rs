//! One answer made of what every service answers: nothing is said before all have answered well,
//! and their bodies then stream one after the other.

use super::{Forwarding, Lines, admitted, part, send::Asking, upload::Upload, upstream::Upstream};
use actix_web::{
    HttpRequest, HttpResponse,
    body::{BoxBody, MessageBody as _},
    http::{StatusCode, header::HeaderValue},
    web,
};
use bytes::Bytes;
use futures_util::{Stream, StreamExt as _, future::try_join_all, stream};
use shared_types::{Problem, codes};
use std::{error::Error as StdError, pin::Pin, rc::Rc, sync::Arc};

type Piece = Pin<Box<dyn Stream<Item = Result<Bytes, Box<dyn StdError>>>>>;

/// What the services have at one of their addresses.
pub(crate) enum Gathered {
    /// All of them: an object with a member for each service.
    Whole(Piece),
    /// The answer of one that has it not, or not now.
    Refused(HttpResponse),
}

/// Asks every service for `address`, as the caller, who has to be known.
pub(crate) async fn gather(request: &HttpRequest, address: &str) -> Result<Gathered, Problem> {
    let forwarding = part::<web::Data<Forwarding>>(request)?;
    let authorization = admitted(request).await?;
    if authorization.is_none() {
        return Err(Problem::of(&codes::UNAUTHENTICATED));
    }
    let asked = forwarding.upstreams.iter().map(|(name, upstream)| {
        let authorization = authorization.clone();
        async move {
            let target = format!("/{name}/v1/{address}");
            let answer = ask(request, &target, upstream, authorization).await?;
            Ok::<_, Problem>((name.as_str(), answer))
        }
    });
    let mut pieces: Vec<Piece> = Vec::new();
    for (name, answer) in try_join_all(asked).await? {
        if answer.status() != StatusCode::OK {
            return Ok(Gathered::Refused(answer));
        }
        let opening = if pieces.is_empty() { "{" } else { "," };
        pieces.push(text(format!("{opening}\"{name}\":")));
        pieces.push(body(answer.into_body()));
    }
    pieces.push(text("}".to_owned()));
    Ok(Gathered::Whole(
        stream::iter(pieces).flatten().boxed_local(),
    ))
}

async fn ask(
    request: &HttpRequest,
    target: &str,
    upstream: &Arc<Upstream>,
    authorization: Option<HeaderValue>,
) -> Result<HttpResponse, Problem> {
    let limits = part::<web::Data<Forwarding>>(request)?.limits;
    let asking = Asking {
        request,
        target,
        part_of_whole: true,
        authorization,
        upstream,
        lines: part::<Rc<Lines>>(request)?,
        limits,
        patience: upstream.patience.of(request.method(), target),
        course: None,
    };
    let answered = asking.send(Upload::default()).await;
    answered.map_err(|error| error.problem(&limits))
}

fn text(words: String) -> Piece {
    stream::iter([Ok(Bytes::from(words))]).boxed_local()
}

fn body(mut body: BoxBody) -> Piece {
    stream::poll_fn(move |context| Pin::new(&mut body).poll_next(context)).boxed_local()
}
