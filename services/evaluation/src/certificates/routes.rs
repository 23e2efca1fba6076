//! Operations of certificates.

use super::{entity, model::EDGES, steps, store, view};
use crate::{State, parts};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, ConnectionTrait, QueryFilter as _};
use shared_database::{Change, history, page};
use shared_types::{
    Answer, ApplicationId, CertificateId, Links, Problem, RoundId, codes,
    evaluation::certificates::{Certificate, CertificateIssue, CertificatePage, NewCertificate},
    registration::{history::History, rounds::Reason},
    transition,
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use std::collections::BTreeMap;
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_certificates)
        .service(list_round_certificates)
        .service(issue_certificates)
        .service(issue_certificate)
        .service(get_certificate)
        .service(revoke_certificate)
        .service(replace_certificate)
        .service(get_certificate_history);
}

/// List certificates
///
/// One's own; for who runs or evaluates programmes also all of the organiser's.
#[utoipa::path(tag = "certificates", params(PageParameters), responses((status = 200, description = "A page of certificates.", body = CertificatePage)))]
#[get("/certificates")]
async fn list_certificates(state: Data<State>, context: Context, query: Query) -> Outcome {
    let select = store::scoped(&context.caller);
    list(&state, &context, &query, select).await
}

/// List a round's certificates
///
/// For who runs or evaluates the round all of them, ended ones too; for a participant one's own.
#[utoipa::path(tag = "certificates", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of certificates.", body = CertificatePage)))]
#[get("/rounds/{roundId}/certificates")]
async fn list_round_certificates(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    parts::visible(state.database.read(), &context.caller, *id).await?;
    let select = store::scoped(&context.caller).filter(entity::Column::RoundId.eq(id.uuid()));
    list(&state, &context, &query, select).await
}

