//! What a caller is to a participant, and the participant's key.

use super::model::Reader;
use crate::{State, known, mentees, pairs, vaults};
use sea_orm::ConnectionTrait;
use shared_database::{Change, column};
use shared_envelope::OwnerKey;
use shared_types::{
    ApplicationId, PersonId, Problem, codes,
    mentorship::{codes::PAIR_ERASED, pairs::PairState},
};
use shared_web::Context;

/// A participant whose round the caller knows, and what the caller is to the participant.
pub async fn find(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: ApplicationId,
) -> Result<(mentees::entity::Model, Reader), Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let mentee = mentees::store::find_any(connection, id.uuid()).await?;
    let mentee = mentee.ok_or_else(missing)?;
    if mentees::routes::is_own(&mentee, context) {
        return Ok((mentee, Reader::Owner));
    }
    for pair in pairs::store::live_of_mentees(connection, &[mentee.id]).await? {
        let state: PairState = column::parse(&pair.state)?;
        let is_mentor = context.caller.person.map(PersonId::uuid) == Some(pair.mentor_person_id);
        if is_mentor && state != PairState::Proposed {
            return Ok((mentee, Reader::Mentor));
        }
    }
    known::visible(connection, context, mentee.round_id.into()).await?;
    Ok((mentee, Reader::Round))
}

/// The participant, if the caller is this one.
pub async fn own(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: ApplicationId,
) -> Result<mentees::entity::Model, Problem> {
    match find(connection, context, id).await? {
        (mentee, Reader::Owner) => Ok(mentee),
        _ => Err(Problem::of(&codes::FORBIDDEN)),
    }
}

/// The key of a participant's own work, for writing.
pub async fn key(
    state: &State,
    change: &Change,
    mentee: &mentees::entity::Model,
) -> Result<OwnerKey, Problem> {
    let key = vaults::store::ready(change, &state.pair_keys, mentee.id).await?;
    key.ok_or_else(|| Problem::of(&PAIR_ERASED))
}
