//! What is done to a proposal: made, overridden row by row, published as a whole.

use super::{
    entity, inputs,
    propose::{self, Proposal, Verdict},
    queue, row,
    words::KeptReason,
};
use crate::{
    applications::{
        self,
        choices::{self, Bar},
        model::Facts,
        steps,
    },
    mail::Template,
    rounds::{self, model::Terms, seats},
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _,
};
use serde_json::json;
use shared_database::{Change, DatabaseError, column};
use shared_types::{
    AdmissionProposalId, ApplicationId, Problem, Refusal, RoundId, codes,
    registration::{
        admissions::{ProposalState, ProposedVerdict},
        applications::{AdmissionVerdict, EndorsementState},
        codes::{
            ADMISSION_ALREADY_PUBLISHED, ADMISSION_OVER_SEATS, ADMISSION_PROPOSAL_OUTDATED,
            ADMISSION_PROPOSAL_STATE, ENDORSEMENTS_STILL_AWAITED, ROUND_STATE,
        },
        rounds::RoundState,
    },
    transition::Edge,
};
use shared_web::command::hex;
use std::collections::HashMap;
use uuid::Uuid;

/// What the edges of a proposal look at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State of the proposal.
    pub state: ProposalState,
    /// Whether the round's admission was announced.
    pub announced: bool,
    /// Rows that are admitted, overrides included.
    pub admitted: i32,
    /// Seats that were free.
    pub free: i32,
    /// Whether the caller coordinates the organiser's programmes.
    pub coordinator: bool,
}

fn coordinator(case: &Case) -> bool {
    case.coordinator
}

fn is_proposed(case: &Case) -> Result<(), Refusal> {
    if case.state == ProposalState::Proposed {
        Ok(())
    } else {
        Err(Refusal::of(&ADMISSION_PROPOSAL_STATE).value("state", column::text(case.state)))
    }
}

fn not_announced(case: &Case) -> Result<(), Refusal> {
    if case.announced {
        Err(Refusal::of(&ADMISSION_ALREADY_PUBLISHED))
    } else {
        Ok(())
    }
}

fn fits_the_seats(case: &Case) -> Result<(), Refusal> {
    if case.admitted <= case.free {
        return Ok(());
    }
    Err(Refusal::of(&ADMISSION_OVER_SEATS)
        .value("admitted", case.admitted)
        .value("seats", case.free)
        .value("over", case.admitted - case.free))
}

/// Every transition of a proposal. Rows are overridden while it is proposed.
pub static EDGES: [Edge<Case>; 1] = [Edge {
    name: "publication",
    who: coordinator,
    conditions: &[is_proposed, not_announced, fits_the_seats],
}];

/// Makes a proposal; an earlier one that waits for review is superseded.
pub async fn make(change: &mut Change, id: RoundId) -> Result<entity::Model, Problem> {
    let locked = seats::lock(change, id).await?;
    let terms = Terms::read(&locked.round)?;
    allow_proposing(change, &terms).await?;
    let Computed { proposal, barred } = compute(change.tx(), &terms, locked.free()).await?;
    supersede(change, id).await?;
    let made = entity::Model {
        id: AdmissionProposalId::new().uuid(),
        round_id: id.uuid(),
        organiser_id: terms.organiser.uuid(),
        state: column::text(ProposalState::Proposed),
        rule_version: propose::RULE_VERSION.to_owned(),
        inputs_hash: hex(&proposal.inputs_hash),
        created_at: change.actor.at,
        free_seats: locked.free(),
        version: 1,
    };
    let made = shared_database::row::insert::<entity::Entity>(change.tx(), made).await?;
    insert_rows(change, &made, &proposal, &barred).await?;
    change.record("admission_proposal", made.id, "admission.proposed", None);
    change.record("round", id, "admission.proposed", None);
    Ok(made)
}

async fn allow_proposing(change: &Change, terms: &Terms) -> Result<(), Problem> {
    if terms.announced {
        return Err(Problem::of(&ADMISSION_ALREADY_PUBLISHED));
    }
    if !matches!(terms.state, RoundState::Closed | RoundState::Running) {
        return Err(Problem::of(&ROUND_STATE).value("state", column::text(terms.state)));
    }
    let waiting = applications::store::undecided(change.tx(), terms.id).await?;
    let awaiting = column::text(EndorsementState::Awaiting);
    let count = waiting
        .iter()
        .filter(|row| row.endorsement == awaiting)
        .count();
    match terms.endorse_by {
        Some(day) if count > 0 && terms.endorsing_is_over(change.actor.at).is_none() => {
            Err(Problem::of(&ENDORSEMENTS_STILL_AWAITED)
                .value("count", count)
                .value("date", day))
        }
        _ => Ok(()),
    }
}

