//! The demo's data, as it stands in `seeds/`; its README says what is real and what is invented.

use crate::Fault;
use serde::Deserialize;
use serde_json::Value;

/// An organisation to load.
#[derive(Debug, Deserialize)]
pub(super) struct Organisation {
    pub(super) key: String,
    pub(super) slug: String,
    pub(super) parent: Option<String>,
    pub(super) body: Value,
    pub(super) departments: Vec<String>,
}

/// A programme to load.
#[derive(Debug, Deserialize)]
pub(super) struct Programme {
    pub(super) key: String,
    pub(super) organiser: String,
    pub(super) body: Value,
}

/// A round to load.
#[derive(Debug, Deserialize)]
pub(super) struct Round {
    pub(super) key: String,
    pub(super) programme: String,
    pub(super) publish: bool,
    pub(super) body: Value,
}

/// An invented person.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Person {
    pub(super) key: String,
    pub(super) organisation: String,
    pub(super) name: String,
    pub(super) title: String,
    pub(super) kind: String,
    pub(super) gender: String,
    pub(super) department: String,
}

/// All invented people.
#[derive(Debug, Deserialize)]
pub(super) struct People {
    pub(super) directors: Vec<Person>,
    pub(super) deputies: Vec<Person>,
    pub(super) applicants: Vec<Person>,
}

/// Everything.
#[derive(Debug)]
pub(super) struct Seeds {
    pub(super) organisations: Vec<Organisation>,
    pub(super) programmes: Vec<Programme>,
    pub(super) rounds: Vec<Round>,
    pub(super) people: People,
}

impl Seeds {
    /// Reads what is built into the program.
    pub(super) fn read() -> Result<Self, Fault> {
        Ok(Self {
            organisations: serde_json::from_str(include_str!("seeds/organisations.json"))?,
            programmes: serde_json::from_str(include_str!("seeds/programmes.json"))?,
            rounds: serde_json::from_str(include_str!("seeds/rounds.json"))?,
            people: serde_json::from_str(include_str!("seeds/people.json"))?,
        })
    }
}

impl Person {
    /// The address at work: `first.last@slug.example`, without letters that addresses lack.
    pub(super) fn email(&self, slug: &str) -> String {
        let plain: String = self
            .name
            .to_lowercase()
            .chars()
            .map(|letter| match letter {
                'å' | 'ä' => 'a',
                'ö' | 'ø' => 'o',
                'é' => 'e',
                ' ' => '.',
                other => other,
            })
            .collect();
        format!("{plain}@{slug}.example")
    }
}
