//! What raters and participants are told: people who are known here in their own language through
//! registration's addresses, others in the 360's language by the address that the participant gave.

use super::{
    contacts, entity, pages,
    rater_entity::{self, Model as Rater},
    steps::Loaded,
};
use crate::{
    answers::invitation_entity as mark,
    reports::{link_entity, links},
    surveys::known,
};
use serde_json::json;
use shared_database::{Change, column};
use shared_envelope::Keys;
use shared_projections::people;
use shared_types::{
    Language, PersonId, Problem, Words,
    evaluation::feedbacks::RaterGroup,
    facts::{
        MESSAGE_ADDRESSED, MESSAGE_REQUESTED, MessageAddressed, MessageLink, MessageRequested,
    },
};
use shared_web::page::figure::date;
use uuid::Uuid;

const ASKED: Words = Words {
    en: "{name} asks you for feedback, until {date}",
    sv: "{name} ber dig om återkoppling, senast {date}",
    da: "{name} beder dig om feedback, senest {date}",
};
const ASKED_TEXT: Words = Words {
    en: "{name} takes part in a leadership programme ({round}) and would like to know how you see the way they lead. It takes about ten minutes. The link is your own and is answered once, until {date}; there you can also say no.",
    sv: "{name} deltar i ett ledarskapsprogram ({round}) och vill gärna veta hur du ser på deras sätt att leda. Det tar ungefär tio minuter. Länken är din egen och besvaras en gång, senast {date}; där kan du också tacka nej.",
    da: "{name} deltager i et lederprogram ({round}) og vil gerne vide, hvordan du ser på deres måde at lede på. Det tager omkring ti minutter. Linket er dit eget og besvares én gang, senest {date}; dér kan du også sige nej.",
};
const OWN: Words = Words {
    en: "Your 360: rate yourself, and name your raters by {nominate}",
    sv: "Din 360: bedöm dig själv och ange dina bedömare senast {nominate}",
    da: "Din 360: bedøm dig selv, og angiv dine bedømmere senest {nominate}",
};
const OWN_TEXT: Words = Words {
    en: "In {round} you get feedback from people around you: your leader, your mentor, peers and those you lead. Name them by {nominate}. Answer the same questions about yourself by {date}. The report is yours: nobody else reads it unless you show it.",
    sv: "I {round} får du återkoppling från människor omkring dig: din chef, din mentor, kollegor och dem du leder. Ange dem senast {nominate}. Svara på samma frågor om dig själv senast {date}. Rapporten är din: ingen annan läser den om du inte visar den.",
    da: "I {round} får du feedback fra mennesker omkring dig: din leder, din mentor, kolleger og dem, du leder. Angiv dem senest {nominate}. Svar på de samme spørgsmål om dig selv senest {date}. Rapporten er din: ingen anden læser den, medmindre du viser den.",
};
const REMINDED: Words = Words {
    en: "Reminder: feedback to {name}, until {date}",
    sv: "Påminnelse: återkoppling till {name}, till {date}",
    da: "Påmindelse: feedback til {name}, til {date}",
};
const REMINDED_TEXT: Words = Words {
    en: "You have not answered yet about how {name} leads ({round}). It can be answered until {date}.",
    sv: "Du har inte svarat än om hur {name} leder ({round}). Du kan svara till och med {date}.",
    da: "Du har ikke svaret endnu om, hvordan {name} leder ({round}). Du kan svare til og med {date}.",
};
const BY_NAME: Words = Words {
    en: "You answer by name: {name} reads what you answer.",
    sv: "Du svarar med ditt namn: {name} läser vad du svarar.",
    da: "Du svarer med dit navn: {name} læser, hvad du svarer.",
};
const ANONYMOUS: Words = Words {
    en: "Your answers are anonymous: they are shown only together with those of at least {others} others of your group, and what you write without saying who wrote it. Write so that you can't be recognised by it.",
    sv: "Dina svar är anonyma: de visas bara tillsammans med minst {others} andras i din grupp, och det du skriver utan att det sägs vem som skrev det. Skriv så att du inte känns igen.",
    da: "Dine svar er anonyme: de vises kun sammen med mindst {others} andres i din gruppe, og det, du skriver, uden at det siges, hvem der skrev det. Skriv, så du ikke kan genkendes på det.",
};
const ONESELF: Words = Words {
    en: "Your own answers stand beside the others' in your report, which is yours alone.",
    sv: "Dina egna svar står bredvid de andras i din rapport, som bara är din.",
    da: "Dine egne svar står ved siden af de andres i din rapport, som kun er din.",
};
const DECLINED: Words = Words {
    en: "A rater has declined",
    sv: "En bedömare har tackat nej",
    da: "En bedømmer har sagt nej",
};
const DECLINED_TEXT: Words = Words {
    en: "Somebody whom you named for your 360 in {round} does not want to answer. You can name somebody else of the same group until {date}.",
    sv: "Någon som du angett för din 360 i {round} vill inte svara. Du kan ange någon annan i samma grupp till och med {date}.",
    da: "En, som du har angivet til din 360 i {round}, ønsker ikke at svare. Du kan angive en anden i samme gruppe til og med {date}.",
};
const READY: Words = Words {
    en: "Your 360 report is ready",
    sv: "Din 360-rapport är klar",
    da: "Din 360-rapport er klar",
};
const READY_TEXT: Words = Words {
    en: "Your 360 in {round} is over. Only you can read the report; you decide whether your mentor, your leader or the coordinators may.",
    sv: "Din 360 i {round} är avslutad. Bara du kan läsa rapporten; du bestämmer om din mentor, din chef eller samordnarna får.",
    da: "Din 360 i {round} er afsluttet. Kun du kan læse rapporten; du bestemmer, om din mentor, din leder eller koordinatorerne må.",
};
const RELEASED: Words = Words {
    en: "{name} shows you a 360 report",
    sv: "{name} visar dig en 360-rapport",
    da: "{name} viser dig en 360-rapport",
};
const RELEASED_TEXT: Words = Words {
    en: "{name} ({round}) lets you read the own report. The link works for as long as {name} wants, at most 90 days.",
    sv: "{name} ({round}) låter dig läsa sin rapport. Länken fungerar så länge {name} vill, högst 90 dagar.",
    da: "{name} ({round}) lader dig læse sin rapport. Linket virker, så længe {name} ønsker det, højst 90 dage.",
};

