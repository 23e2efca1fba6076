//! A run's outcome in the reader's words.

use super::outcome::{Blocking, Part, Reason};
use crate::known::People;
use shared_types::{
    Language, Words,
    mentorship::{matching::ScorePart, mentors::MatchingReason},
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
    MatchingReason {
        code: code.to_owned(),
        detail: rule_words(code).get(language).to_owned(),
    }
}

fn rule_words(code: &str) -> Words {
    match code {
        "eligible_office" => words!(
            "The mentor is not active or holds no eligible office.",
            "Mentorn är inte aktiv eller har ingen behörig befattning.",
            "Mentoren er ikke aktiv eller har intet gyldigt embede."
        ),
        "capacity" => words!(
            "The mentor has no place left.",
            "Mentorn har ingen plats kvar.",
            "Mentoren har ingen plads tilbage."
        ),
        "another_person" => words!(
            "Nobody mentors oneself.",
            "Ingen är sin egen mentor.",
            "Ingen er sin egen mentor."
        ),
        "other_municipality" => words!(
            "Mentor and mentee belong to the same municipality.",
            "Mentor och adept hör till samma kommun.",
            "Mentor og mentee hører til samme kommune."
        ),
        "not_the_endorser" => words!(
            "The mentor decided on the mentee's endorsement.",
            "Mentorn har beslutat om adeptens godkännande.",
            "Mentoren har besluttet om menteens godkendelse."
        ),
        "line_of_management" => words!(
            "One of them is above the other in the line of management.",
            "Den ena är chef över den andra i linjen.",
            "Den ene er leder over den anden i linjen."
        ),
        "no_conflict" => words!(
            "A conflict is declared between them.",
            "Jäv är anmält mellan dem.",
            "Der er anmeldt inhabilitet mellem dem."
        ),
        "no_disagreement" => words!(
            "They were a pair that ended in disagreement.",
            "De har varit ett par som slutade i oenighet.",
            "De har været et par, der endte i uenighed."
        ),
        "not_forbidden" => words!(
            "A coordinator forbids the pair, or one of them said no to it.",
            "En samordnare utesluter paret, eller någon av dem har tackat nej.",
            "En koordinator udelukker parret, eller en af dem har sagt nej."
        ),
        "not_in_run" => words!(
            "One of them takes no part in this run.",
            "En av dem ingår inte i körningen.",
            "En af dem indgår ikke i kørslen."
        ),
        "outweighed" => words!(
            "It would leave more mentees without a mentor, or break another demand.",
            "Fler adepter skulle bli utan mentor, eller ett annat krav brytas.",
            "Flere mentees ville stå uden mentor, eller et andet krav blive brudt."
        ),
        _ => words!(
            "A criterion that is mandatory is not met.",
            "Ett obligatoriskt kriterium är inte uppfyllt.",
            "Et obligatorisk kriterium er ikke opfyldt."
        ),
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

/// What a code is called: a competence, a language, a form, a sector, a criterion.
fn named(code: &str, language: Language) -> String {
    let words = match code {
        "change" => words!("leading change", "förändringsledning", "forandringsledelse"),
        "collaboration" => words!("cooperation", "samverkan", "samarbejde"),
        "communication" => words!("communication", "kommunikation", "kommunikation"),
        "crisis" => words!("crises", "kriser och beredskap", "kriser og beredskab"),
        "digitalisation" => words!(
            "digital ways of working",
            "digitalisering",
            "digitalisering"
        ),
        "finance" => words!("finance", "ekonomi", "økonomi"),
        "leading_leaders" => words!("leading leaders", "att leda chefer", "at lede ledere"),
        "organisation" => words!(
            "organisation and staff",
            "organisation och personal",
            "organisation og personale"
        ),
        "personal_development" => words!("own development", "egen utveckling", "egen udvikling"),
        "politics" => words!(
            "politics and administration",
            "politik och förvaltning",
            "politik og forvaltning"
        ),
        "quality" => words!("quality", "kvalitet", "kvalitet"),
        "strategy" => words!("strategy", "strategi", "strategi"),
        "sv" => words!("Swedish", "svenska", "svensk"),
        "da" => words!("Danish", "danska", "dansk"),
        "en" => words!("English", "engelska", "engelsk"),
        "no" | "nb" | "nn" => words!("Norwegian", "norska", "norsk"),
        "fi" => words!("Finnish", "finska", "finsk"),
        "in_person" => words!("in person", "på plats", "fysisk"),
        "digital" => words!("by video", "digitalt", "digitalt"),
        "telephone" => words!("by telephone", "per telefon", "telefonisk"),
        "administration" => words!(
            "central administration",
            "central förvaltning",
            "central forvaltning"
        ),
        "culture" => words!(
            "culture and leisure",
            "kultur och fritid",
            "kultur og fritid"
        ),
        "education" => words!("education", "utbildning", "undervisning"),
        "environment" => words!(
            "planning and environment",
            "samhällsbyggnad och miljö",
            "plan og miljø"
        ),
        "rescue" => words!("rescue services", "räddningstjänst", "redning"),
        "social_care" => words!(
            "social services and care",
            "socialtjänst och omsorg",
            "social og omsorg"
        ),
        "technical" => words!("technical services", "teknik", "teknik"),
        "mentee_wish" => words!(
            "the mentee's wishes",
            "adeptens önskningar",
            "menteens ønsker"
        ),
        "mentor_wish" => words!(
            "the mentor's wishes",
            "mentorns önskningar",
            "mentorens ønsker"
        ),
        "competences" => words!("competences", "kompetenser", "kompetencer"),
        "languages" => words!("languages", "språk", "sprog"),
        "travel" => words!("journey", "resväg", "rejse"),
        "form" => words!("form of meeting", "mötesform", "mødeform"),
        "sector" => words!("sector", "verksamhet", "sektor"),
        // A language that has no name here is called by its tag.
        _ => return code.to_owned(),
    };
    words.get(language).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::matching::Criterion;
    use shared_database::column;
    use shared_types::mentorship::profiles::{Competence, MeetingForm, Sector};

    const LANGUAGES: [Language; 3] = [Language::English, Language::Swedish, Language::Danish];

    #[test]
    fn every_code_has_a_name_in_every_language() {
        let mut codes: Vec<String> = Criterion::ALL.map(|one| one.code().to_owned()).into();
        codes.extend(
            [
                Competence::Change,
                Competence::Strategy,
                Competence::Politics,
            ]
            .map(column::text),
        );
        codes.extend(
            [
                MeetingForm::InPerson,
                MeetingForm::Digital,
                MeetingForm::Telephone,
            ]
            .map(column::text),
        );
        codes.extend([Sector::Rescue, Sector::SocialCare].map(column::text));
        for code in codes {
            for language in LANGUAGES {
                let name = named(&code, language);
                assert!(!name.is_empty() && !name.contains('_'), "{code}");
            }
        }
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
