//! What every page says of a round: when, where, what it costs.

use super::{super::entity, words};
use crate::organisations;
use maud::{Markup, html};
use sea_orm::ConnectionTrait;
use shared_database::{DatabaseError, column};
use shared_types::{
    Language, LocalizedText, ProgrammeId, Words,
    registration::rounds::{AnnouncedOccasion, PriceKind, PriceLine, PricePer},
};
use shared_web::page::{
    self, Form, Text,
    figure::{date, dates, money, percent},
};
use uuid::Uuid;

/// Most characters of an address.
const MOST_EMAIL: usize = 254;

/// A round as its pages show it.
#[derive(Debug)]
pub struct Facts {
    /// Id.
    pub id: Uuid,
    /// The programme.
    pub programme: ProgrammeId,
    /// Name of the round.
    pub name: LocalizedText,
    /// Name of the organiser.
    pub organiser: String,
    /// The row.
    pub row: entity::Model,
    /// What it costs.
    pub prices: Vec<PriceLine>,
    /// When the participants meet.
    pub occasions: Vec<AnnouncedOccasion>,
    /// Where.
    pub venue: Option<LocalizedText>,
    /// The organiser's own rules.
    pub rules: Option<LocalizedText>,
}

/// Reads what a round's pages show.
pub async fn read(
    connection: &impl ConnectionTrait,
    row: entity::Model,
) -> Result<Facts, DatabaseError> {
    let organiser = organisations::store::find(connection, row.organiser_id.into()).await?;
    Ok(Facts {
        id: row.id,
        programme: row.programme_id.into(),
        name: column::from_json(row.name.clone())?,
        organiser: organiser.map(|one| one.name).unwrap_or_default(),
        prices: column::from_json(row.prices.clone())?,
        occasions: column::from_json(row.occasions.clone())?,
        venue: row.venue.clone().map(column::from_json).transpose()?,
        rules: row.rules.clone().map(column::from_json).transpose()?,
        row,
    })
}

impl Facts {
    /// First and last day, and the place, as rows of a list of facts.
    pub fn when_and_where(&self, language: Language) -> Markup {
        html! {
            @match (self.row.starts_on, self.row.ends_on) {
                (Some(from), Some(to)) => (row(&words::HELD, &dates(from, to, language), language)),
                (Some(from), None) => (row(&words::STARTS, &date(from, language), language)),
                _ => {}
            }
            @if let Some(venue) = &self.venue {
                div { dt { (words::VENUE.get(language)) } dd { (page::text(venue, language)) } }
            }
            div { dt { (words::ORGANISER.get(language)) } dd { (self.organiser) } }
        }
    }

    /// When the participants meet.
    pub fn occasions(&self, language: Language) -> Markup {
        html! {
            @if !self.occasions.is_empty() {
                h2 { (words::OCCASIONS.get(language)) }
                ul class="plain dates" {
                    @for one in &self.occasions {
                        li {
                            strong { (dates(one.starts_on, one.ends_on, language)) }
                            br; (page::text(&one.name, language))
                            @if let Some(note) = &one.note {
                                br; span class="quiet" { (page::text(note, language)) }
                            }
                        }
                    }
                }
            }
        }
    }

    /// What it costs.
    pub fn prices(&self, language: Language) -> Markup {
        html! {
            @if !self.prices.is_empty() {
                h2 { (words::PRICES.get(language)) }
                ul class="plain" { @for line in &self.prices { li { (price(line, language)) } } }
            }
        }
    }
}

/// A row of a list of facts.
pub fn row(name: &Words, value: &str, language: Language) -> Markup {
    html! { div { dt { (name.get(language)) } dd { (value) } } }
}

fn price(line: &PriceLine, language: Language) -> Markup {
    let kind = match line.kind {
        PriceKind::Fee => &words::FEE,
        PriceKind::BoardAndLodging => &words::BOARD_AND_LODGING,
        PriceKind::Other => &words::OTHER_COST,
    };
    let per = match line.per {
        PricePer::Participation => &words::PER_PARTICIPANT,
        PricePer::Year => &words::PER_YEAR,
        PricePer::Occasion => &words::PER_OCCASION,
    };
    let vat = match line.vat_permille {
        0 => words::NO_VAT.get(language).to_owned(),
        rate => words::WITHOUT_VAT.fill(language, &[("rate", percent(rate, language))]),
    };
    html! {
        (kind.get(language)) ": " strong { (money(&line.price, language)) } " "
        (per.get(language)) ", " (vat) "."
        @if let Some(note) = &line.note { " " (page::text(note, language)) }
    }
}

/// The address of a form's field `email`; what does not look like one is refused.
pub fn email(form: &mut Form, label: &Words, language: Language) -> String {
    let email = form.line(Text::of("email", label, MOST_EMAIL, language));
    let has_host = email
        .rsplit_once('@')
        .is_some_and(|(_, host)| host.contains('.'));
    let is_address = has_host && email.parse::<lettre::Address>().is_ok();
    if !is_address && form.fault("email").is_none() {
        form.refuse("email", label.get(language), words::NO_EMAIL.get(language));
    }
    email
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_look_like_an_address_is_refused() {
        let is_taken = |typed: &str| {
            let mut form = Form::default();
            form.set("email", typed);
            email(&mut form, &words::EMAIL, Language::English);
            form.is_fine()
        };
        assert!(is_taken("maja.lindqvist@kommun.example"));
        for typed in [
            "",
            "maja",
            "maja@kommun",
            "a b@kommun.example",
            "a@b@c.d",
            "<a@b.example>",
            "a@b.example\0",
        ] {
            assert!(!is_taken(typed), "{typed:?}");
        }
    }
}
