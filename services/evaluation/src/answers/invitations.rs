//! Who is asked: each person once for a survey, by a link that can be replaced and taken back.

use super::invitation_entity as entity;
use crate::surveys::{
    self,
    known::{self, Round},
    messages,
};
use sea_orm::{
    ColumnTrait as _, Condition, ConnectionTrait, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, Select,
    sea_query::{Expr, Query},
};
use shared_database::{Change, DatabaseError, column, row};
use shared_projections::people;
use shared_types::{
    Caller, LinkId, PersonId, Problem, SurveyInvitationId, evaluation::surveys::SurveyState,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Somebody to be asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    person: Uuid,
    application: Option<Uuid>,
    named_by: Option<Uuid>,
}

impl Asked {
    /// A participant.
    pub const fn participant(person: Uuid, application: Uuid) -> Self {
        Self {
            person,
            application: Some(application),
            named_by: None,
        }
    }

    /// Anybody else.
    pub const fn person(person: Uuid) -> Self {
        Self {
            person,
            application: None,
            named_by: None,
        }
    }

    /// Somebody whom a participant named.
    pub const fn named_by(person: Uuid, by: Option<Uuid>) -> Self {
        Self {
            person,
            application: None,
            named_by: by,
        }
    }
}

/// Invites those who are not invited yet, and tells them if the survey is open. Gives how many.
pub async fn invite(
    change: &mut Change,
    survey: &surveys::entity::Model,
    round: &Round,
    asked: Vec<Asked>,
) -> Result<usize, Problem> {
    let known = people::find_all(change.tx(), asked.iter().map(|one| one.person)).await?;
    let invited = persons(change.tx(), survey.id).await?;
    let mut seen = BTreeSet::new();
    let fits = |one: &Asked| {
        let can = known.get(&one.person).is_none_or(known::can_be_asked);
        can && !invited.contains(&one.person)
    };
    let rows: Vec<entity::Model> = asked
        .into_iter()
        .filter(fits)
        .filter(|one| seen.insert(one.person))
        .map(|one| entity::Model {
            id: SurveyInvitationId::new().uuid(),
            survey_id: survey.id,
            link_id: Some(Uuid::new_v4()),
            person_id: Some(one.person),
            application_id: one.application,
            named_by: one.named_by,
            answered: false,
            revoked: false,
        })
        .collect();
    row::insert_all::<entity::Entity>(change.tx(), rows.iter().cloned()).await?;
    if survey.state == column::text(SurveyState::Open) {
        messages::invite(change, survey, round, &rows).await?;
    }
    Ok(rows.len())
}

/// The persons whom a survey has invited.
async fn persons(
    connection: &impl ConnectionTrait,
    survey: Uuid,
) -> Result<BTreeSet<Uuid>, DatabaseError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::SurveyId.eq(survey))
        .all(connection)
        .await?;
    Ok(rows.into_iter().filter_map(|row| row.person_id).collect())
}

/// Those who can still answer.
pub async fn unanswered(
    connection: &impl ConnectionTrait,
    survey: Uuid,
) -> Result<Vec<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find()
        .filter(entity::Column::SurveyId.eq(survey))
        .filter(entity::Column::Answered.eq(false))
        .filter(entity::Column::Revoked.eq(false))
        .order_by_asc(entity::Column::Id)
        .all(connection)
        .await?)
}

/// How many people somebody has named for a survey.
pub async fn count_named(
    connection: &impl ConnectionTrait,
    survey: Uuid,
    by: Uuid,
) -> Result<u64, DatabaseError> {
    let named = entity::Entity::find()
        .filter(entity::Column::SurveyId.eq(survey))
        .filter(entity::Column::NamedBy.eq(by));
    Ok(named.count(connection).await?)
}

/// The invitations of a person that the person may see: those of surveys that were opened.
fn own(person: PersonId) -> Condition {
    let planned = [SurveyState::Planned, SurveyState::Cancelled].map(column::text);
    let opened = Query::select()
        .column(surveys::entity::Column::Id)
        .from(surveys::entity::Entity)
        .and_where(surveys::entity::Column::State.is_not_in(planned))
        .to_owned();
    Condition::all()
        .add(entity::Column::PersonId.eq(person.uuid()))
        .add(entity::Column::Revoked.eq(false))
        .add(entity::Column::SurveyId.in_subquery(opened))
}

/// A caller's own invitations.
pub fn scoped_own(caller: &Caller) -> Select<entity::Entity> {
    match caller.person {
        Some(person) => entity::Entity::find().filter(own(person)),
        None => entity::Entity::find().filter(Expr::cust("1 = 0")),
    }
}

/// The invitations that a caller may know: the own ones, and those of the surveys that the caller
/// makes.
pub fn scoped(caller: &Caller) -> Select<entity::Entity> {
    let organisers = crate::instruments::store::organisers(caller);
    let surveys = Query::select()
        .column(surveys::entity::Column::Id)
        .from(surveys::entity::Entity)
        .and_where(surveys::entity::Column::OrganiserId.is_in(organisers))
        .to_owned();
    let mut seen = Condition::any().add(entity::Column::SurveyId.in_subquery(surveys));
    if let Some(person) = caller.person {
        seen = seen.add(own(person));
    }
    entity::Entity::find().filter(seen)
}

/// An invitation that the caller may know.
pub async fn find(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    id: SurveyInvitationId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
    Ok(found.one(connection).await?)
}

/// An invitation, whoever asks.
pub async fn find_any(
    connection: &impl ConnectionTrait,
    id: Uuid,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id).one(connection).await?)
}

/// The invitation that a link was sent for.
pub async fn of_link(
    connection: &impl ConnectionTrait,
    link: LinkId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(entity::Column::LinkId.eq(link.uuid()))
        .filter(entity::Column::Revoked.eq(false));
    Ok(found.one(connection).await?)
}

/// A person's own invitation to a survey that was opened.
pub async fn of_person(
    connection: &impl ConnectionTrait,
    survey: Uuid,
    person: PersonId,
) -> Result<Option<entity::Model>, DatabaseError> {
    let found = entity::Entity::find()
        .filter(own(person))
        .filter(entity::Column::SurveyId.eq(survey));
    Ok(found.one(connection).await?)
}

/// Takes an invitation back: its link opens nothing any more. Whether it was answered plays no
/// part and can't be seen from it.
pub async fn revoke(
    change: &Change,
    mut row: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    row.revoked = true;
    row::update::<entity::Entity>(change.tx(), row).await
}

/// Takes back the invitation of a participant who leaves, where it is not answered.
pub async fn revoke_of(
    change: &Change,
    survey: Uuid,
    application: Uuid,
) -> Result<(), DatabaseError> {
    entity::Entity::update_many()
        .col_expr(entity::Column::Revoked, Expr::value(true))
        .filter(entity::Column::SurveyId.eq(survey))
        .filter(entity::Column::ApplicationId.eq(application))
        .filter(entity::Column::Answered.eq(false))
        .exec(change.tx())
        .await?;
    Ok(())
}

/// Replaces an invitation's link by a new one.
pub async fn renew(
    change: &Change,
    mut row: entity::Model,
) -> Result<entity::Model, DatabaseError> {
    row.link_id = Some(Uuid::new_v4());
    row::update::<entity::Entity>(change.tx(), row).await
}
