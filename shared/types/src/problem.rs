//! Problems: what an operation answers when it can't do what was asked (RFC 9457).

use crate::{Language, RefusedTransition};
use serde::{Deserialize, Serialize};
use std::{borrow::Cow, error::Error, fmt};
use utoipa::ToSchema;

/// The same words in every language that Akademi speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Words {
    /// English.
    pub en: &'static str,
    /// Swedish.
    pub sv: &'static str,
    /// Danish.
    pub da: &'static str,
}

impl Words {
    /// The words for a reader.
    pub const fn get(&self, language: Language) -> &'static str {
        match language {
            Language::English => self.en,
            Language::Swedish => self.sv,
            Language::Danish => self.da,
        }
    }

    /// The words with every `{name}` replaced by its value.
    pub fn fill(&self, language: Language, values: &[(&'static str, String)]) -> String {
        values
            .iter()
            .fold(self.get(language).to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
    }
}

/// One row of the table of problems: its name never changes, its words may.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Snake case, noun first.
    pub name: &'static str,
    /// HTTP status.
    pub status: u16,
    /// Short title, the same for every occurrence.
    pub title: Words,
    /// What happened, with `{placeholders}`.
    pub detail: Words,
}

/// Declares a table of problem codes: `NAME = status "code" { en sv da titles; en sv da details }`.
#[macro_export]
macro_rules! codes {
    ($($name:ident = $status:literal $code:literal
        [$ten:literal, $tsv:literal, $tda:literal]
        [$den:literal, $dsv:literal, $dda:literal];)+) => {
        $(
            #[doc = concat!("`", $code, "` (", stringify!($status), "): ", $ten, ".")]
            pub static $name: $crate::Code = $crate::Code {
                name: $code,
                status: $status,
                title: $crate::Words { en: $ten, sv: $tsv, da: $tda },
                detail: $crate::Words { en: $den, sv: $dsv, da: $dda },
            };
        )+
        /// Every code of this table.
        pub static ALL: &[&$crate::Code] = &[$(&$name),+];
    };
}

/// An error that knows the code under which the API answers it.
pub trait Failure: Error {
    /// The code.
    fn code(&self) -> &'static Code;

    /// Values for the placeholders of the code's words.
    fn values(&self) -> Vec<(&'static str, String)> {
        Vec::new()
    }
}

/// A reason with its values, before it is put into words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The code.
    pub code: &'static Code,
    /// Values for the placeholders.
    pub values: Vec<(&'static str, String)>,
}

impl Refusal {
    /// A reason without values.
    pub const fn of(code: &'static Code) -> Self {
        Self {
            code,
            values: Vec::new(),
        }
    }

    /// Adds a value for a placeholder.
    pub fn value(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// The reason in words.
    pub fn words(&self, language: Language) -> String {
        self.code.detail.fill(language, &self.values)
    }
}

/// A violation of one part of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct FieldProblem {
    /// RFC 6901 pointer into the body; empty for the whole body.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "/personId", max_length = 500, pattern = "^(/[^/]*)*$")]
    pub pointer: Option<Cow<'static, str>>,
    /// Name of the path or query parameter, as it was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "limit", max_length = 500, pattern = r"^[\s\S]*$")]
    pub parameter: Option<Cow<'static, str>>,
    /// Name of the header.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "If-Match", max_length = 100)]
    pub header: Option<Cow<'static, str>>,
    /// Code of the violation.
    #[schema(example = "required", max_length = 100, pattern = "^[a-z0-9_]+$")]
    pub code: Cow<'static, str>,
    /// The violation in words.
    #[schema(example = "A person is required.", max_length = 1000)]
    pub detail: String,
}

impl FieldProblem {
    /// A violation in the body.
    pub fn pointer(
        pointer: impl Into<Cow<'static, str>>,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            pointer: Some(pointer.into()),
            ..Self::new(code, detail)
        }
    }

    /// A violation of a path or query parameter.
    pub fn parameter(
        name: impl Into<Cow<'static, str>>,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            parameter: Some(name.into()),
            ..Self::new(code, detail)
        }
    }

    /// A violation of a header.
    pub fn header(
        name: impl Into<Cow<'static, str>>,
        code: &'static str,
        detail: impl Into<String>,
    ) -> Self {
        Self {
            header: Some(name.into()),
            ..Self::new(code, detail)
        }
    }

    fn new(code: &'static str, detail: impl Into<String>) -> Self {
        Self {
            pointer: None,
            parameter: None,
            header: None,
            code: code.into(),
            detail: detail.into(),
        }
    }
}

/// A problem on its way to the edge: outer words for the caller, the source for the log only.
#[derive(Debug)]
pub struct Problem(Box<Inner>);

#[derive(Debug)]
struct Inner {
    refusal: Refusal,
    errors: Vec<FieldProblem>,
    transitions: Vec<RefusedTransition>,
    retry_after_seconds: Option<u32>,
    source: Option<Box<dyn Error + Send + Sync>>,
}

impl Problem {
    /// A problem with a code.
    pub fn of(code: &'static Code) -> Self {
        Refusal::of(code).into()
    }

