//! What is done to 360s: each step in an open change, which has the 360 alone.

use super::{
    contacts::{self, Contact},
    entity, erasing, group_entity, messages, model, rater_entity, store,
};
use crate::{
    answers::{intake, invitation_entity as mark},
    instruments::{self, store::Version},
    parts::Round,
    surveys::known,
    told::pairs,
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _, sea_query::Expr};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_envelope::Keys;
use shared_projections::{participations, people};
use shared_types::{
    ApplicationId, FeedbackId, PersonId, Problem, RaterId, codes,
    evaluation::{
        codes::{
            FEEDBACK_DAYS, FEEDBACK_INSTRUMENT, FEEDBACK_STATE, INSTRUMENT_ARCHIVED,
            INSTRUMENT_UNKNOWN, PARTICIPATION_UNKNOWN, RATER_SELF, RATER_STATE, RATER_TWICE,
            RATER_UNKNOWN, SURVEY_ANSWERED,
        },
        feedbacks::{FeedbackState, NewFeedbacks, NewRater, RaterGroup, RaterState},
    },
};
use std::collections::BTreeSet;
use uuid::Uuid;

/// A 360 that a change has alone.
#[derive(Clone, Debug)]
pub struct Loaded {
    /// The 360.
    pub feedback: entity::Model,
    /// Its round.
    pub round: Round,
    /// Its groups.
    pub groups: store::Groups,
}

/// Takes a 360 alone and reads it.
pub async fn load(change: &Change, id: Uuid) -> Result<Loaded, Problem> {
    let missing = || Problem::of(&codes::NOT_FOUND);
    let feedback = store::lock(change, id).await?.ok_or_else(missing)?;
    let round = crate::parts::round(change.tx(), feedback.round_id.into()).await?;
    Ok(Loaded {
        round: round.ok_or_else(missing)?,
        groups: store::groups(change.tx(), &[feedback.id]).await?,
        feedback,
    })
}

/// Opens 360s for participants of a round; gives how many.
pub async fn open(
    change: &mut Change,
    keys: &Keys,
    round: &Round,
    body: &NewFeedbacks,
) -> Result<usize, Problem> {
    let today = round.today(change.actor.at);
    if !model::days_fit(today, body.nominate_until, body.answer_until) {
        return Err(Problem::of(&FEEDBACK_DAYS));
    }
    let version = version(change, round, body).await?;
    let taking_part = participations::of_round(change.tx(), round.id).await?;
    let wanted: Option<BTreeSet<ApplicationId>> = body
        .application_ids
        .as_ref()
        .map(|ids| ids.iter().copied().collect());
    let is_wanted = |row: &participations::Model| {
        wanted
            .as_ref()
            .is_none_or(|wanted| wanted.contains(&row.id.into()))
    };
    let asked: Vec<participations::Model> = taking_part.into_iter().filter(is_wanted).collect();
    if wanted.is_some_and(|wanted| asked.len() < wanted.len()) {
        return Err(Problem::of(&PARTICIPATION_UNKNOWN));
    }
    let known = people::find_all(change.tx(), asked.iter().map(|row| row.person_id)).await?;
    let busy = store::with_open(change.tx(), round.id.uuid()).await?;
    let mut count = 0;
    for part in asked {
        let can = known.get(&part.person_id).is_none_or(known::can_be_asked);
        if !can || busy.contains(&part.id) {
            continue;
        }
        open_one(change, keys, round, (body, &version), &part).await?;
        count += 1;
    }
    Ok(count)
}

/// What is asked.
async fn version(change: &Change, round: &Round, body: &NewFeedbacks) -> Result<Version, Problem> {
    let instrument = instruments::store::lock(change, body.instrument_id.uuid()).await?;
    let unknown = || Problem::of(&INSTRUMENT_UNKNOWN);
    let own = instrument.filter(|one| one.organiser_id == round.organiser_id.uuid());
    let instrument = own.ok_or_else(unknown)?;
    if instrument.archived {
        return Err(Problem::of(&INSTRUMENT_ARCHIVED));
    }
    let newest = instruments::store::newest(change.tx(), &[instrument.id]).await?;
    let newest = newest.get(&instrument.id).map_or(1, |(number, _)| *number);
    let number = body.instrument_version.unwrap_or(newest);
    let version = instruments::store::version(change.tx(), instrument.id, number).await?;
    let version = version.ok_or_else(unknown)?;
    if !model::questions_fit(&version.questions) {
        return Err(Problem::of(&FEEDBACK_INSTRUMENT));
    }
    Ok(version)
}

