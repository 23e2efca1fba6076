//! Operations of a pair's agreement.

use super::{
    desk::{self, AGREEMENT, Desk},
    entity, store,
};
use crate::State;
use actix_web::{
    get, put,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use shared_database::Change;
use shared_types::{
    Links, PairId, PairNoteId, Problem,
    mentorship::{
        codes::AGREEMENT_MISSING,
        work::{Agreement, NewAgreement},
    },
};
use shared_web::{Command, Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_agreement).service(replace_agreement);
}

/// Read a pair's agreement
///
/// For the two alone.
#[utoipa::path(tag = "work", params(("pairId" = PairId, Path, description = "The pair.")), responses((status = 200, description = "The agreement.", body = Agreement)))]
#[get("/pairs/{pairId}/agreement")]
async fn get_agreement(state: Data<State>, context: Context, id: Path<PairId>) -> Outcome {
    let connection = state.database.read();
    let desk = desk::read(&state, connection, &context, *id).await?;
    let row = find(connection, &desk).await?;
    let row = row.ok_or_else(|| Problem::of(&AGREEMENT_MISSING))?;
    Ok(Reply::resource(&wire(&desk, &row, &context)?, row.version)?)
}

/// Agree on how to work together
///
/// For the two alone: it replaces what was agreed before. The answer to this request is never
/// kept.
#[utoipa::path(tag = "work", params(("pairId" = PairId, Path, description = "The pair.")), request_body = NewAgreement, responses((status = 200, description = "The agreement.", body = Agreement)))]
#[put("/pairs/{pairId}/agreement")]
async fn replace_agreement(
    state: Data<State>,
    id: Path<PairId>,
    command: Command<NewAgreement>,
) -> Outcome {
    // Not `answer`: it would keep what was agreed with the answer.
    let Command {
        context,
        expected,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let desk = desk::write(&state, change, &context, *id).await?;
        let row = if let Some(row) = find(change.tx(), &desk).await? {
            expected.check(row.version)?;
            desk.replace(change, row, &body).await?
        } else {
            let id = PairNoteId::new().uuid();
            desk.add(change, (id, AGREEMENT), &body, None).await?
        };
        let version = row.version;
        Ok::<_, Problem>((wire(&desk, &row, &context)?, version))
    };
    let (agreement, version) = state.database.change(context.actor(), work).await?;
    Ok(Reply::resource(&agreement, version)?)
}

/// The agreement of a desk's pair.
pub(super) async fn find(
    connection: &impl ConnectionTrait,
    desk: &Desk,
) -> Result<Option<entity::Model>, Problem> {
    let rows = store::first(connection, (desk.pair.id, AGREEMENT), 1).await?;
    Ok(rows.into_iter().next())
}

pub(super) fn wire(
    desk: &Desk,
    row: &entity::Model,
    context: &Context,
) -> Result<Agreement, Problem> {
    let body: NewAgreement = desk.open(row.id, &row.body)?;
    let pair = context.href(format!("pairs/{}", row.pair_id));
    Ok(Agreement {
        pair_id: row.pair_id.into(),
        meeting_days: body.meeting_days,
        text: body.text,
        author_id: row.author_id.into(),
        modified_at: row.modified_at,
        links: Links::to_self(format!("{pair}/agreement")).with("pair", "GET", pair),
    })
}
