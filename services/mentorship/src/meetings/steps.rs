//! What is done to meetings: planned, held, called off, in an open change.

use super::{entity, messages, model::can_plan, store};
use crate::{
    alarms, pairs,
    work::desk::{Desk, request},
};
use serde::{Deserialize, Serialize};
use serde_json::json;
use shared_calendar::Method;
use shared_database::{Change, column, row};
use shared_types::{
    Claim, MeetingId, Problem, codes,
    mentorship::meetings::{NewPairMeeting, PairMeetingState},
};

/// What of a meeting is for the two alone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Private {
    /// What it is about.
    pub topic: Option<String>,
    /// Where they meet.
    pub place: Option<String>,
}

/// What of a meeting is for the two alone, opened.
pub fn opened(row: &entity::Model, desk: &Desk) -> Result<Private, Problem> {
    match &row.body {
        Some(body) => desk.open(row.id, body),
        None => Ok(Private::default()),
    }
}

/// Plans a meeting and sends both the appointment; a repeated request gets what its first one
/// planned.
pub async fn plan(
    change: &mut Change,
    desk: &Desk,
    body: &NewPairMeeting,
    claim: Option<&Claim>,
) -> Result<entity::Model, Problem> {
    let private = Private {
        topic: body.topic.clone(),
        place: body.place.clone(),
    };
    let request = claim.map(request);
    if let Some(request) = &request
        && let Some(row) = store::of_request(change.tx(), request).await?
    {
        let known = opened(&row, desk)?;
        let same = known == private && row.starts_at == body.starts_at;
        return if same {
            Ok(row)
        } else {
            Err(Problem::of(&codes::IDEMPOTENCY_REUSED))
        };
    }
    can_plan(
        column::parse(&desk.pair.state)?,
        body.starts_at,
        change.actor.at,
    )?;
    let id = MeetingId::new().uuid();
    let is_empty = private == Private::default();
    let row = entity::Model {
        id,
        pair_id: desk.pair.id,
        state: column::text(PairMeetingState::Planned),
        starts_at: body.starts_at,
        length_minutes: body.length_minutes,
        body: (!is_empty).then(|| desk.seal(id, &private)).transpose()?,
        request,
        version: 1,
    };
    let row = row::insert::<entity::Entity>(change.tx(), row).await?;
    tell(change, &desk.pair, &row);
    messages::send(change, (&row, &desk.pair), Method::Request).await?;
    Ok(row)
}

/// Notes that a meeting was held; a pair that was silent is silent no more.
pub async fn hold(
    change: &mut Change,
    (mut row, mut pair): (entity::Model, pairs::entity::Model),
    length_minutes: i32,
) -> Result<(entity::Model, pairs::entity::Model), Problem> {
    row.state = column::text(PairMeetingState::Held);
    row.length_minutes = length_minutes;
    let row = store::save(change, row).await?;
    tell(change, &pair, &row);
    pair.meetings_held += 1;
    let pair = pairs::store::save(change, pair).await?;
    alarms::steps::review(change, pair.round_id.into()).await?;
    Ok((row, pair))
}

/// Calls a meeting off, and takes it out of both calendars.
pub async fn cancel(
    change: &mut Change,
    mut row: entity::Model,
    pair: &pairs::entity::Model,
) -> Result<entity::Model, Problem> {
    row.state = column::text(PairMeetingState::Cancelled);
    let row = store::save(change, row).await?;
    tell(change, pair, &row);
    messages::send(change, (&row, pair), Method::Cancel).await?;
    Ok(row)
}

/// Calls off what a pair that has ended still had before it.
pub async fn cancel_coming(
    change: &mut Change,
    pair: &pairs::entity::Model,
) -> Result<(), Problem> {
    for row in store::planned_after(change.tx(), pair.id, change.actor.at).await? {
        cancel(change, row, pair).await?;
    }
    Ok(())
}

/// Writes what happened into the history, and tells others: that and when, never what about.
fn tell(change: &mut Change, pair: &pairs::entity::Model, meeting: &entity::Model) {
    let edge = format!("pair_meeting.{}", meeting.state);
    change.record("pair_meeting", meeting.id, &edge, None);
    change.publish(
        &edge,
        meeting.id,
        json!({
            "meetingId": meeting.id, "pairId": pair.id, "roundId": pair.round_id,
            "organiserId": pair.organiser_id, "startsAt": meeting.starts_at,
            "lengthMinutes": meeting.length_minutes, "version": meeting.version,
        }),
    );
}
