//! Operations of messages within a pair.

use super::{
    desk::{self, Desk, MESSAGE},
    entity, store,
};
use crate::State;
use actix_web::{
    get, post,
    web::{Data, Path},
};
use shared_database::{Change, page};
use shared_types::{
    Answer, Links, PairId, PairMessageId, Problem, codes,
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
    let select = store::of_pair(id.uuid(), MESSAGE);
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter().map(|row| wire(&desk, row, &context));
    Ok(Reply::ok(&PairMessagePage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
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
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let desk = desk::write(&state, change, &context, *id).await?;
        let place = (PairMessageId::new().uuid(), MESSAGE);
        let row = desk.add(change, place, &body, claim.as_ref()).await?;
        let message = wire(&desk, &row, &context)?;
        Ok::<_, Problem>(Answer::created(message.links.own(), &message)?.version(row.version))
    };
    Ok(state.database.change(context.actor(), work).await?.into())
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
    let connection = state.database.read();
    let row = super::notes::own_row(connection, &context, (id.uuid(), MESSAGE)).await?;
    let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let desk = desk::read(&state, connection, &context, row.pair_id.into()).await?;
    Ok(Reply::resource(&wire(&desk, &row, &context)?, row.version)?)
}

pub(super) fn wire(
    desk: &Desk,
    row: &entity::Model,
    context: &Context,
) -> Result<PairMessage, Problem> {
    let body: NewPairMessage = desk.open(row.id, &row.body)?;
    let href = context.href(format!("pair-messages/{}", row.id));
    let pair = context.href(format!("pairs/{}", row.pair_id));
    Ok(PairMessage {
        id: row.id.into(),
        pair_id: row.pair_id.into(),
        text: body.text,
        author_id: row.author_id.into(),
        written_at: row.written_at,
        links: Links::to_self(href).with("pair", "GET", pair),
    })
}
