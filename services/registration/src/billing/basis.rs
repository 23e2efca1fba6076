//! What participations cost, against what is billed of it: read, never kept.

use super::{
    charge_entity,
    charges::{self, Dates, Due, Standing},
    line_entity, store,
};
use crate::{applications, rounds};
use chrono_tz::Tz;
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_types::{
    LocalizedText, RoundId, civil,
    registration::{
        applications::SeatState,
        billing::{CancellationStep, NewBillingTerms},
        rounds::{AnnouncedOccasion, PriceLine, RoundState},
    },
};
use std::collections::HashMap;
use uuid::Uuid;

/// What of a round decides what its participations cost.
#[derive(Clone, Debug)]
pub struct Priced {
    /// The round.
    pub id: RoundId,
    /// Its name.
    pub name: LocalizedText,
    prices: Vec<PriceLine>,
    dates: Dates,
    steps: Vec<CancellationStep>,
    zone: Tz,
    is_held: bool,
    successors: HashMap<Uuid, applications::entity::Model>,
}

/// A participation with what it costs.
#[derive(Clone, Debug)]
pub struct Costing {
    /// The first application of the seat, whose employer pays.
    pub first: applications::entity::Model,
    /// Who has the seat now, or had it last.
    pub holder: applications::entity::Model,
    /// What it costs.
    pub dues: Vec<Due>,
    /// What is billed of it.
    billed: HashMap<(String, i32), i64>,
}

impl Costing {
    /// What of a charge stands on documents, credits taken off.
    pub fn billed(&self, due: &Due) -> i64 {
        self.billed_of(&due.price_key, due.number)
    }

    fn billed_of(&self, price_key: &str, number: i32) -> i64 {
        let key = (price_key.to_owned(), number);
        self.billed.get(&key).copied().unwrap_or(0)
    }

    /// Whether a charge is to be billed: it costs something, and stands on no document, or was
    /// taken back as a whole.
    pub fn is_open(&self, due: &Due) -> bool {
        due.amount_minor > 0 && self.billed(due) == 0
    }

    /// What of a line is billed beyond what it costs now, given what the line bills of each charge.
    pub fn beyond(&self, line: &line_entity::Model, charges: &[&charge_entity::Model]) -> i64 {
        let mut by_number: HashMap<i32, i64> = HashMap::new();
        for charge in charges {
            *by_number.entry(charge.number).or_insert(0) += charge.amount_minor;
        }
        let costs = |number: i32| {
            let same = |due: &&Due| due.price_key == line.price_key && due.number == number;
            self.dues
                .iter()
                .find(same)
                .map_or(0, |due| due.amount_minor)
        };
        let beyond = by_number
            .iter()
            .map(|(number, billed)| billed - costs(*number));
        // Shares of a credit differ by a minor unit from charge to charge; their sum does not.
        beyond
            .sum::<i64>()
            .clamp(0, line.net_minor - line.credited_minor)
    }
}

impl Priced {
    /// Reads it.
    pub async fn read(
        connection: &impl ConnectionTrait,
        round: &rounds::entity::Model,
    ) -> Result<Self, DatabaseError> {
        let id = RoundId::from(round.id);
        let occasions: Vec<AnnouncedOccasion> = column::from_json(round.occasions.clone())?;
        let terms = store::terms(connection, id).await?;
        let terms: Option<NewBillingTerms> =
            terms.map(|row| column::from_json(row.terms)).transpose()?;
        let state: RoundState = column::parse(&round.state)?;
        Ok(Self {
            id,
            name: column::from_json(round.name.clone())?,
            prices: column::from_json(round.prices.clone())?,
            dates: Dates {
                starts_on: round.starts_on,
                ends_on: round.ends_on,
                occasions: occasions.into_iter().map(|one| one.starts_on).collect(),
            },
            steps: terms.map_or_else(Vec::new, |terms| terms.cancellation),
            zone: civil::zone(&round.time_zone)
                .ok_or_else(|| DatabaseError::Corrupt(format!("zone {}", round.time_zone)))?,
            is_held: state != RoundState::Cancelled,
            successors: store::successors(connection, id).await?,
        })
    }

    /// What some participations of the round cost.
    pub async fn cost(
        &self,
        connection: &impl ConnectionTrait,
        participations: Vec<applications::entity::Model>,
    ) -> Result<Vec<Costing>, DatabaseError> {
        let ids: Vec<Uuid> = participations.iter().map(|row| row.id).collect();
        let mut billed: HashMap<Uuid, HashMap<(String, i32), i64>> = HashMap::new();
        for row in store::billed(connection, &ids).await? {
            let own = billed.entry(row.participation_id).or_default();
            *own.entry((row.price_key, row.number)).or_insert(0) += row.amount_minor;
        }
        let costing = |first: applications::entity::Model| {
            let holder = self.holder(&first).clone();
            let share = charges::share(&self.steps, &self.dates, self.standing(&holder)?);
            Ok(Costing {
                dues: charges::due(&self.prices, &self.dates, share),
                billed: billed.remove(&first.id).unwrap_or_default(),
                first,
                holder,
            })
        };
        participations.into_iter().map(costing).collect()
    }

    /// Follows a seat to who has it now.
    fn holder<'a>(
        &'a self,
        first: &'a applications::entity::Model,
    ) -> &'a applications::entity::Model {
        let mut holder = first;
        // No seat is handed on more often than there are successors.
        for _ in 0..self.successors.len() {
            match self.successors.get(&holder.id) {
                Some(next) => holder = next,
                None => break,
            }
        }
        holder
    }

    fn standing(&self, holder: &applications::entity::Model) -> Result<Standing, DatabaseError> {
        if !self.is_held {
            return Ok(Standing::NotHeld);
        }
        Ok(match column::parse(&holder.seat)? {
            SeatState::Accepted
            | SeatState::Completed
            | SeatState::Discontinued
            | SeatState::Substituted => Standing::Kept,
            SeatState::Withdrawn => match holder.settled_at {
                Some(at) => Standing::GivenUp(civil::date_in(at, self.zone)),
                None => Standing::Kept,
            },
            SeatState::None
            | SeatState::Offered
            | SeatState::Declined
            | SeatState::Expired
            | SeatState::Rescinded => Standing::NotHeld,
        })
    }
}
