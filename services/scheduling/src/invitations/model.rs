//! Who is to be invited, and until when an answer counts.

use chrono::{DateTime, Utc};
use shared_types::{
    OfficeId, PersonId, Refusal,
    scheduling::{
        codes::{INVITATION_OVER, INVITATION_WITHDRAWN},
        invitations::{InvitationState, InvitedAs},
        releases::{ReleasedSession, SessionStatus},
        sessions::{Audience, SessionKind},
    },
    transition::Edge,
};
use std::collections::BTreeMap;

/// Kind of the links that lead to the page, and the first segment of its address.
pub const LINK_KIND: &str = "invitation";

/// Whether guests are invited to a session.
pub fn has_guests(session: &ReleasedSession) -> bool {
    let is_guest = |part: &Audience| matches!(part, Audience::Mentors | Audience::Directors);
    session.kind == SessionKind::Ceremony && session.audience.iter().any(is_guest)
}

/// When a session begins; nothing as long as its days are to be announced.
pub fn begins(session: &ReleasedSession) -> Option<DateTime<Utc>> {
    session.days.first().map(|day| day.starts)
}

/// Everybody to invite, each once: who is both is a director first, since the office is invited.
pub fn guests(
    session: &ReleasedSession,
    mentors: &[PersonId],
    directors: &[(OfficeId, PersonId)],
    now: DateTime<Utc>,
) -> BTreeMap<PersonId, (InvitedAs, Option<OfficeId>)> {
    let mut guests = BTreeMap::new();
    let is_over = begins(session).is_some_and(|begins| begins <= now);
    if session.status == SessionStatus::Cancelled || is_over || !has_guests(session) {
        return guests;
    }
    if session.audience.contains(&Audience::Directors) {
        for (office, person) in directors {
            guests
                .entry(*person)
                .or_insert((InvitedAs::Director, Some(*office)));
        }
    }
    if session.audience.contains(&Audience::Mentors) {
        for person in mentors {
            guests.entry(*person).or_insert((InvitedAs::Mentor, None));
        }
    }
    guests
}

/// What the answering of an invitation looks at.
#[derive(Clone, Copy, Debug)]
pub struct Case {
    /// State.
    pub state: InvitationState,
    /// When the session begins.
    pub begins: Option<DateTime<Utc>>,
    /// Whether the invited person asks.
    pub own: bool,
    /// The time at which it is judged.
    pub now: DateTime<Utc>,
}

fn is_open(case: &Case) -> Result<(), Refusal> {
    match case.state {
        InvitationState::Open => Ok(()),
        InvitationState::Withdrawn => Err(Refusal::of(&INVITATION_WITHDRAWN)),
    }
}

fn is_in_time(case: &Case) -> Result<(), Refusal> {
    match case.begins {
        Some(begins) if begins <= case.now => Err(Refusal::of(&INVITATION_OVER)),
        _ => Ok(()),
    }
}

/// Every transition of an invitation that a caller can take.
pub static EDGES: [Edge<Case>; 1] = [Edge {
    name: "answer",
    who: |case| case.own,
    conditions: &[is_open, is_in_time],
}];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendars::model::tests::session;
    use serde_json::json;

    fn ceremony(members: &serde_json::Value) -> ReleasedSession {
        let mut all =
            json!({ "kind": "ceremony", "audience": ["participants", "mentors", "directors"] });
        for (name, value) in members.as_object().unwrap() {
            all[name] = value.clone();
        }
        session(&all)
    }

    const BEFORE: &str = "2022-09-01T07:59:59Z";
    const BEGINS: &str = "2022-09-01T08:00:00Z";

    #[test]
    fn guests_are_those_whom_the_audience_names_each_once() {
        let (mentor, both, director) = (PersonId::new(), PersonId::new(), PersonId::new());
        let offices = [(OfficeId::new(), both), (OfficeId::new(), director)];
        let at = |session: &ReleasedSession, now: &str| {
            guests(session, &[mentor, both], &offices, now.parse().unwrap())
        };
        let all = at(&ceremony(&json!({})), BEFORE);
        assert_eq!(all.len(), 3);
        assert_eq!(all[&both].0, InvitedAs::Director);
        assert_eq!(all[&mentor], (InvitedAs::Mentor, None));
        let directors = at(&ceremony(&json!({ "audience": ["directors"] })), BEFORE);
        assert!(!directors.contains_key(&mentor) && directors.len() == 2);
    }

    #[test]
    fn nobody_is_invited_to_what_is_cancelled_over_or_no_ceremony() {
        let mentor = [PersonId::new()];
        for (members, now) in [
            (json!({ "status": "cancelled" }), BEFORE),
            (json!({}), BEGINS),
            (json!({ "kind": "residential" }), BEFORE),
            (json!({ "audience": ["participants"] }), BEFORE),
        ] {
            let session = ceremony(&members);
            assert!(guests(&session, &mentor, &[], now.parse().unwrap()).is_empty());
        }
        let unplanned = ceremony(&json!({ "days": [] }));
        assert_eq!(
            guests(&unplanned, &mentor, &[], BEGINS.parse().unwrap()).len(),
            1
        );
    }

    #[test]
    fn an_answer_counts_until_the_session_begins_and_only_the_invited_give_one() {
        use InvitationState::{Open, Withdrawn};
        let case = |state, own, now: &str| Case {
            state,
            begins: Some(BEGINS.parse().unwrap()),
            own,
            now: now.parse().unwrap(),
        };
        let code = |case: &Case| EDGES[0].judge(case).map_or_else(|no| no.code.name, |()| "");
        assert_eq!(code(&case(Open, true, BEFORE)), "");
        assert_eq!(code(&case(Open, true, BEGINS)), "invitation_over");
        assert_eq!(code(&case(Withdrawn, true, BEFORE)), "invitation_withdrawn");
        assert!(!(EDGES[0].who)(&case(Open, false, BEFORE)));
        assert!((EDGES[0].who)(&case(Open, true, BEFORE)));
    }
}
