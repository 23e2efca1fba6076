//! What reports have published, as far as indicators are drawn from it: frozen and checked, so that
//! an indicator never says more than a report does.

use sea_orm::ConnectionTrait;
use shared_database::DatabaseError;
use shared_types::{SurveyId, evaluation::goals::NetworkMeasureName};

/// The mean of a question of a closed survey, in hundredths; nothing where none is published.
pub async fn mean_hundredths(
    _connection: &impl ConnectionTrait,
    _survey: SurveyId,
    _question_key: &str,
) -> Result<Option<i32>, DatabaseError> {
    Ok(None)
}

/// A measure of a closed network survey, in hundredths; nothing where none is published.
pub async fn network_hundredths(
    _connection: &impl ConnectionTrait,
    _survey: SurveyId,
    _tie_key: &str,
    _measure: NetworkMeasureName,
) -> Result<Option<i32>, DatabaseError> {
    Ok(None)
}
