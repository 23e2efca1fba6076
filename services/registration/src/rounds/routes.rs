//! Operations of rounds.

use super::{
    entity, invariants,
    model::{self, Case, Counting, EDGES},
    store,
};
use crate::{State, applications, holds, organisations, programmes};
use actix_web::{
    get, post, put,
    web::{Data, Path},
};
use shared_database::{Change, column, history, page, row};
use shared_types::{
    Answer, Links, OrganisationId, Problem, RoundId, civil, codes,
    holidays::Country,
    page::ChangeSort,
    registration::{
        codes::{PROGRAMME_UNKNOWN, ROUND_BELOW_SEATS_USED, ROUND_CALENDAR_UNKNOWN},
        history::History,
        programmes::ProgrammeState,
        rounds::{
            DayKind, InvariantReport, NewRound, Overbooking, Reason, Round, RoundPage, RoundState,
        },
    },
    transition,
};
use shared_web::{
    Command, Context, ModifiedParameters, NoBody, Outcome, PageParameters, Query, Reply,
    command::Expected,
};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_rounds)
        .service(create_round)
        .service(get_round)
        .service(replace_round)
        .service(publish_round)
        .service(open_round)
        .service(close_round)
        .service(start_round)
        .service(complete_round)
        .service(archive_round)
        .service(cancel_round)
        .service(overbook_round)
        .service(get_round_history)
        .service(check_round);
}

