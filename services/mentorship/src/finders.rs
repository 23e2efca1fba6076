//! Finders that the stores of several features have alike.

/// A row by its id, whoever asks; and the same kept from others until the change ends.
macro_rules! finders {
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

pub(crate) use finders;
