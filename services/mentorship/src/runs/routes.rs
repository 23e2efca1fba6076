//! Operations of matching runs and previews.

use super::{
    entity, guard,
    model::{Case, EDGES},
    outcome::{Blocking, Outcome as Kept, Pair},
    steps, store,
    words::{self, Cast},
};
use crate::{State, known, known::People, matching, mentees, mentors};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use shared_database::{Change, column, page};
use shared_types::{
    Answer, Language, Links, MatchingRunId, PersonId, Problem, RoundId, codes,
    mentorship::{
        matching::{
            BlockingSet, BrokenLock, MatchedPair, MatchingCause, MatchingDifference,
            MatchingPreview, MatchingRun, MatchingRunPage, MatchingRunSummary, NewMatchingPreview,
            UnmatchedMentee,
        },
        mentors::MatchingReason,
    },
    transition,
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use std::collections::BTreeMap;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(preview_matching)
        .service(list_matching_runs)
        .service(create_matching_run)
        .service(get_matching_run)
        .service(publish_matching_run);
}

/// Try other weights
///
/// For the coordinators of the round's organiser: the pairs that these weights would lead to now,
/// and for whom that differs from the present weights. Nothing is kept.
#[utoipa::path(tag = "matching", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewMatchingPreview, responses((status = 200, description = "What these weights would do.", body = MatchingPreview)))]
#[post("/rounds/{roundId}/matching-previews")]
async fn preview_matching(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewMatchingPreview>,
) -> Outcome {
    let Command { context, body, .. } = command;
    let round = known::coordinated(state.database.read(), &context, *id).await?;
    let compared = steps::compare(&state.database, &round, &body.weights);
    let (present, gathered, tried) = compared.await?;
    let kept = Kept::of(&tried, &gathered);
    let people = Named::of(state.database.read(), &kept).await?;
    let difference = |change: &matching::Change| {
        let row = |rows: &BTreeMap<PersonId, Uuid>, person: PersonId| {
            rows.get(&person).copied().unwrap_or(person.uuid())
        };
        let mentor = |of: Option<(PersonId, u32)>| {
            of.map(|(person, _)| row(&gathered.mentors, person).into())
        };
        MatchingDifference {
            application_id: row(&gathered.mentees, change.mentee).into(),
            present_mentor_id: mentor(change.before),
            tried_mentor_id: mentor(change.after),
        }
    };
    let differences = matching::diff(&present, &tried);
    Ok(Reply::ok(&MatchingPreview {
        round_id: *id,
        weights: body.weights,
        pairs: kept
            .pairs
            .iter()
            .map(|pair| matched(pair, context.language))
            .collect(),
        unmatched: people.unmatched(&kept, context.language),
        differences: differences.changes.iter().map(difference).collect(),
        links: Links::to_self(context.href(format!("rounds/{id}/matching-previews"))).with(
            "terms",
            "PUT",
            context.href(format!("rounds/{id}/terms")),
        ),
    })?)
}

