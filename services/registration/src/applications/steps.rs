//! What is done to an application, step by step: each in an open change, under the round's
//! lock, after the table of [`super::model`] has allowed it.

use super::{
    choices,
    eligibility::{Employers, is_for},
    entity,
    model::{Case, EDGES, Facts, Who},
    store,
};
use crate::{
    admissions::queue,
    endorsements,
    mail::{LinkKind, NewMessage, Template},
    organisations, people,
    rounds::{self, model::Terms, seats},
};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    ApplicationId, Language, LinkId, PersonId, Problem, codes,
    registration::{
        applications::{
            AdmissionVerdict, ApplicationState, EndorsementState, OfferVerdict, SeatState,
        },
        codes::{
            APPLICANT_NOT_ELIGIBLE, APPLICATION_EXISTS, APPLICATION_WITHOUT_SEAT, CHOICE_TAKEN,
            PERSON_UNKNOWN, SUBSTITUTE_OTHER_MUNICIPALITY,
        },
        rounds::EndorsementRule,
    },
    transition,
};
use uuid::Uuid;

/// An application under its round's lock.
#[derive(Debug)]
pub struct Loaded {
    /// The application, read after the lock was taken.
    pub application: entity::Model,
    /// The round under its lock.
    pub round: rounds::entity::Model,
    /// The round's terms.
    pub terms: Terms,
}

/// Locks the round of an application and reads the application after that: nothing that was
/// read before the lock is relied on.
pub async fn load(change: &Change, id: ApplicationId) -> Result<Loaded, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let before = store::find_any(change.tx(), id)
        .await?
        .ok_or_else(missing)?;
    load_again(change, &before).await
}

/// The same for who has just read it.
pub async fn load_again(change: &Change, before: &entity::Model) -> Result<Loaded, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let round = rounds::store::lock(change, before.round_id.into())
        .await?
        .ok_or_else(missing)?;
    let application = store::find_any(change.tx(), before.id.into())
        .await?
        .ok_or_else(missing)?;
    Ok(Loaded {
        terms: Terms::read(&round)?,
        application,
        round,
    })
}

impl Loaded {
    /// Judges an edge for a caller.
    pub async fn judge(
        &self,
        change: &Change,
        who: Who,
        edge: &str,
        language: Language,
    ) -> Result<(), Problem> {
        let facts = Facts::read(&self.application)?;
        // Who has no seat has nobody who could take it over.
        let pending = match facts.seat {
            SeatState::Accepted => {
                store::pending_substitute(change.tx(), self.application.id.into()).await?
            }
            _ => None,
        };
        let case = Case {
            facts,
            terms: self.terms.clone(),
            who,
            substitution_pending: pending.is_some(),
            now: change.actor.at,
        };
        transition::judge(&EDGES, edge, &case, language)
    }
}

/// What an applicant says beside who applies to what.
#[derive(Clone, Debug, Default)]
pub struct New<'a> {
    /// Why.
    pub motivation: Option<String>,
    /// Which choice it is.
    pub choice: Option<i32>,
    /// Why a coordinator makes it after the deadline.
    pub late_reason: Option<&'a str>,
}

/// Adds a draft.
pub async fn draft(
    change: &mut Change,
    round: &rounds::entity::Model,
    person: &people::entity::Model,
    new: New<'_>,
) -> Result<entity::Model, Problem> {
    let late_reason = new.late_reason;
    let row = new_row(change, round, person, new).await?;
    let row = row::insert::<entity::Entity>(change.tx(), row).await?;
    change.record("application", row.id, "application.drafted", late_reason);
    Ok(row)
}

async fn new_row(
    change: &Change,
    round: &rounds::entity::Model,
    person: &people::entity::Model,
    new: New<'_>,
) -> Result<entity::Model, Problem> {
    let employer = organisations::store::find(change.tx(), person.organisation_id.into()).await?;
    let municipality = employer.and_then(|one| one.municipality_id);
    blank(round, person, municipality, new.motivation, new.choice)
}

