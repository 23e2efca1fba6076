//! Refusals in SCIM's words (RFC 7644, 3.12): a `scimType` and a sentence for who maintains the
//! client. Everything else that can be refused is told in the words that all problems have.

use shared_types::{
    Problem, codes,
    registration::codes::{ORGANISATION_UNKNOWN, PERSON_EMAIL_TAKEN},
};

fn of(code: &'static shared_types::Code, kind: &'static str, detail: impl Into<String>) -> Problem {
    Problem::of(code)
        .value("scimType", kind)
        .value("scimDetail", detail.into())
}

/// The filter can't be read, or compares what can't be compared.
pub fn invalid_filter(detail: impl Into<String>) -> Problem {
    of(&codes::INVALID_PARAMETER, "invalidFilter", detail)
}

/// The path of a change names nothing that there is.
pub fn invalid_path(detail: impl Into<String>) -> Problem {
    of(&codes::INVALID_BODY, "invalidPath", detail)
}

/// A value is missing or can't be this.
pub fn invalid_value(detail: impl Into<String>) -> Problem {
    of(&codes::INVALID_BODY, "invalidValue", detail)
}

/// The message is none of SCIM's.
pub fn invalid_syntax(detail: impl Into<String>) -> Problem {
    of(&codes::INVALID_BODY, "invalidSyntax", detail)
}

/// What is only read can't be changed.
pub fn mutability(detail: impl Into<String>) -> Problem {
    of(&codes::INVALID_BODY, "mutability", detail)
}

/// The path of a change matches nothing.
pub fn no_target(detail: impl Into<String>) -> Problem {
    of(&codes::INVALID_BODY, "noTarget", detail)
}

/// More than is looked through or answered at once.
pub fn too_many(detail: impl Into<String>) -> Problem {
    of(&codes::INVALID_PARAMETER, "tooMany", detail)
}

/// Somebody else of the organisation has it.
pub fn uniqueness(detail: impl Into<String>) -> Problem {
    of(&codes::CONFLICT, "uniqueness", detail)
}

/// There is none in the key's organisation.
pub fn not_found() -> Problem {
    Problem::of(&codes::NOT_FOUND)
}

/// A problem of the other features, with SCIM's word for it where there is one.
pub fn told(problem: Problem) -> Problem {
    if problem.get("scimType").is_some() {
        return problem;
    }
    let code = problem.code();
    if code == &PERSON_EMAIL_TAKEN {
        return problem.value("scimType", "uniqueness");
    }
    if code == &ORGANISATION_UNKNOWN {
        return not_found();
    }
    if code == &codes::INVALID_BODY {
        return problem.value("scimType", "invalidValue");
    }
    problem
}
