//! Operations of challenges.

use super::{
    entity,
    model::{Reader, seen},
    reader, store,
};
use crate::{State, known::People, mentees};
use actix_web::{
    get, put,
    web::{Data, Path},
};
use shared_database::Change;
use shared_types::{
    ApplicationId, Links, OrganisationId, Problem,
    mentorship::{
        challenges::{Challenge, NewChallenge},
        codes::CHALLENGE_MISSING,
    },
};
use shared_web::{Command, Context, Outcome, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config.service(get_challenge).service(replace_challenge);
}

/// Read a participant's challenge
///
/// The participant reads all of it; the present mentor and the round read the pieces that are for
/// them. The coordinators are of the round.
#[utoipa::path(tag = "challenges", params(("applicationId" = ApplicationId, Path, description = "The participation.")), responses((status = 200, description = "The challenge.", body = Challenge)))]
#[get("/challenges/{applicationId}")]
async fn get_challenge(state: Data<State>, context: Context, id: Path<ApplicationId>) -> Outcome {
    let connection = state.database.read();
    let (mentee, reader) = reader::find(connection, &context, *id).await?;
    let found = store::find(&state, connection, mentee.id).await?;
    let (row, body) = found.ok_or_else(|| Problem::of(&CHALLENGE_MISSING))?;
    let people = People::of(connection, [mentee.person_id]).await?;
    let municipality = people.municipality(mentee.person_id);
    let challenge = wire(&row, body, (&mentee, municipality), (reader, &context))?;
    Ok(Reply::resource(&challenge, row.version)?)
}

/// Write one's challenge
///
/// For the participant: it replaces the one before, with who may read each piece. The answer to
/// this request is never kept.
#[utoipa::path(tag = "challenges", params(("applicationId" = ApplicationId, Path, description = "The participation.")), request_body = NewChallenge, responses((status = 200, description = "The challenge.", body = Challenge)))]
#[put("/challenges/{applicationId}")]
async fn replace_challenge(
    state: Data<State>,
    id: Path<ApplicationId>,
    command: Command<NewChallenge>,
) -> Outcome {
    // Not `answer`: it would keep what is private with the answer.
    let Command {
        context,
        expected,
        body,
        ..
    } = command;
    let work = async |change: &mut Change| {
        let mentee = reader::own(change.tx(), &context, *id).await?;
        let key = reader::key(&state, change, &mentee).await?;
        let before = store::row_of(change.tx(), mentee.id).await?;
        if let Some(before) = &before {
            expected.check(before.version)?;
        }
        let row = store::write(change, &mentee, (&key, &body), before).await?;
        change.record("challenge", mentee.id, "challenge.written", None);
        let people = People::of(change.tx(), [mentee.person_id]).await?;
        let municipality = people.municipality(mentee.person_id);
        let of = (&mentee, municipality);
        let challenge = wire(&row, body, of, (Reader::Owner, &context))?;
        Ok::<_, Problem>((challenge, row.version))
    };
    let (challenge, version) = state.database.change(context.actor(), work).await?;
    Ok(Reply::resource(&challenge, version)?)
}

fn wire(
    row: &entity::Model,
    body: NewChallenge,
    (mentee, municipality): (&mentees::entity::Model, Option<OrganisationId>),
    (reader, context): (Reader, &Context),
) -> Result<Challenge, Problem> {
    let (key_figures, horizon_on) = (body.key_figures.clone(), body.horizon_on);
    let seen = seen(body, reader).ok_or_else(|| Problem::of(&CHALLENGE_MISSING))?;
    let href = context.href(format!("challenges/{}", row.id));
    let board = context.href(format!("rounds/{}/board", mentee.round_id));
    let mut links = Links::to_self(&href)
        .with("experiments", "GET", format!("{href}/experiments"))
        .with("board", "GET", board);
    if let Some(municipality) = municipality {
        let figures = context.href(format!("municipalities/{municipality}/key-figures"));
        links = links.with("keyFigures", "GET", figures);
    }
    if reader == Reader::Owner {
        links = links.with("update", "PUT", href);
    }
    Ok(Challenge {
        application_id: row.id.into(),
        round_id: mentee.round_id.into(),
        key_figures: if seen.with_title {
            key_figures
        } else {
            Vec::new()
        },
        horizon_on: horizon_on.filter(|_| seen.with_title),
        title: seen.title,
        vision: seen.vision,
        goals: seen.goals,
        stakeholders: seen.stakeholders,
        risks: seen.risks,
        modified_at: row.modified_at,
        links,
    })
}
