//! What is done to erase a person; each in an open change, with the person's row locked.

use super::{acknowledgement_entity as acknowledgement, entity, forgetting, store};
use crate::{api, applications, offices, people};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    sea_query::OnConflict,
};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    ErasureId, PersonId, Problem,
    facts::{ErasureAcknowledged, PERSON_ERASED, PersonErased},
    registration::{
        codes::{self, PERSON_HOLDS_OFFICE},
        erasures::ErasureState,
    },
};

/// Who has to forget a person.
pub const SERVICES: [&str; 4] = [api::NAME, "scheduling", "mentorship", "evaluation"];

/// Forgets a person here and tells the others to.
pub async fn erase(
    change: &mut Change,
    person: people::entity::Model,
    reason: &str,
) -> Result<entity::Model, Problem> {
    // On the heap: what follows is large, and its callers should not be.
    Box::pin(forget(change, person, reason)).await
}

async fn forget(
    change: &mut Change,
    person: people::entity::Model,
    reason: &str,
) -> Result<entity::Model, Problem> {
    let id = PersonId::from(person.id);
    if store::of_person(change.tx(), id).await?.is_some() {
        return Err(Problem::of(&codes::PERSON_ERASED));
    }
    if offices::store::held_by(change.tx(), id).await? {
        return Err(Problem::of(&PERSON_HOLDS_OFFICE));
    }
    let organisation = person.organisation_id;
    let erasure = entity::Model {
        id: ErasureId::new().uuid(),
        person_id: person.id,
        organisation_id: organisation,
        state: column::text(ErasureState::Erasing),
        requested_at: change.actor.at,
        erased_at: None,
        in_ledger: false,
        version: 1,
    };
    let erasure = row::insert::<entity::Entity>(change.tx(), erasure).await?;
    change.record("erasure", erasure.id, "erasure.requested", Some(reason));
    // First the name: whatever is written while things end is not about anybody any more.
    let known = forgetting::identity(change, person).await?;
    Box::pin(end_applications(change, id)).await?;
    forgetting::texts(change, id, &known).await?;
    change.record("person", id, "person.erased", None);
    let mut fact = json!(PersonErased { person_id: id });
    if let Some(members) = fact.as_object_mut() {
        // So that the employer's systems hear of it too.
        members.insert("organisationId".to_owned(), json!(organisation));
    }
    change.publish(PERSON_ERASED, id, fact);
    note(change, &erasure, api::NAME).await?;
    Ok(erasure)
}

/// Whatever waits or holds a seat ends, so that the seat goes to who is next. Round after round
/// in one order, since each is under its round's lock.
async fn end_applications(change: &mut Change, person: PersonId) -> Result<(), Problem> {
    for application in applications::store::unfinished_of(change.tx(), person).await? {
        let loaded = applications::steps::load_again(change, &application).await?;
        applications::steps::withdraw(change, loaded, None).await?;
    }
    Ok(())
}

/// Notes that a service has forgotten a person; the last one ends the erasure.
pub async fn acknowledge(change: &mut Change, told: ErasureAcknowledged) -> Result<(), Problem> {
    let Some(erasure) = store::lock(change, told.person_id).await? else {
        return Ok(());
    };
    if !SERVICES.contains(&told.service.as_str()) {
        return Ok(());
    }
    note(change, &erasure, &told.service).await?;
    let said = store::acknowledgements(change.tx(), [erasure.id]).await?;
    let all = said.get(&erasure.id).map_or(0, Vec::len) == SERVICES.len();
    if !all || erasure.state == column::text(ErasureState::Erased) {
        return Ok(());
    }
    let erasure = entity::Model {
        state: column::text(ErasureState::Erased),
        erased_at: Some(change.actor.at),
        ..erasure
    };
    let erasure = store::save(change, erasure).await?;
    change.record("erasure", erasure.id, "erasure.completed", None);
    let fact = json!({
        "erasureId": erasure.id, "personId": erasure.person_id, "organisationId": erasure.organisation_id,
    });
    change.publish("erasure.completed", erasure.person_id, fact);
    Ok(())
}

/// Starts the erasures of a restored installation again: everybody is told once more, and has to
/// say once more that it is done. Harmless for who has forgotten already.
pub async fn repeat(change: &mut Change, erasure: entity::Model) -> Result<(), Problem> {
    acknowledgement::Entity::delete_many()
        .filter(acknowledgement::Column::ErasureId.eq(erasure.id))
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let person = PersonId::from(erasure.person_id);
    let fact = json!({ "personId": person, "organisationId": erasure.organisation_id });
    change.publish(PERSON_ERASED, person, fact);
    let erasure = entity::Model {
        state: column::text(ErasureState::Erasing),
        erased_at: None,
        ..erasure
    };
    let erasure = store::save(change, erasure).await?;
    change.record("erasure", erasure.id, "erasure.repeated", None);
    note(change, &erasure, api::NAME).await
}

/// Notes what a service has said, once.
async fn note(change: &Change, erasure: &entity::Model, service: &str) -> Result<(), Problem> {
    let row = acknowledgement::Model {
        erasure_id: erasure.id,
        service: service.to_owned(),
        acknowledged_at: change.actor.at,
    };
    let columns = [
        acknowledgement::Column::ErasureId,
        acknowledgement::Column::Service,
    ];
    acknowledgement::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
        .exec_without_returning(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    Ok(())
}