async fn open_one(
    change: &mut Change,
    keys: &Keys,
    round: &Round,
    (body, version): (&NewFeedbacks, &Version),
    part: &participations::Model,
) -> Result<(), Problem> {
    let id = FeedbackId::new().uuid();
    let key = keys
        .new_owner_key(id.as_bytes())
        .map_err(Problem::internal)?;
    let feedback = entity::Model {
        id,
        round_id: round.id.uuid(),
        organiser_id: round.organiser_id.uuid(),
        application_id: Some(part.id),
        person_id: Some(part.person_id),
        instrument_id: body.instrument_id.uuid(),
        instrument_version: version.number,
        language: column::text(body.language),
        least_answers: body.least_answers,
        opened_on: round.today(change.actor.at),
        nominate_until: body.nominate_until,
        answer_until: body.answer_until,
        state: column::text(FeedbackState::Open),
        reminders_sent: 0,
        key_id: Some(key.key_id),
        wrapped_key: Some(key.wrapped_key),
        modified_at: change.actor.at,
        version: 1,
    };
    let feedback = row::insert::<entity::Entity>(change.tx(), feedback).await?;
    let groups = model::GROUPS.map(|group| group_entity::Model {
        id: Uuid::new_v4(),
        feedback_id: id,
        kind: column::text(group),
    });
    let [oneself, ..] = &groups;
    let rater = rater_entity::Model {
        id: RaterId::new().uuid(),
        feedback_id: id,
        group_id: oneself.id,
        state: column::text(RaterState::Nominated),
        late: false,
        person_id: Some(part.person_id),
        contact: None,
        address_code: None,
    };
    row::insert_all::<group_entity::Entity>(change.tx(), groups.iter().cloned()).await?;
    for group in &groups {
        intake::begin(change, keys, group.id).await?;
    }
    let rater = row::insert::<rater_entity::Entity>(change.tx(), rater).await?;
    tell(change, &feedback, "feedback.opened");
    let loaded = Loaded {
        groups: store::groups(change.tx(), &[id]).await?,
        feedback,
        round: round.clone(),
    };
    ask(change, keys, &loaded, vec![rater]).await
}

/// Names a rater.
pub async fn nominate(
    change: &mut Change,
    keys: &Keys,
    loaded: &Loaded,
    body: NewRater,
) -> Result<rater_entity::Model, Problem> {
    let feedback = &loaded.feedback;
    check_open(loaded, change)?;
    if body.group == RaterGroup::Oneself {
        return Err(Problem::of(&RATER_SELF));
    }
    let group = store::id_of(&loaded.groups, body.group)?;
    let all = store::raters(change.tx(), &[feedback.id]).await?;
    let who = who(change, feedback, &body).await?;
    let today = loaded.round.today(change.actor.at);
    let days = (today, feedback.nominate_until);
    let late = model::may_nominate(body.group, numbers(&all, group), days)?;
    let mut rater = rater_entity::Model {
        id: RaterId::new().uuid(),
        feedback_id: feedback.id,
        group_id: group,
        state: column::text(RaterState::Nominated),
        late,
        person_id: None,
        contact: None,
        address_code: None,
    };
    match who {
        Who::Known(person) if feedback.person_id == Some(person) => {
            return Err(Problem::of(&RATER_SELF));
        }
        Who::Known(person) => rater.person_id = Some(person),
        Who::Written(contact) => {
            let key = contacts::key(keys, feedback)?;
            let key = key.ok_or_else(|| Problem::internal("an open 360 without a key"))?;
            contacts::seal(&key, &mut rater, &contact)?;
        }
    }
    let withdrawn = column::text(RaterState::Withdrawn);
    let is_same = |one: &rater_entity::Model| {
        let person = one.person_id.is_some() && one.person_id == rater.person_id;
        let address = one.address_code.is_some() && one.address_code == rater.address_code;
        one.state != withdrawn && (person || address)
    };
    if all.iter().any(is_same) {
        return Err(Problem::of(&RATER_TWICE));
    }
    let rater = row::insert::<rater_entity::Entity>(change.tx(), rater).await?;
    change.record("rater", rater.id, "rater.nominated", None);
    Ok(rater)
}

