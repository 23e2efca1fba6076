//! What is done to an endorsement: each step in an open change, under the round's lock.

use super::{desks::Desks, entity, links, store};
use crate::{
    admissions::queue,
    applications::{self, steps},
    mail::{self, LinkKind, NewMessage, Template},
    nominations, offices, organisations, people,
    rounds::model::Terms,
};
use chrono::TimeDelta;
use serde_json::json;
use shared_database::{Change, column, row};
use shared_types::{
    EndorsementId, OfficeId, PersonId, Problem, RoundId, codes,
    facts::EndorserFact,
    registration::{
        applications::{AdmissionVerdict, ApplicationState, EndorsementState, SeatState},
        codes::{MAIL_LIMIT, OFFICE_MISSING},
        endorsements::EndorsementVerdict,
    },
};

/// Most links that an office is mailed for a round within the window, where somebody asks for it.
const MOST_LINKS: u64 = 4;
/// The window of that.
const MAIL_WINDOW: TimeDelta = TimeDelta::hours(1);

/// A verdict on its way in.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Yes or no.
    pub verdict: EndorsementVerdict,
    /// Rank among the municipality's applicants.
    pub rank: Option<i32>,
    /// The motive.
    pub motive: Option<String>,
    /// Name and title of who decides.
    pub decided_by: String,
    /// For whom, where somebody acts for the holder.
    pub acting_for: Option<PersonId>,
}

impl Verdict {
    /// A plain yes.
    pub fn endorse(decided_by: &str) -> Self {
        Self {
            verdict: EndorsementVerdict::Endorse,
            rank: None,
            motive: None,
            decided_by: decided_by.to_owned(),
            acting_for: None,
        }
    }
}

/// Asks the office that decides about an applicant, and answers the request. The office gets one
/// mail a round, with a link to its slate, however many apply.
pub async fn request(
    change: &mut Change,
    terms: &Terms,
    round: &crate::rounds::entity::Model,
    application: &applications::entity::Model,
    person: &people::entity::Model,
) -> Result<entity::Model, Problem> {
    let desks = Desks::read(change.tx(), round, application.municipality_id).await?;
    let office = desks.about(person, application.municipality_id)?;
    let office = office.ok_or_else(|| Problem::of(&OFFICE_MISSING))?;
    let row = asked(change, terms, application, office);
    let row = row::insert::<entity::Entity>(change.tx(), row).await?;
    // Nobody is asked about oneself: without a deputy the coordinator decides.
    if !desks.decides(office, person.id) {
        ask(change, terms, application.replaces.is_some(), office).await?;
    }
    Ok(row)
}

/// The row of a request that an office decides about an application.
pub fn asked(
    change: &Change,
    terms: &Terms,
    application: &applications::entity::Model,
    office: &offices::entity::Model,
) -> entity::Model {
    entity::Model {
        id: EndorsementId::new().uuid(),
        application_id: application.id,
        office_id: office.id,
        municipality_id: application.municipality_id,
        requested_at: change.actor.at,
        due_on: terms.endorse_by,
        decided_at: None,
        decided_by: None,
        acting_for: None,
        rank: None,
        motive: None,
    }
}

/// Mails an office what it is asked for, where that is new to it.
pub async fn ask(
    change: &mut Change,
    terms: &Terms,
    substitution: bool,
    office: &offices::entity::Model,
) -> Result<(), Problem> {
    let (link, new) = links::for_slate(change, terms, office.id.into()).await?;
    let template = match (substitution, new) {
        (true, _) => Template::SubstitutionRequested,
        (false, true) => Template::SlateRequested,
        (false, false) => return Ok(()),
    };
    mail_slate(change, terms, office, link.id.into(), template).await
}

/// Mails an office its slate's link.
pub async fn mail_slate(
    change: &mut Change,
    terms: &Terms,
    office: &offices::entity::Model,
    link: shared_types::LinkId,
    template: Template,
) -> Result<(), Problem> {
    write_to(change, terms, office, link, (template, None)).await
}

/// Reminds an office of the applications that wait for it.
pub async fn remind(
    change: &mut Change,
    terms: &Terms,
    office: &offices::entity::Model,
    link: shared_types::LinkId,
    awaiting: usize,
) -> Result<(), Problem> {
    let message = (Template::SlateReminder, Some(awaiting));
    write_to(change, terms, office, link, message).await
}

