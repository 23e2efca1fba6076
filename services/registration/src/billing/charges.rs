//! What a participation costs: the round's price lines, each as often as it is charged, and the
//! share of them that is left where a seat was given up.

use super::tally;
use chrono::{Months, NaiveDate};
use shared_types::registration::{
    billing::CancellationStep,
    rounds::{PriceKind, PriceLine, PricePer},
};

/// Years and occasions that a round has at most.
const MOST: usize = 100;

/// When the round is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dates {
    /// First day.
    pub starts_on: Option<NaiveDate>,
    /// Last day.
    pub ends_on: Option<NaiveDate>,
    /// First days of its occasions.
    pub occasions: Vec<NaiveDate>,
}

/// How a participation stands, as far as it costs something.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// The seat is taken, completed, or was left during the round.
    Kept,
    /// The seat was given up on that day.
    GivenUp(NaiveDate),
    /// The round is not held.
    NotHeld,
}

/// One thing that is charged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// Names the price line among the round's: kind, how often, and which of those.
    pub price_key: String,
    /// What it is for.
    pub kind: PriceKind,
    /// How often it is charged.
    pub per: PricePer,
    /// Which year or occasion, from 1.
    pub number: i32,
    /// The day by which it belongs to a period.
    pub falls_on: Option<NaiveDate>,
    /// Share of the price in thousandths.
    pub share_permille: i32,
    /// What it costs.
    pub amount_minor: i64,
    /// Currency.
    pub currency: String,
    /// VAT rate.
    pub vat_permille: i32,
}

/// The share of the price that is owed.
///
/// Steps are read in their order: the first whose day is not over says it. Without any step
/// nothing is owed before the round's first day.
pub fn share(steps: &[CancellationStep], dates: &Dates, standing: Standing) -> i32 {
    match standing {
        Standing::Kept => 1000,
        Standing::NotHeld => 0,
        Standing::GivenUp(day) if steps.is_empty() => {
            let begun = dates.starts_on.is_some_and(|first| day >= first);
            if begun { 1000 } else { 0 }
        }
        Standing::GivenUp(day) => {
            let step = steps.iter().find(|step| day <= step.until);
            step.map_or(1000, |step| step.share_permille)
        }
    }
}

/// What a participation costs.
pub fn due(prices: &[PriceLine], dates: &Dates, share_permille: i32) -> Vec<Due> {
    let mut all = Vec::new();
    let mut seen: Vec<(PriceKind, PricePer)> = Vec::new();
    for line in prices {
        let same = (line.kind, line.per);
        let ordinal = seen.iter().filter(|one| **one == same).count() + 1;
        seen.push(same);
        let price_key = format!("{}/{}/{ordinal}", word(line.kind), often(line.per));
        for (number, falls_on) in (1..).zip(days(line.per, dates)) {
            all.push(Due {
                price_key: price_key.clone(),
                kind: line.kind,
                per: line.per,
                number,
                falls_on,
                share_permille,
                amount_minor: tally::permille_of(line.price.amount_minor, share_permille),
                currency: line.price.currency.clone(),
                vat_permille: line.vat_permille,
            });
        }
    }
    all
}

/// The days on which a line is charged: once, at the beginning of each year of the round that is
/// begun, or with each occasion.
fn days(per: PricePer, dates: &Dates) -> Vec<Option<NaiveDate>> {
    match per {
        PricePer::Participation => vec![dates.starts_on],
        PricePer::Occasion => dates
            .occasions
            .iter()
            .copied()
            .map(Some)
            .take(MOST)
            .collect(),
        PricePer::Year => {
            let Some(first) = dates.starts_on else {
                return vec![None];
            };
            let last = dates.ends_on.unwrap_or(first);
            let years = (0..).map_while(|year: u32| {
                let day = first.checked_add_months(Months::new(12 * year))?;
                (year == 0 || day <= last).then_some(Some(day))
            });
            years.take(MOST).collect()
        }
    }
}

const fn word(kind: PriceKind) -> &'static str {
    match kind {
        PriceKind::Fee => "fee",
        PriceKind::BoardAndLodging => "board_and_lodging",
        PriceKind::Other => "other",
    }
}

