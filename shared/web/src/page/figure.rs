//! Dates and amounts as they are written in each language.

use chrono::{Datelike as _, NaiveDate};
use shared_types::{Language, Money, Words};
use std::fmt::Write as _;

const fn month(en: &'static str, sv: &'static str, da: &'static str) -> Words {
    Words { en, sv, da }
}

const MONTHS: [Words; 12] = [
    month("January", "januari", "januar"),
    month("February", "februari", "februar"),
    month("March", "mars", "marts"),
    month("April", "april", "april"),
    month("May", "maj", "maj"),
    month("June", "juni", "juni"),
    month("July", "juli", "juli"),
    month("August", "augusti", "august"),
    month("September", "september", "september"),
    month("October", "oktober", "oktober"),
    month("November", "november", "november"),
    month("December", "december", "december"),
];

/// A space at which no line breaks.
const NARROW: char = '\u{a0}';

fn day(date: NaiveDate, language: Language) -> String {
    match language {
        Language::Danish => format!("{}.", date.day()),
        Language::English | Language::Swedish => date.day().to_string(),
    }
}

fn day_and_month(date: NaiveDate, language: Language) -> String {
    let month = usize::try_from(date.month0())
        .ok()
        .and_then(|month| MONTHS.get(month));
    let month = month.map_or("", |month| month.get(language));
    format!("{}{NARROW}{month}", day(date, language))
}

/// A date: `26 april 2022`, `26. april 2022`, `26 April 2022`.
pub fn date(date: NaiveDate, language: Language) -> String {
    format!("{}{NARROW}{}", day_and_month(date, language), date.year())
}

/// The days from one date to another, both included: `1–2 september 2022`.
pub fn dates(from: NaiveDate, to: NaiveDate, language: Language) -> String {
    let end = date(to, language);
    if from == to {
        end
    } else if from.year() != to.year() {
        format!("{} – {end}", date(from, language))
    } else if from.month() != to.month() {
        format!("{} – {end}", day_and_month(from, language))
    } else {
        format!("{}–{end}", day(from, language))
    }
}

/// An amount with its currency: `24 000 SEK`, `24.000 SEK`, `SEK 24,000`. Minor units are
/// shown where there are any.
pub fn money(money: &Money, language: Language) -> String {
    let (thousands, point) = match language {
        Language::English => (',', '.'),
        Language::Swedish => (NARROW, ','),
        Language::Danish => ('.', ','),
    };
    let minor = money.amount_minor.unsigned_abs() % 100;
    let mut amount = grouped(money.amount_minor.unsigned_abs() / 100, thousands);
    if money.amount_minor < 0 {
        amount.insert(0, '−');
    }
    if minor != 0 {
        amount.push(point);
        // Writing to a String can't fail.
        let _ = write!(amount, "{minor:02}");
    }
    match language {
        Language::English => format!("{}{NARROW}{amount}", money.currency),
        Language::Swedish | Language::Danish => format!("{amount}{NARROW}{}", money.currency),
    }
}

fn grouped(number: u64, separator: char) -> String {
    let digits = number.to_string();
    let mut grouped = String::with_capacity(digits.len() + digits.len() / 3);
    for (index, digit) in digits.char_indices() {
        let left = digits.len() - index;
        if index > 0 && left.is_multiple_of(3) {
            grouped.push(separator);
        }
        grouped.push(digit);
    }
    grouped
}

/// A number of tenths, such as credits: `7,5`, `7.5`.
pub fn tenths(tenths: i32, language: Language) -> String {
    let point = if language == Language::English {
        '.'
    } else {
        ','
    };
    let minus = if tenths < 0 { "−" } else { "" };
    let whole = tenths.unsigned_abs() / 10;
    match tenths.unsigned_abs() % 10 {
        0 => format!("{minus}{whole}"),
        rest => format!("{minus}{whole}{point}{rest}"),
    }
}

/// A share in thousandths as a percentage: `25 %`, `25%`.
pub fn percent(permille: i32, language: Language) -> String {
    let number = tenths(permille, language);
    match language {
        Language::English => format!("{number}%"),
        Language::Swedish | Language::Danish => format!("{number}{NARROW}%"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn plain(text: &str) -> String {
        text.replace(NARROW, " ")
    }

    #[test]
    fn dates_are_written_as_in_each_language() {
        let deadline = on("2022-04-26");
        let written = [Language::Swedish, Language::Danish, Language::English];
        let written = written.map(|language| plain(&date(deadline, language)));
        assert_eq!(
            written,
            ["26 april 2022", "26. april 2022", "26 April 2022"]
        );
    }

    #[test]
    fn spans_say_only_what_differs() {
        let span = |from, to, language| plain(&dates(on(from), on(to), language));
        assert_eq!(
            span("2022-09-01", "2022-09-02", Language::Swedish),
            "1–2 september 2022"
        );
        assert_eq!(
            span("2022-09-01", "2022-09-02", Language::Danish),
            "1.–2. september 2022"
        );
        assert_eq!(
            span("2022-09-30", "2022-10-01", Language::English),
            "30 September – 1 October 2022"
        );
        assert_eq!(
            span("2022-12-31", "2023-01-01", Language::Danish),
            "31. december 2022 – 1. januar 2023"
        );
        assert_eq!(
            span("2022-08-24", "2022-08-24", Language::Swedish),
            "24 augusti 2022"
        );
    }

    #[test]
    fn what_is_less_than_nothing_has_its_own_figures() {
        assert_eq!(tenths(-5, Language::English), "−0.5");
        assert_eq!(tenths(-30, Language::Swedish), "−3");
        assert_eq!(percent(-125, Language::English), "−12.5%");
        let owed = Money {
            amount_minor: -123_450,
            currency: "SEK".to_owned(),
        };
        assert_eq!(plain(&money(&owed, Language::Swedish)), "−1 234,50 SEK");
    }

    #[test]
    fn amounts_are_grouped_and_show_minor_units_only_where_there_are_any() {
        let price = |amount_minor| Money {
            amount_minor,
            currency: "SEK".to_owned(),
        };
        assert_eq!(
            plain(&money(&price(2_400_000), Language::Swedish)),
            "24 000 SEK"
        );
        assert_eq!(
            plain(&money(&price(123_456_789), Language::Danish)),
            "1.234.567,89 SEK"
        );
        assert_eq!(
            plain(&money(&price(300_050), Language::English)),
            "SEK 3,000.50"
        );
        assert_eq!(plain(&money(&price(0), Language::English)), "SEK 0");
        assert_eq!(tenths(75, Language::Swedish), "7,5");
        assert_eq!(percent(250, Language::English), "25%");
        assert_eq!(plain(&percent(125, Language::Danish)), "12,5 %");
    }
}
