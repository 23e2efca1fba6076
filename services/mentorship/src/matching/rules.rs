//! The hard rules, each with its name.

use super::{Bar, Barred, Couple, Criterion, Input, Mentee, Mentor, score};

/// What forbids a pair, whatever its score; in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// The mentor is active and holds an eligible office now.
    EligibleOffice,
    /// The mentor has a place that is neither active nor staged.
    Capacity,
    /// Nobody mentors oneself.
    AnotherPerson,
    /// The mentor is of another municipality than the mentee.
    OtherMunicipality,
    /// The mentor did not endorse this mentee, nor as acting holder.
    NotTheEndorser,
    /// Neither is above the other in the line of management.
    LineOfManagement,
    /// Neither declared a conflict.
    NoConflict,
    /// The two were no pair that ended in disagreement.
    NoDisagreement,
    /// The coordinator does not forbid the pair.
    NotForbidden,
    /// A criterion that the weights make mandatory is met, or not known.
    Mandatory(Criterion),
}

impl Rule {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 16] = [
        Self::EligibleOffice,
        Self::Capacity,
        Self::AnotherPerson,
        Self::OtherMunicipality,
        Self::NotTheEndorser,
        Self::LineOfManagement,
        Self::NoConflict,
        Self::NoDisagreement,
        Self::NotForbidden,
        Self::Mandatory(Criterion::MenteeWish),
        Self::Mandatory(Criterion::MentorWish),
        Self::Mandatory(Criterion::Competences),
        Self::Mandatory(Criterion::Languages),
        Self::Mandatory(Criterion::Travel),
        Self::Mandatory(Criterion::Form),
        Self::Mandatory(Criterion::Sector),
    ];

    /// The rule of a name.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }

    /// The stable name, in snake case; that of a mandatory criterion ends with the criterion's.
    pub fn code(self) -> &'static str {
        match self {
            Self::EligibleOffice => "eligible_office",
            Self::Capacity => "capacity",
            Self::AnotherPerson => "another_person",
            Self::OtherMunicipality => "other_municipality",
            Self::NotTheEndorser => "not_the_endorser",
            Self::LineOfManagement => "line_of_management",
            Self::NoConflict => "no_conflict",
            Self::NoDisagreement => "no_disagreement",
            Self::NotForbidden => "not_forbidden",
            Self::Mandatory(criterion) => match criterion {
                Criterion::MenteeWish => "mandatory_mentee_wish",
                Criterion::MentorWish => "mandatory_mentor_wish",
                Criterion::Competences => "mandatory_competences",
                Criterion::Languages => "mandatory_languages",
                Criterion::Travel => "mandatory_travel",
                Criterion::Form => "mandatory_form",
                Criterion::Sector => "mandatory_sector",
            },
        }
    }
}

