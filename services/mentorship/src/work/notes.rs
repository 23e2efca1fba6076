//! Operations of a pair's notes, and of sharing them with a later mentor.

use super::{
    desk::{self, Desk, NOTE},
    entity,
    written::{self, Written},
};
use crate::{State, pairs};
use actix_web::{
    delete, get, post,
    web::{Data, Path},
};
use sea_orm::EntityTrait as _;
use shared_database::{Change, DatabaseError};
use shared_types::{
    Answer, Links, PairId, PairNoteId, PersonId, Problem, codes,
    mentorship::{
        codes::SHARE_OTHER_MENTEE,
        work::{NewNotesShare, NewPairNote, NotesShare, PairNote, PairNotePage},
    },
};
use shared_web::{Command, Context, NoBody, Outcome, PageParameters, Query, Reply};
use utoipa_actix_web::service_config::ServiceConfig;

/// The operations.
pub fn operations(config: &mut ServiceConfig<'_>) {
    config
        .service(list_pair_notes)
        .service(create_pair_note)
        .service(get_pair_note)
        .service(delete_pair_note)
        .service(share_pair_notes);
}

/// List a pair's notes
///
/// For the two alone, and for a later mentor of the mentee with whom the mentee shares them.
#[utoipa::path(tag = "work", params(("pairId" = PairId, Path, description = "The pair."), PageParameters), responses((status = 200, description = "A page of notes.", body = PairNotePage)))]
#[get("/pairs/{pairId}/notes")]
async fn list_pair_notes(
    state: Data<State>,
    context: Context,
    id: Path<PairId>,
    query: Query,
) -> Outcome {
    let connection = state.database.read();
    let desk = desk::read_notes(&state, connection, &context, *id).await?;
    let (items, meta, links) = written::list(connection, &desk, &context, &query).await?;
    Ok(Reply::ok(&PairNotePage { items, meta, links })?)
}

/// Write a note
///
/// For the two alone. The answer to this request is never kept; repeated under the same
/// Idempotency-Key it makes nothing new.
#[utoipa::path(tag = "work", params(("pairId" = PairId, Path, description = "The pair.")), request_body = NewPairNote, responses((status = 201, description = "The note.", body = PairNote)))]
#[post("/pairs/{pairId}/notes")]
async fn create_pair_note(
    state: Data<State>,
    id: Path<PairId>,
    command: Command<NewPairNote>,
) -> Outcome {
    written::create::<PairNote>(&state, *id, PairNoteId::new().uuid(), command).await
}

/// Get a note
///
/// For the two alone.
#[utoipa::path(tag = "work", params(("noteId" = PairNoteId, Path, description = "The note.")), responses((status = 200, description = "The note.", body = PairNote)))]
#[get("/pair-notes/{noteId}")]
async fn get_pair_note(state: Data<State>, context: Context, id: Path<PairNoteId>) -> Outcome {
    written::get::<PairNote>(&state, &context, id.uuid()).await
}

/// Delete a note
///
/// For whoever of the two wrote it.
#[utoipa::path(tag = "work", params(("noteId" = PairNoteId, Path, description = "The note.")), responses((status = 204, description = "It is deleted.")))]
#[delete("/pair-notes/{noteId}")]
async fn delete_pair_note(
    state: Data<State>,
    id: Path<PairNoteId>,
    command: Command<NoBody>,
) -> Outcome {
    let context = command.context;
    let work = async |change: &mut Change| {
        let row = written::own::<PairNote>(change.tx(), &context, id.uuid()).await?;
        if context.caller.person.map(PersonId::uuid) != Some(row.author_id) {
            return Err(Problem::of(&codes::FORBIDDEN));
        }
        command.expected.check(row.version)?;
        entity::Entity::delete_by_id(row.id)
            .exec(change.tx())
            .await
            .map_err(DatabaseError::from)?;
        Ok(())
    };
    state.database.change(context.actor(), work).await?;
    Ok(Answer::no_content().into())
}

/// Share notes with a later mentor
///
/// For the mentee alone: the mentor of a later pair of the same mentee may read this pair's notes
/// from now on. A second call changes nothing.
#[utoipa::path(tag = "work", params(("pairId" = PairId, Path, description = "The pair in which the notes were written.")), request_body = NewNotesShare, responses((status = 200, description = "That they are shared.", body = NotesShare)))]
#[post("/pairs/{pairId}/shares")]
async fn share_pair_notes(
    state: Data<State>,
    id: Path<PairId>,
    command: Command<NewNotesShare>,
) -> Outcome {
    let Command { context, body, .. } = command;
    let work = async |change: &mut Change| {
        let desk = desk::read(&state, change.tx(), &context, *id).await?;
        if desk.pair.mentee_person_id != desk.person.uuid() {
            return Err(Problem::of(&codes::FORBIDDEN));
        }
        let later = pairs::store::find_any(change.tx(), body.with_pair_id.uuid()).await?;
        later
            .filter(|later| later.mentee_person_id == desk.pair.mentee_person_id)
            .filter(|later| later.id > desk.pair.id)
            .ok_or_else(|| Problem::of(&SHARE_OTHER_MENTEE))?;
        let share = desk
            .share(change, body.with_pair_id, change.actor.at)
            .await?;
        let pair = context.href(format!("pairs/{id}"));
        Answer::ok(&NotesShare {
            pair_id: *id,
            with_pair_id: body.with_pair_id,
            shared_at: share.shared_at,
            links: Links::default().with("pair", "GET", pair),
        })
    };
    Ok(state.database.change(context.actor(), work).await?.into())
}

impl Written for PairNote {
    type New = NewPairNote;
    const KIND: &'static str = NOTE;

    fn of(desk: &Desk, row: &entity::Model, context: &Context) -> Result<Self, Problem> {
        let body: NewPairNote = desk.open(row.id, &row.body)?;
        let href = context.href(format!("pair-notes/{}", row.id));
        let pair = context.href(format!("pairs/{}", row.pair_id));
        Ok(Self {
            id: row.id.into(),
            pair_id: row.pair_id.into(),
            text: body.text,
            author_id: row.author_id.into(),
            written_at: row.written_at,
            links: Links::to_self(href).with("pair", "GET", pair),
        })
    }

    fn links(&self) -> &Links {
        &self.links
    }
}
