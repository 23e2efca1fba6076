//! Operations of mentees.

use super::{
    entity,
    store::{self, Known},
    wishes,
};
use crate::{State, known};
use actix_web::{
    get, put,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use shared_database::{Change, column, page};
use shared_types::{
    Answer, ApplicationId, Links, PersonId, Problem, RoundId, codes,
    mentorship::mentees::{Mentee, MenteePage, NewMenteeProfile},
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_mentees)
        .service(get_mentee)
        .service(replace_mentee_profile);
}

/// List a round's mentees
///
/// For the coordinators of the round's organiser, and, without wishes, for the round's mentors; a
/// participant sees oneself.
#[utoipa::path(tag = "mentees", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of mentees.", body = MenteePage)))]
#[get("/rounds/{roundId}/mentees")]
async fn list_mentees(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    known::visible(connection, &context, *id).await?;
    let select = store::scoped(&context.caller).filter(entity::Column::RoundId.eq(id.uuid()));
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let known = Known::of(connection, &slice.items).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .iter()
        .map(|row| wire(row, &known, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&MenteePage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Get a mentee
///
/// For the mentee, the coordinators of the round's organiser and, without wishes, the round's
/// mentors.
#[utoipa::path(tag = "mentees", params(("applicationId" = ApplicationId, Path, description = "The participation.")), responses((status = 200, description = "The mentee.", body = Mentee)))]
#[get("/mentees/{applicationId}")]
async fn get_mentee(state: Data<State>, context: Context, id: Path<ApplicationId>) -> Outcome {
    let connection = state.database.read();
    let row = known_mentee(connection, &context, *id).await?;
    let known = Known::of(connection, std::slice::from_ref(&row)).await?;
    Ok(Reply::resource(
        &wire(&row, &known, &context)?,
        row.version,
    )?)
}

/// Say what a mentee looks for
///
/// For the mentee and the coordinators of the round's organiser: it replaces profile and wishes.
/// A wish for oneself or for somebody of the own municipality is refused at once.
#[utoipa::path(tag = "mentees", params(("applicationId" = ApplicationId, Path, description = "The participation.")), request_body = NewMenteeProfile, responses((status = 200, description = "The mentee.", body = Mentee)))]
#[put("/mentees/{applicationId}")]
async fn replace_mentee_profile(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<NewMenteeProfile>,
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
            let row = known_mentee(change.tx(), &context, *id).await?;
            if !is_full_view(&row, &context) {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            let mut row = store::lock(change, row.id)
                .await?
                .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            expected.check(row.version)?;
            wishes::judge_mentee(change.tx(), &row, &body.wishes, context.language).await?;
            row.profile = column::json(&body.profile);
            row.wishes = column::json(&body.wishes);
            let row = store::save(change, row).await?;
            change.record("mentee", row.id, "mentee.changed", None);
            let known = Known::of(change.tx(), std::slice::from_ref(&row)).await?;
            Ok(Answer::ok(&wire(&row, &known, &context)?)?.version(row.version))
        },
    );
    Ok(answer.await?.into())
}

/// A mentee whom the caller may know.
pub(crate) async fn known_mentee(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: ApplicationId,
) -> Result<entity::Model, Problem> {
    let found = store::find(connection, &context.caller, id).await?;
    found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// Whether the caller is this mentee.
pub(crate) fn is_own(row: &entity::Model, context: &Context) -> bool {
    context.caller.person.map(PersonId::uuid) == Some(row.person_id)
}

fn is_full_view(row: &entity::Model, context: &Context) -> bool {
    context.caller.coordinates(row.organiser_id.into()) || is_own(row, context)
}

fn wire(row: &entity::Model, known: &Known, context: &Context) -> Result<Mentee, Problem> {
    let full = is_full_view(row, context);
    let href = context.href(format!("mentees/{}", row.id));
    let round = context.href(format!("rounds/{}/mentees", row.round_id));
    let mut links = Links::to_self(&href).with("round", "GET", round);
    let pair = known.pair(row.id).filter(|_| full);
    if let Some(pair) = pair {
        links = links.with("pair", "GET", context.href(format!("pairs/{pair}")));
    }
    if full {
        links = links.with("update", "PUT", &href);
    }
    Ok(Mentee {
        application_id: row.id.into(),
        round_id: row.round_id.into(),
        person_id: row.person_id.into(),
        name: known.people.name(row.person_id),
        municipality_id: known.people.municipality(row.person_id),
        municipality: known.people.municipality_name(row.person_id),
        taking_part: row.taking_part,
        profile: column::from_json(row.profile.clone())?,
        wishes: full
            .then(|| column::from_json(row.wishes.clone()))
            .transpose()?,
        pair_id: pair.map(Into::into),
        modified_at: row.modified_at,
        links,
    })
}
