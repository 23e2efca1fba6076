//! Operations of announcements.

use super::entity;
use crate::{
    State, plans,
    releases::{
        affected::Circle,
        around,
        reader::{self, Reader},
    },
};
use actix_web::{
    get, post,
    web::{Data, Path},
};
use sea_orm::{ColumnTrait as _, Condition, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, page, row};
use shared_projections::people;
use shared_types::{
    AnnouncementId, Answer, Language, Links, LocalizedText, PersonId, Problem, RoundId, codes,
    facts::{MESSAGE_REQUESTED, MessageRequested},
    scheduling::{
        announcements::{Announcement, AnnouncementPage, NewAnnouncement},
        codes::PLAN_MISSING,
        sessions::Audience,
    },
};
use shared_web::{Command, Context, Outcome, PageParameters, Query, Reply};
use std::collections::BTreeSet;
use utoipa_actix_web::service_config::ServiceConfig;

/// The feature's operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_announcements)
        .service(create_announcement)
        .service(get_announcement);
}

/// List a round's announcements
///
/// For those for whom they are, and for the organiser's coordinators.
#[utoipa::path(tag = "announcements", params(("roundId" = RoundId, Path, description = "The round."), PageParameters), responses((status = 200, description = "A page of announcements.", body = AnnouncementPage)))]
#[get("/rounds/{roundId}/announcements")]
async fn list_announcements(
    state: Data<State>,
    context: Context,
    id: Path<RoundId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let (reader, _) = reader::of_round(connection, &context.caller, *id).await?;
    let select = entity::Entity::find()
        .filter(entity::Column::RoundId.eq(id.uuid()))
        .filter(for_reader(&reader));
    let slice = page::read(connection, select, entity::Column::Id, &query.page()?).await?;
    let links = query.links(&context, &slice);
    let items = slice.items.into_iter().map(|row| wire(row, &context));
    Ok(Reply::ok(&AnnouncementPage {
        items: items.collect::<Result<_, _>>()?,
        meta: slice.meta,
        links,
    })?)
}

/// Make an announcement
///
/// For the organiser's coordinators: those for whom it is are told by a message, each in the own
/// language where the announcement has it.
#[utoipa::path(tag = "announcements", params(("roundId" = RoundId, Path, description = "The round.")), request_body = NewAnnouncement, responses((status = 201, description = "The announcement.", body = Announcement)))]
#[post("/rounds/{roundId}/announcements")]
async fn create_announcement(
    state: Data<State>,
    id: Path<RoundId>,
    command: Command<NewAnnouncement>,
) -> Outcome {
    let Command {
        context,
        claim,
        body,
        ..
    } = command;
    check(&body)?;
    let answer = state.database.answer(
        context.actor(),
        claim.as_ref(),
        async |change: &mut Change| {
            let round = plans::store::coordinated(change.tx(), &context.caller, *id).await?;
            let plan = plans::store::find(change.tx(), *id).await?;
            plan.ok_or_else(|| Problem::of(&PLAN_MISSING))?;
            let row = entity::Model {
                id: AnnouncementId::new().uuid(),
                round_id: round.id,
                organiser_id: round.organiser_id,
                title: column::json(&body.title),
                body: column::json(&body.body),
                audience: column::json(&body.audience),
                published_at: change.actor.at,
            };
            let row = row::insert::<entity::Entity>(change.tx(), row).await?;
            change.record("plan", row.round_id, "announcement.made", None);
            let fact = json!({
                "announcementId": row.id, "roundId": row.round_id,
                "organiserId": row.organiser_id, "audience": row.audience,
            });
            change.publish("announcement.made", row.id, fact);
            request_messages(change, &row, &body).await?;
            let announcement = wire(row, &context)?;
            Ok(Answer::created(announcement.links.own(), &announcement)?.version(1))
        },
    );
    Ok(answer.await?.into())
}

