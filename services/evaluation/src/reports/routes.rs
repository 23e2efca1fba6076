//! Operations of reports.

use super::{
    comparison, entity, link_entity,
    links::{self, Opens},
    municipalities, participants, rounds, source, store,
    view::{self, Depth, Words},
};
use crate::State;
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, QueryFilter as _, QueryOrder as _};
use serde::Deserialize;
use shared_database::{Change, DatabaseError, page};
use shared_types::{
    Answer, ApplicationId, InstrumentId, Links, OrganisationId, Problem, RoundId, SurveyId, codes,
    evaluation::{
        codes::REPORT_NOT_READY,
        reports::{
            Comparison, MunicipalityReport, ParticipantReport, ReportLink, ReportSummaryPage,
            RoundReport, SurveyReport,
        },
    },
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_reports)
        .service(get_survey_report)
        .service(get_comparison)
        .service(get_round_report)
        .service(share_round_report)
        .service(get_municipality_report)
        .service(share_municipality_report)
        .service(get_participation_report)
        .service(share_participation_report);
}

/// Which reports are listed.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declares the parameters; `Query` reads them")]
struct ReportFilter {
    /// Only those of this round.
    round_id: Option<RoundId>,
    /// Only those that were asked with this instrument.
    instrument_id: Option<InstrumentId>,
}

