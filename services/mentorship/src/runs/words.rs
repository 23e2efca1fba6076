//! A run's outcome in the reader's words.

use super::outcome::{Blocking, Part, Reason};
use crate::{
    known::People,
    matching::{Criterion, Rule},
};
use shared_database::column;
use shared_types::{
    Language, Words,
    mentorship::{
        matching::ScorePart,
        mentors::MatchingReason,
        profiles::{Competence, MeetingForm, Sector},
    },
};
use std::collections::BTreeMap;
use uuid::Uuid;

macro_rules! words {
    ($en:literal, $sv:literal, $da:literal) => {
        Words {
            en: $en,
            sv: $sv,
            da: $da,
        }
    };
}

/// What a score is made of, in words.
pub fn parts(parts: &[Part], language: Language) -> Vec<ScorePart> {
    let part = |part: &Part| ScorePart {
        criterion: part.criterion.clone(),
        points: i64::from(part.score),
        words: part_words(part, language),
    };
    parts.iter().map(part).collect()
}

fn part_words(part: &Part, language: Language) -> String {
    let (words, value) = match (&part.because, part.criterion.as_str()) {
        (Reason::Wish(rank), "mentee_wish") => (
            words!(
                "The mentee's wish number {value}.",
                "Adeptens önskan nummer {value}.",
                "Menteens ønske nummer {value}."
            ),
            rank.to_string(),
        ),
        (Reason::Wish(rank), _) => (
            words!(
                "The mentor's wish number {value}.",
                "Mentorns önskan nummer {value}.",
                "Mentorens ønske nummer {value}."
            ),
            rank.to_string(),
        ),
        (Reason::Competences(codes), _) => (
            words!(
                "The mentor offers what is looked for: {value}.",
                "Mentorn erbjuder det som söks: {value}.",
                "Mentoren tilbyder det, der søges: {value}."
            ),
            list(codes, |code| named(code, language)),
        ),
        (Reason::Language(tag), _) => (
            words!(
                "Both speak {value}.",
                "Båda talar {value}.",
                "Begge taler {value}."
            ),
            named(tag, language),
        ),
        (Reason::Journey(minutes), _) => (
            words!(
                "About {value} minutes from one to the other.",
                "Omkring {value} minuter från den ena till den andra.",
                "Omkring {value} minutter fra den ene til den anden."
            ),
            minutes.to_string(),
        ),
        (Reason::NoJourney, _) => (
            words!(
                "They can meet without travelling.",
                "De kan träffas utan att resa.",
                "De kan mødes uden at rejse."
            ),
            String::new(),
        ),
        (Reason::Form(code), _) => (
            words!(
                "Both want to meet {value}.",
                "Båda vill träffas {value}.",
                "Begge vil mødes {value}."
            ),
            named(code, language),
        ),
        (Reason::Sector(code), _) => (
            words!(
                "Both work with {value}.",
                "Båda arbetar med {value}.",
                "Begge arbejder med {value}."
            ),
            named(code, language),
        ),
        (Reason::Unknown, _) => (
            words!(
                "One of them has not said: {value}.",
                "En av dem har inte angett: {value}.",
                "En af dem har ikke oplyst: {value}."
            ),
            named(&part.criterion, language),
        ),
        (Reason::Nothing, _) => (
            words!(
                "Nothing in common: {value}.",
                "Inget gemensamt: {value}.",
                "Intet til fælles: {value}."
            ),
            named(&part.criterion, language),
        ),
    };
    words.fill(language, &[("value", value)])
}

/// Why demanded pairs were not made, or other mentors are no way out.
pub fn rule(code: &str, language: Language) -> MatchingReason {
    let detail = match Rule::of(code) {
        Some(Rule::Mandatory(criterion)) => {
            let value = criterion_words(criterion).get(language).to_owned();
            MANDATORY.fill(language, &[("value", value)])
        }
        Some(rule) => rule_words(rule).get(language).to_owned(),
        None => lock_words(code)
            .map_or(code, |words| words.get(language))
            .to_owned(),
    };
    MatchingReason {
        code: code.to_owned(),
        detail,
    }
}

const MANDATORY: Words = words!(
    "Mandatory, and not met: {value}.",
    "Obligatoriskt och inte uppfyllt: {value}.",
    "Obligatorisk og ikke opfyldt: {value}."
);

