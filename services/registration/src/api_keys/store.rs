//! Queries and transactions of API keys.

use super::{
    entity, former_secret,
    model::{self, keeps},
};
use crate::{State, organisations};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _,
    QuerySelect as _, Select,
};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    ApiKeyId, Caller, OrganisationId, Problem, Role, codes,
    registration::{api_keys::ApiKeyState, codes::ORGANISATION_UNKNOWN},
};
use shared_web::{
    Context,
    api_key::{NewSecret, is_same},
};
use std::mem;
use uuid::Uuid;

/// A key to make.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewKey {
    /// What it is for.
    pub name: String,
    /// The role that it has.
    pub role: Role,
    /// Where the role counts.
    pub organisation: Option<OrganisationId>,
    /// The scopes to which it is limited.
    pub scopes: Option<Vec<String>>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

impl NewKey {
    /// A key that may all that the role may, until it is taken back.
    pub fn unlimited(name: &str, role: Role, organisation: Option<OrganisationId>) -> Self {
        Self {
            name: name.to_owned(),
            role,
            organisation,
            scopes: None,
            expires_at: None,
        }
    }
}

/// The keys that a caller keeps.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let organisation = entity::Column::OrganisationId;
    let of = |role| {
        caller
            .scope(role)
            .map(move |id| organisation.eq(Uuid::from(id)))
    };
    let mut kept = Condition::any();
    for organiser in of(Role::Coordinator) {
        kept = kept.add(organiser);
    }
    for employer in of(Role::Hr) {
        let is_hr = entity::Column::Role.eq(column::text(Role::Hr));
        kept = kept.add(Condition::all().add(employer).add(is_hr));
    }
    if caller.is_operator() {
        kept = kept.add(organisation.is_null());
    }
    if kept.is_empty() {
        // An empty condition would be none at all; no key has this id, which an index says.
        kept = kept.add(entity::Column::Id.eq(Uuid::nil()));
    }
    entity::Entity::find().filter(kept)
}

/// A key that the caller keeps and that this transaction changes: others wait until it is done.
pub async fn lock(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: ApiKeyId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(scoped(caller)
        .filter(entity::Column::Id.eq(id.uuid()))
        .lock_exclusive()
        .one(connection)
        .await?)
}

/// When the key ends with which somebody calls; `None` where it is no key, or has no end.
pub async fn own_end(
    connection: &impl ConnectionTrait,
    caller: &Caller,
) -> Result<Option<DateTime<Utc>>, DatabaseError> {
    let id = caller.subject.strip_prefix("key:");
    let Some(id) = id.and_then(|id| id.parse::<Uuid>().ok()) else {
        return Ok(None);
    };
    let own = entity::Entity::find_by_id(id).one(connection).await?;
    Ok(own.and_then(|row| row.expires_at))
}

/// The key of an id, if it counts and the presented digest is that of its secret or of a former
/// one whose time is not over.
pub async fn presented(
    connection: &impl ConnectionTrait,
    id: ApiKeyId,
    digest: &str,
    now: DateTime<Utc>,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?;
    let counts = |row: &entity::Model| {
        model::state(row.revoked_at, row.expires_at, now) == ApiKeyState::Active
    };
    let Some(row) = found.filter(counts) else {
        return Ok(None);
    };
    if is_same(&row.digest, digest) {
        return Ok(Some(row));
    }
    if row.former_ends_at.is_none_or(|end| now >= end) {
        return Ok(None);
    }
    let former = former_secret::Entity::find()
        .filter(former_secret::Column::ApiKeyId.eq(row.id))
        .all(connection)
        .await?;
    let is_former = former
        .iter()
        .any(|former| now < former.ends_at && is_same(&former.digest, digest));
    Ok(is_former.then_some(row))
}

/// Adds a key; only the digest of its secret is kept. Who may do it is the caller's to ask.
pub async fn insert(
    change: &mut Change,
    new: NewKey,
) -> Result<(entity::Model, NewSecret), Problem> {
    model::judge_role(new.role, new.organisation)?;
    if let Some(id) = new.organisation {
        organisations::store::find(change.tx(), id)
            .await?
            .ok_or_else(|| Problem::of(&ORGANISATION_UNKNOWN))?;
    }
    let id = ApiKeyId::new();
    let secret = NewSecret::generate(id);
    let row = entity::Model {
        id: id.uuid(),
        name: new.name,
        digest: secret.digest.clone(),
        role: column::text(new.role),
        organisation_id: new.organisation.map(Uuid::from),
        created_at: change.actor.at,
        revoked_at: None,
        scopes: new.scopes.map(|scopes| column::json(&scopes)),
        created_by: Some(change.actor.subject.clone()),
        expires_at: new.expires_at,
        rotated_at: None,
        former_ends_at: None,
        last_used_at: None,
        version: 1,
    };
    let row = row::insert::<entity::Entity>(change.tx(), row).await?;
    tell(change, &row, "api_key.created");
    Ok((row, secret))
}

/// Saves a changed key as a new version, with its history and event.
pub async fn update(
    change: &mut Change,
    mut row: entity::Model,
    fact: &str,
) -> Result<entity::Model, Problem> {
    row.version += 1;
    let row = row::update::<entity::Entity>(change.tx(), row).await?;
    tell(change, &row, fact);
    Ok(row)
}

