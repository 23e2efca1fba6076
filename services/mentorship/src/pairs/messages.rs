//! What people are told of their pairs, each in the own language; registration sends it.

use super::{entity, links, model::Who};
use crate::{known::People, runs};
use serde_json::json;
use shared_database::{Change, column};
use shared_types::{
    LinkId, Problem, Words,
    facts::{MESSAGE_REQUESTED, MessageLink, MessageRequested},
};
use shared_web::page::figure::date;
use uuid::Uuid;

const PROPOSED: Words = Words {
    en: "A mentor is proposed for you",
    sv: "En mentor föreslås för dig",
    da: "En mentor er foreslået til dig",
};
const ASKED: Words = Words {
    en: "Will you be a mentor for {name}?",
    sv: "Vill du vara mentor för {name}?",
    da: "Vil du være mentor for {name}?",
};
const PROPOSED_TEXT: Words = Words {
    en: "We propose {name} ({where}) as your mentor. Please answer by {date}.",
    sv: "Vi föreslår {name} ({where}) som din mentor. Svara senast {date}.",
    da: "Vi foreslår {name} ({where}) som din mentor. Svar senest {date}.",
};
const ASKED_TEXT: Words = Words {
    en: "{name} ({where}) takes part in a leadership programme and looks for a mentor. Please answer by {date}.",
    sv: "{name} ({where}) deltar i en ledarutbildning och söker en mentor. Svara senast {date}.",
    da: "{name} ({where}) deltager i en lederuddannelse og søger en mentor. Svar senest {date}.",
};
const WHY: Words = Words {
    en: "Why we think you fit:",
    sv: "Därför tror vi att ni passar ihop:",
    da: "Derfor tror vi, at I passer sammen:",
};
const AGREED: Words = Words {
    en: "You and {name} are a pair",
    sv: "Du och {name} är ett par",
    da: "Du og {name} er et par",
};
const AGREED_TEXT: Words = Words {
    en: "Both have said yes. You begin when the round begins; plan your first meeting then.",
    sv: "Båda har tackat ja. Ni börjar när omgången börjar; planera ert första möte då.",
    da: "Begge har sagt ja. I begynder, når holdet begynder; planlæg jeres første møde da.",
};

/// Asks both whether they want to be a pair.
pub async fn propose(change: &mut Change, pair: &entity::Model) -> Result<(), Problem> {
    let (mentor, mentee) = (pair.mentor_person_id, pair.mentee_person_id);
    let people = People::of(change.tx(), [mentor, mentee]).await?;
    for (side, reader, other) in [(Who::Mentor, mentor, mentee), (Who::Mentee, mentee, mentor)] {
        let language = people.language(reader);
        let name = people.name(other).unwrap_or_default();
        let values = [
            ("name", name),
            ("where", people.municipality_name(other).unwrap_or_default()),
            ("date", date(pair.answer_by, language)),
        ];
        let (subject, text) = match side {
            Who::Mentor => (&ASKED, &ASKED_TEXT),
            _ => (&PROPOSED, &PROPOSED_TEXT),
        };
        let parts: Vec<runs::outcome::Part> = column::from_json(pair.fit.clone())?;
        let why: Vec<String> = runs::words::parts(&parts, language)
            .into_iter()
            .filter(|part| part.points > 0)
            .map(|part| format!("– {}", part.words))
            .collect();
        let mut text = text.fill(language, &values);
        if !why.is_empty() {
            text = format!("{text}\n\n{}\n{}", WHY.get(language), why.join("\n"));
        }
        let link = links::make(change, pair, side).await?;
        let subject = subject.fill(language, &values);
        request(
            change,
            pair,
            reader,
            "pair_proposed",
            (subject, text),
            Some(link),
        );
    }
    Ok(())
}

/// Tells both that both have said yes.
pub async fn agreed(change: &mut Change, pair: &entity::Model) -> Result<(), Problem> {
    let (mentor, mentee) = (pair.mentor_person_id, pair.mentee_person_id);
    let people = People::of(change.tx(), [mentor, mentee]).await?;
    for (reader, other) in [(mentor, mentee), (mentee, mentor)] {
        let language = people.language(reader);
        let name = people.name(other).unwrap_or_default();
        let subject = AGREED.fill(language, &[("name", name)]);
        let text = AGREED_TEXT.get(language).to_owned();
        request(change, pair, reader, "pair_accepted", (subject, text), None);
    }
    Ok(())
}

fn request(
    change: &mut Change,
    pair: &entity::Model,
    person: Uuid,
    template: &str,
    (subject, text): (String, String),
    link: Option<LinkId>,
) {
    let message = MessageRequested {
        person_id: person.into(),
        organiser_id: Some(pair.organiser_id.into()),
        template: template.to_owned(),
        subject,
        text,
        link: link.map(|link_id| MessageLink {
            service: crate::api::NAME.to_owned(),
            kind: links::KIND.to_owned(),
            link_id,
        }),
        calendar: None,
    };
    change.publish(MESSAGE_REQUESTED, person, json!(message));
}
