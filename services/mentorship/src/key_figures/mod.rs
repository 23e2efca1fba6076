//! Key figures: open data about a municipality, from which a challenge may start.
//!
//! They come from Kolada's open API (version 3), asked again once a day where an operator has set
//! its address, or from a file of the same shape. They are kept here with year and source, so
//! that they are there when Kolada is not. A file may say that it is a sample: its figures stand
//! for figures and are none, and everybody who reads one is told.

pub mod entity;
pub mod import;
pub mod routes;
pub mod shape;
pub mod store;
