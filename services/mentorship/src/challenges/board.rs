//! The operation that shows a round's board: what its participants have shared with each other.

use super::{
    model::{Reader, seen},
    store,
};
use crate::{State, experiments, known, known::People, mentees, vaults};
use actix_web::{
    get,
    web::{Data, Path},
};
use shared_types::{
    Links, RoundId,
    mentorship::{
        challenges::{Board, BoardEntry, BoardExperiment, NewChallenge, Piece},
        experiments::NewExperiment,
    },
};
use shared_web::{Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;
use uuid::Uuid;

/// The operation.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_board);
}

/// Read a round's board
///
/// For the round's participants, the mentors of its pool and its coordinators: every piece of
/// challenges and experiments that was shared with the round.
#[utoipa::path(tag = "challenges", params(("roundId" = RoundId, Path, description = "The round.")), responses((status = 200, description = "The board.", body = Board)))]
#[get("/rounds/{roundId}/board")]
async fn get_board(state: Data<State>, context: Context, id: Path<RoundId>) -> Outcome {
    let connection = state.database.read();
    known::visible(connection, &context, *id).await?;
    let all = mentees::store::of_round(connection, id.uuid()).await?;
    let people = People::of(connection, all.iter().map(|row| row.person_id)).await?;
    let ids: Vec<Uuid> = all.iter().map(|row| row.id).collect();
    let challenges = store::rows_of(connection, &ids).await?;
    let tried = experiments::store::rows_of(connection, &ids).await?;
    let mut entries = Vec::new();
    for mentee in all {
        let challenge = challenges.iter().find(|row| row.id == mentee.id);
        let own: Vec<_> = tried
            .iter()
            .filter(|row| row.application_id == mentee.id)
            .collect();
        if challenge.is_none() && own.is_empty() {
            continue;
        }
        let key = vaults::store::find(connection, &state.pair_keys, mentee.id).await?;
        let Some(key) = key else { continue };
        let body: Option<NewChallenge> = challenge
            .map(|row| vaults::store::open(&key, row.id, &row.body))
            .transpose()?;
        let mut shared = Vec::new();
        for row in own {
            let body: NewExperiment = vaults::store::open(&key, row.id, &row.body)?;
            shared.extend(experiment(row.id, body));
        }
        entries.extend(entry(
            mentee.id,
            people.name(mentee.person_id),
            body,
            shared,
        ));
    }
    Ok(Reply::ok(&Board {
        round_id: *id,
        entries,
        links: Links::to_self(context.href(format!("rounds/{id}/board"))),
    })?)
}

/// What a participant shares; nothing where that is nothing.
fn entry(
    mentee: Uuid,
    name: Option<String>,
    challenge: Option<NewChallenge>,
    experiments: Vec<BoardExperiment>,
) -> Option<BoardEntry> {
    let seen = challenge.and_then(|body| seen(body, Reader::Round));
    if seen.is_none() && experiments.is_empty() {
        return None;
    }
    let text = |piece: Piece| piece.text;
    let (title, pieces) = match seen {
        Some(seen) => {
            let pieces = seen.vision.into_iter().chain(seen.goals);
            let pieces = pieces.chain(seen.stakeholders).chain(seen.risks);
            (seen.title.map(text), pieces.map(text).collect())
        }
        None => (None, Vec::new()),
    };
    Some(BoardEntry {
        application_id: mentee.into(),
        name,
        title,
        pieces,
        experiments,
    })
}

fn experiment(id: Uuid, body: NewExperiment) -> Option<BoardExperiment> {
    let steps = [
        Some(body.plan),
        body.tried,
        body.observe,
        body.reflect,
        body.next,
    ];
    let pieces = steps
        .into_iter()
        .filter_map(|step| Reader::Round.piece(step));
    let pieces: Vec<String> = pieces.map(|piece| piece.text).collect();
    (!pieces.is_empty()).then(|| BoardExperiment {
        id: id.into(),
        track: body.track,
        pieces,
    })
}
