//! How indicators stand now.

use super::published;
use crate::completion;
use sea_orm::{ColumnTrait as _, ConnectionTrait, EntityTrait as _, QueryFilter as _};
use shared_database::{DatabaseError, column};
use shared_projections::{participations, rounds};
use shared_types::{
    ProgrammeId, RoundId,
    evaluation::{
        completion::{CompletionOutcome, Share},
        goals::{GoalIndicator, IndicatorReading, IndicatorState},
    },
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// Reads an indicator of a programme.
pub async fn read(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
    indicator: GoalIndicator,
) -> Result<IndicatorReading, DatabaseError> {
    let (state, value) = match &indicator {
        GoalIndicator::CompletionShare { round_id, at_least } => {
            let counted = completed(connection, programme, *round_id).await?;
            counted.map_or((IndicatorState::NotAvailable, None), |(done, whole)| {
                share(done, whole, *at_least)
            })
        }
        GoalIndicator::QuestionMean {
            survey_id,
            question_key,
            at_least_hundredths,
        } => {
            let mean =
                published::mean_hundredths(connection, programme, *survey_id, question_key).await?;
            (compared(mean, *at_least_hundredths), mean)
        }
        GoalIndicator::NetworkMeasure {
            survey_id,
            tie_key,
            measure,
            at_least_hundredths,
        } => {
            let value =
                published::network_hundredths(connection, programme, *survey_id, tie_key, *measure)
                    .await?;
            (compared(value, *at_least_hundredths), value)
        }
        GoalIndicator::QuestionChange {
            survey_id,
            question_key,
            at_least_hundredths,
        } => {
            let value =
                published::change_hundredths(connection, programme, *survey_id, question_key)
                    .await?;
            (compared(value, *at_least_hundredths), value)
        }
        GoalIndicator::NetworkChange {
            survey_id,
            tie_key,
            at_least_hundredths,
        } => {
            let value =
                published::network_change_hundredths(connection, programme, *survey_id, tie_key)
                    .await?;
            (compared(value, *at_least_hundredths), value)
        }
        GoalIndicator::ThemeCount {
            theme_id,
            at_least_count,
        } => {
            let count = published::theme_count(connection, programme, *theme_id).await?;
            let value = count.map(|count| count.saturating_mul(100));
            (compared(count, *at_least_count), value)
        }
    };
    Ok(IndicatorReading {
        indicator,
        state,
        value_hundredths: value,
    })
}

/// How many of a round's participants completed it; nothing before anybody was decided about, or
/// where the round is another programme's.
async fn completed(
    connection: &impl ConnectionTrait,
    programme: ProgrammeId,
    round: RoundId,
) -> Result<Option<(i32, i32)>, DatabaseError> {
    let known = rounds::find(connection, round).await?;
    if known.is_none_or(|known| known.programme_id != programme.uuid()) {
        return Ok(None);
    }
    let decided = completion::entity::Entity::find()
        .filter(completion::entity::Column::RoundId.eq(round.uuid()))
        .all(connection)
        .await?;
    if decided.is_empty() {
        return Ok(None);
    }
    let outcome = column::text(CompletionOutcome::Completed);
    let done: BTreeSet<Uuid> = decided
        .into_iter()
        .filter(|row| row.outcome == outcome)
        .map(|row| row.id)
        .collect();
    let all = participations::of_round(connection, round).await?;
    // Who was completed counts among all, whatever became of the seat since.
    let whole: BTreeSet<Uuid> = all.into_iter().map(|row| row.id).collect();
    let number = |ids: usize| i32::try_from(ids).unwrap_or(i32::MAX);
    let whole = number(whole.union(&done).count());
    Ok(Some((number(done.len()), whole)))
}

/// A share against the one to reach, in exact numbers.
fn share(part: i32, whole: i32, at_least: Share) -> (IndicatorState, Option<i32>) {
    let (part, whole) = (i64::from(part), i64::from(whole));
    if whole == 0 {
        return (IndicatorState::NotAvailable, None);
    }
    let reached = part * i64::from(at_least.denominator) >= whole * i64::from(at_least.numerator);
    let state = if reached {
        IndicatorState::Reached
    } else {
        IndicatorState::NotReached
    };
    (state, i32::try_from(part * 100 / whole).ok())
}

fn compared(value: Option<i32>, at_least: i32) -> IndicatorState {
    match value {
        None => IndicatorState::NotAvailable,
        Some(value) if value >= at_least => IndicatorState::Reached,
        Some(_) => IndicatorState::NotReached,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn twenty_two_of_twenty_four_reach_eleven_of_twelve_exactly() {
        let at_least = Share {
            numerator: 11,
            denominator: 12,
        };
        assert_eq!(share(22, 24, at_least), (IndicatorState::Reached, Some(91)));
        assert_eq!(share(21, 24, at_least).0, IndicatorState::NotReached);
        assert_eq!(share(0, 0, at_least).0, IndicatorState::NotAvailable);
    }
}
