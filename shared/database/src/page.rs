//! Pages by keyset: every page costs the same, and a row is visited once.

use crate::{Database, DatabaseError};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, DatabaseBackend, EntityTrait, ExprTrait as _,
    FromQueryResult, ModelTrait, Order, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, Select, Statement, Value,
    sea_query::{Alias, Expr, IntoIden as _},
};
use shared_types::{
    PageMeta, Problem, codes,
    page::{Cursor, DEEPEST_ROW, PageRequest, Slice, SortKey},
};
use uuid::Uuid;

/// Name under which the sort key is read.
const KEY: &str = "sort_key";

/// A row with its place in the list.
struct Placed<M> {
    row: M,
    key: Option<String>,
    id: Uuid,
}

/// Reads one page of `select`, in the order that the request names; ties are broken by `id`.
pub async fn read<E, C>(
    connection: &C,
    select: Select<E>,
    id: E::Column,
    request: &PageRequest,
) -> Result<Slice<E::Model>, Problem>
where
    E: EntityTrait,
    E::Model: FromQueryResult + ModelTrait<Entity = E> + Send + Sync,
    C: ConnectionTrait,
{
    read_any(connection, select, Vec::new(), id, request).await
}

/// Reads one page of `whole`, which is what its `parts` find together. Each part is asked for
/// itself: databases walk an index in order for one reason why a row is seen, not for several.
pub async fn read_any<E, C>(
    connection: &C,
    whole: Select<E>,
    parts: Vec<Select<E>>,
    id: E::Column,
    request: &PageRequest,
) -> Result<Slice<E::Model>, Problem>
where
    E: EntityTrait,
    E::Model: FromQueryResult + ModelTrait<Entity = E> + Send + Sync,
    C: ConnectionTrait,
{
    let whole = changed(connection, whole, request)?;
    let total = match &request.cursor {
        Some(cursor) => cursor.total,
        None => count(connection, whole.clone()).await?,
    };
    let rows = if request.cursor.is_none() && request.number > 1 {
        let select = whole.offset(offset(request)?);
        walk(connection, select, id, request).await?
    } else if parts.is_empty() || request.sort == SortKey::Name {
        // Texts are ordered by the database's collation, so lists by name are not merged here.
        walk(connection, whole, id, request).await?
    } else {
        let mut rows = Vec::new();
        for part in parts {
            let part = changed(connection, part, request)?;
            rows.extend(walk(connection, part, id, request).await?);
        }
        merged(rows, downwards(request))
    };
    Ok(slice(rows, total, request))
}

/// Reads one page of what the caller may see for any of `reasons`, narrowed to `only`. Without a
/// reason there is nothing to see.
pub async fn read_seen<E, C>(
    connection: &C,
    reasons: Vec<Condition>,
    only: Condition,
    id: E::Column,
    request: &PageRequest,
) -> Result<Slice<E::Model>, Problem>
where
    E: EntityTrait,
    E::Model: FromQueryResult + ModelTrait<Entity = E> + Send + Sync,
    C: ConnectionTrait,
{
    if reasons.is_empty() {
        return Ok(slice(Vec::new(), 0, request));
    }
    let of = |reason: Condition| E::find().filter(reason).filter(only.clone());
    let whole = of(seen(&reasons, id));
    let parts = reasons.into_iter().map(of).collect();
    read_any(connection, whole, parts, id, request).await
}

/// The condition that any of `reasons` holds; none that holds where there is no reason.
pub fn seen(reasons: &[Condition], id: impl ColumnTrait) -> Condition {
    if reasons.is_empty() {
        // An empty condition would be none at all.
        return Condition::all().add(id.is_null());
    }
    let any = Condition::any();
    reasons.iter().cloned().fold(any, Condition::add)
}

/// Whether rows are read from the largest key to the smallest.
fn downwards(request: &PageRequest) -> bool {
    request.descending != is_backwards(request)
}

fn is_backwards(request: &PageRequest) -> bool {
    request
        .cursor
        .as_ref()
        .is_some_and(|cursor| cursor.backwards)
}

/// What several parts found, in one order and each row once.
fn merged<M>(mut rows: Vec<Placed<M>>, downwards: bool) -> Vec<Placed<M>> {
    rows.sort_by(|one, other| {
        let order = (&one.key, one.id).cmp(&(&other.key, other.id));
        if downwards { order.reverse() } else { order }
    });
    rows.dedup_by_key(|row| row.id);
    rows
}

