//! First logins that nobody has provisioned: an issuer says that it has verified an address of
//! somebody who is known here.
//!
//! The address alone is no proof: addresses are given to others, and some issuers let people
//! write what they like. So a mail goes to the address, and only the link in it connects the
//! issuer's name with the person. One mail a day for a name, and few for a person, however often
//! somebody tries.

use super::{claim_entity as entity, entity as person, identity, store};
use crate::{
    State,
    mail::{self, LinkKind, NewMessage, Template},
};
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    QuerySelect as _,
};
use serde_json::json;
use shared_database::{Change, DatabaseError, row};
use shared_types::{LinkId, PersonId, Problem, registration::codes::LINK_INVALID};
use shared_web::Context;
use uuid::Uuid;

/// How long the link works.
const LIFE: TimeDelta = TimeDelta::days(7);
/// After which time the same name is mailed about again.
const PAUSE: TimeDelta = TimeDelta::days(1);
/// Names that claim one person in a day.
const MOST_A_DAY: u64 = 3;

/// Notes that an issuer's name claims to be a person, and mails the person about it.
pub async fn note(
    state: &State,
    issuer: &str,
    subject: &str,
    person: person::Model,
) -> Result<(), Problem> {
    let now = state.core.clock.now();
    let known = find(state.database.read(), issuer, subject).await?;
    if known
        .as_ref()
        .is_some_and(|known| is_quiet(known, &person, now))
    {
        return Ok(());
    }
    let actor = Context::system(&state.core).actor();
    let noting = state.database.change(actor, async |change: &mut Change| {
        // One after the other, so that the limits hold.
        let Some(person) = store::lock(change.tx(), person.id.into()).await? else {
            return Ok(());
        };
        let known = find(change.tx(), issuer, subject).await?;
        if known
            .as_ref()
            .is_some_and(|known| is_quiet(known, &person, now))
        {
            return Ok(());
        }
        let lately = entity::Entity::find()
            .filter(entity::Column::PersonId.eq(person.id))
            .filter(entity::Column::MailedAt.gt(now - PAUSE));
        let lately = lately
            .count(change.tx())
            .await
            .map_err(DatabaseError::from)?;
        let named = store::is_named_by(change.tx(), issuer, person.id.into()).await?;
        if lately >= MOST_A_DAY || named || !person.active {
            return Ok(());
        }
        let claim = entity::Model {
            // Another link: what was mailed about another person opens nothing any more.
            id: LinkId::new().uuid(),
            issuer: issuer.to_owned(),
            subject: subject.to_owned(),
            person_id: person.id,
            email_key: person.email_key.clone(),
            made_at: now,
            mailed_at: now,
            ended_at: None,
        };
        if let Some(known) = known {
            entity::Entity::delete_by_id(known.id)
                .exec(change.tx())
                .await
                .map_err(DatabaseError::from)?;
        }
        let link = LinkId::from(claim.id);
        row::insert::<entity::Entity>(change.tx(), claim).await?;
        change.record("person", person.id, "person.identity_claimed", None);
        let message = NewMessage {
            template: Template::IdentityConfirm,
            facts: json!({ "personName": person.name, "issuer": host(issuer) }),
            to: store::recipient(&person)?,
            organiser: None,
            link: Some((LinkKind::Identity, link)),
        };
        mail::queue(change, message);
        Ok::<_, Problem>(())
    });
    noting.await
}

/// Whether there is nothing to mail about: the person was asked a short while ago, or has said no.
fn is_quiet(known: &entity::Model, person: &person::Model, now: DateTime<Utc>) -> bool {
    let same = known.person_id == person.id && known.email_key == person.email_key;
    same && (known.ended_at.is_some() || known.mailed_at > now - PAUSE)
}

/// The part of an issuer's name that people know.
pub fn host(issuer: &str) -> &str {
    let rest = issuer.split_once("://").map_or(issuer, |(_, rest)| rest);
    rest.split('/').next().unwrap_or(rest)
}

async fn find(
    connection: &impl ConnectionTrait,
    issuer: &str,
    subject: &str,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        .filter(entity::Column::Issuer.eq(issuer))
        .filter(entity::Column::Subject.eq(subject))
        .one(connection)
        .await?)
}

/// What a link in a mail is about, as long as it works.
pub async fn open(
    state: &State,
    connection: &impl ConnectionTrait,
    token: &str,
) -> Result<entity::Model, Problem> {
    let invalid = || Problem::of(&LINK_INVALID);
    let id = state.link_key.verify(LinkKind::Identity.word(), token);
    let claim = entity::Entity::find_by_id(Uuid::from(id.ok_or_else(invalid)?))
        .one(connection)
        .await
        .map_err(DatabaseError::from)?
        .ok_or_else(invalid)?;
    let over = state.core.clock.now() >= claim.mailed_at + LIFE;
    if over && claim.ended_at.is_none() {
        return Err(invalid());
    }
    Ok(claim)
}

/// Writes the person's word, once; a later one changes nothing. Yes counts only while everything
/// is as it was when the mail left.
pub async fn answer(
    change: &mut Change,
    claim: entity::Model,
    agreed: bool,
) -> Result<(), Problem> {
    let person = PersonId::from(claim.person_id);
    let row = store::lock(change.tx(), person).await?;
    let locked = entity::Entity::find_by_id(claim.id)
        .lock_exclusive()
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let Some(mut claim) = locked.filter(|claim| claim.ended_at.is_none()) else {
        return Ok(());
    };
    let invalid = || Problem::of(&LINK_INVALID);
    let row = row.ok_or_else(invalid)?;
    claim.ended_at = Some(change.actor.at);
    let (issuer, subject) = (claim.issuer.clone(), claim.subject.clone());
    let same = row.active && row.verified && row.email_key == claim.email_key;
    row::update::<entity::Entity>(change.tx(), claim).await?;
    if !agreed {
        change.record("person", person, "person.identity_refused", None);
        return Ok(());
    }
    if !same || store::is_named_by(change.tx(), &issuer, person).await? {
        return Err(invalid());
    }
    let link = identity::Model {
        issuer,
        subject,
        person_id: person.uuid(),
    };
    store::link(change.tx(), link).await?;
    change.record("person", person, "person.identity_linked", None);
    Ok(())
}

/// Whether the two are connected.
pub async fn is_linked(
    connection: &impl ConnectionTrait,
    claim: &entity::Model,
) -> Result<bool, DatabaseError> {
    let named = store::identified(connection, &claim.issuer, &claim.subject).await?;
    Ok(named == Some(claim.person_id.into()))
}
