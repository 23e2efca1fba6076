//! Findings in words: what, and why it is so.

use super::{
    compose::{Cause, Finding},
    inputs::number,
};
use shared_projections::people;
use shared_types::{Language, PersonId, Words, scheduling::groups::GroupFinding};
use std::collections::HashMap;
use uuid::Uuid;

/// Names of the people who are known.
pub struct Names<'a>(&'a HashMap<Uuid, people::Model>);

impl<'a> Names<'a> {
    /// The names of some people.
    pub fn of(people: &'a HashMap<Uuid, people::Model>) -> Self {
        Self(people)
    }

    fn of_person(&self, person: PersonId) -> String {
        let known = self.0.get(&person.uuid()).map(|known| known.name.as_str());
        known
            .filter(|name| !name.is_empty())
            .unwrap_or("?")
            .to_owned()
    }

    fn of_people(&self, people: &[PersonId]) -> String {
        let names: Vec<String> = people.iter().map(|&one| self.of_person(one)).collect();
        names.join(", ")
    }
}

/// Somebody who takes part and has no group.
pub fn missing(person: PersonId, names: &Names, language: Language) -> GroupFinding {
    let words = Words {
        en: "{name} takes part and has no group.",
        sv: "{name} deltar och har ingen grupp.",
        da: "{name} deltager og har ingen gruppe.",
    };
    GroupFinding {
        code: "person_missing".to_owned(),
        needs_reason: true,
        group: None,
        person_ids: vec![person],
        detail: words.fill(language, &[("name", names.of_person(person))]),
    }
}

/// A finding about one of so many groups.
pub fn finding(
    finding: &Finding,
    groups: usize,
    names: &Names,
    language: Language,
) -> GroupFinding {
    let told = Told::of(finding, names);
    let mut detail = told.words.fill(language, &told.values);
    if let Some(cause) = cause(finding) {
        detail.push(' ');
        detail.push_str(&why(cause, groups, names, language));
    }
    GroupFinding {
        code: told.code.to_owned(),
        needs_reason: cause(finding).is_some(),
        group: Some(number(told.group)),
        person_ids: told.people,
        detail,
    }
}

/// Why a hard rule is broken; other findings need no reason.
fn cause(finding: &Finding) -> Option<&Cause> {
    match finding {
        Finding::Line { cause, .. } | Finding::Apart { cause, .. } => Some(cause),
        Finding::Size { .. }
        | Finding::MetBefore { .. }
        | Finding::Municipality { .. }
        | Finding::Department { .. }
        | Finding::Genders { .. } => None,
    }
}

/// What a finding says.
struct Told {
    code: &'static str,
    group: usize,
    people: Vec<PersonId>,
    words: Words,
    values: Vec<(&'static str, String)>,
}

impl Told {
    fn of(finding: &Finding, names: &Names) -> Self {
        match finding {
            Finding::Line {
                group,
                junior,
                senior,
                ..
            } => Self {
                code: "line_of_management",
                group: *group,
                people: vec![*junior, *senior],
                words: LINE,
                values: vec![
                    ("junior", names.of_person(*junior)),
                    ("senior", names.of_person(*senior)),
                ],
            },
            Finding::Apart { group, people, .. } => {
                Self::of_two("kept_apart", *group, *people, APART, names)
            }
            Finding::MetBefore {
                group,
                people,
                times,
            } => {
                let mut told = Self::of_two("met_before", *group, *people, MET, names);
                told.values.push(("times", times.to_string()));
                told
            }
            Finding::Size { group, size, usual } => Self {
                code: "size_uneven",
                group: *group,
                people: Vec::new(),
                words: SIZE,
                values: vec![
                    ("size", size.to_string()),
                    ("from", usual[0].to_string()),
                    ("to", usual[1].to_string()),
                ],
            },
            Finding::Municipality {
                group,
                people,
                usual,
                ..
            } => Self::of_crowd(
                "same_municipality",
                *group,
                people,
                *usual,
                MUNICIPALITY,
                names,
            ),
            Finding::Department {
                group,
                people,
                usual,
                ..
            } => Self::of_crowd("same_department", *group, people, *usual, DEPARTMENT, names),
            Finding::Genders { group, women, men } => Self {
                code: "genders_uneven",
                group: *group,
                people: Vec::new(),
                words: GENDERS,
                values: vec![("women", women.to_string()), ("men", men.to_string())],
            },
        }
    }

    fn of_two(
        code: &'static str,
        group: usize,
        people: [PersonId; 2],
        words: Words,
        names: &Names,
    ) -> Self {
        let [one, other] = people.map(|person| names.of_person(person));
        Self {
            code,
            group,
            people: people.to_vec(),
            words,
            values: vec![("one", one), ("other", other)],
        }
    }

