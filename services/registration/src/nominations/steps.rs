//! Nominating, in an open change, under the round's lock. A thousand people cost about as many
//! statements as one: what they have in common is read once, what they get is written together.

use super::model::{Nominator, Refusals};
use crate::{
    admissions::queue,
    applications::{self, choices, eligibility::Employers, steps},
    endorsements::{self, desks::Desks, links},
    holds,
    mail::{self, LinkKind, NewMessage, Template},
    organisations,
    people::{self, model::email_key},
    rounds::{
        model::Terms,
        seats::{self, Locked},
    },
};
use sea_orm::{ColumnTrait as _, EntityTrait as _, QueryFilter as _};
use serde_json::json;
use shared_database::{Change, DatabaseError, column, row};
use shared_types::{
    Caller, Language, LinkId, Problem, RoundId, codes,
    registration::{
        applications::{AdmissionVerdict, ApplicationState, EndorsementState, SeatState},
        codes::{
            APPLICANT_NOT_ELIGIBLE, APPLICATION_EXISTS, CHOICE_NOT_OFFERED, CHOICE_TAKEN,
            HOLD_OTHER_ORGANISATION, MAIL_LIMIT, NOMINATED_TWICE, OFFICE_MISSING,
            ORGANISATION_UNKNOWN, PERSON_EMAIL_TAKEN, PERSON_UNKNOWN, SEAT_IN_PROGRAMME,
        },
        nominations::{NewNominations, Nominee},
        rounds::EndorsementRule,
    },
};
use std::collections::{BTreeMap, HashMap, HashSet};
use uuid::Uuid;

/// Most mails in an hour by which one address is told of nominations, where those who enter it say
/// that it is somebody new: it may be anybody's.
const MOST_TOLD: i64 = 4;
/// An hour in seconds.
const HOUR: u32 = 3600;

/// Somebody on the list, found or about to be added.
struct Named {
    person: people::entity::Model,
    is_new: bool,
    motivation: Option<String>,
    choice: Option<i32>,
    municipality: Option<Uuid>,
    /// The office that has to endorse; `None` where nobody has to.
    office: Option<crate::offices::entity::Model>,
    /// Whether that office is mailed: nobody is asked about oneself.
    asks: bool,
}

/// Nominates everybody on a list, or nobody.
pub async fn nominate(
    change: &mut Change,
    round: RoundId,
    (caller, nominator): (&Caller, &Nominator),
    body: NewNominations,
    language: Language,
) -> Result<Vec<applications::entity::Model>, Problem> {
    let locked = seats::lock(change, round).await?;
    let terms = Terms::read(&locked.round)?;
    let wanted = i32::try_from(body.people.len()).unwrap_or(i32::MAX);
    let hold = holds::steps::usable(change, &terms, body.hold_id, wanted).await?;
    let late_reason = body.late_reason.filter(|_| nominator.coordinator);
    match (&hold, &late_reason) {
        // A hold has a last day of its own.
        (Some(_), _) => {}
        (None, Some(_)) => terms.takes_late_applications()?,
        (None, None) => terms.takes_applications(change.actor.at)?,
    }
    let mut list = List {
        caller,
        nominator,
        terms: &terms,
        locked: &locked,
        hold: hold.as_ref(),
        refusals: Refusals::new(language),
    };
    let named = list.read(change, body.people).await?;
    list.refusals.judge()?;
    may_mail(change, &named).await?;
    add_people(change, &terms, &named).await?;
    let mut rows = Vec::with_capacity(named.len());
    for one in &named {
        rows.push(application(change, &locked, &terms, one, hold.as_ref())?);
    }
    row::insert_all::<applications::entity::Entity>(change.tx(), rows.clone()).await?;
    ask_offices(change, &terms, &named, &rows).await?;
    for row in &rows {
        steps::tell(change, row, "application.nominated", late_reason.as_deref());
        if row.seat == column::text(SeatState::Offered) {
            steps::tell(change, row, "offer.made", None);
        }
    }
    tell_people(change, &locked, &named, &rows).await?;
    let offered = column::text(SeatState::Offered);
    let given = rows.iter().filter(|row| row.seat == offered).count();
    if let (Some(hold), true) = (hold, given > 0) {
        let given = i32::try_from(given).unwrap_or(i32::MAX);
        holds::steps::consume(change, &terms, hold, given).await?;
    }
    // Where the admission is announced they stand in the queue now, which may move.
    queue::advance(change, round).await?;
    Ok(applications::store::in_order(change.tx(), &rows).await?)
}

/// A list on its way in, and what speaks against it.
struct List<'a> {
    caller: &'a Caller,
    nominator: &'a Nominator,
    terms: &'a Terms,
    locked: &'a Locked,
    hold: Option<&'a holds::entity::Model>,
    refusals: Refusals,
}

