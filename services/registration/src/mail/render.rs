//! Puts a queued message into words.
//!
//! A part in square brackets is left out where one of its facts is missing, so that a message
//! never shows a gap. Facts were written by many hands, strangers' too: they are shown on one
//! line, never as markup, and a stranger's name that looks like an address is not shown.

use super::{entity, html, store, words};
use chrono::NaiveDate;
use serde_json::{Value, json};
use shared_database::{DatabaseError, column};
use shared_types::{Language, LocalizedText};
use shared_web::page::figure;
use std::fmt::Write as _;

/// Most characters on a line, addresses apart.
const LINE_CHARACTERS: usize = 76;

/// A message in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// The subject, on one line.
    pub subject: String,
    /// The text, in short lines.
    pub body: String,
    /// The same as a page.
    pub html: String,
    /// In whose name it is written, on one line.
    pub organiser: Option<String>,
}

/// What stands around a message's own words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Around {
    /// The address that the message leads to.
    pub link: Option<String>,
    /// Name of the organiser in whose name it is written.
    pub organiser: Option<String>,
    /// Where such messages are turned off, if they can be.
    pub unsubscribe: Option<String>,
}

/// A message before it is laid out for a kind of reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// The subject, on one line.
    pub subject: String,
    /// In whose name it is written.
    pub organiser: Option<String>,
    /// Paragraphs, apart by an empty line.
    pub text: String,
    /// The addresses in it that are its own.
    pub links: Vec<String>,
}

impl Words {
    /// The paragraphs that are not empty.
    pub fn paragraphs(&self) -> impl Iterator<Item = &str> {
        let parts = self.text.split("\n\n").map(str::trim);
        parts.filter(|paragraph| !paragraph.is_empty())
    }
}

/// The words of a message.
pub fn text(row: &entity::Model, around: Around) -> Result<Text, DatabaseError> {
    let language: Language = column::parse(&row.language)?;
    let words = worded(row, language, around)?;
    Ok(Text {
        body: lay_out(&words.text),
        html: html::page(&words, language),
        subject: words.subject,
        organiser: words.organiser,
    })
}

fn worded(row: &entity::Model, language: Language, around: Around) -> Result<Words, DatabaseError> {
    let organiser = around
        .organiser
        .map(|name| json!({ "organiserName": name }));
    let organiser = organiser.and_then(|facts| fact(&facts, "organiserName", language));
    let is_told = row.template.starts_with(store::TOLD);
    let own = || fact(&row.facts, "address", language);
    let link = around.link.or_else(|| own().filter(|_| !is_told));
    let value = |name: &str| match name {
        "link" => link.clone(),
        "organiserName" => organiser.clone(),
        "unsubscribe" => around.unsubscribe.clone(),
        _ => fact(&row.facts, name, language),
    };
    let closing = [
        words::CLOSING.get(language),
        words::UNSUBSCRIBE.get(language),
    ];
    let closing = fill(&closing.join("\n\n"), &value);
    let (subject, text) = if is_told {
        told(row, language, link.as_deref())
    } else {
        let template = words::of(store::template(row)?);
        let parts = [words::GREETING.get(language), template.body.get(language)];
        (
            fill(template.subject.get(language), &value),
            fill(&parts.join("\n\n"), &value),
        )
    };
    Ok(Words {
        subject: one_line(&subject),
        text: format!("{text}\n\n{closing}"),
        links: link.into_iter().chain(around.unsubscribe).collect(),
        organiser,
    })
}

/// What another service has worded, after our greeting: subject and text.
fn told(row: &entity::Model, language: Language, link: Option<&str>) -> (String, String) {
    let said = |name: &str| {
        row.facts
            .get(name)
            .and_then(Value::as_str)
            .unwrap_or_default()
    };
    let name = fact(
        &json!({ "personName": row.recipient_name }),
        "personName",
        language,
    );
    let greeting = fill(words::GREETING.get(language), &|_| name.clone());
    let paragraphs = said("text").split("\n\n").map(one_line);
    let parts: Vec<String> = std::iter::once(greeting)
        .chain(paragraphs)
        .chain(link.map(str::to_owned))
        .collect();
    (said("subject").to_owned(), parts.join("\n\n"))
}

