//! Completion: what a round asks for, how each participant stands, and what was decided.
//!
//! A round's rule is versioned: a share of the programme's half days, tasks, a share of the
//! surveys that were asked. How somebody stands is worked out anew whenever it is asked for, from
//! what scheduling told last and the time of asking; nothing that could be old is kept. A
//! coordinator decides: about all that fulfil the rule at once, or about one participant, with a
//! reason. The decision is what others are told, and what a certificate is issued on; how it stood
//! then is kept beside it. Who is completed stays so.

pub mod answered;
pub mod entity;
pub mod lock_entity;
pub mod model;
pub mod record;
pub mod routes;
pub mod rule_entity;
pub mod rules;
pub mod steps;
pub mod store;
pub mod task_entity;
pub mod view;
pub mod words;
