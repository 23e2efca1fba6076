//! Queries of feeds, each beginning with what the caller may see.

use super::{catalogue, model::After};
use crate::{
    admissions, api_keys, applications, billing, erasures, holds, interests, mail, needs, offices,
    people, programmes, rounds, webhooks,
};
use chrono::{DateTime, Utc};
use sea_orm::{
    ColumnTrait, Condition, ConnectionTrait, EntityTrait, QueryFilter as _, QueryOrder as _,
    QuerySelect as _, QueryTrait as _, sea_query::SelectStatement,
};
use shared_database::{
    DatabaseError, seal,
    tables::{changes, outbox, sealed_changes},
};
use shared_types::{Caller, Role};
use uuid::Uuid;

/// Kinds of events that tell of a deletion end like this.
pub const DELETED: &str = ".deleted";

/// Who listens: where somebody is HR, and where coordinator.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Audience {
    hr: Vec<Uuid>,
    organisers: Vec<Uuid>,
}

impl Audience {
    /// A caller of the feed.
    pub fn of(caller: &Caller) -> Self {
        Self {
            hr: scope(caller, Role::Hr),
            organisers: scope(caller, Role::Coordinator),
        }
    }

    /// A role in one organisation; nobody for a role that hears no events.
    pub fn with(role: Role, organisation: Uuid) -> Self {
        let mut audience = Self::default();
        match role {
            Role::Hr => audience.hr.push(organisation),
            Role::Coordinator => audience.organisers.push(organisation),
            Role::Director
            | Role::Evaluator
            | Role::Facilitator
            | Role::Registrar
            | Role::Auditor
            | Role::Operator => {}
        }
        audience
    }

    /// What it hears, in the feed and at an endpoint.
    pub fn hears(&self) -> Condition {
        let of_types = |role| {
            let names = catalogue::heard_by(role);
            Condition::all().add(outbox::Column::Kind.is_in(names))
        };
        let mut own = Condition::any()
            .add(outbox::Column::OrganiserId.is_in(self.organisers.iter().copied()));
        if !self.organisers.is_empty() {
            // What belongs to no organiser: people, offices and organisations of partners.
            let near = people::store::within_reach(&self.organisers);
            own = own.add(
                Condition::all()
                    .add(outbox::Column::OrganiserId.is_null())
                    .add(outbox::Column::OrganisationId.in_subquery(near)),
            );
        }
        let hr = outbox::Column::OrganisationId.is_in(self.hr.iter().copied());
        Condition::any()
            .add(of_types(Role::Hr).add(hr))
            .add(of_types(Role::Coordinator).add(own))
    }
}

/// Events after a place: with `deletions`, those of what was deleted.
pub async fn events(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    after: After,
    limit: i32,
    deletions: bool,
) -> Result<Vec<outbox::Model>, DatabaseError> {
    let mut query = outbox::Entity::find()
        .filter(outbox::Column::Position.gt(after.0))
        .filter(Audience::of(caller).hears());
    if deletions {
        query = query.filter(outbox::Column::Kind.ends_with(DELETED));
    }
    Ok(query
        .order_by_asc(outbox::Column::Position)
        .limit(u64::try_from(limit).unwrap_or(1))
        .all(connection)
        .await?)
}

/// What the history is narrowed to.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Sought {
    /// Who did it.
    pub actor: Option<String>,
    /// What it happened to.
    pub thing: Option<Uuid>,
    /// Its name.
    pub edge: Option<String>,
    /// When at the earliest.
    pub from: Option<DateTime<Utc>>,
    /// Before when.
    pub until: Option<DateTime<Utc>>,
}

impl Sought {
    fn condition(&self) -> Condition {
        let actor = self.actor.as_deref();
        let edge = self.edge.as_deref();
        Condition::all()
            .add_option(actor.map(|actor| changes::Column::Actor.eq(actor)))
            .add_option(self.thing.map(|thing| changes::Column::ThingId.eq(thing)))
            .add_option(edge.map(|edge| changes::Column::Edge.eq(edge)))
            .add_option(self.from.map(|from| changes::Column::At.gte(from)))
            .add_option(self.until.map(|until| changes::Column::At.lt(until)))
    }
}

