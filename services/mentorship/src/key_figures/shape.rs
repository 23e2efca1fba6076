//! The shape of Kolada's answers, and what becomes of them.
//!
//! `GET /kpi/{ids}` answers titles, `GET /data/kpi/{ids}/municipality/{codes}/year/{years}` values;
//! both in pages, each with the address of the next.

use super::entity;
use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared_database::column;
use shared_types::mentorship::key_figures::KeyFigureGroup;
use std::collections::BTreeMap;

/// One page of an answer.
#[derive(Clone, Debug, Deserialize)]
pub struct Page<T> {
    /// The items.
    pub values: Vec<T>,
    /// Address of the next page.
    #[serde(default)]
    pub next_url: Option<String>,
}

/// A key figure.
#[derive(Clone, Debug, Deserialize)]
pub struct Kpi {
    /// Its id, such as `N00945`.
    pub id: String,
    /// What it tells.
    pub title: String,
}

/// The values of one figure, municipality and year.
#[derive(Clone, Debug, Deserialize)]
pub struct Observation {
    /// The figure.
    pub kpi: String,
    /// The municipality's code, without its country.
    pub municipality: String,
    /// The year.
    pub period: i32,
    /// The values, one for each group.
    pub values: Vec<Measured>,
}

/// One value.
#[derive(Clone, Debug, Deserialize)]
pub struct Measured {
    /// `T` for all, `K` for women, `M` for men.
    pub gender: String,
    /// The value; absent where there is none.
    #[serde(default)]
    pub value: Option<serde_json::Number>,
}

/// A file of the same shape.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct File {
    /// Where the figures come from.
    pub source: String,
    /// Whether they stand for figures and are none.
    #[serde(default)]
    pub sample: bool,
    /// The figures.
    pub kpis: Vec<Kpi>,
    /// Their values.
    pub values: Vec<Observation>,
}

/// Where values come from, and when.
#[derive(Clone, Copy, Debug)]
pub struct Origin<'a> {
    /// The source.
    pub source: &'a str,
    /// Whether they stand for figures and are none.
    pub sample: bool,
    /// When they were read.
    pub at: DateTime<Utc>,
}

/// The rows of some observations. What has no value, an unknown group, no title or a value that is
/// no plain decimal is left out.
pub fn rows(
    titles: &BTreeMap<String, String>,
    observations: &[Observation],
    origin: Origin<'_>,
) -> Vec<entity::Model> {
    let mut rows = Vec::new();
    for one in observations {
        let Some(title) = titles.get(&one.kpi) else {
            continue;
        };
        for measured in &one.values {
            let value = measured.value.as_ref().and_then(decimal);
            if let (Some(group), Some(value)) = (group(&measured.gender), value) {
                rows.push(entity::Model {
                    municipality_code: format!("SE-{}", one.municipality),
                    figure: one.kpi.clone(),
                    year: one.period,
                    of_group: column::text(group),
                    title: title.clone(),
                    value,
                    source: origin.source.to_owned(),
                    sample: origin.sample,
                    read_at: origin.at,
                });
            }
        }
    }
    rows
}

fn group(gender: &str) -> Option<KeyFigureGroup> {
    match gender {
        "T" => Some(KeyFigureGroup::All),
        "K" => Some(KeyFigureGroup::Women),
        "M" => Some(KeyFigureGroup::Men),
        _ => None,
    }
}

/// The decimal digits of a number, as it was written; none where it has an exponent.
fn decimal(number: &serde_json::Number) -> Option<String> {
    let text = number.to_string();
    let is_plain = |letter: char| letter.is_ascii_digit() || matches!(letter, '-' | '.');
    (text.len() <= 40 && text.chars().all(is_plain)).then_some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_has_a_value_becomes_a_row_and_the_rest_is_left_out() {
        let page: Page<Observation> = serde_json::from_str(
            r#"{"count": 1, "next_url": null, "values": [
                {"kpi": "N00945", "municipality": "0580", "period": 2021, "values": [
                    {"gender": "T", "value": 18.3, "count": 1, "status": ""},
                    {"gender": "K", "value": null, "count": 1, "status": "Missing"},
                    {"gender": "X", "value": 1, "count": 1, "status": ""},
                    {"gender": "M", "value": 1e99, "count": 1, "status": ""}]},
                {"kpi": "N99999", "municipality": "0580", "period": 2021, "values": [
                    {"gender": "T", "value": 1, "count": 1, "status": ""}]}]}"#,
        )
        .unwrap();
        let titles = BTreeMap::from([("N00945".to_owned(), "Andel 65+".to_owned())]);
        let origin = Origin {
            source: "Kolada",
            sample: false,
            at: "2022-06-01T08:00:00Z".parse().unwrap(),
        };
        let rows = rows(&titles, &page.values, origin);
        let read: Vec<_> = rows
            .iter()
            .map(|row| {
                (
                    row.municipality_code.as_str(),
                    row.of_group.as_str(),
                    row.value.as_str(),
                )
            })
            .collect();
        assert_eq!(read, [("SE-0580", "all", "18.3")]);
    }

    #[test]
    fn the_sample_file_is_read_and_says_that_it_is_one() {
        let file: File = serde_json::from_str(super::super::import::SAMPLE).unwrap();
        assert!(file.sample && !file.values.is_empty());
        let titles: BTreeMap<_, _> = file.kpis.iter().map(|one| (&one.id, &one.title)).collect();
        assert!(file.values.iter().all(|one| titles.contains_key(&one.kpi)));
    }
}
