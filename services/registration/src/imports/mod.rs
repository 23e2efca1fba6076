//! Imports: an employer's people, departments and offices out of a file.
//!
//! Whoever keeps an organisation's data may hand a file in; what comes of it is judged when it
//! comes, row by row, by the rules of the API's own operations. There is no second door: people
//! change by `people::store`, departments by `organisations::store`, offices by `offices::routes`,
//! with the same history and the same events as by hand. `shared-imports` reads the file, keeps
//! its rows and works them off.
//!
//! A thing is known by the file's key. Whom SCIM has told of under the same key is the same
//! person, and a department or an office is also known by what an organisation has only one of:
//! its name, its kind. People are never known by an address; who is here already and has no key
//! gets one by a row that names the id.

pub mod departments;
pub mod offices;
pub mod people;
pub mod routes;
pub mod sheets;
pub mod steps;