/// The row of a new application.
pub fn blank(
    round: &rounds::entity::Model,
    person: &people::entity::Model,
    municipality_id: Option<Uuid>,
    motivation: Option<String>,
    choice: Option<i32>,
) -> Result<entity::Model, Problem> {
    Ok(entity::Model {
        id: ApplicationId::new().uuid(),
        round_id: round.id,
        organiser_id: round.organiser_id,
        person_id: person.id,
        organisation_id: person.organisation_id,
        municipality_id,
        state: column::text(ApplicationState::Draft),
        live: false,
        motivation,
        submitted_at: None,
        endorsement: column::text(EndorsementState::NotRequired),
        admission: column::text(AdmissionVerdict::Pending),
        admission_published_at: None,
        queue_position: None,
        waitlisted_at: None,
        seat: column::text(SeatState::None),
        offered_at: None,
        answer_by: None,
        settled_at: None,
        replaces: None,
        programme_id: round.programme_id,
        choice: choices::of(round, choice)?,
        hold_id: None,
        version: 1,
    })
}

/// Refuses a person for whom the round is not.
pub async fn eligible(
    change: &Change,
    terms: &Terms,
    person: &people::entity::Model,
) -> Result<(), Problem> {
    if !person.active {
        return Err(Problem::of(&PERSON_UNKNOWN));
    }
    let rule = &terms.eligibility;
    let kind = column::parse(&person.kind)?;
    let person_fits = is_for(rule, kind, person.title.as_deref());
    let employer = person.organisation_id;
    let employer_fits = !rule.partners_only
        || Employers::read(change.tx(), terms, [employer])
            .await?
            .fits(employer);
    if person_fits && employer_fits {
        Ok(())
    } else {
        Err(Problem::of(&APPLICANT_NOT_ELIGIBLE))
    }
}

/// Hands a draft in: the person's office is asked, where one has to be.
pub async fn submit(
    change: &mut Change,
    loaded: Loaded,
    late_reason: Option<&str>,
) -> Result<entity::Model, Problem> {
    let Loaded {
        mut application,
        round,
        terms,
    } = loaded;
    let person = people::store::find(change.tx(), application.person_id.into()).await?;
    let person = person.ok_or_else(|| Problem::of(&PERSON_UNKNOWN))?;
    eligible(change, &terms, &person).await?;
    hand_in(change, &terms, &mut application);
    let application = save_live(change, application).await?;
    let about = (&round, &terms, &person);
    // On the heap: what follows is large, and its callers should not be.
    let all = Box::pin(received(change, about, application, late_reason));
    Ok(all.await?.0)
}

/// Adds an application that is handed in at once, by who has just read the person, found it
/// eligible, and holds the round: every statement that is not sent shortens somebody's turn.
/// Answers the office's request with it, where there is one.
pub async fn apply(
    change: &mut Change,
    (round, terms, person): (&rounds::entity::Model, &Terms, &people::entity::Model),
    new: New<'_>,
) -> Result<(entity::Model, Option<endorsements::entity::Model>), Problem> {
    let late_reason = new.late_reason;
    let mut row = new_row(change, round, person, new).await?;
    hand_in(change, terms, &mut row);
    row.live = Facts::read(&row)?.live();
    let row = row::insert::<entity::Entity>(change.tx(), row)
        .await
        .map_err(one_live)?;
    change.record("application", row.id, "application.drafted", late_reason);
    received(change, (round, terms, person), row, late_reason).await
}

fn hand_in(change: &Change, terms: &Terms, application: &mut entity::Model) {
    application.state = column::text(ApplicationState::Submitted);
    application.submitted_at = Some(change.actor.at);
    if terms.endorsement == EndorsementRule::MunicipalDirector {
        application.endorsement = column::text(EndorsementState::Awaiting);
    }
}

