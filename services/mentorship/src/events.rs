//! What the facts of other services change here.

use crate::{api, mentees, mentors, pairs, vaults, work};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_events::Apply;
use shared_types::{
    PersonId, Problem,
    event::Event,
    facts::{self, OfficeFact, OrganisationFact, ParticipationFact, PersonErased, PersonFact},
    mentorship::profiles::Profile,
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Takes facts: first what everybody knows, then what follows from it here.
#[derive(Clone, Debug)]
pub struct Facts {
    types: Vec<&'static str>,
}

impl Facts {
    /// Takes what this service wants.
    #[expect(
        clippy::new_without_default,
        reason = "there is nothing that it could be without"
    )]
    pub fn new() -> Self {
        Self {
            types: facts::wanted_by(api::NAME),
        }
    }
}

impl Apply for Facts {
    fn types(&self) -> &[&str] {
        &self.types
    }

    async fn apply(&self, change: &mut Change, event: &Event) -> Result<(), Problem> {
        let before = holder_before(change, event).await?;
        if !shared_projections::apply(change, event).await? {
            return Ok(());
        }
        follow(change, event, before).await
    }
}

/// Who held an office until this event.
async fn holder_before(change: &Change, event: &Event) -> Result<Option<Uuid>, Problem> {
    if !event.r#type.starts_with("office.") || event.r#type.ends_with(".deleted") {
        return Ok(None);
    }
    let fact: OfficeFact = event.fact()?;
    let known = shared_projections::offices::find(change.tx(), fact.office_id).await?;
    Ok(known.and_then(|office| office.holder_id))
}

/// What follows here: participants come and go, pairs are looked at again.
async fn follow(change: &mut Change, event: &Event, before: Option<Uuid>) -> Result<(), Problem> {
    let (thing, what) = event.r#type.split_once('.').unwrap_or_default();
    match (thing, what) {
        ("person", _) if event.r#type == facts::PERSON_ERASED => {
            let erased: PersonErased = event.fact()?;
            forget(change, erased.person_id).await
        }
        ("person", _) => {
            let fact: PersonFact = event.fact()?;
            pairs::flags::review_person(change, fact.person_id.uuid()).await
        }
        ("organisation", _) => {
            let fact: OrganisationFact = event.fact()?;
            review_employees(change, fact.organisation_id.uuid()).await
        }
        ("office", _) => {
            let fact: OfficeFact = event.fact()?;
            let holders: BTreeSet<Uuid> = before
                .into_iter()
                .chain(fact.holder_id.map(Uuid::from))
                .collect();
            for holder in holders {
                pairs::flags::review_person(change, holder).await?;
            }
            Ok(())
        }
        ("endorsement", "given") => Ok(()),
        ("application" | "endorsement" | "offer" | "participation" | "substitution", _) => {
            let fact: ParticipationFact = event.fact()?;
            // The newest that is known decides, whatever came last.
            follow_participation(change, &fact).await
        }
        _ => Ok(()),
    }
}

async fn follow_participation(
    change: &mut Change,
    fact: &ParticipationFact,
) -> Result<(), Problem> {
    use shared_projections::participations::{Column, Entity};
    let newest = Entity::find()
        .filter(Column::Id.eq(fact.application_id.uuid()))
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let is_newest = newest.is_none_or(|known| known.version <= fact.version);
    if is_newest {
        mentees::steps::follow(change, fact).await?;
    }
    Ok(())
}

/// Looks again at the pairs of everybody who works somewhere: it may belong elsewhere now.
async fn review_employees(change: &mut Change, organisation: Uuid) -> Result<(), Problem> {
    use shared_projections::people::{Column, Entity};
    let people = Entity::find()
        .filter(Column::OrganisationId.eq(organisation))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    for person in people {
        pairs::flags::review_person(change, person.id).await?;
    }
    Ok(())
}

/// Forgets a person: what the person wrote, said and wished.
async fn forget(change: &mut Change, person: PersonId) -> Result<(), Problem> {
    let person = person.uuid();
    work::store::forget_author(change, person).await?;
    for mut mentor in mentors::store::of_anybody(change.tx(), person).await? {
        mentor.capacity = 0;
        mentor.profile = column::json(&Profile::default());
        mentor.wishes = json!([]);
        mentors::store::save(change, mentor).await?;
    }
    let participations = mentees::entity::Entity::find()
        .filter(mentees::entity::Column::PersonId.eq(person))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    for mut mentee in participations {
        mentee.profile = column::json(&Profile::default());
        mentee.wishes = json!([]);
        mentee.version += 1;
        let now = change.actor.at;
        vaults::store::drop_key(change, mentee.id, now).await?;
        row::update::<mentees::entity::Entity>(change.tx(), mentee).await?;
    }
    pairs::flags::review_person(change, person).await
}
