//! Pages by keyset: every page costs the same, and a row is visited once.

use crate::DatabaseError;
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, ModelTrait, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, Select,
};
use shared_types::{
    PageMeta, Problem, codes,
    page::{Cursor, DEEPEST_ROW, PageRequest, Slice},
};
use uuid::Uuid;

/// Reads one page of `select` in the order of its id column.
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
    let limit = u64::try_from(request.limit).unwrap_or(1);
    let total = match request.cursor {
        Some(cursor) => cursor.total,
        None => count(connection, select.clone()).await?,
    };
    let backwards = request.cursor.is_some_and(|cursor| cursor.backwards);
    let mut query = match request.cursor {
        Some(cursor) if backwards => select.filter(id.lt(cursor.edge)),
        Some(cursor) => select.filter(id.gt(cursor.edge)),
        None => select.offset(offset(request)?),
    };
    query = if backwards {
        query.order_by_desc(id)
    } else {
        query.order_by_asc(id)
    };
    // One row more than asked tells whether there is a further page.
    let mut items = query
        .limit(limit + 1)
        .all(connection)
        .await
        .map_err(DatabaseError::from)?;
    let more = items.len() > usize::try_from(limit).unwrap_or(usize::MAX);
    items.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
    if backwards {
        items.reverse();
    }
    let edge = |item: Option<&E::Model>| item.and_then(|item| uuid_of::<E>(item, id));
    let cursor = |edge: Option<Uuid>, backwards, number| {
        edge.map(|edge| Cursor {
            edge,
            backwards,
            number,
            total,
        })
    };
    let has_next = if backwards { true } else { more };
    let has_previous = if backwards { more } else { request.number > 1 };
    Ok(Slice {
        next: cursor(edge(items.last()), false, request.number + 1).filter(|_| has_next),
        previous: cursor(edge(items.first()), true, (request.number - 1).max(1))
            .filter(|_| has_previous),
        meta: PageMeta {
            total_records: total,
            page: request.number,
            limit: request.limit,
            count: i32::try_from(items.len()).unwrap_or(i32::MAX),
        },
        items,
    })
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

fn uuid_of<E: EntityTrait>(item: &E::Model, id: E::Column) -> Option<Uuid>
where
    E::Model: ModelTrait<Entity = E>,
{
    match item.get(id) {
        sea_orm::Value::Uuid(uuid) => uuid,
        _ => None,
    }
}
