//! Admission.
pub mod entity;
pub mod propose;
pub mod row;
