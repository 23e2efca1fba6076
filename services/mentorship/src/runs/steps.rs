//! What is done to runs: computed, published, and the next best looked for.

use super::{
    entity, guard,
    inputs::{self, Gathered},
    outcome::{self, Outcome},
    store, terms_entity,
};
use crate::{
    known::{self, Round},
    matching,
    pairs::{self, steps::Proposal},
};
use serde_json::json;
use shared_database::{Change, Database, column, row};
use shared_types::{
    MatchingRunId, PersonId, Problem, RoundId,
    mentorship::{
        codes::{RUN_EMPTY, RUN_OUTDATED},
        matching::{MatchingCause, MatchingRunState, Weights},
    },
};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Solves beside the threads that serve: a large round takes a while.
pub async fn solve(gathered: &Gathered) -> Result<matching::Outcome, Problem> {
    let input = gathered.input.clone();
    let solved = tokio::task::spawn_blocking(move || matching::solve(&input)).await;
    solved
        .map_err(Problem::internal)?
        .map_err(|error| Problem::internal(format!("{error:?}")))
}

/// Reads one moment of a round's people and computes who fits whom; nothing is kept.
pub async fn compute(
    database: &Database,
    round: &Round,
) -> Result<(terms_entity::Model, Gathered, matching::Outcome), Problem> {
    let (terms, gathered) = read(database, round).await?;
    let outcome = solve(&gathered).await?;
    Ok((terms, gathered, outcome))
}

/// Computes twice over the same moment, so that nothing but the weights can make a difference:
/// with the present ones, and with others. Nothing is kept.
pub async fn compare(
    database: &Database,
    round: &Round,
    weights: &Weights,
) -> Result<(matching::Outcome, Gathered, matching::Outcome), Problem> {
    let (_, gathered) = read(database, round).await?;
    let present = solve(&gathered).await?;
    let gathered = gathered.weighted(weights)?;
    let tried = solve(&gathered).await?;
    Ok((present, gathered, tried))
}

/// One moment of a round.
async fn read(
    database: &Database,
    round: &Round,
) -> Result<(terms_entity::Model, Gathered), Problem> {
    let moment = database.snapshot().await?;
    let terms = store::terms(&moment, round.id, round.organiser_id).await?;
    let gathered = inputs::gather(&moment, &terms).await?;
    Ok((terms, gathered))
}

/// Keeps a computed run.
pub async fn keep(
    change: &mut Change,
    round: &Round,
    (terms, gathered, outcome): (&terms_entity::Model, &Gathered, &matching::Outcome),
    cause: MatchingCause,
) -> Result<entity::Model, Problem> {
    let kept = Outcome::of(outcome, gathered);
    let count = |length: usize| i32::try_from(length).unwrap_or(i32::MAX);
    let run = entity::Model {
        id: MatchingRunId::new().uuid(),
        round_id: round.id.uuid(),
        organiser_id: round.organiser_id.uuid(),
        state: column::text(MatchingRunState::Proposed),
        cause: column::text(cause),
        weights: terms.weights.clone(),
        inputs_digest: gathered.digest(),
        rules: matching::RULE_VERSION.to_owned(),
        pairs_count: count(kept.pairs.len()),
        unmatched_count: count(kept.unmatched.len()),
        outcome: column::json(&kept),
        computed_at: change.actor.at,
        published_at: None,
        version: 1,
    };
    let run = row::insert::<entity::Entity>(change.tx(), run).await?;
    change.record("matching_run", run.id, "matching_run.computed", None);
    Ok(run)
}

/// Publishes a run under the round's lock: everything that decided is read again, and a run that
/// would come out otherwise is refused. The hard rules and the places of each mentor are judged
/// once more, pair by pair.
pub async fn publish(
    change: &mut Change,
    round: &Round,
    run: entity::Model,
    terms: &terms_entity::Model,
) -> Result<entity::Model, Problem> {
    let kept: Outcome = column::from_json(run.outcome.clone())?;
    if kept.pairs.is_empty() {
        return Err(Problem::of(&RUN_EMPTY));
    }
    if guard::guarded(round.id) {
        let gathered = inputs::gather(change.tx(), terms).await?;
        if gathered.digest() != run.inputs_digest || !all_allowed(&gathered, &kept.pairs) {
            return Err(Problem::of(&RUN_OUTDATED));
        }
    }
    let run = mark(change, run).await?;
    for pair in kept.pairs {
        let proposal = Proposal { round, terms, pair };
        pairs::steps::propose(change, &run, proposal).await?;
    }
    Ok(run)
}

