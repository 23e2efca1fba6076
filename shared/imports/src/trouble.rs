//! What stands against a row: kept in every language, since whoever reads the report is not
//! there when it is found.

use serde::{Deserialize, Serialize};
use shared_database::DatabaseError;
use shared_types::{
    Code, Language, LocalizedText, Problem, Refusal, codes,
    imports::{ImportRowProblem, codes::IMPORT_REFERENCE_UNKNOWN},
};
use std::collections::BTreeMap;

/// The languages in which a report can be read.
const LANGUAGES: [Language; 3] = [Language::English, Language::Swedish, Language::Danish];

/// One thing that stands against a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trouble {
    /// The code of a problem, or of a column's violation.
    pub code: String,
    /// The column, where it is about one.
    pub column: Option<String>,
    /// The words.
    pub detail: LocalizedText,
}

impl Trouble {
    /// What a code says.
    pub fn of(code: &'static Code) -> Self {
        Self::told(&Refusal::of(code), None)
    }

    /// What a refusal says, of a column or of the whole row.
    pub fn told(refusal: &Refusal, column: Option<&str>) -> Self {
        Self {
            code: refusal.code.name.to_owned(),
            column: column.map(str::to_owned),
            detail: in_each(|language| refusal.words(language)),
        }
    }

    /// For a reader.
    pub fn wire(self, language: Language) -> ImportRowProblem {
        ImportRowProblem {
            detail: self.detail.best(language).to_owned(),
            code: self.code,
            column: self.column,
        }
    }
}

/// The same words in each language.
pub fn in_each(words: impl Fn(Language) -> String) -> LocalizedText {
    let all = LANGUAGES.map(|language| (language.tag().to_owned(), words(language)));
    LocalizedText(BTreeMap::from(all))
}

/// Why nothing became of a row.
#[derive(Debug)]
pub enum Refused {
    /// Something stands against it.
    Because(Vec<Trouble>),
    /// It refers to a row that is not decided yet; of the column, should it never be.
    Waits(&'static str),
    /// It was not the row's fault: the same may work later.
    Failed(Problem),
}

impl Refused {
    /// A refusal of a column.
    pub fn of(code: &'static Code, column: &str) -> Self {
        Self::Because(vec![Trouble::told(&Refusal::of(code), Some(column))])
    }

    /// Nothing is known by the key in a column.
    pub fn unknown(column: &str) -> Self {
        let refusal = Refusal::of(&IMPORT_REFERENCE_UNKNOWN).value("column", column);
        Self::Because(vec![Trouble::told(&refusal, Some(column))])
    }
}

impl From<Problem> for Refused {
    fn from(problem: Problem) -> Self {
        if problem.code() == &codes::UNAVAILABLE {
            return Self::Failed(problem);
        }
        if problem.code() == &codes::INTERNAL {
            let cause = problem.cause();
            tracing::error!(cause, "a row of an import could not be imported");
        }
        let violations = problem.violations();
        if violations.is_empty() {
            let words = |language| {
                let body = problem.body(language, String::new(), String::new(), String::new());
                body.detail
            };
            return Self::Because(vec![Trouble {
                code: problem.code().name.to_owned(),
                column: None,
                detail: in_each(words),
            }]);
        }
        let told = violations.iter().map(|violation| Trouble {
            code: violation.code.to_string(),
            column: violation.pointer.as_deref().and_then(column_of),
            detail: LocalizedText::of(Language::English, violation.detail.clone()),
        });
        Self::Because(told.collect())
    }
}

impl From<DatabaseError> for Refused {
    fn from(error: DatabaseError) -> Self {
        Problem::from(error).into()
    }
}

/// The column of a pointer into a body: `/address/street` is `address.street`.
pub fn column_of(pointer: &str) -> Option<String> {
    let name = pointer.trim_start_matches('/').replace('/', ".");
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_is_read_in_the_readers_language() {
        let Refused::Because(found) = Refused::unknown("managerKey") else {
            panic!("a refusal");
        };
        let told = found[0].clone().wire(Language::Swedish);
        assert_eq!(told.code, "import_reference_unknown");
        assert_eq!(told.column.as_deref(), Some("managerKey"));
        assert!(told.detail.starts_with("Inget med nyckeln i managerKey"));
    }

    #[test]
    fn what_a_rule_says_is_the_rows_fault_and_an_outage_is_not() {
        let rule: Refused = Problem::of(&codes::CONFLICT).into();
        assert!(matches!(rule, Refused::Because(_)));
        let outage: Refused = Problem::of(&codes::UNAVAILABLE).into();
        assert!(matches!(outage, Refused::Failed(_)));
    }
}
