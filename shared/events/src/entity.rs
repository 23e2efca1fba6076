//! The rows that only relay and inbox know.

/// Events on their way to one subscriber.
pub(crate) mod deliveries {
    use sea_orm::entity::prelude::*;

    /// One event for one subscriber, until it is delivered.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox_deliveries")]
    pub(crate) struct Model {
        /// The event.
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) event_id: Uuid,
        /// Who gets it.
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) subscriber: String,
        /// The event's subject.
        pub(crate) subject: String,
        /// Attempts that failed.
        pub(crate) attempts: i32,
        /// Not before this (system clock, milliseconds since 1970); also the end of a lease.
        pub(crate) next_attempt_at: i64,
        /// Why the last attempt failed.
        pub(crate) last_error: Option<String>,
    }

    /// No relations: the event is found by its id.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Events that were applied.
pub(crate) mod inbox {
    use sea_orm::entity::prelude::*;

    /// One applied event.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "inbox")]
    pub(crate) struct Model {
        /// The event.
        #[sea_orm(primary_key, auto_increment = false)]
        pub(crate) event_id: Uuid,
        /// When (system clock, seconds since 1970).
        pub(crate) received_at: i64,
    }

    /// No relations: the event itself is not kept.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub(crate) enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
