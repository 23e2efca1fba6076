//! What people are told of surveys, each in the own language; registration sends it.

use super::{
    entity,
    known::{self, Round},
};
use crate::answers::{invitation_entity as invitation, pages};
use serde_json::json;
use shared_database::{Change, column};
use shared_projections::people;
use shared_types::{
    Language, LocalizedText, Problem, Words,
    evaluation::surveys::SurveyMode,
    facts::{MESSAGE_REQUESTED, MessageLink, MessageRequested},
};
use shared_web::page::figure::date;

const ASKED: Words = Words {
    en: "{survey}: please answer by {date}",
    sv: "{survey}: svara senast {date}",
    da: "{survey}: svar senest {date}",
};
const ASKED_TEXT: Words = Words {
    en: "We would like to know what you think: {survey} ({round}). The link is your own and is answered once, until {date}.",
    sv: "Vi vill gärna veta vad du tycker: {survey} ({round}). Länken är din egen och besvaras en gång, senast {date}.",
    da: "Vi vil gerne vide, hvad du synes: {survey} ({round}). Linket er dit eget og besvares én gang, senest {date}.",
};
const REMINDED: Words = Words {
    en: "Reminder: {survey}, until {date}",
    sv: "Påminnelse: {survey}, till {date}",
    da: "Påmindelse: {survey}, til {date}",
};
const REMINDED_TEXT: Words = Words {
    en: "You have not answered yet: {survey} ({round}). It can be answered until {date}.",
    sv: "Du har inte svarat än: {survey} ({round}). Du kan svara till och med {date}.",
    da: "Du har ikke svaret endnu: {survey} ({round}). Du kan svare til og med {date}.",
};
const ANONYMOUS: Words = Words {
    en: "Your answers are anonymous, for us too: that you have answered is kept apart from what you answer. Results are shown for groups of at least five.",
    sv: "Dina svar är anonyma, också för oss: att du har svarat sparas skilt från vad du svarar. Resultat visas för grupper om minst fem.",
    da: "Dine svar er anonyme, også for os: at du har svaret, gemmes adskilt fra, hvad du svarer. Resultater vises for grupper på mindst fem.",
};
const CONFIDENTIAL: Words = Words {
    en: "Your answers are confidential: those who evaluate read them without your name. Results are shown for groups of at least five.",
    sv: "Dina svar är konfidentiella: utvärderarna läser dem utan ditt namn. Resultat visas för grupper om minst fem.",
    da: "Dine svar er fortrolige: evaluatorerne læser dem uden dit navn. Resultater vises for grupper på mindst fem.",
};
const NAMED: Words = Words {
    en: "Your answers are read with your name by those who evaluate.",
    sv: "Dina svar läses med ditt namn av utvärderarna.",
    da: "Dine svar læses med dit navn af evaluatorerne.",
};

/// What a mode promises, in words.
pub const fn promise(mode: SurveyMode) -> &'static Words {
    match mode {
        SurveyMode::Anonymous => &ANONYMOUS,
        SurveyMode::Confidential => &CONFIDENTIAL,
        SurveyMode::Named => &NAMED,
    }
}

/// Asks people to answer, each by the own link.
pub async fn invite(
    change: &mut Change,
    survey: &entity::Model,
    round: &Round,
    asked: &[invitation::Model],
) -> Result<(), Problem> {
    let words = (&ASKED, &ASKED_TEXT, "survey_opened");
    request(change, survey, round, asked, words).await
}

/// Reminds those who have not answered.
pub async fn remind(
    change: &mut Change,
    survey: &entity::Model,
    round: &Round,
    asked: &[invitation::Model],
) -> Result<(), Problem> {
    let words = (&REMINDED, &REMINDED_TEXT, "survey_reminder");
    request(change, survey, round, asked, words).await
}

async fn request(
    change: &mut Change,
    survey: &entity::Model,
    round: &Round,
    asked: &[invitation::Model],
    (subject, text, template): (&Words, &Words, &str),
) -> Result<(), Problem> {
    let ids = asked.iter().filter_map(|one| one.person_id);
    let known = people::find_all(change.tx(), ids).await?;
    let name: LocalizedText = column::from_json(survey.name.clone())?;
    let mode: SurveyMode = column::parse(&survey.mode)?;
    for one in asked {
        let (Some(person), Some(link)) = (one.person_id, one.link_id) else {
            continue;
        };
        let language = known
            .get(&person)
            .map_or(Language::default(), known::language);
        let last_day = survey.closes_on.map(|day| date(day, language));
        let values = [
            ("survey", name.best(language).to_owned()),
            ("round", round.name.best(language).to_owned()),
            ("date", last_day.unwrap_or_default()),
        ];
        let said = text.fill(language, &values);
        let message = MessageRequested {
            person_id: person.into(),
            organiser_id: Some(survey.organiser_id.into()),
            template: template.to_owned(),
            subject: subject.fill(language, &values),
            text: format!("{said}\n\n{}", promise(mode).get(language)),
            link: Some(MessageLink {
                service: crate::api::NAME.to_owned(),
                kind: pages::KIND.to_owned(),
                link_id: link.into(),
            }),
            calendar: None,
        };
        change.publish(MESSAGE_REQUESTED, person, json!(message));
    }
    Ok(())
}
