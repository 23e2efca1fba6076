//! Bodies of key figures: open data about a municipality, kept with year and source.

use crate::{Links, mentorship::challenges::KeyFigureId};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Of whom a key figure tells.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "all")]
pub enum KeyFigureGroup {
    /// Everybody.
    All,
    /// Women.
    Women,
    /// Men.
    Men,
}

/// A key figure of one municipality and year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyFigure {
    /// Which figure.
    pub id: KeyFigureId,
    /// What it tells, as its source writes it.
    #[schema(example = "Invånare 65+, andel (%)", max_length = 500)]
    pub title: String,
    /// Official code of the municipality, with its country.
    #[schema(example = "SE-0580", max_length = 7, pattern = "^[A-Z]{2}-[0-9]{2,4}$")]
    pub municipality_code: String,
    /// The year.
    #[schema(example = 2021, minimum = 1900, maximum = 2200)]
    pub year: i32,
    /// Of whom.
    pub group: KeyFigureGroup,
    /// The value, in decimal digits.
    #[schema(example = "18.3", max_length = 40, pattern = r"^-?[0-9]+(\.[0-9]+)?$")]
    pub value: String,
    /// Where it comes from.
    #[schema(example = "Kolada", max_length = 200)]
    pub source: String,
    /// Whether it stands for a figure and is none: from a sample.
    #[schema(example = false)]
    pub sample: bool,
    /// When it was read from its source.
    #[schema(example = "2022-06-01T08:00:00Z")]
    pub read_at: DateTime<Utc>,
}

/// The key figures of a municipality.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct KeyFigures {
    /// The figures, by id and year, the latest year first.
    #[schema(max_items = 1000)]
    pub items: Vec<KeyFigure>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
