//! What happens to webhooks, each step with its history and event.

use super::{
    entity::{self, secret},
    model::MOST_WEBHOOKS,
    queue::TESTED,
    signature, store,
};
use crate::{
    State,
    mail::{self, NewMessage, Recipient, Template},
    organisations,
};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, feed, row};
use shared_types::{
    OrganisationId, Problem, Role, WebhookId, Words,
    registration::{
        codes::{ORGANISATION_UNKNOWN, WEBHOOK_ADDRESS_REFUSED, WEBHOOK_LIMIT},
        webhooks::{NewWebhook, WebhookDisabledReason, WebhookState},
    },
};
use shared_web::outgoing::Method;
use uuid::Uuid;

const GONE: Words = Words {
    en: "The endpoint answered that it is gone (410).",
    sv: "Mottagaren svarade att den är borta (410).",
    da: "Modtageren svarede, at den er væk (410).",
};
const FAILING: Words = Words {
    en: "The endpoint has not taken any event for more than a day.",
    sv: "Mottagaren har inte tagit emot någon händelse på mer än ett dygn.",
    da: "Modtageren har ikke taget imod nogen hændelse i mere end et døgn.",
};

/// Refuses an address that leads inside as it stands, or that is none; names are judged each time
/// they are used.
pub fn judge_address(state: &State, url: &str) -> Result<(), Problem> {
    let is_private = url.starts_with("https://") || state.outgoing.plain_http;
    let is_open = state.outgoing.external.request(Method::POST, url).is_ok();
    if is_private && is_open {
        Ok(())
    } else {
        Err(Problem::of(&WEBHOOK_ADDRESS_REFUSED))
    }
}

/// Makes a webhook, which hears what happens from now on; answers it with its secret's text.
pub async fn make(
    change: &mut Change,
    state: &State,
    body: NewWebhook,
) -> Result<(entity::Model, String), Problem> {
    let organisation = organisations::store::find(change.tx(), body.organisation_id).await?;
    organisation.ok_or_else(|| Problem::of(&ORGANISATION_UNKNOWN))?;
    if store::count(change.tx(), body.organisation_id).await? >= MOST_WEBHOOKS {
        return Err(Problem::of(&WEBHOOK_LIMIT).value("most", MOST_WEBHOOKS));
    }
    let row = entity::Model {
        id: WebhookId::new().uuid(),
        organisation_id: body.organisation_id.uuid(),
        role: column::text(body.role),
        name: body.name,
        url: body.url,
        event_types: column::json(&body.event_types),
        contact_email: body.contact_email,
        state: column::text(WebhookState::Active),
        disabled_reason: None,
        starts_after: feed::last(change.tx()).await?,
        created_at: change.actor.at,
        created_by: change.actor.subject.clone(),
        version: 1,
    };
    let row = row::insert::<entity::Entity>(change.tx(), row).await?;
    let secret = add_secret(change, state, row.id).await?;
    tell(change, &row, "webhook.created")?;
    Ok((row, secret))
}

async fn add_secret(change: &Change, state: &State, webhook: Uuid) -> Result<String, Problem> {
    let row = secret::Model {
        id: Uuid::now_v7(),
        webhook_id: webhook,
        ends_at: None,
    };
    let secret = signature::secret(&state.link_key, row.id);
    row::insert::<secret::Entity>(change.tx(), row).await?;
    // HMAC takes keys of every length, so that there always is one.
    Ok(signature::text(&secret.unwrap_or_default()))
}

/// Gives a webhook a new secret; those of before sign beside it for a while.
pub async fn rotate(
    change: &mut Change,
    state: &State,
    webhook: entity::Model,
    overlap: TimeDelta,
) -> Result<(entity::Model, String), Problem> {
    let now = change.actor.at;
    let over = Condition::all()
        .add(secret::Column::WebhookId.eq(webhook.id))
        .add(secret::Column::EndsAt.lte(now));
    secret::Entity::delete_many()
        .filter(over)
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    secret::Entity::update_many()
        .col_expr(secret::Column::EndsAt, Expr::value(now + overlap))
        .filter(secret::Column::WebhookId.eq(webhook.id))
        .filter(secret::Column::EndsAt.is_null())
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let secret = add_secret(change, state, webhook.id).await?;
    let webhook = save(change, webhook, "webhook.rotated").await?;
    Ok((webhook, secret))
}

