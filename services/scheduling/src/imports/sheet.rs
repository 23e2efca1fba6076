//! The columns of a file of venues, with the names that they have in Swedish and Danish.

use shared_imports::sheet::{Cell, Column, KEY, Sheet};

/// Venues.
pub const VENUES: Sheet = Sheet {
    columns: &[
        Column::text(
            KEY,
            &[
                "externalKey",
                "externalId",
                "nyckel",
                "nøgle",
                "kod",
                "kode",
                "nummer",
            ],
        ),
        Column::text("id", &["akademiId", "venueId"]),
        Column::of(
            "kind",
            &["slag", "slags", "typ", "type"],
            Cell::Choice(&[
                ("venue", &["lokal", "kursgård", "kursussted", "sted"]),
                ("learning_centre", &["lärcentrum", "læringscenter"]),
            ]),
        ),
        Column::text("name", &["namn", "navn"]),
        Column::text(
            "address.street",
            &["street", "gata", "gatuadress", "adress", "gade", "adresse"],
        ),
        Column::text(
            "address.postalCode",
            &["postalCode", "postnummer", "postnr"],
        ),
        Column::text("address.town", &["town", "ort", "postort", "by", "city"]),
        Column::text("address.country", &["country", "land"]),
        Column::text("contact.name", &["contact", "kontakt", "kontaktperson"]),
        Column::text(
            "contact.email",
            &["email", "e-post", "mejl", "mail", "e-mail"],
        ),
        Column::text("contact.phone", &["phone", "telefon", "tlf"]),
        Column::of(
            "beds",
            &["bäddar", "sängplatser", "senge", "sengepladser"],
            Cell::Number,
        ),
        Column::of("active", &["aktiv"], Cell::Flag),
        Column::of(
            "accessibility.stepFree",
            &["stepFree", "stegfritt", "trinfri"],
            Cell::Flag,
        ),
        Column::of(
            "accessibility.hearingLoop",
            &["hearingLoop", "hörslinga", "teleslynge"],
            Cell::Flag,
        ),
        Column::of(
            "accessibility.accessibleToilet",
            &[
                "accessibleToilet",
                "handikapptoalett",
                "tillgänglig toalett",
                "handicaptoilet",
            ],
            Cell::Flag,
        ),
        Column::of(
            "accessibility.lift",
            &["lift", "hiss", "elevator"],
            Cell::Flag,
        ),
        Column::of(
            "accessibility.accessibleParking",
            &[
                "accessibleParking",
                "handikapparkering",
                "handicapparkering",
            ],
            Cell::Flag,
        ),
        Column::of(
            "accessibility.accessibleBedrooms",
            &["accessibleBedrooms", "tillgängliga rum", "handicapværelser"],
            Cell::Flag,
        ),
        Column::of(
            "accessibility.assistanceDogs",
            &["assistanceDogs", "assistanshund", "servicehund"],
            Cell::Flag,
        ),
        Column::text(
            "accessibility.note",
            &["tillgänglighet", "tilgængelighed", "accessibilityNote"],
        ),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_columns() {
        assert_eq!(VENUES.ambiguous(), [""; 0]);
    }
}
