//! Queries and transactions of calendar links, and what stands in somebody's calendar.

use super::{
    entity,
    model::{self, MOST_LINKS},
    secret::{self, NewSecret},
};
use crate::{audiences, invitations};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, PaginatorTrait as _, QueryFilter as _,
    Select,
};
use shared_calendar::Event;
use shared_database::{Change, DatabaseError, column, row};
use shared_projections::people;
use shared_types::{
    CalendarLinkId, Caller, Language, PersonId, Problem, codes,
    scheduling::{codes::CALENDAR_LINKS_MOST, sessions::Audience},
};
use shared_web::api_key;
use uuid::Uuid;

/// The caller's own links.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let own = caller.person.map_or(Uuid::nil(), PersonId::uuid);
    entity::Entity::find().filter(entity::Column::PersonId.eq(own))
}

/// A link of the caller's own.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: CalendarLinkId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let own = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
    Ok(own.one(connection).await?)
}

/// Makes a link; its secret is in the answer and nowhere else.
pub async fn add(
    change: &mut Change,
    person: PersonId,
    name: Option<String>,
) -> Result<(entity::Model, NewSecret), Problem> {
    let working = entity::Entity::find()
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .filter(entity::Column::RevokedAt.is_null());
    let working = working.count(change.tx()).await;
    if working.map_err(DatabaseError::from)? >= MOST_LINKS {
        return Err(Problem::of(&CALENDAR_LINKS_MOST).value("most", MOST_LINKS));
    }
    let id = CalendarLinkId::new();
    let secret = NewSecret::generate(id);
    let link = entity::Model {
        id: id.uuid(),
        person_id: person.uuid(),
        name,
        digest: secret.digest.clone(),
        created_at: change.actor.at,
        revoked_at: None,
        version: 1,
    };
    let link = row::insert::<entity::Entity>(change.tx(), link).await?;
    change.record("calendar_link", id, "calendar_link.made", None);
    Ok((link, secret))
}

/// Revokes a link; one that is revoked already stays so.
pub async fn revoke(change: &mut Change, mut link: entity::Model) -> Result<(), Problem> {
    if link.revoked_at.is_some() {
        return Ok(());
    }
    link.revoked_at = Some(change.actor.at);
    link.version += 1;
    change.record("calendar_link", link.id, "calendar_link.revoked", None);
    row::update::<entity::Entity>(change.tx(), link).await?;
    Ok(())
}

/// Forgets the links of somebody who is erased.
pub async fn forget(change: &Change, person: PersonId) -> Result<(), DatabaseError> {
    entity::Entity::delete_many()
        .filter(entity::Column::PersonId.eq(person.uuid()))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Whose calendar a secret opens. What has no row is compared too, so that time tells nothing.
pub async fn open(
    connection: &impl ConnectionTrait,
    text: &str,
) -> Result<Option<PersonId>, DatabaseError> {
    let Some((id, digest)) = secret::read(text) else {
        return Ok(None);
    };
    let link = entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?;
    let kept = link
        .as_ref()
        .map_or(secret::NOBODYS, |link| link.digest.as_str());
    let is_same = api_key::is_same(kept, &digest);
    let works = link.filter(|link| is_same && link.revoked_at.is_none());
    Ok(works.map(|link| link.person_id.into()))
}

/// Somebody's calendar.
#[derive(Clone, Debug)]
pub struct Calendar {
    /// The language of its owner.
    pub language: Language,
    /// What stands in it.
    pub events: Vec<Event>,
}

/// The calendar of a person; nothing for who is erased or has left.
pub async fn calendar(
    connection: &impl ConnectionTrait,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<Option<Calendar>, DatabaseError> {
    let known = people::find(connection, person).await?;
    if known.as_ref().is_some_and(|known| !known.active) {
        return Ok(None);
    }
    // A person may have a seat here before anybody has told who it is.
    let language = match known {
        Some(known) => column::parse(&known.language)?,
        None => Language::default(),
    };
    let refused = invitations::store::refused_by(connection, person).await?;
    let sessions = audiences::store::sessions_of(connection, person).await?;
    let is_guest = |part: &Audience| matches!(part, Audience::Mentors | Audience::Directors);
    let events = sessions
        .iter()
        .filter(|one| model::is_shown(&one.session, now))
        .filter(|one| !(refused.contains(&one.session.id) && one.parts.iter().all(is_guest)))
        .flat_map(|one| model::events(&one.session, language))
        .collect();
    Ok(Some(Calendar { language, events }))
}

/// The caller, as a person: systems have no calendar.
pub fn owner(caller: &Caller) -> Result<PersonId, Problem> {
    caller.person.ok_or_else(|| Problem::of(&codes::FORBIDDEN))
}
