//! The door for other services' events: `POST /events`, outside every API.
//!
//! It takes only what it can apply: a type that the service doesn't declare is refused, so that
//! the sender keeps the event for a later version instead of losing it here.

use crate::{MEDIA_TYPE, declares, entity, problems};
use actix_web::{
    HttpRequest, HttpResponse,
    http::header::{AUTHORIZATION, CONTENT_TYPE},
    web,
};
use futures_util::StreamExt as _;
use sea_orm::{EntityTrait as _, IntoActiveModel as _, TryInsertResult};
use shared_database::{Change, Database, DatabaseError};
use shared_types::{Actor, Problem, codes, event::Event};
use shared_web::{
    Clock, Error, clock, context,
    key::TrustedKeys,
    token::{Claims, Verifier},
};

/// Largest event in bytes.
pub(crate) const MOST_BODY_BYTES: usize = 256 * 1024;

/// What a service does with the events of others.
pub trait Apply: Send + Sync + 'static {
    /// Makes an event's effect in the open change. It is called again for the same event until
    /// it succeeds once; an error undoes the change and makes the sender repeat.
    fn apply(
        &self,
        change: &mut Change,
        event: &Event,
    ) -> impl Future<Output = Result<(), Problem>>;
}

/// What became of a received event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Received {
    /// It had its effect now.
    Applied,
    /// It had its effect before.
    Duplicate,
    /// It stands behind one of its subject that could not have its effect (by the broker only).
    Held,
}

/// Receives events for one service.
#[derive(Debug)]
pub struct Inbox<A> {
    pub(crate) database: Database,
    verifier: Verifier,
    pub(crate) clock: Clock,
    pub(crate) types: Vec<&'static str>,
    apply: A,
    #[cfg_attr(
        not(feature = "nats"),
        expect(dead_code, reason = "only the broker's facts are signed")
    )]
    pub(crate) signers: TrustedKeys,
}

/// Mounts `POST /events`. Give it to [`shared_web::server::serve`] as `extra`.
///
/// 204: applied, now or before. 401: no token of a relay, or one that doesn't count. 403: the
/// token is another service's than the event's source. 400, 413, 415: no event. 422
/// `event_type_unknown`: not declared. Otherwise what [`Apply::apply`] answered.
pub fn routes<A: Apply>(
    inbox: web::Data<Inbox<A>>,
) -> impl Fn(&mut web::ServiceConfig) + Clone + Send + 'static {
    move |config| {
        config.service(
            web::resource("/events")
                .app_data(inbox.clone())
                .route(web::post().to(receive::<A>))
                .default_service(web::to(only_post)),
        );
    }
}

impl<A: Apply> Inbox<A> {
    /// An inbox whose `verifier` knows [`shared_web::token::EVENTS`] and the services that may
    /// send. It takes the `types`, in the form of [`declares`], and refuses all others.
    pub fn new(
        database: Database,
        verifier: Verifier,
        clock: Clock,
        types: Vec<&'static str>,
        apply: A,
    ) -> Self {
        Self {
            database,
            verifier,
            clock,
            types,
            apply,
            signers: TrustedKeys::default(),
        }
    }

    /// The same, which also takes facts from the broker: those that a service has signed with the
    /// key by which it is known here.
    #[must_use]
    pub fn signed_by(mut self, signers: TrustedKeys) -> Self {
        self.signers = signers;
        self
    }

    /// Applies an event once, however often and in however many replicas it arrives. The author
    /// of the change is `events:{source}`.
    pub async fn receive(&self, event: &Event, trace: String) -> Result<Received, Problem> {
        if !declares(&self.types, &event.r#type) {
            return Err(Problem::of(&problems::EVENT_TYPE_UNKNOWN));
        }
        let actor = Actor {
            trace: Some(trace),
            ..self.actor(event)
        };
        self.database
            .change_again(actor, async |change: &mut Change| {
                self.apply_once(change, event).await
            })
            .await
    }

    /// Whether what was applied before counts. Tests switch it off to show that they would
    /// notice.
    #[cfg(not(feature = "sabotage"))]
    pub(crate) const fn remembers(&self) -> bool {
        true
    }

