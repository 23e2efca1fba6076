//! A survey as those who make it see it.

use super::{
    entity, families,
    model::{Case, EDGES},
    store::{self, Counts},
};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_types::{
    Links, Problem,
    evaluation::surveys::{Survey, SurveyMode, SurveyState},
    transition,
};
use shared_web::Context;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// What is shown beside some surveys.
#[derive(Clone, Debug)]
pub struct Beside {
    counts: BTreeMap<Uuid, Counts>,
    invited: BTreeSet<Uuid>,
    pairing: BTreeSet<Uuid>,
}

impl Beside {
    /// Reads it.
    pub async fn of(
        connection: &impl ConnectionTrait,
        rows: &[entity::Model],
    ) -> Result<Self, DatabaseError> {
        let ids: Vec<Uuid> = rows.iter().map(|row| row.id).collect();
        let families = rows.iter().filter_map(|row| row.family_id).collect();
        Ok(Self {
            counts: store::counts(connection, &ids).await?,
            invited: store::invited(connection, &ids)
                .await?
                .into_iter()
                .collect(),
            pairing: families::open_among(connection, families).await?,
        })
    }
}

/// What the edges look at.
pub fn case(row: &entity::Model) -> Result<Case, DatabaseError> {
    Ok(Case {
        state: column::parse(&row.state)?,
    })
}

/// A survey on the wire.
pub fn wire(row: &entity::Model, beside: &Beside, context: &Context) -> Result<Survey, Problem> {
    let case = case(row)?;
    let counts = beside.counts.get(&row.id).copied().unwrap_or_default();
    let count = |count: i64| i32::try_from(count).unwrap_or(i32::MAX);
    let mode: SurveyMode = column::parse(&row.mode)?;
    let pairing_open = row.family_id.is_some_and(|id| beside.pairing.contains(&id));
    let href = context.href(format!("surveys/{}", row.id));
    let mut links = Links::to_self(&href)
        .with("questionnaire", "GET", format!("{href}/questionnaire"))
        .with("invitations", "GET", format!("{href}/invitations"))
        .with("copies", "POST", format!("{href}/copies"));
    if case.state == SurveyState::Planned {
        links = links.with("update", "PATCH", &href);
    }
    if case.state == SurveyState::Closed && mode != SurveyMode::Anonymous {
        links = links.with("sheets", "GET", format!("{href}/sheets"));
    }
    if pairing_open {
        links = links.with("pairing-end", "POST", format!("{href}/pairing-end"));
    }
    Ok(Survey {
        id: row.id.into(),
        round_id: row.round_id.into(),
        organiser_id: row.organiser_id.into(),
        instrument_id: row.instrument_id.into(),
        instrument_version: row.instrument_version,
        name: column::from_json(row.name.clone())?,
        audience: column::parse(&row.audience)?,
        mode,
        mode_frozen: case.state != SurveyState::Planned || beside.invited.contains(&row.id),
        occasion: column::from_json(row.occasion.clone())?,
        state: case.state,
        open_days: row.open_days,
        opens_on: row.opens_on,
        closes_on: row.closes_on,
        part: row.part.as_deref().map(column::parse).transpose()?,
        family_id: row.family_id,
        pairing_open,
        asked_count: count(counts.asked),
        answered_count: count(counts.answered),
        modified_at: row.modified_at,
        transitions: transition::refused(&EDGES, &case, context.language),
        links: transition::allowed(&EDGES, &case, &href, links),
    })
}
