//! Operations of bookings.

use super::{
    entity, heads, link,
    model::{self, Case, EDGES},
    pages, steps, store,
};
use crate::{State, releases::claims};
use actix_web::{
    delete, get, post, put,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use shared_database::{Change, column, history, page, row};
use shared_types::{
    Answer, BookingId, Claim, LinkId, Links, Problem, RoundId, SessionId, codes,
    registration::{history::History, rounds::Reason},
    scheduling::bookings::{
        Booking, BookingPage, BookingState, HeadCountLink, HeadCounts, NewBooking,
    },
    transition,
};
use shared_web::{
    Command, Context, NoBody, Outcome, PageParameters, Query, Reply, command::Expected,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_bookings)
        .service(create_booking)
        .service(get_booking)
        .service(replace_booking)
        .service(confirm_booking)
        .service(release_booking)
        .service(cancel_booking)
        .service(get_head_counts)
        .service(create_head_count_link)
        .service(end_head_count_link)
        .service(get_booking_history);
}

/// List bookings
///
/// For the organiser's coordinators.
#[utoipa::path(tag = "bookings", params(PageParameters, ("roundId" = Option<RoundId>, Query, description = "Only bookings for this round.")), responses((status = 200, description = "A page of bookings.", body = BookingPage)))]
#[get("/bookings")]
async fn list_bookings(state: Data<State>, context: Context, query: Query) -> Outcome {
    let connection = state.database.read();
    let mut select = store::scoped(&context.caller);
    if let Some(round) = query.get::<RoundId>("roundId") {
        select = select.filter(entity::Column::RoundId.eq(round.uuid()));
    }
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let mut items = Vec::with_capacity(slice.items.len());
    for row in slice.items {
        items.push(wire(connection, &row, &context).await?);
    }
    Ok(Reply::ok(&BookingPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Book a venue
///
/// For the coordinators of the round's organiser: an option, until it is confirmed. Beds are
/// counted over all bookings of the venue; of two that want the last one gets them.
#[utoipa::path(tag = "bookings", request_body = NewBooking, responses((status = 201, description = "The booking.", body = Booking)))]
#[post("/bookings")]
async fn create_booking(state: Data<State>, command: Command<NewBooking>) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    model::check(&body)?;
    let early = claims::early(body.round_id.uuid(), async {
        let connection = state.database.read();
        Ok(store::taken(connection, body.venue_id, BookingId::new()).await?)
    });
    let early = early.await?;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let organiser = steps::organiser(change, &context.caller, body.round_id).await?;
            let row = steps::make(change, organiser, &body, early).await?;
            let booking = wire(change.tx(), &row, &context).await?;
            Ok(Answer::created(booking.links.own(), &booking)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a booking
///
/// For the organiser's coordinators.
#[utoipa::path(tag = "bookings", params(("bookingId" = BookingId, Path, description = "The booking.")), responses((status = 200, description = "The booking.", body = Booking)))]
#[get("/bookings/{bookingId}")]
async fn get_booking(state: Data<State>, context: Context, id: Path<BookingId>) -> Outcome {
    let connection = state.database.read();
    let row = known(connection, &context, *id).await?;
    Ok(Reply::resource(
        &wire(connection, &row, &context).await?,
        row.version,
    )?)
}

/// Replace a booking's content
///
/// For the organiser's coordinators, while the booking stands; round and state stay.
#[utoipa::path(tag = "bookings", params(("bookingId" = BookingId, Path, description = "The booking.")), request_body = NewBooking, responses((status = 200, description = "The booking.", body = Booking)))]
#[put("/bookings/{bookingId}")]
async fn replace_booking(
    state: Data<State>,
    id: Path<BookingId>,
    command: Command<NewBooking>,
) -> Outcome {
    let body = command.body;
    model::check(&body)?;
    let call = (command.context, command.claim, command.expected);
    step(&state, *id, call, async |change, row, language| {
        if row.round_id != body.round_id.uuid() {
            let words = "The round of a booking stays the same.";
            return Err(Problem::invalid("/roundId", "invalid", words));
        }
        let case = Case::of(&row)?;
        if !model::stands(case.state) {
            transition::judge(&EDGES, "confirmation", &case, language)?;
        }
        steps::replace(change, row, &body).await
    })
    .await
}

/// Confirm a booking
///
/// For the organiser's coordinators: the option is firm. Sessions that it is for are certain with
/// the next release.
#[utoipa::path(tag = "bookings", params(("bookingId" = BookingId, Path, description = "The booking.")), responses((status = 200, description = "The booking.", body = Booking)))]
#[post("/bookings/{bookingId}/confirmation")]
async fn confirm_booking(
    state: Data<State>,
    id: Path<BookingId>,
    command: Command<NoBody>,
) -> Outcome {
    let call = (command.context, command.claim, command.expected);
    step(&state, *id, call, async |change, row, language| {
        let case = Case::of(&row)?;
        transition::judge(&EDGES, "confirmation", &case, language)?;
        steps::enter(change, row, BookingState::Firm, None).await
    })
    .await
}

/// Give a booking back
///
/// For the organiser's coordinators, with a reason: an option, or a firm booking that the venue
/// takes back. Its beds are free again. A firm booking that is broken off is cancelled instead.
#[utoipa::path(tag = "bookings", params(("bookingId" = BookingId, Path, description = "The booking.")), request_body = Reason, responses((status = 200, description = "The booking.", body = Booking)))]
#[post("/bookings/{bookingId}/release")]
async fn release_booking(
    state: Data<State>,
    id: Path<BookingId>,
    command: Command<Reason>,
) -> Outcome {
    let reason = command.body.reason;
    let call = (command.context, command.claim, command.expected);
    step(&state, *id, call, async |change, row, language| {
        let case = Case::of(&row)?;
        transition::judge(&EDGES, "release", &case, language)?;
        steps::enter(change, row, BookingState::Released, Some(&reason)).await
    })
    .await
}

/// Cancel a booking
///
/// For the organiser's coordinators: a firm booking is cancelled, with a reason.
#[utoipa::path(tag = "bookings", params(("bookingId" = BookingId, Path, description = "The booking.")), request_body = Reason, responses((status = 200, description = "The booking.", body = Booking)))]
#[post("/bookings/{bookingId}/cancellation")]
async fn cancel_booking(
    state: Data<State>,
    id: Path<BookingId>,
    command: Command<Reason>,
) -> Outcome {
    let reason = command.body.reason;
    let call = (command.context, command.claim, command.expected);
    step(&state, *id, call, async |change, row, language| {
        let case = Case::of(&row)?;
        transition::judge(&EDGES, "cancellation", &case, language)?;
        steps::enter(change, row, BookingState::Cancelled, Some(&reason)).await
    })
    .await
}

/// Read head counts
///
/// For the organiser's coordinators: what the venue reads by its link.
#[utoipa::path(tag = "bookings", params(("bookingId" = BookingId, Path, description = "The booking.")), responses((status = 200, description = "The counts.", body = HeadCounts)))]
#[get("/bookings/{bookingId}/head-counts")]
async fn get_head_counts(state: Data<State>, context: Context, id: Path<BookingId>) -> Outcome {
    let connection = state.database.read();
    let row = known(connection, &context, *id).await?;
    let own = context.href(format!("bookings/{id}/head-counts"));
    Ok(Reply::ok(
        &heads::count(connection, &row, Links::to_self(own)).await?,
    )?)
}

/// Make a venue's link
///
/// For the organiser's coordinators: a link with which the venue reads head counts without an
/// account, as JSON and as CSV. It is shown once; a link that was made before ends.
#[utoipa::path(tag = "bookings", params(("bookingId" = BookingId, Path, description = "The booking.")), responses((status = 200, description = "The link.", body = HeadCountLink)))]
#[post("/bookings/{bookingId}/link")]
async fn create_head_count_link(
    state: Data<State>,
    id: Path<BookingId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command { context, .. } = command;
    // Without an idempotency record: its stored answer would keep the secret.
    let work = async |change: &mut Change| {
        known(change.tx(), &context, *id).await?;
        store::lock(change, *id).await?;
        store::revoke_links(change, *id).await?;
        let link = link::Model {
            id: LinkId::new().uuid(),
            booking_id: id.uuid(),
            created_at: change.actor.at,
            revoked_at: None,
        };
        let link = row::insert::<link::Entity>(change.tx(), link).await?;
        change.record("booking", id.uuid(), "booking.link_created", None);
        Ok::<_, Problem>(link)
    };
    let link = state.database.change(context.actor(), work).await?;
    let token = state.link_key.sign(pages::KIND, link.id.into());
    let kind = pages::KIND;
    Ok(Reply::ok(&HeadCountLink {
        booking_id: *id,
        address: format!("{}/scheduling/pages/{kind}/{token}.json", context.origin),
        links: Links::to_self(context.href(format!("bookings/{id}/link"))),
    })?)
}

/// End a venue's link
///
/// For the organiser's coordinators: the link with which the venue reads head counts works no
/// more. Where none works, nothing changes.
#[utoipa::path(tag = "bookings", params(("bookingId" = BookingId, Path, description = "The booking.")), responses((status = 204, description = "No link works.")))]
#[delete("/bookings/{bookingId}/link")]
async fn end_head_count_link(
    state: Data<State>,
    id: Path<BookingId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command { context, claim, .. } = command;
    let work = async |change: &mut Change| {
        known(change.tx(), &context, *id).await?;
        store::lock(change, *id).await?;
        if store::revoke_links(change, *id).await? > 0 {
            change.record("booking", id.uuid(), "booking.link_ended", None);
        }
        Ok(Answer::no_content())
    };
    let answer = state
        .database
        .answer(context.actor(), claim.as_ref(), work)
        .await;
    Ok(answer?.into())
}

/// Read a booking's history
///
/// For the organiser's coordinators.
#[utoipa::path(tag = "bookings", params(("bookingId" = BookingId, Path, description = "The booking.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/bookings/{bookingId}/history")]
async fn get_booking_history(state: Data<State>, context: Context, id: Path<BookingId>) -> Outcome {
    let connection = state.database.read();
    known(connection, &context, *id).await?;
    let entries = history::list(connection, id.uuid()).await?;
    Ok(Reply::ok(&History {
        entries,
        links: Links::to_self(context.href(format!("bookings/{id}/history"))),
    })?)
}

async fn step(
    state: &State,
    id: BookingId,
    (context, claim, expected): (Context, Option<Claim>, Expected),
    work: impl AsyncFnOnce(
        &mut Change,
        entity::Model,
        shared_types::Language,
    ) -> Result<entity::Model, Problem>,
) -> Outcome {
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            known(change.tx(), &context, id).await?;
            let row = store::lock(change, id).await?;
            let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            expected.check(row.version)?;
            let row = work(change, row, context.language).await?;
            let booking = wire(change.tx(), &row, &context).await?;
            Ok(Answer::ok(&booking)?.version(row.version))
        },
    );
    Ok(answer.await?.into())
}

async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: BookingId,
) -> Result<entity::Model, Problem> {
    store::find(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

async fn wire(
    connection: &impl ConnectionTrait,
    row: &entity::Model,
    context: &Context,
) -> Result<Booking, Problem> {
    let href = context.href(format!("bookings/{}", row.id));
    let links = Links::to_self(&href)
        .with("head-counts", "GET", format!("{href}/head-counts"))
        .with("link", "POST", format!("{href}/link"))
        .with("history", "GET", format!("{href}/history"));
    let case = Case::of(row)?;
    Ok(Booking {
        id: row.id.into(),
        organiser_id: row.organiser_id.into(),
        round_id: row.round_id.into(),
        venue_id: row.venue_id.into(),
        session_id: row.session_id.map(SessionId::from),
        state: case.state,
        starts_on: row.starts_on,
        ends_on: row.ends_on,
        held_until: row.held_until,
        nights: store::nights(connection, row.id.into()).await?,
        meals: column::from_json(row.meals.clone())?,
        created_at: row.created_at,
        links: transition::allowed(&EDGES, &case, &href, links),
        transitions: transition::refused(&EDGES, &case, context.language),
    })
}