/// Who is to rate.
enum Who {
    /// A person who is known.
    Known(Uuid),
    /// Somebody else.
    Written(Contact),
}

async fn who(change: &Change, feedback: &entity::Model, body: &NewRater) -> Result<Who, Problem> {
    let unknown = || Problem::of(&RATER_UNKNOWN);
    let person = match (body.person_id, &body.name, &body.email) {
        (Some(person), None, None) => Some(person),
        (None, Some(name), Some(email)) => {
            let name = name.trim();
            if name.is_empty() || name.contains(char::is_control) {
                return Err(unknown());
            }
            return Ok(Who::Written(Contact {
                name: name.to_owned(),
                email: model::address(email).ok_or_else(unknown)?,
            }));
        }
        (None, None, None) => near(change, feedback, body.group).await?,
        _ => None,
    };
    let person = person.ok_or_else(unknown)?;
    let known = people::find(change.tx(), person).await?;
    let known = known.filter(known::can_be_asked).ok_or_else(unknown)?;
    Ok(Who::Known(known.id))
}

/// The own leader or the mentor, where they are known.
pub async fn near(
    change: &Change,
    feedback: &entity::Model,
    group: RaterGroup,
) -> Result<Option<PersonId>, DatabaseError> {
    let Some(person) = feedback.person_id else {
        return Ok(None);
    };
    match group {
        RaterGroup::Leader => {
            let person = people::find(change.tx(), person.into()).await?;
            Ok(person
                .and_then(|person| person.manager_id)
                .map(PersonId::from))
        }
        RaterGroup::Mentor => {
            let Some(application) = feedback.application_id else {
                return Ok(None);
            };
            let pair = pairs::working(change.tx(), application).await?;
            Ok(pair.map(|pair| pair.mentor_person_id.into()))
        }
        RaterGroup::Oneself | RaterGroup::Peers | RaterGroup::Staff => Ok(None),
    }
}

fn numbers(raters: &[rater_entity::Model], group: Uuid) -> model::Numbers {
    let own = || raters.iter().filter(|rater| rater.group_id == group);
    let of = |states: &[RaterState]| {
        let states: Vec<String> = states.iter().map(column::text).collect();
        own().filter(|rater| states.contains(&rater.state)).count()
    };
    let withdrawn = column::text(RaterState::Withdrawn);
    model::Numbers {
        live: of(&[RaterState::Nominated, RaterState::Asked]),
        declined: of(&[RaterState::Declined]),
        late: own()
            .filter(|rater| rater.late && rater.state != withdrawn)
            .count(),
    }
}

/// Whether somebody can still be named, confirmed or asked.
pub fn check_open(loaded: &Loaded, change: &Change) -> Result<(), Problem> {
    if store::is_open(&loaded.feedback, &loaded.round, change.actor.at) {
        return Ok(());
    }
    // Over by the day, though the sweep has not come by yet.
    let open = column::text(FeedbackState::Open);
    let state = if loaded.feedback.state == open {
        column::text(FeedbackState::Closed)
    } else {
        loaded.feedback.state.clone()
    };
    Err(Problem::of(&FEEDBACK_STATE).value("state", state))
}

/// Confirms everybody who is named: each is asked by a link.
pub async fn confirm(
    change: &mut Change,
    keys: &Keys,
    loaded: Loaded,
) -> Result<entity::Model, Problem> {
    check_open(&loaded, change)?;
    let nominated = column::text(RaterState::Nominated);
    let all = store::raters(change.tx(), &[loaded.feedback.id]).await?;
    let named = all.into_iter().filter(|rater| rater.state == nominated);
    ask(change, keys, &loaded, named.collect()).await?;
    let feedback = store::save(change, loaded.feedback).await?;
    tell(change, &feedback, "feedback.raters_confirmed");
    Ok(feedback)
}

