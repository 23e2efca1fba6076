//! Operations of feeds.

use super::{
    body,
    model::After,
    store::{self, DELETED},
};
use crate::State;
use actix_web::{get, web::Data};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use shared_database::{
    feed,
    tables::{changes, outbox, sealed_changes},
};
use shared_types::{
    Links, PersonId, Problem, Role, codes,
    registration::{
        codes::CURSOR_EXPIRED,
        feeds::{AuditFeed, AuditRecord, Deletion, DeletionFeed, EventFeed, FeedMeta},
    },
};
use shared_web::{Context, Outcome, Query, Reply};
use utoipa::IntoParams;
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// Items in an answer when nothing is said.
const USUAL_LIMIT: i32 = 20;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_events)
        .service(list_deletions)
        .service(list_audit_records);
}

/// The parameters that every feed has.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "declares the parameters; `Query` reads them")]
struct FeedParameters {
    /// Where to go on from, as `_links.next` says; without it from the beginning.
    #[param(max_length = 30, example = "p1234")]
    after: Option<String>,
    /// Most items in the answer.
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: Option<i32>,
}

/// What the history can be narrowed to.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declares the parameters; `Query` reads them")]
struct AuditParameters {
    /// Only what one person, key or link did, or the system.
    #[param(
        max_length = 100,
        example = "person:0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60"
    )]
    actor: Option<String>,
    /// Only what happened to one thing.
    #[param(value_type = Option<String>, format = Uuid, min_length = 36, max_length = 36, example = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60")]
    thing_id: Option<Uuid>,
    /// Only what has one name.
    #[param(max_length = 100, example = "application.submitted")]
    edge: Option<String>,
    /// Only what happened at this instant or later.
    #[param(example = "2022-04-12T08:00:00Z")]
    from: Option<DateTime<Utc>>,
    /// Only what happened before this instant.
    #[param(example = "2022-05-12T08:00:00Z")]
    until: Option<DateTime<Utc>>,
}

/// Their names.
const SOUGHT: [&str; 5] = ["actor", "thingId", "edge", "from", "until"];

/// Follow events
///
/// What happened, in the order in which it became known, as CloudEvents: for HR about the own
/// organisation and its people, for coordinators about what is their organiser's. Follow `next`
/// and nothing is missed and nothing comes twice. Events name ids; read the things to know more.
#[utoipa::path(tag = "feeds", params(FeedParameters), responses((status = 200, description = "The next events.", body = EventFeed)))]
#[get("/events")]
async fn list_events(state: Data<State>, context: Context, query: Query) -> Outcome {
    let place = events_from(&state, &context, &query).await?;
    let rows = place.events(&state, &context, false).await?;
    let last = rows.last().and_then(|row| row.position);
    let items: Vec<_> = rows
        .into_iter()
        .map(body::event)
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&EventFeed {
        meta: place.meta(items.len()),
        links: place.links(&context, "events", items.len(), last),
        items,
    })?)
}

/// Follow deletions
///
/// What was deleted, in order: partners, departments, acting holders, role assignments, interests
/// and webhooks. People are deactivated, applications withdrawn and rounds cancelled, which are
/// events; participants' needs go without a word here. For HR about the own organisation, for coordinators about what
/// is their organiser's.
#[utoipa::path(tag = "feeds", params(FeedParameters), responses((status = 200, description = "The next deletions.", body = DeletionFeed)))]
#[get("/deletions")]
async fn list_deletions(state: Data<State>, context: Context, query: Query) -> Outcome {
    let place = events_from(&state, &context, &query).await?;
    let rows = place.events(&state, &context, true).await?;
    let last = rows.last().and_then(|row| row.position);
    let items: Vec<_> = rows.iter().map(deletion).collect::<Result<_, _>>()?;
    Ok(Reply::ok(&DeletionFeed {
        meta: place.meta(items.len()),
        links: place.links(&context, "deletions", items.len(), last),
        items,
    })?)
}

