//! What is done to certificates: each step in an open change, under the lock of the round's
//! completion.

use super::{code, entity, lists, store, words};
use crate::{completion, parts::Round};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_projections::{organisations, participations, people, programmes};
use shared_types::{
    CertificateId, Language, LinkId, LocalizedText, PersonId, Problem, codes,
    evaluation::{
        certificates::CertificateState,
        codes::{CERTIFICATE_EXISTS, COMPLETION_MISSING},
        completion::CompletionOutcome,
    },
    facts::{MESSAGE_REQUESTED, MessageLink, MessageRequested},
};
use uuid::Uuid;

/// The kind of links by which somebody without an account gets the own certificate.
pub const LINK: &str = "certificate";
/// The edges that carry the reason.
pub const REVOKED: &str = "certificate.revoked";
/// A new one was issued in its place.
pub const REPLACED: &str = "certificate.replaced";

/// Issues a certificate to somebody who completed the round and has no valid one.
pub async fn issue(
    change: &mut Change,
    round: &Round,
    part: &participations::Model,
    language: Option<Language>,
) -> Result<entity::Model, Problem> {
    completion::store::lock(change, round.id).await?;
    let decision = completion::store::decision(change.tx(), part.id).await?;
    let completed = column::text(CompletionOutcome::Completed);
    if decision.is_none_or(|decision| decision.outcome != completed) {
        return Err(Problem::of(&COMPLETION_MISSING));
    }
    let valid = store::valid(change.tx(), &[part.id]).await?;
    if !valid.is_empty() {
        return Err(Problem::of(&CERTIFICATE_EXISTS));
    }
    let row = make(change, round, part, language.unwrap_or(round.language)).await?;
    tell(change, &row, "certificate.issued", None);
    say(change, &row, false).await?;
    Ok(row)
}

/// Issues certificates to everybody who completed a round and has none.
pub async fn issue_all(change: &mut Change, round: &Round) -> Result<Vec<CertificateId>, Problem> {
    completion::store::lock(change, round.id).await?;
    let rows = participations::of_round(change.tx(), round.id).await?;
    let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
    let decisions = completion::store::decisions(change.tx(), &ids).await?;
    let valid = store::valid(change.tx(), &ids).await?;
    let completed = column::text(CompletionOutcome::Completed);
    let mut issued = Vec::new();
    for part in rows {
        let decision = decisions.get(&part.id);
        let is_completed = decision.is_some_and(|decision| decision.outcome == completed);
        if is_completed && !valid.contains_key(&part.id) {
            let row = issue(change, round, &part, None).await?;
            issued.push(row.id.into());
        }
    }
    Ok(issued)
}

/// Takes a certificate back.
pub async fn revoke(
    change: &mut Change,
    row: entity::Model,
    reason: &str,
) -> Result<entity::Model, Problem> {
    let row = end(change, row, CertificateState::Revoked, None).await?;
    tell(change, &row, REVOKED, Some(reason));
    Ok(row)
}

/// Issues a new certificate in the place of one: with the name that the person has now.
pub async fn replace(
    change: &mut Change,
    round: &Round,
    old: entity::Model,
    reason: &str,
) -> Result<entity::Model, Problem> {
    let part = participations::of_round(change.tx(), round.id).await?;
    let part = part.into_iter().find(|part| part.id == old.application_id);
    let part = part.ok_or_else(|| Problem::of(&COMPLETION_MISSING))?;
    let language = column::parse(&old.language)?;
    // The old one ends first: there is one valid certificate at most.
    let id = CertificateId::new();
    let old = end(change, old, CertificateState::Replaced, Some(id)).await?;
    let next = make_as(change, round, &part, (id, language)).await?;
    tell(change, &old, REPLACED, Some(reason));
    tell(change, &next, "certificate.issued", None);
    say(change, &next, true).await?;
    Ok(next)
}

/// Forgets whose a person's certificates were: they hold no more, and their codes open nothing.
/// Says which they are.
pub async fn forget(change: &mut Change, person: PersonId) -> Result<Vec<Uuid>, Problem> {
    let mut things = Vec::new();
    for row in store::of_person(change.tx(), person).await? {
        things.push(row.id);
        let row = if row.state == column::text(CertificateState::Valid) {
            let row = end(change, row, CertificateState::Revoked, None).await?;
            tell(change, &row, REVOKED, None);
            row
        } else {
            row
        };
        let gone = entity::Model {
            name: String::new(),
            ..row
        };
        store::save(change, gone).await?;
    }
    Ok(things)
}

