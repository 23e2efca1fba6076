//! Endorsements: what the applicants' offices say.
//!
//! Every application of a round that asks for it has one endorsement, decided once by the
//! office of the applicant's municipality: in the system, by a link in a mail without an
//! account, or by a coordinator in the office's place, with a motive. The slate is all of it
//! on one page. Nobody decides about oneself.

pub mod desks;
pub mod entity;
pub mod link;
pub mod links;
pub mod pages;
pub mod routes;
pub mod slate;
pub mod steps;
pub mod store;