const fn often(per: PricePer) -> &'static str {
    match per {
        PricePer::Participation => "participation",
        PricePer::Year => "year",
        PricePer::Occasion => "occasion",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use shared_types::Money;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn line(kind: PriceKind, per: PricePer, amount_minor: i64) -> PriceLine {
        PriceLine {
            kind,
            per,
            price: Money {
                amount_minor,
                currency: "SEK".to_owned(),
            },
            vat_permille: 250,
            note: None,
        }
    }

    fn top_politicians() -> (Vec<PriceLine>, Dates) {
        let prices = vec![
            line(PriceKind::Fee, PricePer::Year, 2_400_000),
            line(PriceKind::BoardAndLodging, PricePer::Occasion, 300_000),
        ];
        let dates = Dates {
            starts_on: Some(day("2020-02-20")),
            ends_on: Some(day("2020-05-08")),
            occasions: ["2020-02-20", "2020-03-12", "2020-05-07"].map(day).to_vec(),
        };
        (prices, dates)
    }

    #[test]
    fn the_announced_programme_costs_a_year_and_three_occasions() {
        let (prices, dates) = top_politicians();
        let all = due(&prices, &dates, 1000);
        let told: Vec<(&str, i32, i64)> = all
            .iter()
            .map(|one| (one.price_key.as_str(), one.number, one.amount_minor))
            .collect();
        assert_eq!(
            told,
            [
                ("fee/year/1", 1, 2_400_000),
                ("board_and_lodging/occasion/1", 1, 300_000),
                ("board_and_lodging/occasion/1", 2, 300_000),
                ("board_and_lodging/occasion/1", 3, 300_000),
            ]
        );
        assert_eq!(
            all.iter().map(|one| one.amount_minor).sum::<i64>(),
            3_300_000
        );
    }

    #[test]
    fn every_year_that_is_begun_is_charged() {
        let prices = [line(PriceKind::Fee, PricePer::Year, 100)];
        for (ends_on, years) in [
            (None, 1),
            (Some("2022-08-23"), 1),
            (Some("2023-08-23"), 1),
            (Some("2023-08-24"), 2),
            (Some("2024-08-23"), 2),
            (Some("2024-08-24"), 3),
        ] {
            let dates = Dates {
                starts_on: Some(day("2022-08-24")),
                ends_on: ends_on.map(day),
                occasions: Vec::new(),
            };
            assert_eq!(due(&prices, &dates, 1000).len(), years, "{ends_on:?}");
        }
        // Who begins on a leap day begins each year at its end.
        let leap = Dates {
            starts_on: Some(day("2024-02-29")),
            ends_on: Some(day("2025-03-01")),
            occasions: Vec::new(),
        };
        let days: Vec<_> = due(&prices, &leap, 1000)
            .iter()
            .map(|one| one.falls_on)
            .collect();
        assert_eq!(days, [Some(day("2024-02-29")), Some(day("2025-02-28"))]);
    }

    #[test]
    fn a_round_without_dates_charges_its_fee_on_no_day_and_no_occasion() {
        let (prices, _) = top_politicians();
        let all = due(&prices, &Dates::default(), 1000);
        assert_eq!(all.len(), 1);
        assert_eq!(all[0].falls_on, None);
    }

    #[test]
    fn lines_of_the_same_kind_are_told_apart() {
        let prices = [100, 200].map(|price| line(PriceKind::Other, PricePer::Participation, price));
        let all = due(&prices, &Dates::default(), 1000);
        let keys: Vec<&str> = all.iter().map(|one| one.price_key.as_str()).collect();
        assert_eq!(keys, ["other/participation/1", "other/participation/2"]);
    }

    #[test]
    fn a_step_counts_to_the_end_of_its_day_and_the_whole_price_after_the_last() {
        let (_, dates) = top_politicians();
        let steps = [("2019-12-31", 0), ("2020-01-31", 500)].map(|(until, share_permille)| {
            CancellationStep {
                until: day(until),
                share_permille,
            }
        });
        for (given_up, expected) in [
            ("2019-12-31", 0),
            ("2020-01-01", 500),
            ("2020-01-31", 500),
            ("2020-02-01", 1000),
        ] {
            let standing = Standing::GivenUp(day(given_up));
            assert_eq!(share(&steps, &dates, standing), expected, "{given_up}");
        }
        for (given_up, expected) in [("2020-02-19", 0), ("2020-02-20", 1000)] {
            let standing = Standing::GivenUp(day(given_up));
            assert_eq!(share(&[], &dates, standing), expected, "{given_up}");
        }
        assert_eq!(share(&steps, &dates, Standing::Kept), 1000);
        assert_eq!(share(&steps, &dates, Standing::NotHeld), 0);
    }

    proptest! {
        #[test]
        fn a_smaller_share_never_costs_more(one in 0..=1000_i32, other in 0..=1000_i32, price in 1_i64..1_000_000) {
            let (_, dates) = top_politicians();
            let prices = [line(PriceKind::Fee, PricePer::Year, price)];
            let sum = |share: i32| due(&prices, &dates, share).iter().map(|due| due.amount_minor).sum::<i64>();
            prop_assert!(sum(one.min(other)) <= sum(one.max(other)));
            prop_assert!(sum(1000) == price && sum(0) == 0);
        }
    }
}