/// Sealed entries of the history after a place, with their places. An auditor of the whole
/// installation reads all of them, one of an organiser those about what is the organiser's.
pub async fn history(
    connection: &impl ConnectionTrait,
    caller: &Caller,
    (after, limit): (After, i32),
    sought: &Sought,
) -> Result<Vec<(sealed_changes::Model, changes::Model)>, DatabaseError> {
    let mut query =
        sealed_changes::Entity::find().filter(sealed_changes::Column::Position.gt(after.0));
    let mut wanted = sought.condition();
    if !audits_all(caller) {
        wanted = wanted.add(of_organisers(&scope(caller, Role::Auditor)));
    }
    if !wanted.is_empty() {
        let wanted = changes::Entity::find()
            .select_only()
            .column(changes::Column::Id)
            .filter(wanted);
        query = query.filter(sealed_changes::Column::ChangeId.in_subquery(wanted.into_query()));
    }
    let places = query
        .order_by_asc(sealed_changes::Column::Position)
        .limit(u64::try_from(limit).unwrap_or(1))
        .all(connection)
        .await?;
    if places.is_empty() {
        return Ok(Vec::new());
    }
    let mut rows = seal::changes_of(connection, &places).await?;
    let with_change = |place: sealed_changes::Model| {
        let row = rows.remove(&place.change_id)?;
        Some((place, row))
    };
    Ok(places.into_iter().filter_map(with_change).collect())
}

/// Whether the caller audits the whole installation.
pub fn audits_all(caller: &Caller) -> bool {
    let whole = |grant: &shared_types::RoleGrant| {
        grant.role == Role::Auditor && grant.organisation_id.is_none()
    };
    caller.roles.iter().any(whole)
}

/// Changes of what is the organisers': themselves with their people, offices, keys, webhooks,
/// erasures and invoices, their programmes and rounds, and what hangs on these, mails that were
/// written in their names included.
fn of_organisers(organisers: &[Uuid]) -> Condition {
    use {
        admissions::entity as proposal, api_keys::entity as key,
        applications::entity as application, billing::entity as invoice,
        erasures::entity as erasure, holds::entity as hold, interests::entity as interest,
        mail::bounces::entity as bounce, mail::entity as message, needs::entity as need,
        offices::entity as office, people::entity as person, programmes::entity as programme,
        rounds::entity as round, webhooks::entity as webhook,
    };
    let rounds = things::<round::Entity>(round::Column::Id, round::Column::OrganiserId, organisers);
    let interests = interest::Entity::find()
        .select_only()
        .column(interest::Column::Id)
        .filter(interest::Column::RoundId.in_subquery(rounds.clone()));
    let needs = need::Entity::find()
        .select_only()
        .column(need::Column::Id)
        .filter(need::Column::RoundId.in_subquery(rounds.clone()));
    let messages = things::<message::Entity>(
        message::Column::Id,
        message::Column::OrganiserId,
        organisers,
    );
    let bounces = bounce::Entity::find()
        .select_only()
        .column(bounce::Column::Id)
        .filter(bounce::Column::MessageId.in_subquery(messages.clone()));
    let own = [
        things::<application::Entity>(
            application::Column::Id,
            application::Column::OrganiserId,
            organisers,
        ),
        things::<proposal::Entity>(
            proposal::Column::Id,
            proposal::Column::OrganiserId,
            organisers,
        ),
        things::<programme::Entity>(
            programme::Column::Id,
            programme::Column::OrganiserId,
            organisers,
        ),
        things::<person::Entity>(
            person::Column::Id,
            person::Column::OrganisationId,
            organisers,
        ),
        things::<office::Entity>(
            office::Column::Id,
            office::Column::OrganisationId,
            organisers,
        ),
        things::<hold::Entity>(hold::Column::Id, hold::Column::OrganiserId, organisers),
        things::<key::Entity>(key::Column::Id, key::Column::OrganisationId, organisers),
        things::<invoice::Entity>(
            invoice::Column::Id,
            invoice::Column::OrganiserId,
            organisers,
        ),
        things::<webhook::Entity>(
            webhook::Column::Id,
            webhook::Column::OrganisationId,
            organisers,
        ),
        things::<erasure::Entity>(
            erasure::Column::Id,
            erasure::Column::OrganisationId,
            organisers,
        ),
        bounces.into_query(),
        messages,
        interests.into_query(),
        needs.into_query(),
        rounds,
    ];
    let itself = changes::Column::ThingId.is_in(organisers.iter().copied());
    own.into_iter()
        .fold(Condition::any().add(itself), |any, things| {
            any.add(changes::Column::ThingId.in_subquery(things))
        })
}

/// Ids of the rows that belong to these organisations.
fn things<E: EntityTrait>(id: E::Column, owner: E::Column, owners: &[Uuid]) -> SelectStatement {
    E::find()
        .select_only()
        .column(id)
        .filter(owner.is_in(owners.iter().copied()))
        .into_query()
}

fn scope(caller: &Caller, role: Role) -> Vec<Uuid> {
    caller.scope(role).map(Uuid::from).collect()
}
