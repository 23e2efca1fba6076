//! Choices among the rounds of a programme that gives one seat a person.
//!
//! Nobody is offered a second seat, nor a lower choice while a higher one is undecided; whoever
//! takes a seat gives up what else they applied to. `docs/decisions/0012-ranked-choice.md` says
//! why. Whoever comes here holds the lock of a round of the programme, and with it all of them.

use super::{entity, model::Facts, steps};
use crate::{
    admissions::queue,
    mail::Template,
    rounds::{self, model::Terms},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use shared_database::{Change, DatabaseError, column};
use shared_types::{
    Problem, RoundId,
    registration::{
        applications::{AdmissionVerdict, ApplicationState, EndorsementState, SeatState},
        codes::{CHOICE_NOT_OFFERED, SEAT_IN_PROGRAMME},
    },
};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// The choices that there are.
const CHOICES: [i32; 3] = [1, 2, 3];

/// Why an application can't be offered a seat, whatever its place in the queue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bar {
    /// The person has a seat in another round.
    Seat,
    /// A higher choice of the person is undecided.
    HigherChoice,
}

impl Bar {
    /// The stable name of the reason.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Seat => "seat_in_programme",
            Self::HigherChoice => "higher_choice_undecided",
        }
    }
}

/// Where an application stands, as the others of the same person see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Which choice it is.
    pub choice: i32,
    /// Whether it has a seat, offered or accepted.
    pub seated: bool,
    /// Whether it may still be admitted when its round's admission is announced.
    pub undecided: bool,
}

impl Standing {
    fn of(row: &entity::Model, choice: i32) -> Result<Self, DatabaseError> {
        let facts = Facts::read(row)?;
        let may_be_endorsed = matches!(
            facts.endorsement,
            EndorsementState::NotRequired | EndorsementState::Awaiting | EndorsementState::Endorsed
        );
        Ok(Self {
            choice,
            seated: matches!(facts.seat, SeatState::Offered | SeatState::Accepted),
            undecided: facts.admission == AdmissionVerdict::Pending
                && facts.live()
                && may_be_endorsed
                && row.replaces.is_none(),
        })
    }
}

/// Whether an application can be offered a seat, by the person's other ones.
pub fn bar(choice: i32, others: impl IntoIterator<Item = Standing>) -> Option<Bar> {
    let mut higher = None;
    for other in others {
        if other.seated {
            return Some(Bar::Seat);
        }
        if other.undecided && other.choice < choice {
            higher = Some(Bar::HigherChoice);
        }
    }
    higher
}

/// The choice of an application to a round, which is the first where none is named.
pub fn of(round: &rounds::entity::Model, wanted: Option<i32>) -> Result<Option<i32>, Problem> {
    match (round.one_seat, wanted) {
        (true, wanted) => Ok(Some(wanted.unwrap_or(1))),
        (false, None) => Ok(None),
        (false, Some(_)) => Err(Problem::of(&CHOICE_NOT_OFFERED)),
    }
}

/// The applications of one round that can't be offered a seat, and why.
pub async fn barred(
    connection: &impl ConnectionTrait,
    rows: &[entity::Model],
) -> Result<HashMap<Uuid, Bar>, DatabaseError> {
    let ranked: Vec<_> = rows.iter().filter(|row| row.choice.is_some()).collect();
    let Some(first) = ranked.first() else {
        return Ok(HashMap::new());
    };
    let people = ranked.iter().map(|row| row.person_id);
    let mut others: HashMap<Uuid, Vec<(Uuid, Standing)>> = HashMap::new();
    for row in live(connection, first.programme_id, people).await? {
        if let Some(choice) = row.choice {
            let standing = (row.id, Standing::of(&row, choice)?);
            others.entry(row.person_id).or_default().push(standing);
        }
    }
    let bar_of = |row: &&entity::Model| {
        let others = others.get(&row.person_id).into_iter().flatten();
        let others = others.filter(|(id, _)| *id != row.id);
        let bar = bar(row.choice?, others.map(|(_, standing)| *standing))?;
        Some((row.id, bar))
    };
    Ok(ranked.iter().filter_map(bar_of).collect())
}

