//! Operations of messages within a pair.

use super::{
    desk::{self, Desk, MESSAGE},
    entity,
    written::{self, Written},
};
use crate::State;
use actix_web::{
    get, post,
    web::{Data, Path},
};
use shared_types::{
    Links, PairId, PairMessageId, Problem,
    mentorship::work::{NewPairMessage, PairMessage, PairMessagePage},
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_pair_messages)
        .service(send_pair_message)
        .service(get_pair_message);
}

/// List a pair's messages
///
/// For the two alone.
#[utoipa::path(tag = "work", params(("pairId" = PairId, Path, description = "The pair."), PageParameters), responses((status = 200, description = "A page of messages.", body = PairMessagePage)))]
#[get("/pairs/{pairId}/messages")]
async fn list_pair_messages(
    state: Data<State>,
    context: Context,
    id: Path<PairId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let desk = desk::read(&state, connection, &context, *id).await?;
    let (items, meta, links) = written::list(connection, &desk, &context, &query).await?;
    Ok(Reply::ok(&PairMessagePage { items, meta, links })?)
}

/// Send the other a message
///
/// For the two alone; text only. The answer to this request is never kept; repeated under the same
/// Idempotency-Key it sends nothing new.
#[utoipa::path(tag = "work", params(("pairId" = PairId, Path, description = "The pair.")), request_body = NewPairMessage, responses((status = 201, description = "The message.", body = PairMessage)))]
#[post("/pairs/{pairId}/messages")]
async fn send_pair_message(
    state: Data<State>,
    id: Path<PairId>,
    command: Command<NewPairMessage>,
) -> Outcome {
    written::create::<PairMessage>(&state, *id, PairMessageId::new().uuid(), command).await
}

/// Get a message
///
/// For the two alone.
#[utoipa::path(tag = "work", params(("messageId" = PairMessageId, Path, description = "The message.")), responses((status = 200, description = "The message.", body = PairMessage)))]
#[get("/pair-messages/{messageId}")]
async fn get_pair_message(
    state: Data<State>,
    context: Context,
    id: Path<PairMessageId>,
) -> Outcome {
    written::get::<PairMessage>(&state, &context, id.uuid()).await
}

impl Written for PairMessage {
    type New = NewPairMessage;
    const KIND: &'static str = MESSAGE;

    fn of(desk: &Desk, row: &entity::Model, context: &Context) -> Result<Self, Problem> {
        let body: NewPairMessage = desk.open(row.id, &row.body)?;
        let href = context.href(format!("pair-messages/{}", row.id));
        let pair = context.href(format!("pairs/{}", row.pair_id));
        Ok(Self {
            id: row.id.into(),
            pair_id: row.pair_id.into(),
            text: body.text,
            author_id: row.author_id.into(),
            written_at: row.written_at,
            links: Links::to_self(href).with("pair", "GET", pair),
        })
    }

    fn links(&self) -> &Links {
        &self.links
    }
}
