//! What people read when a plan is released, in their own language.

use shared_types::{
    Language, LocalizedText, Words,
    scheduling::releases::{ChangeKind, ReleasedSession, SessionChange},
};

const FIRST: Words = Words {
    en: "The schedule of {round}",
    sv: "Schemat för {round}",
    da: "Planen for {round}",
};
const CHANGED: Words = Words {
    en: "The schedule of {round} has changed",
    sv: "Schemat för {round} har ändrats",
    da: "Planen for {round} er ændret",
};
const THESE: Words = Words {
    en: "This concerns you:",
    sv: "Detta berör dig:",
    da: "Det vedrører dig:",
};
const ADDED: Words = Words {
    en: "{session}: {when}",
    sv: "{session}: {when}",
    da: "{session}: {when}",
};
const OTHER: Words = Words {
    en: "{session} has changed: {when}",
    sv: "{session} har ändrats: {when}",
    da: "{session} er ændret: {when}",
};
const CANCELLED: Words = Words {
    en: "{session} is cancelled ({when})",
    sv: "{session} är inställt ({when})",
    da: "{session} er aflyst ({when})",
};
const NO_DAYS: Words = Words {
    en: "dates to be announced",
    sv: "datum meddelas senare",
    da: "datoer meddeles senere",
};
const ROUND: Words = Words {
    en: "your round",
    sv: "din omgång",
    da: "dit hold",
};

/// Subject and text of the message about some changes of a plan.
pub fn message(
    language: Language,
    round: Option<&LocalizedText>,
    changes: &[&SessionChange],
    is_first: bool,
) -> (String, String) {
    let round = round.map_or(ROUND.get(language), |name| name.best(language));
    let subject = if is_first { FIRST } else { CHANGED };
    let subject = subject.fill(language, &[("round", round.to_owned())]);
    let lines = changes.iter().filter_map(|change| line(language, change));
    let mut text = THESE.get(language).to_owned();
    for line in lines {
        text.push_str("\n\n");
        text.push_str(&line);
    }
    (subject, text)
}

fn line(language: Language, change: &SessionChange) -> Option<String> {
    let session = change.after.as_ref()?;
    let words = match change.change {
        ChangeKind::Added => ADDED,
        ChangeKind::Changed => OTHER,
        ChangeKind::Cancelled => CANCELLED,
    };
    let name = session.name.best(language).to_owned();
    Some(words.fill(
        language,
        &[("session", name), ("when", when(language, session))],
    ))
}

/// The days of a session with their times, by its own clocks.
fn when(language: Language, session: &ReleasedSession) -> String {
    if let Some(period) = &session.period {
        return format!("{} – {}", period.starts_on, period.ends_on);
    }
    if session.days.is_empty() {
        return NO_DAYS.get(language).to_owned();
    }
    let days = session.days.iter().map(|day| {
        let (starts, ends) = (day.starts_at.0, day.ends_at.0);
        format!(
            "{} {}–{}",
            day.date,
            starts.format("%H:%M"),
            ends.format("%H:%M")
        )
    });
    days.collect::<Vec<_>>().join(", ")
}
