//! What goals, notes and messages do alike: they are listed, written and read one by one, by the
//! two alone.

use super::{
    desk::{self, Desk},
    entity, store,
};
use crate::{State, pairs};
use sea_orm::ConnectionTrait;
use serde::{Serialize, de::DeserializeOwned};
use shared_database::{Change, page};
use shared_types::{Answer, Links, PageMeta, PairId, PersonId, Problem, codes};
use shared_web::{Command, Context, Outcome, Query, Reply};
use uuid::Uuid;

/// Something that one of the two wrote, as it goes out.
pub trait Written: Serialize + Sized {
    /// As it comes in, and as it is sealed.
    type New: Serialize + DeserializeOwned + PartialEq;
    /// Its kind.
    const KIND: &'static str;

    /// Opens a row.
    fn of(desk: &Desk, row: &entity::Model, context: &Context) -> Result<Self, Problem>;

    /// Where to go from it.
    fn links(&self) -> &Links;
}

/// A page of what lies on a desk.
pub async fn list<T: Written>(
    connection: &impl ConnectionTrait,
    desk: &Desk,
    context: &Context,
    query: &Query,
) -> Result<(Vec<T>, PageMeta, Links), Problem> {
    let select = store::of_pair(desk.pair.id, T::KIND);
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(context, &slice);
    let items = slice.items.iter().map(|row| T::of(desk, row, context));
    Ok((items.collect::<Result<_, _>>()?, slice.meta, links))
}

/// Writes something. Its answer is never kept, since that would keep what was written: a repeated
/// request finds what its first one wrote.
pub async fn create<T: Written>(
    state: &State,
    pair: PairId,
    id: Uuid,
    command: Command<T::New>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let desk = desk::write(state, change, &context, pair).await?;
        let row = desk.add(change, (id, T::KIND), &body, claim.as_ref());
        let row = row.await?;
        let made = T::of(&desk, &row, &context)?;
        Ok::<_, Problem>(Answer::created(made.links().own(), &made)?.version(row.version))
    };
    Ok(state.database.change(context.actor(), work).await?.into())
}

/// Reads one thing.
pub async fn get<T: Written>(state: &State, context: &Context, id: Uuid) -> Outcome {
    let connection = state.database.read();
    let row = own::<T>(connection, context, id).await?;
    let desk = desk::read(state, connection, context, row.pair_id.into()).await?;
    Ok(Reply::resource(&T::of(&desk, &row, context)?, row.version)?)
}

/// The row of something in one's own pair; a coordinator does not learn that there is one.
pub async fn own<T: Written>(
    connection: &impl ConnectionTrait,
    context: &Context,
    id: Uuid,
) -> Result<entity::Model, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let row = store::find_any(connection, id, T::KIND).await?;
    let row = row.ok_or_else(missing)?;
    let pair = pairs::store::find_any(connection, row.pair_id).await?;
    let person = context.caller.person.map(PersonId::uuid);
    let is_own = pair.is_some_and(|pair| {
        person == Some(pair.mentor_person_id) || person == Some(pair.mentee_person_id)
    });
    if is_own { Ok(row) } else { Err(missing()) }
}