/// What follows when an application has come in.
async fn received(
    change: &mut Change,
    (round, terms, person): (&rounds::entity::Model, &Terms, &people::entity::Model),
    application: entity::Model,
    late_reason: Option<&str>,
) -> Result<(entity::Model, Option<endorsements::entity::Model>), Problem> {
    tell(change, &application, "application.submitted", late_reason);
    let request = if terms.endorsement == EndorsementRule::MunicipalDirector {
        Some(endorsements::steps::request(change, terms, round, &application, person).await?)
    } else {
        None
    };
    let message = NewMessage {
        template: Template::ApplicationReceived,
        to: people::store::recipient(person)?,
        organiser: Some(round.organiser_id.into()),
        facts: json!({ "roundName": round.name }),
        link: None,
    };
    crate::mail::queue(change, message);
    let application = join_queue_if_due(change, terms, application).await?;
    Ok((application, request))
}

/// After the admission was announced an endorsed newcomer joins the end of the queue.
pub async fn join_queue_if_due(
    change: &mut Change,
    terms: &Terms,
    mut application: entity::Model,
) -> Result<entity::Model, Problem> {
    let facts = Facts::read(&application)?;
    let due = terms.announced
        && facts.endorsed()
        && facts.admission == AdmissionVerdict::Pending
        && facts.live();
    if !due || application.replaces.is_some() {
        return Ok(application);
    }
    application.admission = column::text(AdmissionVerdict::Waitlisted);
    application.admission_published_at = Some(change.actor.at);
    application.waitlisted_at = Some(change.actor.at);
    let id = ApplicationId::from(application.id);
    let application = store::save(change, application).await?;
    tell(change, &application, "application.waitlisted", None);
    queue::advance(change, terms.id).await?;
    reread(change, id).await
}

/// Takes an application back, or leaves the seat: nobody has to agree.
pub async fn withdraw(
    change: &mut Change,
    loaded: Loaded,
    reason: Option<&str>,
) -> Result<entity::Model, Problem> {
    let Loaded {
        mut application,
        terms,
        ..
    } = loaded;
    let facts = Facts::read(&application)?;
    let edge = match facts.seat {
        SeatState::Accepted => {
            application.seat = column::text(SeatState::Withdrawn);
            "participation.withdrawn"
        }
        SeatState::Offered => {
            application.seat = column::text(SeatState::Declined);
            "offer.declined"
        }
        _ => {
            application.state = column::text(ApplicationState::Withdrawn);
            "application.withdrawn"
        }
    };
    if facts.seat != SeatState::None {
        application.settled_at = Some(change.actor.at);
    }
    let application = store::save(change, application).await?;
    tell(change, &application, edge, reason);
    let round_name = rounds::store::name(change.tx(), application.round_id).await?;
    mail(
        change,
        &application,
        Template::Withdrawn,
        json!({ "roundName": round_name }),
        None,
    )
    .await?;
    free_seat(change, &terms, &application).await
}

async fn end_substitute(change: &mut Change, mut substitute: entity::Model) -> Result<(), Problem> {
    substitute.state = column::text(ApplicationState::Withdrawn);
    let substitute = store::save(change, substitute).await?;
    tell(
        change,
        &substitute,
        "application.withdrawn",
        Some("The seat that was to be taken over was given up."),
    );
    Ok(())
}

/// Offers a seat; the round's lock is held and a seat was taken.
pub async fn offer(
    change: &mut Change,
    terms: &Terms,
    mut application: entity::Model,
) -> Result<entity::Model, Problem> {
    let answer_by = terms.answer_by(change.actor.at);
    application.admission = column::text(AdmissionVerdict::Admitted);
    application.seat = column::text(SeatState::Offered);
    application.offered_at = Some(change.actor.at);
    application.answer_by = Some(answer_by);
    application.settled_at = None;
    let application = store::save(change, application).await?;
    tell(change, &application, "offer.made", None);
    let round_name = rounds::store::name(change.tx(), application.round_id).await?;
    let link = endorsements::links::for_offer(change, &application, answer_by).await?;
    let facts = json!({ "roundName": round_name, "answerBy": answer_by });
    mail(
        change,
        &application,
        Template::OfferMade,
        facts,
        Some((LinkKind::Offer, link)),
    )
    .await?;
    Ok(application)
}

