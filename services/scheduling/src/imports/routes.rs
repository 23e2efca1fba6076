//! Operations of imports.

use crate::State;
use actix_web::{
    get, post,
    web::{Data, Path},
};
use shared_imports::desk::{self, Order};
use shared_types::{
    ImportId, OrganisationId, Problem, codes,
    imports::{
        Import, ImportKind, ImportLines, ImportMode, ImportObjects, ImportPage, ImportRowPage,
        ImportTable, RowOutcome,
    },
};
use shared_web::{Context, Outcome, PageParameters, Query, Upload};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(create_scheduling_import)
        .service(list_scheduling_imports)
        .service(get_scheduling_import)
        .service(list_scheduling_import_rows);
}

/// Hand in a file of venues
///
/// For the organiser's coordinators; it is judged when the file comes. The answer is 202 as soon
/// as the file is read, and its address tells how far it is. A venue is known by the column `key`:
/// handing in the same file again changes nothing. A column that the file does not have leaves
/// venues as they are, an empty cell takes a text away. One import is worked off at a time for an
/// organiser.
#[utoipa::path(
    tag = "imports",
    params(
        ("mode" = inline(ImportMode), Query, description = "What is done with its rows."),
        ("organisationId" = OrganisationId, Query, description = "The organiser that keeps the venues.")
    ),
    request_body(content((ImportTable = "text/csv"), (ImportObjects = "application/json"), (ImportLines = "application/x-ndjson"))),
    responses((status = 202, description = "The import, which is worked off from now on.", body = Import))
)]
#[post("/imports")]
async fn create_scheduling_import(state: Data<State>, query: Query, upload: Upload) -> Outcome {
    let missing = || Problem::internal("an import without its parameters");
    let mode = query.get("mode").ok_or_else(missing)?;
    let organiser: OrganisationId = query.get("organisationId").ok_or_else(missing)?;
    if !upload.context.caller.coordinates(organiser) {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let order = Order {
        kind: ImportKind::Venues,
        mode,
        organisation: organiser.uuid(),
        owner: organiser.uuid(),
    };
    Ok(desk::receive(state.get_ref(), upload, order).await?)
}

/// List imports
///
/// Those of the organisers that the caller coordinates.
#[utoipa::path(tag = "imports", params(PageParameters), responses((status = 200, description = "A page of imports.", body = ImportPage)))]
#[get("/imports")]
async fn list_scheduling_imports(state: Data<State>, context: Context, query: Query) -> Outcome {
    Ok(desk::list(state.get_ref(), &context, &query).await?)
}

/// Get an import
///
/// How far it is, for the organiser's coordinators.
#[utoipa::path(tag = "imports", params(("importId" = ImportId, Path, description = "The import.")), responses((status = 200, description = "The import.", body = Import)))]
#[get("/imports/{importId}")]
async fn get_scheduling_import(
    state: Data<State>,
    context: Context,
    id: Path<ImportId>,
) -> Outcome {
    Ok(desk::show(state.get_ref(), &context, *id).await?)
}

/// List the rows of an import
///
/// The report, in the order of the file: what became of each row, or would become of it, and why
/// not. For the organiser's coordinators. Forgotten thirty days after the import ended.
#[utoipa::path(
    tag = "imports",
    params(
        ("importId" = ImportId, Path, description = "The import."),
        PageParameters,
        ("outcome" = inline(Option<RowOutcome>), Query, description = "Only rows of which this became.")
    ),
    responses((status = 200, description = "A page of the report.", body = ImportRowPage))
)]
#[get("/imports/{importId}/rows")]
async fn list_scheduling_import_rows(
    state: Data<State>,
    context: Context,
    id: Path<ImportId>,
    query: Query,
) -> Outcome {
    Ok(desk::report(state.get_ref(), &context, *id, &query).await?)
}
