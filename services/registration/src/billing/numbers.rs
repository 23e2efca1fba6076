//! Numbers without gaps: one row for each organiser and year, locked until the change that takes
//! a number is committed. A change that fails gives its number back by never having taken it.

use super::series_entity::{Column, Entity, Model};
use chrono::{Datelike as _, NaiveDate};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, QuerySelect as _,
    sea_query::OnConflict,
};
use shared_database::{Change, DatabaseError, row};
use shared_types::{OrganisationId, registration::billing::InvoiceKind};

/// The year whose row guards what an organiser drafts, which belongs to no year.
const NO_YEAR: i32 = 0;

/// Waits until nobody else drafts, issues or credits for the organiser.
pub async fn alone(change: &Change, organiser: OrganisationId) -> Result<(), DatabaseError> {
    lock(change, organiser, NO_YEAR).await?;
    Ok(())
}

/// The next number of the organiser's year.
pub async fn next(
    change: &Change,
    organiser: OrganisationId,
    kind: InvoiceKind,
    issued_on: NaiveDate,
) -> Result<String, DatabaseError> {
    let year = issued_on.year();
    let mut series = lock(change, organiser, year).await?;
    let number = match kind {
        InvoiceKind::Invoice => {
            series.invoices += 1;
            series.invoices
        }
        InvoiceKind::CreditNote => {
            series.credit_notes += 1;
            series.credit_notes
        }
    };
    row::update::<Entity>(change.tx(), series).await?;
    Ok(written(kind, year, number))
}

/// A number as it stands on the document.
pub fn written(kind: InvoiceKind, year: i32, number: i32) -> String {
    match kind {
        InvoiceKind::Invoice => format!("{year}-{number:05}"),
        InvoiceKind::CreditNote => format!("K{year}-{number:05}"),
    }
}

async fn lock(
    change: &Change,
    organiser: OrganisationId,
    year: i32,
) -> Result<Model, DatabaseError> {
    let first = Model {
        organiser_id: organiser.uuid(),
        year,
        invoices: 0,
        credit_notes: 0,
    };
    // On PostgreSQL this waits for whoever inserts the same row.
    Entity::insert(first.clone().into_active_model())
        .on_conflict(
            OnConflict::columns([Column::OrganiserId, Column::Year])
                .do_nothing()
                .to_owned(),
        )
        .exec_without_returning(change.tx())
        .await?;
    let select = Entity::find()
        .filter(Column::OrganiserId.eq(organiser.uuid()))
        .filter(Column::Year.eq(year))
        .lock_exclusive();
    Ok(select.one(change.tx()).await?.unwrap_or(first))
}

/// The number that a faulty issuing takes before it knows whether it may: as one does who asks a
/// sequence of the database, which no failure turns back. Tests switch it on to show that they
/// would notice.
#[cfg(feature = "sabotage")]
pub mod sabotage {
    use std::{
        collections::HashMap,
        sync::{Mutex, PoisonError},
    };
    use uuid::Uuid;

    static SEQUENCES: Mutex<Option<HashMap<Uuid, i32>>> = Mutex::new(None);

    /// From now on this organiser's invoices are numbered by a sequence.
    pub fn number_by_sequence(organiser: Uuid) {
        let mut sequences = SEQUENCES.lock().unwrap_or_else(PoisonError::into_inner);
        sequences.get_or_insert_default().insert(organiser, 0);
    }

    pub(in crate::billing) fn taken(organiser: Uuid) -> Option<i32> {
        let mut sequences = SEQUENCES.lock().unwrap_or_else(PoisonError::into_inner);
        let last = sequences.as_mut()?.get_mut(&organiser)?;
        *last += 1;
        Some(*last)
    }
}