    /// Our own bug or outage of something we can't do without; the source is only logged.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self::of(&crate::codes::INTERNAL).caused_by(source)
    }

    /// A body that parses but says something impossible in one place.
    pub fn invalid(pointer: &'static str, code: &'static str, detail: impl Into<String>) -> Self {
        Self::of(&crate::codes::INVALID_BODY)
            .errors(vec![FieldProblem::pointer(pointer, code, detail)])
    }

    /// Adds a value for a placeholder of the code's words.
    pub fn value(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.0.refusal.values.push((name, value.to_string()));
        self
    }

    /// Adds the violations.
    pub fn errors(mut self, mut errors: Vec<FieldProblem>) -> Self {
        // As many as the document says, one for each of the longest list that is taken.
        errors.truncate(1000);
        self.0.errors = errors;
        self
    }

    /// Adds the transitions that are refused now.
    pub fn transitions(mut self, transitions: Vec<RefusedTransition>) -> Self {
        self.0.transitions = transitions;
        self
    }

    /// Says after how many seconds to try again.
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.0.retry_after_seconds = Some(seconds);
        self
    }

    /// Keeps the cause for the log.
    pub fn caused_by(mut self, source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        self.0.source = Some(source.into());
        self
    }

    /// The code.
    pub fn code(&self) -> &'static Code {
        self.0.refusal.code
    }

    /// A value that was given for a placeholder.
    pub fn get(&self, name: &str) -> Option<&str> {
        self.0
            .refusal
            .values
            .iter()
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value.as_str())
    }

    /// The violations.
    pub fn violations(&self) -> &[FieldProblem] {
        &self.0.errors
    }

    /// After how many seconds to try again.
    pub fn retry_after_seconds(&self) -> Option<u32> {
        self.0.retry_after_seconds
    }

    /// The cause itself, for whoever may repeat what failed.
    pub fn source(&self) -> Option<&(dyn Error + Send + Sync + 'static)> {
        self.0.source.as_deref()
    }

    /// The cause with all of its own causes, for the log.
    pub fn cause(&self) -> Option<String> {
        let mut next: Option<&(dyn Error + 'static)> = match &self.0.source {
            Some(source) => Some(source.as_ref()),
            None => return None,
        };
        let mut chain = Vec::new();
        while let Some(error) = next {
            chain.push(error.to_string());
            next = error.source();
        }
        Some(chain.join(": "))
    }

    /// The problem in a reader's language; address, instance and trace id are the edge's.
    pub fn body(
        &self,
        language: Language,
        r#type: String,
        instance: String,
        trace_id: String,
    ) -> ProblemBody {
        let inner = &self.0;
        ProblemBody {
            r#type,
            title: inner.refusal.code.title.get(language).to_owned(),
            status: i32::from(inner.refusal.code.status),
            detail: inner.refusal.words(language),
            instance,
            code: inner.refusal.code.name.to_owned(),
            trace_id,
            errors: inner.errors.clone(),
            transitions: inner.transitions.clone(),
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.refusal.code.name)
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        Self(Box::new(Inner {
            refusal,
            errors: Vec::new(),
            transitions: Vec::new(),
            retry_after_seconds: None,
            source: None,
        }))
    }
}

impl<F: Failure> From<F> for Problem {
    fn from(failure: F) -> Self {
        Refusal {
            code: failure.code(),
            values: failure.values(),
        }
        .into()
    }
}

/// Problem details (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// Address of the page that explains the code.
    #[schema(
        example = "https://akademi.example/problems/invalid_body",
        format = "uri",
        max_length = 500
    )]
    pub r#type: String,
    /// Short title, the same for every occurrence of the code.
    #[schema(example = "The body is not valid", max_length = 500)]
    pub title: String,
    /// HTTP status.
    #[schema(example = 400, minimum = 400, maximum = 599)]
    pub status: i32,
    /// What happened, in the reader's language.
    #[schema(
        example = "The body breaks the rules that the API document states.",
        max_length = 2000
    )]
    pub detail: String,
    /// This occurrence.
    #[schema(
        example = "urn:uuid:0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
        format = "uri-reference",
        max_length = 500
    )]
    pub instance: String,
    /// The code, for programs.
    #[schema(example = "invalid_body", max_length = 100, pattern = "^[a-z0-9_]+$")]
    pub code: String,
    /// W3C trace id, for support.
    #[schema(
        example = "4bf92f3577b34da6a3ce929d0e0e4736",
        max_length = 32,
        pattern = "^[0-9a-f]{32}$"
    )]
    pub trace_id: String,
    /// Every violation, in one answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub errors: Vec<FieldProblem>,
    /// With 409: the transitions that are refused now, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_filled_in_the_readers_language() {
        let refusal = Refusal::of(&crate::codes::PAGE_TOO_DEEP).value("most", 10_000);
        assert!(refusal.words(Language::Swedish).contains("10000"));
        assert!(!refusal.words(Language::Danish).contains('{'));
    }

    #[test]
    fn the_cause_is_for_the_log_and_not_in_the_body() {
        let problem = Problem::internal("the disk is full");
        assert_eq!(problem.cause().as_deref(), Some("the disk is full"));
        let body = problem.body(
            Language::English,
            String::new(),
            String::new(),
            String::new(),
        );
        assert!(!serde_json::to_string(&body).unwrap().contains("disk"));
    }
}
