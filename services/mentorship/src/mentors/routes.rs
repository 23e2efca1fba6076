//! Operations of mentors.

use super::{
    entity, steps,
    store::{self, Pool},
};
use crate::{State, known, runs::guard};
use actix_web::{
    get, patch, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use shared_database::{Change, column, page};
use shared_types::{
    Answer, Language, Links, MentorId, PersonId, Problem, Refusal, RoundId, codes,
    mentorship::{
        codes::MENTOR_WITHOUT_OFFICE,
        mentors::{MatchingReason, Mentor, MentorChange, MentorPage, NewMentor},
    },
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_mentors)
        .service(create_mentor)
        .service(get_mentor)
        .service(update_mentor);
}

/// List a round's mentors
///
/// For the coordinators of the round's organiser, with why somebody may not be proposed; for the
/// round's participants, so that they can wish; a mentor sees oneself.
#[utoipa::path(tag = "mentors", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of mentors.", body = MentorPage)))]
#[get("/rounds/{roundId}/mentors")]
async fn list_mentors(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    known::visible(connection, &context, *id).await?;
    let select = store::scoped(&context.caller).filter(entity::Column::RoundId.eq(id.uuid()));
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let pool = Pool::of(connection, &slice.items).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .iter()
        .map(|row| wire(row, &pool, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&MentorPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Take a person into a round's pool
///
/// For the coordinators of the round's organiser, who may take in anybody who is known (the pool
/// says who may not be proposed, and why); a chief who holds an eligible office may join by
/// oneself.
#[utoipa::path(tag = "mentors", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewMentor, responses((status = 201, description = "The mentor.", body = Mentor)))]
#[post("/rounds/{roundId}/mentors")]
async fn create_mentor(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewMentor>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let round = joined(change.tx(), &context, *id, body.person_id).await?;
            let mentor = steps::insert(change, &round, body).await?;
            let pool = Pool::of(change.tx(), std::slice::from_ref(&mentor)).await?;
            let mentor = wire(&mentor, &pool, &context)?;
            Ok(Answer::created(mentor.links.own(), &mentor)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a mentor
///
/// For the coordinators of the round's organiser, the round's participants and the mentor.
#[utoipa::path(tag = "mentors", params(("mentorId" = MentorId, Path, description = "The mentor.")), responses((status = 200, description = "The mentor.", body = Mentor)))]
#[get("/mentors/{mentorId}")]
async fn get_mentor(state: Data<State>, context: Context, id: Path<MentorId>) -> Outcome {
    let connection = state.database.read();
    let row = known_mentor(connection, &context, *id).await?;
    let pool = Pool::of(connection, std::slice::from_ref(&row)).await?;
    Ok(Reply::resource(&wire(&row, &pool, &context)?, row.version)?)
}

/// Change a mentor
///
/// For the mentor and the coordinators of the round's organiser: capacity, what is offered,
/// wishes. A wish for oneself or for somebody of the own municipality is refused at once.
#[utoipa::path(tag = "mentors", params(("mentorId" = MentorId, Path, description = "The mentor.")), request_body = MentorChange, responses((status = 200, description = "The mentor.", body = Mentor)))]
#[patch("/mentors/{mentorId}")]
async fn update_mentor(
    state: Data<State>,
    id: Path<MentorId>,
    command: Command<MentorChange>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = known_mentor(change.tx(), &context, *id).await?;
            if !is_full_view(&row, &context) {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            // Whoever publishes meanwhile has made the pairs before, or counts by these places.
            guard::lock(change, row.round_id.into(), row.organiser_id.into()).await?;
            let row = store::lock(change, row.id)
                .await?
                .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            expected.check(row.version)?;
            let row = steps::revise(change, row, body, context.language).await?;
            let pool = Pool::of(change.tx(), std::slice::from_ref(&row)).await?;
            Ok(Answer::ok(&wire(&row, &pool, &context)?)?.version(row.version))
        },
    );
    Ok(answer.await?.into())
}

/// The round whose pool a person joins, if the caller may bring the person there.
async fn joined(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RoundId,
    person: PersonId,
) -> Result<known::Round, Problem> {
    if context.caller.person == Some(person) {
        let people = known::People::of(connection, [person.uuid()]).await?;
        if people.holds_office(person.uuid()) && people.is_active(person.uuid()) {
            let round = known::round(connection, id).await?;
            return round.ok_or_else(|| Problem::of(&codes::NOT_FOUND));
        }
        let round = known::visible(connection, context, id).await?;
        if !context.caller.coordinates(round.organiser_id) {
            return Err(Problem::of(&MENTOR_WITHOUT_OFFICE));
        }
    }
    known::coordinated(connection, context, id).await
}

async fn known_mentor(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: MentorId,
) -> Result<entity::Model, Problem> {
    let found = store::find(connection, &context.caller, id).await?;
    found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// Whether the caller sees all of a mentor: a coordinator, or oneself.
fn is_full_view(row: &entity::Model, context: &Context) -> bool {
    context.caller.coordinates(row.organiser_id.into())
        || context.caller.person.map(PersonId::uuid) == Some(row.person_id)
}

fn wire(row: &entity::Model, pool: &Pool, context: &Context) -> Result<Mentor, Problem> {
    let refusals = pool.standing(row).refusals();
    let full = is_full_view(row, context);
    let href = context.href(format!("mentors/{}", row.id));
    let round = context.href(format!("rounds/{}/mentors", row.round_id));
    let mut links = Links::to_self(&href).with("round", "GET", round);
    if full {
        links = links.with("update", "PATCH", href);
    }
    Ok(Mentor {
        id: row.id.into(),
        round_id: row.round_id.into(),
        person_id: row.person_id.into(),
        name: pool.people.name(row.person_id),
        municipality_id: pool.people.municipality(row.person_id),
        municipality: pool.people.municipality_name(row.person_id),
        capacity: row.capacity,
        mentees_count: full.then(|| pool.used(row.id)),
        profile: column::from_json(row.profile.clone())?,
        wishes: full
            .then(|| column::from_json(row.wishes.clone()))
            .transpose()?,
        eligible: refusals.is_empty(),
        refusals: if full {
            reasons(&refusals, context.language)
        } else {
            Vec::new()
        },
        modified_at: row.modified_at,
        links,
    })
}

/// Reasons by code and in words.
pub(crate) fn reasons(refusals: &[Refusal], language: Language) -> Vec<MatchingReason> {
    let reason = |refusal: &Refusal| MatchingReason {
        code: refusal.code.name.to_owned(),
        detail: refusal.words(language),
    };
    refusals.iter().map(reason).collect()
}
