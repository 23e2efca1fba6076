//! Sums: whole minor units, and one rule of rounding, half up.

use shared_types::registration::billing::VatCategory;
use std::collections::BTreeMap;

/// What is taxed at one rate, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subtotal {
    /// VAT rate in thousandths.
    pub vat_permille: i32,
    /// Sum of the lines.
    pub taxable_minor: i64,
    /// VAT on it.
    pub vat_minor: i64,
}

/// A share of an amount in thousandths, rounded half up to the minor unit.
pub fn permille_of(amount_minor: i64, permille: i32) -> i64 {
    let whole = i128::from(amount_minor) * i128::from(permille) + 500;
    i64::try_from(whole.div_euclid(1000)).unwrap_or(i64::MAX)
}

/// An amount divided among so many, rounded half up to the minor unit.
pub fn for_each_of(amount_minor: i64, count: i64) -> i64 {
    if count <= 0 {
        return 0;
    }
    let whole = i128::from(amount_minor) * 2 + i128::from(count);
    i64::try_from(whole.div_euclid(i128::from(count) * 2)).unwrap_or(i64::MAX)
}

/// Why VAT has a rate.
pub const fn category(vat_permille: i32) -> VatCategory {
    if vat_permille == 0 {
        VatCategory::Exempt
    } else {
        VatCategory::Standard
    }
}

/// VAT by rate, the lowest first: on the sum of each rate's lines, rounded once.
pub fn subtotals(lines: impl IntoIterator<Item = (i32, i64)>) -> Vec<Subtotal> {
    let sums = summed(lines);
    let of = |(&vat_permille, &taxable_minor): (&i32, &i64)| Subtotal {
        vat_permille,
        taxable_minor,
        vat_minor: permille_of(taxable_minor, vat_permille),
    };
    sums.iter().map(of).collect()
}

/// VAT of a credit by rate: what the VAT on all that is credited of the invoice grows by. So the
/// credits of an invoice take back exactly its VAT, in however many steps.
pub fn credited_subtotals(
    before: impl IntoIterator<Item = (i32, i64)>,
    now: impl IntoIterator<Item = (i32, i64)>,
) -> Vec<Subtotal> {
    let before = summed(before);
    let of = |(vat_permille, taxable_minor): (i32, i64)| {
        let earlier = before.get(&vat_permille).copied().unwrap_or(0);
        let vat = |sum| permille_of(sum, vat_permille);
        Subtotal {
            vat_permille,
            taxable_minor,
            vat_minor: vat(earlier + taxable_minor) - vat(earlier),
        }
    };
    summed(now).into_iter().map(of).collect()
}

fn summed(lines: impl IntoIterator<Item = (i32, i64)>) -> BTreeMap<i32, i64> {
    let mut sums = BTreeMap::new();
    for (rate, amount) in lines {
        *sums.entry(rate).or_insert(0) += amount;
    }
    sums
}

/// Divides an amount over parts by their size; the shares add up to it, and none is more than
/// its part while the amount is not more than all of them.
pub fn divide(amount_minor: i64, parts: &[i64]) -> Vec<i64> {
    let whole: i128 = parts.iter().copied().map(i128::from).sum();
    if whole <= 0 {
        return vec![0; parts.len()];
    }
    let (mut reached, mut given) = (0_i128, 0_i128);
    let mut share = |part: i64| {
        reached += i128::from(part);
        let up_to_here = i128::from(amount_minor) * reached / whole;
        let share = up_to_here - given;
        given = up_to_here;
        i64::try_from(share).unwrap_or(0)
    };
    parts.iter().map(|part| share(*part)).collect()
}

/// Digits behind the point of a currency.
pub fn digits(currency: &str) -> u32 {
    match currency {
        "ISK" | "JPY" | "KRW" | "CLP" | "VND" => 0,
        _ => 2,
    }
}

