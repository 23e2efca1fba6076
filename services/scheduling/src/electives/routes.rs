//! Operations of elective sessions.

use super::{entity, store};
use crate::{
    State, plans,
    releases::{
        claims, findings,
        reader::{self, Reader},
    },
};
use actix_web::{
    delete, get, post,
    web::{Data, Path},
};
use sea_orm::ConnectionTrait;
use serde_json::json;
use shared_database::{Change, DatabaseError, row};
use shared_types::{
    Answer, ChangeId, Links, PersonId, Problem, RoundId, SessionId, codes,
    scheduling::{
        codes::{SESSION_FULL, SESSION_NOT_ELECTIVE},
        electives::{Elective, ElectiveList},
        releases::{ReleasedSession, SessionStatus},
    },
};
use shared_web::{Command, Context, NoBody, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_electives)
        .service(choose_elective)
        .service(withdraw_choice);
}

/// List a round's elective sessions
///
/// For those for whom they are: how many places are taken, and what the caller has chosen.
#[utoipa::path(tag = "electives", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The elective sessions.", body = ElectiveList)))]
#[get("/rounds/{roundId}/electives")]
async fn list_electives(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let connection = state.database.read();
    let (reader, released) = reader::of_round(connection, &context.caller, *id).await?;
    Ok(Reply::ok(
        &wire(connection, &context, (*id, &reader), &released).await?,
    )?)
}

/// Choose an elective session
///
/// For participants, until it begins: takes a place, and gives back the one that was taken in
/// another session of the same choice. Choosing again what is chosen changes nothing.
#[utoipa::path(tag = "electives", params(("sessionId" = SessionId, Path, description = "The session.")), responses((status = 200, description = "The elective sessions of the round.", body = ElectiveList)))]
#[post("/sessions/{sessionId}/choice")]
async fn choose_elective(
    state: Data<State>,
    id: Path<SessionId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command { context, claim, .. } = command;
    let early = claims::early(id.uuid(), async {
        Ok(store::count(state.database.read(), *id).await?)
    });
    let early = early.await?;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let chosen = choosing(change, &context, *id).await?;
            let (session, person, choice) = (&chosen.session, chosen.person, &chosen.choice);
            let all = store::of_round(change.tx(), session.round_id).await?;
            let taken = all.get(&*id);
            if !taken.is_some_and(|people| people.contains(&person)) {
                let count = match early {
                    Some(early) => early,
                    None => store::count(change.tx(), *id).await?,
                };
                let count = i32::try_from(count).unwrap_or(i32::MAX);
                if let Some(places) = findings::places_of(session).filter(|most| count >= *most) {
                    return Err(Problem::of(&SESSION_FULL).value("places", places));
                }
                store::take_back(change, session.round_id, choice, person).await?;
                let row = entity::Model {
                    id: ChangeId::new().uuid(),
                    round_id: session.round_id.uuid(),
                    choice: choice.clone(),
                    session_id: session.id.uuid(),
                    person_id: person.uuid(),
                    chosen_at: change.actor.at,
                };
                row::insert::<entity::Entity>(change.tx(), row).await?;
                tell(change, &chosen, "elective.chosen");
            }
            let round = (session.round_id, &chosen.reader);
            let list = wire(change.tx(), &context, round, &chosen.released).await?;
            Answer::ok(&list)
        },
    );
    Ok(answer.await?.into())
}

/// Take a choice back
///
/// For participants, until the session begins.
#[utoipa::path(tag = "electives", params(("sessionId" = SessionId, Path, description = "The session.")), responses((status = 204, description = "The place is given back.")))]
#[delete("/sessions/{sessionId}/choice")]
async fn withdraw_choice(
    state: Data<State>,
    id: Path<SessionId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command { context, claim, .. } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let chosen = choosing(change, &context, *id).await?;
            let round = chosen.session.round_id;
            let all = store::of_round(change.tx(), round).await?;
            let taken = all.get(&*id);
            if taken.is_some_and(|people| people.contains(&chosen.person)) {
                store::take_back(change, round, &chosen.choice, chosen.person).await?;
                tell(change, &chosen, "elective.withdrawn");
            }
            Ok(Answer::no_content())
        },
    );
    Ok(answer.await?.into())
}

/// A participant before an elective session that has not begun.
struct Choosing {
    session: ReleasedSession,
    released: Vec<ReleasedSession>,
    reader: Reader,
    person: PersonId,
    choice: String,
}

/// Under the plan's lock.
async fn choosing(change: &Change, context: &Context, id: SessionId) -> Result<Choosing, Problem> {
    let caller = &context.caller;
    let (row, _) = reader::of_session(change.tx(), caller, id).await?;
    plans::store::lock(change, row.round_id.into()).await?;
    let (reader, released) = reader::of_round(change.tx(), caller, row.round_id.into()).await?;
    let participant = caller.person.filter(|_| reader.participant);
    let person = participant.ok_or_else(|| Problem::of(&codes::FORBIDDEN))?;
    let session = released.iter().find(|session| session.id == id).cloned();
    let begun = |session: &ReleasedSession| {
        let first = session.days.first();
        first.is_some_and(|day| day.starts <= context.now)
    };
    let open =
        session.filter(|session| session.status != SessionStatus::Cancelled && !begun(session));
    let chosen = open.and_then(|session| Some((session.choice.clone()?, session)));
    let (choice, session) = chosen.ok_or_else(|| Problem::of(&SESSION_NOT_ELECTIVE))?;
    Ok(Choosing {
        session,
        released,
        reader,
        person,
        choice,
    })
}

fn tell(change: &mut Change, chosen: &Choosing, edge: &str) {
    change.record("session", chosen.session.id, edge, None);
    let fact = json!({
        "sessionId": chosen.session.id, "roundId": chosen.session.round_id,
        "organiserId": chosen.session.organiser_id, "personId": chosen.person,
    });
    change.publish(edge, chosen.session.id, fact);
}

async fn wire(
    connection: &impl ConnectionTrait,
    context: &Context,
    (round, reader): (RoundId, &Reader),
    released: &[ReleasedSession],
) -> Result<ElectiveList, DatabaseError> {
    let chosen = store::of_round(connection, round).await?;
    let open = released
        .iter()
        .filter(|session| session.status != SessionStatus::Cancelled && reader.sees(session));
    let electives = open.filter_map(|session| {
        let people = chosen.get(&session.id);
        let mine = |person| people.is_some_and(|people| people.contains(&person));
        Some(Elective {
            session_id: session.id,
            name: session.name.clone(),
            choice: session.choice.clone()?,
            places: findings::places_of(session),
            chosen_count: i32::try_from(people.map_or(0, std::collections::BTreeSet::len))
                .unwrap_or(i32::MAX),
            is_chosen: context.caller.person.is_some_and(mine),
        })
    });
    Ok(ElectiveList {
        round_id: round,
        electives: electives.collect(),
        links: Links::to_self(context.href(format!("rounds/{round}/electives"))),
    })
}
