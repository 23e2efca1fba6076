//! Queries of interests, and telling those who wait.

use super::entity;
use crate::{
    mail::{self, NewMessage, Recipient, Template},
    rounds,
};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QueryOrder as _, QuerySelect as _, Select,
    sea_query::{Expr, OnConflict},
};
use serde_json::json;
use shared_database::{Change, DatabaseError, column};
use shared_types::{InterestId, Problem, RoundId};
use uuid::Uuid;

/// The interests in a round.
pub fn of_round(round: RoundId) -> Select<entity::Entity> {
    entity::Entity::find().filter(entity::Column::RoundId.eq(round.uuid()))
}

/// An interest.
pub async fn find(
    connection: &impl ConnectionTrait,
    id: InterestId,
) -> Result<Option<entity::Model>, DatabaseError> {
    Ok(entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await?)
}

/// Ids of the interests that were declared with an address.
pub async fn of_address(
    connection: &impl ConnectionTrait,
    email_key: &str,
) -> Result<Vec<Uuid>, DatabaseError> {
    let own = entity::Entity::find()
        .select_only()
        .column(entity::Column::Id)
        .filter(entity::Column::EmailKey.eq(email_key));
    Ok(own.into_tuple().all(connection).await?)
}

/// Withdraws an interest: name and address are erased, the history keeps that there was one, and
/// whoever has a copy is told.
pub async fn withdraw(change: &mut Change, id: InterestId) -> Result<(), Problem> {
    let Some(row) = find(change.tx(), id).await? else {
        return Ok(());
    };
    let gone = entity::Entity::delete_by_id(id.uuid())
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    if gone.rows_affected > 0 {
        change.record("interest", id, "interest.withdrawn", None);
        let round = rounds::entity::Entity::find_by_id(row.round_id)
            .one(change.tx())
            .await
            .map_err(DatabaseError::from)?;
        let organiser = round.map(|round| round.organiser_id);
        let ids = json!({ "roundId": row.round_id, "organiserId": organiser });
        change.publish("interest.deleted", id, ids);
    }
    Ok(())
}

/// Adds an interest; an address that is there already stays as it is. Says whether it is new.
pub async fn add(
    connection: &impl ConnectionTrait,
    row: entity::Model,
) -> Result<bool, DatabaseError> {
    let columns = [entity::Column::RoundId, entity::Column::EmailKey];
    let added = entity::Entity::insert(row.into_active_model())
        .on_conflict(OnConflict::columns(columns).do_nothing().to_owned())
        .exec_without_returning(connection)
        .await?;
    Ok(added > 0)
}

/// Tells everybody who waits for a round that it is open, once: queues a message to each and
/// remembers it, in the change that opens the round. `address` is the round's public page. Says
/// how many were told.
pub async fn tell(
    change: &mut Change,
    round: &rounds::entity::Model,
    address: &str,
) -> Result<usize, DatabaseError> {
    let untold = of_round(round.id.into())
        .filter(entity::Column::ToldAt.is_null())
        .order_by_asc(entity::Column::Id)
        .lock_exclusive()
        .all(change.tx())
        .await?;
    if untold.is_empty() {
        return Ok(0);
    }
    let at = change.actor.at;
    for row in &untold {
        mail::queue(change, message(row, round, address)?);
    }
    entity::Entity::update_many()
        .col_expr(entity::Column::ToldAt, Expr::value(at))
        .filter(entity::Column::RoundId.eq(round.id))
        .filter(entity::Column::ToldAt.is_null())
        .exec(change.tx())
        .await?;
    change.record("round", round.id, "round.interests_told", None);
    Ok(untold.len())
}

/// Tells everybody who still waits for a round that it will not be held.
pub async fn tell_cancelled(
    change: &Change,
    round: &rounds::entity::Model,
    reason: Option<&str>,
) -> Result<(), DatabaseError> {
    let waiting = of_round(round.id.into())
        .filter(entity::Column::ToldAt.is_null())
        .order_by_asc(entity::Column::Id)
        .all(change.tx())
        .await?;
    let mut messages = Vec::with_capacity(waiting.len());
    for row in waiting {
        messages.push(NewMessage {
            template: Template::RoundCancelled,
            to: Recipient {
                person: None,
                name: row.name.clone(),
                email: row.email,
                language: column::parse(&row.language)?,
            },
            organiser: Some(round.organiser_id.into()),
            facts: json!({ "personName": row.name, "roundName": round.name, "reason": reason }),
            link: None,
        });
    }
    mail::store::queue_all(change.tx(), change.actor.at, messages).await?;
    entity::Entity::update_many()
        .col_expr(entity::Column::ToldAt, Expr::value(change.actor.at))
        .filter(entity::Column::RoundId.eq(round.id))
        .filter(entity::Column::ToldAt.is_null())
        .exec(change.tx())
        .await?;
    Ok(())
}