/// A template with its facts; see the module for brackets.
fn fill(template: &str, value: &dyn Fn(&str) -> Option<String>) -> String {
    let mut text = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((before, bracketed)) = rest.split_once('[') {
        text.push_str(&insert(before, value).unwrap_or_default());
        let (inside, after) = bracketed.split_once(']').unwrap_or((bracketed, ""));
        text.push_str(&insert(inside, value).unwrap_or_default());
        rest = after;
    }
    text + &insert(rest, value).unwrap_or_default()
}

/// A part with its facts; `None` where one is missing.
fn insert(part: &str, value: &dyn Fn(&str) -> Option<String>) -> Option<String> {
    let mut text = String::with_capacity(part.len());
    let mut rest = part;
    while let Some((before, named)) = rest.split_once('{') {
        let (name, after) = named.split_once('}')?;
        text.push_str(before);
        text.push_str(&value(name)?);
        rest = after;
    }
    text.push_str(rest);
    Some(text)
}

/// A fact as the reader sees it.
fn fact(facts: &Value, name: &str, language: Language) -> Option<String> {
    let text = match facts.get(name)? {
        Value::String(text) => match text.parse::<NaiveDate>() {
            Ok(date) => one_line(&figure::date(date, language)),
            Err(_) => one_line(text),
        },
        Value::Number(number) => number.to_string(),
        map @ Value::Object(_) => {
            let text: LocalizedText = serde_json::from_value(map.clone()).ok()?;
            one_line(text.best(language))
        }
        _ => return None,
    };
    let is_hidden = text.is_empty() || (name.ends_with("Name") && looks_like_address(&text));
    (!is_hidden).then_some(text)
}

/// Whether a mail program might make a link of a name.
fn looks_like_address(name: &str) -> bool {
    let is_host = |word: &str| {
        word.split_once('.')
            .is_some_and(|(host, rest)| host.chars().count() > 1 && rest.len() > 1)
    };
    name.contains(['@', '\\']) || name.contains("//") || name.split_whitespace().any(is_host)
}

