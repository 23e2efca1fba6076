//! What a release does: in an open change, under the plan's lock and the lock of claims.

use super::{
    affected, around, claims, difference, entity,
    findings::{self, Surroundings},
    next, store, words,
};
use crate::{
    attendance, bookings, invitations,
    plans::{self, draft, released},
    sessions,
};
use chrono::{DateTime, Utc};
use sea_orm::ConnectionTrait;
use serde_json::json;
use shared_database::{Change, column, row};
use shared_projections::{people, rounds};
use shared_types::{
    Language, LocalizedText, Problem, ReleaseId, RoundId, SessionId,
    facts::{MESSAGE_REQUESTED, MessageRequested},
    scheduling::{
        bookings::BookingState,
        codes::{PLAN_BLOCKED, PLAN_CLASHES, PLAN_UNCHANGED},
        plans::{Finding, ProgrammeDays, Severity},
        releases::{AffectedPerson, ReleasedSession, SessionChange, SessionStatus},
        sessions::{Audience, SessionState},
    },
};
use std::collections::BTreeSet;

/// What a release would be.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The sessions as people would see them.
    pub sessions: Vec<ReleasedSession>,
    /// What is other than before.
    pub changes: Vec<SessionChange>,
    /// Who would be told.
    pub affected: Vec<AffectedPerson>,
    /// What speaks against it.
    pub findings: Vec<Finding>,
    /// Programme days.
    pub days: ProgrammeDays,
}

/// What was seen before the transaction began: only tests look so early.
#[derive(Clone, Debug)]
pub struct Early {
    /// What stands around the plan.
    pub around: Surroundings,
    /// What people saw.
    pub previous: Vec<ReleasedSession>,
}

/// Works out what a release of the draft would be. What was seen too early is used only by a
/// test that shows what would come of it.
pub async fn prepare(
    connection: &impl ConnectionTrait,
    plan: &plans::entity::Model,
    now: DateTime<Utc>,
    early: Option<Early>,
) -> Result<Prepared, Problem> {
    let round = RoundId::from(plan.round_id);
    let loaded = draft::load(connection, plan).await?;
    let (previous, around) = match early {
        Some(early) => (early.previous, Some(early.around)),
        None => (released::of_rounds(connection, &[round]).await?, None),
    };
    let sessions = next::sessions(&loaded.draft, &previous, now);
    let around = match around {
        Some(around) => around,
        None => around::load(connection, plan, &loaded, &sessions, now).await?,
    };
    let changes = difference::between(&previous, &sessions);
    Ok(Prepared {
        affected: affected::by(&changes, &around.circle),
        findings: findings::of(&sessions, &around),
        days: findings::programme_days(&sessions, plan.promised_days),
        changes,
        sessions,
    })
}

/// Releases the draft of a plan under its lock. What speaks against it needs a reason, and some
/// of it forbids the release whatever the reason.
pub async fn release(
    change: &mut Change,
    plan: plans::entity::Model,
    reason: Option<&str>,
    early: Option<Early>,
) -> Result<entity::Model, Problem> {
    claims::lock(change, plan.round_id).await?;
    let prepared = prepare(change.tx(), &plan, change.actor.at, early).await?;
    if prepared.changes.is_empty() {
        return Err(Problem::of(&PLAN_UNCHANGED).value("number", plan.released_number));
    }
    let of = |severity| {
        let found = prepared.findings.iter();
        let found = found.filter(move |finding| finding.severity == severity);
        let mut codes: Vec<String> = found.map(|finding| column::text(finding.code)).collect();
        codes.dedup();
        codes.join(", ")
    };
    let (blocking, asking) = (of(Severity::Blocks), of(Severity::NeedsReason));
    if !blocking.is_empty() {
        return Err(Problem::of(&PLAN_BLOCKED).value("findings", blocking));
    }
    if !asking.is_empty() && reason.is_none() {
        return Err(Problem::of(&PLAN_CLASHES).value("findings", asking));
    }
    write(change, plan, prepared, reason).await
}