fn message(
    row: &entity::Model,
    round: &rounds::entity::Model,
    address: &str,
) -> Result<NewMessage, DatabaseError> {
    Ok(NewMessage {
        template: Template::InterestOpened,
        to: Recipient {
            person: None,
            name: row.name.clone(),
            email: row.email.clone(),
            language: column::parse(&row.language)?,
        },
        organiser: Some(round.organiser_id.into()),
        facts: json!({
            "personName": row.name, "roundName": round.name, "opensOn": round.opens_on,
            "closesOn": round.closes_on, "address": address,
        }),
        link: None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{people::fixture::Fixture, programmes};
    use sea_orm::PaginatorTrait as _;
    use shared_database::row;
    use shared_types::{
        Language, LocalizedText,
        registration::{programmes::NewProgramme, rounds::RoundState},
    };

    async fn add_round(fixture: &Fixture) -> rounds::entity::Model {
        let text = || LocalizedText::of(Language::Swedish, "Ledarskap");
        let programme = NewProgramme {
            organiser_id: fixture.installed.organisation_id,
            name: text(),
            purpose: text(),
            audience: text(),
            themes: Vec::new(),
            tracks: Vec::new(),
            work_forms: Vec::new(),
            credits_tenths: None,
            parties: Vec::new(),
            one_seat: false,
        };
        let add = async |change: &mut Change| {
            let programme = programmes::routes::insert(change, programme).await?;
            Ok(row::insert::<rounds::entity::Entity>(change.tx(), round(&programme)).await?)
        };
        fixture.change(add).await
    }

    fn round(programme: &programmes::entity::Model) -> rounds::entity::Model {
        rounds::entity::Model {
            id: RoundId::new().uuid(),
            programme_id: programme.id,
            organiser_id: programme.organiser_id,
            state: column::text(RoundState::Published),
            name: programme.name.clone(),
            seats: 24,
            overbooking: 0,
            seats_used: 0,
            minimum_to_run: 0,
            opens_on: None,
            closes_on: None,
            endorse_by: None,
            answer_days: 10,
            answer_days_kind: "calendar".into(),
            move_deadlines: false,
            calendar: Some("SE".into()),
            needs_kept_days: 30,
            starts_on: None,
            ends_on: None,
            eligibility: json!({}),
            endorsement: "not_required".into(),
            elected_office_id: None,
            admission: json!({}),
            prices: json!([]),
            occasions: json!([]),
            venue: None,
            rules: None,
            language: "sv".into(),
            time_zone: "Europe/Stockholm".into(),
            one_seat: false,
            admission_published_at: None,
            version: 1,
        }
    }

    #[actix_web::test]
    async fn everybody_who_waits_is_told_once() {
        let fixture = Fixture::new().await;
        let round = add_round(&fixture).await;
        for (name, email) in [
            ("Maja", "maja@kommun.example"),
            ("Maja", "maja@kommun.example"),
            ("Nils", "nils@kommun.example"),
        ] {
            let row = entity::Model {
                id: InterestId::new().uuid(),
                round_id: round.id,
                name: name.into(),
                email: email.into(),
                email_key: email.into(),
                language: "da".into(),
                declared_at: fixture.core.clock.now(),
                told_at: None,
            };
            fixture
                .change(async |change: &mut Change| Ok(add(change.tx(), row).await?))
                .await;
        }
        let address = "https://akademi.example/registration/pages/rounds/1";
        for told in [2, 0] {
            let tell = async |change: &mut Change| Ok(tell(change, &round, address).await?);
            assert_eq!(fixture.change(tell).await, told);
        }
        let connection = fixture.database.read();
        assert_eq!(
            mail::entity::Entity::find()
                .count(connection)
                .await
                .unwrap(),
            2
        );
        let rows = of_round(round.id.into()).all(connection).await.unwrap();
        assert!(rows.iter().all(|row| row.told_at.is_some()));
    }
}
