//! The verification of the history: recomputes every seal, and names what does not fit.

use crate::{
    Database, DatabaseError, history,
    seal::{batch_digest, changes_of, row_digest, seal_hash},
    tables::{change_reasons, changes, sealed_changes, seals, unsealed_changes},
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait as _, Condition, DatabaseTransaction, EntityTrait as _, PaginatorTrait as _,
    QueryFilter as _, QueryOrder as _, QuerySelect as _, QueryTrait as _, Select, sea_query::Expr,
};
use std::{collections::HashMap, fmt};
use uuid::Uuid;

/// Seals that are read at once.
const SEALS_AT_ONCE: u64 = 500;
/// Changes that are read at once; a seal is never divided.
const MOST_ROWS: i64 = 2000;
/// Faults that are named; further ones are only counted.
const MOST_FAULTS: usize = 1000;

/// What the verification found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Seals that are there.
    pub seals: u64,
    /// Those of the noted hashes that a seal has.
    pub heads_met: Vec<String>,
    /// Changes that they hold.
    pub sealed: u64,
    /// Number and hash of the newest seal.
    pub head: Option<(i64, String)>,
    /// Committed changes that wait for the sealer.
    pub waiting: u64,
    /// Time of the oldest of these.
    pub oldest_waiting: Option<DateTime<Utc>>,
    /// Reasons whose text was erased.
    pub erased_reasons: u64,
    /// What does not fit, at most 1,000.
    pub faults: Vec<Fault>,
    /// How many faults there are.
    pub faults_count: u64,
}

/// Something that is not as it was sealed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Seals from one number to another are not there.
    SealsMissing(i64, i64),
    /// A seal is not what its hash says, or does not follow on the seal before it.
    SealChanged(i64),
    /// The changes that a seal holds are not those it was made over.
    BatchChanged(i64),
    /// A change is not what it was when it was sealed.
    RowChanged(Place),
    /// A change is not there any more.
    RowMissing(Place),
    /// Nothing stands in a place of a seal.
    PlaceEmpty(i64, i64),
    /// A place belongs to no seal.
    PlaceUnknown(i64),
    /// A change that no service wrote: neither sealed nor waiting to be.
    RowInserted(Uuid),
    /// A change that waited to be sealed is not there any more.
    WaitingMissing(Uuid),
    /// A reason's text is not the one that was given.
    ReasonChanged(Place),
}

/// A change and where it was sealed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// The change.
    pub change: Uuid,
    /// Its place.
    pub position: i64,
    /// The number of its seal.
    pub seal: i64,
}

impl From<&sealed_changes::Model> for Place {
    fn from(row: &sealed_changes::Model) -> Self {
        Self {
            change: row.change_id,
            position: row.position,
            seal: row.seal,
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            change,
            position,
            seal,
        } = self;
        write!(f, "change {change} (place {position}, seal {seal})")
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SealsMissing(from, to) if from == to => write!(f, "seal {from} is missing"),
            Self::SealsMissing(from, to) => write!(f, "seals {from} to {to} are missing"),
            Self::SealChanged(number) => write!(f, "seal {number} was changed"),
            Self::BatchChanged(seal) => write!(f, "seal {seal} was made over other changes"),
            Self::RowChanged(place) => write!(f, "{place} was changed"),
            Self::RowMissing(place) => write!(f, "{place} was removed"),
            Self::PlaceEmpty(position, seal) => {
                write!(f, "place {position} of seal {seal} is empty")
            }
            Self::PlaceUnknown(position) => write!(f, "place {position} belongs to no seal"),
            Self::RowInserted(change) => write!(f, "change {change} was written by no service"),
            Self::WaitingMissing(change) => {
                write!(f, "change {change} was removed before it was sealed")
            }
            Self::ReasonChanged(place) => write!(f, "the reason of {place} was changed"),
        }
    }
}

impl Report {
    /// Whether everything is as it was sealed.
    pub fn is_sound(&self) -> bool {
        self.faults_count == 0
    }

    fn fault(&mut self, fault: Fault) {
        self.faults_count += 1;
        if self.faults.len() < MOST_FAULTS {
            self.faults.push(fault);
        }
    }
}

