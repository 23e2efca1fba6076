//! Operations of endorsements: the slate, single verdicts, and the links to slates.

use super::{link, slate, steps, store};
use crate::{
    State,
    applications::{
        self,
        routes::{decided_by, known, who, wire_one},
    },
    offices,
    rounds::{self, model::Terms, routes::coordinated},
};
use actix_web::{
    delete, get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::{Change, page, row};
use shared_types::{
    Answer, ApplicationId, FieldProblem, LinkId, Links, OfficeId, OrganisationId, Problem, Role,
    RoundId, codes,
    page::PlainSort,
    registration::{
        applications::Application,
        codes::{ENDORSEMENT_MOTIVE_MISSING, ROUND_STATE},
        endorsements::{
            NewEndorsement, NewSlateLink, Slate, SlateLink, SlateLinkPage, SlateVerdicts,
        },
        offices::OfficeKind,
        rounds::Reason,
    },
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(get_slate)
        .service(decide_slate)
        .service(endorse_application)
        .service(revoke_endorsement)
        .service(list_slate_links)
        .service(send_slate_link)
        .service(revoke_slate_link);
}

/// Read the slate
///
/// For a municipality's director: all applicants of the own municipality for a round, to rank,
/// endorse and decline. The municipality follows from the caller; whoever directs several names
/// one of them.
#[utoipa::path(tag = "endorsements", params(("roundId" = RoundId, Path, description = "The round."), ("municipalityId" = Option<OrganisationId>, Query, description = "The municipality; needed by whoever directs several.")), responses((status = 200, description = "The slate.", body = Slate)))]
#[get("/rounds/{roundId}/slate")]
async fn get_slate(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let municipality = query.get::<OrganisationId>("municipalityId");
    let office = own_office(connection, &context, municipality).await?;
    known_round(connection, &context, *id).await?;
    let sheet = slate::read(connection, *id, office.id.into()).await?;
    Ok(Reply::ok(&slate::wire(connection, sheet, &context).await?)?)
}

/// Decide the slate
///
/// For a municipality's director: ranks, endorses and declines several applicants at once; all
/// count or none. Each verdict is given once. Whoever directs several municipalities names one of
/// them. An Idempotency-Key is required.
#[utoipa::path(tag = "endorsements", params(("roundId" = RoundId, Path, description = "The round."), ("municipalityId" = Option<OrganisationId>, Query, description = "The municipality; needed by whoever directs several.")), request_body = SlateVerdicts, responses((status = 200, description = "The slate.", body = Slate)))]
#[post("/rounds/{roundId}/slate/verdicts")]
async fn decide_slate(
    state: Data<State>,
    id: Path<RoundId>,
    query: Query,
    command: Command<SlateVerdicts>,
) -> Outcome {
    let municipality = query.get::<OrganisationId>("municipalityId");
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
            let office = own_office(change.tx(), &context, municipality).await?;
            known_round(change.tx(), &context, *id).await?;
            let office = OfficeId::from(office.id);
            let decided_by = decided_by(change, &context).await?;
            let own = |row: &applications::entity::Model| {
                context
                    .caller
                    .person
                    .is_some_and(|person| person.uuid() == row.person_id)
            };
            slate::decide(
                change,
                *id,
                office,
                body.verdicts,
                &decided_by,
                own,
                context.language,
            )
            .await?;
            let sheet = slate::read(change.tx(), *id, office).await?;
            Answer::ok(&slate::wire(change.tx(), sheet, &context).await?)
        },
    );
    Ok(answer.await?.into())
}