/// The live applications of people to a programme's rounds, the highest choice first.
pub async fn live(
    connection: &impl ConnectionTrait,
    programme: Uuid,
    people: impl IntoIterator<Item = Uuid>,
) -> Result<Vec<entity::Model>, DatabaseError> {
    let mut live = entity::Entity::find()
        .filter(entity::Column::ProgrammeId.eq(programme))
        .filter(entity::Column::PersonId.is_in(people))
        .filter(entity::Column::Choice.is_not_null())
        .filter(entity::Column::Live.eq(true))
        .all(connection)
        .await?;
    live.sort_by_key(|row| (row.choice, row.id));
    Ok(live)
}

async fn others(
    connection: &impl ConnectionTrait,
    application: &entity::Model,
) -> Result<Vec<entity::Model>, DatabaseError> {
    if application.choice.is_none() {
        return Ok(Vec::new());
    }
    let mut live = live(
        connection,
        application.programme_id,
        [application.person_id],
    )
    .await?;
    live.retain(|row| row.id != application.id);
    Ok(live)
}

/// The highest choice that somebody has left, for whom others name a round; the first where all
/// are taken, and then it is refused as taken.
pub async fn free(
    connection: &impl ConnectionTrait,
    round: &rounds::entity::Model,
    person: Uuid,
) -> Result<Option<i32>, DatabaseError> {
    if !round.one_seat {
        return Ok(None);
    }
    let taken = live(connection, round.programme_id, [person]).await?;
    let is_free = |choice: &i32| taken.iter().all(|row| row.choice != Some(*choice));
    Ok(CHOICES.into_iter().find(is_free).or(Some(1)))
}

/// Refuses a seat to somebody who has one in another round of the programme.
pub async fn refuse_second_seat(
    change: &Change,
    application: &entity::Model,
) -> Result<(), Problem> {
    let barred = barred(change.tx(), std::slice::from_ref(application)).await?;
    match barred.get(&application.id) {
        Some(Bar::Seat) => Err(Problem::of(&SEAT_IN_PROGRAMME)),
        Some(Bar::HigherChoice) | None => Ok(()),
    }
}

/// Ends what else somebody applied to who has taken a seat, and tells them. None of it has a
/// seat, so none becomes free.
pub async fn end_others(change: &mut Change, taken: &entity::Model) -> Result<(), Problem> {
    for mut other in others(change.tx(), taken).await? {
        let reason = if taken.choice < other.choice {
            "got_higher_choice"
        } else {
            "took_lower_choice"
        };
        other.state = column::text(ApplicationState::Withdrawn);
        let other = super::store::save(change, other).await?;
        steps::tell(change, &other, "application.withdrawn", Some(reason));
        let round_name = rounds::store::name(change.tx(), other.round_id).await?;
        let taken_name = rounds::store::name(change.tx(), taken.round_id).await?;
        let facts = json!({ "roundName": round_name, "takenRoundName": taken_name });
        steps::mail(change, &other, Template::OtherSeatTaken, facts, None).await?;
    }
    Ok(())
}

/// What follows when an application of somebody stands in the way of the others no more: the
/// queues in which they wait move.
pub async fn unblock(change: &mut Change, application: &entity::Model) -> Result<(), Problem> {
    let mut waiting = BTreeSet::new();
    for other in others(change.tx(), application).await? {
        let facts = Facts::read(&other)?;
        if facts.admission == AdmissionVerdict::Waitlisted && facts.seat == SeatState::None {
            waiting.insert(other.round_id);
        }
    }
    waiting.remove(&application.round_id);
    advance(change, waiting).await
}

/// The same when the admission of a whole round was announced.
pub async fn unblock_all(change: &mut Change, terms: &Terms) -> Result<(), Problem> {
    if !terms.one_seat {
        return Ok(());
    }
    let Some(round) = rounds::store::find_any(change.tx(), terms.id).await? else {
        return Ok(());
    };
    let waiting = entity::Entity::find()
        .filter(entity::Column::ProgrammeId.eq(round.programme_id))
        .filter(entity::Column::RoundId.ne(round.id))
        .filter(entity::Column::Admission.eq(column::text(AdmissionVerdict::Waitlisted)))
        .filter(entity::Column::Live.eq(true))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    advance(
        change,
        waiting.into_iter().map(|row| row.round_id).collect(),
    )
    .await
}

async fn advance(change: &mut Change, rounds: BTreeSet<Uuid>) -> Result<(), Problem> {
    for round in rounds {
        // On the heap: the queue's step comes back here by way of nobody, but the compiler
        // can't know.
        Box::pin(queue::advance(change, RoundId::from(round))).await?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
