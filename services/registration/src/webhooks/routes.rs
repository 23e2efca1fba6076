//! Operations of webhooks.

use super::{
    entity::{self, delivery},
    model::{DELIVERIES, DISABLING, ENABLING, REPLAY, ROTATION, TABLE, TEST, judge_role},
    steps, store,
};
use crate::{State, feeds::catalogue};
use actix_web::{
    delete, get, patch, post,
    web::{Data, Path},
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, page, row, tables::outbox};
use shared_types::{
    Answer, DeliveryId, Links, OrganisationId, Problem, Role, WebhookId, codes,
    registration::{
        codes::EVENT_FORGOTTEN,
        webhooks::{
            Delivery, DeliveryPage, DeliveryState, EventType, EventTypeList, EventTypeName,
            NewWebhook, Webhook, WebhookChange, WebhookDisabledReason, WebhookPage,
            WebhookRotation, WebhookState,
        },
    },
    transition,
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_event_types)
        .service(list_webhooks)
        .service(create_webhook)
        .service(get_webhook)
        .service(update_webhook)
        .service(rotate_webhook)
        .service(test_webhook)
        .service(disable_webhook)
        .service(enable_webhook)
        .service(delete_webhook)
        .service(list_deliveries)
        .service(replay_delivery);
}

/// List event types
///
/// For every known caller: each type of events that the feed shows and webhooks are sent, and
/// which roles hear it.
#[utoipa::path(tag = "webhooks", responses((status = 200, description = "Every type of events.", body = EventTypeList)))]
#[get("/event-types")]
async fn list_event_types(context: Context) -> Outcome {
    let items = catalogue::CATALOGUE.iter().map(|known| EventType {
        name: EventTypeName(known.name.to_owned()),
        source: known.source.to_owned(),
        subject: known.subject.to_owned(),
        description: known.about.to_owned(),
        roles: catalogue::roles(known).to_vec(),
    });
    Ok(Reply::ok(&EventTypeList {
        items: items.collect(),
        links: Links::to_self(context.href("event-types".to_owned())),
    })?)
}

/// List webhooks
///
/// The webhooks that the caller keeps: HR those of the own organisation with the role `hr`,
/// coordinators those of their organiser with the role `coordinator`.
#[utoipa::path(
    tag = "webhooks",
    params(
        PageParameters,
        ("organisationId" = Option<OrganisationId>, Query, description = "Only webhooks of this organisation.")
    ),
    responses((status = 200, description = "A page of webhooks.", body = WebhookPage))
)]
#[get("/webhooks")]
async fn list_webhooks(data: Data<State>, context: Context, query: Query) -> Outcome {
    let mut only = Condition::all();
    if let Some(id) = query.get::<OrganisationId>("organisationId") {
        only = only.add(entity::Column::OrganisationId.eq(id.uuid()));
    }
    let connection = data.database.read();
    let reasons = store::reasons(&context.caller);
    let request = query.page()?;
    let slice = page::read_seen::<entity::Entity, _>(
        connection,
        reasons,
        only,
        entity::Column::Id,
        &request,
    )
    .await?;
    let links = query.links(&context, &slice);
    let mut items = Vec::with_capacity(slice.items.len());
    for row in slice.items {
        items.push(wire(connection, row, &context).await?);
    }
    Ok(Reply::ok(&WebhookPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Make a webhook
///
/// For HR and coordinators, with the role that they have in the organisation: what happens from
/// now on, and the feed of events would show to that role, is sent to the address. The answer is
/// the only one that carries `secret`, by which deliveries are signed: a repetition with the same
/// Idempotency-Key is answered without it.
#[utoipa::path(tag = "webhooks", request_body = NewWebhook, responses((status = 201, description = "The webhook with its secret.", body = Webhook)))]
#[post("/webhooks")]
async fn create_webhook(data: Data<State>, command: Command<NewWebhook>) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let mut secret = None;
    let answer = data.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            judge_role(body.role)?;
            if !context.caller.has(body.role, body.organisation_id) {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            judge_types(body.role, &body.event_types)?;
            steps::judge_address(&data, &body.url)?;
            let (row, made) = steps::make(change, &data, body).await?;
            let webhook = wire(change.tx(), row, &context).await?;
            secret = Some(made);
            Ok(Answer::created(webhook.links.own(), &webhook)?.version(1))
        },
    );
    let answer = answer.await?;
    Ok(with_secret(answer, secret).into())
}

/// Get a webhook
///
/// For who keeps it. The secret is not in it.
#[utoipa::path(tag = "webhooks", params(("webhookId" = WebhookId, Path, description = "The webhook.")), responses((status = 200, description = "The webhook.", body = Webhook)))]
#[get("/webhooks/{webhookId}")]
async fn get_webhook(data: Data<State>, context: Context, id: Path<WebhookId>) -> Outcome {
    let connection = data.database.read();
    let row = known(connection, &context, *id).await?;
    let version = row.version;
    let webhook = wire(connection, row, &context).await?;
    Ok(Reply::resource(&webhook, version)?)
}

/// Change a webhook
///
/// For who keeps it: its name, address, types and contact. What waits to be sent goes to a new
/// address at once, however often the one of before has failed.
#[utoipa::path(tag = "webhooks", params(("webhookId" = WebhookId, Path, description = "The webhook.")), request_body = WebhookChange, responses((status = 200, description = "The webhook.", body = Webhook)))]
#[patch("/webhooks/{webhookId}")]
async fn update_webhook(
    data: Data<State>,
    id: Path<WebhookId>,
    command: Command<WebhookChange>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let answer = data.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let mut row = locked(change, &context, *id).await?;
            expected.check(row.version)?;
            if let Some(types) = body.event_types {
                judge_types(column::parse(&row.role)?, &types)?;
                row.event_types = column::json(&types);
            }
            if let Some(url) = body.url {
                steps::judge_address(&data, &url)?;
                if row.url != url {
                    store::try_anew(change, row.id).await?;
                }
                row.url = url;
            }
            row.name = body.name.unwrap_or(row.name);
            row.contact_email = body.contact_email.unwrap_or(row.contact_email);
            let row = steps::save(change, row, "webhook.changed").await?;
            answer_with(change, row, &context).await
        },
    );
    Ok(answer.await?.into())
}

