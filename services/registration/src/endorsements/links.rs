//! Links by which people answer without an account: what each is for stands in its row, and
//! the text of the link is signed, never stored.

use super::{link, store};
use crate::{
    State, applications,
    mail::LinkKind,
    people,
    rounds::{self, model::Terms},
};
use chrono::NaiveDate;
use sea_orm::{
    ColumnTrait as _, ConnectionTrait, EntityTrait as _, IntoActiveModel as _, QueryFilter as _,
    QuerySelect as _, QueryTrait as _,
    sea_query::{Expr, OnConflict},
};
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    ApplicationId, LinkId, OfficeId, Problem, RoundId,
    registration::{
        codes::{LINK_INVALID, ROUND_CANCELLED},
        rounds::RoundState,
    },
};
use uuid::Uuid;

/// The link of an office's slate: the one that works, or a new one; says whether it is new.
pub async fn for_slate(
    change: &Change,
    terms: &Terms,
    office: OfficeId,
) -> Result<(link::Model, bool), DatabaseError> {
    if let Some(link) = store::working_slate_link(change.tx(), terms.id, office).await? {
        return Ok((link, false));
    }
    let link = blank(change, LinkKind::Slate, terms.id.uuid(), terms.endorse_by);
    let link = link::Model {
        office_id: Some(office.uuid()),
        ..link
    };
    // Applicants of one municipality don't wait for each other: of two links one stays.
    let added = link::Entity::insert(link.clone().into_active_model())
        .on_conflict(OnConflict::new().do_nothing().to_owned())
        .exec_without_returning(change.tx())
        .await?;
    if added > 0 {
        return Ok((link, true));
    }
    let link = store::working_slate_link(change.tx(), terms.id, office).await?;
    let missing = || DatabaseError::Corrupt("a slate's link that is not there".to_owned());
    Ok((link.ok_or_else(missing)?, false))
}

/// The link by which an offer is answered.
pub async fn for_offer(
    change: &Change,
    application: &applications::entity::Model,
    answer_by: NaiveDate,
) -> Result<LinkId, DatabaseError> {
    for_application(change, LinkKind::Offer, application, Some(answer_by)).await
}

/// The link by which an application made without an account is confirmed.
pub async fn for_confirmation(
    change: &Change,
    application: &applications::entity::Model,
    closes_on: Option<NaiveDate>,
) -> Result<LinkId, DatabaseError> {
    for_application(change, LinkKind::ApplicationConfirm, application, closes_on).await
}

/// The links by which people answer who were nominated, in the order of the applications.
pub async fn for_nominated(
    change: &Change,
    applications: &[applications::entity::Model],
    kind: impl Fn(&applications::entity::Model) -> LinkKind,
) -> Result<Vec<(LinkKind, LinkId)>, DatabaseError> {
    let rows: Vec<link::Model> = applications
        .iter()
        .map(|row| link::Model {
            application_id: Some(row.id),
            ..blank(change, kind(row), row.round_id, row.answer_by)
        })
        .collect();
    let links = applications.iter().zip(&rows);
    let links = links
        .map(|(row, link)| (kind(row), link.id.into()))
        .collect();
    row::insert_all::<link::Entity>(change.tx(), rows).await?;
    Ok(links)
}

/// The link by which an interest is withdrawn.
pub async fn for_interest(
    change: &Change,
    round: Uuid,
    interest: Uuid,
) -> Result<LinkId, DatabaseError> {
    let link = link::Model {
        interest_id: Some(interest),
        ..blank(change, LinkKind::Interest, round, None)
    };
    let link = row::insert::<link::Entity>(change.tx(), link).await?;
    Ok(link.id.into())
}

async fn for_application(
    change: &Change,
    kind: LinkKind,
    application: &applications::entity::Model,
    expires_on: Option<NaiveDate>,
) -> Result<LinkId, DatabaseError> {
    let link = blank(change, kind, application.round_id, expires_on);
    let link = link::Model {
        application_id: Some(application.id),
        ..link
    };
    Ok(row::insert::<link::Entity>(change.tx(), link)
        .await?
        .id
        .into())
}

fn blank(
    change: &Change,
    kind: LinkKind,
    round: Uuid,
    expires_on: Option<NaiveDate>,
) -> link::Model {
    link::Model {
        id: LinkId::new().uuid(),
        kind: kind.word().to_owned(),
        round_id: round,
        office_id: None,
        application_id: None,
        interest_id: None,
        expires_on,
        created_at: change.actor.at,
        revoked_at: None,
    }
}

/// Ends every link of a round.
pub async fn revoke_of_round(change: &Change, round: RoundId) -> Result<(), DatabaseError> {
    link::Entity::update_many()
        .col_expr(link::Column::RevokedAt, Expr::value(change.actor.at))
        .filter(link::Column::RoundId.eq(round.uuid()))
        .filter(link::Column::RevokedAt.is_null())
        .exec(change.tx())
        .await?;
    Ok(())
}

/// What a link's text opens: signed here for this kind, known, and not revoked. Every other
/// text gets the same answer, except that whoever comes by a link of a cancelled round is told
/// that it is.
pub async fn open(
    state: &State,
    connection: &impl ConnectionTrait,
    kind: LinkKind,
    text: &str,
) -> Result<link::Model, Problem> {
    let invalid = || Problem::of(&LINK_INVALID);
    let id = state
        .link_key
        .verify(kind.word(), text)
        .ok_or_else(invalid)?;
    let link = store::find_link(connection, id)
        .await?
        .ok_or_else(invalid)?;
    if link.kind != kind.word() {
        return Err(invalid());
    }
    if link.revoked_at.is_none() {
        return if has_left(connection, &link).await? {
            Err(invalid())
        } else {
            Ok(link)
        };
    }
    let round = rounds::store::find_any(connection, link.round_id.into()).await?;
    let cancelled = column::text(RoundState::Cancelled);
    if round.is_some_and(|round| round.state == cancelled) {
        return Err(Problem::of(&ROUND_CANCELLED));
    }
    Err(invalid())
}

/// Whether the applicant whose link it is is not here any more: mails outlive whoever got them.
async fn has_left(
    connection: &impl ConnectionTrait,
    link: &link::Model,
) -> Result<bool, DatabaseError> {
    let Some(application) = link.application_id else {
        return Ok(false);
    };
    let applicant = applications::entity::Entity::find_by_id(application)
        .select_only()
        .column(applications::entity::Column::PersonId)
        .into_query();
    let applicant = people::entity::Entity::find()
        .filter(people::entity::Column::Id.in_subquery(applicant))
        .one(connection)
        .await?;
    Ok(applicant.is_none_or(|person| !person.active))
}

/// The application that a link is about.
pub fn application(link: &link::Model) -> Result<ApplicationId, Problem> {
    link.application_id
        .map(ApplicationId::from)
        .ok_or_else(|| Problem::of(&LINK_INVALID))
}