/// A text without line breaks, controls and characters that change the direction of writing.
pub(super) fn one_line(text: &str) -> String {
    let is_kept = |letter: &char| !matches!(letter, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let plain: String = text
        .chars()
        .filter(is_kept)
        .map(|letter| if letter.is_control() { ' ' } else { letter })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Paragraphs apart by one empty line, in short lines; empty ones are left out.
fn lay_out(text: &str) -> String {
    let paragraphs = text
        .split("\n\n")
        .filter(|paragraph| !paragraph.trim().is_empty());
    let mut laid_out = String::with_capacity(text.len() + 64);
    for paragraph in paragraphs {
        if !laid_out.is_empty() {
            laid_out.push('\n');
        }
        for line in paragraph.lines() {
            wrap(line.trim(), &mut laid_out);
        }
    }
    laid_out
}

fn wrap(line: &str, into: &mut String) {
    let mut width = 0;
    for word in line.split_whitespace() {
        let letters = word.chars().count();
        let space = match width {
            0 => "",
            _ if width + 1 + letters > LINE_CHARACTERS => {
                width = 0;
                "\n"
            }
            _ => {
                width += 1;
                " "
            }
        };
        // Writing to a String can't fail.
        let _ = write!(into, "{space}{word}");
        width += letters;
    }
    if !line.is_empty() {
        into.push('\n');
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::mail::Template;
    use chrono::DateTime;
    use uuid::Uuid;

    /// A row to Maja with the facts.
    pub(in crate::mail) fn row(template: &str, facts: Value) -> entity::Model {
        entity::Model {
            id: Uuid::from_u128(7),
            template: template.to_owned(),
            recipient_name: "Maja Lindqvist".to_owned(),
            recipient_email: "maja.lindqvist@kommun.example".to_owned(),
            language: "sv".to_owned(),
            facts,
            link_kind: None,
            link_id: None,
            created_at: DateTime::from_timestamp(1_648_800_000, 0).unwrap(),
            state: store::PENDING.to_owned(),
            attempts: 0,
            next_attempt_at: 0,
            sent_at: None,
            organiser_id: None,
            outcome: None,
            person_id: None,
        }
    }

    fn to(link: Option<&str>) -> Around {
        Around {
            link: link.map(str::to_owned),
            ..Around::default()
        }
    }

    fn facts() -> Value {
        json!({
            "personName": "Maja Lindqvist", "roundName": { "sv": "Ledarskap i kommuner", "en": "Leadership" },
            "municipalityName": "Linköpings kommun", "applicantName": "Nils Berg",
            "substituteName": "Eva Holm", "answerBy": "2022-05-20", "endorseBy": "2022-05-06",
            "startsOn": "2022-08-24", "opensOn": "2022-04-01", "closesOn": "2022-04-26",
            "awaitingCount": 3, "queuePosition": 2, "reason": "För få deltagare.",
            "issuer": "login.example",
        })
    }

    fn every() -> impl Iterator<Item = (Template, Language)> {
        let languages = [Language::English, Language::Swedish, Language::Danish];
        Template::ALL
            .into_iter()
            .flat_map(move |template| languages.map(|language| (template, language)))
    }

    fn rendered(template: Template, language: Language, facts: Value, link: Option<&str>) -> Text {
        let mut row = row(&column::text(template), facts);
        column::text(language).clone_into(&mut row.language);
        text(&row, to(link)).unwrap()
    }

    #[test]
    fn no_template_shows_a_gap_when_every_fact_is_missing() {
        for (template, language) in every() {
            let text = rendered(template, language, json!({}), None);
            for part in [&text.subject, &text.body] {
                assert!(!part.trim().is_empty(), "{template:?} {language:?}");
                let broken = ["{", "}", "[", "]", "  ", " .", " ,", "()", "\n\n\n"];
                for sign in broken {
                    assert!(
                        !part.contains(sign),
                        "{template:?} {language:?} {sign:?}: {part}"
                    );
                }
            }
        }
    }

    #[test]
    fn every_template_names_the_round_and_its_link_on_a_line_of_its_own() {
        let link = "https://akademi.example/registration/pages/slate/abcdefghijklmnopqrstuvwxyzabcdefghijklmnopq";
        for (template, language) in every() {
            let text = rendered(template, language, facts(), Some(link));
            let name = if language == Language::Swedish {
                "Ledarskap i kommuner"
            } else {
                "Leadership"
            };
            // A login is no round's.
            let name = if template == Template::IdentityConfirm {
                "login.example"
            } else {
                name
            };
            assert!(
                text.subject.contains(name),
                "{template:?} {language:?}: {}",
                text.subject
            );
            let shown = text
                .body
                .lines()
                .filter(|line| line.contains("https:"))
                .collect::<Vec<_>>();
            assert!(
                shown.is_empty() || shown == [link],
                "{template:?} {language:?}: {shown:?}"
            );
            assert!(
                !text.body.contains(['{', '[']),
                "{template:?} {language:?}: {}",
                text.body
            );
            assert!(
                text.body
                    .lines()
                    .all(|line| line == link || line.chars().count() <= LINE_CHARACTERS)
            );
        }
    }

    #[test]
    fn a_message_with_a_page_to_open_carries_the_link() {
        use Template::{
            ApplicationConfirm, InterestOpened, OfferMade, OfferReminder, SlateReminder,
            SlateRequested, SubstitutionRequested,
        };
        for template in [
            ApplicationConfirm,
            InterestOpened,
            OfferMade,
            OfferReminder,
            SlateReminder,
            SlateRequested,
            SubstitutionRequested,
        ] {
            for (_, language) in every().filter(|(one, _)| *one == template) {
                let text = rendered(
                    template,
                    language,
                    facts(),
                    Some("https://akademi.example/x"),
                );
                assert!(
                    text.body.contains("\nhttps://akademi.example/x\n"),
                    "{template:?} {language:?}: {}",
                    text.body
                );
            }
        }
    }

    #[test]
    fn what_another_service_says_stands_between_greeting_and_closing() {
        let facts = json!({ "subject": "Ny plan\r\nBcc: x", "text": "Första stycket.\n\nAndra\nstycket {x}[y]." });
        let row = row("told.plan_released", facts);
        let text = text(&row, to(Some("https://akademi.example/x"))).unwrap();
        assert_eq!(text.subject, "Ny plan Bcc: x");
        assert_eq!(
            text.body,
            "Hej Maja Lindqvist!\n\nFörsta stycket.\n\nAndra stycket {x}[y].\n\n\
             https://akademi.example/x\n\nVänliga hälsningar\nAkademi\n\n\
             Det här brevet är skickat automatiskt och går inte att svara på.\n"
        );
    }

    #[test]
    fn the_organiser_signs_and_what_can_be_turned_off_says_where() {
        let row = row(
            "told.announcement",
            json!({ "subject": "Ny lokal", "text": "Vi ses i Aulan." }),
        );
        let around = Around {
            link: None,
            organiser: Some("Kommunförbundet\r\nBcc: x".to_owned()),
            unsubscribe: Some("https://akademi.example/u".to_owned()),
        };
        let text = text(&row, around).unwrap();
        assert_eq!(text.organiser.as_deref(), Some("Kommunförbundet Bcc: x"));
        assert_eq!(
            text.body,
            "Hej Maja Lindqvist!\n\nVi ses i Aulan.\n\nVänliga hälsningar\n\
             Kommunförbundet Bcc: x, genom Akademi\n\n\
             Det här brevet är skickat automatiskt och går inte att svara på.\n\n\
             Vill du inte ha sådana brev? Stäng av dem här:\nhttps://akademi.example/u\n"
        );
        assert!(
            text.html.contains("<a href=\"https://akademi.example/u\""),
            "{}",
            text.html
        );
    }

    #[test]
    fn a_whole_message_reads_as_it_was_meant() {
        let text = rendered(
            Template::OfferMade,
            Language::Swedish,
            facts(),
            Some("https://akademi.example/x"),
        );
        assert_eq!(text.subject, "Du erbjuds en plats i Ledarskap i kommuner");
        assert_eq!(
            text.body,
            "Hej Maja Lindqvist!\n\n\
             Grattis, du erbjuds en plats i Ledarskap i kommuner. Platsen är din när du\n\
             tackar ja. Svara senast den 20 maj 2022, annars går platsen vidare till\n\
             nästa på reservlistan.\n\n\
             Tacka ja eller nej här:\nhttps://akademi.example/x\n\n\
             Vänliga hälsningar\nAkademi\n\n\
             Det här brevet är skickat automatiskt och går inte att svara på.\n"
        );
    }

    #[test]
    fn what_a_stranger_wrote_stays_on_its_line_and_is_no_address() {
        let facts = json!({ "personName": "Maja\r\nBcc: x\u{202e}", "roundName": "A\nB" });
        let text = rendered(Template::Rejected, Language::English, facts, None);
        assert!(!text.subject.contains(['\r', '\n']));
        assert!(text.body.contains("Maja Bcc: x"), "{}", text.body);
        for name in [
            "www.evil.example",
            "see https://evil.example",
            "a@evil.example",
            "Click evil.example now",
        ] {
            let text = rendered(
                Template::ApplicationConfirm,
                Language::English,
                json!({ "personName": name }),
                None,
            );
            assert!(!text.body.contains("evil"), "{name}: {}", text.body);
        }
        for name in [
            "Maja Lindqvist",
            "J. Smith",
            "Å.B. Öberg",
            "Anna-Karin St. Clair",
        ] {
            assert!(!looks_like_address(name), "{name}");
        }
    }

    #[test]
    fn a_date_is_written_as_on_the_pages_with_spaces_at_which_lines_may_break() {
        let facts = json!({ "answerBy": "2022-05-06" });
        let written = |language| fact(&facts, "answerBy", language).unwrap();
        assert_eq!(written(Language::English), "6 May 2022");
        assert_eq!(written(Language::Swedish), "6 maj 2022");
        assert_eq!(written(Language::Danish), "6. maj 2022");
    }

    #[test]
    fn facts_of_unexpected_shape_count_as_missing() {
        for value in [
            json!(null),
            json!([1]),
            json!({ "sv": 1 }),
            json!(""),
            json!(true),
        ] {
            assert_eq!(
                fact(
                    &json!({ "roundName": value }),
                    "roundName",
                    Language::Swedish
                ),
                None
            );
        }
    }
}
