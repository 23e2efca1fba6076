//! What is done to pairs: each step in an open change, under the lock of the round's terms.

use super::{
    entity, messages,
    model::{BEGINNING, Case, EXPIRY, Who},
    store,
};
use crate::{
    alarms,
    known::{self, Round},
    meetings,
    runs::{self, guard, outcome, terms_entity},
    vaults, work,
};
use chrono::{DateTime, Days, Utc};
use chrono_tz::Tz;
use serde_json::json;
use shared_database::{Change, column, row};
use shared_types::{
    PairId, PersonId, Problem, codes,
    mentorship::pairs::{PairAnswer, PairEnding, PairState, PairVerdict},
};
use uuid::Uuid;

/// A pair under the lock of its round's terms.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The pair.
    pub pair: entity::Model,
    /// Its round, where it is known.
    pub round: Option<Round>,
    /// The round's terms.
    pub terms: terms_entity::Model,
}

impl Loaded {
    /// What the edges look at.
    pub fn case(&self, who: Who, now: DateTime<Utc>) -> Result<Case, Problem> {
        case(&self.pair, self.round.as_ref(), who, now)
    }
}

/// What the edges of a pair look at.
pub fn case(
    pair: &entity::Model,
    round: Option<&Round>,
    who: Who,
    now: DateTime<Utc>,
) -> Result<Case, Problem> {
    let flags: Vec<String> = column::from_json(pair.flags.clone())?;
    Ok(Case {
        state: column::parse(&pair.state)?,
        mentor_answer: column::parse(&pair.mentor_answer)?,
        mentee_answer: column::parse(&pair.mentee_answer)?,
        answer_by: pair.answer_by,
        zone: round.map_or(Tz::UTC, |round| round.zone),
        round_has_begun: round.is_some_and(|round| round.has_begun(now)),
        is_flagged: !flags.is_empty(),
        who,
        now,
    })
}

/// Locks the round's pairs, then the pair.
pub async fn load(change: &Change, id: Uuid) -> Result<Loaded, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let before = store::find_any(change.tx(), id)
        .await?
        .ok_or_else(missing)?;
    let (round, organiser) = (before.round_id.into(), before.organiser_id.into());
    let terms = guard::lock(change, round, organiser).await?;
    Ok(Loaded {
        pair: store::lock(change, id).await?.ok_or_else(missing)?,
        round: known::round(change.tx(), round).await?,
        terms,
    })
}

/// A pair of a run, to be proposed.
#[derive(Debug)]
pub struct Proposal<'a> {
    /// The round.
    pub round: &'a Round,
    /// Its terms.
    pub terms: &'a terms_entity::Model,
    /// The pair.
    pub pair: outcome::Pair,
}

/// Proposes a pair to both sides.
pub async fn propose(
    change: &mut Change,
    run: &runs::entity::Model,
    Proposal { round, terms, pair }: Proposal<'_>,
) -> Result<entity::Model, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let mentor = crate::mentors::store::find_any(change.tx(), pair.mentor).await?;
    let mentee = crate::mentees::store::find_any(change.tx(), pair.mentee).await?;
    let days = u32::try_from(terms.answer_days).unwrap_or(0);
    let now = change.actor.at;
    let row = entity::Model {
        id: PairId::new().uuid(),
        round_id: round.id.uuid(),
        organiser_id: round.organiser_id.uuid(),
        run_id: run.id,
        mentor_id: pair.mentor,
        application_id: pair.mentee,
        mentor_person_id: mentor.ok_or_else(missing)?.person_id,
        mentee_person_id: mentee.ok_or_else(missing)?.person_id,
        state: column::text(PairState::Proposed),
        ending: None,
        mentor_answer: column::text(PairAnswer::Pending),
        mentee_answer: column::text(PairAnswer::Pending),
        answer_by: round.country().after_working_days(round.today(now), days),
        fit: column::json(&pair.parts),
        flags: json!([]),
        meetings_held: 0,
        proposed_at: now,
        active_since: None,
        ended_at: None,
        erase_at: None,
        modified_at: now,
        version: 1,
    };
    let row = row::insert::<entity::Entity>(change.tx(), row).await?;
    tell(change, &row, "pair.proposed", None);
    messages::propose(change, &row).await?;
    Ok(row)
}

