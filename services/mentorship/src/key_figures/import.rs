//! Reading key figures: from Kolada's open API, or from a file of the same shape.

use super::{
    shape::{File, Kpi, Observation, Origin, Page, rows},
    store,
};
use crate::State;
use actix_web::web::Data;
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde::de::DeserializeOwned;
use shared_database::{Change, DatabaseError, column};
use shared_projections::organisations;
use shared_types::{Actor, Problem, codes, registration::organisations::OrganisationKind};
use shared_web::outgoing::{self, External, Method, Networks};
use std::{collections::BTreeMap, time::Duration};

/// A small file of invented numbers, for where there is no network.
pub const SAMPLE: &str = include_str!("sample.json");

/// How often Kolada is asked again.
const EVERY: Duration = Duration::from_hours(24);
/// Pages that are followed at most: an address that leads to itself must end.
const MOST_PAGES: usize = 200;
/// Largest page.
const MOST_BYTES: usize = 8 * 1024 * 1024;
/// Municipalities in one request: addresses have a longest length.
const CODES: usize = 50;

/// Where key figures come from.
#[derive(Clone, Debug)]
pub struct Kolada {
    /// Address of the API, such as `https://api.kolada.se/v3`.
    pub url: String,
    /// Ids of the figures.
    pub figures: Vec<String>,
    /// Networks in which the API may stand although they are not out in the open.
    pub networks: Networks,
}

/// Asks Kolada again and again.
pub async fn keep_reading(state: Data<State>, kolada: Kolada) {
    loop {
        if let Err(problem) = refresh(&state, &kolada).await {
            // What was read before stays.
            let (code, cause) = (problem.code().name, problem.cause());
            tracing::warn!(code, cause, "key figures could not be read");
        }
        tokio::time::sleep(EVERY).await;
    }
}

/// Reads the figures of every municipality that is known here, for the last five years. Says how
/// many were kept.
pub async fn refresh(state: &State, kolada: &Kolada) -> Result<usize, Problem> {
    let codes = municipalities(state).await?;
    if codes.is_empty() || kolada.figures.is_empty() {
        return Ok(0);
    }
    let client = outgoing::external(kolada.networks.clone()).map_err(Problem::internal)?;
    let base = kolada.url.trim_end_matches('/');
    let ids = kolada.figures.join(",");
    let titles: Vec<Kpi> = pages(&client, format!("{base}/kpi/{ids}")).await?;
    let titles: BTreeMap<String, String> =
        titles.into_iter().map(|one| (one.id, one.title)).collect();
    let now = state.core.clock.now();
    let years = years(now);
    let mut count = 0;
    for slice in codes.chunks(CODES) {
        let codes = slice.join(",");
        let url = format!("{base}/data/kpi/{ids}/municipality/{codes}/year/{years}");
        let values: Vec<Observation> = pages(&client, url).await?;
        let origin = Origin {
            source: "Kolada",
            sample: false,
            at: now,
        };
        let rows = rows(&titles, &values, origin);
        count += rows.len();
        keep(state, rows).await?;
    }
    Ok(count)
}

/// Reads a file of the same shape. Says how many figures were kept.
pub async fn read_file(state: &State, text: &str) -> Result<usize, Problem> {
    let file: File = serde_json::from_str(text)
        .map_err(|error| Problem::invalid("", "invalid", error.to_string()))?;
    let titles: BTreeMap<String, String> = file
        .kpis
        .into_iter()
        .map(|one| (one.id, one.title))
        .collect();
    let origin = Origin {
        source: &file.source,
        sample: file.sample,
        at: state.core.clock.now(),
    };
    let rows = rows(&titles, &file.values, origin);
    let count = rows.len();
    keep(state, rows).await?;
    Ok(count)
}

async fn keep(state: &State, rows: Vec<super::entity::Model>) -> Result<(), Problem> {
    let actor = Actor::system(state.core.clock.now());
    let work = async |change: &mut Change| store::keep(change, rows).await.map_err(Problem::from);
    state.database.change(actor, work).await
}

/// Codes of the Swedish municipalities that are known here, without their country.
async fn municipalities(state: &State) -> Result<Vec<String>, Problem> {
    let kind = column::text(OrganisationKind::Municipality);
    let known = organisations::Entity::find()
        .filter(organisations::Column::Kind.eq(kind))
        .all(state.database.read())
        .await
        .map_err(DatabaseError::from)?;
    let mut codes: Vec<String> = known
        .into_iter()
        .filter_map(|row| Some(row.official_code?.strip_prefix("SE-")?.to_owned()))
        .collect();
    codes.sort();
    Ok(codes)
}

fn years(now: chrono::DateTime<chrono::Utc>) -> String {
    use chrono::Datelike as _;
    let years = (1..=5).map(|back| (now.year() - back).to_string());
    years.collect::<Vec<_>>().join(",")
}

/// All items of an answer, page after page. A page that leads to another origin is not followed,
/// though it may be out in the open.
async fn pages<T: DeserializeOwned>(client: &External, first: String) -> Result<Vec<T>, Problem> {
    let mut items = Vec::new();
    let mut next = Some(first.clone());
    for _ in 0..MOST_PAGES {
        let Some(url) = next else {
            return Ok(items);
        };
        if !outgoing::is_same_origin(&url, &first) {
            return Err(unavailable("a page that leads elsewhere"));
        }
        let page: Page<T> = page(client, &url).await?;
        items.extend(page.values);
        next = page.next_url.filter(|url| !url.is_empty());
    }
    Err(unavailable("more pages than are followed"))
}

async fn page<T: DeserializeOwned>(client: &External, url: &str) -> Result<T, Problem> {
    let call = client.request(Method::GET, url).map_err(unavailable)?;
    let answer = call.send(MOST_BYTES).await.map_err(unavailable)?;
    if !answer.is_success() {
        return Err(unavailable(format!("status {}", answer.status)));
    }
    serde_json::from_slice(&answer.body).map_err(unavailable)
}

fn unavailable(error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Problem {
    Problem::of(&codes::UNAVAILABLE).caused_by(error)
}