/// Recomputes the whole chain of a database, as it is at one moment. `heads` are hashes that
/// were noted elsewhere: one that is not met any more tells that the newest part of its chain
/// was cut off, or that all of it was written anew.
pub async fn verify(database: &Database, heads: &[String]) -> Result<Report, DatabaseError> {
    let transaction = database.snapshot().await?;
    let mut walk = Walk::new(&transaction, heads);
    walk.seals().await?;
    walk.places_beyond().await?;
    walk.unsealed().await?;
    let report = walk.report;
    transaction.commit().await?;
    Ok(report)
}

/// The way along the chain.
struct Walk<'a> {
    connection: &'a DatabaseTransaction,
    report: Report,
    heads: &'a [String],
    /// The number, the hash before and the first place that the next seal must have.
    number: i64,
    previous: String,
    position: i64,
}

impl<'a> Walk<'a> {
    fn new(connection: &'a DatabaseTransaction, heads: &'a [String]) -> Self {
        Self {
            connection,
            report: Report::default(),
            heads,
            number: 1,
            previous: String::new(),
            position: 1,
        }
    }

    async fn seals(&mut self) -> Result<(), DatabaseError> {
        loop {
            let seals = seals::Entity::find()
                .filter(seals::Column::Number.gte(self.number))
                .order_by_asc(seals::Column::Number)
                .limit(SEALS_AT_ONCE)
                .all(self.connection)
                .await?;
            // The last number that there can be is followed by none.
            let is_last = seals.last().is_none_or(|seal| seal.number == i64::MAX);
            let mut rest = seals.as_slice();
            while !rest.is_empty() {
                let (some, later) = rest.split_at(count_at_once(rest));
                self.batch(some).await?;
                rest = later;
            }
            if is_last {
                return Ok(());
            }
        }
    }

    async fn batch(&mut self, seals: &[seals::Model]) -> Result<(), DatabaseError> {
        let from = seals.iter().map(|seal| seal.first_position).min();
        let to = seals.iter().map(|seal| seal.last_position).max();
        let (Some(from), Some(to)) = (from, to) else {
            return Ok(());
        };
        // Not all that a changed seal says that it holds.
        let to = to.min(from.saturating_add(MOST_ROWS));
        let places = sealed_changes::Entity::find()
            .filter(sealed_changes::Column::Position.between(from, to))
            .order_by_asc(sealed_changes::Column::Position)
            .all(self.connection)
            .await?;
        let rows = changes_of(self.connection, &places).await?;
        let reasons = self.reasons(&rows).await?;
        for seal in seals {
            self.seal(seal);
            self.places(seal, &places);
        }
        for place in &places {
            self.row(place, rows.get(&place.change_id), &reasons);
        }
        Ok(())
    }

    /// A seal by itself, and as the next of the chain.
    fn seal(&mut self, seal: &seals::Model) {
        self.report.seals += 1;
        if self.heads.contains(&seal.hash) {
            self.report.heads_met.push(seal.hash.clone());
        }
        let gap = seal.number > self.number;
        if gap {
            let missing = Fault::SealsMissing(self.number, seal.number - 1);
            self.report.fault(missing);
        }
        let follows =
            gap || (seal.previous == self.previous && seal.first_position == self.position);
        if !follows || seal.hash != seal_hash(seal) {
            self.report.fault(Fault::SealChanged(seal.number));
        }
        self.number = seal.number.saturating_add(1);
        self.previous.clone_from(&seal.hash);
        self.position = seal.last_position.saturating_add(1);
        self.report.head = Some((seal.number, seal.hash.clone()));
    }

    /// The places of a seal: all there, its own, and those it was made over.
    fn places(&mut self, seal: &seals::Model, places: &[sealed_changes::Model]) {
        let own = seal.first_position..=seal.last_position;
        let held = || places.iter().filter(|place| own.contains(&place.position));
        let mut next = seal.first_position;
        for place in held() {
            for empty in (next..place.position).take(MOST_FAULTS) {
                self.report.fault(Fault::PlaceEmpty(empty, seal.number));
            }
            next = place.position.saturating_add(1);
            if place.seal != seal.number {
                self.report.fault(Fault::PlaceUnknown(place.position));
            }
        }
        for empty in (next..=seal.last_position).take(MOST_FAULTS) {
            self.report.fault(Fault::PlaceEmpty(empty, seal.number));
        }
        if batch_digest(held()) != seal.digest {
            self.report.fault(Fault::BatchChanged(seal.number));
        }
    }

