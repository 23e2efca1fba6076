//! Operations of interests.

use super::{entity, model::takes_interests, store};
use crate::{
    State,
    endorsements::links,
    mail::{self, LinkKind, NewMessage, Recipient, Template},
    rounds,
};
use actix_web::{
    delete, get, post,
    web::{Data, Path},
};
use sea_orm::{ConnectionTrait, EntityTrait as _};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, page};
use shared_types::{
    Answer, InterestId, Links, Problem, RoundId, codes,
    page::ChangeSort,
    registration::interests::{Interest, InterestNoted, InterestPage, NewInterest},
};
use shared_web::{
    Command, Context, ModifiedParameters, NoBody, Outcome, PageParameters, Query, Reply,
};
use utoipa_actix_web::service_config::ServiceConfig;

/// Most mails of this kind to one address in a day, over all rounds: anybody can name any address.
const MOST_NOTED: u64 = 10;
/// A day in seconds.
const DAY: u64 = 24 * 3600;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_interests)
        .service(declare_interest)
        .service(withdraw_interest);
}

/// Declare an interest
///
/// For everybody, without an account: whoever declares an interest in a round without dates is
/// told once by e-mail when it opens. Repeating it changes nothing, and the answer does not say
/// whether the address was there before. One address is noted ten times a day at most, over all
/// rounds; the answer does not say that either.
#[utoipa::path(tag = "interests", security(()), params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewInterest, responses((status = 200, description = "The interest is noted.", body = InterestNoted)))]
#[post("/rounds/{roundId}/interests")]
async fn declare_interest(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewInterest>,
) -> Outcome {
    let Command { context, body, .. } = command;
    // No claim to an idempotency key: strangers would share theirs, and repeating is harmless.
    let answer = state
        .database
        .answer(context.actor(), None, async |change: &mut Change| {
            declare(change, *id, body).await?;
            Answer::ok(&InterestNoted {
                round_id: *id,
                links: Links::to_self(context.href(format!("rounds/{id}"))),
            })
        });
    Ok(answer.await?.into())
}

/// Notes an interest, once for an address; the round's page uses it too.
pub async fn declare(change: &mut Change, id: RoundId, body: NewInterest) -> Result<(), Problem> {
    let round = round(change.tx(), id).await?;
    takes_interests(column::parse(&round.state)?, round.opens_on.is_some())?;
    mail::turns::take(change, [body.email.as_str()]).await?;
    let noted = mail::queued_lately(change.tx(), Template::InterestNoted, &body.email, DAY).await?;
    if noted >= MOST_NOTED {
        // Kept to ourselves: who names somebody else's address learns nothing about it.
        return Ok(());
    }
    let row = entity::Model {
        id: InterestId::new().uuid(),
        round_id: round.id,
        email_key: body.email.trim().to_lowercase(),
        name: body.name,
        email: body.email,
        language: column::text(body.language),
        declared_at: change.actor.at,
        told_at: None,
    };
    if store::add(change.tx(), row.clone()).await? {
        change.record("interest", row.id, "interest.declared", None);
        // Who is there already gets no further mail, and the answer tells neither.
        let link = links::for_interest(change, round.id, row.id).await?;
        let message = NewMessage {
            template: Template::InterestNoted,
            to: Recipient {
                person: None,
                name: row.name.clone(),
                email: row.email.clone(),
                language: column::parse(&row.language)?,
            },
            organiser: Some(round.organiser_id.into()),
            facts: json!({ "personName": row.name, "roundName": round.name }),
            link: Some((LinkKind::Interest, link)),
        };
        mail::queue(change, message);
    }
    Ok(())
}

/// Withdraw an interest
///
/// For the coordinators of the round's organiser, when somebody asks for it: name and address
/// are erased. Whoever declared it does the same by the link in the mail.
#[utoipa::path(tag = "interests", params(("interestId" = InterestId, Path, description = "The interest.")), responses((status = 204, description = "The interest is withdrawn.")))]
#[delete("/interests/{interestId}")]
async fn withdraw_interest(
    state: Data<State>,
    id: Path<InterestId>,
    command: Command<NoBody>,
) -> Outcome {
    let Command { context, claim, .. } = command;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let missing = || Problem::of(&codes::NOT_FOUND);
            let interest = store::find(change.tx(), *id).await?.ok_or_else(missing)?;
            let round = round(change.tx(), interest.round_id.into()).await?;
            if !context.caller.coordinates(round.organiser_id.into()) {
                // Who may not list interests is not told which there are.
                return Err(missing());
            }
            store::withdraw(change, *id).await?;
            Ok(Answer::no_content())
        },
    );
    Ok(answer.await?.into())
}

/// List interests
///
/// For the coordinators of the round's organiser: who wants to know when it opens, and who was
/// told.
#[utoipa::path(tag = "interests", params(("roundId" = RoundId, Path, description = "The round."), PageParameters, ModifiedParameters, ("sort" = inline(Option<ChangeSort>), Query, description = "Order of the list; by id when nothing is said.")), responses((status = 200, description = "A page of interests.", body = InterestPage)))]
#[get("/rounds/{roundId}/interests")]
async fn list_interests(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let round = round(connection, *id).await?;
    if !context.caller.coordinates(round.organiser_id.into()) {
        return Err(Problem::of(&codes::FORBIDDEN).into());
    }
    let select = store::of_round(*id);
    let request = state.database.settle(query.page()?).await?;
    let slice = page::read(connection, select, entity::Column::Id, &request).await?;
    let links = query.links(&context, &slice);
    let items = slice
        .items
        .into_iter()
        .map(|row| wire(row, &context))
        .collect::<Result<_, _>>()?;
    Ok(Reply::ok(&InterestPage {
        items,
        meta: slice.meta,
        links,
    })?)
}

async fn round(
    connection: &impl ConnectionTrait,
    id: RoundId,
) -> Result<rounds::entity::Model, Problem> {
    rounds::entity::Entity::find_by_id(id.uuid())
        .one(connection)
        .await
        .map_err(DatabaseError::from)?
        .ok_or_else(|| Problem::of(&codes::NOT_FOUND))
}

fn wire(row: entity::Model, context: &Context) -> Result<Interest, Problem> {
    let list = context.href(format!("rounds/{}/interests", row.round_id));
    Ok(Interest {
        id: row.id.into(),
        round_id: row.round_id.into(),
        name: row.name,
        email: row.email,
        language: column::parse(&row.language)?,
        declared_at: row.declared_at,
        told_at: row.told_at,
        links: Links::to_self(list),
    })
}
