//! Reasons and constraints in words.

use super::propose::{Constraint, Nation, Part, Reason};
use shared_types::{
    Language, PersonId, VenueId, Words,
    scheduling::dates::{DateConstraint, DatePattern, DatePoints, PatternOccasion},
};

/// What counts against a plan, in a reader's language.
pub(super) fn points(part: &Part, language: Language) -> DatePoints {
    let (code, words) = reason(part.reason);
    let number = |number: u32| i32::try_from(number).unwrap_or(i32::MAX);
    DatePoints {
        code: code.to_owned(),
        detail: words.fill(language, &[("count", part.count.to_string())]),
        count: number(part.count),
        points: number(part.points),
    }
}

const fn reason(reason: Reason) -> (&'static str, Words) {
    match reason {
        Reason::Spacing => (
            "spacing",
            Words {
                en: "Distances between occasions are off the best by {count} days in all.",
                sv: "Avstånden mellan tillfällena avviker sammanlagt {count} dagar från de bästa.",
                da: "Afstandene mellem kursgangene afviger i alt {count} dage fra de bedste.",
            },
        ),
        Reason::Weekday => (
            "weekday",
            Words {
                en: "Days that are not on a preferred weekday: {count}.",
                sv: "Dagar som inte är en önskad veckodag: {count}.",
                da: "Dage som ikke er en ønsket ugedag: {count}.",
            },
        ),
        Reason::Blackout => (
            "blackout",
            Words {
                en: "Days that an organisation would rather not have: {count}.",
                sv: "Dagar som en organisation helst undviker: {count}.",
                da: "Dage som en organisation helst undgår: {count}.",
            },
        ),
        Reason::HalfDay => (
            "half_day",
            Words {
                en: "Afternoons on which municipalities commonly close: {count}.",
                sv: "Eftermiddagar då kommuner ofta stänger: {count}.",
                da: "Eftermiddage hvor kommuner ofte lukker: {count}.",
            },
        ),
        Reason::BridgeDay => (
            "bridge_day",
            Words {
                en: "Days between two that are free: {count}.",
                sv: "Klämdagar: {count}.",
                da: "Indeklemte dage: {count}.",
            },
        ),
        Reason::Venue => (
            "venue",
            Words {
                en: "Places that the venues stand below the first choice: {count} in all.",
                sv: "Steg som lokalerna ligger under förstahandsvalet: {count} sammanlagt.",
                da: "Trin som stederne ligger under førstevalget: {count} i alt.",
            },
        ),
        Reason::VenueChange => (
            "venue_change",
            Words {
                en: "The venue changes {count} times.",
                sv: "Lokalen byts {count} gånger.",
                da: "Stedet skifter {count} gange.",
            },
        ),
        Reason::NoSpare => (
            "no_spare",
            Words {
                en: "Occasions without a facilitator to spare: {count}.",
                sv: "Tillfällen utan en handledare i reserv: {count}.",
                da: "Kursgange uden en underviser i reserve: {count}.",
            },
        ),
    }
}

/// A constraint of a conflict, in a reader's language.
pub(super) fn constraint(
    constraint: Constraint,
    pattern: &DatePattern,
    language: Language,
) -> DateConstraint {
    let (code, words) = rule(constraint);
    let occasion = match constraint {
        Constraint::Between(place) | Constraint::AtLeast(place) | Constraint::AtMost(place) => {
            Some(place)
        }
        _ => None,
    };
    let asked: Option<&PatternOccasion> = occasion.and_then(|one| pattern.occasions.get(one));
    let spacing = asked.and_then(|asked| asked.spacing);
    let days = match constraint {
        Constraint::AtLeast(_) => spacing.map_or(1, |one| one.at_least_days),
        _ => spacing.map_or(366, |one| one.at_most_days),
    };
    let between = asked
        .and_then(|asked| asked.between)
        .unwrap_or(pattern.window);
    let number = occasion.and_then(|place| i32::try_from(place + 1).ok());
    let values = [
        (
            "number",
            number.map(|number| number.to_string()).unwrap_or_default(),
        ),
        ("days", days.to_string()),
        ("from", between.starts_on.to_string()),
        ("to", between.ends_on.to_string()),
    ];
    DateConstraint {
        code: code.to_owned(),
        detail: words.fill(language, &values),
        occasion_number: number,
        organisation_id: match constraint {
            Constraint::Blackouts(organisation) => Some(organisation),
            _ => None,
        },
        venue_id: venue(constraint, pattern),
        person_id: facilitator(constraint, pattern),
    }
}