    fn of_crowd(
        code: &'static str,
        group: usize,
        people: &[PersonId],
        usual: usize,
        words: Words,
        names: &Names,
    ) -> Self {
        Self {
            code,
            group,
            people: people.to_vec(),
            words,
            values: vec![
                ("count", people.len().to_string()),
                ("usual", usual.to_string()),
                ("names", names.of_people(people)),
            ],
        }
    }
}

fn why(cause: &Cause, groups: usize, names: &Names, language: Language) -> String {
    let (words, values) = match cause {
        Cause::BothLocked => (BOTH_LOCKED, Vec::new()),
        Cause::Crowd(people) => (
            CROWD,
            vec![
                ("count", people.len().to_string()),
                ("groups", groups.to_string()),
                ("names", names.of_people(people)),
            ],
        ),
        Cause::Surrounded {
            person,
            others,
            needed,
        } => (
            SURROUNDED,
            vec![
                ("name", names.of_person(*person)),
                ("others", others.to_string()),
                ("needed", needed.to_string()),
            ],
        ),
        Cause::Unavoidable => (UNAVOIDABLE, Vec::new()),
        Cause::NotProven => (NOT_PROVEN, Vec::new()),
    };
    words.fill(language, &values)
}

const LINE: Words = Words {
    en: "{senior} is above {junior} in the line of management.",
    sv: "{senior} är chef över {junior}, direkt eller i flera led.",
    da: "{senior} er leder for {junior}, direkte eller i flere led.",
};
const APART: Words = Words {
    en: "{one} and {other} are to be kept apart.",
    sv: "{one} och {other} ska hållas isär.",
    da: "{one} og {other} skal holdes adskilt.",
};
const MET: Words = Words {
    en: "{one} and {other} were in one group before (times: {times}).",
    sv: "{one} och {other} har varit i samma grupp förut (gånger: {times}).",
    da: "{one} og {other} har været i samme gruppe før (gange: {times}).",
};
const SIZE: Words = Words {
    en: "The group has {size} people; usual is {from} to {to}.",
    sv: "Gruppen har {size} personer; vanligt är {from} till {to}.",
    da: "Gruppen har {size} personer; normalt er {from} til {to}.",
};
const MUNICIPALITY: Words = Words {
    en: "{count} come from one municipality, where an even spread has {usual}: {names}.",
    sv: "{count} kommer från samma kommun, där en jämn fördelning har {usual}: {names}.",
    da: "{count} kommer fra samme kommune, hvor en jævn fordeling har {usual}: {names}.",
};
const DEPARTMENT: Words = Words {
    en: "{count} come from one department, where an even spread has {usual}: {names}.",
    sv: "{count} kommer från samma förvaltning, där en jämn fördelning har {usual}: {names}.",
    da: "{count} kommer fra samme forvaltning, hvor en jævn fordeling har {usual}: {names}.",
};
const GENDERS: Words = Words {
    en: "Women: {women}, men: {men}; an even spread is possible.",
    sv: "Kvinnor: {women}, män: {men}; en jämnare fördelning går.",
    da: "Kvinder: {women}, mænd: {men}; en jævnere fordeling er mulig.",
};
const BOTH_LOCKED: Words = Words {
    en: "Both are locked in this group.",
    sv: "Båda är låsta i gruppen.",
    da: "Begge er låst i gruppen.",
};
const CROWD: Words = Words {
    en: "{count} people would all have to be kept from each other, in {groups} groups: {names}.",
    sv: "{count} personer skulle alla behöva hållas isär, i {groups} grupper: {names}.",
    da: "{count} personer skulle alle holdes adskilt, i {groups} grupper: {names}.",
};
const SURROUNDED: Words = Words {
    en: "{name} can be in one group with {others} of the others, and a group has at least {needed} more.",
    sv: "{name} kan vara i grupp med {others} av de andra, och en grupp har minst {needed} till.",
    da: "{name} kan være i gruppe med {others} af de andre, og en gruppe har mindst {needed} mere.",
};
const UNAVOIDABLE: Words = Words {
    en: "Every other division breaks the rules as often.",
    sv: "Varje annan indelning bryter reglerna lika ofta.",
    da: "Enhver anden inddeling bryder reglerne lige så ofte.",
};
const NOT_PROVEN: Words = Words {
    en: "Another division may avoid it: move somebody, or try another seed.",
    sv: "En annan indelning kan undvika det: flytta någon, eller pröva ett annat frö.",
    da: "En anden inddeling kan undgå det: flyt nogen, eller prøv et andet frø.",
};
