//! What a person sent by a form, and what is wrong with it.

use crate::Error;
use actix_web::{
    FromRequest, HttpRequest,
    dev::{Payload, UrlEncoded},
    error::UrlencodedError,
};
use futures_util::future::LocalBoxFuture;
use shared_types::{FieldProblem, Language, Problem, Words, codes};
use std::{collections::BTreeMap, time::Duration};

/// Largest form.
const MOST_BYTES: usize = 64 * 1024;
/// A form that does not arrive within this time is given up.
const SECONDS: u64 = 30;
const MEDIA_TYPE: &str = "application/x-www-form-urlencoded";

/// The fields of a form as they were typed, and what is wrong with them. An empty form is what
/// a page begins with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form {
    values: BTreeMap<String, String>,
    faults: Vec<Fault>,
}

/// What is wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The field.
    pub field: String,
    /// What the field is called, for a list of faults far from it.
    pub label: String,
    /// What is wrong.
    pub words: String,
}

impl Form {
    fn of(fields: Vec<(String, String)>) -> Result<Self, Problem> {
        let mut form = Self::default();
        for (name, value) in fields {
            let value = value.replace("\r\n", "\n").trim().to_owned();
            if form.values.contains_key(&name) {
                return Err(refused(&name, "repeated", "is there twice"));
            }
            form.values.insert(name, value);
        }
        Ok(form)
    }

    /// Refuses a form with a field that the page did not offer: it came from somewhere else.
    pub fn only(&self, is_offered: impl Fn(&str) -> bool) -> Result<(), Problem> {
        match self.values.keys().find(|name| !is_offered(name)) {
            Some(name) => Err(refused(name, "unknown_member", "is not known")),
            None => Ok(()),
        }
    }

    /// What was typed into a field; empty where nothing was.
    pub fn get(&self, name: &str) -> &str {
        self.values.get(name).map_or("", String::as_str)
    }

    /// Fills a field for the reader.
    pub fn set(&mut self, name: &str, value: impl Into<String>) {
        self.values.insert(name.to_owned(), value.into());
    }

    /// Says what is wrong with a field that is called `label`.
    pub fn refuse(&mut self, name: &str, label: &str, words: impl Into<String>) {
        let (field, label, words) = (name.to_owned(), label.to_owned(), words.into());
        self.faults.push(Fault {
            field,
            label,
            words,
        });
    }

    /// Whether nothing is wrong.
    pub fn is_fine(&self) -> bool {
        self.faults.is_empty()
    }

    /// Everything that is wrong, in the order in which it was found.
    pub fn faults(&self) -> &[Fault] {
        &self.faults
    }

    /// What is wrong with one field.
    pub fn fault(&self, name: &str) -> Option<&str> {
        let fault = self.faults.iter().find(|fault| fault.field == name);
        fault.map(|fault| fault.words.as_str())
    }

    /// A line that has to be there.
    pub fn line(&mut self, text: Text<'_>) -> String {
        let line = self.optional_line(text);
        if line.is_none() && self.fault(text.name).is_none() {
            self.refuse(text.name, text.label, MISSING.get(text.language));
        }
        line.unwrap_or_default()
    }

    /// A line that may be left out.
    pub fn optional_line(&mut self, text: Text<'_>) -> Option<String> {
        self.checked(text, char::is_control)
    }

    /// A text of several lines that may be left out.
    pub fn optional_text(&mut self, text: Text<'_>) -> Option<String> {
        self.checked(text, |letter| {
            letter.is_control() && !matches!(letter, '\n' | '\t')
        })
    }

    fn checked(&mut self, text: Text<'_>, is_strange: impl Fn(char) -> bool) -> Option<String> {
        let Text {
            name,
            label,
            most,
            language,
        } = text;
        let value = self.get(name).to_owned();
        if value.contains(is_strange) {
            self.refuse(name, label, STRANGE.get(language));
        }
        let length = value.chars().count();
        if length > most {
            let counts = [("most", most.to_string()), ("length", length.to_string())];
            self.refuse(name, label, TOO_LONG.fill(language, &counts));
        }
        (!value.is_empty()).then_some(value)
    }
}

