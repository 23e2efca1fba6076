//! Transition tables: one per thing, the only way its state changes.
//!
//! The same table judges a request and answers "what can I do now?" on the resource.

use crate::{Language, Links, Problem, Refusal, RefusedTransition, codes};

/// A condition of an edge: `Err` says why it does not hold.
pub type Condition<C> = fn(&C) -> Result<(), Refusal>;

/// One edge of a table, over a case that holds all that the conditions look at.
#[derive(Debug)]
pub struct Edge<C: 'static> {
    /// Name of the transition, and the last segment of its address.
    pub name: &'static str,
    /// Who may take it at all; others are not told of it.
    pub who: fn(&C) -> bool,
    /// What must hold, in the order in which it is explained.
    pub conditions: &'static [Condition<C>],
}

impl<C> Edge<C> {
    /// Whether the edge can be taken now; the first condition that does not hold says why.
    pub fn judge(&self, case: &C) -> Result<(), Refusal> {
        self.conditions
            .iter()
            .try_for_each(|condition| condition(case))
    }
}

/// Judges one edge: 403 for who may not, 409 with every refused edge for what may not be now.
pub fn judge<C>(
    table: &[Edge<C>],
    name: &str,
    case: &C,
    language: Language,
) -> Result<(), Problem> {
    let Some(edge) = table
        .iter()
        .find(|edge| edge.name == name && (edge.who)(case))
    else {
        return Err(Problem::of(&codes::FORBIDDEN));
    };
    edge.judge(case)
        .map_err(|refusal| Problem::from(refusal).transitions(refused(table, case, language)))
}

/// Adds the edges that can be taken now to a resource's links; `href` is the resource's own
/// address.
pub fn allowed<C>(table: &[Edge<C>], case: &C, href: &str, links: Links) -> Links {
    let open = table
        .iter()
        .filter(|edge| (edge.who)(case) && edge.judge(case).is_ok());
    open.fold(links, |links, edge| {
        links.with(edge.name, "POST", format!("{href}/{}", edge.name))
    })
}

/// The edges that the caller might take but can't now, and why.
pub fn refused<C>(table: &[Edge<C>], case: &C, language: Language) -> Vec<RefusedTransition> {
    let closed = table.iter().filter(|edge| (edge.who)(case));
    closed
        .filter_map(|edge| {
            let refusal = edge.judge(case).err()?;
            Some(RefusedTransition {
                name: edge.name.to_owned(),
                code: refusal.code.name.to_owned(),
                detail: refusal.words(language),
            })
        })
        .collect()
}
