//! The catalogue: published programmes with their announced rounds.

use super::{
    super::{entity, model::Terms, store},
    view, words,
};
use crate::{organisations, programmes};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, QueryFilter as _, QueryOrder as _, QuerySelect as _,
};
use shared_database::{DatabaseError, column};
use shared_types::{Caller, Language, LocalizedText, Words, registration::rounds::RoundState};
use shared_web::page;
use std::collections::HashMap;
use uuid::Uuid;

/// Most programmes on the page.
const MOST_PROGRAMMES: u64 = 200;
/// Most rounds on the page.
const MOST_ROUNDS: u64 = 1000;

/// A programme in the catalogue.
#[derive(Debug)]
pub(super) struct Entry {
    name: LocalizedText,
    purpose: LocalizedText,
    organiser: String,
    rounds: Vec<Listed>,
}

#[derive(Debug)]
struct Listed {
    id: Uuid,
    name: LocalizedText,
    terms: Terms,
    now: DateTime<Utc>,
}

/// Reads the catalogue as everybody may see it, without rounds that are over.
pub(super) async fn read(
    connection: &impl ConnectionTrait,
    now: DateTime<Utc>,
) -> Result<Vec<Entry>, DatabaseError> {
    let anybody = Caller::anonymous();
    let found = programmes::store::scoped(&anybody)
        .order_by_asc(programmes::entity::Column::Id)
        .limit(MOST_PROGRAMMES)
        .all(connection)
        .await?;
    let mut rounds = rounds_of(connection, &anybody, found.iter().map(|row| row.id), now).await?;
    let organisers = found.iter().map(|row| row.organiser_id);
    let names = organisations::store::names(connection, organisers).await?;
    let entry = |row: programmes::entity::Model| {
        Ok(Entry {
            name: column::from_json(row.name)?,
            purpose: column::from_json(row.purpose)?,
            organiser: names.get(&row.organiser_id).cloned().unwrap_or_default(),
            rounds: rounds.remove(&row.id).unwrap_or_default(),
        })
    };
    found.into_iter().map(entry).collect()
}

async fn rounds_of(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    programmes: impl Iterator<Item = Uuid>,
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Vec<Listed>>, DatabaseError> {
    use RoundState::{Closed, Open, Published, Running};
    let current = [Published, Open, Closed, Running].map(column::text);
    let found = store::scoped(caller)
        .filter(entity::Column::ProgrammeId.is_in(programmes))
        .filter(entity::Column::State.is_in(current))
        .order_by_asc(entity::Column::Id)
        .limit(MOST_ROUNDS)
        .all(connection)
        .await?;
    let mut by_programme: HashMap<Uuid, Vec<Listed>> = HashMap::new();
    for row in found {
        let terms = Terms::read(&row)?;
        let listed = Listed {
            id: row.id,
            name: column::from_json(row.name)?,
            terms,
            now,
        };
        by_programme
            .entry(row.programme_id)
            .or_default()
            .push(listed);
    }
    Ok(by_programme)
}

/// The page.
pub(super) fn view(entries: &[Entry], language: Language) -> Markup {
    let content = html! {
        @if entries.is_empty() { p { (words::CATALOGUE_EMPTY.get(language)) } }
        @for entry in entries { section class="card" { (programme(entry, language)) } }
    };
    page::layout(
        crate::api::NAME,
        language,
        words::CATALOGUE.get(language),
        &content,
    )
}

fn programme(entry: &Entry, language: Language) -> Markup {
    html! {
        h2 { (page::text(&entry.name, language)) }
        p class="quiet" { (entry.organiser) }
        p { (page::text(&entry.purpose, language)) }
        h3 { (words::ROUNDS.get(language)) }
        @if entry.rounds.is_empty() { p { (words::NO_ROUNDS.get(language)) } } @else {
            ul class="plain links" {
                @for round in &entry.rounds {
                    li {
                        a href=(view::address(round.id)) { (page::text(&round.name, language)) }
                        br; span class="quiet" { (standing(&round.terms, round.now, language)) }
                    }
                }
            }
        }
    }
}

/// Where a round stands, in a line.
pub(super) fn standing(terms: &Terms, now: DateTime<Utc>, language: Language) -> String {
    let with_date =
        |words: &Words, date| words.fill(language, &[("date", page::figure::date(date, language))]);
    let words = match (terms.state, terms.window) {
        (RoundState::Cancelled, _) => &words::IS_CANCELLED,
        (RoundState::Finished | RoundState::Archived, _) => &words::IS_OVER,
        (RoundState::Running, _) => &words::IS_RUNNING,
        (
            RoundState::Draft | RoundState::Published | RoundState::Open | RoundState::Closed,
            None,
        ) => &words::HAS_NO_DATES,
        (RoundState::Draft | RoundState::Published, Some((opens_on, _))) => {
            return with_date(&words::OPENS, opens_on);
        }
        (RoundState::Open, Some((_, closes_on))) if terms.takes_applications(now).is_ok() => {
            return with_date(&words::IS_OPEN, closes_on);
        }
        (RoundState::Open | RoundState::Closed, Some(_)) => &words::IS_CLOSED,
    };
    words.get(language).to_owned()
}
