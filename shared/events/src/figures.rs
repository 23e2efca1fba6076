//! What a service counts of facts on their way and of its database, for Prometheus. Labels are the
//! service's name and its subscribers'; nothing is asked of the database where nobody reads.

use crate::{entity::deliveries, held};
use metrics::{counter, gauge};
use sea_orm::{
    ColumnTrait as _, EntityTrait as _, PaginatorTrait as _, QueryFilter as _, QueryOrder as _,
    QuerySelect as _,
};
use shared_database::{Database, DatabaseError};
use shared_web::clock;
use std::time::Duration;
use uuid::Uuid;

/// How often what waits is counted.
const EVERY: Duration = Duration::from_secs(10);

/// A message of the broker was no event.
#[cfg_attr(
    not(feature = "nats"),
    expect(dead_code, reason = "only the broker hands out what is no event")
)]
pub(crate) fn refused(part: &str) {
    counter!("events_refused_total", "part" => part.to_owned()).increment(1);
}

/// Measures again and again; ends at once where nobody reads.
pub async fn keep_measuring(database: Database, subscribers: Vec<String>) {
    while shared_web::metrics::is_on() {
        if let Err(error) = measure(&database, &subscribers).await {
            tracing::debug!(%error, "what waits can't be counted");
        }
        tokio::time::sleep(EVERY).await;
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "a figure of so many digits is rounded when it is drawn"
)]
async fn measure(database: &Database, subscribers: &[String]) -> Result<(), DatabaseError> {
    let part = database.source();
    let connections = database.connections();
    for (state, count) in [("idle", connections.idle), ("used", connections.used)] {
        gauge!("database_connections", "part" => part, "state" => state).set(count);
    }
    gauge!("database_connections_limit", "part" => part).set(connections.most);
    gauge!("events_held", "part" => part).set(held::count(database).await? as f64);
    for subscriber in subscribers {
        let waiting = || {
            deliveries::Entity::find().filter(deliveries::Column::Subscriber.eq(subscriber.clone()))
        };
        let depth = waiting().count(database.read()).await?;
        let oldest: Option<Uuid> = waiting()
            .select_only()
            .column(deliveries::Column::EventId)
            .order_by_asc(deliveries::Column::EventId)
            .limit(1)
            .into_tuple()
            .one(database.read())
            .await?;
        let labels = [
            ("part", part.to_owned()),
            ("subscriber", subscriber.clone()),
        ];
        gauge!("outbox_waiting", &labels).set(depth as f64);
        gauge!("outbox_oldest_age_seconds", &labels).set(oldest.map_or(0.0, age));
    }
    Ok(())
}

/// How long ago an event was written: its id begins with the system's time.
#[expect(
    clippy::cast_precision_loss,
    reason = "seconds of this century are exact"
)]
fn age(id: Uuid) -> f64 {
    let (written, _) = id.get_timestamp().map_or((0, 0), |time| time.to_unix());
    clock::system_seconds().saturating_sub(written) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_events_id_tells_its_age() {
        assert!(age(Uuid::now_v7()) < 2.0);
        let hour = clock::system_seconds() - 3600;
        let time = uuid::Timestamp::from_unix(uuid::NoContext, hour, 0);
        assert!((3599.0..3602.0).contains(&age(Uuid::new_v7(time))));
    }
}
