//! Sorts of messages that somebody has turned off, by address: whoever reads mail has an address,
//! and not always an account.

use super::{entity as message, kinds};
use crate::people::model::email_key;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    sea_query::OnConflict,
};
use shared_database::{Change, DatabaseError};
use std::collections::HashSet;

/// What was turned off.
pub mod entity {
    use sea_orm::entity::prelude::*;

    /// The row.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "mail_refusals")]
    pub struct Model {
        /// The address, as it is compared.
        #[sea_orm(primary_key, auto_increment = false)]
        pub email_key: String,
        /// The sort.
        #[sea_orm(primary_key, auto_increment = false)]
        pub sort: String,
        /// When.
        pub refused_at: ChronoDateTimeUtc,
    }

    /// Joins are written where they are needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// What these addresses have turned off.
pub async fn of_addresses(
    connection: &impl ConnectionTrait,
    keys: impl IntoIterator<Item = String>,
) -> Result<HashSet<(String, String)>, DatabaseError> {
    let rows = entity::Entity::find()
        .filter(entity::Column::EmailKey.is_in(keys))
        .all(connection)
        .await?;
    Ok(rows
        .into_iter()
        .map(|row| (row.email_key, row.sort))
        .collect())
}

/// Turns a sort off or on for the address of a message; doing it again changes nothing.
pub async fn set(
    change: &Change,
    message: &message::Model,
    sort: kinds::Sort,
    is_wanted: bool,
) -> Result<(), DatabaseError> {
    let key = email_key(&message.recipient_email);
    if is_wanted {
        entity::Entity::delete_by_id((key, sort.word().to_owned()))
            .exec(change.tx())
            .await?;
        return Ok(());
    }
    let row = entity::Model {
        email_key: key,
        sort: sort.word().to_owned(),
        refused_at: change.actor.at,
    };
    entity::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(change.tx())
        .await?;
    Ok(())
}

/// Forgets what was turned off for an address.
pub async fn forget(
    connection: &impl ConnectionTrait,
    email_key: &str,
) -> Result<(), DatabaseError> {
    entity::Entity::delete_many()
        .filter(entity::Column::EmailKey.eq(email_key))
        .exec(connection)
        .await?;
    Ok(())
}