/// Gives raters their marks, and links to answer by.
async fn ask(
    change: &mut Change,
    keys: &Keys,
    loaded: &Loaded,
    raters: Vec<rater_entity::Model>,
) -> Result<(), Problem> {
    let mut asked = Vec::with_capacity(raters.len());
    for mut rater in raters {
        rater.state = column::text(RaterState::Asked);
        let rater = row::update::<rater_entity::Entity>(change.tx(), rater).await?;
        let mark = mark::Model {
            id: rater.id,
            survey_id: rater.group_id,
            link_id: Some(Uuid::new_v4()),
            // Who it is stands with the rater alone.
            person_id: None,
            application_id: None,
            named_by: None,
            answered: false,
            revoked: false,
        };
        let mark = row::insert::<mark::Entity>(change.tx(), mark).await?;
        change.record("rater", rater.id, "rater.asked", None);
        asked.push((rater, mark));
    }
    messages::invite(change, keys, loaded, &asked).await
}

/// Takes a rater back who is named and not asked yet.
pub async fn withdraw(
    change: &mut Change,
    loaded: &Loaded,
    mut rater: rater_entity::Model,
) -> Result<rater_entity::Model, Problem> {
    check_open(loaded, change)?;
    if rater.state != column::text(RaterState::Nominated) {
        return Err(Problem::of(&RATER_STATE));
    }
    erasing::forget_contact(&mut rater);
    rater.state = column::text(RaterState::Withdrawn);
    change.record("rater", rater.id, "rater.withdrawn", None);
    Ok(row::update::<rater_entity::Entity>(change.tx(), rater).await?)
}

/// A rater does not want to answer. Who has answered can't any more.
pub async fn decline(
    change: &mut Change,
    loaded: &Loaded,
    mut rater: rater_entity::Model,
) -> Result<(), Problem> {
    check_open(loaded, change)?;
    let done = mark::Entity::update_many()
        .col_expr(mark::Column::Revoked, Expr::value(true))
        .filter(mark::Column::Id.eq(rater.id))
        .filter(mark::Column::Answered.eq(false))
        .filter(mark::Column::Revoked.eq(false))
        .exec(change.tx())
        .await
        .map_err(DatabaseError::from)?;
    if done.rows_affected != 1 {
        return Err(Problem::of(&SURVEY_ANSWERED));
    }
    erasing::forget_address(change, &mut rater).await?;
    rater.state = column::text(RaterState::Declined);
    let rater = row::update::<rater_entity::Entity>(change.tx(), rater).await?;
    change.record("rater", rater.id, "rater.declined", None);
    messages::tell_of_decline(change, loaded).await
}

/// Calls a 360 off: what was answered is thrown away, unread.
pub async fn cancel(change: &mut Change, loaded: Loaded) -> Result<entity::Model, Problem> {
    let mut feedback = loaded.feedback;
    for group in loaded.groups.keys() {
        crate::surveys::gate::alone(change, *group).await?;
        intake::discard(change, *group).await?;
    }
    erasing::forget_contacts(change, &mut feedback).await?;
    feedback.state = column::text(FeedbackState::Cancelled);
    let feedback = store::save(change, feedback).await?;
    tell(change, &feedback, "feedback.cancelled");
    Ok(feedback)
}

/// Writes what happened to a 360 into the history, and tells others that it did.
pub fn tell(change: &mut Change, feedback: &entity::Model, edge: &str) {
    change.record("feedback", feedback.id, edge, None);
    change.publish(
        edge,
        feedback.id,
        json!({
            "feedbackId": feedback.id, "roundId": feedback.round_id,
            "organiserId": feedback.organiser_id, "applicationId": feedback.application_id,
            "state": feedback.state, "version": feedback.version,
        }),
    );
}
