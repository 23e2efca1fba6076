//! The newest version of a fact wins, whatever the order of arrival.

use sea_orm::{
    EntityTrait, IdenStatic as _, IntoActiveModel, Iterable as _,
    sea_query::{Alias, Expr, ExprTrait as _, OnConflict},
};
use shared_database::{Change, DatabaseError};

/// Keeps a row unless a newer version of it is there. The table has the columns `id` and
/// `version`, as every table of this crate has.
pub async fn newest<E>(change: &Change, row: E::Model) -> Result<(), DatabaseError>
where
    E: EntityTrait,
    E::Model: IntoActiveModel<E::ActiveModel>,
{
    let others = E::Column::iter().filter(|column| column.as_str() != "id");
    let (known, offered) = (E::default().table_name(), "excluded");
    let version = |table| Expr::col((Alias::new(table), Alias::new("version")));
    let mut conflict = OnConflict::column(Alias::new("id"));
    conflict
        .update_columns(others)
        .action_and_where(version(known).lte(version(offered)));
    E::insert(row.into_active_model())
        .on_conflict(conflict)
        .exec_without_returning(change.tx())
        .await?;
    Ok(())
}

/// Finders by id, alike for everything that is known.
macro_rules! finders {
    ($id:ty) => {
        /// One by its id.
        pub async fn find(
            connection: &impl ConnectionTrait,
            id: $id,
        ) -> Result<Option<Model>, DatabaseError> {
            Ok(Entity::find_by_id(id.uuid()).one(connection).await?)
        }

        /// Many by their ids; what is not known is missing.
        pub async fn find_all(
            connection: &impl ConnectionTrait,
            ids: impl IntoIterator<Item = Uuid>,
        ) -> Result<std::collections::HashMap<Uuid, Model>, DatabaseError> {
            use sea_orm::QueryFilter as _;
            let rows = Entity::find().filter(Column::Id.is_in(ids));
            let rows = rows.all(connection).await?;
            Ok(rows.into_iter().map(|row| (row.id, row)).collect())
        }
    };
}

pub(crate) use finders;