/// Endorse or decline
///
/// For the director of the applicant's municipality, once per application and until the
/// endorsement deadline; for the organiser's coordinators in the office's place, with a
/// motive. Nobody decides about oneself. An Idempotency-Key is required.
#[utoipa::path(tag = "endorsements", params(("applicationId" = ApplicationId, Path, description = "The application.")), request_body = NewEndorsement, responses((status = 200, description = "The application.", body = Application)))]
#[post("/applications/{applicationId}/endorsement")]
async fn endorse_application(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<NewEndorsement>,
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
            known(change.tx(), &context.caller, *id).await?;
            let loaded = applications::steps::load(change, *id).await?;
            expected.check(loaded.application.version)?;
            let who = who(change.tx(), &loaded.application, &context.caller, None).await?;
            loaded
                .judge(change, who, "endorsement", context.language)
                .await?;
            if !who.office && body.motive.is_none() {
                return Err(Problem::of(&ENDORSEMENT_MOTIVE_MISSING));
            }
            let verdict = steps::Verdict {
                verdict: body.verdict,
                rank: body.rank,
                motive: body.motive,
                decided_by: decided_by(change, &context).await?,
                acting_for: None,
            };
            let row = steps::decide(change, &loaded.terms, loaded.application, verdict).await?;
            let version = row.version;
            Ok(Answer::ok(&wire_one(change.tx(), row, &context).await?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// Revoke an endorsement
///
/// For the office that gave it and the organiser's coordinators, until the offer is accepted,
/// with a reason. A live offer is rescinded and goes to the queue.
#[utoipa::path(tag = "endorsements", params(("applicationId" = ApplicationId, Path, description = "The application.")), request_body = Reason, responses((status = 200, description = "The application.", body = Application)))]
#[post("/applications/{applicationId}/revocation")]
async fn revoke_endorsement(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<Reason>,
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
            known(change.tx(), &context.caller, *id).await?;
            let loaded = applications::steps::load(change, *id).await?;
            expected.check(loaded.application.version)?;
            let who = who(change.tx(), &loaded.application, &context.caller, None).await?;
            loaded
                .judge(change, who, "revocation", context.language)
                .await?;
            let row = steps::revoke(change, loaded, &body.reason).await?;
            let version = row.version;
            Ok(Answer::ok(&wire_one(change.tx(), row, &context).await?)?.version(version))
        },
    );
    Ok(answer.await?.into())
}

/// List slate links
///
/// For the organiser's coordinators: which offices were sent a link. The secret stands only in
/// the mail.
#[utoipa::path(tag = "endorsements", params(("roundId" = RoundId, Path, description = "The round."), PageParameters, ("sort" = inline(Option<PlainSort>), Query, description = "Order of the list; by id when nothing is said.")), responses((status = 200, description = "A page of slate links.", body = SlateLinkPage)))]
#[get("/rounds/{roundId}/slate-links")]
async fn list_slate_links(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    coordinated(&state, &context, *id).await?;
    let slice = page::read(
        state.database.read(),
        store::slate_links(*id),
        link::Column::Id,
        &query.page()?,
    )
    .await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| wire_link(&row, &context))
        .collect();
    Ok(Reply::ok(&SlateLinkPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

/// Send a slate link again
///
/// For the organiser's coordinators: the office gets a new link by mail, and the old one stops
/// working. While the round takes applications or runs; at most four links an hour, then 429
/// `mail_limit`.
#[utoipa::path(tag = "endorsements", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewSlateLink, responses((status = 200, description = "The new link, without its secret.", body = SlateLink)))]
#[post("/rounds/{roundId}/slate-links")]
async fn send_slate_link(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewSlateLink>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    coordinated(&state, &context, *id).await?;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            // Under the lock, so that of two sent at once one link works.
            let round = rounds::store::lock(change, *id)
                .await?
                .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            let office = offices::store::find(change.tx(), body.office_id).await?;
            let office = office.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            let terms = Terms::read(&round)?;
            if !terms.seats_move() {
                return Err(Problem::of(&ROUND_STATE).value("state", round.state));
            }
            steps::may_send_again(change, *id, body.office_id).await?;
            let link = steps::renew_link(change, &terms, &office).await?;
            Answer::ok(&wire_link(&link, &context))
        },
    );
    Ok(answer.await?.into())
}

/// Revoke a slate link
///
/// For the organiser's coordinators: the link stops working at once.
#[utoipa::path(tag = "endorsements", params(("roundId" = RoundId, Path, description = "The round."), ("linkId" = LinkId, Path, description = "The link.")), responses((status = 204, description = "It works no more.")))]
#[delete("/rounds/{roundId}/slate-links/{linkId}")]
async fn revoke_slate_link(
    state: Data<State>,
    path: Path<(RoundId, LinkId)>,
    command: Command<NoBody>,
) -> Outcome {
    let (round, id) = *path;
    let context = command.context;
    coordinated(&state, &context, round).await?;
    let answer = state
        .database
        .change(context.actor(), async |change: &mut Change| {
            let link = store::find_link(change.tx(), id)
                .await?
                .filter(|link| link.round_id == round.uuid());
            let mut link = link.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            if link.revoked_at.is_none() {
                link.revoked_at = Some(change.actor.at);
                row::update::<link::Entity>(change.tx(), link).await?;
                change.record("round", round, "slate_link.revoked", None);
            }
            Ok::<_, Problem>(Answer::no_content())
        });
    Ok(answer.await?.into())
}

/// Refuses a round that the caller may not know.
async fn known_round(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: RoundId,
) -> Result<(), Problem> {
    rounds::store::find(connection, &context.caller, id)
        .await?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    Ok(())
}

/// The office for which the caller decides: of the municipality that is named, or of the only
/// one that the caller directs.
async fn own_office(
    connection: &impl ConnectionTrait,
    context: &Context,
    municipality: Option<OrganisationId>,
) -> Result<offices::entity::Model, Problem> {
    let forbidden = || Problem::of(&codes::FORBIDDEN);
    let mut directed = context.caller.scope(Role::Director);
    let municipality = match (municipality, directed.next(), directed.next()) {
        (Some(named), _, _) if context.caller.directs(named) => named,
        (None, Some(only), None) => only,
        (None, Some(_), Some(_)) => {
            let words = "The caller directs several municipalities; name one of them.";
            let missing = FieldProblem::parameter("municipalityId", "required", words);
            return Err(Problem::of(&codes::INVALID_PARAMETER).errors(vec![missing]));
        }
        _ => return Err(forbidden()),
    };
    let office =
        offices::store::of_municipality(connection, municipality, OfficeKind::MunicipalDirector)
            .await?;
    office.ok_or_else(forbidden)
}

fn wire_link(row: &link::Model, context: &Context) -> SlateLink {
    SlateLink {
        id: row.id.into(),
        round_id: row.round_id.into(),
        office_id: row.office_id.map(OfficeId::from).unwrap_or_default(),
        expires_on: row.expires_on.unwrap_or_default(),
        revoked: row.revoked_at.is_some(),
        links: Links::to_self(
            context.href(format!("rounds/{}/slate-links/{}", row.round_id, row.id)),
        ),
    }
}
