//! Parts: a person's part in a round, the round itself, and what the caller is to them.

use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, QueryFilter as _, Select,
};
use shared_database::{DatabaseError, column};
use shared_projections::{participations, rounds};
use shared_types::{
    ApplicationId, Caller, Language, LocalizedText, OrganisationId, PersonId, Problem, ProgrammeId,
    Role, RoundId, civil, codes, registration::applications::SeatState,
};
use uuid::Uuid;

use crate::credits;

/// A round.
#[derive(Clone, Debug)]
pub struct Round {
    /// Id.
    pub id: RoundId,
    /// The programme.
    pub programme_id: ProgrammeId,
    /// Who runs it.
    pub organiser_id: OrganisationId,
    /// Whose registrars register its credits.
    pub provider_id: OrganisationId,
    /// Name.
    pub name: LocalizedText,
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// The language it is held in.
    pub language: Language,
    /// Zone of its days.
    pub zone: Tz,
}

impl Round {
    /// The civil date of an instant.
    pub fn today(&self, now: DateTime<Utc>) -> NaiveDate {
        civil::date_in(now, self.zone)
    }

    /// What a caller is to the round as a member of staff.
    pub fn staff(&self, caller: &Caller) -> Staff {
        Staff {
            coordinator: caller.coordinates(self.organiser_id),
            evaluator: caller.has(Role::Evaluator, self.organiser_id),
            registrar: caller.has(Role::Registrar, self.provider_id),
        }
    }
}

/// What a caller is to a round, beside taking part.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Staff {
    /// Runs it.
    pub coordinator: bool,
    /// Evaluates it.
    pub evaluator: bool,
    /// Registers its credits.
    pub registrar: bool,
}

impl Staff {
    /// Whether the caller is any of them.
    pub const fn is_any(self) -> bool {
        self.coordinator || self.evaluator || self.registrar
    }
}

/// A round that was told of, whoever asks.
pub async fn round(
    connection: &impl ConnectionTrait,
    id: RoundId,
) -> Result<Option<Round>, DatabaseError> {
    let Some(row) = rounds::find(connection, id).await? else {
        return Ok(None);
    };
    let (programme, organiser) = (row.programme_id.into(), row.organiser_id.into());
    let provider = credits::store::provider(connection, programme).await?;
    Ok(Some(Round {
        id,
        programme_id: programme,
        organiser_id: organiser,
        provider_id: provider.map_or(organiser, |row| row.provider_id.into()),
        name: column::from_json(row.name)?,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        language: column::parse(&row.language).unwrap_or_default(),
        zone: civil::zone(&row.time_zone).unwrap_or(Tz::UTC),
    }))
}

/// The participations of a round that a caller may know: all for those who run, evaluate or
/// register it; those of the own municipality for who decides for it; one's own.
pub fn of_round(round: &Round, caller: &Caller) -> Select<participations::Entity> {
    let all = participations::Entity::find()
        .filter(participations::Column::RoundId.eq(round.id.uuid()))
        .filter(participations::Column::Seat.is_in(taking_part()));
    if round.staff(caller).is_any() {
        return all;
    }
    let municipalities = caller.scope(Role::Director).map(OrganisationId::uuid);
    let mut seen =
        Condition::any().add(participations::Column::MunicipalityId.is_in(municipalities));
    if let Some(person) = caller.person {
        seen = seen.add(participations::Column::PersonId.eq(person.uuid()));
    }
    all.filter(seen)
}

fn taking_part() -> [String; 2] {
    [SeatState::Accepted, SeatState::Completed].map(column::text)
}

/// A round that a caller may know: it is theirs to run, evaluate or register, or somebody takes
/// part whom they may know.
pub async fn visible(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: RoundId,
) -> Result<Round, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let round = round(connection, id).await?.ok_or_else(missing)?;
    if round.staff(caller).is_any() {
        return Ok(round);
    }
    let seen = of_round(&round, caller).one(connection).await;
    let seen = seen.map_err(DatabaseError::from)?;
    seen.map(|_| round).ok_or_else(missing)
}

/// A round that the caller coordinates; who may know it and does not coordinate it is told so.
pub async fn coordinated(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: RoundId,
) -> Result<Round, Problem> {
    let round = visible(connection, caller, id).await?;
    if round.staff(caller).coordinator {
        Ok(round)
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

/// A person's part in a round, before a caller who may know it.
#[derive(Clone, Debug)]
pub struct Part {
    /// The participation.
    pub row: participations::Model,
    /// Its round.
    pub round: Round,
    /// What the caller is to the round.
    pub staff: Staff,
    /// Whether the caller is the participant.
    pub own: bool,
}

impl Part {
    /// The participant.
    pub fn person(&self) -> PersonId {
        self.row.person_id.into()
    }

    /// The participation.
    pub fn id(&self) -> ApplicationId {
        self.row.id.into()
    }
}

/// A participation that a caller may know.
pub async fn part(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: ApplicationId,
) -> Result<Part, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = participation(connection, id.uuid()).await?;
    let row = row.ok_or_else(missing)?;
    let round = round(connection, row.round_id.into()).await?;
    let round = round.ok_or_else(missing)?;
    let staff = round.staff(caller);
    let own = caller.person.is_some_and(|own| own.uuid() == row.person_id);
    let municipality = row.municipality_id.map(OrganisationId::from);
    let directs = municipality.is_some_and(|municipality| caller.directs(municipality));
    if staff.is_any() || own || directs {
        Ok(Part {
            row,
            round,
            staff,
            own,
        })
    } else {
        Err(missing())
    }
}

/// A participation whoever asks, if the person takes part.
pub async fn participation(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<participations::Model>, DatabaseError> {
    let found = participations::Entity::find_by_id(id)
        .one(connection)
        .await?;
    Ok(found.filter(participations::Model::takes_part))
}