impl List<'_> {
    /// Everybody on the list; whoever can't be nominated stands among the refusals.
    async fn read(
        &mut self,
        change: &Change,
        nominees: Vec<Nominee>,
    ) -> Result<Vec<Named>, Problem> {
        let known = self.known(change, &nominees).await?;
        let kept = self.kept(change, &nominees).await?;
        let mut found = Vec::with_capacity(nominees.len());
        for (place, nominee) in nominees.into_iter().enumerate() {
            let Nominee {
                person_id,
                person,
                motivation,
                choice,
            } = nominee;
            let row = match person {
                Some(body) if !self.nominator.adds_to(body.organisation_id, &kept) => {
                    return Err(Problem::of(&codes::FORBIDDEN));
                }
                Some(body) => {
                    people::store::check_place(change, &body).await?;
                    Some((people::store::row(change, body, true), true))
                }
                None => person_id
                    .and_then(|id| known.get(&id.uuid()))
                    .map(|row| (row.clone(), false)),
            };
            match row {
                Some((person, is_new)) => found.push((place, person, is_new, motivation, choice)),
                None => self.refusals.add(place, &PERSON_UNKNOWN),
            }
        }
        let employers = found.iter().map(|(_, person, ..)| person.organisation_id);
        let employers = Employers::read(change.tx(), self.terms, employers).await?;
        let people: Vec<_> = found.iter().map(|(_, person, ..)| person).collect();
        let taken = Taken::read(change, self.terms, self.locked, &people).await?;
        let municipality_of = |person: &people::entity::Model| {
            let employer = employers.get(person.organisation_id);
            employer.and_then(|employer| employer.municipality_id)
        };
        let municipalities = people.iter().filter_map(|person| municipality_of(person));
        let desks = Desks::read(change.tx(), &self.locked.round, municipalities).await?;
        let mut seen = HashSet::new();
        let mut named = Vec::with_capacity(found.len());
        for (place, person, is_new, motivation, choice) in found {
            let municipality = municipality_of(&person);
            if !is_new && !self.nominator.reaches(person.organisation_id, municipality) {
                // Who is not theirs to nominate is not theirs to know either.
                self.refusals.add(place, &PERSON_UNKNOWN);
                continue;
            }
            let key = if is_new {
                (person.organisation_id, person.email_key.clone())
            } else {
                (person.id, String::new())
            };
            if !seen.insert(key) {
                self.refusals.add(place, &NOMINATED_TWICE);
            }
            self.judge(place, &person, is_new, choice, &employers, &taken)?;
            let office = self.office(place, &desks, &person, municipality)?;
            let asks = office
                .as_ref()
                .is_some_and(|office| !desks.decides(office, person.id));
            named.push(Named {
                person,
                is_new,
                motivation,
                choice,
                municipality,
                office,
                asks,
            });
        }
        Ok(named)
    }

    /// The employers to which a coordinator may add people: those whose data the caller keeps,
    /// and those that nobody knows, which are refused by a reason of their own.
    async fn kept(
        &self,
        change: &Change,
        nominees: &[Nominee],
    ) -> Result<HashSet<Uuid>, DatabaseError> {
        let new = nominees.iter().filter_map(|one| one.person.as_ref());
        let employers: HashSet<Uuid> = new.map(|person| person.organisation_id.uuid()).collect();
        if !self.nominator.coordinator || employers.is_empty() {
            return Ok(HashSet::new());
        }
        let names = organisations::store::names(change.tx(), employers.iter().copied()).await?;
        let (known, mut kept): (HashSet<Uuid>, HashSet<Uuid>) =
            employers.into_iter().partition(|id| names.contains_key(id));
        let (caller, now) = (self.caller, change.actor.at);
        kept.extend(organisations::store::kept(change.tx(), caller, known, now).await?);
        Ok(kept)
    }

    async fn known(
        &self,
        change: &Change,
        nominees: &[Nominee],
    ) -> Result<HashMap<Uuid, people::entity::Model>, DatabaseError> {
        let ids: Vec<Uuid> = nominees
            .iter()
            .filter_map(|nominee| nominee.person_id.map(Uuid::from))
            .collect();
        if ids.is_empty() {
            return Ok(HashMap::new());
        }
        let found = people::entity::Entity::find()
            .filter(people::entity::Column::Id.is_in(ids))
            .filter(people::entity::Column::Active.eq(true))
            .all(change.tx())
            .await?;
        Ok(found.into_iter().map(|row| (row.id, row)).collect())
    }

    fn judge(
        &mut self,
        place: usize,
        person: &people::entity::Model,
        is_new: bool,
        choice: Option<i32>,
        employers: &Employers,
        taken: &Taken,
    ) -> Result<(), Problem> {
        let employer = person.organisation_id;
        if employers.get(employer).is_none() {
            self.refusals.add(place, &ORGANISATION_UNKNOWN);
        } else if !employers.is_for(self.terms, person)? {
            self.refusals.add(place, &APPLICANT_NOT_ELIGIBLE);
        }
        let address = (employer, person.email_key.clone());
        if is_new && taken.addresses.contains(&address) {
            self.refusals.add(place, &PERSON_EMAIL_TAKEN);
        }
        if taken.applied.contains(&person.id) {
            self.refusals.add(place, &APPLICATION_EXISTS);
        }
        let is_of_hold = |hold: &holds::entity::Model| {
            let municipality = employers.get(employer).and_then(|one| one.municipality_id);
            employers.belongs_to(employer, hold.organisation_id)
                || municipality == Some(hold.organisation_id)
        };
        if self.hold.is_some_and(|hold| !is_of_hold(hold)) {
            self.refusals.add(place, &HOLD_OTHER_ORGANISATION);
        }
        if !self.terms.one_seat {
            if choice.is_some() {
                self.refusals.add(place, &CHOICE_NOT_OFFERED);
            }
            return Ok(());
        }
        let wanted = choice.unwrap_or(1);
        if taken.choices.contains(&(person.id, wanted)) {
            self.refusals.add(place, &CHOICE_TAKEN);
        }
        if self.hold.is_some() && taken.seated.contains(&person.id) {
            self.refusals.add(place, &SEAT_IN_PROGRAMME);
        }
        Ok(())
    }

    /// The office that has to endorse a person. One that nominates by itself has said yes.
    fn office(
        &mut self,
        place: usize,
        desks: &Desks,
        person: &people::entity::Model,
        municipality: Option<Uuid>,
    ) -> Result<Option<crate::offices::entity::Model>, Problem> {
        if self.terms.endorsement == EndorsementRule::NotRequired {
            return Ok(None);
        }
        let Some(office) = desks.about(person, municipality)? else {
            self.refusals.add(place, &OFFICE_MISSING);
            return Ok(None);
        };
        let oneself = self.nominator.person.map(Uuid::from) == Some(person.id);
        let director =
            column::text(shared_types::registration::offices::OfficeKind::MunicipalDirector);
        let nominates = office.kind == director
            && self.nominator.decides_for(office.organisation_id)
            && !oneself;
        Ok((!nominates).then(|| office.clone()))
    }
}

