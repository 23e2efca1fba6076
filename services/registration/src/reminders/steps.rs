//! Sending what is due, each reminder in a change of its own.

use super::{
    entity,
    model::{Stage, reached},
};
use crate::{
    State,
    applications::{self, model::Facts, steps},
    endorsements,
    mail::{LinkKind, Template},
    offices,
    rounds::{self, model::Terms, seats},
};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
};
use serde_json::json;
use shared_database::{Change, DatabaseError, column};
use shared_types::{
    Actor, ApplicationId, OfficeId, Problem, RoundId, civil,
    registration::{applications::SeatState, rounds::RoundState},
};
use std::collections::{BTreeMap, HashSet};
use uuid::Uuid;

const SLATE: &str = "slate";
const OFFER: &str = "offer";

/// Sends every reminder that is due; `actor` writes the changes.
pub async fn send_due(state: &State, actor: impl Fn() -> Actor) -> Result<(), Problem> {
    let now = state.core.clock.now();
    let read = state.database.read();
    let active = [RoundState::Open, RoundState::Closed, RoundState::Running];
    for round in rounds::store::in_state(read, &active).await? {
        let terms = Terms::read(&round)?;
        let marks = marks(read, terms.id).await?;
        for office in offices_due(read, &terms, &marks, now).await? {
            state
                .database
                .change(actor(), async |change: &mut Change| {
                    remind_office(change, terms.id, office).await
                })
                .await?;
        }
        for application in offers_due(read, &terms, &marks, now).await? {
            state
                .database
                .change(actor(), async |change: &mut Change| {
                    remind_applicant(change, application).await
                })
                .await?;
        }
    }
    Ok(())
}

/// What was sent in a round: kind, thing, stage.
type Marks = HashSet<(String, Uuid, String)>;

async fn marks(connection: &impl ConnectionTrait, round: RoundId) -> Result<Marks, DatabaseError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.kind, row.thing_id, row.stage))
        .collect())
}

/// Stages that are reached and not marked.
fn unsent(
    marks: &Marks,
    kind: &str,
    thing: Uuid,
    (asked_at, end): (DateTime<Utc>, DateTime<Utc>),
    zone: Tz,
    now: DateTime<Utc>,
) -> Vec<Stage> {
    let stages = reached(asked_at, end, zone, now).into_iter();
    stages
        .filter(|stage| !marks.contains(&(kind.to_owned(), thing, stage.name().to_owned())))
        .collect()
}

/// Since when each office is asked in a round about somebody whom it has not decided about.
async fn waiting_offices(
    connection: &impl ConnectionTrait,
    terms: &Terms,
) -> Result<BTreeMap<Uuid, (DateTime<Utc>, usize)>, DatabaseError> {
    let awaiting = applications::store::awaiting(connection, terms.id).await?;
    let mut ids = Vec::with_capacity(awaiting.len());
    for row in &awaiting {
        // Who was handed in late is waited for whenever that is; there is no time to halve.
        if !Facts::read(row)?.awaits_late(terms) {
            ids.push(row.id);
        }
    }
    let asked = endorsements::store::of_applications(connection, ids).await?;
    let mut offices: BTreeMap<Uuid, (DateTime<Utc>, usize)> = BTreeMap::new();
    for row in asked.values() {
        let office = offices
            .entry(row.office_id)
            .or_insert((row.requested_at, 0));
        office.0 = office.0.min(row.requested_at);
        office.1 += 1;
    }
    Ok(offices)
}

async fn offices_due(
    connection: &impl ConnectionTrait,
    terms: &Terms,
    marks: &Marks,
    now: DateTime<Utc>,
) -> Result<Vec<OfficeId>, DatabaseError> {
    let Some(endorse_by) = terms.endorse_by else {
        return Ok(Vec::new());
    };
    let end = civil::end_of_day(endorse_by, terms.zone);
    if now >= end {
        return Ok(Vec::new());
    }
    let waiting = waiting_offices(connection, terms).await?.into_iter();
    Ok(waiting
        .filter(|(office, (asked_at, _))| {
            !unsent(marks, SLATE, *office, (*asked_at, end), terms.zone, now).is_empty()
        })
        .map(|(office, _)| office.into())
        .collect())
}