/// A proposal, and who can't be proposed for what else they applied to: they come last in the
/// queue, in the order in which they submitted.
struct Computed {
    proposal: Proposal,
    barred: Vec<(Uuid, Bar)>,
}

/// The proposal for what the rows say now.
async fn compute(
    connection: &impl ConnectionTrait,
    terms: &Terms,
    free: i32,
) -> Result<Computed, DatabaseError> {
    let mut rows = inputs::eligible(connection, terms).await?;
    let bars = choices::barred(connection, &rows).await?;
    let mut barred: Vec<_> = rows
        .extract_if(.., |row| bars.contains_key(&row.id))
        .collect();
    barred.sort_by_key(|row| (row.submitted_at, row.id));
    let barred = barred
        .iter()
        .filter_map(|row| Some((row.id, *bars.get(&row.id)?)))
        .collect();
    let candidates = inputs::candidates(connection, &rows).await?;
    let taken = inputs::taken(connection, terms).await?;
    Ok(Computed {
        proposal: propose::propose(&inputs::rules(terms, free), &taken, &candidates),
        barred,
    })
}

async fn supersede(change: &Change, round: RoundId) -> Result<(), DatabaseError> {
    let earlier = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(round.uuid()))
        .filter(entity::Column::State.eq(column::text(ProposalState::Proposed)))
        .all(change.tx())
        .await?;
    for mut one in earlier {
        one.state = column::text(ProposalState::Superseded);
        one.version += 1;
        shared_database::row::update::<entity::Entity>(change.tx(), one).await?;
    }
    Ok(())
}

async fn insert_rows(
    change: &Change,
    made: &entity::Model,
    proposal: &Proposal,
    barred: &[(Uuid, Bar)],
) -> Result<(), DatabaseError> {
    let proposed = proposal.rows.iter().map(|one| {
        let verdict = match one.verdict {
            Verdict::Admit => ProposedVerdict::Admit,
            Verdict::Queue { .. } => ProposedVerdict::Waitlist,
        };
        let reasons: Vec<KeptReason> = one.reasons.iter().map(KeptReason::from).collect();
        (one.id.uuid(), verdict, reasons)
    });
    let barred = barred.iter().map(|(id, bar)| {
        let reasons = vec![KeptReason::bare(bar.code())];
        (*id, ProposedVerdict::Waitlist, reasons)
    });
    let rows: Vec<_> = (1..)
        .zip(proposed.chain(barred))
        .map(|(position, (application_id, verdict, reasons))| {
            let verdict = column::text(verdict);
            row::Model {
                proposal_id: made.id,
                application_id,
                position,
                proposed: verdict.clone(),
                verdict,
                reasons: column::json(&reasons),
                override_reason: None,
            }
            .into_active_model()
        })
        .collect();
    // In slices, since databases limit the values of one statement.
    for slice in rows.chunks(500) {
        row::Entity::insert_many(slice.to_vec())
            .exec_without_returning(change.tx())
            .await?;
    }
    Ok(())
}

/// The rows of a proposal: the admitted first, then the queue, then the rejected, each in the
/// order that the rules gave. Whom a coordinator moved stands last of where they were moved to:
/// somebody who is to wait does not get the seat back at once.
pub async fn rows(
    connection: &impl ConnectionTrait,
    id: AdmissionProposalId,
) -> Result<Vec<row::Model>, DatabaseError> {
    let mut rows = row::Entity::find()
        .filter(row::Column::ProposalId.eq(id.uuid()))
        .order_by_asc(row::Column::Position)
        .all(connection)
        .await?;
    let [admit, waitlist] = [ProposedVerdict::Admit, ProposedVerdict::Waitlist].map(column::text);
    rows.sort_by_key(|row| {
        let moved = row.verdict != row.proposed;
        (
            row.verdict != admit,
            row.verdict != waitlist,
            moved,
            row.position,
        )
    });
    Ok(rows)
}

/// Puts a row elsewhere than the rules did, with a reason.
pub async fn override_row(
    change: &mut Change,
    mut proposal: entity::Model,
    application: ApplicationId,
    verdict: ProposedVerdict,
    reason: &str,
) -> Result<entity::Model, Problem> {
    let id = (proposal.id, application.uuid());
    let found = row::Entity::find_by_id(id)
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    let mut row = found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    row.verdict = column::text(verdict);
    row.override_reason = (row.verdict != row.proposed).then(|| reason.to_owned());
    shared_database::row::update::<row::Entity>(change.tx(), row).await?;
    proposal.version += 1;
    let proposal = shared_database::row::update::<entity::Entity>(change.tx(), proposal).await?;
    change.record(
        "admission_proposal",
        proposal.id,
        "admission.overridden",
        Some(reason),
    );
    change.record(
        "application",
        application,
        "admission.overridden",
        Some(reason),
    );
    Ok(proposal)
}