const fn rule_words(rule: Rule) -> Words {
    match rule {
        Rule::EligibleOffice => words!(
            "The mentor is not active or holds no eligible office.",
            "Mentorn är inte aktiv eller har ingen behörig befattning.",
            "Mentoren er ikke aktiv eller har intet gyldigt embede."
        ),
        Rule::Capacity => words!(
            "The mentor has no place left.",
            "Mentorn har ingen plats kvar.",
            "Mentoren har ingen plads tilbage."
        ),
        Rule::AnotherPerson => words!(
            "Nobody mentors oneself.",
            "Ingen är sin egen mentor.",
            "Ingen er sin egen mentor."
        ),
        Rule::OtherMunicipality => words!(
            "Mentor and mentee belong to the same municipality.",
            "Mentor och adept hör till samma kommun.",
            "Mentor og mentee hører til samme kommune."
        ),
        Rule::NotTheEndorser => words!(
            "The mentor decided on the mentee's endorsement.",
            "Mentorn har beslutat om adeptens godkännande.",
            "Mentoren har besluttet om menteens godkendelse."
        ),
        Rule::LineOfManagement => words!(
            "One of them is above the other in the line of management.",
            "Den ena är chef över den andra i linjen.",
            "Den ene er leder over den anden i linjen."
        ),
        Rule::NoConflict => words!(
            "A conflict is declared between them.",
            "Jäv är anmält mellan dem.",
            "Der er anmeldt inhabilitet mellem dem."
        ),
        Rule::NoDisagreement => words!(
            "They were a pair that ended in disagreement.",
            "De har varit ett par som slutade i oenighet.",
            "De har været et par, der endte i uenighed."
        ),
        Rule::NotForbidden => words!(
            "A coordinator forbids the pair, or one of them said no to it.",
            "En samordnare utesluter paret, eller någon av dem har tackat nej.",
            "En koordinator udelukker parret, eller en af dem har sagt nej."
        ),
        Rule::Mandatory(_) => MANDATORY,
    }
}

/// Why a demanded pair that no rule is against was not made.
fn lock_words(code: &str) -> Option<Words> {
    match code {
        "not_in_run" => Some(words!(
            "One of them takes no part in this run.",
            "En av dem ingår inte i körningen.",
            "En af dem indgår ikke i kørslen."
        )),
        "outweighed" => Some(words!(
            "It would leave more mentees without a mentor, or break another demand.",
            "Fler adepter skulle bli utan mentor, eller ett annat krav brytas.",
            "Flere mentees ville stå uden mentor, eller et andet krav blive brudt."
        )),
        _ => None,
    }
}

/// Who and where the people of an outcome are.
#[derive(Clone, Copy, Debug)]
pub struct Cast<'a> {
    /// What is known of them.
    pub people: &'a People,
    /// The person of each mentor's and mentee's row.
    pub persons: &'a BTreeMap<Uuid, Uuid>,
}

/// What stands in the way, such as "3 mentees of Aneby can only be mentored by 2 chiefs: …".
pub fn blocking(blocking: &Blocking, cast: Cast<'_>, language: Language) -> String {
    let places = places(blocking, cast);
    let names = blocking.mentors.iter().filter_map(|row| {
        let person = cast.persons.get(row)?;
        cast.people.name(*person)
    });
    let names: Vec<String> = names.collect();
    let values = [
        ("count", blocking.mentees.len().to_string()),
        ("where", places),
        ("chiefs", blocking.mentors.len().to_string()),
        ("places", blocking.places.to_string()),
        ("names", names.join(", ")),
        ("without", blocking.unmatched.to_string()),
    ];
    let main = if blocking.mentors.is_empty() {
        words!(
            "{count} mentees ({where}) can be mentored by nobody in the pool.",
            "{count} adepter ({where}) kan inte få någon av mentorerna.",
            "{count} mentees ({where}) kan ikke få nogen af mentorerne."
        )
    } else {
        words!(
            "{count} mentees ({where}) can only be mentored by {chiefs} chiefs with {places} places: {names}. {without} go without.",
            "{count} adepter ({where}) kan bara få {chiefs} chefer med {places} platser: {names}. {without} blir utan.",
            "{count} mentees ({where}) kan kun få {chiefs} chefer med {places} pladser: {names}. {without} går uden."
        )
    };
    let mut text = main.fill(language, &values);
    for (code, count) in &blocking.excluded {
        let others = words!(
            " Not possible for {count} others: {why}",
            " Inte möjligt för {count} andra: {why}",
            " Ikke muligt for {count} andre: {why}"
        );
        let values = [
            ("count", count.to_string()),
            ("why", rule(code, language).detail),
        ];
        text.push_str(&others.fill(language, &values));
    }
    text
}

