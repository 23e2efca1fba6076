//! How a round looks.

use super::{
    super::model::Terms,
    catalogue::standing,
    facts::{Facts, row},
    words,
};
use crate::{interests::model::takes_interests, programmes};
use chrono::{DateTime, Utc};
use maud::{Markup, html};
use shared_database::{DatabaseError, column};
use shared_types::{
    Language, LocalizedText, Words,
    registration::{
        people::PersonKind,
        programmes::{Party, Strand, WorkForm},
        rounds::{EndorsementRule, RoundState},
    },
};
use shared_web::page::{
    self, Fields, Form, Label, Line,
    figure::{date, dates, tenths},
};
use uuid::Uuid;

/// The catalogue's address.
const CATALOGUE: &str = "/registration/pages/catalogue";

/// A round's address.
pub(super) fn address(round: Uuid) -> String {
    format!("/registration/pages/rounds/{round}")
}

/// What a round's page says of its programme.
#[derive(Debug)]
pub(super) struct About {
    name: LocalizedText,
    purpose: LocalizedText,
    audience: LocalizedText,
    themes: Vec<Strand>,
    tracks: Vec<Strand>,
    work_forms: Vec<WorkForm>,
    credits_tenths: Option<i32>,
    parties: Vec<Party>,
}

impl About {
    /// Reads a programme's row.
    pub(super) fn read(row: programmes::entity::Model) -> Result<Self, DatabaseError> {
        Ok(Self {
            name: column::from_json(row.name)?,
            purpose: column::from_json(row.purpose)?,
            audience: column::from_json(row.audience)?,
            themes: column::from_json(row.themes)?,
            tracks: column::from_json(row.tracks)?,
            work_forms: column::from_json(row.work_forms)?,
            credits_tenths: row.credits_tenths,
            parties: column::from_json(row.parties)?,
        })
    }
}

/// What a round's page shows.
#[derive(Debug)]
pub(super) struct Shown {
    /// Dates, prices, places.
    pub(super) facts: Facts,
    /// The terms.
    pub(super) terms: Terms,
    /// The programme.
    pub(super) programme: Option<About>,
    /// The time at which the request is judged.
    pub(super) now: DateTime<Utc>,
    /// Whether an interest was just noted.
    pub(super) noted: bool,
}

/// The page.
pub(super) fn round(shown: &Shown, form: &Form, language: Language) -> Markup {
    let Shown {
        facts,
        terms,
        programme,
        ..
    } = shown;
    let content = html! {
        @if shown.noted {
            div class="notice yes" role="status" { p { (words::INTEREST_NOTED.get(language)) } }
        }
        (Fields { form, language }.summary())
        @if let Some(programme) = programme { p class="quiet" { (page::text(&programme.name, language)) } }
        (way_in(shown, language))
        dl class="facts" { (facts.when_and_where(language)) (conditions(facts, terms, language)) }
        (facts.occasions(language))
        (facts.prices(language))
        @if let Some(rules) = &facts.rules {
            h2 { (words::RULES.get(language)) }
            p { (page::text(rules, language)) }
        }
        @if takes_interest(shown) && !shown.noted { (interest(form, language)) }
        @if let Some(programme) = programme { (about(programme, language)) }
        p { a href=(CATALOGUE) { (words::TO_CATALOGUE.get(language)) } }
    };
    page::layout_of(crate::api::NAME, language, &facts.name, &content)
}

/// Where the round stands, and the way in where there is one.
fn way_in(shown: &Shown, language: Language) -> Markup {
    let Shown {
        facts, terms, now, ..
    } = shown;
    let look = if terms.state == RoundState::Cancelled {
        "notice no"
    } else {
        "notice"
    };
    html! {
        div class=(look) {
            p { strong { (standing(terms, *now, language)) "." } }
            @if takes_interest(shown) && !shown.noted {
                p { a href="#interest" { (words::INTEREST.get(language)) } }
            }
            @if terms.takes_applications(*now).is_ok() {
                p { a class="button" href=(format!("{}/application", address(facts.id))) { (words::APPLY.get(language)) } }
            }
        }
    }
}

fn takes_interest(shown: &Shown) -> bool {
    takes_interests(shown.terms.state, shown.terms.window.is_some()).is_ok()
}

