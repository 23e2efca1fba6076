//! Billing: what participations cost, and the invoices and credit notes that follow.
//!
//! What a participation costs is counted ([`charges`]) from the round's price lines and terms
//! whenever it is asked for; what is kept is what was billed. A draft takes what falls in a
//! period and stands on no other document yet, one draft for each buyer and currency.
//!
//! `draft → issued → credited`. A draft may be discarded. Issuing gives the next number of the
//! organiser's year under the lock of its row ([`numbers`]), keeps both parties as they stand,
//! and from then on the document never changes. A credit note is a document of its own that
//! names its invoice; it is issued at once, with a number of its own series.
//!
//! The organiser's coordinators bill; who keeps or decides for the buying organisation reads what
//! was issued to it. An invoice names no participant: it goes through networks and archives that
//! have no use for the name (decision 30).

pub mod basis;
pub mod basis_routes;
pub mod charge_entity;
pub mod charges;
pub mod details;
pub mod details_entity;
pub mod details_routes;
pub mod entity;
pub mod files;
pub mod line_entity;
pub mod model;
pub mod numbers;
pub mod peppol;
pub mod routes;
pub mod series_entity;
pub mod steps;
pub mod store;
pub mod tally;
pub mod terms_entity;
pub mod terms_routes;
pub mod view;
pub mod words;
mod xml;
