//! What may be written of whom, and which counts may be shown.

use shared_types::evaluation::interviews::{Consent, InterviewKind, ThemeByGender};
use std::collections::BTreeSet;

/// Fewest people that a shown number may stand for.
pub const LEAST: i32 = 5;

/// Whether a number could be somebody's.
pub const fn small(count: i32) -> bool {
    count < LEAST
}

/// Whether a number may be shown beside what is left of the whole: neither is small, but that
/// nobody may be left.
const fn shown(count: i32, whole: i32) -> bool {
    let rest = whole - count;
    !small(count) && (rest == 0 || !small(rest))
}

/// Whether notes may be written: everybody agreed in an interview with one, somebody in a group.
pub fn may_write(kind: InterviewKind, consents: &[Consent]) -> bool {
    let given = |consent: &Consent| *consent == Consent::Given;
    match kind {
        InterviewKind::Individual => !consents.is_empty() && consents.iter().all(given),
        InterviewKind::Group => consents.iter().any(given),
    }
}

/// People of each gender.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct People {
    /// Women.
    pub women: i32,
    /// Men.
    pub men: i32,
    /// Who states another gender, or none.
    pub others: i32,
}

impl People {
    /// All of them.
    pub const fn all(self) -> i32 {
        self.women + self.men + self.others
    }
}

/// How many spoke of a theme, if it may be shown.
pub fn people_count(spoke: People, interviewed: People) -> Option<i32> {
    shown(spoke.all(), interviewed.all()).then_some(spoke.all())
}

/// The same by gender. What is shown of women and men must not give away the few others either.
pub fn by_gender(spoke: People, interviewed: People) -> Option<ThemeByGender> {
    let hides = |count: i32, whole: i32| {
        // That all of a gender said the same is said of each of them.
        !shown(count, whole) || count == whole
    };
    let few_others = interviewed.others > 0 && hides(spoke.others, interviewed.others);
    if hides(spoke.women, interviewed.women) || hides(spoke.men, interviewed.men) || few_others {
        return None;
    }
    Some(ThemeByGender {
        women: spoke.women,
        men: spoke.men,
    })
}

/// Whether a quote holds a part of somebody's name, as a word written like it.
pub fn names_somebody(quote: &str, names: &[String]) -> bool {
    let parts: BTreeSet<&str> = names
        .iter()
        .flat_map(|name| words(name))
        .filter(|part| part.chars().count() > 1)
        .collect();
    words(quote).any(|word| {
        // "Annas" is Anna too.
        let bare = word.strip_suffix('s').unwrap_or(word);
        parts.contains(word) || parts.contains(bare)
    })
}

fn words(text: &str) -> impl Iterator<Item = &str> {
    let apart = |letter: char| !letter.is_alphanumeric();
    text.split(apart).filter(|word| !word.is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn people(women: i32, men: i32, others: i32) -> People {
        People { women, men, others }
    }

    #[test]
    fn a_count_is_shown_where_neither_it_nor_what_is_left_is_small() {
        let whole = people(12, 12, 0);
        assert_eq!(people_count(people(3, 2, 0), whole), Some(5));
        assert_eq!(people_count(people(2, 2, 0), whole), None);
        assert_eq!(people_count(people(10, 10, 0), whole), None);
        assert_eq!(people_count(people(12, 12, 0), whole), Some(24));
        assert_eq!(people_count(people(0, 0, 0), whole), None);
    }

    #[test]
    fn genders_are_told_apart_only_where_nobody_is_made_out_by_it() {
        let whole = people(12, 12, 0);
        let shown = Some(ThemeByGender { women: 6, men: 5 });
        assert_eq!(by_gender(people(6, 5, 0), whole), shown);
        assert_eq!(by_gender(people(6, 4, 0), whole), None);
        assert_eq!(by_gender(people(9, 6, 0), whole), None);
        assert_eq!(by_gender(people(12, 6, 0), whole), None, "all women");
        assert_eq!(by_gender(people(6, 5, 1), people(12, 12, 1)), None);
        assert_eq!(by_gender(people(0, 6, 0), whole), None);
    }

    #[test]
    fn nothing_is_written_of_who_has_not_agreed() {
        use Consent::{Asked, Given, Refused};
        use InterviewKind::{Group, Individual};
        assert!(may_write(Individual, &[Given]));
        assert!(!may_write(Individual, &[Asked]) && !may_write(Individual, &[]));
        assert!(may_write(Group, &[Given, Refused]));
        assert!(!may_write(Group, &[Asked, Refused]));
    }

    #[test]
    fn a_quote_with_a_name_in_it_is_known() {
        let names = ["Anna Lind-Öberg".to_owned(), "Bo Berg".to_owned()];
        for quote in [
            "Jag lärde mig av Anna.",
            "Öberg sa det",
            "Annas grupp",
            "(Bo)",
        ] {
            assert!(names_somebody(quote, &names), "{quote}");
        }
        for quote in ["Ett berg av arbete", "Vi bor här", "Annars inte", "lind"] {
            assert!(!names_somebody(quote, &names), "{quote}");
        }
    }
}
