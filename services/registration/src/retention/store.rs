//! Queries of rules.

use super::{
    entity,
    model::{KINDS, usual_days},
};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::registration::privacy::RetentionKind;

/// A rule as it counts now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rule {
    /// What.
    pub kind: RetentionKind,
    /// For how many days.
    pub days: i32,
    /// Which state of the rule this is.
    pub version: i32,
}

/// A rule for each kind.
pub async fn all(connection: &impl ConnectionTrait) -> Result<Vec<Rule>, DatabaseError> {
    let changed = entity::Entity::find().all(connection).await?;
    let rule = |kind| {
        let name = column::text(kind);
        let own = changed.iter().find(|row| row.kind == name);
        Rule {
            kind,
            days: own.map_or_else(|| usual_days(kind), |row| row.days),
            version: own.map_or(1, |row| row.version),
        }
    };
    Ok(KINDS.map(rule).into())
}

/// The rule of a kind.
pub async fn find(
    connection: &impl ConnectionTrait,
    kind: RetentionKind,
) -> Result<Rule, DatabaseError> {
    let all = all(connection).await?;
    let usual = Rule {
        kind,
        days: usual_days(kind),
        version: 1,
    };
    Ok(all
        .into_iter()
        .find(|rule| rule.kind == kind)
        .unwrap_or(usual))
}

/// Changes for how many days a kind is kept.
pub async fn set(change: &Change, before: Rule, days: i32) -> Result<Rule, DatabaseError> {
    let row = entity::Model {
        kind: column::text(before.kind),
        days,
        version: before.version + 1,
    };
    if before.version == 1 {
        row::insert::<entity::Entity>(change.tx(), row).await?;
    } else {
        row::update::<entity::Entity>(change.tx(), row).await?;
    }
    Ok(Rule {
        days,
        version: before.version + 1,
        ..before
    })
}
