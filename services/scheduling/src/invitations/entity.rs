//! The row of an invitation.

use sea_orm::entity::prelude::*;

/// The row.
#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "invitations")]
#[expect(
    missing_docs,
    reason = "the columns are described in the migration and by the wire type"
)]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub session_id: Uuid,
    pub round_id: Uuid,
    pub organiser_id: Uuid,
    pub person_id: Uuid,
    pub invited_as: String,
    pub office_id: Option<Uuid>,
    pub link_id: Uuid,
    pub state: String,
    pub verdict: Option<String>,
    pub comment: Option<String>,
    pub answered_at: Option<ChronoDateTimeUtc>,
    pub invited_at: ChronoDateTimeUtc,
    pub told_sequence: i32,
    /// The number that the last appointment in a mail bore.
    pub mailed_sequence: i32,
    /// The days for which an appointment was mailed and not taken back.
    pub mailed_days: Option<Json>,
    pub version: i32,
}

/// Joins are written where they are needed.
#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