async fn offers_due(
    connection: &impl ConnectionTrait,
    terms: &Terms,
    marks: &Marks,
    now: DateTime<Utc>,
) -> Result<Vec<ApplicationId>, DatabaseError> {
    let offered = applications::store::of_round(terms.id)
        .filter(applications::entity::Column::Seat.eq(column::text(SeatState::Offered)))
        .all(connection)
        .await?;
    let due = offered.into_iter().filter(|row| {
        span(row, terms)
            .is_some_and(|span| !unsent(marks, OFFER, row.id, span, terms.zone, now).is_empty())
    });
    Ok(due.map(|row| row.id.into()).collect())
}

/// From when until when an offer waits for its answer.
fn span(
    row: &applications::entity::Model,
    terms: &Terms,
) -> Option<(DateTime<Utc>, DateTime<Utc>)> {
    let end = civil::end_of_day(row.answer_by?, terms.zone);
    Some((row.offered_at?, end))
}

async fn mark(
    change: &Change,
    kind: &str,
    round: RoundId,
    thing: Uuid,
    stages: &[Stage],
) -> Result<(), DatabaseError> {
    let rows = stages.iter().map(|stage| {
        entity::Model {
            kind: kind.to_owned(),
            round_id: round.uuid(),
            thing_id: thing,
            stage: stage.name().to_owned(),
            sent_at: change.actor.at,
        }
        .into_active_model()
    });
    entity::Entity::insert_many(rows)
        .exec_without_returning(change.tx())
        .await?;
    Ok(())
}

/// Reminds an office, unless it answered meanwhile or another replica was faster: everything is
/// read again under the round's lock.
async fn remind_office(
    change: &mut Change,
    round: RoundId,
    office: OfficeId,
) -> Result<(), Problem> {
    let terms = Terms::read(&seats::lock(change, round).await?.round)?;
    let marks = marks(change.tx(), round).await?;
    let waiting = waiting_offices(change.tx(), &terms).await?;
    let (Some(endorse_by), Some((asked_at, count))) =
        (terms.endorse_by, waiting.get(&office.uuid()))
    else {
        return Ok(());
    };
    let span = (*asked_at, civil::end_of_day(endorse_by, terms.zone));
    let stages = unsent(
        &marks,
        SLATE,
        office.uuid(),
        span,
        terms.zone,
        change.actor.at,
    );
    if stages.is_empty() || !terms.seats_move() {
        return Ok(());
    }
    mark(change, SLATE, round, office.uuid(), &stages).await?;
    let link = endorsements::store::working_slate_link(change.tx(), round, office).await?;
    let row = offices::store::find(change.tx(), office).await?;
    let (Some(link), Some(row)) = (link, row) else {
        // Nobody was asked: the applicant decides for the office, or the link was revoked.
        return Ok(());
    };
    endorsements::steps::remind(change, &terms, &row, link.id.into(), *count).await?;
    change.record("round", round, "slate.reminded", None);
    Ok(())
}

/// Reminds an applicant of an offer, under the same conditions.
async fn remind_applicant(change: &mut Change, id: ApplicationId) -> Result<(), Problem> {
    let loaded = steps::load(change, id).await?;
    let (application, terms) = (loaded.application, loaded.terms);
    if application.seat != column::text(SeatState::Offered) {
        return Ok(());
    }
    let Some(span) = span(&application, &terms) else {
        return Ok(());
    };
    let marks = marks(change.tx(), terms.id).await?;
    let stages = unsent(
        &marks,
        OFFER,
        application.id,
        span,
        terms.zone,
        change.actor.at,
    );
    if stages.is_empty() || !terms.seats_move() {
        return Ok(());
    }
    mark(change, OFFER, terms.id, application.id, &stages).await?;
    let links = endorsements::store::working_offer_link(change.tx(), id).await?;
    let facts = json!({ "roundName": loaded.round.name, "answerBy": application.answer_by });
    let link = links.map(|link| (LinkKind::Offer, link.id.into()));
    steps::mail(change, &application, Template::OfferReminder, facts, link).await?;
    change.record("application", id, "offer.reminded", None);
    Ok(())
}