/// List rounds
///
/// Announced rounds for everybody, without a token; coordinators see their drafts too.
#[utoipa::path(
    tag = "rounds",
    security((), ("oidc" = ["registration:read"])),
    params(
        PageParameters,
        ModifiedParameters,
        ("sort" = inline(Option<ChangeSort>), Query, description = "Order of the list; by id when nothing is said."),
        ("programmeId" = Option<shared_types::ProgrammeId>, Query, description = "Only rounds of this programme."),
        ("state" = Option<RoundState>, Query, description = "Only rounds in this state."),
    ),
    responses((status = 200, description = "A page of rounds.", body = RoundPage))
)]
#[get("/rounds")]
async fn list_rounds(state: Data<State>, context: Context, query: Query) -> Outcome {
    use sea_orm::{ColumnTrait as _, QueryFilter as _};
    let mut select = store::scoped(&context.caller);
    if let Some(programme) = query.get::<shared_types::ProgrammeId>("programmeId") {
        select = select.filter(entity::Column::ProgrammeId.eq(programme.uuid()));
    }
    if let Some(wanted) = query.get::<RoundState>("state") {
        select = select.filter(entity::Column::State.eq(column::text(wanted)));
    }
    let request = state.database.settle(query.page()?).await?;
    let slice = page::read(state.database.read(), select, entity::Column::Id, &request).await?;
    let links = query.links(&context, &slice);
    let mut items = Vec::with_capacity(slice.items.len());
    for row in slice.items {
        let case = case(state.database.read(), &row, &context).await?;
        items.push(wire(row, &context, &case)?);
    }
    Ok(Reply::ok(&RoundPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Add a round
///
/// For the organiser's coordinators. The round is a draft until it is published. Without an
/// application window it is an interest list.
#[utoipa::path(tag = "rounds", request_body = NewRound, responses((status = 201, description = "The round.", body = Round)))]
#[post("/rounds")]
async fn create_round(state: Data<State>, command: Command<NewRound>) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    model::check(&body)?;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let id = body.programme_id;
            let programme = programmes::store::seen(change.tx(), &context.caller, id).await?;
            let programme = programme.ok_or_else(|| Problem::of(&PROGRAMME_UNKNOWN))?;
            if !context.caller.coordinates(programme.organiser_id.into()) {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            let counting = counting(change, programme.organiser_id, &body).await?;
            let blank = blank(RoundId::new().uuid(), programme.id, programme.organiser_id);
            let row =
                row::insert::<entity::Entity>(change.tx(), fill(blank, &body, counting)).await?;
            let round = recorded(change, row, "round.created", None, &context).await?;
            Ok(Answer::created(round.links.own(), &round)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a round
///
/// Announced rounds for everybody, without a token; drafts for the organiser's coordinators.
#[utoipa::path(tag = "rounds", security((), ("oidc" = ["registration:read"])), params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The round.", body = Round)))]
#[get("/rounds/{roundId}")]
async fn get_round(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let row = known(state.database.read(), &context, *id).await?;
    let case = case(state.database.read(), &row, &context).await?;
    let version = row.version;
    Ok(Reply::resource(&wire(row, &context, &case)?, version)?)
}

/// Replace a round's content
///
/// For the organiser's coordinators, until the round is finished. Seats can't be set below
/// what is accepted and offered; new ones go to the queue. Once the round is published, taking
/// seats away, an earlier deadline, other rules and other prices need `changeReason`.
#[utoipa::path(tag = "rounds", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewRound, responses((status = 200, description = "The round.", body = Round)))]
#[put("/rounds/{roundId}")]
async fn replace_round(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewRound>,
) -> Outcome {
    let Command {
        context,
        claim,
        expected,
        body,
    } = command;
    model::check(&body)?;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = locked(change, &context, *id).await?;
            expected.check(row.version)?;
            let case = case(change.tx(), &row, &context).await?;
            transition::judge(&EDGES, "overbooking", &case, context.language)?;
            if row.programme_id != body.programme_id.uuid() {
                return Err(Problem::of(&PROGRAMME_UNKNOWN));
            }
            if body.seats + row.overbooking < row.seats_used {
                return Err(Problem::of(&ROUND_BELOW_SEATS_USED).value("used", row.seats_used));
            }
            let counting = counting(change, row.organiser_id, &body).await?;
            let next = fill(row.clone(), &body, counting);
            super::changes::allow(&row, &next, body.change_reason.as_deref())?;
            store::save(change, next).await?;
            crate::admissions::queue::advance(change, *id).await?;
            let row = locked(change, &context, *id).await?;
            let version = row.version;
            let round = recorded(
                change,
                row,
                "round.changed",
                body.change_reason.as_deref(),
                &context,
            )
            .await?;
            Ok(Answer::ok(&round)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Publish a round
///
/// Announces a draft; its programme must be published.
#[utoipa::path(tag = "rounds", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The round.", body = Round)))]
#[post("/rounds/{roundId}/publication")]
async fn publish_round(state: Data<State>, id: Path<RoundId>, command: Command<NoBody>) -> Outcome {
    step(
        &state,
        *id,
        (command.context, command.claim, command.expected),
        ("publication", RoundState::Published),
        None,
    )
    .await
}

/// Open a round
///
/// Opens a published round before its first day; on that day it opens by itself.
#[utoipa::path(tag = "rounds", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The round.", body = Round)))]
#[post("/rounds/{roundId}/opening")]
async fn open_round(state: Data<State>, id: Path<RoundId>, command: Command<NoBody>) -> Outcome {
    step(
        &state,
        *id,
        (command.context, command.claim, command.expected),
        ("opening", RoundState::Open),
        None,
    )
    .await
}

/// Close a round
///
/// Closes an open round before its last day is over; after it, it closes by itself.
#[utoipa::path(tag = "rounds", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The round.", body = Round)))]
#[post("/rounds/{roundId}/closing")]
async fn close_round(state: Data<State>, id: Path<RoundId>, command: Command<NoBody>) -> Outcome {
    step(
        &state,
        *id,
        (command.context, command.claim, command.expected),
        ("closing", RoundState::Closed),
        None,
    )
    .await
}

/// Start a round
///
/// The round is under way; the queue still moves.
#[utoipa::path(tag = "rounds", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The round.", body = Round)))]
#[post("/rounds/{roundId}/start")]
async fn start_round(state: Data<State>, id: Path<RoundId>, command: Command<NoBody>) -> Outcome {
    step(
        &state,
        *id,
        (command.context, command.claim, command.expected),
        ("start", RoundState::Running),
        None,
    )
    .await
}

/// Complete a round
///
/// The round was held. Offers that nobody has answered end at once, and so does the queue: who
/// waits is told.
#[utoipa::path(tag = "rounds", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The round.", body = Round)))]
#[post("/rounds/{roundId}/completion")]
async fn complete_round(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NoBody>,
) -> Outcome {
    step(
        &state,
        *id,
        (command.context, command.claim, command.expected),
        ("completion", RoundState::Finished),
        None,
    )
    .await
}

/// Archive a round
///
/// Puts a finished round away.
#[utoipa::path(tag = "rounds", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The round.", body = Round)))]
#[post("/rounds/{roundId}/archival")]
async fn archive_round(state: Data<State>, id: Path<RoundId>, command: Command<NoBody>) -> Outcome {
    step(
        &state,
        *id,
        (command.context, command.claim, command.expected),
        ("archival", RoundState::Archived),
        None,
    )
    .await
}

/// Cancel a round
///
/// The round will not be held: whoever applied or takes part is told and leaves it, all links
/// end, and so does the queue. All of it happens at once or not at all; the reason is kept in
/// the history and stands in the mails.
#[utoipa::path(tag = "rounds", params(("roundId" = RoundId, Path, description = "The round.")), request_body = Reason, responses((status = 200, description = "The round.", body = Round)))]
#[post("/rounds/{roundId}/cancellation")]
async fn cancel_round(state: Data<State>, id: Path<RoundId>, command: Command<Reason>) -> Outcome {
    let reason = Some(command.body.reason);
    step(
        &state,
        *id,
        (command.context, command.claim, command.expected),
        ("cancellation", RoundState::Cancelled),
        reason,
    )
    .await
}

/// Allow overbooking
///
/// Sets how many seats beyond its own a round may give; the reason is kept in the history.
#[utoipa::path(tag = "rounds", params(("roundId" = RoundId, Path, description = "The round.")), request_body = Overbooking, responses((status = 200, description = "The round.", body = Round)))]
#[post("/rounds/{roundId}/overbooking")]
async fn overbook_round(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<Overbooking>,
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
            let mut row = locked(change, &context, *id).await?;
            expected.check(row.version)?;
            let case = case(change.tx(), &row, &context).await?;
            transition::judge(&EDGES, "overbooking", &case, context.language)?;
            if row.seats + body.seats < row.seats_used {
                return Err(Problem::of(&ROUND_BELOW_SEATS_USED).value("used", row.seats_used));
            }
            row.overbooking = body.seats;
            store::save(change, row).await?;
            crate::admissions::queue::advance(change, *id).await?;
            let row = locked(change, &context, *id).await?;
            let version = row.version;
            let round = recorded(
                change,
                row,
                "round.overbooked",
                Some(&body.reason),
                &context,
            )
            .await?;
            Ok(Answer::ok(&round)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Read a round's history
///
/// For the organiser's coordinators: who did what, when and why.
#[utoipa::path(tag = "rounds", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/rounds/{roundId}/history")]
async fn get_round_history(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    coordinated(&state, &context, *id).await?;
    let entries = history::list(state.database.read(), id.uuid()).await?;
    Ok(Reply::ok(&History {
        entries,
        links: Links::to_self(context.href(format!("rounds/{id}/history"))),
    })?)
}

/// Check a round's invariants
///
/// Recounts from the rows what must always hold. For the organiser's coordinators and
/// operators.
#[utoipa::path(tag = "rounds", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "Each invariant, and whether it holds.", body = InvariantReport)))]
#[get("/rounds/{roundId}/invariants")]
async fn check_round(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    if !context.caller.is_operator() {
        coordinated(&state, &context, *id).await?;
    }
    let round = store::find_any(state.database.read(), *id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let invariants = invariants::check(state.database.read(), &round).await?;
    Ok(Reply::ok(&InvariantReport {
        round_id: *id,
        holds: invariants.iter().all(|invariant| invariant.holds),
        invariants,
        links: Links::to_self(context.href(format!("rounds/{id}/invariants"))),
    })?)
}

async fn step(
    state: &State,
    id: RoundId,
    (context, claim, expected): (Context, Option<shared_types::Claim>, Expected),
    (edge, to): (&'static str, RoundState),
    reason: Option<String>,
) -> Outcome {
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let row = locked(change, &context, id).await?;
            expected.check(row.version)?;
            let case = case(change.tx(), &row, &context).await?;
            transition::judge(&EDGES, edge, &case, context.language)?;
            let row = enter(change, row, to, reason.as_deref(), &context.origin).await?;
            let case = Case { state: to, ..case };
            let version = row.version;
            Ok(Answer::ok(&wire(row, &context, &case)?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Brings a round into a state, with all that follows from it; the sweep uses it too. `origin`
/// is Akademi's public address, for what is mailed.
pub async fn enter(
    change: &mut Change,
    mut row: entity::Model,
    to: RoundState,
    reason: Option<&str>,
    origin: &str,
) -> Result<entity::Model, Problem> {
    let before = row.clone();
    row.state = column::text(to);
    if to == RoundState::Published {
        // Under the programme's lock: from now on this can't change any more.
        let programme = programmes::store::lock_any(change.tx(), row.programme_id.into()).await?;
        row.one_seat = programme.is_some_and(|programme| programme.one_seat);
    }
    let row = store::save(change, row).await?;
    let edge = format!("round.{}", row.state);
    change.record("round", row.id, &edge, reason);
    change.publish(&edge, row.id, fact(&row));
    if to == RoundState::Open {
        let address = format!("{origin}/registration/pages/rounds/{}", row.id);
        crate::interests::store::tell(change, &row, &address).await?;
    }
    if matches!(to, RoundState::Cancelled | RoundState::Finished) {
        holds::steps::end_with_round(change, &row, reason).await?;
        if to == RoundState::Cancelled {
            applications::ending::cancel(change, &before, reason).await?;
        } else {
            applications::ending::finish(change, &before).await?;
        }
        return store::find_any(change.tx(), row.id.into())
            .await?
            .ok_or_else(|| Problem::of(&codes::NOT_FOUND));
    }
    Ok(row)
}

/// Writes history and event of a round, and answers its wire form.
pub(super) async fn recorded(
    change: &mut Change,
    row: entity::Model,
    edge: &str,
    reason: Option<&str>,
    context: &Context,
) -> Result<Round, Problem> {
    change.record("round", row.id, edge, reason);
    change.publish(edge, row.id, fact(&row));
    let case = case(change.tx(), &row, context).await?;
    wire(row, context, &case)
}

async fn known(
    connection: &impl sea_orm::ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<entity::Model, Problem> {
    store::find(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

async fn locked(change: &Change, context: &Context, id: RoundId) -> Result<entity::Model, Problem> {
    known(change.tx(), context, id).await?;
    store::lock(change, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

/// A round whose organiser's programmes the caller coordinates; 404 and 403 as anywhere.
pub async fn coordinated(
    state: &State,
    context: &Context,
    id: RoundId,
) -> Result<entity::Model, Problem> {
    coordinated_in(state.database.read(), context, id).await
}

/// The same inside a change.
pub(super) async fn coordinated_in(
    connection: &impl sea_orm::ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<entity::Model, Problem> {
    let row = known(connection, context, id).await?;
    if context.caller.coordinates(row.organiser_id.into()) {
        Ok(row)
    } else {
        Err(Problem::of(&codes::FORBIDDEN))
    }
}

async fn case(
    connection: &impl sea_orm::ConnectionTrait,
    row: &entity::Model,
    context: &Context,
) -> Result<Case, Problem> {
    let coordinator = context.caller.coordinates(row.organiser_id.into());
    // Only a coordinator is told of transitions, so only for one the programme is looked up.
    let programme = if coordinator {
        programmes::store::find(connection, row.programme_id.into()).await?
    } else {
        None
    };
    Ok(Case {
        state: column::parse(&row.state)?,
        has_window: row.opens_on.is_some(),
        programme_published: programme
            .is_some_and(|one| one.state == column::text(ProgrammeState::Published)),
        coordinator,
    })
}

fn fact(row: &entity::Model) -> serde_json::Value {
    serde_json::json!({
        "roundId": row.id, "programmeId": row.programme_id, "organiserId": row.organiser_id, "state": row.state,
        "name": row.name, "seats": row.seats, "startsOn": row.starts_on, "endsOn": row.ends_on,
        "language": row.language, "timeZone": row.time_zone, "version": row.version,
    })
}

fn blank(id: Uuid, programme: Uuid, organiser: Uuid) -> entity::Model {
    entity::Model {
        id,
        programme_id: programme,
        organiser_id: organiser,
        state: column::text(RoundState::Draft),
        name: serde_json::Value::Null,
        seats: 0,
        overbooking: 0,
        seats_used: 0,
        minimum_to_run: 0,
        opens_on: None,
        closes_on: None,
        endorse_by: None,
        answer_days: 0,
        answer_days_kind: String::new(),
        move_deadlines: false,
        calendar: None,
        needs_kept_days: 0,
        starts_on: None,
        ends_on: None,
        eligibility: serde_json::Value::Null,
        endorsement: String::new(),
        elected_office_id: None,
        admission: serde_json::Value::Null,
        prices: serde_json::Value::Null,
        occasions: serde_json::Value::Null,
        venue: None,
        rules: None,
        language: String::new(),
        time_zone: String::new(),
        one_seat: false,
        admission_published_at: None,
        version: 1,
    }
}

/// How a round's body wants its days counted, and by whose calendar: its zone's country, or
/// else the organiser's.
async fn counting(change: &Change, organiser: Uuid, body: &NewRound) -> Result<Counting, Problem> {
    let of_zone = civil::zone(&body.time_zone).and_then(Country::of_zone);
    let country = match of_zone {
        Some(country) => Some(country),
        None => organisations::store::find(change.tx(), organiser.into())
            .await?
            .and_then(|one| one.official_code)
            .and_then(|code| Country::of_code(code.get(..2)?)),
    };
    let asked = body.move_deadlines || body.answer_days_kind == DayKind::Working;
    if asked && country.is_none() {
        return Err(Problem::of(&ROUND_CALENDAR_UNKNOWN));
    }
    Ok(Counting {
        kind: body.answer_days_kind,
        moves: body.move_deadlines,
        country,
    })
}

fn fill(row: entity::Model, body: &NewRound, counting: Counting) -> entity::Model {
    let deadline = |day: Option<chrono::NaiveDate>| day.map(|day| counting.deadline(day));
    entity::Model {
        name: column::json(&body.name),
        seats: body.seats,
        minimum_to_run: body.minimum_to_run,
        opens_on: body.opens_on,
        closes_on: deadline(body.closes_on),
        endorse_by: deadline(body.endorse_by),
        answer_days: body.answer_days,
        answer_days_kind: column::text(body.answer_days_kind),
        move_deadlines: body.move_deadlines,
        calendar: counting.country.map(|country| country.code().to_owned()),
        needs_kept_days: body.needs_kept_days,
        starts_on: body.starts_on,
        ends_on: body.ends_on,
        eligibility: column::json(&body.eligibility),
        endorsement: column::text(body.endorsement),
        elected_office_id: body.elected_office_id.map(Uuid::from),
        admission: column::json(&body.admission),
        prices: column::json(&body.prices),
        occasions: column::json(&body.occasions),
        venue: body.venue.as_ref().map(column::json),
        rules: body.rules.as_ref().map(column::json),
        language: column::text(body.language),
        time_zone: body.time_zone.clone(),
        ..row
    }
}

/// The wire form of a round.
pub fn wire(row: entity::Model, context: &Context, case: &Case) -> Result<Round, Problem> {
    let href = context.href(format!("rounds/{}", row.id));
    let links = Links::to_self(&href).with(
        "programme",
        "GET",
        context.href(format!("programmes/{}", row.programme_id)),
    );
    Ok(Round {
        id: row.id.into(),
        organiser_id: OrganisationId::from(row.organiser_id),
        state: column::parse(&row.state)?,
        programme_id: row.programme_id.into(),
        name: column::from_json(row.name)?,
        seats: row.seats,
        overbooking: row.overbooking,
        seats_used: row.seats_used,
        minimum_to_run: row.minimum_to_run,
        opens_on: row.opens_on,
        closes_on: row.closes_on,
        endorse_by: row.endorse_by,
        answer_days: row.answer_days,
        answer_days_kind: column::parse(&row.answer_days_kind)?,
        move_deadlines: row.move_deadlines,
        calendar: row.calendar,
        needs_kept_days: row.needs_kept_days,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        eligibility: column::from_json(row.eligibility)?,
        endorsement: column::parse(&row.endorsement)?,
        elected_office_id: row.elected_office_id.map(shared_types::OfficeId::from),
        admission: column::from_json(row.admission)?,
        prices: column::from_json(row.prices)?,
        occasions: column::from_json(row.occasions)?,
        venue: row.venue.map(column::from_json).transpose()?,
        rules: row.rules.map(column::from_json).transpose()?,
        language: column::parse(&row.language)?,
        time_zone: row.time_zone,
        admission_published_at: row.admission_published_at,
        links: transition::allowed(&EDGES, case, &href, links),
        transitions: transition::refused(&EDGES, case, context.language),
    })
}