/// Cancels a session for those who see it, and changes nothing else of what they see, whatever
/// stands in the draft: for what happens by itself.
pub async fn withdraw(
    change: &mut Change,
    plan: plans::entity::Model,
    id: SessionId,
) -> Result<(), Problem> {
    let (round, now) = (RoundId::from(plan.round_id), change.actor.at);
    let previous = released::of_rounds(change.tx(), &[round]).await?;
    let mut sessions = previous.clone();
    for session in sessions.iter_mut().filter(|session| session.id == id) {
        *session = next::cancelled(session, now);
    }
    let changes = difference::between(&previous, &sessions);
    if changes.is_empty() {
        return Ok(());
    }
    let circle = around::circle(change.tx(), round, &sessions, now).await?;
    let prepared = Prepared {
        affected: affected::by(&changes, &circle),
        findings: Vec::new(),
        days: findings::programme_days(&sessions, plan.promised_days),
        changes,
        sessions,
    };
    write(change, plan, prepared, None).await?;
    Ok(())
}

/// Calls off what is still to come of a round that will not be held: its sessions, in the draft and
/// for those who see them, and its bookings. What was held stays. Doing it again changes nothing.
pub async fn call_off(change: &mut Change, round: RoundId) -> Result<(), Problem> {
    let Some(plan) = plans::store::lock(change, round).await? else {
        return Ok(());
    };
    let now = change.actor.at;
    let previous = released::of_rounds(change.tx(), &[round]).await?;
    let mut sessions = previous.clone();
    for session in sessions
        .iter_mut()
        .filter(|session| is_to_come(session, now))
    {
        *session = next::cancelled(session, now);
    }
    let changes = difference::between(&previous, &sessions);
    let held: BTreeSet<SessionId> = previous
        .iter()
        .filter(|session| !is_to_come(session, now))
        .map(|session| session.id)
        .collect();
    let over = [SessionState::Cancelled, SessionState::Lapsed].map(column::text);
    for row in sessions::store::of_round(change.tx(), round).await? {
        if !held.contains(&SessionId::from(row.id)) && !over.contains(&row.state) {
            sessions::steps::enter(change, row, SessionState::Cancelled, None).await?;
        }
    }
    give_back(change, round).await?;
    if changes.is_empty() {
        return Ok(());
    }
    let circle = around::circle(change.tx(), round, &sessions, now).await?;
    let prepared = Prepared {
        affected: affected::by(&changes, &circle),
        findings: Vec::new(),
        days: findings::programme_days(&sessions, plan.promised_days),
        changes,
        sessions,
    };
    write(change, plan, prepared, None).await?;
    Ok(())
}

/// Whether a session is to be held and not over.
fn is_to_come(session: &ReleasedSession, now: DateTime<Utc>) -> bool {
    let last = session.days.last().map(|day| day.ends);
    let is_over = match (last, &session.period) {
        (Some(ends), _) => ends <= now,
        (None, Some(period)) => period.ends_on < now.date_naive(),
        (None, None) => false,
    };
    session.status != SessionStatus::Cancelled && !is_over
}

/// Gives back what venues keep for a round: options end, and firm bookings are cancelled.
async fn give_back(change: &mut Change, round: RoundId) -> Result<(), Problem> {
    let today = change.actor.at.date_naive();
    for booking in bookings::store::of_round(change.tx(), round).await? {
        let Some(row) = bookings::store::lock(change, booking.id.into()).await? else {
            continue;
        };
        let to = match column::parse(&row.state)? {
            BookingState::Option => BookingState::Released,
            BookingState::Firm => BookingState::Cancelled,
            BookingState::Released | BookingState::Cancelled => continue,
        };
        if row.ends_on >= today {
            bookings::steps::enter(change, row, to, None).await?;
        }
    }
    Ok(())
}

/// Writes a release, brings what people see to its state, and tells those whom it concerns.
async fn write(
    change: &mut Change,
    mut plan: plans::entity::Model,
    prepared: Prepared,
    reason: Option<&str>,
) -> Result<entity::Model, Problem> {
    plan.released_number += 1;
    let needing = prepared.findings.iter();
    let needing: Vec<&Finding> = needing
        .filter(|finding| finding.severity == Severity::NeedsReason)
        .collect();
    let release = entity::Model {
        id: ReleaseId::new().uuid(),
        round_id: plan.round_id,
        number: plan.released_number,
        released_at: change.actor.at,
        released_by: change.actor.subject.clone(),
        content: column::json(&prepared.sessions),
        findings: column::json(&needing),
        affected_count: i32::try_from(prepared.affected.len()).unwrap_or(i32::MAX),
    };
    let release = row::insert::<entity::Entity>(change.tx(), release).await?;
    for one in &prepared.changes {
        if let Some(session) = &one.after {
            store::put(change, session).await?;
        }
    }
    let plan = plans::store::save(change, plan).await?;
    change.record("plan", plan.round_id, "plan.released", reason);
    publish(change, &plan, &prepared);
    request_messages(change, &plan, &prepared).await?;
    invitations::steps::reconcile(change, plan.round_id.into()).await?;
    attendance::states::publish_again(change, plan.round_id.into()).await?;
    Ok(release)
}

