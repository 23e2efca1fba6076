//! What is forgotten here when a person is erased. What stays are ids, states and times.

use crate::{
    admissions, applications, endorsements, interests, mail, needs, offices, people, scim,
};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, QueryFilter as _, QuerySelect as _, QueryTrait as _,
    sea_query::Expr,
};
use shared_database::{Change, DatabaseError, column, history, idempotency, outbox, row};
use shared_types::{
    Gender, InterestId, Language, PersonId, Problem, registration::people::PersonKind,
};
use uuid::Uuid;

/// What stands where a name stood.
pub const NOBODY: &str = "–";

/// By what texts about a person are recognised.
#[derive(Clone, Debug)]
pub struct Known {
    name: String,
    email: String,
    email_key: String,
    signature: String,
    employer: Uuid,
}

/// Takes everything from a person's row that says who it is, and whatever the person could do.
pub async fn identity(change: &Change, person: people::entity::Model) -> Result<Known, Problem> {
    let id = PersonId::from(person.id);
    let known = Known {
        signature: people::model::signature(&person),
        employer: person.organisation_id,
        name: person.name,
        email: person.email,
        email_key: person.email_key,
    };
    let address = format!("{id}@erased.invalid");
    let nobody = people::entity::Model {
        name: NOBODY.to_owned(),
        email_key: address.clone(),
        email: address,
        phone: None,
        title: None,
        department_id: None,
        manager_id: None,
        kind: column::text(PersonKind::Other),
        gender: column::text(Gender::Undisclosed),
        language: column::text(Language::default()),
        active: false,
        verified: false,
        version: person.version + 1,
        ..person
    };
    row::update::<people::entity::Entity>(change.tx(), nobody).await?;
    people::store::forget_rights(change.tx(), id).await?;
    scim::entity::Entity::delete_by_id(id.uuid())
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    offices::store::forget_acting(change.tx(), id).await?;
    Ok(known)
}

/// Forgets every text that the person wrote or that was written about the person.
pub async fn texts(change: &mut Change, person: PersonId, known: &Known) -> Result<(), Problem> {
    let applications = applications::store::ids_of(change.tx(), person).await?;
    of_applications(change, &applications).await?;
    signatures(change, known).await?;
    let mut things = applications;
    things.push(person.uuid());
    history::forget_reasons(change, &things).await?;
    let is_free = address(change, &known.email_key).await?;
    let email = is_free.then_some(known.email.as_str());
    mail::store::forget(change, person, email, &known.name).await?;
    let words: Vec<&str> = email.into_iter().chain([known.name.as_str()]).collect();
    shared_imports::forgetting::forget_person(change, person.uuid(), &words).await?;
    outbox::forget_facts(change, person).await?;
    let id = person.to_string();
    Ok(idempotency::forget_answers(change, &[&id, &known.name, &known.email]).await?)
}

/// Forgets what is kept of an address, unless it is somebody else's by now; says whether it was
/// forgotten.
pub async fn address(change: &mut Change, email_key: &str) -> Result<bool, Problem> {
    if people::store::is_somebodys(change.tx(), email_key).await? {
        return Ok(false);
    }
    for interest in interests::store::of_address(change.tx(), email_key).await? {
        interests::store::withdraw(change, InterestId::from(interest)).await?;
    }
    mail::bounces::store::forget(change.tx(), email_key).await?;
    mail::refusals::forget(change.tx(), email_key).await?;
    Ok(true)
}

async fn of_applications(change: &mut Change, applications: &[Uuid]) -> Result<(), Problem> {
    application_texts(change, applications).await?;
    for application in applications {
        if let Some(row) = needs::store::find(change.tx(), (*application).into()).await? {
            let round = row.round_id.into();
            needs::steps::take_back(change, row, round).await?;
        }
    }
    Ok(())
}

/// Forgets what applicants, offices and coordinators wrote in and about applications.
pub async fn application_texts(
    change: &Change,
    applications: &[Uuid],
) -> Result<(), DatabaseError> {
    use {admissions::row as verdict, applications::entity as application};
    for slice in applications.chunks(500) {
        let own = || slice.iter().copied();
        application::Entity::update_many()
            .col_expr(application::Column::Motivation, Expr::value(None::<String>))
            .filter(application::Column::Id.is_in(own()))
            .exec(change.tx())
            .await?;
        endorsements::entity::Entity::update_many()
            .col_expr(
                endorsements::entity::Column::Motive,
                Expr::value(None::<String>),
            )
            .filter(endorsements::entity::Column::ApplicationId.is_in(own()))
            .exec(change.tx())
            .await?;
        verdict::Entity::update_many()
            .col_expr(verdict::Column::OverrideReason, Expr::value(None::<String>))
            .filter(verdict::Column::ApplicationId.is_in(own()))
            .exec(change.tx())
            .await?;
    }
    Ok(())
}

/// Who endorsed in the employer's offices stands there with name and title.
async fn signatures(change: &Change, known: &Known) -> Result<(), DatabaseError> {
    use endorsements::entity as endorsement;
    let offices = offices::entity::Entity::find()
        .select_only()
        .column(offices::entity::Column::Id)
        .filter(offices::entity::Column::OrganisationId.eq(known.employer))
        .into_query();
    endorsement::Entity::update_many()
        .col_expr(endorsement::Column::DecidedBy, Expr::value(NOBODY))
        .filter(endorsement::Column::OfficeId.in_subquery(offices))
        .filter(
            endorsement::Column::DecidedBy.is_in([known.signature.as_str(), known.name.as_str()]),
        )
        .exec(change.tx())
        .await?;
    Ok(())
}