/// List matching runs
///
/// For the coordinators of the round's organiser.
#[utoipa::path(tag = "matching", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of matching runs.", body = MatchingRunPage)))]
#[get("/rounds/{roundId}/matching-runs")]
async fn list_matching_runs(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    known::coordinated(connection, &context, *id).await?;
    let select = store::scoped(&context.caller).filter(entity::Column::RoundId.eq(id.uuid()));
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter().map(|row| summary(row, &context));
    Ok(Reply::ok(&MatchingRunPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Compute a matching run
///
/// For the coordinators of the round's organiser: who fits whom among the mentees without a mentor
/// and the mentors with a place left. Pairs that are proposed or live stay as they are; running it
/// again matches whoever is left. Nobody else sees it until it is published.
#[utoipa::path(tag = "matching", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 201, description = "The run.", body = MatchingRun)))]
#[post("/rounds/{roundId}/matching-runs")]
async fn create_matching_run(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command { context, claim, .. } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let round = known::coordinated(change.tx(), &context, *id).await?;
            let (terms, gathered, outcome) = steps::compute(&state.database, &round).await?;
            let computed = (&terms, &gathered, &outcome);
            let cause = MatchingCause::Coordinator;
            let run = steps::keep(change, &round, computed, cause).await?;
            let run = wire(change.tx(), &run, &context).await?;
            Ok(Answer::created(run.links.own(), &run)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a matching run
///
/// For the coordinators of the round's organiser: pairs with their scores in words, who is left
/// and what stands in the way.
#[utoipa::path(tag = "matching", params(("runId" = MatchingRunId, Path, description = "The run.")), responses((status = 200, description = "The run.", body = MatchingRun)))]
#[get("/matching-runs/{runId}")]
async fn get_matching_run(
    state: Data<State>,
    context: Context,
    id: Path<MatchingRunId>,
) -> Outcome {
    let connection = state.database.read();
    let row = known_run(connection, &context, *id).await?;
    let run = wire(connection, &row, &context).await?;
    Ok(Reply::resource(&run, row.version)?)
}

/// Publish a matching run
///
/// For the coordinators of the round's organiser: proposes every pair of the run to both sides,
/// and mails them. All that decided is looked at again first; a run that would come out otherwise
/// now is refused as outdated. An Idempotency-Key is required.
#[utoipa::path(tag = "matching", params(("runId" = MatchingRunId, Path, description = "The run.")), responses((status = 200, description = "The run.", body = MatchingRun)))]
#[post("/matching-runs/{runId}/publication")]
async fn publish_matching_run(
    state: Data<State>,
    id: Path<MatchingRunId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        ..
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let before = known_run(change.tx(), &context, *id).await?;
            let round = known::coordinated(change.tx(), &context, before.round_id.into()).await?;
            let terms = guard::lock(change, round.id, round.organiser_id).await?;
            let run = store::lock(change, before.id)
                .await?
                .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            expected.check(run.version)?;
            transition::judge(&EDGES, "publication", &case(&run)?, context.language)?;
            let run = steps::publish(change, &round, run, &terms).await?;
            let version = run.version;
            let run = wire(change.tx(), &run, &context).await?;
            Ok(Answer::ok(&run)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

async fn known_run(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: MatchingRunId,
) -> Result<entity::Model, Problem> {
    let found = store::find(connection, &context.caller, id).await?;
    found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

fn case(run: &entity::Model) -> Result<Case, Problem> {
    Ok(Case {
        state: column::parse(&run.state)?,
        pairs: run.pairs_count,
    })
}

/// The people of an outcome.
struct Named {
    people: People,
    persons: BTreeMap<Uuid, Uuid>,
}

impl Named {
    async fn of(connection: &impl ConnectionTrait, kept: &Kept) -> Result<Self, Problem> {
        let mut persons = BTreeMap::new();
        if let Some(first) = kept.blocking.first() {
            // All of one round.
            for row in &first.mentees {
                if let Some(mentee) = mentees::store::find_any(connection, *row).await? {
                    let all = mentees::store::of_round(connection, mentee.round_id).await?;
                    persons.extend(all.iter().map(|row| (row.id, row.person_id)));
                    let pool = mentors::store::of_round(connection, mentee.round_id).await?;
                    persons.extend(pool.iter().map(|row| (row.id, row.person_id)));
                    break;
                }
            }
        }
        Ok(Self {
            people: People::of(connection, persons.values().copied()).await?,
            persons,
        })
    }

    fn words(&self, one: &Blocking, language: Language) -> String {
        let cast = Cast {
            people: &self.people,
            persons: &self.persons,
        };
        words::blocking(one, cast, language)
    }

    fn unmatched(&self, kept: &Kept, language: Language) -> Vec<UnmatchedMentee> {
        let unmatched = |(mentee, index): &(Uuid, usize)| UnmatchedMentee {
            application_id: (*mentee).into(),
            reasons: kept
                .blocking
                .get(*index)
                .map(|one| MatchingReason {
                    code: "mentors_too_few".to_owned(),
                    detail: self.words(one, language),
                })
                .into_iter()
                .collect(),
        };
        kept.unmatched.iter().map(unmatched).collect()
    }
}

fn matched(pair: &Pair, language: Language) -> MatchedPair {
    MatchedPair {
        mentor_id: pair.mentor.into(),
        application_id: pair.mentee.into(),
        locked: pair.locked,
        score: i64::from(pair.score),
        parts: words::parts(&pair.parts, language),
    }
}

fn summary(row: &entity::Model, context: &Context) -> Result<MatchingRunSummary, Problem> {
    Ok(MatchingRunSummary {
        id: row.id.into(),
        round_id: row.round_id.into(),
        state: column::parse(&row.state)?,
        cause: column::parse(&row.cause)?,
        pairs_count: row.pairs_count,
        unmatched_count: row.unmatched_count,
        computed_at: row.computed_at,
        links: Links::to_self(context.href(format!("matching-runs/{}", row.id))),
    })
}

async fn wire(
    connection: &impl ConnectionTrait,
    row: &entity::Model,
    context: &Context,
) -> Result<MatchingRun, Problem> {
    let kept: Kept = column::from_json(row.outcome.clone())?;
    let people = Named::of(connection, &kept).await?;
    let language = context.language;
    let case = case(row)?;
    let href = context.href(format!("matching-runs/{}", row.id));
    let round = context.href(format!("rounds/{}/matching-runs", row.round_id));
    let links = Links::to_self(&href).with("round", "GET", round);
    let blocking = |one: &Blocking| BlockingSet {
        application_ids: one.mentees.iter().copied().map(Into::into).collect(),
        mentor_ids: one.mentors.iter().copied().map(Into::into).collect(),
        words: people.words(one, language),
    };
    let broken = |(mentor, mentee, codes): &(Uuid, Uuid, Vec<String>)| BrokenLock {
        mentor_id: (*mentor).into(),
        application_id: (*mentee).into(),
        reasons: codes
            .iter()
            .map(|code| words::rule(code, language))
            .collect(),
    };
    Ok(MatchingRun {
        id: row.id.into(),
        round_id: row.round_id.into(),
        state: case.state,
        cause: column::parse(&row.cause)?,
        weights: column::from_json(row.weights.clone())?,
        inputs_digest: row.inputs_digest.clone(),
        rules: row.rules.clone(),
        pairs: kept
            .pairs
            .iter()
            .map(|pair| matched(pair, language))
            .collect(),
        unmatched: people.unmatched(&kept, language),
        blocking_sets: kept.blocking.iter().map(blocking).collect(),
        broken_locks: kept.broken_locks.iter().map(broken).collect(),
        computed_at: row.computed_at,
        published_at: row.published_at,
        links: transition::allowed(&EDGES, &case, &href, links),
        transitions: transition::refused(&EDGES, &case, language),
    })
}