    #[cfg(feature = "sabotage")]
    pub(crate) fn remembers(&self) -> bool {
        use shared_database::sabotage::Fault;
        !self.database.sabotage.is_on(Fault::NoInboxDedup)
    }

    pub(crate) fn actor(&self, event: &Event) -> Actor {
        Actor {
            subject: format!("events:{}", event.source.trim_start_matches('/')),
            on_behalf_of: None,
            at: self.clock.now(),
            trace: event.traceparent.clone(),
        }
    }

    /// In the open change: notes the event and makes its effect, unless it was noted before.
    pub(crate) async fn apply_once(
        &self,
        change: &mut Change,
        event: &Event,
    ) -> Result<Received, Problem> {
        if !note(change, event).await? && self.remembers() {
            return Ok(Received::Duplicate);
        }
        self.apply.apply(change, event).await?;
        Ok(Received::Applied)
    }

    fn sender(&self, request: &HttpRequest) -> Result<Claims, Problem> {
        let header = request
            .headers()
            .get(AUTHORIZATION)
            .and_then(|value| value.to_str().ok());
        let token = header
            .and_then(|value| value.strip_prefix("Bearer "))
            .ok_or_else(|| Problem::of(&codes::UNAUTHENTICATED))?;
        self.verifier
            .verify(token)
            .map_err(|refused| Problem::of(&codes::UNAUTHENTICATED).caused_by(refused))
    }
}

/// Notes the event's id; `false` where it was noted before. A second transaction with the same
/// id waits here until the first is over.
async fn note(change: &Change, event: &Event) -> Result<bool, DatabaseError> {
    let row = entity::inbox::Model {
        event_id: event.id.uuid(),
        received_at: i64::try_from(clock::system_seconds()).unwrap_or(i64::MAX),
    };
    let noted = entity::inbox::Entity::insert(row.into_active_model())
        .on_conflict_do_nothing()
        .exec_without_returning(change.tx())
        .await?;
    Ok(matches!(noted, TryInsertResult::Inserted(1..)))
}

async fn receive<A: Apply>(
    request: HttpRequest,
    payload: web::Payload,
    inbox: web::Data<Inbox<A>>,
) -> Result<HttpResponse, Error> {
    let sender = inbox.sender(&request)?;
    expect_event(&request)?;
    let event = read(payload).await?;
    // A service's key vouches for that service's facts alone.
    if event.source.strip_prefix('/') != Some(sender.iss.as_str()) {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let received = inbox
        .receive(&event, context::trace(&request).to_string())
        .await?;
    tracing::debug!(event_id = %event.id, kind = event.r#type, ?received, "event received");
    Ok(HttpResponse::NoContent().finish())
}

async fn only_post() -> Result<HttpResponse, Error> {
    Err(Problem::of(&codes::METHOD_NOT_ALLOWED)
        .value("allow", "POST")
        .into())
}

fn expect_event(request: &HttpRequest) -> Result<(), Problem> {
    let header = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let media_type = header.split(';').next().unwrap_or_default().trim();
    if media_type.eq_ignore_ascii_case(MEDIA_TYPE) {
        Ok(())
    } else {
        Err(Problem::of(&codes::UNSUPPORTED_MEDIA_TYPE).value("expected", MEDIA_TYPE))
    }
}

async fn read(mut payload: web::Payload) -> Result<Event, Problem> {
    let mut body = web::BytesMut::new();
    while let Some(chunk) = payload.next().await {
        let chunk = chunk
            .map_err(|error| Problem::of(&codes::INVALID_REQUEST).caused_by(error.to_string()))?;
        if body.len() + chunk.len() > MOST_BODY_BYTES {
            return Err(Problem::of(&codes::BODY_TOO_LARGE).value("most", MOST_BODY_BYTES));
        }
        body.extend_from_slice(&chunk);
    }
    parse(&body)
}

pub(crate) fn parse(body: &[u8]) -> Result<Event, Problem> {
    let event: Event = serde_json::from_slice(body)
        .map_err(|error| Problem::of(&codes::INVALID_BODY).caused_by(error))?;
    if event.specversion == "1.0" {
        Ok(event)
    } else {
        Err(Problem::invalid(
            "/specversion",
            "value",
            "Only CloudEvents 1.0 are taken.",
        ))
    }
}