/// What stands in the way of people, read at once.
struct Taken {
    addresses: HashSet<(Uuid, String)>,
    applied: HashSet<Uuid>,
    choices: HashSet<(Uuid, i32)>,
    seated: HashSet<Uuid>,
}

impl Taken {
    async fn read(
        change: &Change,
        terms: &Terms,
        locked: &Locked,
        people: &[&people::entity::Model],
    ) -> Result<Self, DatabaseError> {
        let ids = || people.iter().map(|person| person.id);
        let applied = applications::store::of_round(terms.id)
            .filter(applications::entity::Column::Live.eq(true))
            .filter(applications::entity::Column::PersonId.is_in(ids()))
            .all(change.tx())
            .await?;
        let keys = people.iter().map(|person| email_key(&person.email));
        let employers: HashSet<Uuid> = people.iter().map(|one| one.organisation_id).collect();
        let addresses = people::entity::Entity::find()
            .filter(people::entity::Column::OrganisationId.is_in(employers))
            .filter(people::entity::Column::EmailKey.is_in(keys))
            .filter(people::entity::Column::Verified.eq(true))
            .all(change.tx())
            .await?;
        let ranked = if terms.one_seat {
            choices::live(change.tx(), locked.round.programme_id, ids()).await?
        } else {
            Vec::new()
        };
        let [offered, accepted] = [SeatState::Offered, SeatState::Accepted].map(column::text);
        let has_seat =
            |row: &&applications::entity::Model| row.seat == offered || row.seat == accepted;
        Ok(Self {
            addresses: addresses
                .into_iter()
                .map(|row| (row.organisation_id, row.email_key))
                .collect(),
            applied: applied.into_iter().map(|row| row.person_id).collect(),
            seated: ranked
                .iter()
                .filter(has_seat)
                .map(|row| row.person_id)
                .collect(),
            choices: ranked
                .iter()
                .filter_map(|row| Some((row.person_id, row.choice?)))
                .collect(),
        })
    }
}

