//! How often themes came up: only what may be shown.

use super::{model, model::People, store};
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_projections::people;
use shared_types::{
    Gender, RoundId,
    evaluation::interviews::{Consent, InterviewState, ThemeByGender},
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// The counts of a round's themes.
#[derive(Clone, Debug, Default)]
pub struct Counts {
    interviewed: BTreeSet<Uuid>,
    interviews: BTreeMap<Uuid, BTreeSet<Uuid>>,
    spoke: BTreeMap<Uuid, BTreeSet<Uuid>>,
    genders: BTreeMap<Uuid, Gender>,
    /// Whether something is still to come: what is counted then could be told apart by looking
    /// again and again.
    open: bool,
}

/// What may be shown of a theme.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
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

    /// What may be shown of a theme now.
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
