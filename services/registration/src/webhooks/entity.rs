//! The rows of webhooks, their secrets and their deliveries.

use sea_orm::entity::prelude::*;

/// A webhook.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "webhooks")]
#[expect(
    missing_docs,
    reason = "the columns are the members of the wire type of the same name"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub organisation_id: Uuid,
    pub role: String,
    pub name: String,
    pub url: String,
    pub event_types: Json,
    pub contact_email: String,
    pub state: String,
    pub disabled_reason: Option<String>,
    /// Place of the last event that happened before it heard any.
    pub starts_after: i64,
    pub created_at: ChronoDateTimeUtc,
    pub created_by: String,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}

/// That a secret counts, and until when; the secret itself follows from the id.
pub mod secret {
    use sea_orm::entity::prelude::*;

    /// The row.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_secrets")]
    pub struct Model {
        /// What it is derived from.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// The webhook.
        pub webhook_id: Uuid,
        /// Until when it counts beside a newer one.
        pub ends_at: Option<ChronoDateTimeUtc>,
    }

    /// Joins are written where they are needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// One event on its way to one webhook. Its body is made of the event when it is sent, so that
/// nothing of it is kept here.
pub mod delivery {
    use sea_orm::entity::prelude::*;

    /// The row.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_deliveries")]
    #[expect(
        missing_docs,
        reason = "the columns are the members of the wire type of the same name"
    )]
    pub struct Model {
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        pub webhook_id: Uuid,
        pub event_id: Uuid,
        pub event_type: String,
        pub state: String,
        pub attempts: i32,
        /// Seconds of the system's clock.
        pub next_attempt_at: i64,
        pub outcome: Option<String>,
        pub created_at: ChronoDateTimeUtc,
        pub attempted_at: Option<ChronoDateTimeUtc>,
    }

    /// Joins are written where they are needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// How far the feed was queued.
pub mod cursor {
    use sea_orm::entity::prelude::*;

    /// The row.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "webhook_cursors")]
    pub struct Model {
        /// Always `deliveries`.
        #[sea_orm(primary_key, auto_increment = false)]
        pub name: String,
        /// Place of the last event that was queued.
        pub place: i64,
    }

    /// Joins are written where they are needed.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