/// What is promised to a rater, in words.
pub fn promise(group: RaterGroup, name: &str, least: i32, language: Language) -> String {
    let values = [
        ("name", name.to_owned()),
        ("others", (least - 1).to_string()),
    ];
    let words = match group {
        RaterGroup::Oneself => &ONESELF,
        RaterGroup::Leader | RaterGroup::Mentor => &BY_NAME,
        RaterGroup::Peers | RaterGroup::Staff => &ANONYMOUS,
    };
    words.fill(language, &values)
}

/// Asks raters to answer, each by the own link.
pub async fn invite(
    change: &mut Change,
    keys: &Keys,
    loaded: &Loaded,
    asked: &[(Rater, mark::Model)],
) -> Result<(), Problem> {
    let others = (&ASKED, &ASKED_TEXT, "feedback_asked");
    request(change, keys, loaded, asked, others, (&OWN, &OWN_TEXT)).await
}

/// Reminds those who have not answered.
pub async fn remind(
    change: &mut Change,
    keys: &Keys,
    loaded: &Loaded,
    asked: &[(Rater, mark::Model)],
) -> Result<(), Problem> {
    let others = (&REMINDED, &REMINDED_TEXT, "feedback_reminder");
    request(change, keys, loaded, asked, others, (&OWN, &OWN_TEXT)).await
}

async fn request(
    change: &mut Change,
    keys: &Keys,
    loaded: &Loaded,
    asked: &[(Rater, mark::Model)],
    (subject, text, template): (&Words, &Words, &str),
    own: (&Words, &Words),
) -> Result<(), Problem> {
    let feedback = &loaded.feedback;
    let Some(participant) = feedback.person_id else {
        return Ok(());
    };
    let ids = asked.iter().filter_map(|(rater, _)| rater.person_id);
    let known = people::find_all(change.tx(), ids.chain([participant])).await?;
    let name = known
        .get(&participant)
        .map_or("", |person| &person.name)
        .to_owned();
    let key = contacts::key(keys, feedback)?;
    for (rater, mark) in asked {
        let Some(link) = mark.link_id else {
            continue;
        };
        let group = loaded.groups.get(&rater.group_id);
        let group = group.map_or(RaterGroup::Peers, |(_, group)| *group);
        let contact = contacts::open(key.as_ref(), rater)?;
        let person = rater.person_id.and_then(|id| known.get(&id));
        let language = if contact.is_some() {
            column::parse(&feedback.language)?
        } else {
            person.map_or(Language::default(), known::language)
        };
        let (subject, text) = if group == RaterGroup::Oneself {
            own
        } else {
            (subject, text)
        };
        let values = [
            ("name", name.clone()),
            ("round", loaded.round.name.best(language).to_owned()),
            ("date", date(feedback.answer_until, language)),
            ("nominate", date(feedback.nominate_until, language)),
        ];
        let said = text.fill(language, &values);
        let promise = promise(group, &name, feedback.least_answers, language);
        let message = MessageRequested {
            person_id: rater.person_id.unwrap_or(participant).into(),
            template: template.to_owned(),
            subject: subject.fill(language, &values),
            text: format!("{said}\n\n{promise}"),
            link: Some(page(pages::KIND, link)),
            calendar: None,
            organiser_id: Some(feedback.organiser_id.into()),
        };
        if let Some(contact) = contact {
            let addressed = MessageAddressed {
                name: contact.name,
                email: contact.email,
                language,
                message,
            };
            change.publish(MESSAGE_ADDRESSED, rater.id, json!(addressed));
        } else if let Some(person) = rater.person_id {
            change.publish(MESSAGE_REQUESTED, person, json!(message));
        }
    }
    Ok(())
}

