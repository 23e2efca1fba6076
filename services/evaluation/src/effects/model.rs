//! How large a change is: Cohen's d for pairs, and the interval in which the true one lies.
//!
//! The interval inverts the noncentral t distribution (Cumming and Finch, 2001): its ends are the
//! effects under which what was seen, or more, would come in 2.5 of 100 cases. The distribution is
//! integrated over the spread of the estimated deviation.

use statrs::{
    distribution::{ContinuousCDF as _, Normal},
    function::gamma::ln_gamma,
};

/// Steps of the integration; a hundred are enough for six digits.
const STEPS: u32 = 400;
/// Halvings when an end is looked for.
const HALVINGS: u32 = 60;

/// How large a change is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Size {
    /// The mean change.
    pub mean: f64,
    /// The mean change by its standard deviation.
    pub effect: f64,
    /// The interval of the effect, at 95 of 100.
    pub interval: (f64, f64),
}

/// How large some changes are. Nothing where there are fewer than two, or all are the same.
pub fn size(changes: &[i32]) -> Option<Size> {
    let count = f64::from(u32::try_from(changes.len()).ok()?);
    if count < 2.0 {
        return None;
    }
    let mean = changes.iter().copied().map(f64::from).sum::<f64>() / count;
    let squares: f64 = changes
        .iter()
        .map(|change| (f64::from(*change) - mean).powi(2))
        .sum();
    let deviation = (squares / (count - 1.0)).sqrt();
    if deviation < f64::EPSILON {
        return None;
    }
    let effect = mean / deviation;
    let seen = effect * count.sqrt();
    let end = |share| noncentrality(seen, count - 1.0, share) / count.sqrt();
    Some(Size {
        mean,
        effect,
        interval: (end(0.975), end(0.025)),
    })
}

/// The noncentrality under which values up to `seen` come in `share` of all cases.
fn noncentrality(seen: f64, freedom: f64, share: f64) -> f64 {
    let (mut low, mut high) = (seen - 10.0 - seen.abs(), seen + 10.0 + seen.abs());
    for _ in 0..HALVINGS {
        let middle = f64::midpoint(low, high);
        // The further it lies to the right, the fewer values come up to here.
        if noncentral_t(seen, freedom, middle) > share {
            low = middle;
        } else {
            high = middle;
        }
    }
    f64::midpoint(low, high)
}

/// The distribution function of the noncentral t.
fn noncentral_t(value: f64, freedom: f64, noncentrality: f64) -> f64 {
    let normal = Normal::standard();
    let reach = 10.0 / (2.0 * freedom).sqrt();
    let (from, to) = ((1.0 - reach).max(1e-9), 1.0 + reach);
    let half = freedom / 2.0;
    let constant = std::f64::consts::LN_2 + half * half.ln() - ln_gamma(half);
    let at = |spread: f64| {
        let density = constant + (freedom - 1.0) * spread.ln() - half * spread * spread;
        density.exp() * normal.cdf(value * spread - noncentrality)
    };
    // Simpson's rule.
    let width = (to - from) / f64::from(STEPS);
    let inner = (1..STEPS).map(|step| {
        let weight = if step % 2 == 1 { 4.0 } else { 2.0 };
        weight * at(from + width * f64::from(step))
    });
    (at(from) + inner.sum::<f64>() + at(to)) * width / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_noncentral_t() {
        // From R's MBESS, conf.limits.nct(ncp = 2.83, df = 126).
        let ends = (
            noncentrality(2.83, 126.0, 0.975),
            noncentrality(2.83, 126.0, 0.025),
        );
        assert!((ends.0 - 0.833_750_2).abs() < 1e-4, "{ends:?}");
        assert!((ends.1 - 4.815_359).abs() < 1e-4, "{ends:?}");
    }

    #[test]
    fn without_noncentrality_it_is_students() {
        use statrs::distribution::StudentsT;
        for freedom in [4.0, 9.0, 30.0, 500.0] {
            let students = StudentsT::new(0.0, 1.0, freedom).unwrap();
            for value in [-3.0, -0.5, 0.0, 1.0, 2.5] {
                let own = noncentral_t(value, freedom, 0.0);
                assert!(
                    (own - students.cdf(value)).abs() < 1e-5,
                    "{value} {freedom} {own}"
                );
            }
        }
    }

    #[test]
    fn a_change_is_measured_by_how_much_people_differ_in_it() {
        let size = size(&[1, 2, 0, 1, 1, 2, 0, 1, 3, -1]).unwrap();
        assert!((size.mean - 1.0).abs() < 1e-12);
        // The squares are 12, so the deviation is the root of 12 / 9.
        assert!((size.effect - (9.0_f64 / 12.0).sqrt()).abs() < 1e-12);
        assert!(size.interval.0 < size.effect && size.effect < size.interval.1);
        assert!(size.interval.0 > 0.0);
        assert_eq!(super::size(&[1, 1, 1]), None);
        assert_eq!(super::size(&[1]), None);
    }
}
