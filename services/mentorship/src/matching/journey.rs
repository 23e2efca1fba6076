//! How long the journey between two municipalities takes, estimated from where they are.
//!
//! The estimate is there to order pairs, not to plan a trip: the straight line, three tenths longer
//! for the roads, at 75 km/h. Whole numbers only, so that every machine gives the same answer.

use super::{Form, Input, Mentee, Mentor, Place};

/// A millionth of a degree along a meridian, in tenths of a millimetre.
const TENTHS_OF_MILLIMETRES_A_MICRODEGREE: i64 = 1_112;
const METRES_A_MINUTE: u64 = 1_250;

/// Whether a pair travels, and how far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Journey {
    /// They meet by video or telephone.
    None,
    /// One way.
    Minutes(u32),
    /// Nobody knows where one of them is.
    Unknown,
}

impl Journey {
    /// The journey of a pair.
    pub(super) fn of(input: &Input, mentee: &Mentee, mentor: &Mentor) -> Self {
        if meet_at_a_distance(&mentee.terms.forms, &mentor.terms.forms) {
            return Self::None;
        }
        let place = |municipality| input.places.get(municipality).copied();
        match (place(&mentee.municipality), place(&mentor.municipality)) {
            (Some(from), Some(to)) => Self::Minutes(minutes(from, to)),
            _ => Self::Unknown,
        }
    }

    /// 100 without a journey, 50 for the longest that is not long, 0 from twice that.
    pub(super) fn points(self, long_minutes: u32) -> u32 {
        match self {
            Self::None => 100,
            Self::Minutes(minutes) => {
                let lost = u64::from(minutes) * 50 / u64::from(long_minutes.max(1));
                100 - u32::try_from(lost).unwrap_or(100).min(100)
            }
            Self::Unknown => 0,
        }
    }

    pub(super) fn is_long(self, long_minutes: u32) -> bool {
        matches!(self, Self::Minutes(minutes) if minutes > long_minutes)
    }
}

/// Whether two people who both say how they meet share a form, but not the one in person.
pub(super) fn meet_at_a_distance(first: &[Form], second: &[Form]) -> bool {
    let mut shared = first.iter().filter(|form| second.contains(form)).peekable();
    shared.peek().is_some() && shared.all(|form| *form != Form::InPerson)
}

/// The estimated journey between two places, one way.
pub(super) fn minutes(from: Place, to: Place) -> u32 {
    let difference = |a: i32, b: i32| i64::from(a) - i64::from(b);
    let north = difference(from.latitude_microdegrees, to.latitude_microdegrees);
    let mut east = difference(from.longitude_microdegrees, to.longitude_microdegrees).abs();
    if east > 180_000_000 {
        east = 360_000_000 - east;
    }
    let latitude = i64::midpoint(
        from.latitude_microdegrees.into(),
        to.latitude_microdegrees.into(),
    );
    let metres = |microdegrees: i64| microdegrees * TENTHS_OF_MILLIMETRES_A_MICRODEGREE / 10_000;
    let north = metres(north);
    let east = metres(east) * cosine_permille(latitude) / 1_000;
    let line = (north * north + east * east).unsigned_abs().isqrt();
    let road = line * 13 / 10;
    u32::try_from(road.div_ceil(METRES_A_MINUTE)).unwrap_or(u32::MAX)
}

/// Bhaskara's approximation, within two thousandths, and one for rounding.
fn cosine_permille(microdegrees: i64) -> i64 {
    // Hundredths of a degree keep the squares small.
    let square = (microdegrees / 10_000).pow(2);
    let half_turn_square = 18_000_i64.pow(2);
    ((half_turn_square - 4 * square) * 1_000 / (half_turn_square + square)).max(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LINKOPING: Place = Place {
        latitude_microdegrees: 58_410_000,
        longitude_microdegrees: 15_621_000,
    };
    const ANEBY: Place = Place {
        latitude_microdegrees: 57_838_000,
        longitude_microdegrees: 14_812_000,
    };

    #[test]
    fn a_journey_is_as_long_both_ways_and_near_what_the_road_takes() {
        // 79.6 km as the crow flies, 103 km and 83 minutes by this estimate.
        assert_eq!(minutes(LINKOPING, ANEBY), 83);
        assert_eq!(minutes(ANEBY, LINKOPING), 83);
        assert_eq!(minutes(ANEBY, ANEBY), 0);
    }

    #[test]
    fn the_date_line_is_no_journey_around_the_globe() {
        let east = |longitude_microdegrees| Place {
            latitude_microdegrees: 0,
            longitude_microdegrees,
        };
        let across = minutes(east(179_900_000), east(-179_900_000));
        assert_eq!(across, minutes(east(100_000), east(-100_000)));
    }

    #[test]
    fn the_cosine_is_within_three_thousandths() {
        for degrees in 0..=90_i32 {
            let exact = f64::from(degrees).to_radians().cos();
            let ours = i32::try_from(cosine_permille(i64::from(degrees) * 1_000_000)).unwrap();
            let off = (f64::from(ours) / 1_000.0 - exact).abs();
            assert!(off <= 0.002_7, "{degrees}: {off}");
        }
    }

    #[test]
    fn points_fall_from_a_hundred_to_half_where_long_begins_and_to_none_at_twice_that() {
        let points = |minutes| Journey::Minutes(minutes).points(90);
        assert_eq!([0, 45, 90, 180, 500].map(points), [100, 75, 50, 0, 0]);
        assert!(!Journey::Minutes(90).is_long(90) && Journey::Minutes(91).is_long(90));
        assert_eq!(Journey::None.points(90), 100);
        assert_eq!(Journey::Unknown.points(90), 0);
        assert_eq!(Journey::Minutes(1).points(0), 50);
    }

    #[test]
    fn who_shares_only_forms_at_a_distance_does_not_travel() {
        use Form::{Digital, InPerson, Telephone};
        assert!(meet_at_a_distance(&[Digital], &[Telephone, Digital]));
        assert!(!meet_at_a_distance(
            &[Digital, InPerson],
            &[InPerson, Digital]
        ));
        assert!(!meet_at_a_distance(&[Digital], &[Telephone]));
        assert!(!meet_at_a_distance(&[], &[Digital]));
    }
}
