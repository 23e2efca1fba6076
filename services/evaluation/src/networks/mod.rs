//! Networks: who of a round has ties with whom, before, at the end and half a year later, as
//! measures of the whole and a drawing without names.
//!
//! Who named whom is needed again, to test what has changed: it is taken out of the sheets and kept
//! sealed, of the first and of the latest survey of a round that asks the same, until a year after
//! the round; who is forgotten is taken out at once ([`forgetting`]). Nothing is shown where fewer
//! than [`FEWEST`] answered.

pub mod draw;
pub mod entity;
pub mod forgetting;
pub mod freeze;
pub mod graph_entity;
pub mod model;
pub mod store;

use crate::reports::source::Sheet;
use shared_database::DatabaseError;
use shared_types::evaluation::instruments::{AnswerSheet, AnswerValue, Question, QuestionKind};
use std::collections::BTreeMap;

/// Fewest who answered for a network to be shown.
pub const FEWEST: usize = 10;

/// The reserved key under which a sheet says whose it is while its survey is open.
pub const APPLICATION: &str = "_application";

/// Who named whom: whoever answered, and the others by kind of tie.
pub type Named = BTreeMap<String, BTreeMap<String, Vec<String>>>;

/// The ties of a survey, as its sheets are read.
#[derive(Clone, Debug)]
pub struct Collected<'a> {
    /// The questions.
    pub questions: Vec<&'a Question>,
    /// Who named whom, question by question.
    pub named: Vec<Named>,
}

impl<'a> Collected<'a> {
    /// Nothing collected yet.
    pub fn new(questions: &'a [Question]) -> Self {
        let ties = questions
            .iter()
            .filter(|question| question.kind == QuestionKind::NetworkTie);
        let questions: Vec<&Question> = ties.collect();
        Self {
            named: vec![Named::new(); questions.len()],
            questions,
        }
    }

    /// Takes a sheet's ties.
    pub fn add(&mut self, sheet: &Sheet) -> Result<(), DatabaseError> {
        if self.questions.is_empty() {
            return Ok(());
        }
        let answers: AnswerSheet = serde_json::from_str(&sheet.answers)
            .map_err(|error| DatabaseError::Corrupt(format!("a sheet: {:?}", error.classify())))?;
        let Some(AnswerValue::Text(own)) = answers.get(APPLICATION) else {
            return Ok(());
        };
        for (question, named) in self.questions.iter().zip(&mut self.named) {
            let ties = match answers.get(&question.key) {
                Some(AnswerValue::Ties(ties)) => ties.clone(),
                _ => BTreeMap::new(),
            };
            let ties = ties.into_iter().map(|(kind, others)| {
                (
                    kind,
                    others
                        .iter()
                        .map(ToString::to_string)
                        .filter(|other| other != own)
                        .collect(),
                )
            });
            named.insert(own.clone(), ties.collect());
        }
        Ok(())
    }
}