async fn write_to(
    change: &mut Change,
    terms: &Terms,
    office: &offices::entity::Model,
    link: shared_types::LinkId,
    (template, awaiting): (Template, Option<usize>),
) -> Result<(), Problem> {
    let today = terms.today(change.actor.at);
    let Some(to) = offices::store::recipient(change.tx(), office, today).await? else {
        tracing::warn!(office_id = %office.id, "an office has neither holder nor address");
        return Ok(());
    };
    let municipality =
        organisations::store::find(change.tx(), office.organisation_id.into()).await?;
    let round_name = crate::rounds::store::name(change.tx(), terms.id.uuid()).await?;
    let facts = json!({
        "roundName": round_name, "endorseBy": terms.endorse_by,
        "municipalityName": municipality.map(|one| one.name), "awaitingCount": awaiting,
    });
    let link = Some((LinkKind::Slate, link));
    let message = NewMessage {
        template,
        to,
        organiser: Some(terms.organiser),
        facts,
        link,
    };
    mail::queue(change, message);
    Ok(())
}

/// Gives the verdict on an application, and lets happen what waited for it.
pub async fn decide(
    change: &mut Change,
    terms: &Terms,
    mut application: applications::entity::Model,
    verdict: Verdict,
) -> Result<applications::entity::Model, Problem> {
    let row = store::of_application(change.tx(), application.id.into()).await?;
    let mut row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    row.decided_at = Some(change.actor.at);
    row.decided_by = Some(verdict.decided_by);
    row.acting_for = verdict.acting_for.map(Into::into);
    row.rank = verdict.rank;
    row.motive.clone_from(&verdict.motive);
    let row = row::update::<entity::Entity>(change.tx(), row).await?;
    let (state, edge) = match verdict.verdict {
        EndorsementVerdict::Endorse => (EndorsementState::Endorsed, "endorsement.endorsed"),
        EndorsementVerdict::Decline => (EndorsementState::Declined, "endorsement.declined"),
    };
    application.endorsement = column::text(state);
    if state == EndorsementState::Declined && application.replaces.is_some() {
        // The first person simply keeps the seat.
        application.state = column::text(ApplicationState::Withdrawn);
    }
    let application = applications::store::save(change, application).await?;
    steps::tell(change, &application, edge, verdict.motive.as_deref());
    if state != EndorsementState::Endorsed {
        applications::choices::unblock(change, &application).await?;
        return Ok(application);
    }
    tell_who_endorsed(change, terms, &application, &row).await?;
    verify_person(change, application.person_id.into()).await?;
    if application.replaces.is_some() {
        return steps::take_over(change, application).await;
    }
    let (application, given) = nominations::held::give(change, terms, application).await?;
    if given {
        return Ok(application);
    }
    steps::join_queue_if_due(change, terms, application).await
}

/// Tells who had a part in an endorsement: none of them can become the person's mentor.
async fn tell_who_endorsed(
    change: &mut Change,
    terms: &Terms,
    application: &applications::entity::Model,
    row: &entity::Model,
) -> Result<(), Problem> {
    let Some(office) = offices::store::find(change.tx(), row.office_id.into()).await? else {
        return Ok(());
    };
    let today = terms.today(change.actor.at);
    let mut people = offices::store::deciders(change.tx(), &office, today).await?;
    let answered = change.actor.subject.strip_prefix("person:");
    let answered: Option<PersonId> = answered.and_then(|id| id.parse().ok());
    people.extend(answered);
    people.extend(row.acting_for.map(PersonId::from));
    people.sort_unstable();
    people.dedup();
    let fact = EndorserFact {
        application_id: application.id.into(),
        organiser_id: application.organiser_id.into(),
        organisation_id: office.organisation_id.into(),
        office_id: office.id.into(),
        endorsed_by_ids: people,
        version: application.version,
    };
    change.publish("endorsement.given", application.id, json!(fact));
    Ok(())
}