/// Follow the history
///
/// For auditors: who did what on whose behalf and when, in the order of the seals. Auditors of
/// an organiser read what is the organiser's, those of the installation everything. The parameters
/// narrow it; `next` keeps them.
#[utoipa::path(tag = "feeds", params(FeedParameters, AuditParameters), responses((status = 200, description = "The next entries.", body = AuditFeed)))]
#[get("/audit-records")]
async fn list_audit_records(state: Data<State>, context: Context, query: Query) -> Outcome {
    let caller = &context.caller;
    if !store::audits_all(caller) && caller.scope(Role::Auditor).next().is_none() {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let mut place = Place::of(&query, After::default())?;
    place.narrowed = query.kept(&SOUGHT);
    let sought = store::Sought {
        actor: query.get("actor"),
        thing: query.get("thingId"),
        edge: query.get("edge"),
        from: query.get("from"),
        until: query.get("until"),
    };
    let read = state.database.read();
    let rows = store::history(read, caller, (place.after, place.limit), &sought).await?;
    let last = rows.last().map(|(place, _)| place.position);
    let items: Vec<_> = rows.into_iter().map(record).collect();
    Ok(Reply::ok(&AuditFeed {
        meta: place.meta(items.len()),
        links: place.links(&context, "audit-records", items.len(), last),
        items,
    })?)
}

/// Where a request stands in a feed, and how much it wants.
struct Place {
    after: After,
    limit: i32,
    /// Everything up to this place is known to be in the answer, or not for the caller.
    known: i64,
    /// Other parameters, as they follow these in an address.
    narrowed: String,
}

/// Where a request about events stands, if the caller may read some.
async fn events_from(state: &State, context: &Context, query: &Query) -> Result<Place, Problem> {
    let mut roles = [Role::Hr, Role::Coordinator].into_iter();
    if !roles.any(|role| context.caller.scope(role).next().is_some()) {
        return Err(Problem::of(&codes::FORBIDDEN));
    }
    let connection = state.database.read();
    let first = feed::first(connection).await?;
    let beginning = After(first.unwrap_or(1) - 1);
    let mut place = Place::of(query, beginning)?;
    // Before the events are read: what is up to here is among them.
    place.known = feed::last(connection).await?;
    Ok(place)
}

impl Place {
    fn of(query: &Query, beginning: After) -> Result<Self, Problem> {
        let after = match query.get::<String>("after") {
            Some(text) => text
                .parse()
                .map_err(|()| Problem::of(&codes::INVALID_CURSOR))?,
            None => beginning,
        };
        let limit = query.get("limit").unwrap_or(USUAL_LIMIT);
        Ok(Self {
            after,
            limit,
            known: after.0,
            narrowed: String::new(),
        })
    }

    /// The next events, if none of those after the place was forgotten.
    async fn events(
        &self,
        state: &State,
        context: &Context,
        deletions: bool,
    ) -> Result<Vec<outbox::Model>, Problem> {
        let connection = state.database.read();
        let rows = store::events(
            connection,
            &context.caller,
            self.after,
            self.limit,
            deletions,
        )
        .await?;
        // After the reading: what is there now was there then.
        if self.after.has_missed(feed::first(connection).await?) {
            return Err(Problem::of(&CURSOR_EXPIRED));
        }
        Ok(rows)
    }

    fn meta(&self, count: usize) -> FeedMeta {
        FeedMeta {
            limit: self.limit,
            count: i32::try_from(count).unwrap_or(i32::MAX),
        }
    }

    /// `next` goes on after the last item of a full answer; otherwise after everything that is
    /// known, so that whoever is told little does not fall behind.
    fn links(&self, context: &Context, feed: &str, count: usize, last: Option<i64>) -> Links {
        let (limit, narrowed) = (self.limit, &self.narrowed);
        let href =
            |after: After| context.href(format!("{feed}?after={after}&limit={limit}{narrowed}"));
        let is_full = usize::try_from(limit).is_ok_and(|limit| count >= limit);
        let last = last.unwrap_or(self.after.0);
        let next = if is_full { last } else { last.max(self.known) };
        Links::to_self(href(self.after)).with("next", "GET", href(After(next)))
    }
}

fn deletion(row: &outbox::Model) -> Result<Deletion, Problem> {
    let kind = row.kind.strip_suffix(DELETED).unwrap_or(&row.kind);
    Ok(Deletion {
        kind: kind.to_owned(),
        id: row.subject.parse().map_err(Problem::internal)?,
        deleted_at: row.at,
    })
}

fn record((place, row): (sealed_changes::Model, changes::Model)) -> AuditRecord {
    AuditRecord {
        id: row.id.into(),
        position: place.position,
        seal: place.seal,
        at: row.at,
        kind: row.kind,
        thing_id: row.thing_id,
        edge: row.edge,
        actor: row.actor,
        on_behalf_of: row.on_behalf_of.map(PersonId::from),
    }
}
