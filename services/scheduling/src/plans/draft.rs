//! Reads a draft with all that a release of it looks at.

use super::entity;
use crate::{
    bookings,
    releases::next::{Draft, Drafted},
    sessions, venues,
};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_types::{Links, SessionId, scheduling::sessions::NewSession};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// A draft, and what of its places is no longer used.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The draft.
    pub draft: Draft,
    /// Its rows, in the order in which they were made.
    pub rows: Vec<sessions::entity::Model>,
    /// Venues and rooms that are no longer used.
    pub inactive: BTreeSet<Uuid>,
}

/// Reads the draft of a plan.
pub async fn load(
    connection: &impl ConnectionTrait,
    plan: &entity::Model,
) -> Result<Loaded, DatabaseError> {
    let round = plan.round_id.into();
    let rows = sessions::store::of_round(connection, round).await?;
    let drafted = rows.iter().map(drafted).collect::<Result<Vec<_>, _>>()?;
    let contents = drafted.iter().map(|session| &session.content);
    let (venue_ids, room_ids) = places(contents);
    let venues = venues::store::with_ids(connection, venue_ids).await?;
    let rooms = venues::store::rooms_with_ids(connection, room_ids).await?;
    let unused = venues.iter().filter(|one| !one.active).map(|one| one.id);
    let unused_rooms = rooms.iter().filter(|one| !one.active).map(|one| one.id);
    let inactive = unused.chain(unused_rooms).collect();
    let venues = venues.into_iter().map(|row| {
        let venue = venues::routes::read(row, Links::default())?;
        Ok((venue.id.uuid(), venue))
    });
    let rooms = rooms.into_iter().map(|row| {
        let room = venues::rooms::read(row, Links::default())?;
        Ok((room.id.uuid(), room))
    });
    let draft = Draft {
        round,
        organiser: plan.organiser_id.into(),
        zone: plan.time_zone.clone(),
        sessions: drafted,
        venues: venues.collect::<Result<BTreeMap<_, _>, DatabaseError>>()?,
        rooms: rooms.collect::<Result<BTreeMap<_, _>, DatabaseError>>()?,
        optional: bookings::store::optional_sessions(connection, round).await?,
    };
    Ok(Loaded {
        draft,
        rows,
        inactive,
    })
}

fn drafted(row: &sessions::entity::Model) -> Result<Drafted, DatabaseError> {
    Ok(Drafted {
        id: row.id.into(),
        state: column::parse(&row.state)?,
        content: column::from_json(row.content.clone())?,
        replaces_id: row.replaces_id.map(SessionId::from),
        replaced_by_id: row.replaced_by_id.map(SessionId::from),
    })
}

/// The venues and the rooms that sessions name.
pub fn places<'a>(
    contents: impl Iterator<Item = &'a NewSession>,
) -> (BTreeSet<Uuid>, BTreeSet<Uuid>) {
    let (mut venues, mut rooms) = (BTreeSet::new(), BTreeSet::new());
    for content in contents {
        venues.extend(content.venue_id.map(Uuid::from));
        rooms.extend(content.room_id.map(Uuid::from));
        for site in &content.sites {
            venues.insert(site.venue_id.uuid());
            rooms.extend(site.room_id.map(Uuid::from));
        }
        let items = content.agenda.iter().filter_map(|item| item.room_id);
        rooms.extend(items.map(Uuid::from));
    }
    (venues, rooms)
}
