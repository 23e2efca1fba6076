//! When it is forgotten who named whom: of a person who is forgotten at once, of everybody a year
//! after the round.

use super::{entity, freeze, graph_entity};
use crate::State;
use chrono::{Months, NaiveDate};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _, QuerySelect as _,
};
use shared_database::{Change, DatabaseError, row};
use shared_envelope::Keys;
use shared_projections::{participations, rounds};
use shared_types::{Actor, PersonId, Problem};
use std::collections::BTreeSet;
use uuid::Uuid;

/// How long after the round's last day a graph is kept: the last survey that it is compared with
/// comes half a year after it.
const KEPT_MONTHS: Months = Months::new(12);
/// How long after its closing one is kept whose round has no last day.
const KEPT_WITHOUT_END_MONTHS: Months = Months::new(24);

/// Takes a person out of every graph.
pub async fn forget(change: &Change, keys: &Keys, person: PersonId) -> Result<(), Problem> {
    let own = participations::Entity::find()
        .filter(participations::Column::PersonId.eq(person.uuid()))
        .all(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    for part in own {
        let select =
            graph_entity::Entity::find().filter(graph_entity::Column::RoundId.eq(part.round_id));
        let select = if change.is_postgres() {
            select.lock_exclusive()
        } else {
            select
        };
        let graphs = select.all(change.tx()).await.map_err(DatabaseError::from)?;
        let id = part.id.to_string();
        for mut graph in graphs {
            let mut named = freeze::open(keys, &graph)?;
            freeze::forget_node(&mut named, &id);
            let sealed = freeze::sealed(keys, graph.survey_id, &named)?;
            (graph.key_id, graph.wrapped_key, graph.body) =
                (sealed.key_id, sealed.wrapped_key, sealed.body);
            row::update::<graph_entity::Entity>(change.tx(), graph).await?;
        }
    }
    Ok(())
}

/// Deletes the graphs whose time is over.
pub async fn sweep(state: &State) -> Result<(), Problem> {
    let today = state.core.clock.now().date_naive();
    let over = over(state.database.read(), today).await?;
    if over.is_empty() {
        return Ok(());
    }
    let actor = Actor::system(state.core.clock.now());
    let work = async |change: &mut Change| {
        graph_entity::Entity::delete_many()
            .filter(graph_entity::Column::SurveyId.is_in(over.iter().copied()))
            .exec(change.tx())
            .await
            .map_err(DatabaseError::from)?;
        for survey in &over {
            change.record("survey", *survey, "network.forgotten", None);
        }
        Ok::<_, Problem>(())
    };
    state.database.change(actor, work).await
}

/// The surveys whose graphs are over.
async fn over(
    connection: &impl ConnectionTrait,
    today: NaiveDate,
) -> Result<BTreeSet<Uuid>, DatabaseError> {
    let graphs: Vec<(Uuid, Uuid)> = graph_entity::Entity::find()
        .select_only()
        .columns([
            graph_entity::Column::SurveyId,
            graph_entity::Column::RoundId,
        ])
        .into_tuple()
        .all(connection)
        .await?;
    let ids: BTreeSet<Uuid> = graphs.iter().map(|(_, round)| *round).collect();
    let rounds = rounds::find_all(connection, ids).await?;
    let mut over = BTreeSet::new();
    for (survey, round) in graphs {
        let ends_on = rounds.get(&round).and_then(|round| round.ends_on);
        let until = match ends_on {
            Some(ends_on) => ends_on.checked_add_months(KEPT_MONTHS),
            None => entity::Entity::find()
                .filter(entity::Column::SurveyId.eq(survey))
                .one(connection)
                .await?
                .and_then(|report| report.closed_on.checked_add_months(KEPT_WITHOUT_END_MONTHS)),
        };
        if until.is_some_and(|until| until < today) {
            over.insert(survey);
        }
    }
    Ok(over)
}