/// Announces a proposal: all offers, the frozen queue and the rejections in one transaction.
/// The inputs are read again under the lock: a proposal that rests on something that has
/// changed is refused.
pub async fn publish(
    change: &mut Change,
    mut proposal: entity::Model,
) -> Result<entity::Model, Problem> {
    let mut locked = seats::lock(change, proposal.round_id.into()).await?;
    let terms = Terms::read(&locked.round)?;
    allow_proposing(change, &terms).await?;
    let Computed { proposal: now, .. } = compute(change.tx(), &terms, locked.free()).await?;
    if hex(&now.inputs_hash) != proposal.inputs_hash {
        return Err(Problem::of(&ADMISSION_PROPOSAL_OUTDATED));
    }
    let rows = rows(change.tx(), proposal.id.into()).await?;
    let undecided = applications::store::undecided(change.tx(), terms.id).await?;
    let mut by_id: HashMap<_, _> = undecided.into_iter().map(|row| (row.id, row)).collect();
    let mut queue_position = 0;
    for row in rows {
        let Some(mut application) = by_id.remove(&row.application_id) else {
            continue;
        };
        application.admission_published_at = Some(change.actor.at);
        match column::parse(&row.verdict)? {
            ProposedVerdict::Admit => {
                choices::refuse_second_seat(change, &application).await?;
                seats::take(&mut locked, 1)?;
                steps::offer(change, &terms, application).await?;
            }
            ProposedVerdict::Waitlist => {
                queue_position += 1;
                waitlist(change, application, queue_position).await?;
            }
            ProposedVerdict::Reject => {
                reject(change, application, row.override_reason.as_deref()).await?;
            }
        }
    }
    // What is left was handed in but not endorsed.
    let mut left: Vec<_> = by_id.into_values().collect();
    left.sort_by_key(|application| application.id);
    for mut application in left {
        if Facts::read(&application)?.awaits_late(&terms) {
            // It came after the deadline: its office still gets to answer, and then it queues.
            continue;
        }
        if application.endorsement == column::text(EndorsementState::Awaiting) {
            application.endorsement = column::text(EndorsementState::Expired);
        }
        application.admission_published_at = Some(change.actor.at);
        reject(change, application, Some("Not endorsed.")).await?;
    }
    announce(change, &terms).await?;
    proposal.state = column::text(ProposalState::Published);
    proposal.version += 1;
    let proposal = shared_database::row::update::<entity::Entity>(change.tx(), proposal).await?;
    change.record(
        "admission_proposal",
        proposal.id,
        "admission.published",
        None,
    );
    Ok(proposal)
}

async fn waitlist(
    change: &mut Change,
    mut application: applications::entity::Model,
    position: i32,
) -> Result<(), Problem> {
    application.admission = column::text(AdmissionVerdict::Waitlisted);
    application.queue_position = Some(position);
    let application = applications::store::save(change, application).await?;
    steps::tell(change, &application, "application.waitlisted", None);
    let round_name = rounds::store::name(change.tx(), application.round_id).await?;
    let facts = json!({ "roundName": round_name, "queuePosition": position });
    steps::mail(change, &application, Template::Waitlisted, facts, None).await
}

async fn reject(
    change: &mut Change,
    mut application: applications::entity::Model,
    reason: Option<&str>,
) -> Result<(), Problem> {
    application.admission = column::text(AdmissionVerdict::Rejected);
    let application = applications::store::save(change, application).await?;
    steps::tell(change, &application, "application.rejected", reason);
    let round_name = rounds::store::name(change.tx(), application.round_id).await?;
    steps::mail(
        change,
        &application,
        Template::Rejected,
        json!({ "roundName": round_name }),
        None,
    )
    .await
}

async fn announce(change: &mut Change, terms: &Terms) -> Result<(), Problem> {
    let found = rounds::store::find_any(change.tx(), terms.id).await?;
    let mut round = found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    round.admission_published_at = Some(change.actor.at);
    let organiser = round.organiser_id;
    rounds::store::save(change, round).await?;
    change.record("round", terms.id, "admission.published", None);
    change.publish(
        "admission.published",
        terms.id,
        json!({ "roundId": terms.id, "organiserId": organiser }),
    );
    // A seat that an override left free goes to the queue at once.
    queue::advance(change, terms.id).await?;
    choices::unblock_all(change, terms).await
}
