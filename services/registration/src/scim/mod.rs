//! SCIM 2.0 (RFC 7643, 7644): an organisation's own HR system keeps its people here.
//!
//! A key speaks for one organisation, the one in which it has HR's or a coordinator's role; of
//! everybody else it is as if they were not there. A user is a person of the organisation, under
//! the person's own id; a group is a department, or a role that the key's holder could give by
//! hand. What SCIM knows and registration does not need (parts of a name, an employee number)
//! stands in a row beside the person, and nothing is kept of what is not needed: addresses,
//! photographs, passwords.
//!
//! There is no second door: people change by `people::store`, roles by `people::roles`,
//! departments by `organisations::store`, with the same history and the same events as by hand.
//! Whoever is made inactive is no caller any more within five seconds. Whoever is deleted has
//! left for good: address, `userName` and `externalId` are free for somebody else, who is another
//! person and gets nothing of the first one's.
//!
//! Filters and paths are parsed by [`filter`] against the published [`schema`]; changes are made
//! to the user's document by [`patch`], and only a document that holds as a whole is written.

pub mod bulk;
pub mod department_entity;
pub mod departments;
pub mod desk;
pub mod document;
pub mod entity;
pub mod filter;
pub mod groups;
pub mod list;
pub mod patch;
pub mod path;
pub mod refusal;
pub mod routes;
pub mod schema;
pub mod served;
pub mod store;
pub mod users;

/// What a key has to be limited to, if to anything, besides the whole API's scopes.
pub const SCOPES: [&str; 2] = ["scim:read", "scim:write"];
