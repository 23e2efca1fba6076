//! What other services have told: rounds, people and their municipalities. Everything may be
//! missing for a while, since facts arrive in any order.

use crate::{mentees, mentors};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_projections::{offices, organisations, people, rounds};
use shared_types::{
    Language, LocalizedText, OrganisationId, PersonId, Problem, RoundId, civil, codes,
    holidays::Country, registration::offices::OfficeKind,
};
use shared_web::Context;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The office whose holder may be a mentor.
const ELIGIBLE: OfficeKind = OfficeKind::MunicipalDirector;

/// A round, as far as mentorship needs it.
#[derive(Clone, Debug)]
pub struct Round {
    /// Id.
    pub id: RoundId,
    /// Whose round it is.
    pub organiser_id: OrganisationId,
    /// Name.
    pub name: LocalizedText,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// Zone of its days.
    pub zone: Tz,
}

impl Round {
    /// The civil date of an instant.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        civil::date_in(now, self.zone)
    }

    /// Whether the round has begun.
    pub fn has_begun(&self, now: DateTime<Utc>) -> bool {
        self.starts_on.is_some_and(|day| self.today(now) >= day)
    }

    /// The day in the middle of the round.
    pub fn midpoint(&self) -> Option<NaiveDate> {
        let (from, to) = (self.starts_on?, self.ends_on?);
        from.checked_add_signed((to - from) / 2)
    }

    /// The calendar of working days: the zone's country, else Sweden's.
    pub fn country(&self) -> Country {
        Country::of_zone(self.zone).unwrap_or(Country::Sweden)
    }
}

/// A round that was told of.
pub async fn round(
    connection: &impl ConnectionTrait,
    id: RoundId,
) -> Result<Option<Round>, DatabaseError> {
    let Some(row) = rounds::find(connection, id).await? else {
        return Ok(None);
    };
    Ok(Some(Round {
        id,
        organiser_id: row.organiser_id.into(),
        name: column::from_json(row.name)?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        zone: civil::zone(&row.time_zone).unwrap_or(Tz::UTC),
    }))
}

/// A round that the caller may know: its coordinators, mentors and participants do.
pub async fn visible(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<Round, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let round = round(connection, id).await?.ok_or_else(missing)?;
    if context.caller.coordinates(round.organiser_id) {
        return Ok(round);
    }
    let person = context.caller.person.ok_or_else(missing)?;
    let takes_part = mentees::store::of_person(connection, id, person)
        .await?
        .is_some();
    if takes_part
        || mentors::store::of_person(connection, id, person)
            .await?
            .is_some()
    {
        Ok(round)
    } else {
        Err(missing())
    }
}

/// A round that the caller coordinates; who may know it and does not coordinate it is told so.
pub async fn coordinated(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<Round, Problem> {
    let round = visible(connection, context, id).await?;
    if context.caller.coordinates(round.organiser_id) {
        Ok(round)
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

/// What is known of some people.
#[derive(Clone, Debug, Default)]
pub struct People {
    known: BTreeMap<Uuid, people::Model>,
    organisations: BTreeMap<Uuid, String>,
    holders: BTreeSet<Uuid>,
}

impl People {
    /// Reads what is known of these people.
    pub async fn of(
        connection: &impl ConnectionTrait,
        ids: impl IntoIterator<Item = Uuid>,
    ) -> Result<Self, DatabaseError> {
        let ids: BTreeSet<Uuid> = ids.into_iter().collect();
        if ids.is_empty() {
            return Ok(Self::default());
        }
        let found = people::Entity::find()
            .filter(people::Column::Id.is_in(ids.iter().copied()))
            .all(connection)
            .await?;
        let municipalities: BTreeSet<Uuid> =
            found.iter().filter_map(|row| row.municipality_id).collect();
        let organisations = if municipalities.is_empty() {
            Vec::new()
        } else {
            organisations::Entity::find()
                .filter(organisations::Column::Id.is_in(municipalities))
                .all(connection)
                .await?
        };
        let held = offices::Entity::find()
            .filter(offices::Column::HolderId.is_in(ids))
            .filter(offices::Column::Kind.eq(column::text(ELIGIBLE)))
            .all(connection)
            .await?;
        Ok(Self {
            known: found.into_iter().map(|row| (row.id, row)).collect(),
            organisations: organisations
                .into_iter()
                .map(|row| (row.id, row.name))
                .collect(),
            holders: held.into_iter().filter_map(|row| row.holder_id).collect(),
        })
    }

    /// A person.
    pub fn get(&self, id: Uuid) -> Option<&people::Model> {
        self.known.get(&id)
    }

    /// A person's name.
    pub fn name(&self, id: Uuid) -> Option<String> {
        self.get(id)
            .filter(|row| !row.erased)
            .map(|row| row.name.clone())
    }

    /// A person's municipality; who belongs to none counts to the own organisation.
    pub fn municipality(&self, id: Uuid) -> Option<OrganisationId> {
        self.get(id)
            .filter(|row| !row.erased)
            .map(|row| row.municipality_id.unwrap_or(row.organisation_id).into())
    }

    /// The language to write to a person in.
    pub fn language(&self, id: Uuid) -> Language {
        self.get(id)
            .and_then(|row| column::parse(&row.language).ok())
            .unwrap_or_default()
    }

    /// Name of a person's municipality.
    pub fn municipality_name(&self, id: Uuid) -> Option<String> {
        let municipality = self.get(id)?.municipality_id?;
        self.organisations.get(&municipality).cloned()
    }

    /// Whether a person holds an office whose holder may be a mentor.
    pub fn holds_office(&self, id: Uuid) -> bool {
        self.holders.contains(&id)
    }

    /// Whether a person is known and active.
    pub fn is_active(&self, id: Uuid) -> bool {
        self.get(id).is_some_and(|row| row.active)
    }
}

/// Everybody above a person in the line of management, as far as it is known.
pub async fn managers(
    connection: &impl ConnectionTrait,
    ids: impl IntoIterator<Item = Uuid>,
) -> Result<BTreeMap<Uuid, BTreeSet<PersonId>>, DatabaseError> {
    let asked: BTreeSet<Uuid> = ids.into_iter().collect();
    let mut above: BTreeMap<Uuid, Option<Uuid>> = BTreeMap::new();
    let mut next = asked.clone();
    // One query for each step up, for all together.
    while !next.is_empty() {
        let rows = people::Entity::find()
            .filter(people::Column::Id.is_in(next.iter().copied()))
            .all(connection)
            .await?;
        above.extend(next.iter().map(|id| (*id, None)));
        above.extend(rows.iter().map(|row| (row.id, row.manager_id)));
        next = rows
            .iter()
            .filter_map(|row| row.manager_id)
            .filter(|id| !above.contains_key(id))
            .collect();
    }
    let line = |start: Uuid| {
        let mut line = BTreeSet::new();
        let mut at = above.get(&start).copied().flatten();
        while let Some(id) = at {
            // A circle ends where it closes.
            if !line.insert(PersonId::from(id)) {
                break;
            }
            at = above.get(&id).copied().flatten();
        }
        line
    };
    Ok(asked.into_iter().map(|id| (id, line(id))).collect())
}