/// Give a webhook a new secret
///
/// For who keeps it. The secret of today signs for `overlapHours` beside the new one, so that an
/// endpoint can be changed without losing anything. `secret` is in this answer alone, as when the
/// webhook was made.
#[utoipa::path(tag = "webhooks", params(("webhookId" = WebhookId, Path, description = "The webhook.")), request_body = WebhookRotation, responses((status = 200, description = "The webhook with its new secret.", body = Webhook)))]
#[post("/webhooks/{webhookId}/rotation")]
async fn rotate_webhook(
    data: Data<State>,
    id: Path<WebhookId>,
    command: Command<WebhookRotation>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let mut secret = None;
    let answer = data.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = locked(change, &context, *id).await?;
            judge(&row, ROTATION, &context)?;
            expected.check(row.version)?;
            let overlap = TimeDelta::hours(body.overlap_hours.into());
            let (row, made) = steps::rotate(change, &data, row, overlap).await?;
            secret = Some(made);
            answer_with(change, row, &context).await
        },
    );
    let answer = answer.await?;
    Ok(with_secret(answer, secret).into())
}

/// Send a test event
///
/// For who keeps the webhook: an event of the type `webhook.tested` is sent to it within seconds,
/// the way of all others; its deliveries tell what became of it.
#[utoipa::path(tag = "webhooks", params(("webhookId" = WebhookId, Path, description = "The webhook.")), responses((status = 200, description = "The webhook.", body = Webhook)))]
#[post("/webhooks/{webhookId}/test")]
async fn test_webhook(data: Data<State>, id: Path<WebhookId>, command: Command<NoBody>) -> Outcome {
    let step = async |change: &mut Change, row: entity::Model, context: &Context| {
        judge(&row, TEST, context)?;
        steps::test(change, &row)?;
        Ok(row)
    };
    take(&data, *id, command, step).await
}

/// Disable a webhook
///
/// For who keeps it: nothing more is sent, and what waits is given up.
#[utoipa::path(tag = "webhooks", params(("webhookId" = WebhookId, Path, description = "The webhook.")), responses((status = 200, description = "The webhook.", body = Webhook)))]
#[post("/webhooks/{webhookId}/disabling")]
async fn disable_webhook(
    data: Data<State>,
    id: Path<WebhookId>,
    command: Command<NoBody>,
) -> Outcome {
    let step = async |change: &mut Change, row: entity::Model, context: &Context| {
        judge(&row, DISABLING, context)?;
        steps::disable(change, row, WebhookDisabledReason::Asked).await
    };
    take(&data, *id, command, step).await
}