/// Every hard rule that forbids this pair, in order; empty when it may be.
///
/// Capacity asks for one place besides those that are taken. Whoever checks several pairs of one
/// mentor together, or a pair that is staged already, counts that pair out of `taken` first.
pub fn refusals(input: &Input, mentee: &Mentee, mentor: &Mentor) -> Vec<Rule> {
    let couple = Couple {
        mentee: mentee.id,
        mentor: mentor.id,
    };
    let barred = |bar| input.barred.contains(&Barred { couple, bar });
    let in_line = mentee.managers.contains(&mentor.id) || mentor.managers.contains(&mentee.id);
    let general = [
        (Rule::EligibleOffice, !mentor.holds_office),
        (Rule::Capacity, mentor.free() == 0),
        (Rule::AnotherPerson, mentee.id == mentor.id),
        (
            Rule::OtherMunicipality,
            mentee.municipality == mentor.municipality,
        ),
        (Rule::NotTheEndorser, mentee.endorsers.contains(&mentor.id)),
        (Rule::LineOfManagement, in_line),
        (Rule::NoConflict, barred(Bar::Conflict)),
        (Rule::NoDisagreement, barred(Bar::Disagreement)),
        (Rule::NotForbidden, barred(Bar::Forbidden)),
    ];
    let mandatory = Criterion::ALL.into_iter().map(|criterion| {
        let broken = input.weights.is_mandatory(criterion)
            && score::is_unmet(input, criterion, (mentee, mentor));
        (Rule::Mandatory(criterion), broken)
    });
    general
        .into_iter()
        .chain(mandatory)
        .filter_map(|(rule, broken)| broken.then_some(rule))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::{Form, Level, Place, Terms};
    use shared_types::{OrganisationId, PersonId};
    use std::collections::BTreeSet;
    use uuid::Uuid;

    fn person(number: u128) -> PersonId {
        Uuid::from_u128(number).into()
    }

    fn municipality(number: u128) -> OrganisationId {
        Uuid::from_u128(number).into()
    }

    /// A pair that may be, whatever is mandatory.
    fn good() -> (Input, Mentee, Mentor) {
        let terms = Terms {
            languages: vec!["sv".into()],
            forms: vec![Form::InPerson],
            sector: Some("care".into()),
        };
        let mentee = Mentee {
            id: person(1),
            municipality: municipality(10),
            endorsers: BTreeSet::from([person(3), person(4)]),
            managers: BTreeSet::from([person(5), person(6)]),
            wishes: Vec::new(),
            competences: vec!["budget".into()],
            terms: terms.clone(),
        };
        let mentor = Mentor {
            id: person(2),
            municipality: municipality(11),
            holds_office: true,
            managers: BTreeSet::from([person(7)]),
            capacity: 2,
            taken: 1,
            wishes: Vec::new(),
            competences: BTreeSet::from(["budget".into()]),
            terms,
        };
        let place = |latitude_microdegrees| Place {
            latitude_microdegrees,
            longitude_microdegrees: 15_000_000,
        };
        let mut input = Input {
            places: [
                (municipality(10), place(58_000_000)),
                (municipality(11), place(58_300_000)),
            ]
            .into(),
            long_journey_minutes: 60,
            ..Input::default()
        };
        for criterion in Criterion::ALL {
            let mandatory = input.weights.with(criterion, Level::Mandatory);
            input.weights = mandatory.unwrap_or(input.weights);
        }
        (input, mentee, mentor)
    }

    fn bar(input: &mut Input, bar: Bar) {
        let couple = Couple {
            mentee: person(1),
            mentor: person(2),
        };
        input.barred.insert(Barred { couple, bar });
    }

    /// What breaks each rule, and nothing else.
    type Break = fn(&mut Input, &mut Mentee, &mut Mentor);

    const BREAKS: [(Rule, &str, Break); 18] = [
        (Rule::EligibleOffice, "left the office", |_, _, mentor| {
            mentor.holds_office = false;
        }),
        (Rule::Capacity, "all places taken", |_, _, mentor| {
            mentor.taken = 2;
        }),
        (Rule::Capacity, "over capacity", |_, _, mentor| {
            mentor.taken = 3;
        }),
        (Rule::AnotherPerson, "oneself", |_, mentee, mentor| {
            mentor.id = mentee.id;
        }),
        (Rule::OtherMunicipality, "own one", |_, mentee, mentor| {
            mentor.municipality = mentee.municipality;
        }),
        (Rule::NotTheEndorser, "the holder", |_, _, mentor| {
            mentor.id = person(3);
        }),
        (Rule::NotTheEndorser, "the acting one", |_, _, mentor| {
            mentor.id = person(4);
        }),
        (Rule::LineOfManagement, "the manager", |_, _, mentor| {
            mentor.id = person(5);
        }),
        (Rule::LineOfManagement, "the manager's", |_, _, mentor| {
            mentor.id = person(6);
        }),
        (Rule::LineOfManagement, "a subordinate", |_, mentee, _| {
            mentee.id = person(7);
        }),
        (Rule::NoConflict, "declared", |input, _, _| {
            bar(input, Bar::Conflict);
        }),
        (Rule::NoDisagreement, "ended so", |input, _, _| {
            bar(input, Bar::Disagreement);
        }),
        (Rule::NotForbidden, "by the coordinator", |input, _, _| {
            bar(input, Bar::Forbidden);
        }),
        (
            Rule::Mandatory(Criterion::Competences),
            "none of those sought",
            |_, _, mentor| mentor.competences = BTreeSet::from(["crisis".into()]),
        ),
        (
            Rule::Mandatory(Criterion::Languages),
            "none in common",
            |_, _, mentor| mentor.terms.languages = vec!["da".into()],
        ),
        (
            Rule::Mandatory(Criterion::Travel),
            "too long",
            |input, _, _| input.long_journey_minutes = 20,
        ),
        (
            Rule::Mandatory(Criterion::Form),
            "none in common",
            |_, mentee, _| mentee.terms.forms = vec![Form::Telephone],
        ),
        (
            Rule::Mandatory(Criterion::Sector),
            "another",
            |_, mentee, _| mentee.terms.sector = Some("school".into()),
        ),
    ];

    #[test]
    fn a_pair_that_breaks_no_rule_may_be() {
        let (input, mentee, mentor) = good();
        assert_eq!(refusals(&input, &mentee, &mentor), []);
    }

    #[test]
    fn each_rule_is_broken_by_its_own_case_alone() {
        for (rule, case, change) in BREAKS {
            let (mut input, mut mentee, mut mentor) = good();
            change(&mut input, &mut mentee, &mut mentor);
            let refusals = refusals(&input, &mentee, &mentor);
            assert_eq!(refusals, [rule], "{} {case}", rule.code());
        }
    }

    #[test]
    fn a_bar_between_two_others_means_nothing() {
        let (mut input, mentee, mentor) = good();
        for (one, other) in [(1, 9), (9, 2), (2, 1)] {
            let couple = Couple {
                mentee: person(one),
                mentor: person(other),
            };
            let bar = Bar::Conflict;
            input.barred.insert(Barred { couple, bar });
        }
        assert_eq!(refusals(&input, &mentee, &mentor), []);
    }

    #[test]
    fn what_is_not_known_breaks_no_mandatory_criterion() {
        let (mut input, mentee, mut mentor) = good();
        mentor.terms = Terms::default();
        mentor.competences.clear();
        input.places.clear();
        assert_eq!(refusals(&input, &mentee, &mentor), []);
    }

    #[test]
    fn every_broken_rule_is_told_in_order_and_has_a_name_of_its_own() {
        let (mut input, mut mentee, mut mentor) = good();
        bar(&mut input, Bar::Conflict);
        mentee.municipality = mentor.municipality;
        mentor.taken = 2;
        let told = refusals(&input, &mentee, &mentor);
        let expected = [Rule::Capacity, Rule::OtherMunicipality, Rule::NoConflict];
        assert_eq!(told, expected);
        let codes: BTreeSet<&str> = BREAKS.iter().map(|(rule, _, _)| rule.code()).collect();
        let rules: BTreeSet<Rule> = BREAKS.iter().map(|(rule, _, _)| *rule).collect();
        assert_eq!((codes.len(), rules.len()), (14, 14));
    }
}