/// Notes one side's answer. Two yes make the pair; a no ends it, and the next best is proposed.
pub async fn answer(
    change: &mut Change,
    loaded: Loaded,
    (who, verdict): (Who, PairVerdict),
    reason: Option<&str>,
) -> Result<entity::Model, Problem> {
    let mut pair = loaded.pair.clone();
    let given = match verdict {
        PairVerdict::Accept => PairAnswer::Accepted,
        PairVerdict::Decline => PairAnswer::Declined,
    };
    let own = match who {
        Who::Mentor => &mut pair.mentor_answer,
        _ => &mut pair.mentee_answer,
    };
    *own = column::text(given);
    if given == PairAnswer::Declined {
        let ending = match who {
            Who::Mentor => PairEnding::DeclinedByMentor,
            _ => PairEnding::DeclinedByMentee,
        };
        let pair = end(change, Loaded { pair, ..loaded }, ending, reason).await?;
        propose_again(change, &pair, who == Who::Mentee).await?;
        return Ok(pair);
    }
    let yes = column::text(PairAnswer::Accepted);
    let both = pair.mentor_answer == yes && pair.mentee_answer == yes;
    if both {
        pair.state = column::text(PairState::Accepted);
    }
    let pair = store::save(change, pair).await?;
    tell(change, &pair, "pair.answered", reason);
    if both {
        tell(change, &pair, "pair.accepted", None);
        messages::agreed(change, &pair).await?;
    }
    alarms::steps::review(change, pair.round_id.into()).await?;
    Ok(pair)
}

/// Ends a proposal that was not answered in time; the next best is proposed to the mentee, and to
/// a mentor who had said yes.
pub async fn expire(change: &mut Change, id: Uuid) -> Result<(), Problem> {
    let loaded = load(change, id).await?;
    let case = loaded.case(Who::Akademi, change.actor.at)?;
    if EXPIRY.judge(&case).is_err() {
        return Ok(());
    }
    let pair = end(change, loaded, PairEnding::Expired, None).await?;
    propose_again(change, &pair, case.mentor_answer == PairAnswer::Accepted).await
}

/// Proposes the next best after a proposal that came to nothing: a mentor to the mentee, and the
/// mentor's place, where the mentor was willing, to whoever waits for one.
async fn propose_again(
    change: &mut Change,
    pair: &entity::Model,
    mentor_is_willing: bool,
) -> Result<(), Problem> {
    let round = pair.round_id.into();
    runs::steps::propose_next(change, round, pair.application_id).await?;
    if mentor_is_willing {
        runs::steps::offer_place(change, round, pair.mentor_id).await?;
    }
    Ok(())
}

/// Begins an accepted pair when its round has begun.
pub async fn begin(change: &mut Change, id: Uuid) -> Result<(), Problem> {
    let loaded = load(change, id).await?;
    let case = loaded.case(Who::Akademi, change.actor.at)?;
    if BEGINNING.judge(&case).is_ok() {
        enter(change, loaded.pair, PairState::Active).await?;
    }
    Ok(())
}

/// Moves a pair to active or paused.
pub async fn enter(
    change: &mut Change,
    mut pair: entity::Model,
    state: PairState,
) -> Result<entity::Model, Problem> {
    pair.state = column::text(state);
    if state == PairState::Active && pair.active_since.is_none() {
        pair.active_since = Some(change.actor.at);
    }
    let pair = store::save(change, pair).await?;
    let edge = format!("pair.{}", pair.state);
    tell(change, &pair, &edge, None);
    alarms::steps::review(change, pair.round_id.into()).await?;
    Ok(pair)
}