    /// A change against its digest, and its reason's text, where it is kept, against its own.
    fn row(
        &mut self,
        place: &sealed_changes::Model,
        row: Option<&changes::Model>,
        reasons: &HashMap<Uuid, String>,
    ) {
        self.report.sealed += 1;
        let Some(row) = row else {
            self.report.fault(Fault::RowMissing(place.into()));
            return;
        };
        if row_digest(row) != place.digest {
            self.report.fault(Fault::RowChanged(place.into()));
        }
        let reason = reasons.get(&row.id).map(|text| history::digest(text));
        match (&row.reason_digest, reason) {
            (Some(_), None) => self.report.erased_reasons += 1,
            (given, Some(kept)) if given.as_ref() != Some(&kept) => {
                self.report.fault(Fault::ReasonChanged(place.into()));
            }
            _ => {}
        }
    }

    async fn reasons(
        &self,
        rows: &HashMap<Uuid, changes::Model>,
    ) -> Result<HashMap<Uuid, String>, DatabaseError> {
        let found = change_reasons::Entity::find()
            .filter(change_reasons::Column::ChangeId.is_in(rows.keys().copied()))
            .all(self.connection)
            .await?;
        let pairs = found.into_iter().map(|row| (row.change_id, row.reason));
        Ok(pairs.collect())
    }

    async fn places_beyond(&mut self) -> Result<(), DatabaseError> {
        let beyond = Condition::any()
            .add(sealed_changes::Column::Position.gte(self.position))
            .add(sealed_changes::Column::Position.lt(1));
        let beyond: Vec<i64> = sealed_changes::Entity::find()
            .select_only()
            .column(sealed_changes::Column::Position)
            .filter(beyond)
            .into_tuple()
            .all(self.connection)
            .await?;
        for position in beyond {
            self.report.fault(Fault::PlaceUnknown(position));
        }
        Ok(())
    }

    /// What is not sealed: it waits, or does not belong here.
    async fn unsealed(&mut self) -> Result<(), DatabaseError> {
        let waiting = || {
            unsealed_changes::Entity::find()
                .select_only()
                .column(unsealed_changes::Column::ChangeId)
        };
        let tail =
            changes::Entity::find().filter(changes::Column::Id.in_subquery(waiting().into_query()));
        self.report.waiting = tail.clone().count(self.connection).await?;
        self.report.oldest_waiting = tail
            .select_only()
            .column(changes::Column::At)
            .order_by_asc(changes::Column::At)
            .into_tuple()
            .one(self.connection)
            .await?;
        // Not by NOT IN: of large tables that is quadratic.
        let inserted = changes::Entity::find()
            .select_only()
            .column(changes::Column::Id)
            .filter(without("sealed_changes", "change_id", "changes.id"))
            .filter(without("unsealed_changes", "change_id", "changes.id"));
        for id in self.ids(inserted).await? {
            self.report.fault(Fault::RowInserted(id));
        }
        let gone = waiting().filter(without("changes", "id", "unsealed_changes.change_id"));
        for id in self.ids(gone).await? {
            self.report.fault(Fault::WaitingMissing(id));
        }
        Ok(())
    }

    async fn ids<E: sea_orm::EntityTrait>(
        &self,
        select: Select<E>,
    ) -> Result<Vec<Uuid>, DatabaseError> {
        Ok(select.into_tuple().all(self.connection).await?)
    }
}

/// That a table has no row with this id.
fn without(table: &str, column: &str, id: &str) -> Expr {
    Expr::cust(format!(
        "NOT EXISTS (SELECT 1 FROM {table} AS other WHERE other.{column} = {id})"
    ))
}

/// How many of these seals are read at once.
fn count_at_once(seals: &[seals::Model]) -> usize {
    // By the distance from the first one, so that nothing is left out where seals are missing.
    let from = seals.first().map_or(0, |seal| seal.first_position);
    let fits = |seal: &&seals::Model| {
        seal.first_position >= from && seal.last_position.saturating_sub(from) < MOST_ROWS
    };
    seals.iter().take_while(fits).count().max(1)
}