/// Names of the municipalities that the mentees come from.
fn places(blocking: &Blocking, cast: Cast<'_>) -> String {
    let name = |municipality: &shared_types::OrganisationId| {
        blocking.mentees.iter().find_map(|row| {
            let person = *cast.persons.get(row)?;
            let same = cast.people.municipality(person) == Some(*municipality);
            same.then(|| cast.people.municipality_name(person))
                .flatten()
        })
    };
    let all = blocking.municipalities.iter();
    all.map(|(municipality, count)| match name(municipality) {
        Some(name) => format!("{name}: {count}"),
        None => format!("{count}"),
    })
    .collect::<Vec<_>>()
    .join(", ")
}

fn list(codes: &[String], name: impl Fn(&str) -> String) -> String {
    let all: Vec<String> = codes.iter().map(|code| name(code)).collect();
    all.join(", ")
}

/// What a code is called: a criterion, a competence, a form, a sector, a language.
fn named(code: &str, language: Language) -> String {
    let criterion = Criterion::ALL.into_iter().find(|one| one.code() == code);
    let words = criterion
        .map(criterion_words)
        .or_else(|| column::parse(code).ok().map(competence_words))
        .or_else(|| column::parse(code).ok().map(form_words))
        .or_else(|| column::parse(code).ok().map(sector_words))
        .or_else(|| language_words(code));
    words.map_or(code, |words| words.get(language)).to_owned()
}

/// What a criterion is called.
const fn criterion_words(criterion: Criterion) -> Words {
    match criterion {
        Criterion::MenteeWish => words!(
            "the mentee's wishes",
            "adeptens önskningar",
            "menteens ønsker"
        ),
        Criterion::MentorWish => words!(
            "the mentor's wishes",
            "mentorns önskningar",
            "mentorens ønsker"
        ),
        Criterion::Competences => words!("competences", "kompetenser", "kompetencer"),
        Criterion::Languages => words!("languages", "språk", "sprog"),
        Criterion::Travel => words!("journey", "resväg", "rejse"),
        Criterion::Form => words!("form of meeting", "mötesform", "mødeform"),
        Criterion::Sector => words!("sector", "verksamhet", "sektor"),
    }
}

/// What a competence is called.
const fn competence_words(competence: Competence) -> Words {
    match competence {
        Competence::Change => words!("leading change", "förändringsledning", "forandringsledelse"),
        Competence::Collaboration => words!("cooperation", "samverkan", "samarbejde"),
        Competence::Communication => words!("communication", "kommunikation", "kommunikation"),
        Competence::Crisis => words!("crises", "kriser och beredskap", "kriser og beredskab"),
        Competence::Digitalisation => words!(
            "digital ways of working",
            "digitalisering",
            "digitalisering"
        ),
        Competence::Finance => words!("finance", "ekonomi", "økonomi"),
        Competence::LeadingLeaders => {
            words!("leading leaders", "att leda chefer", "at lede ledere")
        }
        Competence::Organisation => words!(
            "organisation and staff",
            "organisation och personal",
            "organisation og personale"
        ),
        Competence::PersonalDevelopment => {
            words!("own development", "egen utveckling", "egen udvikling")
        }
        Competence::Politics => words!(
            "politics and administration",
            "politik och förvaltning",
            "politik og forvaltning"
        ),
        Competence::Quality => words!("quality", "kvalitet", "kvalitet"),
        Competence::Strategy => words!("strategy", "strategi", "strategi"),
    }
}

/// What a form of meeting is called.
const fn form_words(form: MeetingForm) -> Words {
    match form {
        MeetingForm::InPerson => words!("in person", "på plats", "fysisk"),
        MeetingForm::Digital => words!("by video", "digitalt", "digitalt"),
        MeetingForm::Telephone => words!("by telephone", "per telefon", "telefonisk"),
    }
}

/// What a sector is called.
const fn sector_words(sector: Sector) -> Words {
    match sector {
        Sector::Administration => words!(
            "central administration",
            "central förvaltning",
            "central forvaltning"
        ),
        Sector::Culture => words!(
            "culture and leisure",
            "kultur och fritid",
            "kultur og fritid"
        ),
        Sector::Education => words!("education", "utbildning", "undervisning"),
        Sector::Environment => words!(
            "planning and environment",
            "samhällsbyggnad och miljö",
            "plan og miljø"
        ),
        Sector::Rescue => words!("rescue services", "räddningstjänst", "redning"),
        Sector::SocialCare => words!(
            "social services and care",
            "socialtjänst och omsorg",
            "social og omsorg"
        ),
        Sector::Technical => words!("technical services", "teknik", "teknik"),
    }
}

