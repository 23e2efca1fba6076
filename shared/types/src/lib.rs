//! What crosses the wire, in one place: ids, texts, money, pages, problems, callers, answers,
//! events and every JSON body. Nothing here does I/O, and nothing knows a web framework or a
//! database, so that every other crate can depend on it.

pub mod actor;
pub mod answer;
pub mod archive;
pub mod caller;
pub mod civil;
pub mod codes;
pub mod evaluation;
pub mod event;
pub mod facts;
pub mod holidays;
pub mod ids;
pub mod imports;
pub mod language;
pub mod links;
pub mod mentorship;
pub mod meta;
pub mod money;
pub mod page;
pub mod problem;
pub mod registration;
pub mod scheduling;
pub mod text;
pub mod transition;

pub use actor::Actor;
pub use answer::{Answer, Claim};
pub use caller::{Caller, Role, RoleGrant};
pub use ids::*;
pub use language::Language;
pub use links::{Link, Links, RefusedTransition};
pub use money::Money;
pub use page::PageMeta;
pub use problem::{Code, Failure, FieldProblem, Problem, Refusal, Words};
pub use registration::people::Gender;
pub use text::LocalizedText;