fn tell(change: &mut Change, row: &entity::Model, fact: &str) {
    change.record("api_key", row.id, fact, None);
    // As the organiser's: what names an organisation alone is told to whoever it is a partner of.
    let is_hr = row.role == column::text(Role::Hr);
    let organisation = row.organisation_id.filter(|_| is_hr);
    let data = json!({
        "apiKeyId": row.id, "organiserId": row.organisation_id, "organisationId": organisation,
        "name": row.name, "role": row.role, "scopes": row.scopes, "expiresAt": row.expires_at,
    });
    change.publish(fact, row.id, data);
}

/// Gives a key a new secret. Those of before count for as long as was said when they were
/// replaced, this one's for `overlap`.
pub async fn rotate(
    change: &mut Change,
    mut row: entity::Model,
    overlap: TimeDelta,
) -> Result<(entity::Model, NewSecret), Problem> {
    let now = change.actor.at;
    forget_former(change, row.id, Some(now)).await?;
    let ends_at = now + overlap;
    let secret = NewSecret::generate(row.id.into());
    let before = mem::replace(&mut row.digest, secret.digest.clone());
    if overlap > TimeDelta::zero() {
        let former = former_secret::Model {
            digest: before,
            api_key_id: row.id,
            ends_at,
        };
        row::insert::<former_secret::Entity>(change.tx(), former).await?;
    }
    row.former_ends_at = row
        .former_ends_at
        .max(Some(ends_at))
        .filter(|end| *end > now);
    row.rotated_at = Some(now);
    let row = update(change, row, "api_key.rotated").await?;
    Ok((row, secret))
}

/// Takes a key back with all of its secrets.
pub async fn revoke_row(
    change: &mut Change,
    mut row: entity::Model,
) -> Result<entity::Model, Problem> {
    forget_former(change, row.id, None).await?;
    row.former_ends_at = None;
    row.revoked_at = Some(change.actor.at);
    update(change, row, "api_key.revoked").await
}

/// Forgets former secrets: those whose time is over by an instant, or all.
async fn forget_former(
    change: &Change,
    key: Uuid,
    by: Option<DateTime<Utc>>,
) -> Result<(), DatabaseError> {
    let mut forget =
        former_secret::Entity::delete_many().filter(former_secret::Column::ApiKeyId.eq(key));
    if let Some(by) = by {
        forget = forget.filter(former_secret::Column::EndsAt.lte(by));
    }
    forget.exec(change.tx()).await?;
    Ok(())
}

/// Refuses scopes that no operation takes; `known` tells the others.
pub fn judge_scopes<'a>(
    known: impl Fn(&str) -> bool,
    scopes: impl IntoIterator<Item = &'a String>,
) -> Result<(), Problem> {
    let unknown = scopes.into_iter().find(|scope| !known(scope));
    unknown.map_or(Ok(()), |scope| {
        let words = format!("No operation takes the scope {scope}.");
        Err(Problem::invalid("/scopes", "unknown_value", words))
    })
}

/// Makes a key where the installation is: what `akademi key create` does.
pub async fn create(state: &State, new: NewKey) -> Result<(ApiKeyId, NewSecret), Problem> {
    let name = new.name.trim();
    if !(1..=200).contains(&name.chars().count()) {
        let words = "Between 1 and 200 characters.";
        return Err(Problem::invalid("/name", "too_short", words));
    }
    judge_scopes(
        |scope| is_known_scope(state, scope),
        new.scopes.iter().flatten(),
    )?;
    let actor = Context::system(&state.core).actor();
    let creating = state.database.change(actor, async |change: &mut Change| {
        let (row, secret) = insert(change, new).await?;
        Ok((row.id.into(), secret))
    });
    creating.await
}

/// Takes a key back where the installation is: whoever calls with it is unknown within seconds.
/// Doing it again changes nothing.
pub async fn revoke(state: &State, id: ApiKeyId) -> Result<(), Problem> {
    let actor = Context::system(&state.core).actor();
    let revoking = state.database.change(actor, async |change: &mut Change| {
        let row = entity::Entity::find_by_id(id.uuid())
            .lock_exclusive()
            .one(change.tx())
            .await
            .map_err(DatabaseError::from)?
            .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
        if row.revoked_at.is_none() {
            revoke_row(change, row).await?;
        }
        Ok(())
    });
    revoking.await
}

/// The other APIs; a key is given their scopes as a whole.
const OTHER_APIS: [&str; 3] = ["scheduling", "mentorship", "evaluation"];

/// Whether some operation takes a scope.
pub fn is_known_scope(state: &State, scope: &str) -> bool {
    let is_others = || {
        let (api, right) = scope.split_once(':')?;
        (OTHER_APIS.contains(&api) && matches!(right, "read" | "write")).then_some(())
    };
    // SCIM describes itself and stands in no API document.
    let is_scims = crate::scim::SCOPES.contains(&scope);
    state.core.contract.scopes().contains(scope) || is_scims || is_others().is_some()
}

/// Whether the caller keeps a key.
pub fn is_kept_by(caller: &Caller, row: &entity::Model) -> Result<bool, DatabaseError> {
    let organisation = row.organisation_id.map(OrganisationId::from);
    Ok(keeps(caller, column::parse(&row.role)?, organisation))
}
