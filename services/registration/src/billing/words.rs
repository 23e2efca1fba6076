//! What stands on invoices, in the buyer's language.

use shared_types::{Language, Words, registration::rounds::PriceKind};

const fn words(en: &'static str, sv: &'static str, da: &'static str) -> Words {
    Words { en, sv, da }
}

/// Why no VAT is charged.
pub const EXEMPT: Words = words(
    "Exempt from value added tax",
    "Undantaget från mervärdesskatt",
    "Fritaget for moms",
);

/// What a credit note refers to.
pub const CREDITS: Words = words(
    "Credits invoice {number}: {reason}",
    "Krediterar faktura {number}: {reason}",
    "Krediterer faktura {number}: {reason}",
);

/// What a document bills.
pub const PERIOD: Words = words(
    "{from} to {until}",
    "{from} till {until}",
    "{from} til {until}",
);

const CANCELLED: Words = words(
    "cancelled, {share} %",
    "avbokat, {share} %",
    "afbestilt, {share} %",
);

const fn kind(kind: PriceKind) -> Words {
    match kind {
        PriceKind::Fee => words("Participation fee", "Deltagaravgift", "Deltagergebyr"),
        PriceKind::BoardAndLodging => words("Board and lodging", "Kost och logi", "Kost og logi"),
        PriceKind::Other => words("Other", "Övrigt", "Øvrigt"),
    }
}

/// The name of a line: what it is for, the round, and the share where a seat was given up.
pub fn line(price: PriceKind, round: &str, share_permille: i32, language: Language) -> String {
    let name = format!("{}, {round}", kind(price).get(language));
    if share_permille == 1000 {
        return name;
    }
    let share = percent(share_permille);
    format!("{name} ({})", CANCELLED.fill(language, &[("share", share)]))
}

/// Thousandths as per cent.
pub fn percent(permille: i32) -> String {
    if permille % 10 == 0 {
        (permille / 10).to_string()
    } else {
        format!("{}.{}", permille / 10, permille % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_says_what_it_is_for_and_what_share_is_left() {
        let name =
            |share, language| line(PriceKind::BoardAndLodging, "Våren 2022", share, language);
        assert_eq!(name(1000, Language::Swedish), "Kost och logi, Våren 2022");
        assert_eq!(
            name(255, Language::Danish),
            "Kost og logi, Våren 2022 (afbestilt, 25.5 %)"
        );
    }
}