/// Get an announcement
///
/// For those for whom it is, and for the organiser's coordinators.
#[utoipa::path(tag = "announcements", params(("announcementId" = AnnouncementId, Path, description = "The announcement.")), responses((status = 200, description = "The announcement.", body = Announcement)))]
#[get("/announcements/{announcementId}")]
async fn get_announcement(
    state: Data<State>,
    context: Context,
    id: Path<AnnouncementId>,
) -> Outcome {
    let connection = state.database.read();
    let not_found = || Problem::of(&codes::NOT_FOUND);
    let found = entity::Entity::find_by_id(id.uuid()).one(connection).await;
    let round = found
        .map_err(DatabaseError::from)?
        .ok_or_else(not_found)?
        .round_id;
    let (reader, _) = reader::of_round(connection, &context.caller, round.into()).await?;
    let own = entity::Entity::find_by_id(id.uuid()).filter(for_reader(&reader));
    let row = own.one(connection).await.map_err(DatabaseError::from)?;
    Ok(Reply::resource(
        &wire(row.ok_or_else(not_found)?, &context)?,
        1,
    )?)
}

fn check(body: &NewAnnouncement) -> Result<(), Problem> {
    let words = "Keys are language tags, one to eight of them.";
    for (text, pointer) in [(&body.title, "/title"), (&body.body, "/body")] {
        if !text.is_well_formed() {
            return Err(Problem::invalid(pointer, "invalid", words));
        }
    }
    if body.audience.contains(&Audience::Group) {
        let words = "Groups have no announcements of their own.";
        return Err(Problem::invalid("/audience", "invalid", words));
    }
    Ok(())
}

/// Announcements for one of the audiences to which a reader belongs.
fn for_reader(reader: &Reader) -> Condition {
    if reader.coordinator {
        return Condition::all();
    }
    let audiences = [
        (reader.participant, Audience::Participants),
        (reader.manager, Audience::Managers),
        (reader.director, Audience::Directors),
        (reader.mentor, Audience::Mentors),
        (!reader.leads.is_empty(), Audience::Facilitators),
    ];
    let own = audiences.into_iter().filter(|(is, _)| *is);
    // The words of the audiences stand in quotes in the column's JSON, and none is part of
    // another.
    own.fold(
        Condition::any().add(Expr::cust("1 = 0")),
        |all, (_, one)| {
            let word = format!("CAST(audience AS TEXT) LIKE '%\"{}\"%'", column::text(one));
            all.add(Expr::cust(word))
        },
    )
}

async fn request_messages(
    change: &mut Change,
    row: &entity::Model,
    body: &NewAnnouncement,
) -> Result<(), Problem> {
    let (round, now) = (RoundId::from(row.round_id), change.actor.at);
    let released = plans::released::of_rounds(change.tx(), &[round]).await?;
    let circle = around::circle(change.tx(), round, &released, now).await?;
    let told = recipients(&circle, &body.audience);
    let ids = told.iter().map(|person| person.uuid());
    let known = people::find_all(change.tx(), ids).await?;
    for person in told {
        let Some(known) = known.get(&person.uuid()).filter(|known| !known.erased) else {
            continue;
        };
        let language: Language = column::parse(&known.language)?;
        let in_words = |text: &LocalizedText| text.best(language).to_owned();
        let message = MessageRequested {
            person_id: person,
            organiser_id: Some(row.organiser_id.into()),
            template: "announcement".to_owned(),
            subject: in_words(&body.title),
            text: in_words(&body.body),
            link: None,
            calendar: None,
        };
        change.publish(MESSAGE_REQUESTED, person, column::json(&message));
    }
    Ok(())
}

fn recipients(circle: &Circle, audience: &[Audience]) -> BTreeSet<PersonId> {
    let members = audience.iter().flat_map(|audience| match audience {
        Audience::Participants | Audience::Group => &circle.participants,
        Audience::Managers => &circle.managers,
        Audience::Directors => &circle.directors,
        Audience::Mentors => &circle.mentors,
        Audience::Facilitators => &circle.facilitators,
    });
    members.copied().collect()
}

fn wire(row: entity::Model, context: &Context) -> Result<Announcement, DatabaseError> {
    let all = context.href(format!("rounds/{}/announcements", row.round_id));
    Ok(Announcement {
        id: row.id.into(),
        round_id: row.round_id.into(),
        title: column::from_json(row.title)?,
        body: column::from_json(row.body)?,
        audience: column::from_json(row.audience)?,
        published_at: row.published_at,
        links: Links::to_self(context.href(format!("announcements/{}", row.id))).with(
            "announcements",
            "GET",
            all,
        ),
    })
}