/// Tells the other services: of the plan as a whole, and of each session that changed.
fn publish(change: &mut Change, plan: &plans::entity::Model, prepared: &Prepared) {
    let told = |one: &SessionChange| json!({ "sessionId": one.session_id, "change": one.change, "fields": one.fields });
    let changes: Vec<_> = prepared.changes.iter().map(told).collect();
    let affected = prepared.affected.iter().map(|one| one.person_id);
    let fact = json!({
        "roundId": plan.round_id, "organiserId": plan.organiser_id,
        "number": plan.released_number, "version": plan.released_number,
        "programmeDays": prepared.days, "changes": changes,
        "affectedPersonIds": affected.collect::<Vec<_>>(),
    });
    change.publish("plan.released", plan.round_id, fact);
    for one in &prepared.changes {
        let Some(session) = &one.after else { continue };
        let concerned = prepared.affected.iter();
        let concerned = concerned.filter(|person| person.session_ids.contains(&one.session_id));
        let fact = json!({
            "sessionId": one.session_id, "roundId": plan.round_id,
            "organiserId": plan.organiser_id, "change": one.change, "fields": one.fields,
            "kind": session.kind, "name": session.name, "status": session.status,
            "days": session.days, "timeZone": session.time_zone, "counts": session.counts,
            "audience": session.audience, "facilitatorIds": session.facilitator_ids,
            "replacesId": session.replaces_id, "version": session.sequence,
            "affectedPersonIds": concerned.map(|person| person.person_id).collect::<Vec<_>>(),
        });
        change.publish("session.changed", one.session_id, fact);
    }
}

/// Whether somebody gets an invitation to a session, which says all that this message would.
fn is_invited(person: &AffectedPerson, change: &SessionChange) -> bool {
    let is_guest = |part: &Audience| matches!(part, Audience::Directors | Audience::Mentors);
    let sessions = change.before.iter().chain(&change.after);
    person.audience.iter().all(is_guest) && sessions.into_iter().any(invitations::model::has_guests)
}

/// Asks for a message to everybody whom the release concerns, in the person's own language, about
/// the sessions that concern the person.
async fn request_messages(
    change: &mut Change,
    plan: &plans::entity::Model,
    prepared: &Prepared,
) -> Result<(), Problem> {
    let round = rounds::find(change.tx(), plan.round_id.into()).await?;
    let name = round.map(|round| column::from_json::<LocalizedText>(round.name));
    let name = name.transpose()?;
    let ids = prepared.affected.iter().map(|one| one.person_id.uuid());
    let known = people::find_all(change.tx(), ids).await?;
    for person in &prepared.affected {
        // Whoever is not known yet is told when asking; whoever is forgotten is told nothing.
        let Some(row) = known
            .get(&person.person_id.uuid())
            .filter(|row| !row.erased)
        else {
            continue;
        };
        let language: Language = column::parse(&row.language)?;
        let own = prepared.changes.iter();
        let own = own.filter(|one| person.session_ids.contains(&one.session_id));
        let own: Vec<&SessionChange> = own.filter(|one| !is_invited(person, one)).collect();
        if own.is_empty() {
            continue;
        }
        let first = plan.released_number == 1;
        let (subject, text) = words::message(language, name.as_ref(), &own, first);
        let message = MessageRequested {
            person_id: person.person_id,
            organiser_id: Some(plan.organiser_id.into()),
            template: "plan_released".to_owned(),
            subject,
            text,
            link: None,
            calendar: None,
        };
        change.publish(MESSAGE_REQUESTED, person.person_id, column::json(&message));
    }
    Ok(())
}
