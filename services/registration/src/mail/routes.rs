//! Operations of mail: what an operator sees and repeats, and addresses that no mail reaches.

use super::{
    background::domain,
    bounces, entity,
    model::{REPLAY, TABLE},
    store,
};
use crate::State;
use actix_web::{
    delete, get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _};
use shared_database::{Change, DatabaseError, page};
use shared_types::{
    Answer, BounceId, Links, MessageId, Problem, codes,
    registration::mail::{Bounce, BouncePage, Message, MessagePage, MessageState},
    transition,
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// What a bounce that the operator told of is called.
const REPORTED: &str = "reported";

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_messages)
        .service(replay_message)
        .service(report_bounce)
        .service(list_bounces)
        .service(clear_bounce);
}

/// List messages
///
/// For operators: which messages are on their way, were sent or given up, the oldest first; never
/// what they say, nor to whom.
#[utoipa::path(
    tag = "mail",
    params(
        PageParameters,
        ("state" = Option<MessageState>, Query, description = "Only messages in this state."),
        ("template" = Option<String>, Query, description = "Only messages of this template.", example = "offer_made", max_length = 100)
    ),
    responses((status = 200, description = "A page of messages.", body = MessagePage))
)]
#[get("/messages")]
async fn list_messages(data: Data<State>, context: Context, query: Query) -> Outcome {
    allow(&context)?;
    let mut select = entity::Entity::find();
    if let Some(state) = query.get::<MessageState>("state") {
        select = select.filter(entity::Column::State.is_in(store::words(state)));
    }
    if let Some(template) = query.get::<String>("template") {
        select = select.filter(entity::Column::Template.eq(template));
    }
    let connection = data.database.read();
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let rows = slice.items.into_iter();
    let items = rows
        .map(|row| wire(row, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&MessagePage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Send a message again
///
/// For operators, where a message was given up, came back or was withheld: it is tried from the
/// beginning, under the same Message-ID. What keeps it from being sent is looked at again then.
#[utoipa::path(tag = "mail", params(("messageId" = MessageId, Path, description = "The message.")), responses((status = 200, description = "The message.", body = Message)))]
#[post("/messages/{messageId}/replay")]
async fn replay_message(
    data: Data<State>,
    id: Path<MessageId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command { context, claim, .. } = command;
    allow(&context)?;
    let answer = data.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = locked(change, *id).await?;
            let state: MessageState = store::state(&row)?;
            transition::judge(TABLE, REPLAY, &state, context.language)?;
            let row = entity::Model {
                state: store::PENDING.to_owned(),
                attempts: 0,
                next_attempt_at: 0,
                outcome: None,
                ..row
            };
            store::renew(change, &row).await?;
            change.record("message", row.id, "message.replayed", None);
            Answer::ok(&wire(row, &context)?)
        },
    );
    Ok(answer.await?.into())
}

/// Tell that a message came back
///
/// For operators, or the program that reads what comes back to the sender's address: the
/// message's id stands in its Message-ID. No more is sent to the address until somebody who looks
/// after its person has mended it.
#[utoipa::path(tag = "mail", params(("messageId" = MessageId, Path, description = "The message.")), responses((status = 200, description = "The message.", body = Message)))]
#[post("/messages/{messageId}/bounce")]
async fn report_bounce(
    data: Data<State>,
    id: Path<MessageId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command { context, claim, .. } = command;
    allow(&context)?;
    let answer = data.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = locked(change, *id).await?;
            let row = entity::Model {
                state: store::BOUNCED.to_owned(),
                outcome: Some(REPORTED.to_owned()),
                ..row
            };
            store::renew(change, &row).await?;
            bounces::store::mark(change, &row, REPORTED).await?;
            Answer::ok(&wire(row, &context)?)
        },
    );
    Ok(answer.await?.into())
}

/// List addresses that no mail reaches
///
/// For coordinators and HR: marked addresses of the people whom they look after. Nothing is sent
/// to such an address; give the person another one, or say that this one works again.
#[utoipa::path(tag = "mail", params(PageParameters), responses((status = 200, description = "A page of addresses.", body = BouncePage)))]
#[get("/bounces")]
async fn list_bounces(data: Data<State>, context: Context, query: Query) -> Outcome {
    let connection = data.database.read();
    let select = bounces::store::scoped(&context.caller);
    let id = bounces::entity::Column::Id;
    let slice = page::read(connection, select, id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let people = bounces::store::people_of(connection, &context.caller, &slice.items).await?;
    let items = slice.items.into_iter().map(|row| {
        let own = people.iter().filter(|one| one.email_key == row.email_key);
        Bounce {
            id: row.id.into(),
            person_ids: own.take(100).map(|one| one.id.into()).collect(),
            email: row.email_key,
            outcome: row.outcome,
            bounced_at: row.bounced_at,
            links: Links::to_self(context.href(format!("bounces/{}", row.id))),
        }
    });
    Ok(Reply::ok(&BouncePage {
        items: items.collect(),
        meta: slice.meta,
        links,
    })?)
}

/// Say that an address works again
///
/// For whoever sees the mark: messages are sent to the address from now on. Those that were
/// withheld are repeated by an operator.
#[utoipa::path(tag = "mail", params(("bounceId" = BounceId, Path, description = "The marked address.")), responses((status = 204, description = "The address is not marked any more.")))]
#[delete("/bounces/{bounceId}")]
async fn clear_bounce(data: Data<State>, id: Path<BounceId>, command: Command<NoBody>) -> Outcome {
    let context = command.context;
    let clearing = data
        .database
        .change(context.actor(), async |change: &mut Change| {
            if bounces::store::clear(change, &context.caller, *id).await? {
                Ok(Answer::no_content())
            } else {
                Err(Problem::of(&codes::NOT_FOUND))
            }
        });
    Ok(clearing.await?.into())
}

fn allow(context: &Context) -> Result<(), Problem> {
    if context.caller.is_operator() {
        Ok(())
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

async fn locked(change: &Change, id: MessageId) -> Result<entity::Model, Problem> {
    let found = entity::Entity::find_by_id(id.uuid())
        .lock_exclusive()
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

fn wire(row: entity::Model, context: &Context) -> Result<Message, Problem> {
    let href = context.href(format!("messages/{}", row.id));
    let state: MessageState = store::state(&row)?;
    // A message has no address of its own to read it at: the list shows all there is to see.
    let all = context.href("messages".to_owned());
    let links = transition::allowed(TABLE, &state, &href, Links::to_self(all));
    Ok(Message {
        id: row.id.into(),
        domain: domain(&row).to_owned(),
        template: row.template,
        state,
        outcome: row.outcome,
        attempts: row.attempts,
        created_at: row.created_at,
        sent_at: row.sent_at,
        links,
        transitions: transition::refused(TABLE, &state, context.language),
    })
}