/// A field that holds a text.
#[derive(Clone, Copy, Debug)]
pub struct Text<'a> {
    /// The field.
    pub name: &'a str,
    /// What it is called.
    pub label: &'a str,
    /// Most characters.
    pub most: usize,
    /// The reader's language.
    pub language: Language,
}

impl<'a> Text<'a> {
    /// A field called by words.
    pub const fn of(name: &'a str, label: &Words, most: usize, language: Language) -> Self {
        Self {
            name,
            label: label.get(language),
            most,
            language,
        }
    }
}

fn refused(name: &str, code: &'static str, what: &str) -> Problem {
    let shown: String = name
        .chars()
        .take(100)
        .filter(|letter| !letter.is_control())
        .collect();
    let error = FieldProblem::pointer("", code, format!("The field “{shown}” {what}."));
    Problem::of(&codes::INVALID_BODY).errors(vec![error])
}

impl FromRequest for Form {
    type Error = Error;
    type Future = LocalBoxFuture<'static, Result<Self, Error>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let reading = UrlEncoded::<Vec<(String, String)>>::new(request, payload).limit(MOST_BYTES);
        Box::pin(async move {
            let fields = tokio::time::timeout(Duration::from_secs(SECONDS), reading)
                .await
                .map_err(|_| Problem::of(&codes::REQUEST_TIMEOUT))?
                .map_err(|error| unreadable(&error))?;
            Ok(Self::of(fields)?)
        })
    }
}

fn unreadable(error: &UrlencodedError) -> Problem {
    let problem = match error {
        UrlencodedError::Overflow { .. } => {
            Problem::of(&codes::BODY_TOO_LARGE).value("most", MOST_BYTES)
        }
        UrlencodedError::ContentType => {
            Problem::of(&codes::UNSUPPORTED_MEDIA_TYPE).value("expected", MEDIA_TYPE)
        }
        _ => Problem::of(&codes::INVALID_REQUEST),
    };
    problem.caused_by(error.to_string())
}

const MISSING: Words = Words {
    en: "This is needed.",
    sv: "Det här behövs.",
    da: "Dette skal udfyldes.",
};
const STRANGE: Words = Words {
    en: "There is a character in it that can't be kept. Please type it anew.",
    sv: "Det finns ett tecken i texten som inte går att spara. Skriv om den.",
    da: "Der er et tegn i teksten, som ikke kan gemmes. Skriv den igen.",
};
const TOO_LONG: Words = Words {
    en: "At most {most} characters; there are {length}.",
    sv: "Högst {most} tecken; det är {length}.",
    da: "Højst {most} tegn; der er {length}.",
};

#[cfg(test)]
mod tests {
    use super::*;

    fn form(fields: &[(&str, &str)]) -> Form {
        let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
        Form::of(fields.iter().map(owned).collect()).unwrap()
    }

    #[test]
    fn what_was_typed_is_kept_with_what_is_wrong() {
        let mut form = form(&[("name", "  Maja\0 "), ("title", ""), ("why", "one\r\ntwo")]);
        let text = |name, most| Text {
            name,
            label: "It",
            most,
            language: Language::English,
        };
        form.line(text("name", 200));
        form.line(text("title", 200));
        assert_eq!(
            form.optional_text(text("why", 200)).as_deref(),
            Some("one\ntwo")
        );
        assert_eq!(form.get("name"), "Maja\0");
        assert_eq!(form.fault("title"), Some("This is needed."));
        assert!(form.fault("name").is_some() && form.fault("why").is_none());
        assert_eq!(
            form.optional_text(text("why", 3)).as_deref(),
            Some("one\ntwo")
        );
        assert_eq!(
            form.fault("why"),
            Some("At most 3 characters; there are 7.")
        );
    }

    #[test]
    fn unknown_and_repeated_fields_are_refused() {
        assert!(form(&[("name", "x")]).only(|name| name == "name").is_ok());
        assert!(form(&[("admin", "1")]).only(|name| name == "name").is_err());
        let twice = vec![
            ("a".to_owned(), String::new()),
            ("a".to_owned(), String::new()),
        ];
        assert!(Form::of(twice).is_err());
    }
}
