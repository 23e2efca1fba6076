//! How often themes came up: only what may be shown, counted once.
//!
//! Counted anew whenever somebody looks, two numbers would differ by whom it was that took the
//! consent back, was forgotten, or was noted in between. So a round's themes are counted when all
//! of its interviews are held and nothing was changed in them for a week; what is shown then stays,
//! and what is noted later changes no number.

use super::{count_entity, model, model::People, store, theme_entity};
use crate::State;
use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QuerySelect as _,
    sea_query::{OnConflict, Query},
};
use serde::{Deserialize, Serialize};
use shared_database::{Change, DatabaseError, column};
use shared_projections::people;
use shared_types::{
    Actor, Gender, Problem, RoundId,
    evaluation::interviews::{Consent, InterviewState, ThemeByGender},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// How long nothing may have changed before themes are counted.
const QUIET: TimeDelta = TimeDelta::days(7);

/// The counts of a round's themes.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    interviewed: BTreeSet<Uuid>,
    interviews: BTreeMap<Uuid, BTreeSet<Uuid>>,
    spoke: BTreeMap<Uuid, BTreeSet<Uuid>>,
    genders: BTreeMap<Uuid, Gender>,
    /// Whether an interview is still to come.
    open: bool,
    /// When one was changed last.
    changed_at: Option<DateTime<Utc>>,
}

/// What may be shown of a theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Shown {
    /// Interviews.
    pub interviews: Option<i32>,
    /// People.
    pub people: Option<i32>,
    /// People by gender.
    pub by_gender: Option<ThemeByGender>,
}

impl Counts {
    /// Counts a round's interviews.
    pub async fn of(
        connection: &impl ConnectionTrait,
        round: RoundId,
    ) -> Result<Self, DatabaseError> {
        let interviews = super::entity::Entity::find()
            .filter(super::entity::Column::RoundId.eq(round.uuid()))
            .all(connection)
            .await?;
        let held = column::text(InterviewState::Held);
        let mut counts = Self {
            open: interviews.iter().any(|one| one.state != held),
            changed_at: interviews.iter().map(|one| one.modified_at).max(),
            ..Self::default()
        };
        let ids: Vec<Uuid> = interviews.iter().map(|one| one.id).collect();
        let given = column::text(Consent::Given);
        let mut person_of = BTreeMap::new();
        let interviewees = store::interviewees(connection, &ids).await?;
        for one in interviewees.into_values().flatten() {
            if one.consent == given {
                person_of.insert(one.application_id, one.person_id);
                counts.interviewed.insert(one.person_id);
            }
        }
        for coding in store::codings(connection, &ids).await? {
            let Some(person) = person_of.get(&coding.application_id) else {
                continue;
            };
            let theme = coding.theme_id;
            counts.spoke.entry(theme).or_default().insert(*person);
            let seen = counts.interviews.entry(theme).or_default();
            seen.insert(coding.interview_id);
        }
        let people = people::find_all(connection, counts.interviewed.iter().copied()).await?;
        for (id, person) in people {
            let gender = column::parse(&person.gender).unwrap_or_default();
            counts.genders.insert(id, gender);
        }
        Ok(counts)
    }

    /// Whether it can be counted once and for all.
    fn is_settled(&self, now: DateTime<Utc>) -> bool {
        !self.open && self.changed_at.is_some_and(|at| at + QUIET <= now)
    }

    /// What may be shown of a theme.
    pub fn shown(&self, theme: Uuid) -> Shown {
        if self.open {
            return Shown::default();
        }
        let nobody = BTreeSet::new();
        let spoke = self.people(self.spoke.get(&theme).unwrap_or(&nobody));
        let interviewed = self.people(&self.interviewed);
        let interviews = self.interviews.get(&theme).map_or(0, BTreeSet::len);
        let interviews = i32::try_from(interviews).unwrap_or(i32::MAX);
        let people = model::people_count(spoke, interviewed);
        Shown {
            // In an interview with one, its number is a number of people.
            interviews: people.and((!model::small(interviews)).then_some(interviews)),
            people,
            by_gender: people.and(model::by_gender(spoke, interviewed)),
        }
    }

    fn people(&self, ids: &BTreeSet<Uuid>) -> People {
        let mut people = People::default();
        for id in ids {
            match self.genders.get(id) {
                Some(Gender::Woman) => people.women += 1,
                Some(Gender::Man) => people.men += 1,
                _ => people.others += 1,
            }
        }
        people
    }
}

/// What is shown of a round's themes, once they are counted.
pub async fn published(
    connection: &impl ConnectionTrait,
    round: RoundId,
) -> Result<BTreeMap<Uuid, Shown>, DatabaseError> {
    let rows = count_entity::Entity::find()
        .filter(count_entity::Column::RoundId.eq(round.uuid()))
        .all(connection)
        .await?;
    rows.into_iter()
        .map(|row| Ok((row.theme_id, column::from_json(row.shown)?)))
        .collect()
}

/// Counts the themes of the rounds whose interviews are over.
pub async fn sweep(state: &State) -> Result<(), Problem> {
    let now = state.core.clock.now();
    let counted = Query::select()
        .column(count_entity::Column::RoundId)
        .from(count_entity::Entity)
        .to_owned();
    let waiting: Vec<Uuid> = theme_entity::Entity::find()
        .filter(theme_entity::Column::RoundId.not_in_subquery(counted))
        .select_only()
        .column(theme_entity::Column::RoundId)
        .distinct()
        .into_tuple()
        .all(state.database.read())
        .await
        .map_err(DatabaseError::from)?;
    for round in waiting {
        let round = RoundId::from(round);
        let counts = Counts::of(state.database.read(), round).await?;
        if counts.is_settled(now) {
            let work = async |change: &mut Change| publish(change, round).await;
            state.database.change(Actor::system(now), work).await?;
        }
    }
    Ok(())
}

async fn publish(change: &mut Change, round: RoundId) -> Result<(), Problem> {
    // Looked at again: something may have come in between.
    let counts = Counts::of(change.tx(), round).await?;
    if !counts.is_settled(change.actor.at) {
        return Ok(());
    }
    let themes = store::themes(round).all(change.tx()).await;
    for theme in themes.map_err(DatabaseError::from)? {
        let row = count_entity::Model {
            theme_id: theme.id,
            round_id: round.uuid(),
            shown: column::json(&counts.shown(theme.id)),
        };
        // Of two replicas the first has counted.
        let mut nothing = OnConflict::column(count_entity::Column::ThemeId);
        nothing.do_nothing();
        count_entity::Entity::insert(row.into_active_model())
            .on_conflict(nothing)
            .exec_without_returning(change.tx())
            .await
            .map_err(DatabaseError::from)?;
    }
    change.record("round", round, "themes.counted", None);
    Ok(())
}