fn conditions(facts: &Facts, terms: &Terms, language: Language) -> Markup {
    let (seats, least) = (facts.row.seats, facts.row.minimum_to_run);
    let values = [("seats", seats.to_string()), ("least", least.to_string())];
    html! {
        @if let Some((from, to)) = terms.window {
            (row(&words::APPLY_WITHIN, &dates(from, to, language), language))
        }
        @if seats > 0 && least > 0 { (row(&words::SEATS, &words::MINIMUM.fill(language, &values), language)) }
        @else if seats > 0 { (row(&words::SEATS, &seats.to_string(), language)) }
        @if let Some(who) = eligible(terms, language) { (row(&words::WHO_MAY, &who, language)) }
        @if let (EndorsementRule::MunicipalDirector, Some(day)) = (terms.endorsement, terms.endorse_by) {
            (row(&words::ENDORSED_BY, &words::DIRECTOR_DECIDES.fill(language, &[("date", date(day, language))]), language))
        }
    }
}

/// Who may apply, where not everybody may.
fn eligible(terms: &Terms, language: Language) -> Option<String> {
    let rule = &terms.eligibility;
    let kinds = rule
        .person_kinds
        .iter()
        .map(|kind| kind_words(*kind).get(language));
    let kinds = kinds.collect::<Vec<_>>().join(", ");
    match (rule.partners_only, kinds.is_empty()) {
        (true, true) => Some(words::PARTNERS_ONLY.get(language).to_owned()),
        (true, false) => Some(format!("{} ({kinds})", words::PARTNERS_ONLY.get(language))),
        (false, false) => {
            let mut letters = kinds.chars();
            let first = letters
                .next()
                .map(|letter| letter.to_uppercase().to_string());
            Some(first.unwrap_or_default() + letters.as_str())
        }
        (false, true) => None,
    }
}

const fn kind_words(kind: PersonKind) -> &'static Words {
    match kind {
        PersonKind::EmployedManager => &words::MANAGERS,
        PersonKind::Elected => &words::ELECTED,
        PersonKind::Other => &words::OTHERS,
    }
}

fn interest(form: &Form, language: Language) -> Markup {
    let fields = Fields { form, language };
    html! {
        h2 id="interest" { (words::INTEREST.get(language)) }
        p { (words::INTEREST_HINT.get(language)) }
        form method="post" novalidate {
            (fields.line("name", Label::required(&words::NAME), Line::Name))
            (fields.line("email", Label::required(&words::EMAIL), Line::Email))
            button type="submit" { (words::SEND.get(language)) }
        }
    }
}

fn about(programme: &About, language: Language) -> Markup {
    html! {
        h2 { (words::ABOUT.get(language)) }
        p { (page::text(&programme.purpose, language)) }
        h3 { (words::AUDIENCE.get(language)) }
        p { (page::text(&programme.audience, language)) }
        (strands(&words::THEMES, &programme.themes, language))
        (strands(&words::TRACKS, &programme.tracks, language))
        @if !programme.work_forms.is_empty() || programme.credits_tenths.is_some() || !programme.parties.is_empty() {
            dl class="facts" { (details(programme, language)) }
        }
    }
}

fn details(programme: &About, language: Language) -> Markup {
    let forms = programme
        .work_forms
        .iter()
        .map(|form| form_words(*form).get(language));
    let forms = forms.collect::<Vec<_>>().join(", ");
    let parties: Vec<&str> = programme
        .parties
        .iter()
        .map(|party| party.name.as_str())
        .collect();
    html! {
        @if !forms.is_empty() { (row(&words::WORK_FORMS, &forms, language)) }
        @if let Some(credits) = programme.credits_tenths { (row(&words::CREDITS, &tenths(credits, language), language)) }
        @if !parties.is_empty() { (row(&words::PARTIES, &parties.join(", "), language)) }
    }
}

fn strands(title: &Words, strands: &[Strand], language: Language) -> Markup {
    html! {
        @if !strands.is_empty() {
            h3 { (title.get(language)) }
            ul {
                @for strand in strands {
                    li {
                        (page::text(&strand.name, language))
                        @if let Some(description) = &strand.description {
                            br; span class="quiet" { (page::text(description, language)) }
                        }
                    }
                }
            }
        }
    }
}

const fn form_words(form: WorkForm) -> &'static Words {
    match form {
        WorkForm::Lecture => &words::LECTURE,
        WorkForm::Seminar => &words::SEMINAR,
        WorkForm::GroupWork => &words::GROUP_WORK,
        WorkForm::Discussion => &words::DISCUSSION,
        WorkForm::Mentorship => &words::MENTORSHIP,
        WorkForm::LearningInPractice => &words::PRACTICE,
        WorkForm::DistanceLearning => &words::DISTANCE,
        WorkForm::Residential => &words::RESIDENTIAL,
    }
}
