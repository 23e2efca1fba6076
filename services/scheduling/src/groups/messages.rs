//! What participants are told when their groups are published.

use super::{member, picture::Picture};
use shared_database::{Change, DatabaseError, column};
use shared_projections::{organisations, people};
use shared_types::{
    Language, LocalizedText, Words,
    facts::{MESSAGE_REQUESTED, MessageRequested},
};
use std::collections::HashMap;
use uuid::Uuid;

const SUBJECT: Words = Words {
    en: "Your group: {name}",
    sv: "Din grupp: {name}",
    da: "Din gruppe: {name}",
};

const TEXT: Words = Words {
    en: "You are in group {number} of {name}, together with:\n\n{mates}",
    sv: "Du är med i grupp {number} i {name}, tillsammans med:\n\n{mates}",
    da: "Du er med i gruppe {number} i {name}, sammen med:\n\n{mates}",
};

const ALONE: Words = Words {
    en: "You are in group {number} of {name}, so far without others.",
    sv: "Du är med i grupp {number} i {name}, än så länge utan andra.",
    da: "Du er med i gruppe {number} i {name}, foreløbig uden andre.",
};

/// Asks for a message to everybody who has a group: which one, and who else is in it.
pub async fn request(change: &mut Change, picture: &Picture) -> Result<(), DatabaseError> {
    let name: LocalizedText = column::from_json(picture.set.name.clone())?;
    let staying: Vec<&member::Model> = picture
        .members
        .iter()
        .filter(|member| picture.known.has(member.person_id.into()))
        .collect();
    let municipalities = picture
        .people
        .values()
        .filter_map(|one| one.municipality_id);
    let municipalities = organisations::find_all(change.tx(), municipalities).await?;
    for member in &staying {
        let Some(person) = picture.people.get(&member.person_id) else {
            continue;
        };
        let mates = staying.iter().filter(|other| {
            other.group_number == member.group_number && other.person_id != member.person_id
        });
        let mates: Vec<String> = mates
            .filter_map(|mate| picture.people.get(&mate.person_id))
            .map(|mate| line(mate, &municipalities))
            .collect();
        let language: Language = column::parse(&person.language)?;
        let words = if mates.is_empty() { ALONE } else { TEXT };
        let values = [
            ("number", member.group_number.to_string()),
            ("name", name.best(language).to_owned()),
            ("mates", mates.join("\n")),
        ];
        let message = MessageRequested {
            person_id: member.person_id.into(),
            organiser_id: Some(picture.set.organiser_id.into()),
            template: "groups_published".to_owned(),
            subject: SUBJECT.fill(language, &values),
            text: words.fill(language, &values),
            link: None,
            calendar: None,
        };
        change.publish(MESSAGE_REQUESTED, member.person_id, column::json(&message));
    }
    Ok(())
}

fn line(person: &people::Model, municipalities: &HashMap<Uuid, organisations::Model>) -> String {
    let municipality = person
        .municipality_id
        .and_then(|id| municipalities.get(&id));
    match municipality {
        Some(municipality) => format!("{}, {}", person.name, municipality.name),
        None => person.name.clone(),
    }
}
