//! The coordinator's weights: how much each criterion counts.

use super::WishCannotBeMandatory;

/// What makes a pair better than another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Criterion {
    /// The mentee wished for this mentor.
    MenteeWish,
    /// The mentor wished for this mentee.
    MentorWish,
    /// The mentor offers what the mentee seeks.
    Competences,
    /// They share a language.
    Languages,
    /// The journey between their municipalities is short.
    Travel,
    /// They can meet in the same form.
    Form,
    /// They work in the same sector.
    Sector,
}

impl Criterion {
    /// All, in the order in which a score is broken down.
    pub const ALL: [Self; 7] = [
        Self::MenteeWish,
        Self::MentorWish,
        Self::Competences,
        Self::Languages,
        Self::Travel,
        Self::Form,
        Self::Sector,
    ];

    /// The stable name, in snake case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::MenteeWish => "mentee_wish",
            Self::MentorWish => "mentor_wish",
            Self::Competences => "competences",
            Self::Languages => "languages",
            Self::Travel => "travel",
            Self::Form => "form",
            Self::Sector => "sector",
        }
    }

    const fn is_wish(self) -> bool {
        matches!(self, Self::MenteeWish | Self::MentorWish)
    }
}

/// How much a criterion counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Not at all.
    Off,
    /// Its points once.
    Low,
    /// Its points twice.
    Medium,
    /// Its points four times.
    High,
    /// Four times, and a pair that is known not to meet it may not be.
    Mandatory,
}

impl Level {
    /// All, the weakest first.
    pub const ALL: [Self; 5] = [
        Self::Off,
        Self::Low,
        Self::Medium,
        Self::High,
        Self::Mandatory,
    ];

    /// The stable name, in snake case.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Mandatory => "mandatory",
        }
    }

    /// What points are multiplied with.
    pub const fn factor(self) -> u32 {
        match self {
            Self::Off => 0,
            Self::Low => 1,
            Self::Medium => 2,
            Self::High | Self::Mandatory => 4,
        }
    }
}

/// A level for each criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Weights([Level; 7]);

impl Default for Weights {
    /// Wishes of mentees and competences high, language mandatory, journeys and wishes of mentors
    /// medium, form and sector low.
    fn default() -> Self {
        Self([
            Level::High,
            Level::Medium,
            Level::High,
            Level::Mandatory,
            Level::Medium,
            Level::Low,
            Level::Low,
        ])
    }
}

impl Weights {
    /// The level of a criterion.
    pub const fn level(&self, criterion: Criterion) -> Level {
        let Self([mentee, mentor, competences, languages, travel, form, sector]) = *self;
        match criterion {
            Criterion::MenteeWish => mentee,
            Criterion::MentorWish => mentor,
            Criterion::Competences => competences,
            Criterion::Languages => languages,
            Criterion::Travel => travel,
            Criterion::Form => form,
            Criterion::Sector => sector,
        }
    }

    /// The same weights but for one criterion.
    pub fn with(
        mut self,
        criterion: Criterion,
        level: Level,
    ) -> Result<Self, WishCannotBeMandatory> {
        if criterion.is_wish() && level == Level::Mandatory {
            return Err(WishCannotBeMandatory);
        }
        for (own, of) in self.0.iter_mut().zip(Criterion::ALL) {
            if of == criterion {
                *own = level;
            }
        }
        Ok(self)
    }

    /// Whether pairs that are known not to meet this criterion are excluded.
    pub fn is_mandatory(&self, criterion: Criterion) -> bool {
        self.level(criterion) == Level::Mandatory
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_criterion_has_a_level_of_its_own() {
        for criterion in Criterion::ALL {
            let changed = Weights::default().with(criterion, Level::Off).unwrap();
            for other in Criterion::ALL {
                let expected = if other == criterion {
                    Level::Off
                } else {
                    Weights::default().level(other)
                };
                assert_eq!(changed.level(other), expected, "{criterion:?} {other:?}");
            }
        }
    }

    #[test]
    fn a_wish_cannot_be_mandatory_and_everything_else_can() {
        for criterion in Criterion::ALL {
            let made = Weights::default().with(criterion, Level::Mandatory);
            assert_eq!(made.is_err(), criterion.is_wish(), "{criterion:?}");
        }
    }
}