/// What a language is called; one that has no name here is called by its tag.
fn language_words(tag: &str) -> Option<Words> {
    match tag {
        "sv" => Some(words!("Swedish", "svenska", "svensk")),
        "da" => Some(words!("Danish", "danska", "dansk")),
        "en" => Some(words!("English", "engelska", "engelsk")),
        "no" | "nb" | "nn" => Some(words!("Norwegian", "norska", "norsk")),
        "fi" => Some(words!("Finnish", "finska", "finsk")),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    const LANGUAGES: [Language; 3] = [Language::English, Language::Swedish, Language::Danish];

    const COMPETENCES: [Competence; 12] = [
        Competence::Change,
        Competence::Collaboration,
        Competence::Communication,
        Competence::Crisis,
        Competence::Digitalisation,
        Competence::Finance,
        Competence::LeadingLeaders,
        Competence::Organisation,
        Competence::PersonalDevelopment,
        Competence::Politics,
        Competence::Quality,
        Competence::Strategy,
    ];
    const FORMS: [MeetingForm; 3] = [
        MeetingForm::InPerson,
        MeetingForm::Digital,
        MeetingForm::Telephone,
    ];
    const SECTORS: [Sector; 7] = [
        Sector::Administration,
        Sector::Culture,
        Sector::Education,
        Sector::Environment,
        Sector::Rescue,
        Sector::SocialCare,
        Sector::Technical,
    ];

    #[test]
    fn every_code_has_a_name_of_its_own_in_every_language() {
        let kinds: [Vec<String>; 5] = [
            Criterion::ALL.map(|one| one.code().to_owned()).into(),
            COMPETENCES.map(column::text).into(),
            FORMS.map(column::text).into(),
            SECTORS.map(column::text).into(),
            ["sv", "da", "en", "no", "fi"].map(str::to_owned).into(),
        ];
        for codes in kinds {
            for language in LANGUAGES {
                let names = codes.iter().map(|code| named(code, language));
                let names: BTreeSet<String> = names.collect();
                assert_eq!(names.len(), codes.len(), "{names:?}");
                // What has no name is called by its code; English words may be the same.
                let is_unnamed = |code: &String| names.contains(code);
                assert!(language == Language::English || !codes.iter().any(is_unnamed));
            }
        }
        assert_eq!(named("se", Language::English), "se");
    }

    #[test]
    fn every_rule_is_told_in_words_of_its_own_in_every_language() {
        let codes: Vec<&str> = Rule::ALL.map(Rule::code).into();
        for language in LANGUAGES {
            let codes = codes.iter().chain(&["not_in_run", "outweighed"]);
            let told = codes.map(|code| rule(code, language).detail);
            let told: BTreeSet<String> = told.collect();
            assert_eq!(told.len(), Rule::ALL.len() + 2);
            for text in told {
                assert!(!text.contains(['{', '_']) && text.ends_with('.'), "{text}");
            }
        }
        let told = rule("mandatory_languages", Language::Swedish).detail;
        assert_eq!(told, "Obligatoriskt och inte uppfyllt: språk.");
    }

    #[test]
    fn a_part_is_told_in_the_readers_language() {
        let part = Part {
            criterion: "competences".into(),
            score: 160,
            because: Reason::Competences(vec!["change".into(), "finance".into()]),
        };
        let told = LANGUAGES.map(|language| part_words(&part, language));
        assert_eq!(
            told,
            [
                "The mentor offers what is looked for: leading change, finance.",
                "Mentorn erbjuder det som söks: förändringsledning, ekonomi.",
                "Mentoren tilbyder det, der søges: forandringsledelse, økonomi."
            ]
        );
    }

    #[test]
    fn what_stands_in_the_way_is_told_with_numbers() {
        let blocking_set = Blocking {
            mentees: vec![Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3)],
            unmatched: 1,
            mentors: vec![Uuid::from_u128(8), Uuid::from_u128(9)],
            places: 2,
            municipalities: Vec::new(),
            excluded: vec![("capacity".into(), 4)],
        };
        let cast = Cast {
            people: &People::default(),
            persons: &BTreeMap::new(),
        };
        for language in LANGUAGES {
            let text = blocking(&blocking_set, cast, language);
            assert!(
                text.contains('3') && text.contains('2') && text.contains('4'),
                "{text}"
            );
            assert!(!text.contains('{'), "{text}");
        }
    }
}
