//! What a budget comes to.

use crate::billing::tally;
use shared_types::{
    Money,
    registration::budgets::{BudgetResult, CostKind, CostLine, NewBudget, PlannedAndActual},
};

/// What a budget comes to, with so many who take part.
///
/// What a participant costs is counted from delivery alone: development is paid once, however
/// many take part.
pub fn result(budget: &NewBudget, participants: i32) -> BudgetResult {
    let of = |kind| sum(budget.costs.iter().filter(|line| line.kind == kind));
    let (development, delivery) = (of(CostKind::Development), of(CostKind::Delivery));
    let total = PlannedAndActual {
        planned_minor: development.planned_minor + delivery.planned_minor,
        actual_minor: development.actual_minor + delivery.actual_minor,
    };
    let funding: i64 = budget.funding.iter().map(|one| one.amount_minor).sum();
    let a_participant = PlannedAndActual {
        planned_minor: tally::for_each_of(delivery.planned_minor, budget.participants.into()),
        actual_minor: tally::for_each_of(delivery.actual_minor, participants.into()),
    };
    let in_range = |minor: i64| {
        let range = budget.cost_a_participant?;
        Some((range.least_minor..=range.most_minor).contains(&minor))
    };
    BudgetResult {
        funding: Money {
            amount_minor: funding,
            currency: budget.currency.clone(),
        },
        development,
        delivery,
        total,
        left: PlannedAndActual {
            planned_minor: funding - total.planned_minor,
            actual_minor: funding - total.actual_minor,
        },
        participants,
        a_participant,
        plan_in_range: in_range(a_participant.planned_minor),
        actual_in_range: in_range(a_participant.actual_minor).filter(|_| participants > 0),
    }
}

/// What was spent on a line.
pub fn spent(line: &CostLine) -> i64 {
    line.outlays.iter().map(|outlay| outlay.amount_minor).sum()
}

fn sum<'a>(lines: impl Iterator<Item = &'a CostLine>) -> PlannedAndActual {
    lines.fold(PlannedAndActual::default(), |sum, line| PlannedAndActual {
        planned_minor: sum.planned_minor + line.planned_minor,
        actual_minor: sum.actual_minor + spent(line),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use shared_types::registration::budgets::{CostRange, Funding, FundingKind, Outlay};

    /// The project of the Jönköping document; how its total is divided is ours.
    fn project() -> NewBudget {
        let line = |kind, name: &str, planned_minor, spent: i64| CostLine {
            kind,
            name: name.to_owned(),
            planned_minor,
            outlays: vec![Outlay {
                booked_on: "2008-11-30".parse().unwrap(),
                note: "Ver. 1".to_owned(),
                amount_minor: spent,
            }],
        };
        NewBudget {
            currency: "SEK".to_owned(),
            participants: 24,
            cost_a_participant: Some(CostRange {
                least_minor: 1_300_000,
                most_minor: 1_500_000,
            }),
            funding: vec![Funding {
                kind: FundingKind::Grant,
                name: "Europeiska socialfonden".to_owned(),
                amount_minor: 77_586_900,
            }],
            costs: vec![
                line(CostKind::Development, "Utveckling", 43_986_900, 40_000_000),
                line(CostKind::Delivery, "Föreläsare", 21_600_000, 21_000_000),
                line(CostKind::Delivery, "Lokaler", 12_000_000, 12_400_010),
            ],
        }
    }

    #[test]
    fn the_project_comes_to_its_grant_and_to_what_a_participant_may_cost() {
        let found = result(&project(), 23);
        assert_eq!(found.total.planned_minor, 77_586_900);
        assert_eq!(found.left.planned_minor, 0);
        assert_eq!(found.a_participant.planned_minor, 1_400_000);
        assert_eq!(found.delivery.actual_minor, 33_400_010);
        // 33 400 010 / 23 = 1 452 174.3
        assert_eq!(found.a_participant.actual_minor, 1_452_174);
        assert_eq!(found.left.actual_minor, 77_586_900 - 73_400_010);
        assert_eq!(
            (found.plan_in_range, found.actual_in_range),
            (Some(true), Some(true))
        );
    }

    #[test]
    fn a_range_tells_in_both_directions_and_nothing_while_nobody_takes_part() {
        let of = |participants| result(&project(), participants).actual_in_range;
        assert_eq!(of(0), None);
        assert_eq!(of(26), Some(false));
        assert_eq!(of(22), Some(false));
        let mut open = project();
        open.cost_a_participant = None;
        assert_eq!(result(&open, 24).plan_in_range, None);
    }
}
