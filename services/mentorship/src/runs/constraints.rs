//! Operations of pairs that a coordinator demands or forbids.

use super::{constraint_entity as entity, guard};
use crate::{State, known, mentees, mentors};
use actix_web::{
    delete, get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, page, row};
use shared_types::{
    Answer, Links, MatchingConstraintId, Problem, RoundId, codes,
    mentorship::{
        codes::{CONSTRAINT_EXISTS, MENTEE_UNKNOWN, MENTOR_UNKNOWN},
        matching::{MatchingConstraint, MatchingConstraintPage, NewMatchingConstraint},
    },
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_matching_constraints)
        .service(create_matching_constraint)
        .service(get_matching_constraint)
        .service(delete_matching_constraint);
}

/// List demanded and forbidden pairs
///
/// For the coordinators of the round's organiser.
#[utoipa::path(tag = "matching", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of demanded and forbidden pairs.", body = MatchingConstraintPage)))]
#[get("/rounds/{roundId}/matching-constraints")]
async fn list_matching_constraints(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    known::coordinated(connection, &context, *id).await?;
    let select = entity::Entity::find().filter(entity::Column::RoundId.eq(id.uuid()));
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter().map(|row| wire(row, &context));
    Ok(Reply::ok(&MatchingConstraintPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Demand or forbid a pair
///
/// For the coordinators of the round's organiser, with a reason. A demanded pair is made unless a
/// hard rule is against it, or more mentees would go without; the run says so.
#[utoipa::path(tag = "matching", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewMatchingConstraint, responses((status = 201, description = "The demanded or forbidden pair.", body = MatchingConstraint)))]
#[post("/rounds/{roundId}/matching-constraints")]
async fn create_matching_constraint(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewMatchingConstraint>,
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
            let round = known::coordinated(change.tx(), &context, *id).await?;
            guard::lock(change, *id, round.organiser_id).await?;
            let row = insert(change, *id, &body).await?;
            let constraint = wire(&row, &context)?;
            Ok(Answer::created(constraint.links.own(), &constraint)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a demanded or forbidden pair
///
/// For the coordinators of the round's organiser.
#[utoipa::path(tag = "matching", params(("constraintId" = MatchingConstraintId, Path, description = "The demanded or forbidden pair.")), responses((status = 200, description = "The demanded or forbidden pair.", body = MatchingConstraint)))]
#[get("/matching-constraints/{constraintId}")]
async fn get_matching_constraint(
    state: Data<State>,
    context: Context,
    id: Path<MatchingConstraintId>,
) -> Outcome {
    let row = own(state.database.read(), &context, *id).await?;
    Ok(Reply::resource(&wire(&row, &context)?, 1)?)
}

/// Take back that a pair is demanded or forbidden
///
/// For the coordinators of the round's organiser.
#[utoipa::path(tag = "matching", params(("constraintId" = MatchingConstraintId, Path, description = "The demanded or forbidden pair.")), responses((status = 204, description = "It is taken back.")))]
#[delete("/matching-constraints/{constraintId}")]
async fn delete_matching_constraint(
    state: Data<State>,
    id: Path<MatchingConstraintId>,
    command: Command<NoBody>,
) -> Outcome {
    let context = command.context;
    let work = async |change: &mut Change| {
        let row = own(change.tx(), &context, *id).await?;
        command.expected.check(1)?;
        entity::Entity::delete_by_id(row.id)
            .exec(change.tx())
            .await
            .map_err(DatabaseError::from)?;
        let edge = "matching_constraint.withdrawn";
        change.record("matching_constraint", row.id, edge, None);
        Ok::<_, Problem>(())
    };
    state.database.change(context.actor(), work).await?;
    Ok(Answer::no_content().into())
}

async fn insert(
    change: &mut Change,
    round: RoundId,
    body: &NewMatchingConstraint,
) -> Result<entity::Model, Problem> {
    let mentor = mentors::store::find_any(change.tx(), body.mentor_id.uuid()).await?;
    mentor
        .filter(|row| row.round_id == round.uuid())
        .ok_or_else(|| Problem::of(&MENTOR_UNKNOWN))?;
    let mentee = mentees::store::find_any(change.tx(), body.application_id.uuid()).await?;
    mentee
        .filter(|row| row.round_id == round.uuid() && row.taking_part)
        .ok_or_else(|| Problem::of(&MENTEE_UNKNOWN))?;
    let same = entity::Entity::find()
        .filter(entity::Column::MentorId.eq(body.mentor_id.uuid()))
        .filter(entity::Column::ApplicationId.eq(body.application_id.uuid()))
        .one(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    if same.is_some() {
        return Err(Problem::of(&CONSTRAINT_EXISTS));
    }
    let row = entity::Model {
        id: MatchingConstraintId::new().uuid(),
        round_id: round.uuid(),
        kind: column::text(body.kind),
        mentor_id: body.mentor_id.uuid(),
        application_id: body.application_id.uuid(),
    };
    let row = row::insert::<entity::Entity>(change.tx(), row).await?;
    let edge = format!("matching_constraint.{}", row.kind);
    change.record("matching_constraint", row.id, &edge, Some(&body.reason));
    Ok(row)
}

/// A constraint of a round that the caller coordinates.
async fn own(
    connection: &impl sea_orm::ConnectionTrait,
    context: &Context,
    id: MatchingConstraintId,
) -> Result<entity::Model, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await
        .map_err(DatabaseError::from)?
        .ok_or_else(missing)?;
    // Whoever takes part in the round does not learn of it.
    known::coordinated(connection, context, row.round_id.into())
        .await
        .map_err(|problem| {
            if problem.code() == &codes::FORBIDDEN {
                missing()
            } else {
                problem
            }
        })?;
    Ok(row)
}

fn wire(row: &entity::Model, context: &Context) -> Result<MatchingConstraint, Problem> {
    let href = context.href(format!("matching-constraints/{}", row.id));
    Ok(MatchingConstraint {
        id: row.id.into(),
        round_id: row.round_id.into(),
        kind: column::parse(&row.kind)?,
        mentor_id: row.mentor_id.into(),
        application_id: row.application_id.into(),
        links: Links::to_self(&href).with("withdrawal", "DELETE", &href),
    })
}