/// An office that endorses a person says who it is. Where the organisation already has a
/// verified person of that address, HR has to say whether they are the same.
pub async fn verify_person(change: &mut Change, id: PersonId) -> Result<(), Problem> {
    // Under its lock: every column is written back.
    let Some(mut person) = people::store::lock(change.tx(), id).await? else {
        return Ok(());
    };
    if person.verified || people::store::has_verified_twin(change.tx(), &person).await? {
        return Ok(());
    }
    person.verified = true;
    person.version += 1;
    let person = row::update::<people::entity::Entity>(change.tx(), person).await?;
    change.record("person", id, "person.verified", None);
    if store::has_confirmed(change.tx(), id).await? {
        // Announced when the application was confirmed.
        return Ok(());
    }
    people::store::announce(change, &person).await
}

/// Takes an endorsement back before the seat is accepted: an offer is rescinded, a place in
/// the queue is lost.
pub async fn revoke(
    change: &mut Change,
    loaded: steps::Loaded,
    reason: &str,
) -> Result<applications::entity::Model, Problem> {
    let steps::Loaded {
        mut application,
        terms,
        ..
    } = loaded;
    let id = application.id;
    application.endorsement = column::text(EndorsementState::Revoked);
    if application.seat == column::text(SeatState::Offered) {
        application.seat = column::text(SeatState::Rescinded);
        application.settled_at = Some(change.actor.at);
    } else if application.admission == column::text(AdmissionVerdict::Waitlisted) {
        application.admission = column::text(AdmissionVerdict::Rejected);
    }
    let lost = application.seat == column::text(SeatState::Rescinded)
        || application.admission == column::text(AdmissionVerdict::Rejected);
    let application = applications::store::save(change, application).await?;
    steps::tell(change, &application, "endorsement.revoked", Some(reason));
    if lost {
        steps::say_no(change, &application, Some(reason)).await?;
    }
    queue::advance(change, terms.id).await?;
    applications::choices::unblock(change, &application).await?;
    applications::store::find_any(change.tx(), id.into())
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// Ends the wait for an office that did not answer in time.
pub async fn expire(
    change: &mut Change,
    mut application: applications::entity::Model,
) -> Result<(), Problem> {
    application.endorsement = column::text(EndorsementState::Expired);
    let application = applications::store::save(change, application).await?;
    steps::tell(change, &application, "endorsement.expired", None);
    applications::choices::unblock(change, &application).await
}

/// Whether somebody may ask for an office's link to be sent again: a mail that everybody gets
/// too often is read by nobody, and the office can't stop it. The caller holds the round's lock,
/// so that requests at once can't pass together.
pub async fn may_send_again(
    change: &Change,
    round: RoundId,
    office: OfficeId,
) -> Result<(), Problem> {
    let since = change.actor.at - MAIL_WINDOW;
    let sent = store::sent_since(change.tx(), round, office, since).await?;
    if sent < MOST_LINKS {
        return Ok(());
    }
    Err(Problem::of(&MAIL_LIMIT)
        .value("most", MOST_LINKS)
        .retry_after(MAIL_WINDOW.num_seconds().try_into().unwrap_or(u32::MAX)))
}

/// Sends an office's link again, as a new one; the old one stops working.
pub async fn renew_link(
    change: &mut Change,
    terms: &Terms,
    office: &offices::entity::Model,
) -> Result<super::link::Model, Problem> {
    let office_id = OfficeId::from(office.id);
    if let Some(mut old) = store::working_slate_link(change.tx(), terms.id, office_id).await? {
        old.revoked_at = Some(change.actor.at);
        row::update::<super::link::Entity>(change.tx(), old).await?;
    }
    let (link, _) = links::for_slate(change, terms, office_id).await?;
    mail_slate(
        change,
        terms,
        office,
        link.id.into(),
        Template::SlateRequested,
    )
    .await?;
    change.record("round", terms.id, "slate_link.sent", None);
    Ok(link)
}

/// When an office changes hands, the links that were mailed before stop working; where it still
/// has something to decide, whoever decides now gets a new one.
pub async fn office_changed(
    change: &mut Change,
    office: &offices::entity::Model,
) -> Result<(), Problem> {
    for mut link in store::working_links_of_office(change.tx(), office.id.into()).await? {
        let round = crate::rounds::store::find_any(change.tx(), link.round_id.into()).await?;
        let terms = Terms::read(&round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?)?;
        link.revoked_at = Some(change.actor.at);
        row::update::<super::link::Entity>(change.tx(), link).await?;
        if terms.seats_move() && terms.endorsing_is_over(change.actor.at).is_none() {
            renew_link(change, &terms, office).await?;
        }
    }
    Ok(())
}