/// Whether those who are new may be written to.
async fn may_mail(change: &Change, named: &[Named]) -> Result<(), Problem> {
    let new = || {
        let new = named.iter().filter(|one| one.is_new);
        new.map(|one| one.person.email.as_str())
    };
    if new().next().is_none() {
        return Ok(());
    }
    mail::turns::take(change, new()).await?;
    let templates = [Template::Nominated, Template::OfferMade];
    let limit = (MOST_TOLD, u64::from(HOUR));
    if mail::store::one_has_had(change.tx(), &templates, new(), limit).await? {
        return Err(Problem::of(&MAIL_LIMIT)
            .value("most", MOST_TOLD)
            .retry_after(HOUR));
    }
    Ok(())
}

/// Adds who is new, and takes the nominating office's word for who is known.
async fn add_people(change: &mut Change, terms: &Terms, named: &[Named]) -> Result<(), Problem> {
    let new: Vec<_> = named
        .iter()
        .filter(|one| one.is_new)
        .map(|one| (one.person.clone(), one.municipality))
        .collect();
    people::store::insert_all(change, new).await?;
    let by_office = named
        .iter()
        .filter(|one| one.office.is_none() && !one.person.verified);
    if terms.endorsement == EndorsementRule::MunicipalDirector {
        // In one order everywhere: two who lock the same people never wait for each other.
        let mut ids: Vec<Uuid> = by_office.map(|one| one.person.id).collect();
        ids.sort_unstable();
        for id in ids {
            endorsements::steps::verify_person(change, id.into()).await?;
        }
    }
    Ok(())
}

/// The application of somebody who is nominated.
fn application(
    change: &Change,
    locked: &Locked,
    terms: &Terms,
    named: &Named,
    hold: Option<&holds::entity::Model>,
) -> Result<applications::entity::Model, Problem> {
    let at = Some(change.actor.at);
    let motivation = named.motivation.clone();
    let (person, round) = (&named.person, &locked.round);
    let mut row = steps::blank(round, person, named.municipality, motivation, named.choice)?;
    row.state = column::text(ApplicationState::Submitted);
    row.live = true;
    row.submitted_at = at;
    row.hold_id = hold.map(|hold| hold.id);
    if named.office.is_some() {
        row.endorsement = column::text(EndorsementState::Awaiting);
    } else if hold.is_some() {
        row.admission = column::text(AdmissionVerdict::Admitted);
        row.admission_published_at = at;
        row.seat = column::text(SeatState::Offered);
        row.offered_at = at;
        row.answer_by = Some(terms.answer_by(change.actor.at));
    } else if terms.announced {
        row.admission = column::text(AdmissionVerdict::Waitlisted);
        row.admission_published_at = at;
        row.waitlisted_at = at;
    }
    Ok(row)
}

/// Asks the offices that have to endorse; each gets one mail, however many are nominated.
async fn ask_offices(
    change: &mut Change,
    terms: &Terms,
    named: &[Named],
    rows: &[applications::entity::Model],
) -> Result<(), Problem> {
    let mut offices = BTreeMap::new();
    let mut asked = Vec::new();
    for (one, row) in named.iter().zip(rows) {
        if let Some(office) = &one.office {
            asked.push(endorsements::steps::asked(change, terms, row, office));
            if one.asks {
                offices.insert(office.id, office);
            }
        }
    }
    row::insert_all::<endorsements::entity::Entity>(change.tx(), asked).await?;
    for office in offices.into_values() {
        endorsements::steps::ask(change, terms, false, office).await?;
    }
    Ok(())
}

/// Tells everybody by mail, with the link by which they answer or say no.
async fn tell_people(
    change: &Change,
    locked: &Locked,
    named: &[Named],
    rows: &[applications::entity::Model],
) -> Result<(), Problem> {
    let offered = column::text(SeatState::Offered);
    let links = links::for_nominated(change, rows, |row| {
        if row.seat == offered {
            LinkKind::Offer
        } else {
            LinkKind::Nomination
        }
    })
    .await?;
    let mut messages = Vec::with_capacity(rows.len());
    for ((one, row), (kind, link)) in named.iter().zip(rows).zip(links) {
        messages.push(message(locked, one, row, (kind, link))?);
    }
    mail::store::queue_all(change.tx(), change.actor.at, messages).await?;
    Ok(())
}

fn message(
    locked: &Locked,
    named: &Named,
    row: &applications::entity::Model,
    (kind, link): (LinkKind, LinkId),
) -> Result<NewMessage, DatabaseError> {
    let template = match kind {
        LinkKind::Offer => Template::OfferMade,
        _ => Template::Nominated,
    };
    Ok(NewMessage {
        template,
        to: people::store::recipient(&named.person)?,
        organiser: Some(locked.round.organiser_id.into()),
        facts: json!({ "roundName": locked.round.name, "answerBy": row.answer_by }),
        link: Some((kind, link)),
    })
}
