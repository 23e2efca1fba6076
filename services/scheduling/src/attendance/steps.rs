//! Marks a session: all of a list, or nothing.

use super::{
    entity,
    model::{self, Hosted, Mark, Place},
    sheet_entity, states, store,
};
use crate::{
    audiences::{self, store::Seen},
    sites,
};
use shared_database::{Change, column, row};
use shared_types::{
    AttendanceMarkId, Language, PersonId, Problem, VenueId,
    scheduling::{
        attendance::{AttendanceStatus, NewAttendance},
        codes::SESSION_CANCELLED,
        releases::{ReleasedSession, SessionStatus},
    },
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use uuid::Uuid;

/// Makes and corrects marks of a session whose sheet is locked, and tells of everybody whom they
/// changed. Marks that say what is said already change nothing.
pub async fn record(
    change: &mut Change,
    seen: &Seen,
    mut sheet: sheet_entity::Model,
    body: &NewAttendance,
    language: Language,
) -> Result<sheet_entity::Model, Problem> {
    let session = &seen.session;
    if session.status == SessionStatus::Cancelled {
        return Err(Problem::of(&SESSION_CANCELLED));
    }
    let participants = audiences::store::participants(change.tx(), session).await?;
    let participants: BTreeSet<PersonId> = participants
        .iter()
        .map(|row| row.person_id.into())
        .collect();
    let at = (change.actor.at, language);
    let sites = sites::store::of_session(change.tx(), session.id).await?;
    let hosted = seen.confines().map(|own| Hosted { own, sites: &sites });
    let mut marks = model::judge(session, (&participants, hosted), &body.marks, at)?;
    for ((person, ..), mark) in &mut marks {
        mark.site = mark.site.or_else(|| sites.get(person).copied());
    }
    let changed = write(change, session, marks, body.reason.as_deref()).await?;
    if changed.is_empty() {
        return Ok(sheet);
    }
    sheet.version += 1;
    let sheet = row::update::<sheet_entity::Entity>(change.tx(), sheet).await?;
    states::publish(change, session.round_id, &changed).await?;
    Ok(sheet)
}

/// Writes marks with their history; says who is concerned.
async fn write(
    change: &mut Change,
    session: &ReleasedSession,
    marks: BTreeMap<Place, Mark>,
    reason: Option<&str>,
) -> Result<BTreeSet<Uuid>, Problem> {
    let known = store::marks_of(change.tx(), session.id).await?;
    let mut known: HashMap<(Uuid, i32, String), entity::Model> = known
        .into_iter()
        .map(|row| ((row.person_id, row.day, row.half.clone()), row))
        .collect();
    let (mut changed, mut new) = (BTreeSet::new(), Vec::new());
    for ((person, day, half), mark) in marks {
        let half = column::text(half);
        let before = known.remove(&(person.uuid(), day, half.clone()));
        let (status, site) = (column::text(mark.status), mark.site.map(VenueId::uuid));
        let unknown = column::text(AttendanceStatus::Unknown);
        let was = before.as_ref().map_or(unknown, |row| row.status.clone());
        let is_same = before
            .as_ref()
            .is_some_and(|row| row.status == status && row.site_id == site);
        if is_same {
            continue;
        }
        let at = change.actor.at;
        let edge = format!("attendance.{was}_to_{status}");
        let id = if let Some(row) = before {
            let row = entity::Model {
                status,
                site_id: site,
                marked_at: at,
                version: row.version + 1,
                ..row
            };
            row::update::<entity::Entity>(change.tx(), row).await?.id
        } else {
            let id = AttendanceMarkId::new().uuid();
            new.push(entity::Model {
                id,
                session_id: session.id.uuid(),
                round_id: session.round_id.uuid(),
                person_id: person.uuid(),
                day,
                half,
                status,
                site_id: site,
                marked_at: at,
                version: 1,
            });
            id
        };
        change.record("attendance_mark", id, &edge, reason);
        changed.insert(person.uuid());
    }
    row::insert_all::<entity::Entity>(change.tx(), new).await?;
    Ok(changed)
}
