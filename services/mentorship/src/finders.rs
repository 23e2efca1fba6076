//! What the stores of several features do alike with one row.

/// One by its id: as far as a caller may know it, by the store's own `scoped`; whoever asks; and
/// kept from others until the change ends.
macro_rules! finders {
    ($id:ty) => {
        /// One that the caller may know.
        pub async fn find(
            connection: &impl sea_orm::ConnectionTrait,
            caller: &shared_types::Caller,
            id: $id,
        ) -> Result<Option<entity::Model>, shared_database::DatabaseError> {
            use sea_orm::{ColumnTrait as _, QueryFilter as _};
            let found = scoped(caller).filter(entity::Column::Id.eq(id.uuid()));
            Ok(found.one(connection).await?)
        }

        crate::finders!();
    };
    () => {
        /// One by its id, whoever asks.
        pub async fn find_any(
            connection: &impl sea_orm::ConnectionTrait,
            id: uuid::Uuid,
        ) -> Result<Option<entity::Model>, shared_database::DatabaseError> {
            use sea_orm::EntityTrait as _;
            Ok(entity::Entity::find_by_id(id).one(connection).await?)
        }

        /// One by its id, whoever asks, kept from others until the change ends.
        pub async fn lock(
            change: &shared_database::Change,
            id: uuid::Uuid,
        ) -> Result<Option<entity::Model>, shared_database::DatabaseError> {
            use sea_orm::{EntityTrait as _, QuerySelect as _};
            // SQLite has one writer at a time, and no word for it.
            let select = entity::Entity::find_by_id(id).lock_exclusive();
            Ok(select.one(change.tx()).await?)
        }
    };
}

/// Saves a changed row as its next version, of now.
macro_rules! versions {
    () => {
        /// Saves a changed row as its next version.
        pub async fn save(
            change: &shared_database::Change,
            mut row: entity::Model,
        ) -> Result<entity::Model, shared_database::DatabaseError> {
            row.version += 1;
            row.modified_at = change.actor.at;
            shared_database::row::update::<entity::Entity>(change.tx(), row).await
        }
    };
}

pub(crate) use {finders, versions};