/// List reports
///
/// The frozen reports of closed surveys, for coordinators and evaluators of their organiser.
#[utoipa::path(tag = "reports", params(ReportFilter, PageParameters), responses((status = 200, description = "A page of closed surveys' reports.", body = ReportSummaryPage)))]
#[get("/reports")]
async fn list_reports(state: Data<State>, context: Context, query: Query) -> Outcome {
    let connection = state.database.read();
    let mut select = store::scoped(&context.caller);
    if let Some(round) = query.get::<RoundId>("roundId") {
        select = select.filter(entity::Column::RoundId.eq(round.uuid()));
    }
    if let Some(instrument) = query.get::<InstrumentId>("instrumentId") {
        select = select.filter(entity::Column::InstrumentId.eq(instrument.uuid()));
    }
    let slice = page::read(connection, select, entity::Column::SurveyId, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.iter().map(|row| view::summary(row, &context));
    Ok(Reply::ok(&ReportSummaryPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Get a survey's report
///
/// What may be shown of the answers, for coordinators and evaluators of the organiser. It was made
/// when the survey closed and never changes; before that there is none. No number in it, and none
/// that can be computed from it, is about fewer than five people.
#[utoipa::path(tag = "reports", params(("surveyId" = SurveyId, Path, description = "The survey.")), responses((status = 200, description = "The report.", body = SurveyReport)))]
#[get("/surveys/{surveyId}/report")]
async fn get_survey_report(state: Data<State>, context: Context, id: Path<SurveyId>) -> Outcome {
    let connection = state.database.read();
    let survey = source::survey(connection, *id).await?;
    let survey = survey.filter(|survey| store::reads(&context.caller, survey.organiser_id));
    survey.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let row = store::find(connection, *id).await?;
    let row = row.ok_or_else(|| Problem::of(&REPORT_NOT_READY))?;
    let mut words = Words::default();
    let report = view::survey(connection, &mut words, row, Depth::Whole, &context).await?;
    Ok(Reply::resource(&report, 1)?)
}

/// Which version is compared.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declares the parameter; `Query` reads it")]
struct ComparisonFilter {
    /// The instrument's version; without it, the latest that has a report.
    #[param(minimum = 1, maximum = 2_147_483_647, example = 1)]
    version: Option<i32>,
}

/// Compare rounds
///
/// The questions with numbers for answers, over all closed surveys with one version of an
/// instrument, for coordinators and evaluators of the organiser. It is made of the surveys' own
/// reports and shows nothing that they do not.
#[utoipa::path(tag = "reports", params(("instrumentId" = InstrumentId, Path, description = "The instrument."), ComparisonFilter), responses((status = 200, description = "The comparison.", body = Comparison)))]
#[get("/instruments/{instrumentId}/comparison")]
async fn get_comparison(
    state: Data<State>,
    context: Context,
    id: Path<InstrumentId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let latest = store::scoped(&context.caller)
        .filter(entity::Column::InstrumentId.eq(id.uuid()))
        .order_by_desc(entity::Column::InstrumentVersion)
        .one(connection)
        .await
        .map_err(DatabaseError::from)?;
    let latest = latest.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let version = query.get("version").unwrap_or(latest.instrument_version);
    let mut words = Words::default();
    let known = store::scoped(&context.caller)
        .filter(entity::Column::InstrumentId.eq(id.uuid()))
        .filter(entity::Column::InstrumentVersion.eq(version))
        .one(connection)
        .await
        .map_err(DatabaseError::from)?;
    known.ok_or_else(|| Problem::of(&codes::NOT_FOUND))?;
    let asked = words.of(connection, id.uuid(), version).await?;
    let of = (*id, version);
    let (count, questions) = comparison::compare(connection, &context.caller, of, &asked).await?;
    let own = context.href(format!("instruments/{id}/comparison?version={version}"));
    Ok(Reply::ok(&Comparison {
        instrument_id: *id,
        instrument_version: version,
        surveys_count: count,
        questions,
        links: Links::to_self(own),
    })?)
}

/// Get a round's report
///
/// What the round led to, for coordinators and evaluators of its organiser: who took part, its
/// surveys, what changed, and the participants' network.
#[utoipa::path(tag = "reports", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The report.", body = RoundReport)))]
#[get("/rounds/{roundId}/report")]
async fn get_round_report(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let connection = state.database.read();
    let round = rounds::known(connection, &context, *id).await?;
    Ok(Reply::ok(
        &rounds::report(connection, &context, round).await?.report,
    )?)
}

/// Share a round's report
///
/// For coordinators and evaluators of its organiser: an address under which the board reads and
/// prints it without an account, for 90 days. It stands in this answer alone; repeating the request
/// with its Idempotency-Key makes no second one, and the answer then lacks the address.
#[utoipa::path(tag = "reports", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 201, description = "The address.", body = ReportLink)))]
#[post("/rounds/{roundId}/report/links")]
async fn share_round_report(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NoBody>,
) -> Outcome {
    let href = command.context.href(format!("rounds/{id}/report"));
    let is_known = async |change: &Change| {
        rounds::known(change.tx(), &command.context, *id)
            .await
            .map(drop)
    };
    share(&state, &command, (Opens::Round, id.uuid(), href), is_known).await
}

/// Get a municipality's report
///
/// What the programmes led to, for the municipality's director: who of it takes part, what all of
/// its rounds answered together, and what its own people answered once enough have.
#[utoipa::path(tag = "reports", params(("organisationId" = OrganisationId, Path, description = "The municipality.")), responses((status = 200, description = "The report.", body = MunicipalityReport)))]
#[get("/municipalities/{organisationId}/report")]
async fn get_municipality_report(
    state: Data<State>,
    context: Context,
    id: Path<OrganisationId>,
) -> Outcome {
    let connection = state.database.read();
    let municipality = municipalities::known(connection, &context, *id).await?;
    Ok(Reply::ok(
        &municipalities::report(connection, &context, municipality).await?,
    )?)
}

/// Share a municipality's report
///
/// For its director: an address under which it is read and printed without an account, for 90 days.
/// It stands in this answer alone; repeating the request with its Idempotency-Key makes no second
/// one, and the answer then lacks the address.
#[utoipa::path(tag = "reports", params(("organisationId" = OrganisationId, Path, description = "The municipality.")), responses((status = 201, description = "The address.", body = ReportLink)))]
#[post("/municipalities/{organisationId}/report/links")]
async fn share_municipality_report(
    state: Data<State>,
    id: Path<OrganisationId>,
    command: Command<NoBody>,
) -> Outcome {
    let href = command.context.href(format!("municipalities/{id}/report"));
    let is_known = async |change: &Change| {
        municipalities::known(change.tx(), &command.context, *id)
            .await
            .map(drop)
    };
    share(
        &state,
        &command,
        (Opens::Municipality, id.uuid(), href),
        is_known,
    )
    .await
}

/// Get one's own report
///
/// What the round led to, for the participant: what all answered together, and what changed.
#[utoipa::path(tag = "reports", params(("applicationId" = ApplicationId, Path, description = "The participation.")), responses((status = 200, description = "The report.", body = ParticipantReport)))]
#[get("/participations/{applicationId}/report")]
async fn get_participation_report(
    state: Data<State>,
    context: Context,
    id: Path<ApplicationId>,
) -> Outcome {
    let connection = state.database.read();
    let part = participants::known(connection, &context, *id).await?;
    Ok(Reply::ok(
        &participants::report(connection, &context, part).await?,
    )?)
}

/// Share one's own report
///
/// For the participant: an address under which it is read and printed without an account, for 90
/// days. It stands in this answer alone; repeating the request with its Idempotency-Key makes no
/// second one, and the answer then lacks the address.
#[utoipa::path(tag = "reports", params(("applicationId" = ApplicationId, Path, description = "The participation.")), responses((status = 201, description = "The address.", body = ReportLink)))]
#[post("/participations/{applicationId}/report/links")]
async fn share_participation_report(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<NoBody>,
) -> Outcome {
    let href = command.context.href(format!("participations/{id}/report"));
    let is_known = async |change: &Change| {
        participants::known(change.tx(), &command.context, *id)
            .await
            .map(drop)
    };
    share(
        &state,
        &command,
        (Opens::Participation, id.uuid(), href),
        is_known,
    )
    .await
}

/// Makes an address of a report that the caller reads.
pub(crate) async fn share(
    state: &State,
    command: &Command<NoBody>,
    (opens, thing, href): (Opens, Uuid, String),
    is_known: impl AsyncFn(&Change) -> Result<(), Problem>,
) -> Outcome {
    let context = &command.context;
    let mut made: Option<link_entity::Model> = None;
    let work = async |change: &mut Change| {
        is_known(change).await?;
        let link = links::make(change, opens, thing, context.now.date_naive()).await?;
        // What is kept for repeated requests must not hold the address.
        let answer = ReportLink {
            address: None,
            open_until: link.open_until,
            links: Links::default().with("report", "GET", href.clone()),
        };
        made = Some(link);
        Answer::created(&href, &answer)
    };
    let answer = state
        .database
        .answer(context.actor(), command.claim.as_ref(), work)
        .await;
    let mut answer = answer?;
    if let (Some(link), Some(body)) = (made, answer.body.as_object_mut()) {
        body.insert(
            "address".to_owned(),
            links::address(state, context, &link).into(),
        );
    }
    Ok(answer.into())
}
