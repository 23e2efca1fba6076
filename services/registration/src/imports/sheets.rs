//! The columns of the files, with the names that they have in Swedish and Danish systems.

use shared_imports::sheet::{Cell, Column, KEY, Sheet};

const KEYS: &[&str] = &[
    "externalKey",
    "externalId",
    "employeeNumber",
    "employeeId",
    "anställningsnummer",
    "anställningsnr",
    "anstnr",
    "nyckel",
    "medarbejdernummer",
    "medarbejdernr",
    "lønnummer",
    "nøgle",
    "kod",
    "kode",
];
const IDS: &[&str] = &["akademiId"];
const EMAILS: &[&str] = &[
    "e-mail",
    "mail",
    "e-post",
    "epostadress",
    "mejl",
    "mejladress",
    "emailAddress",
    "e-mailadresse",
    "mailadresse",
];

/// People.
pub const PEOPLE: Sheet = Sheet {
    columns: &[
        Column::text(KEY, KEYS),
        Column::text("id", &["akademiId", "personId"]),
        Column::text("name", &["namn", "navn", "fullName"]),
        Column::text("givenName", &["förnamn", "fornavn", "firstName"]),
        Column::text(
            "familyName",
            &["efternamn", "efternavn", "lastName", "surname"],
        ),
        Column::text("email", EMAILS),
        Column::text(
            "phone",
            &[
                "telefon",
                "telefonnummer",
                "tlf",
                "mobil",
                "telephone",
                "mobile",
            ],
        ),
        Column::text("title", &["titel", "befattning", "stilling", "jobTitle"]),
        Column::text(
            "department",
            &[
                "avdelning",
                "förvaltning",
                "enhet",
                "afdeling",
                "forvaltning",
            ],
        ),
        Column::text(
            "departmentKey",
            &[
                "avdelningskod",
                "förvaltningskod",
                "afdelingskode",
                "forvaltningskode",
            ],
        ),
        Column::text(
            "managerKey",
            &[
                "chef",
                "närmaste chef",
                "leder",
                "nærmeste leder",
                "manager",
            ],
        ),
        Column::of(
            "kind",
            &["slag", "slags", "typ", "type"],
            Cell::Choice(&[
                (
                    "employed_manager",
                    &["manager", "chef", "anställd chef", "leder", "ansat leder"],
                ),
                ("elected", &["förtroendevald", "politiker", "folkevalgt"]),
                ("other", &["annan", "övrig", "anden", "øvrig"]),
            ]),
        ),
        Column::of(
            "gender",
            &["kön", "køn", "sex"],
            Cell::Choice(&[
                ("woman", &["kvinna", "kvinde", "k", "f", "female"]),
                ("man", &["mand", "m", "male"]),
                ("other", &["annat", "andet"]),
                (
                    "undisclosed",
                    &["ej angivet", "ikke angivet", "okänt", "ukendt"],
                ),
            ]),
        ),
        Column::of(
            "language",
            &["språk", "sprog"],
            Cell::Choice(&[
                ("sv", &["svenska", "swedish"]),
                ("da", &["dansk", "danska", "danish"]),
                ("en", &["english", "engelska", "engelsk"]),
            ]),
        ),
        Column::of("active", &["aktiv"], Cell::Flag),
    ],
};

/// Departments.
pub const DEPARTMENTS: Sheet = Sheet {
    columns: &[
        Column::text(KEY, KEYS),
        Column::text("id", IDS),
        Column::text(
            "name",
            &[
                "namn",
                "navn",
                "avdelning",
                "förvaltning",
                "afdeling",
                "forvaltning",
                "department",
            ],
        ),
    ],
};

/// Offices.
pub const OFFICES: Sheet = Sheet {
    columns: &[
        Column::text(KEY, KEYS),
        Column::text("id", IDS),
        Column::of(
            "kind",
            &["slag", "slags", "typ", "type"],
            Cell::Choice(&[
                (
                    "municipal_director",
                    &["kommundirektör", "kommunchef", "kommunaldirektør"],
                ),
                (
                    "deputy_director",
                    &["biträdande kommundirektör", "vicekommunaldirektør"],
                ),
            ]),
        ),
        Column::text("title", &["titel", "befattning", "stilling"]),
        Column::text("title.sv", &["svensk titel"]),
        Column::text("title.da", &["dansk titel"]),
        Column::text("title.en", &["engelsk titel"]),
        Column::text("email", EMAILS),
        Column::text("holderKey", &["innehavare", "indehaver", "holder"]),
        Column::text("holderId", &[]),
    ],
};

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_name_means_two_columns() {
        for sheet in [PEOPLE, DEPARTMENTS, OFFICES] {
            assert_eq!(sheet.ambiguous(), [""; 0]);
        }
    }
}