fn page(kind: &str, link: Uuid) -> MessageLink {
    MessageLink {
        service: crate::api::NAME.to_owned(),
        kind: kind.to_owned(),
        link_id: link.into(),
    }
}

/// Tells the participant that somebody has declined, never who: that stands in the list.
pub async fn tell_of_decline(change: &mut Change, loaded: &Loaded) -> Result<(), Problem> {
    let words = (&DECLINED, &DECLINED_TEXT, "feedback_declined");
    let until = loaded.feedback.answer_until;
    if let Some(participant) = loaded.feedback.person_id {
        say(change, loaded, participant.into(), words, (until, None)).await?;
    }
    Ok(())
}

/// Tells the participant that the report is there.
pub async fn tell_of_report(
    change: &mut Change,
    loaded: &Loaded,
    link: &link_entity::Model,
) -> Result<(), Problem> {
    let words = (&READY, &READY_TEXT, "feedback_ready");
    if let Some(participant) = loaded.feedback.person_id {
        let to = (link.open_until, Some(link));
        say(change, loaded, participant.into(), words, to).await?;
    }
    Ok(())
}

/// Tells somebody that a report may be read.
pub async fn tell_of_release(
    change: &mut Change,
    loaded: &Loaded,
    reader: PersonId,
    link: &link_entity::Model,
) -> Result<(), Problem> {
    let words = (&RELEASED, &RELEASED_TEXT, "feedback_released");
    let to = (link.open_until, Some(link));
    say(change, loaded, reader, words, to).await
}

async fn say(
    change: &mut Change,
    loaded: &Loaded,
    to: PersonId,
    (subject, text, template): (&Words, &Words, &str),
    (until, link): (chrono::NaiveDate, Option<&link_entity::Model>),
) -> Result<(), Problem> {
    let participant = loaded.feedback.person_id;
    let known = people::find_all(change.tx(), participant.into_iter().chain([to.uuid()])).await?;
    let name = participant.and_then(|id| known.get(&id));
    let language = known
        .get(&to.uuid())
        .map_or(Language::default(), known::language);
    let values = [
        (
            "name",
            name.map_or("", |person| person.name.as_str()).to_owned(),
        ),
        ("round", loaded.round.name.best(language).to_owned()),
        ("date", date(until, language)),
    ];
    let message = MessageRequested {
        person_id: to,
        template: template.to_owned(),
        subject: subject.fill(language, &values),
        text: text.fill(language, &values),
        link: link.map(|link| page(links::KIND, link.id)),
        calendar: None,
        organiser_id: Some(loaded.feedback.organiser_id.into()),
    };
    change.publish(MESSAGE_REQUESTED, to, json!(message));
    Ok(())
}

/// Which raters their marks belong to.
pub fn beside(
    raters: Vec<rater_entity::Model>,
    marks: &[mark::Model],
) -> Vec<(Rater, mark::Model)> {
    let with_mark = |rater: rater_entity::Model| {
        let mark = marks.iter().find(|mark| mark.id == rater.id)?;
        Some((rater, mark.clone()))
    };
    raters.into_iter().filter_map(with_mark).collect()
}

/// Whom a 360 is about, by name.
pub async fn participant(
    connection: &impl sea_orm::ConnectionTrait,
    feedback: &entity::Model,
) -> Result<String, Problem> {
    let Some(person) = feedback.person_id else {
        return Ok(String::new());
    };
    let person = people::find(connection, person.into()).await?;
    Ok(person.map(|person| person.name).unwrap_or_default())
}