/// Ends a pair and calls off what it still had before it; what it wrote is kept for the time that the terms say.
pub async fn end(
    change: &mut Change,
    loaded: Loaded,
    ending: PairEnding,
    reason: Option<&str>,
) -> Result<entity::Model, Problem> {
    let mut pair = loaded.pair;
    let kept = Days::new(u64::try_from(loaded.terms.kept_days).unwrap_or(0));
    pair.state = column::text(PairState::Ended);
    pair.ending = Some(column::text(ending));
    pair.ended_at = Some(change.actor.at);
    pair.erase_at = change.actor.at.checked_add_days(kept);
    pair.flags = json!([]);
    let pair = store::save(change, pair).await?;
    tell(change, &pair, "pair.ended", reason);
    meetings::steps::cancel_coming(change, &pair).await?;
    alarms::steps::review(change, pair.round_id.into()).await?;
    Ok(pair)
}

/// Ends whatever pair a mentee has.
pub async fn end_of_mentee(
    change: &mut Change,
    mentee: Uuid,
    ending: PairEnding,
) -> Result<(), Problem> {
    for pair in store::live_of_mentees(change.tx(), &[mentee]).await? {
        let loaded = load(change, pair.id).await?;
        end(change, loaded, ending, None).await?;
    }
    Ok(())
}

/// Erases what a pair wrote once its time is over.
pub async fn erase(change: &mut Change, id: Uuid) -> Result<(), Problem> {
    match store::lock(change, id).await? {
        Some(pair) if pair.erase_at.is_some_and(|at| at <= change.actor.at) => {
            erase_work(change, pair).await
        }
        _ => Ok(()),
    }
}

/// Erases what an ended pair wrote: its key is dropped, and no copy of what it sealed can be read
/// any more.
async fn erase_work(change: &mut Change, mut pair: entity::Model) -> Result<(), Problem> {
    let now = change.actor.at;
    vaults::store::drop_key(change, pair.id, now).await?;
    work::store::forget(change, pair.id).await?;
    pair.erase_at = None;
    let pair = store::save(change, pair).await?;
    change.record("pair", pair.id, "pair.work_erased", None);
    Ok(())
}

/// Ends every pair of a person who is forgotten and erases what these pairs wrote: one key seals
/// it, and what the other wrote is about the person too. Says which pairs it were; whoever had
/// only been proposed to the person is proposed the next best.
pub async fn forget(change: &mut Change, person: PersonId) -> Result<Vec<Uuid>, Problem> {
    let mut ids = Vec::new();
    let mut left = Vec::new();
    for pair in store::of_person(change.tx(), person.uuid()).await? {
        let mut loaded = load(change, pair.id).await?;
        let state: PairState = column::parse(&loaded.pair.state)?;
        if state != PairState::Ended {
            let mentor_is_gone = pair.mentor_person_id == person.uuid();
            if state == PairState::Proposed {
                left.push((
                    pair.round_id,
                    pair.application_id,
                    pair.mentor_id,
                    mentor_is_gone,
                ));
            }
            let ended = end(change, loaded.clone(), PairEnding::PersonErased, None);
            loaded.pair = ended.await?;
        }
        erase_work(change, loaded.pair).await?;
        ids.push(pair.id);
    }
    for (round, mentee, mentor, mentor_is_gone) in left {
        if mentor_is_gone {
            runs::steps::propose_next(change, round.into(), mentee).await?;
        } else {
            runs::steps::offer_place(change, round.into(), mentor).await?;
        }
    }
    super::pulses::forget(change, person).await?;
    Ok(ids)
}

/// Writes what happened to a pair into the history, and tells others: who and when, never what
/// was written.
pub fn tell(change: &mut Change, pair: &entity::Model, edge: &str, reason: Option<&str>) {
    change.record("pair", pair.id, edge, reason);
    change.publish(
        edge,
        pair.id,
        json!({
            "pairId": pair.id, "roundId": pair.round_id, "organiserId": pair.organiser_id,
            "mentorPersonId": pair.mentor_person_id, "menteePersonId": pair.mentee_person_id,
            "applicationId": pair.application_id, "state": pair.state,
            "version": pair.version,
        }),
    );
}
