//! Who may read and write what a pair writes, and how it is sealed: the one door to it.

use super::{entity, share_entity, store};
use crate::{
    State, pairs,
    vaults::{self, store::open},
};
use chrono::{DateTime, Utc};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::OwnerKey;
use shared_types::{
    Claim, PairId, PersonId, Problem, Refusal, codes,
    mentorship::{
        codes::{PAIR_ERASED, PAIR_NOT_ACTIVE, PAIR_STATE},
        pairs::PairState,
    },
};
use shared_web::Context;
use uuid::Uuid;

/// Kinds of what is written.
pub const AGREEMENT: &str = "agreement";
/// A goal.
pub const GOAL: &str = "goal";
/// A note.
pub const NOTE: &str = "note";
/// A message.
pub const MESSAGE: &str = "message";

/// A pair before one of the two, with the pair's key.
#[derive(Debug)]
pub struct Desk {
    /// The pair.
    pub pair: pairs::entity::Model,
    /// Who sits there.
    pub person: PersonId,
    /// The pair's key; absent where nothing was ever sealed, or where it was dropped.
    key: Option<OwnerKey>,
}

/// Opens the desk of one's own pair for reading. Whoever may know the pair and is none of the two
/// is refused; everybody else learns nothing.
pub async fn read(
    state: &State,
    connection: &impl ConnectionTrait,
    context: &Context,
    id: PairId,
) -> Result<Desk, Problem> {
    let (pair, person) = own(connection, context, id).await?;
    let key = vaults::store::find(connection, &state.pair_keys, pair.id).await?;
    Ok(Desk { pair, person, key })
}

/// Opens the desk for writing: while the pair is accepted, active or paused.
pub async fn write(
    state: &State,
    change: &Change,
    context: &Context,
    id: PairId,
) -> Result<Desk, Problem> {
    own(change.tx(), context, id).await?;
    let missing = || Problem::of(&codes::NOT_FOUND);
    let pair = pairs::store::lock(change, id.uuid()).await?;
    let pair = pair.ok_or_else(missing)?;
    let person = context.caller.person.ok_or_else(missing)?;
    may_write(column::parse(&pair.state)?)?;
    let key = vaults::store::ready(change, &state.pair_keys, pair.id).await?;
    Ok(Desk { pair, person, key })
}

async fn own(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: PairId,
) -> Result<(pairs::entity::Model, PersonId), Problem> {
    let pair = pairs::routes::known_pair(connection, context, id).await?;
    let forbidden = || Problem::of(&codes::FORBIDDEN);
    let person = context.caller.person.ok_or_else(forbidden)?;
    if pair.mentor_person_id == person.uuid() || pair.mentee_person_id == person.uuid() {
        Ok((pair, person))
    } else {
        Err(forbidden())
    }
}

/// Opens the notes of a pair for reading: its own two, and the mentor of a later pair of the same
/// mentee with whom they are shared.
pub async fn read_notes(
    state: &State,
    connection: &impl ConnectionTrait,
    context: &Context,
    id: PairId,
) -> Result<Desk, Problem> {
    if let Some(person) = context.caller.person
        && let Some(pair) = shared_with(connection, person, id).await?
    {
        let key = vaults::store::find(connection, &state.pair_keys, pair.id).await?;
        return Ok(Desk { pair, person, key });
    }
    read(state, connection, context, id).await
}

/// The pair whose notes are shared with a person who is the mentor of a later one.
async fn shared_with(
    connection: &impl ConnectionTrait,
    person: PersonId,
    id: PairId,
) -> Result<Option<pairs::entity::Model>, DatabaseError> {
    for share in store::shares_of(connection, id.uuid()).await? {
        let later = pairs::store::find_any(connection, share.with_pair_id).await?;
        if later.is_some_and(|later| later.mentor_person_id == person.uuid()) {
            return pairs::store::find_any(connection, id.uuid()).await;
        }
    }
    Ok(None)
}

fn may_write(state: PairState) -> Result<(), Refusal> {
    match state {
        PairState::Accepted | PairState::Active | PairState::Paused => Ok(()),
        PairState::Proposed => {
            Err(Refusal::of(&PAIR_NOT_ACTIVE).value("state", column::text(state)))
        }
        PairState::Ended => Err(Refusal::of(&PAIR_STATE).value("state", column::text(state))),
    }
}

impl Desk {
    /// The pair's key; refuses where it was dropped.
    fn key(&self) -> Result<&OwnerKey, Problem> {
        self.key.as_ref().ok_or_else(|| Problem::of(&PAIR_ERASED))
    }

    /// Opens what is sealed in a row.
    pub fn open<T: DeserializeOwned>(&self, row: Uuid, body: &str) -> Result<T, Problem> {
        open(self.key()?, row, body)
    }

    /// Seals what stands in a row.
    pub fn seal(&self, row: Uuid, body: &impl Serialize) -> Result<String, Problem> {
        vaults::store::seal(self.key()?, row, body)
    }

    /// Writes something new; a repeated request gets what its first one wrote.
    pub async fn add<T: Serialize + DeserializeOwned + PartialEq>(
        &self,
        change: &Change,
        (id, kind): (Uuid, &str),
        body: &T,
        claim: Option<&Claim>,
    ) -> Result<entity::Model, Problem> {
        let request = claim.map(request);
        if let Some(request) = &request
            && let Some(row) = store::of_request(change.tx(), request).await?
        {
            return if self.open::<T>(row.id, &row.body)? == *body {
                Ok(row)
            } else {
                Err(Problem::of(&codes::IDEMPOTENCY_REUSED))
            };
        }
        let row = entity::Model {
            id,
            pair_id: self.pair.id,
            kind: kind.to_owned(),
            author_id: self.person.uuid(),
            body: self.seal(id, body)?,
            request,
            written_at: change.actor.at,
            modified_at: change.actor.at,
            version: 1,
        };
        Ok(row::insert::<entity::Entity>(change.tx(), row).await?)
    }

    /// Writes something anew.
    pub async fn replace(
        &self,
        change: &Change,
        mut row: entity::Model,
        body: &impl Serialize,
    ) -> Result<entity::Model, Problem> {
        row.body = self.seal(row.id, body)?;
        row.author_id = self.person.uuid();
        row.modified_at = change.actor.at;
        row.version += 1;
        Ok(row::update::<entity::Entity>(change.tx(), row).await?)
    }

    /// Shares the pair's notes with the mentor of a later pair.
    pub async fn share(
        &self,
        change: &Change,
        with: PairId,
        at: DateTime<Utc>,
    ) -> Result<share_entity::Model, Problem> {
        let shares = store::shares_of(change.tx(), self.pair.id).await?;
        let known = shares
            .into_iter()
            .find(|share| share.with_pair_id == with.uuid());
        if let Some(known) = known {
            return Ok(known);
        }
        let share = share_entity::Model {
            pair_id: self.pair.id,
            with_pair_id: with.uuid(),
            shared_at: at,
        };
        let share = sea_orm::IntoActiveModel::into_active_model(share);
        let made = share_entity::Entity::insert(share)
            .exec_with_returning(change.tx())
            .await
            .map_err(DatabaseError::from)?;
        Ok(made)
    }
}

/// What is kept of an idempotency key: enough to know it again, nothing of what was sent.
pub fn request(claim: &Claim) -> String {
    let mut digest = Sha256::new();
    for part in [&claim.subject, &claim.operation, &claim.key] {
        digest.update(part);
        digest.update([0]);
    }
    shared_web::command::hex(&digest.finalize())
}