async fn list(
    state: &State,
    context: &Context,
    query: &Query,
    select: sea_orm::Select<entity::Entity>,
) -> Outcome {
    let connection = state.database.read();
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let reasons = view::reasons(connection, &slice.items).await?;
    let links = query.links(context, &slice);
    let origin = state.core.public_url.as_str();
    let items = slice.items.iter();
    let items = items.map(|row| view::wire(row, &reasons, (origin, context)));
    Ok(Reply::ok(&CertificatePage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Issue certificates to everybody who completed a round
///
/// For the coordinators of the round's organiser: to everybody who is completed and has no valid
/// certificate. Each is told by mail, with a link to the own certificate. An Idempotency-Key is
/// required.
#[utoipa::path(tag = "certificates", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "What was issued by this.", body = CertificateIssue)))]
#[post("/rounds/{roundId}/certificates")]
async fn issue_certificates(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command { context, claim, .. } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let round = parts::coordinated(change.tx(), &context.caller, *id).await?;
            let issued = steps::issue_all(change, &round).await?;
            let list = context.href(format!("rounds/{}/certificates", round.id));
            Answer::ok(&CertificateIssue {
                round_id: round.id,
                certificate_ids: issued,
                links: Links::default().with("certificates", "GET", list),
            })
        },
    );
    Ok(answer.await?.into())
}

/// Issue a certificate
///
/// For the coordinators of the round's organiser, to a participant who completed the round and
/// has no valid certificate. The participant is told by mail. An Idempotency-Key is required.
#[utoipa::path(tag = "certificates", params(("applicationId" = ApplicationId, Path, description = "The participation.")), request_body = NewCertificate, responses((status = 201, description = "The certificate.", body = Certificate)))]
#[post("/participations/{applicationId}/certificates")]
async fn issue_certificate(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<NewCertificate>,
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
            let part = parts::part(change.tx(), &context.caller, *id).await?;
            if !part.staff.coordinator {
                return Err(Problem::of(&codes::FORBIDDEN));
            }
            let row = steps::issue(change, &part.round, &part.row, body.language).await?;
            let origin = state.core.public_url.as_str();
            let certificate = view::wire(&row, &BTreeMap::new(), (origin, &context))?;
            Ok(Answer::created(certificate.links.own(), &certificate)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get a certificate
///
/// For the participant, and for who runs or evaluates the round.
#[utoipa::path(tag = "certificates", params(("certificateId" = CertificateId, Path, description = "The certificate.")), responses((status = 200, description = "The certificate.", body = Certificate)))]
#[get("/certificates/{certificateId}")]
async fn get_certificate(state: Data<State>, context: Context, id: Path<CertificateId>) -> Outcome {
    let connection = state.database.read();
    let row = known(connection, &context, *id).await?;
    let reasons = view::reasons(connection, std::slice::from_ref(&row)).await?;
    let origin = state.core.public_url.as_str();
    let certificate = view::wire(&row, &reasons, (origin, &context))?;
    Ok(Reply::resource(&certificate, row.version)?)
}

/// Revoke a certificate
///
/// For the coordinators of the round's organiser, with a reason. Its page and the status list say
/// so from now on; the reason stays between the coordinators and the participant.
#[utoipa::path(tag = "certificates", params(("certificateId" = CertificateId, Path, description = "The certificate.")), request_body = Reason, responses((status = 200, description = "The certificate.", body = Certificate)))]
#[post("/certificates/{certificateId}/revocation")]
async fn revoke_certificate(
    state: Data<State>,
    id: Path<CertificateId>,
    command: Command<Reason>,
) -> Outcome {
    step(
        &state,
        *id,
        command,
        "revocation",
        async |change, row, body| {
            let row = steps::revoke(change, row, &body.reason).await?;
            let reasons = BTreeMap::from([(row.id, body.reason.clone())]);
            Ok((row, reasons))
        },
    )
    .await
}

/// Replace a certificate
///
/// For the coordinators of the round's organiser, with a reason such as a change of name: a new
/// one is issued with what holds now, and this one is ended and says that it was replaced. The
/// answer is the new one. An Idempotency-Key is required.
#[utoipa::path(tag = "certificates", params(("certificateId" = CertificateId, Path, description = "The certificate.")), request_body = Reason, responses((status = 201, description = "The new certificate.", body = Certificate)))]
#[post("/certificates/{certificateId}/replacement")]
async fn replace_certificate(
    state: Data<State>,
    id: Path<CertificateId>,
    command: Command<Reason>,
) -> Outcome {
    step(
        &state,
        *id,
        command,
        "replacement",
        async |change, row, body| {
            let round = parts::round(change.tx(), row.round_id.into()).await?;
            let round = round.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            let next = steps::replace(change, &round, row, &body.reason).await?;
            Ok((next, BTreeMap::new()))
        },
    )
    .await
}

/// Read a certificate's history
///
/// For the participant, and the coordinators of the round's organiser.
#[utoipa::path(tag = "certificates", params(("certificateId" = CertificateId, Path, description = "The certificate.")), responses((status = 200, description = "The history, the oldest first.", body = History)))]
#[get("/certificates/{certificateId}/history")]
async fn get_certificate_history(
    state: Data<State>,
    context: Context,
    id: Path<CertificateId>,
) -> Outcome {
    let connection = state.database.read();
    let row = known(connection, &context, *id).await?;
    let person = context.caller.person;
    let own = person.is_some_and(|person| person.uuid() == row.person_id);
    if !own && !context.caller.coordinates(row.organiser_id.into()) {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    Ok(Reply::ok(&History {
        entries: history::list(connection, id.uuid()).await?,
        links: Links::to_self(context.href(format!("certificates/{id}/history"))),
    })?)
}

/// Takes one edge of a certificate, once for an idempotency key; what was issued by it is
/// answered as made.
async fn step(
    state: &State,
    id: CertificateId,
    command: Command<Reason>,
    edge: &str,
    work: impl AsyncFnOnce(
        &mut Change,
        entity::Model,
        &Reason,
    ) -> Result<(entity::Model, BTreeMap<uuid::Uuid, String>), Problem>,
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
            known(change.tx(), &context, id).await?;
            let row = store::lock(change, id.uuid()).await?;
            let row = row.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
            expected.check(row.version)?;
            let case = view::case(&row, &context)?;
            transition::judge(&EDGES, edge, &case, context.language)?;
            let before = row.id;
            let (row, reasons) = work(change, row, &body).await?;
            let origin = state.core.public_url.as_str();
            let certificate = view::wire(&row, &reasons, (origin, &context))?;
            let answer = if row.id == before {
                Answer::ok(&certificate)?
            } else {
                Answer::created(certificate.links.own(), &certificate)?
            };
            Ok(answer.version(row.version))
        },
    );
    Ok(answer.await?.into())
}

/// A certificate that the caller may know.
pub(super) async fn known(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: CertificateId,
) -> Result<entity::Model, Problem> {
    let found = store::find(connection, &context.caller, id).await?;
    found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}
