//! The columns of a file of mentors, with the names that they have in Swedish and Danish.

use shared_imports::sheet::{Cell, Column, KEY, Sheet};

/// Mentors.
pub const MENTORS: Sheet = Sheet {
    columns: &[
        Column::text(
            KEY,
            &[
                "externalKey",
                "externalId",
                "anställningsnummer",
                "anstnr",
                "nyckel",
                "medarbejdernummer",
                "nøgle",
            ],
        ),
        Column::text("id", &["akademiId", "mentorId"]),
        Column::text("personId", &["person"]),
        Column::of(
            "capacity",
            &["kapacitet", "antal adepter", "antal mentees"],
            Cell::Number,
        ),
        Column::of(
            "profile.competences",
            &["competences", "kompetenser", "kompetencer"],
            Cell::List,
        ),
        Column::of(
            "profile.languages",
            &["languages", "språk", "sprog"],
            Cell::List,
        ),
        Column::of(
            "profile.forms",
            &["forms", "mötesformer", "mødeformer"],
            Cell::List,
        ),
        Column::text("profile.sector", &["sector", "sektor", "område"]),
        Column::text(
            "profile.about",
            &["about", "om", "presentation", "præsentation"],
        ),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_columns() {
        assert_eq!(MENTORS.ambiguous(), [""; 0]);
    }
}
