//! Reports: what may be shown of a survey's answers.
//!
//! A report is made once, when its survey closes: the sheets are counted in one pass
//! ([`count`]), the dimensions are chosen by who answered ([`axes`]), every number goes through one
//! gate ([`disclosure`], which says what is promised and why it holds), and the tables that come
//! of it are kept ([`freeze`]). JSON, CSV, pages and charts read these tables and nothing else, so
//! none of them can show what another does not.
//!
//! A round's report is for its organiser's coordinators and evaluators and by a link for the board;
//! a municipality's for its director; a participation's for the participant.

pub mod axes;
pub mod comparison;
pub mod count;
pub mod csv;
pub mod disclosure;
pub mod entity;
pub mod freeze;
pub mod link_entity;
pub mod links;
pub mod municipalities;
pub mod municipality_entity;
pub mod pages;
pub mod participants;
pub mod reserve;
pub mod reserve_entity;
pub mod rounds;
pub mod routes;
pub mod source;
pub mod store;
pub mod tables;
pub mod view;
