//! What the operations of imports answer, in whichever service.

use crate::{
    KEPT_DAYS, MOST_ROWS_AT_ONCE, entity,
    intake::{self, Reading},
    row_entity, store,
    trouble::Trouble,
    work::Importer,
};
use chrono::TimeDelta;
use sea_orm::{ColumnTrait as _, QueryFilter as _};
use shared_database::{Change, DatabaseError, column, page, row};
use shared_types::{
    Answer, ImportId, Links, Problem, codes,
    imports::{
        Import, ImportFormat, ImportKind, ImportMode, ImportPage, ImportRow, ImportRowPage,
        ImportState, RowOutcome,
        codes::{IMPORT_RUNNING, IMPORT_TOO_MANY_ROWS},
    },
};
use shared_web::{Context, Query, Reply, Upload};
use uuid::Uuid;

/// What is to be done with a file.
#[derive(Clone, Copy, Debug)]
pub struct Order {
    /// What it is of.
    pub kind: ImportKind,
    /// What is done with its rows.
    pub mode: ImportMode,
    /// Whose things they are.
    pub organisation: Uuid,
    /// Within what keys are unique: the organisation, or the round.
    pub owner: Uuid,
}

/// Takes a file in: 202, and where its progress can be seen. Whether the caller may do so has
/// been judged. A file that can't be read leaves nothing.
pub async fn receive(
    importer: &impl Importer,
    mut upload: Upload,
    order: Order,
) -> Result<Reply, Problem> {
    let database = importer.database();
    let sheet = importer.sheet(order.kind);
    let reading = Reading::of(sheet, &upload.media_type, upload.charset.as_deref())?;
    let mut import = begun(&upload.context, order);
    let transaction = database.begin().await?;
    row::insert::<entity::Entity>(transaction.connection(), import.clone()).await?;
    transaction.commit().await?;
    let taken = match intake::stage(database, &mut upload, reading, &mut import).await {
        Ok(()) => accept(importer, &upload, import.clone()).await,
        Err(problem) => Err(problem),
    };
    // A repeated request is answered as the first one was, whose file is there.
    if taken.as_ref().is_ok_and(|answer| !answer.replayed) {
        return taken.map(Reply);
    }
    intake::take_back(database, import.id).await?;
    taken.map(Reply)
}

fn begun(context: &Context, order: Order) -> entity::Model {
    entity::Model {
        id: ImportId::new().uuid(),
        kind: column::text(order.kind),
        mode: column::text(order.mode),
        state: store::RECEIVING.to_owned(),
        organisation_id: order.organisation,
        owner_id: order.owner,
        format: column::text(ImportFormat::Csv),
        encoding: String::new(),
        separator: None,
        ignored_columns: column::json(&[(); 0]),
        caller: column::json(&context.caller),
        rows_count: 0,
        created_count: 0,
        changed_count: 0,
        unchanged_count: 0,
        refused_count: 0,
        pass: 0,
        decided_before: 0,
        created_at: context.now,
        ended_at: None,
        version: 0,
    }
}

/// Lets a file that was read be worked off.
async fn accept(
    importer: &impl Importer,
    upload: &Upload,
    mut import: entity::Model,
) -> Result<Answer, Problem> {
    let database = importer.database();
    let at_once = import.mode == column::text(ImportMode::AllOrNothing);
    // On PostgreSQL a long transaction keeps nobody else from writing.
    if at_once && !database.is_postgres() && import.rows_count > MOST_ROWS_AT_ONCE {
        let problem = Problem::of(&IMPORT_TOO_MANY_ROWS);
        return Err(problem.value("most", MOST_ROWS_AT_ONCE));
    }
    import.state = column::text(ImportState::Waiting);
    import.decided_before = import.refused_count;
    let claim = upload.claim()?;
    let context = &upload.context;
    let answer = database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let import = store::save(change, import).await.map_err(running)?;
            change.record("import", import.id, "import.received", None);
            let version = import.version;
            let import = wire(import, context)?;
            Ok(Answer {
                status: 202,
                ..Answer::created(import.links.own(), &import)?.version(version)
            })
        },
    );
    answer.await
}

fn running(error: DatabaseError) -> Problem {
    if error.violates("imports", "owner_id") {
        Problem::of(&IMPORT_RUNNING)
    } else {
        error.into()
    }
}

/// A page of the imports that the caller may see.
pub async fn list(
    importer: &impl Importer,
    context: &Context,
    query: &Query,
) -> Result<Reply, Problem> {
    let select = store::of_organisations(importer.seen(context).await?);
    let connection = importer.database().read();
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(context, &slice);
    let items = slice.items.into_iter().map(|row| wire(row, context));
    Reply::ok(&ImportPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })
}

/// An import.
pub async fn show(
    importer: &impl Importer,
    context: &Context,
    id: ImportId,
) -> Result<Reply, Problem> {
    let import = find(importer, context, id).await?;
    let version = import.version;
    Reply::resource(&wire(import, context)?, version)
}

/// A page of an import's report, in the order of the file.
pub async fn report(
    importer: &impl Importer,
    context: &Context,
    id: ImportId,
    query: &Query,
) -> Result<Reply, Problem> {
    let import = find(importer, context, id).await?;
    let mut select = store::rows(import.id);
    if let Some(outcome) = query.get::<RowOutcome>("outcome") {
        select = select.filter(row_entity::Column::Outcome.eq(column::text(outcome)));
    }
    let connection = importer.database().read();
    let request = query.page()?;
    let slice = page::read(connection, select, row_entity::Column::Id, &request).await?;
    let links = query.links(context, &slice);
    let items = slice.items.into_iter().map(|row| wire_row(row, context));
    Reply::ok(&ImportRowPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })
}

async fn find(
    importer: &impl Importer,
    context: &Context,
    id: ImportId,
) -> Result<entity::Model, Problem> {
    let seen = importer.seen(context).await?;
    let found = store::find(importer.database().read(), seen, id).await?;
    found.ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

fn wire(row: entity::Model, context: &Context) -> Result<Import, Problem> {
    let href = context.href(format!("imports/{}", row.id));
    let kind: ImportKind = column::parse(&row.kind)?;
    let forgotten = row.ended_at.map(|ended| ended + TimeDelta::days(KEPT_DAYS));
    Ok(Import {
        id: row.id.into(),
        kind,
        mode: column::parse(&row.mode)?,
        state: column::parse(&row.state)?,
        organisation_id: row.organisation_id.into(),
        round_id: (kind == ImportKind::Mentors).then(|| row.owner_id.into()),
        format: column::parse(&row.format)?,
        encoding: row.encoding,
        separator: row.separator,
        ignored_columns: column::from_json(row.ignored_columns)?,
        rows_count: row.rows_count,
        created_count: row.created_count,
        changed_count: row.changed_count,
        unchanged_count: row.unchanged_count,
        refused_count: row.refused_count,
        created_at: row.created_at,
        ended_at: row.ended_at,
        forgotten_on: forgotten.map(|at| at.date_naive()),
        links: Links::to_self(&href).with("rows", "GET", format!("{href}/rows")),
    })
}

fn wire_row(row: row_entity::Model, context: &Context) -> Result<ImportRow, Problem> {
    let troubles: Option<Vec<Trouble>> = row.problems.map(column::from_json).transpose()?;
    let troubles = troubles.unwrap_or_default().into_iter();
    Ok(ImportRow {
        id: row.id.into(),
        line: row.line,
        external_key: row.external_key,
        outcome: column::parse(&row.outcome)?,
        thing_id: row.thing_id,
        problems: troubles.map(|one| one.wire(context.language)).collect(),
    })
}
