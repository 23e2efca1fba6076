//! Operations of key figures.

use super::{entity, store};
use crate::State;
use actix_web::{
    get,
    web::{Data, Path},
};
use shared_database::column;
use shared_projections::organisations;
use shared_types::{
    Links, OrganisationId, Problem, codes,
    mentorship::{
        challenges::KeyFigureId,
        key_figures::{KeyFigure, KeyFigures},
    },
};
use shared_web::{Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// Figures that are shown at most.
const MOST: u64 = 1000;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(list_key_figures);
}

/// List a municipality's key figures
///
/// For every known caller, since it is open data: with year and source, and whether a figure is
/// but a sample.
#[utoipa::path(tag = "key-figures", params(("municipalityId" = OrganisationId, Path, description = "The municipality.")), responses((status = 200, description = "The figures.", body = KeyFigures)))]
#[get("/municipalities/{municipalityId}/key-figures")]
async fn list_key_figures(
    state: Data<State>,
    context: Context,
    id: Path<OrganisationId>,
) -> Outcome {
    let connection = state.database.read();
    let missing = || Problem::of(&codes::NOT_FOUND);
    let municipality = organisations::find(connection, *id).await?;
    let municipality = municipality.ok_or_else(missing)?;
    let rows = match municipality.official_code {
        Some(code) => store::of_municipality(connection, &code, MOST).await?,
        None => Vec::new(),
    };
    let items = rows.into_iter().map(wire).collect::<Result<_, Problem>>()?;
    let href = context.href(format!("municipalities/{id}/key-figures"));
    Ok(Reply::ok(&KeyFigures {
        items,
        links: Links::to_self(href),
    })?)
}

fn wire(row: entity::Model) -> Result<KeyFigure, Problem> {
    Ok(KeyFigure {
        id: KeyFigureId(row.figure),
        title: row.title,
        municipality_code: row.municipality_code,
        year: row.year,
        group: column::parse(&row.of_group)?,
        value: row.value,
        source: row.source,
        sample: row.sample,
        read_at: row.read_at,
    })
}
