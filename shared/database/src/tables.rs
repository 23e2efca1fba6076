//! The tables that every service's database has.

/// History: one row a change, never changed. Texts stand apart, so that they can be erased.
pub mod changes {
    use sea_orm::entity::prelude::*;

    /// One change.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "changes")]
    pub struct Model {
        /// Id, in order of time.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// When.
        pub at: ChronoDateTimeUtc,
        /// Kind of the thing, such as `application`.
        pub kind: String,
        /// Id of the thing.
        pub thing_id: Uuid,
        /// What happened.
        pub edge: String,
        /// Who did it.
        pub actor: String,
        /// On whose behalf.
        pub on_behalf_of: Option<Uuid>,
        /// SHA-256 of the reason's text, in hex.
        pub reason_digest: Option<String>,
    }

    /// No relations: the history outlives what it tells of.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Texts of the history.
pub mod change_reasons {
    use sea_orm::entity::prelude::*;

    /// The reason of one change.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "change_reasons")]
    pub struct Model {
        /// The change.
        #[sea_orm(primary_key, auto_increment = false)]
        pub change_id: Uuid,
        /// The text.
        pub reason: String,
    }

    /// No relations: texts may be erased.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Seals of the history: each over a batch of changes, and over the seal before it.
pub mod seals {
    use sea_orm::entity::prelude::*;

    /// One seal.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "seals")]
    pub struct Model {
        /// Its number, from 1 without gaps.
        #[sea_orm(primary_key, auto_increment = false)]
        pub number: i64,
        /// Place of the first change that it holds.
        pub first_position: i64,
        /// Place of the last.
        pub last_position: i64,
        /// Digest of these changes' digests, in order.
        pub digest: String,
        /// Hash of the seal before; empty in the first.
        pub previous: String,
        /// Hash of all of the above and the time.
        pub hash: String,
        /// When.
        pub sealed_at: ChronoDateTimeUtc,
    }

    /// No relations.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Which change stands where in the sealed history.
pub mod sealed_changes {
    use sea_orm::entity::prelude::*;

    /// The place of one change.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "sealed_changes")]
    pub struct Model {
        /// Its place, from 1 without gaps; given once it is committed.
        #[sea_orm(primary_key, auto_increment = false)]
        pub position: i64,
        /// The change.
        pub change_id: Uuid,
        /// The seal that holds it.
        pub seal: i64,
        /// Digest of the change.
        pub digest: String,
    }

    /// No relations.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Changes that wait to be sealed.
pub mod unsealed_changes {
    use sea_orm::entity::prelude::*;

    /// One that waits.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "unsealed_changes")]
    pub struct Model {
        /// The change.
        #[sea_orm(primary_key, auto_increment = false)]
        pub change_id: Uuid,
    }

    /// No relations.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Events on their way out.
pub mod outbox {
    use sea_orm::entity::prelude::*;

    /// One event.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "outbox")]
    pub struct Model {
        /// The event's id.
        #[sea_orm(primary_key, auto_increment = false)]
        pub id: Uuid,
        /// What it happened to: delivered in order.
        pub subject: String,
        /// What happened.
        pub kind: String,
        /// When.
        pub at: ChronoDateTimeUtc,
        /// Trace of the request.
        pub trace: Option<String>,
        /// The fact.
        pub data: Json,
        /// Whether a delivery row exists for every subscriber.
        pub fanned_out: bool,
        /// Its place in the feed, given once it is committed.
        pub position: Option<i64>,
        /// The organiser that it concerns.
        pub organiser_id: Option<Uuid>,
        /// The organisation that it concerns.
        pub organisation_id: Option<Uuid>,
    }

    /// No relations.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}

/// Answers to requests that may be repeated.
pub mod idempotency {
    use sea_orm::entity::prelude::*;

    /// One answered request.
    #[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
    #[sea_orm(table_name = "idempotency")]
    pub struct Model {
        /// Who asked.
        #[sea_orm(primary_key, auto_increment = false)]
        pub subject: String,
        /// Which operation.
        #[sea_orm(primary_key, auto_increment = false)]
        pub operation: String,
        /// Under which key.
        #[sea_orm(primary_key, auto_increment = false)]
        pub key: String,
        /// What was asked.
        pub fingerprint: String,
        /// Status of the answer.
        pub status: i32,
        /// Address of what was made.
        pub location: Option<String>,
        /// Version of what was answered.
        pub version: Option<i32>,
        /// The answer.
        pub body: Json,
        /// When the answer may be forgotten, by the system clock.
        pub expires_at: i64,
    }

    /// No relations.
    #[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
    pub enum Relation {}

    impl ActiveModelBehavior for ActiveModel {}
}