/// An amount as it is written in files: a point, and the digits of its currency.
pub fn decimal(amount_minor: i64, currency: &str) -> String {
    let digits = digits(currency);
    if digits == 0 {
        return amount_minor.to_string();
    }
    let base = 10_u64.pow(digits);
    let sign = if amount_minor < 0 { "-" } else { "" };
    let size = amount_minor.unsigned_abs();
    let width = usize::try_from(digits).unwrap_or(0);
    format!("{sign}{}.{:0width$}", size / base, size % base)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn halves_are_rounded_up() {
        for (amount, permille, expected) in [
            (1, 500, 1),
            (1, 499, 0),
            (3, 250, 1),
            (2, 250, 1),
            (2_400_000, 250, 600_000),
            (900_000, 120, 108_000),
        ] {
            assert_eq!(
                permille_of(amount, permille),
                expected,
                "{amount} {permille}"
            );
        }
        assert_eq!(for_each_of(33_600_000, 24), 1_400_000);
        assert_eq!(for_each_of(10, 4), 3);
        assert_eq!(for_each_of(-10, 4), -2);
        assert_eq!(for_each_of(10, 0), 0);
    }

    #[test]
    fn amounts_are_written_with_the_digits_of_their_currency() {
        for (amount, currency, expected) in [
            (2_400_000, "SEK", "24000.00"),
            (5, "DKK", "0.05"),
            (-1_205, "EUR", "-12.05"),
            (700, "ISK", "700"),
        ] {
            assert_eq!(decimal(amount, currency), expected);
        }
    }

    #[test]
    fn the_example_of_the_announcement_has_vat_at_two_rates() {
        let sums = subtotals([(250, 2_400_000), (120, 900_000)]);
        let vat: Vec<i64> = sums.iter().map(|one| one.vat_minor).collect();
        assert_eq!(vat, [108_000, 600_000]);
    }

    proptest! {
        #[test]
        fn subtotals_add_up_to_the_lines(
            lines in prop::collection::vec((prop::sample::select(vec![0, 60, 120, 250]), 1_i64..1_000_000_000), 1..60)
        ) {
            let sums = subtotals(lines.clone());
            let net: i64 = lines.iter().map(|(_, amount)| amount).sum();
            prop_assert_eq!(sums.iter().map(|one| one.taxable_minor).sum::<i64>(), net);
            for one in &sums {
                // No more than half a minor unit off, whatever the number of lines.
                let exact = i128::from(one.taxable_minor) * i128::from(one.vat_permille);
                let off = i128::from(one.vat_minor) * 1000 - exact;
                prop_assert!(off > -500 && off <= 500);
            }
        }

        #[test]
        fn credits_in_any_steps_take_back_exactly_the_invoice(
            lines in prop::collection::vec((prop::sample::select(vec![0, 60, 120, 250]), 1_i64..100_000), 1..12),
            cuts in prop::collection::vec(1_i64..1000, 1..6),
        ) {
            let invoice = subtotals(lines.clone());
            let mut left: Vec<(i32, i64)> = lines.clone();
            let mut before: Vec<(i32, i64)> = Vec::new();
            let (mut net, mut vat) = (0, 0);
            for cut in cuts.iter().map(|cut| Some(*cut)).chain([None]) {
                let now: Vec<(i32, i64)> = left
                    .iter()
                    .map(|(rate, rest)| (*rate, cut.map_or(*rest, |cut| rest * cut / 1000)))
                    .collect();
                for one in credited_subtotals(before.clone(), now.clone()) {
                    prop_assert!(one.vat_minor >= 0);
                    net += one.taxable_minor;
                    vat += one.vat_minor;
                }
                for (rest, taken) in left.iter_mut().zip(&now) {
                    rest.1 -= taken.1;
                }
                before.extend(now);
            }
            prop_assert_eq!(net, invoice.iter().map(|one| one.taxable_minor).sum::<i64>());
            prop_assert_eq!(vat, invoice.iter().map(|one| one.vat_minor).sum::<i64>());
        }

        #[test]
        fn what_is_divided_adds_up_and_exceeds_no_part(
            parts in prop::collection::vec(0_i64..1_000_000, 1..20), permille in 0_i64..=1000
        ) {
            let whole: i64 = parts.iter().sum();
            let amount = whole * permille / 1000;
            let shares = divide(amount, &parts);
            prop_assert_eq!(shares.iter().sum::<i64>(), amount);
            for (share, part) in shares.iter().zip(&parts) {
                prop_assert!(*share >= 0 && share <= part, "{} of {}", share, part);
            }
        }
    }
}