async fn end(
    change: &Change,
    mut row: entity::Model,
    state: CertificateState,
    by: Option<CertificateId>,
) -> Result<entity::Model, DatabaseError> {
    row.state = column::text(state);
    row.ended_at = Some(change.actor.at);
    row.replaced_by = by.map(CertificateId::uuid);
    lists::touch(change, row.status_list_id).await?;
    store::save(change, row).await
}

async fn make(
    change: &Change,
    round: &Round,
    part: &participations::Model,
    language: Language,
) -> Result<entity::Model, Problem> {
    make_as(change, round, part, (CertificateId::new(), language)).await
}

/// Writes a certificate with what is known now.
async fn make_as(
    change: &Change,
    round: &Round,
    part: &participations::Model,
    (id, language): (CertificateId, Language),
) -> Result<entity::Model, Problem> {
    let missing = || Problem::of(&codes::UNAVAILABLE).retry_after(5);
    let person = people::find(change.tx(), part.person_id.into()).await?;
    let person = person.filter(|person| !person.erased).ok_or_else(missing)?;
    let programme = programmes::find(change.tx(), round.programme_id).await?;
    let organiser = organisations::find(change.tx(), round.organiser_id).await?;
    let (list, place) = lists::take(change, round.organiser_id).await?;
    let row = entity::Model {
        id: id.uuid(),
        application_id: part.id,
        round_id: round.id.uuid(),
        programme_id: round.programme_id.uuid(),
        organiser_id: round.organiser_id.uuid(),
        person_id: part.person_id,
        code: code::new()?,
        name: person.name,
        programme_name: programme.ok_or_else(missing)?.name,
        round_name: column::json(&round.name),
        organiser_name: organiser.ok_or_else(missing)?.name,
        starts_on: round.starts_on,
        ends_on: round.ends_on,
        language: column::text(language),
        issued_on: round.today(change.actor.at),
        issued_at: change.actor.at,
        status_list_id: list,
        status_index: place,
        state: column::text(CertificateState::Valid),
        ended_at: None,
        replaced_by: None,
        modified_at: change.actor.at,
        version: 1,
    };
    Ok(row::insert::<entity::Entity>(change.tx(), row).await?)
}

/// Tells the participant, in the own language, with a link that opens the certificate.
async fn say(change: &mut Change, row: &entity::Model, again: bool) -> Result<(), Problem> {
    let person = people::find(change.tx(), row.person_id.into()).await?;
    let language = person.map_or_else(
        || column::parse(&row.language),
        |person| column::parse(&person.language),
    );
    let language = language.unwrap_or_default();
    let programme: LocalizedText = column::from_json(row.programme_name.clone())?;
    let values = [("programme", programme.best(language).to_owned())];
    let (template, text) = if again {
        ("certificate_replaced", &words::TEXT_AGAIN)
    } else {
        ("certificate_issued", &words::TEXT)
    };
    let message = MessageRequested {
        person_id: row.person_id.into(),
        organiser_id: Some(row.organiser_id.into()),
        template: template.to_owned(),
        subject: words::SUBJECT.fill(language, &values),
        text: text.fill(language, &values),
        link: Some(MessageLink {
            service: crate::api::NAME.to_owned(),
            kind: LINK.to_owned(),
            link_id: LinkId::from(row.id),
        }),
        calendar: None,
    };
    change.publish(MESSAGE_REQUESTED, row.person_id, json!(message));
    Ok(())
}

/// Writes what happened into the history, and tells others: never the name, and never the code.
fn tell(change: &mut Change, row: &entity::Model, edge: &str, reason: Option<&str>) {
    change.record("certificate", row.id, edge, reason);
    let fact = json!({
        "certificateId": row.id, "applicationId": row.application_id, "roundId": row.round_id,
        "organiserId": row.organiser_id, "personId": row.person_id, "state": row.state,
        "issuedOn": row.issued_on, "version": row.version,
    });
    change.publish(edge, row.id, fact);
}