fn venue(constraint: Constraint, pattern: &DatePattern) -> Option<VenueId> {
    match constraint {
        Constraint::Venue(place) => pattern.venues.get(place).map(|one| one.venue_id),
        _ => None,
    }
}

fn facilitator(constraint: Constraint, pattern: &DatePattern) -> Option<PersonId> {
    match constraint {
        Constraint::Facilitator(place) => pattern.facilitators.get(place).map(|one| one.person_id),
        _ => None,
    }
}

const fn rule(constraint: Constraint) -> (&'static str, Words) {
    match constraint {
        Constraint::Window => (
            "window",
            Words {
                en: "The whole round from {from} to {to}.",
                sv: "Hela omgången från {from} till {to}.",
                da: "Hele holdet fra {from} til {to}.",
            },
        ),
        Constraint::Weekdays => (
            "weekdays",
            Words {
                en: "Only the weekdays that can be used.",
                sv: "Bara de veckodagar som kan användas.",
                da: "Kun de ugedage som kan bruges.",
            },
        ),
        Constraint::Holidays(Nation::Sweden) => (
            "holidays",
            Words {
                en: "No public holiday of Sweden.",
                sv: "Ingen svensk helgdag.",
                da: "Ingen svensk helligdag.",
            },
        ),
        Constraint::Holidays(Nation::Denmark) => (
            "holidays",
            Words {
                en: "No public holiday of Denmark.",
                sv: "Ingen dansk helgdag.",
                da: "Ingen dansk helligdag.",
            },
        ),
        Constraint::HalfDays => (
            "half_days",
            Words {
                en: "No afternoon on which municipalities commonly close.",
                sv: "Ingen eftermiddag då kommuner ofta stänger.",
                da: "Ingen eftermiddag hvor kommuner ofte lukker.",
            },
        ),
        Constraint::Blackouts(_) => (
            "blackouts",
            Words {
                en: "No day that this organisation forbids.",
                sv: "Ingen dag som den här organisationen har spärrat.",
                da: "Ingen dag som denne organisation har spærret.",
            },
        ),
        Constraint::Between(_) => (
            "between",
            Words {
                en: "Occasion {number} from {from} to {to}.",
                sv: "Tillfälle {number} från {from} till {to}.",
                da: "Kursgang {number} fra {from} til {to}.",
            },
        ),
        Constraint::AtLeast(_) => (
            "spacing_at_least",
            Words {
                en: "Occasion {number} at least {days} days after the one before.",
                sv: "Tillfälle {number} minst {days} dagar efter det föregående.",
                da: "Kursgang {number} mindst {days} dage efter den foregående.",
            },
        ),
        Constraint::AtMost(_) => (
            "spacing_at_most",
            Words {
                en: "Occasion {number} at most {days} days after the one before.",
                sv: "Tillfälle {number} högst {days} dagar efter det föregående.",
                da: "Kursgang {number} højst {days} dage efter den foregående.",
            },
        ),
        Constraint::Venue(_) => (
            "venue_busy",
            Words {
                en: "The venue only when it is free.",
                sv: "Lokalen bara när den är ledig.",
                da: "Stedet kun når det er ledigt.",
            },
        ),
        Constraint::Facilitator(_) => (
            "facilitator_busy",
            Words {
                en: "The facilitator only when free.",
                sv: "Handledaren bara när hen är ledig.",
                da: "Underviseren kun når vedkommende er ledig.",
            },
        ),
    }
}
