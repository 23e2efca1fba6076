//! Says in the reader's words what a schema found wrong.

use jsonschema::{ValidationError, error::ValidationErrorKind as Kind};
use serde_json::Value;
use shared_types::{FieldProblem, Language, Words};

/// At most this many violations are told at once.
pub const MOST: usize = 100;

/// The violations of one schema error: a missing or an unknown member is named by its own
/// pointer, not by its parent's.
pub fn of(error: &ValidationError<'_>, language: Language) -> Vec<FieldProblem> {
    let at = error.instance_path().to_string();
    match error.kind() {
        Kind::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            vec![FieldProblem::pointer(
                child(&at, name),
                "required",
                REQUIRED.get(language),
            )]
        }
        Kind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|name| {
                FieldProblem::pointer(child(&at, name), "unknown_member", UNKNOWN.get(language))
            })
            .collect(),
        kind => {
            let (code, words, limit) = describe(kind);
            vec![FieldProblem::pointer(
                at,
                code,
                words.fill(language, &[("limit", limit)]),
            )]
        }
    }
}

fn child(parent: &str, name: &str) -> String {
    format!("{parent}/{}", name.replace('~', "~0").replace('/', "~1"))
}

/// The values of an enum, as they stand in the document.
fn listed(options: &Value) -> String {
    let word = |value: &Value| match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    match options {
        Value::Array(all) => all.iter().map(word).collect::<Vec<_>>().join(", "),
        one => word(one),
    }
}

fn describe(kind: &Kind) -> (&'static str, Words, String) {
    match kind {
        Kind::Type { .. } => ("type", TYPE, String::new()),
        Kind::Format { format } => ("format", FORMAT, format.clone()),
        Kind::Pattern { pattern } => ("pattern", PATTERN, pattern.clone()),
        Kind::Enum { options } => ("unknown_value", VALUE, listed(options)),
        Kind::Constant { expected_value } => ("unknown_value", VALUE, listed(expected_value)),
        Kind::MinLength { limit } => ("too_short", SHORT, limit.to_string()),
        Kind::MaxLength { limit } => ("too_long", LONG, limit.to_string()),
        Kind::MinItems { limit } | Kind::MinProperties { limit } => {
            ("too_few", FEW, limit.to_string())
        }
        Kind::MaxItems { limit } | Kind::MaxProperties { limit } => {
            ("too_many", MANY, limit.to_string())
        }
        Kind::Minimum { limit } | Kind::ExclusiveMinimum { limit } => {
            ("too_small", SMALL, limit.to_string())
        }
        Kind::Maximum { limit } | Kind::ExclusiveMaximum { limit } => {
            ("too_large", LARGE, limit.to_string())
        }
        _ => ("invalid", INVALID, String::new()),
    }
}

const REQUIRED: Words = Words {
    en: "This member is required.",
    sv: "Detta fält krävs.",
    da: "Dette felt kræves.",
};
/// Said of a member that nothing is known of.
pub const UNKNOWN: Words = Words {
    en: "There is no such member.",
    sv: "Det finns inget sådant fält.",
    da: "Der findes intet sådant felt.",
};
const TYPE: Words = Words {
    en: "The type is wrong.",
    sv: "Typen är fel.",
    da: "Typen er forkert.",
};
const FORMAT: Words = Words {
    en: "Not a valid {limit}.",
    sv: "Inte giltigt som {limit}.",
    da: "Ikke gyldigt som {limit}.",
};
const PATTERN: Words = Words {
    en: "Does not match {limit}.",
    sv: "Följer inte {limit}.",
    da: "Følger ikke {limit}.",
};
const VALUE: Words = Words {
    en: "Not one of the values: {limit}.",
    sv: "Inte ett av värdena: {limit}.",
    da: "Ikke en af værdierne: {limit}.",
};
const SHORT: Words = Words {
    en: "At least {limit} characters.",
    sv: "Minst {limit} tecken.",
    da: "Mindst {limit} tegn.",
};
const LONG: Words = Words {
    en: "At most {limit} characters.",
    sv: "Högst {limit} tecken.",
    da: "Højst {limit} tegn.",
};
const FEW: Words = Words {
    en: "At least {limit}.",
    sv: "Minst {limit}.",
    da: "Mindst {limit}.",
};
const MANY: Words = Words {
    en: "At most {limit}.",
    sv: "Högst {limit}.",
    da: "Højst {limit}.",
};
const SMALL: Words = Words {
    en: "Not below {limit}.",
    sv: "Inte under {limit}.",
    da: "Ikke under {limit}.",
};
const LARGE: Words = Words {
    en: "Not above {limit}.",
    sv: "Inte över {limit}.",
    da: "Ikke over {limit}.",
};
const INVALID: Words = Words {
    en: "Not valid.",
    sv: "Inte giltigt.",
    da: "Ikke gyldigt.",
};
/// Said of a text with a NUL character, which one of the databases could not keep.
pub const NUL: Words = Words {
    en: "The character NUL is not allowed.",
    sv: "Tecknet NUL är inte tillåtet.",
    da: "Tegnet NUL er ikke tilladt.",
};
/// Said of a body that is not JSON at all.
pub const NOT_JSON: Words = Words {
    en: "Not valid JSON: {limit}.",
    sv: "Inte giltig JSON: {limit}.",
    da: "Ikke gyldig JSON: {limit}.",
};
/// Said of a parameter that the operation does not have.
pub const UNKNOWN_PARAMETER: Words = Words {
    en: "There is no such parameter.",
    sv: "Det finns ingen sådan parameter.",
    da: "Der findes ingen sådan parameter.",
};
/// Said of a parameter that is given twice.
pub const REPEATED: Words = Words {
    en: "Given twice.",
    sv: "Angiven två gånger.",
    da: "Angivet to gange.",
};
/// Said of a member that the items of a list don't have.
pub const UNKNOWN_FIELD: Words = Words {
    en: "Not a member of these items: {name}. There are: {limit}.",
    sv: "Inte ett fält i dessa poster: {name}. Det finns: {limit}.",
    da: "Ikke et felt i disse poster: {name}. Der er: {limit}.",
};
/// Said of a header that is missing.
pub const MISSING_HEADER: Words = Words {
    en: "This header is required.",
    sv: "Detta huvud krävs.",
    da: "Dette hoved kræves.",
};