/// Takes or leaves an offered seat.
pub async fn answer(
    change: &mut Change,
    loaded: Loaded,
    verdict: OfferVerdict,
) -> Result<entity::Model, Problem> {
    let Loaded {
        mut application,
        round,
        terms,
    } = loaded;
    let (seat, edge, template) = match verdict {
        OfferVerdict::Accept => (
            SeatState::Accepted,
            "offer.accepted",
            Template::SeatConfirmed,
        ),
        OfferVerdict::Decline => (SeatState::Declined, "offer.declined", Template::Withdrawn),
    };
    application.seat = column::text(seat);
    application.settled_at = Some(change.actor.at);
    let application = store::save(change, application).await?;
    tell(change, &application, edge, None);
    let facts = json!({ "roundName": round.name });
    mail(change, &application, template, facts, None).await?;
    if verdict == OfferVerdict::Accept {
        choices::end_others(change, &application).await?;
        // An offer held the seat already: none became free, and as many are used as before.
        return Ok(application);
    }
    free_seat(change, &terms, &application).await
}

/// Ends an offer or a seat in a state from which it does not come back.
pub async fn end_seat(
    change: &mut Change,
    loaded: Loaded,
    seat: SeatState,
    edge: &str,
    reason: Option<&str>,
) -> Result<entity::Model, Problem> {
    let Loaded {
        mut application,
        terms,
        ..
    } = loaded;
    application.seat = column::text(seat);
    application.settled_at = Some(change.actor.at);
    let application = store::save(change, application).await?;
    tell(change, &application, edge, reason);
    if seat == SeatState::Rescinded {
        say_no(change, &application, reason).await?;
    }
    if seat == SeatState::Expired {
        let round_name = rounds::store::name(change.tx(), application.round_id).await?;
        mail(
            change,
            &application,
            Template::OfferExpired,
            json!({ "roundName": round_name }),
            None,
        )
        .await?;
    }
    free_seat(change, &terms, &application).await
}

/// Tells somebody that there is no seat for them after all, and why.
pub async fn say_no(
    change: &mut Change,
    application: &entity::Model,
    reason: Option<&str>,
) -> Result<(), Problem> {
    let round_name = rounds::store::name(change.tx(), application.round_id).await?;
    let facts = json!({ "roundName": round_name, "reason": reason });
    mail(change, application, Template::Rejected, facts, None).await
}

/// Takes somebody out of the queue for good.
pub async fn reject(
    change: &mut Change,
    loaded: Loaded,
    reason: Option<&str>,
) -> Result<entity::Model, Problem> {
    let mut application = loaded.application;
    application.admission = column::text(AdmissionVerdict::Rejected);
    let application = store::save(change, application).await?;
    tell(change, &application, "application.rejected", reason);
    say_no(change, &application, reason).await?;
    choices::unblock(change, &application).await?;
    Ok(application)
}

/// Names another person of the municipality for an accepted seat. The first keeps it until the
/// office endorses the second.
pub async fn substitute(
    change: &mut Change,
    loaded: Loaded,
    person: PersonId,
    reason: &str,
) -> Result<entity::Model, Problem> {
    let Loaded {
        application: seat,
        terms,
        round,
    } = loaded;
    let person = people::store::find(change.tx(), person)
        .await?
        .ok_or_else(|| Problem::of(&PERSON_UNKNOWN))?;
    eligible(change, &terms, &person).await?;
    let employer = organisations::store::find(change.tx(), person.organisation_id.into()).await?;
    if employer.and_then(|one| one.municipality_id) != seat.municipality_id
        || seat.municipality_id.is_none()
    {
        return Err(Problem::of(&SUBSTITUTE_OTHER_MUNICIPALITY));
    }
    let new = New {
        choice: choices::free(change.tx(), &round, person.id).await?,
        ..New::default()
    };
    let mut application = draft(change, &round, &person, new).await?;
    choices::refuse_second_seat(change, &application).await?;
    application.state = column::text(ApplicationState::Submitted);
    application.submitted_at = Some(change.actor.at);
    application.replaces = Some(seat.id);
    let must_endorse = terms.endorsement == EndorsementRule::MunicipalDirector;
    if must_endorse {
        application.endorsement = column::text(EndorsementState::Awaiting);
    }
    let application = save_live(change, application).await?;
    tell(change, &application, "substitution.named", Some(reason));
    if !must_endorse {
        return take_over(change, application).await;
    }
    endorsements::steps::request(change, &terms, &round, &application, &person).await?;
    Ok(application)
}

