//! Where a follower stands in a feed.

use std::{fmt, str::FromStr};

/// The place of the last item that was seen; 0 before the first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct After(pub i64);

impl After {
    /// Whether something that stood behind this place is forgotten, when `first` is the first
    /// that is left.
    pub fn has_missed(self, first: Option<i64>) -> bool {
        first.is_some_and(|first| first - 1 > self.0)
    }
}

impl fmt::Display for After {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "p{}", self.0)
    }
}

impl FromStr for After {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digits = text.strip_prefix('p').ok_or(())?;
        let is_number = digits.bytes().all(|byte| byte.is_ascii_digit());
        let place = digits.parse().map_err(drop)?;
        is_number.then_some(Self(place)).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_read_back_as_it_was_written() {
        for place in [0, 1, i64::MAX] {
            assert_eq!(After(place).to_string().parse(), Ok(After(place)));
        }
        for text in ["", "p", "p-1", "p+1", "1", "p9223372036854775808", "q1"] {
            assert_eq!(text.parse::<After>(), Err(()), "{text}");
        }
    }

    #[test]
    fn whoever_comes_after_what_followed_was_forgotten_has_missed_it() {
        assert!(After(0).has_missed(Some(9)));
        assert!(!After(8).has_missed(Some(9)));
        assert!(After(7).has_missed(Some(9)));
        assert!(!After(7).has_missed(None));
    }
}