/// Saves a changed webhook as a new version, with its history and event.
pub async fn save(
    change: &mut Change,
    mut webhook: entity::Model,
    edge: &str,
) -> Result<entity::Model, Problem> {
    webhook.version += 1;
    let webhook = row::update::<entity::Entity>(change.tx(), webhook).await?;
    tell(change, &webhook, edge)?;
    Ok(webhook)
}

/// Stops sending; what waits is given up, and the contact is told unless somebody asked for it.
pub async fn disable(
    change: &mut Change,
    mut webhook: entity::Model,
    reason: WebhookDisabledReason,
) -> Result<entity::Model, Problem> {
    webhook.state = column::text(WebhookState::Disabled);
    webhook.disabled_reason = Some(column::text(reason));
    let webhook = save(change, webhook, "webhook.disabled").await?;
    store::give_up_pending(change, webhook.id, "webhook_disabled").await?;
    let words = match reason {
        WebhookDisabledReason::Asked => return Ok(webhook),
        WebhookDisabledReason::Gone => &GONE,
        WebhookDisabledReason::Failing => &FAILING,
    };
    let organisation = OrganisationId::from(webhook.organisation_id);
    let organisation = organisations::store::find(change.tx(), organisation).await?;
    let language = organisation.map(|one| column::parse(&one.language));
    let message = NewMessage {
        template: Template::WebhookDisabled,
        to: Recipient {
            person: None,
            name: webhook.name.clone(),
            email: webhook.contact_email.clone(),
            language: language.transpose()?.unwrap_or_default(),
        },
        organiser: None,
        facts: json!({
            "roundName": webhook.name, "endpointHost": host(&webhook.url),
            "reason": { "en": words.en, "sv": words.sv, "da": words.da },
        }),
        link: None,
    };
    mail::queue(change, message);
    Ok(webhook)
}

/// Goes on sending, with what happens from now on.
pub async fn enable(
    change: &mut Change,
    mut webhook: entity::Model,
) -> Result<entity::Model, Problem> {
    webhook.state = column::text(WebhookState::Active);
    webhook.disabled_reason = None;
    webhook.starts_after = feed::last(change.tx()).await?;
    save(change, webhook, "webhook.enabled").await
}

/// Asks for a test event, which goes the way of all others.
pub fn test(change: &mut Change, webhook: &entity::Model) -> Result<(), Problem> {
    tell(change, webhook, TESTED)
}

/// Forgets a webhook.
pub async fn delete(change: &mut Change, webhook: &entity::Model) -> Result<(), Problem> {
    store::delete(change, webhook.id).await?;
    tell(change, webhook, "webhook.deleted")
}

/// Writes what happened into the history, and tells those who hear what the webhook hears.
fn tell(change: &mut Change, webhook: &entity::Model, edge: &str) -> Result<(), Problem> {
    change.record("webhook", webhook.id, edge, None);
    let role: Role = column::parse(&webhook.role)?;
    let organisation = OrganisationId::from(webhook.organisation_id);
    // As the organiser's where it is one: what names an organisation alone is told to whoever it
    // is a partner of.
    let (organiser, employer) = match role {
        Role::Hr => (None, Some(organisation)),
        _ => (Some(organisation), None),
    };
    let data = json!({
        "webhookId": webhook.id, "organiserId": organiser, "organisationId": employer,
        "state": webhook.state, "version": webhook.version,
    });
    change.publish(edge, webhook.id, data);
    Ok(())
}

/// The host of an address: all that logs and mails say of it.
pub fn host(url: &str) -> String {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_an_address_only_the_host_is_told() {
        for (url, told) in [
            (
                "https://hr.kommun.example/hook?token=secret",
                "hr.kommun.example",
            ),
            ("https://hr.kommun.example:8443", "hr.kommun.example:8443"),
            ("https://hr.kommun.example?x", "hr.kommun.example"),
        ] {
            assert_eq!(host(url), told);
        }
    }
}