/// Both persons change at once: the second takes the seat, the first leaves it.
pub async fn take_over(
    change: &mut Change,
    mut second: entity::Model,
) -> Result<entity::Model, Problem> {
    let Some(seat) = second.replaces else {
        return Ok(second);
    };
    choices::refuse_second_seat(change, &second).await?;
    let missing = || Problem::of(&codes::NOT_FOUND);
    let mut first = store::find_any(change.tx(), seat.into())
        .await?
        .ok_or_else(missing)?;
    if first.seat != column::text(SeatState::Accepted) {
        // Whoever gives up a seat ends the wait for it, so this is not reached.
        return Err(Problem::of(&APPLICATION_WITHOUT_SEAT).value("state", first.seat));
    }
    first.seat = column::text(SeatState::Substituted);
    first.settled_at = Some(change.actor.at);
    let first = store::save(change, first).await?;
    tell(change, &first, "participation.substituted", None);
    second.admission = column::text(AdmissionVerdict::Admitted);
    second.admission_published_at = Some(change.actor.at);
    second.seat = column::text(SeatState::Accepted);
    second.settled_at = Some(change.actor.at);
    let second = store::save(change, second).await?;
    tell(change, &second, "participation.taken_over", None);
    choices::end_others(change, &second).await?;
    let round_name = rounds::store::name(change.tx(), second.round_id).await?;
    mail(
        change,
        &second,
        Template::SeatConfirmed,
        json!({ "roundName": round_name }),
        None,
    )
    .await?;
    seats::settle(change, second.round_id.into()).await?;
    Ok(second)
}

/// Writes an entry of history and an event about an application.
pub fn tell(change: &mut Change, application: &entity::Model, edge: &str, reason: Option<&str>) {
    change.record("application", application.id, edge, reason);
    change.publish(
        edge,
        application.id,
        json!({
            "applicationId": application.id, "roundId": application.round_id, "personId": application.person_id,
            "organisationId": application.organisation_id, "municipalityId": application.municipality_id,
            "organiserId": application.organiser_id, "state": application.state, "endorsement": application.endorsement,
            "seat": application.seat, "replaces": application.replaces, "version": application.version,
        }),
    );
}

/// Queues a mail to the applicant.
pub async fn mail(
    change: &mut Change,
    application: &entity::Model,
    template: Template,
    facts: serde_json::Value,
    link: Option<(LinkKind, LinkId)>,
) -> Result<(), Problem> {
    let Some(person) = people::store::find(change.tx(), application.person_id.into()).await? else {
        return Ok(());
    };
    let message = NewMessage {
        template,
        to: people::store::recipient(&person)?,
        organiser: Some(application.organiser_id.into()),
        facts,
        link,
    };
    crate::mail::queue(change, message);
    Ok(())
}

async fn save_live(change: &Change, application: entity::Model) -> Result<entity::Model, Problem> {
    store::save(change, application).await.map_err(one_live)
}

fn one_live(error: DatabaseError) -> Problem {
    match error {
        error if error.violates("applications", "choice") => Problem::of(&CHOICE_TAKEN),
        DatabaseError::Unique(_) => Problem::of(&APPLICATION_EXISTS),
        other => other.into(),
    }
}

/// What follows when a seat may be free: nobody waits to take it over any more, and the queue
/// moves.
async fn free_seat(
    change: &mut Change,
    terms: &Terms,
    application: &entity::Model,
) -> Result<entity::Model, Problem> {
    let gone = application.seat != column::text(SeatState::Accepted);
    let waiting = store::pending_substitute(change.tx(), application.id.into()).await?;
    if let Some(substitute) = waiting.filter(|_| gone) {
        end_substitute(change, substitute).await?;
    }
    queue::advance(change, terms.id).await?;
    choices::unblock(change, application).await?;
    reread(change, application.id.into()).await
}

async fn reread(change: &Change, id: ApplicationId) -> Result<entity::Model, Problem> {
    store::find_any(change.tx(), id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}