/// Cuts off what was read to know whether there is more, and says where the neighbours are.
fn slice<M>(mut rows: Vec<Placed<M>>, total: i64, request: &PageRequest) -> Slice<M> {
    let limit = usize::try_from(request.limit).unwrap_or(1);
    let backwards = is_backwards(request);
    let more = rows.len() > limit;
    rows.truncate(limit);
    if backwards {
        rows.reverse();
    }
    let cursor = |row: Option<&Placed<M>>, backwards, number| {
        row.map(|row| Cursor {
            edge: row.id,
            key: row.key.clone(),
            backwards,
            number,
            total,
            modified_until: request.modified_until,
            binding: request.binding,
        })
    };
    let has_next = backwards || more;
    let has_previous = if backwards { more } else { request.number > 1 };
    Slice {
        next: cursor(rows.last(), false, request.number + 1).filter(|_| has_next),
        previous: cursor(rows.first(), true, Ord::max(request.number - 1, 1))
            .filter(|_| has_previous),
        meta: PageMeta {
            total_records: total,
            page: request.number,
            limit: request.limit,
            count: i32::try_from(rows.len()).unwrap_or(i32::MAX),
            modified_until: request.modified_until,
        },
        items: rows.into_iter().map(|row| row.row).collect(),
    }
}

/// Only what was changed in the request's window of time.
fn changed<E: EntityTrait>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    request: &PageRequest,
) -> Result<Select<E>, Problem> {
    let Some(after) = request.modified_after else {
        return Ok(select);
    };
    let until = request
        .modified_until
        .ok_or_else(|| Problem::internal("a list of changes without an end"))?;
    let backend = connection.get_database_backend();
    let column = || key_column::<E>(SortKey::ModifiedAt);
    Ok(select
        .filter(column().gte(instant(after, backend)))
        .filter(column().lt(instant(until, backend))))
}

async fn walk<E, C>(
    connection: &C,
    select: Select<E>,
    id: E::Column,
    request: &PageRequest,
) -> Result<Vec<Placed<E::Model>>, Problem>
where
    E: EntityTrait,
    E::Model: FromQueryResult + ModelTrait<Entity = E> + Send + Sync,
    C: ConnectionTrait,
{
    let backend = connection.get_database_backend();
    let order = if downwards(request) {
        Order::Desc
    } else {
        Order::Asc
    };
    let mut query = match &request.cursor {
        Some(cursor) => select.filter(beyond(cursor, id, request, backend)?),
        None => select,
    };
    if request.sort != SortKey::Id {
        query = query
            .expr_as(key_column::<E>(request.sort), KEY)
            .order_by(key_column::<E>(request.sort), order.clone());
    }
    let limit = u64::try_from(request.limit).unwrap_or(1);
    // One row more than asked tells whether there is a further page.
    let query = query.order_by(id, order).limit(limit + 1).into_query();
    let rows = connection
        .query_all(&query)
        .await
        .map_err(DatabaseError::from)?;
    let placed = rows.iter().map(|row| {
        let key = match request.sort {
            SortKey::Id => None,
            SortKey::Name => Some(row.try_get("", KEY)?),
            SortKey::ModifiedAt => {
                let at: DateTime<Utc> = row.try_get("", KEY)?;
                Some(at.timestamp_micros().to_string())
            }
        };
        let row = E::Model::from_query_result(row, "")?;
        let id = uuid_of::<E>(&row, id);
        Ok(Placed { row, key, id })
    });
    let placed: Result<_, sea_orm::DbErr> = placed.collect();
    Ok(placed.map_err(DatabaseError::from)?)
}

/// What lies beyond a cursor, in the direction in which it is read.
fn beyond<C: ColumnTrait>(
    cursor: &Cursor,
    id: C,
    request: &PageRequest,
    backend: DatabaseBackend,
) -> Result<Expr, Problem> {
    let invalid = || Problem::of(&codes::INVALID_CURSOR);
    let id_column = || id.into_expr();
    let (place, edge) = match (request.sort, &cursor.key) {
        (SortKey::Id, None) => (id_column(), Expr::value(cursor.edge)),
        (SortKey::Id, Some(_)) | (_, None) => return Err(invalid()),
        (sort, Some(key)) => {
            let value = match sort {
                SortKey::ModifiedAt => {
                    let micros = key.parse().map_err(|_| invalid())?;
                    let at = DateTime::from_timestamp_micros(micros).ok_or_else(invalid)?;
                    instant(at, backend)
                }
                _ => key.as_str().into(),
            };
            (
                Expr::tuple([key_of::<C>(sort), id_column()]),
                Expr::tuple([Expr::value(value), Expr::value(cursor.edge)]),
            )
        }
    };
    Ok(if downwards(request) {
        place.lt(edge)
    } else {
        place.gt(edge)
    })
}