/// Enable a webhook
///
/// For who keeps it: what happens from now on is sent again. What happened meanwhile is in the
/// feed, and deliveries that were given up can be sent again one by one.
#[utoipa::path(tag = "webhooks", params(("webhookId" = WebhookId, Path, description = "The webhook.")), responses((status = 200, description = "The webhook.", body = Webhook)))]
#[post("/webhooks/{webhookId}/enabling")]
async fn enable_webhook(
    data: Data<State>,
    id: Path<WebhookId>,
    command: Command<NoBody>,
) -> Outcome {
    let step = async |change: &mut Change, row: entity::Model, context: &Context| {
        judge(&row, ENABLING, context)?;
        steps::enable(change, row).await
    };
    take(&data, *id, command, step).await
}

/// Takes a step of a webhook that the caller keeps.
async fn take(
    data: &State,
    id: WebhookId,
    command: Command<NoBody>,
    step: impl AsyncFnOnce(&mut Change, entity::Model, &Context) -> Result<entity::Model, Problem>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        ..
    } = command;
    let answer = data.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = locked(change, &context, id).await?;
            expected.check(row.version)?;
            let row = step(change, row, &context).await?;
            answer_with(change, row, &context).await
        },
    );
    Ok(answer.await?.into())
}

/// Take a webhook away
///
/// For who keeps it: with its secrets and its deliveries. There is no way back.
#[utoipa::path(tag = "webhooks", params(("webhookId" = WebhookId, Path, description = "The webhook.")), responses((status = 204, description = "The webhook is not there any more.")))]
#[delete("/webhooks/{webhookId}")]
async fn delete_webhook(
    data: Data<State>,
    id: Path<WebhookId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command {
        context, expected, ..
    } = command;
    let answer = data
        .database
        .change(context.actor(), async |change: &mut Change| {
            let row = locked(change, &context, *id).await?;
            expected.check(row.version)?;
            steps::delete(change, &row).await?;
            Ok::<_, Problem>(Answer::no_content())
        });
    Ok(answer.await?.into())
}

