//! The balance of women and men: counts, and how far a count is from what a round wants.

use shared_types::Gender;

/// All that can be stated.
pub(super) const GENDERS: [Gender; 4] = [
    Gender::Woman,
    Gender::Man,
    Gender::Other,
    Gender::Undisclosed,
];

/// How the balance of women and men counts in a round.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Balance {
    /// Gender plays no part.
    Off,
    /// Gender decides only between people of equal rank.
    TieBreak,
    /// The share of women should be within a tolerance of a target, before ranks count.
    Target {
        /// The wanted share of women in thousandths; more than 1,000 counts as 1,000.
        women_permille: u32,
        /// How far from it, in thousandths to either side, is still good.
        tolerance_permille: u32,
    },
}

/// One of the two sides of the balance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Side {
    /// Women.
    Women,
    /// Men.
    Men,
}

impl Side {
    /// The side that a gender counts for always; `None` for whoever states none of the two.
    pub(super) fn of(gender: Gender) -> Option<Self> {
        match gender {
            Gender::Woman => Some(Self::Women),
            Gender::Man => Some(Self::Men),
            Gender::Other | Gender::Undisclosed => None,
        }
    }

    pub(super) fn opposite(self) -> Self {
        match self {
            Self::Women => Self::Men,
            Self::Men => Self::Women,
        }
    }
}

/// How many women, men and people who state neither.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct BalanceCount {
    /// Women.
    pub women: u32,
    /// Men.
    pub men: u32,
    /// People who state another gender or none.
    pub unstated: u32,
}

impl BalanceCount {
    /// This count and one person more.
    pub(super) fn with(mut self, gender: Gender) -> Self {
        *self.of(gender) += 1;
        self
    }

    /// This count and one person less.
    pub(super) fn without(mut self, gender: Gender) -> Self {
        let counted = self.of(gender);
        *counted = counted.saturating_sub(1);
        self
    }

    fn of(&mut self, gender: Gender) -> &mut u32 {
        match gender {
            Gender::Woman => &mut self.women,
            Gender::Man => &mut self.men,
            Gender::Other | Gender::Undisclosed => &mut self.unstated,
        }
    }
}

impl FromIterator<Gender> for BalanceCount {
    fn from_iter<I: IntoIterator<Item = Gender>>(genders: I) -> Self {
        genders.into_iter().fold(Self::default(), Self::with)
    }
}

impl Balance {
    /// The distance of a count from what the rule wants, in thousandths of a person; 0 is good.
    ///
    /// For tie-break that is 500 times the imbalance |women − men|, for target the distance outside
    /// the tolerance. Whoever states no gender counts, as a whole, for the side that needs it.
    pub(super) fn distance(self, count: BalanceCount) -> i64 {
        let (permille, tolerance) = match self {
            Self::Off => return 0,
            Self::TieBreak => (500, 0),
            Self::Target {
                women_permille,
                tolerance_permille,
            } => (
                i64::from(women_permille.min(1000)),
                i64::from(tolerance_permille.min(1000)),
            ),
        };
        let fewest = i64::from(count.women);
        let most = fewest + i64::from(count.unstated);
        let total = most + i64::from(count.men);
        let outside = |women: i64| {
            let off_target = (1000 * women - permille * total).abs();
            (off_target - tolerance * total).max(0)
        };
        // Convex in the women, so its best point is next to the target, or as near as we may go.
        let target = permille * total / 1000;
        outside(target.clamp(fewest, most)).min(outside((target + 1).clamp(fewest, most)))
    }

    /// The side that has so many that one less of it, and one more of the other, would be nearer.
    pub(super) fn overfull(self, count: BalanceCount) -> Option<Side> {
        let BalanceCount { women, men, .. } = count;
        let fewer_women = women.checked_sub(1).map(|women| BalanceCount {
            women,
            men: men + 1,
            ..count
        });
        let fewer_men = men.checked_sub(1).map(|men| BalanceCount {
            women: women + 1,
            men,
            ..count
        });
        let nearer = |moved: Option<BalanceCount>| {
            moved.is_some_and(|moved| self.distance(moved) < self.distance(count))
        };
        if nearer(fewer_women) {
            Some(Side::Women)
        } else if nearer(fewer_men) {
            Some(Side::Men)
        } else {
            None
        }
    }
}