fn key_column<E: EntityTrait>(sort: SortKey) -> Expr {
    key_of::<E::Column>(sort)
}

/// The column of a sort key. The time of the last change is kept by the database itself, so the
/// entities don't have it.
fn key_of<C: ColumnTrait>(sort: SortKey) -> Expr {
    let name = match sort {
        SortKey::Id => "id",
        SortKey::Name => "name",
        SortKey::ModifiedAt => "modified_at",
    };
    Expr::col((C::EntityName::default(), Alias::new(name).into_iden()))
}

/// An instant as the column `modified_at` is compared with: SQLite keeps it as a text with
/// milliseconds.
fn instant(at: DateTime<Utc>, backend: DatabaseBackend) -> Value {
    if backend == DatabaseBackend::Sqlite {
        at.format("%Y-%m-%dT%H:%M:%S%.3f+00:00").to_string().into()
    } else {
        at.into()
    }
}

async fn count<E, C>(connection: &C, select: Select<E>) -> Result<i64, Problem>
where
    E: EntityTrait,
    E::Model: FromQueryResult + Send + Sync,
    C: ConnectionTrait,
{
    let total = select
        .count(connection)
        .await
        .map_err(DatabaseError::from)?;
    Ok(i64::try_from(total).unwrap_or(i64::MAX))
}

fn offset(request: &PageRequest) -> Result<u64, Problem> {
    let rows = i64::from(request.number - 1) * i64::from(request.limit);
    if rows >= DEEPEST_ROW {
        return Err(Problem::of(&codes::PAGE_TOO_DEEP).value("most", DEEPEST_ROW));
    }
    Ok(u64::try_from(rows).unwrap_or(0))
}

fn uuid_of<E: EntityTrait>(item: &E::Model, id: E::Column) -> Uuid
where
    E::Model: ModelTrait<Entity = E>,
{
    match item.get(id) {
        Value::Uuid(Some(uuid)) => uuid,
        _ => Uuid::nil(),
    }
}

impl Database {
    /// Fixes the end of a list of changes: the instant before which no change can appear any
    /// more. A change bears the time at which its row was written and is seen when it is
    /// committed; so whatever is still open holds the end back to its own beginning.
    pub async fn settle(&self, mut request: PageRequest) -> Result<PageRequest, Problem> {
        if request.modified_after.is_some() && request.modified_until.is_none() {
            request.modified_until = Some(self.settled_until().await?);
        }
        Ok(request)
    }

    async fn settled_until(&self) -> Result<DateTime<Utc>, DatabaseError> {
        if self.is_postgres() {
            // The activity is read before the list is, and a transaction leaves it after its
            // rows can be seen. `clock_timestamp` comes first: who begins after it is later.
            let sql = "WITH now AS MATERIALIZED (SELECT clock_timestamp() AS at) \
                       SELECT LEAST(now.at, (SELECT MIN(xact_start) FROM pg_stat_activity \
                       WHERE datid = (SELECT oid FROM pg_database WHERE datname = current_database()) \
                       AND pid <> pg_backend_pid())) AS until FROM now";
            return one_instant(self.read(), sql).await;
        }
        // With the writer's turn nobody else has an open change.
        let turn = self.begin().await?;
        let sql = "SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now') AS until";
        one_instant(turn.connection(), sql).await
    }
}

async fn one_instant(
    connection: &impl ConnectionTrait,
    sql: &str,
) -> Result<DateTime<Utc>, DatabaseError> {
    let statement = Statement::from_string(connection.get_database_backend(), sql);
    let row = connection.query_one_raw(statement).await?;
    let row = row.ok_or_else(|| DatabaseError::Corrupt("no time".to_owned()))?;
    Ok(row.try_get("", "until")?)
}