async fn mark(change: &mut Change, mut run: entity::Model) -> Result<entity::Model, Problem> {
    run.state = column::text(MatchingRunState::Published);
    run.published_at = Some(change.actor.at);
    let run = store::save(change, run).await?;
    change.record("matching_run", run.id, "matching_run.published", None);
    change.publish(
        "matching_run.published",
        run.id,
        json!({
            "matchingRunId": run.id, "roundId": run.round_id, "organiserId": run.organiser_id,
            "pairsCount": run.pairs_count, "unmatchedCount": run.unmatched_count,
        }),
    );
    Ok(run)
}

/// Whether no hard rule is against any of these pairs, the places that they take together
/// counted one by one.
fn all_allowed(gathered: &Gathered, pairs: &[outcome::Pair]) -> bool {
    let input = &gathered.input;
    let mut taken: BTreeMap<Uuid, u32> = BTreeMap::new();
    pairs.iter().all(|pair| {
        let mentee = gathered.mentee(pair.mentee);
        let mentor = gathered.mentor(pair.mentor);
        let mentee = mentee.and_then(|id| input.mentees.iter().find(|one| one.id == id));
        let mentor = mentor.and_then(|id| input.mentors.iter().find(|one| one.id == id));
        let (Some(mentee), Some(mentor)) = (mentee, mentor) else {
            return false;
        };
        let before = taken.entry(pair.mentor).or_default();
        let mut mentor = mentor.clone();
        mentor.taken += *before;
        *before += 1;
        matching::refusals(input, mentee, &mentor).is_empty()
    })
}

/// Proposes the best mentor who is left to a mentee whose proposal came to nothing. Other pairs
/// are not touched; where nobody is left, a run without pairs says so.
pub async fn propose_next(
    change: &mut Change,
    round: RoundId,
    mentee: Uuid,
) -> Result<(), Problem> {
    let Some(open) = Open::of(change, round).await? else {
        return Ok(());
    };
    // Has left, or got somebody else meanwhile.
    let Some(person) = open.gathered.mentee(mentee) else {
        return Ok(());
    };
    let gathered = open.gathered.clone().only(&BTreeSet::from([person]));
    let outcome = solve(&gathered).await?;
    open.propose(change, (&gathered, &outcome)).await
}

/// Proposes a mentor who has a place again to the best of those who wait for one: whom the last
/// run of the coordinators left without, and whose own proposal came to nothing. Nobody is
/// proposed to anybody else, and nothing is kept where nobody waits whom the mentor may take.
pub async fn offer_place(change: &mut Change, round: RoundId, mentor: Uuid) -> Result<(), Problem> {
    let Some(open) = Open::of(change, round).await? else {
        return Ok(());
    };
    let waiting = store::waiting(change.tx(), round).await?;
    let waiting = waiting.iter().filter_map(|row| open.gathered.mentee(*row));
    let waiting: BTreeSet<PersonId> = waiting.collect();
    let Some(mentor) = open.gathered.mentor(mentor).filter(|_| !waiting.is_empty()) else {
        return Ok(());
    };
    let gathered = open.gathered.clone().only(&waiting).only_of(mentor);
    let outcome = solve(&gathered).await?;
    if outcome.pairs.is_empty() {
        return Ok(());
    }
    open.propose(change, (&gathered, &outcome)).await
}

/// A round under its lock, with everything that decides about who has no mentor.
struct Open {
    round: Round,
    terms: terms_entity::Model,
    gathered: Gathered,
}

impl Open {
    async fn of(change: &Change, round: RoundId) -> Result<Option<Self>, Problem> {
        let Some(round) = known::round(change.tx(), round).await? else {
            return Ok(None);
        };
        let terms = guard::lock(change, round.id, round.organiser_id).await?;
        let gathered = inputs::gather(change.tx(), &terms).await?;
        Ok(Some(Self {
            round,
            terms,
            gathered,
        }))
    }

    /// Keeps a run of its own, published at once, and proposes its pairs.
    async fn propose(
        &self,
        change: &mut Change,
        (gathered, outcome): (&Gathered, &matching::Outcome),
    ) -> Result<(), Problem> {
        let computed = (&self.terms, gathered, outcome);
        let run = keep(change, &self.round, computed, MatchingCause::NextBest).await?;
        let kept: Outcome = column::from_json(run.outcome.clone())?;
        let run = mark(change, run).await?;
        for pair in kept.pairs {
            let proposal = Proposal {
                round: &self.round,
                terms: &self.terms,
                pair,
            };
            pairs::steps::propose(change, &run, proposal).await?;
        }
        Ok(())
    }
}