/// List deliveries
///
/// For who keeps the webhook: what was sent to it or is to be, the oldest first. Deliveries are
/// kept as long as events.
#[utoipa::path(
    tag = "webhooks",
    params(
        ("webhookId" = WebhookId, Path, description = "The webhook."),
        PageParameters,
        ("state" = Option<DeliveryState>, Query, description = "Only deliveries in this state: `failed` for those that were given up.")
    ),
    responses((status = 200, description = "A page of deliveries.", body = DeliveryPage))
)]
#[get("/webhooks/{webhookId}/deliveries")]
async fn list_deliveries(
    data: Data<State>,
    context: Context,
    id: Path<WebhookId>,
    query: Query,
) -> Outcome {
    let connection = data.database.read();
    let webhook = known(connection, &context, *id).await?;
    let mut select = store::deliveries(webhook.id);
    if let Some(state) = query.get::<DeliveryState>("state") {
        select = select.filter(delivery::Column::State.eq(column::text(state)));
    }
    let slice = page::read(connection, select, delivery::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let rows = slice.items.into_iter();
    let items = rows.map(|row| wire_delivery(row, &webhook, &context));
    Ok(Reply::ok(&DeliveryPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Send a delivery again
///
/// For who keeps the webhook, while it is active and the event is kept: the event is sent from
/// the beginning, under the same id.
#[utoipa::path(tag = "webhooks", params(("webhookId" = WebhookId, Path, description = "The webhook."), ("deliveryId" = DeliveryId, Path, description = "The delivery.")), responses((status = 200, description = "The delivery.", body = Delivery)))]
#[post("/webhooks/{webhookId}/deliveries/{deliveryId}/replay")]
async fn replay_delivery(
    data: Data<State>,
    path: Path<(WebhookId, DeliveryId)>,
    command: Command<NoBody>,
) -> Outcome {
    let (webhook, id) = *path;
    let Command { context, claim, .. } = command;
    let answer = data.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let webhook = locked(change, &context, webhook).await?;
            let row = store::lock_delivery(change, webhook.id, id).await?;
            let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            let case = (column::parse(&webhook.state)?, column::parse(&row.state)?);
            transition::judge(DELIVERIES, REPLAY, &case, context.language)?;
            let event = outbox::Entity::find_by_id(row.event_id);
            let event = event.one(change.tx()).await.map_err(DatabaseError::from)?;
            event.ok_or_else(|| Problem::of(&EVENT_FORGOTTEN))?;
            let row = delivery::Model {
                state: column::text(DeliveryState::Pending),
                attempts: 0,
                next_attempt_at: 0,
                ..row
            };
            let row = row::update::<delivery::Entity>(change.tx(), row).await?;
            change.record("webhook", webhook.id, "webhook.delivery_replayed", None);
            Answer::ok(&wire_delivery(row, &webhook, &context)?)
        },
    );
    Ok(answer.await?.into())
}

/// Refuses types that the role does not hear.
fn judge_types(role: Role, types: &[EventTypeName]) -> Result<(), Problem> {
    let heard = catalogue::heard_by(role);
    let unknown = types.iter().find(|one| !heard.contains(&one.0.as_str()));
    unknown.map_or(Ok(()), |EventTypeName(name)| {
        let words = format!("The role hears no events of the type {name}.");
        Err(Problem::invalid("/eventTypes", "unknown_value", words))
    })
}

fn judge(row: &entity::Model, edge: &str, context: &Context) -> Result<(), Problem> {
    let state: WebhookState = column::parse(&row.state)?;
    transition::judge(TABLE, edge, &state, context.language)
}

async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: WebhookId,
) -> Result<entity::Model, Problem> {
    store::find(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

async fn locked(
    change: &Change,
    context: &Context,
    id: WebhookId,
) -> Result<entity::Model, Problem> {
    store::lock(change, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// The answer that makes a secret. It is added after the answer was kept for repetitions, so that
/// no table ever holds it.
fn with_secret(mut answer: Answer, secret: Option<String>) -> Answer {
    if let (Some(secret), Some(body)) = (secret, answer.body.as_object_mut()) {
        body.insert("secret".to_owned(), secret.into());
    }
    answer
}

async fn answer_with(
    change: &Change,
    row: entity::Model,
    context: &Context,
) -> Result<Answer, Problem> {
    let version = row.version;
    Ok(Answer::ok(&wire(change.tx(), row, context).await?)?.version(version))
}

async fn wire(
    connection: &impl ConnectionTrait,
    row: entity::Model,
    context: &Context,
) -> Result<Webhook, Problem> {
    let href = context.href(format!("webhooks/{}", row.id));
    let state: WebhookState = column::parse(&row.state)?;
    let secrets = store::secrets(connection, row.id, context.now).await?;
    let links = Links::to_self(&href).with("deliveries", "GET", format!("{href}/deliveries"));
    let reason = row.disabled_reason.as_deref().map(column::parse);
    Ok(Webhook {
        id: row.id.into(),
        name: row.name,
        role: column::parse(&row.role)?,
        organisation_id: row.organisation_id.into(),
        url: row.url,
        event_types: column::from_json(row.event_types)?,
        contact_email: row.contact_email,
        state,
        disabled_reason: reason.transpose()?,
        created_at: row.created_at,
        created_by: row.created_by,
        former_ends_at: secrets.iter().filter_map(|one| one.ends_at).max(),
        secret: None,
        links: transition::allowed(TABLE, &state, &href, links),
        transitions: transition::refused(TABLE, &state, context.language),
    })
}

fn wire_delivery(
    row: delivery::Model,
    webhook: &entity::Model,
    context: &Context,
) -> Result<Delivery, Problem> {
    let all = context.href(format!("webhooks/{}/deliveries", webhook.id));
    let href = format!("{all}/{}", row.id);
    let state: DeliveryState = column::parse(&row.state)?;
    let case = (column::parse(&webhook.state)?, state);
    let next = DateTime::<Utc>::from_timestamp(row.next_attempt_at, 0);
    // A delivery has no address of its own to read it at: the list shows all there is to see.
    let links = transition::allowed(DELIVERIES, &case, &href, Links::to_self(all));
    Ok(Delivery {
        id: row.id.into(),
        webhook_id: webhook.id.into(),
        event_id: row.event_id.into(),
        event_type: EventTypeName(row.event_type),
        state,
        attempts: row.attempts,
        outcome: row.outcome,
        created_at: row.created_at,
        attempted_at: row.attempted_at,
        next_attempt_at: next.filter(|_| state == DeliveryState::Pending && row.attempts > 0),
        links,
        transitions: transition::refused(DELIVERIES, &case, context.language),
    })
}
