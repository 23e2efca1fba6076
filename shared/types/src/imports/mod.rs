//! Bodies of imports: a file of people, departments, offices, venues or mentors, and what became
//! of each of its rows.

pub mod codes;

use crate::{ImportId, ImportRowId, Links, OrganisationId, RoundId};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a file is of; the list may grow.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[schema(example = "people")]
pub enum ImportKind {
    /// People of an organisation.
    People,
    /// Departments of an organisation.
    Departments,
    /// Offices of an organisation.
    Offices,
    /// Venues that an organiser keeps.
    Venues,
    /// Mentors of a round.
    Mentors,
}

/// What registration imports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "people")]
pub enum EmployerImportKind {
    /// People of an organisation.
    People,
    /// Departments of an organisation.
    Departments,
    /// Offices of an organisation.
    Offices,
}

impl From<EmployerImportKind> for ImportKind {
    fn from(kind: EmployerImportKind) -> Self {
        match kind {
            EmployerImportKind::People => Self::People,
            EmployerImportKind::Departments => Self::Departments,
            EmployerImportKind::Offices => Self::Offices,
        }
    }
}

/// What is done with the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "dry_run")]
pub enum ImportMode {
    /// Nothing; the report says what would become of each row.
    DryRun,
    /// All rows in one transaction, or none where one is refused.
    AllOrNothing,
    /// Each row by itself; those that are refused are left out.
    RowByRow,
}

/// How far an import is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "running")]
pub enum ImportState {
    /// The file is read; its rows wait.
    Waiting,
    /// Rows are looked at, or written.
    Running,
    /// All that was asked is done.
    Done,
    /// All or nothing was asked, a row was refused, and nothing was done.
    Refused,
}

/// How a file was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "csv")]
pub enum ImportFormat {
    /// A table, a heading first.
    Csv,
    /// One list of objects.
    Json,
    /// An object on each line.
    JsonLines,
}

/// What became of a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "created")]
pub enum RowOutcome {
    /// Nothing yet.
    Waiting,
    /// Its thing was not known and was added.
    Created,
    /// Its thing was known and was changed.
    Changed,
    /// Its thing was known and is as the row says.
    Unchanged,
    /// Something stands against it; `problems` says what.
    Refused,
}

/// A file that was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Import {
    /// Id.
    pub id: ImportId,
    /// What the file is of.
    pub kind: ImportKind,
    /// What is done with its rows.
    pub mode: ImportMode,
    /// How far it is.
    pub state: ImportState,
    /// Whose things they are: the employer, or the organiser.
    pub organisation_id: OrganisationId,
    /// The round, for mentors.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub round_id: Option<RoundId>,
    /// How the file is written.
    pub format: ImportFormat,
    /// The encoding that it was read in.
    #[schema(example = "windows-1252", max_length = 20, pattern = "^[a-z0-9-]+$")]
    pub encoding: String,
    /// What stands between two cells of a table.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = ";", min_length = 1, max_length = 1, pattern = r"^[,;|\t]$")]
    pub separator: Option<String>,
    /// Columns of a table that nothing is known of; what stands in them was not kept.
    #[schema(max_items = 200, example = json!(["Lönegrupp"]))]
    pub ignored_columns: Vec<String>,
    /// Rows of the file.
    #[schema(example = 1200, minimum = 0, maximum = 100_000)]
    pub rows_count: i32,
    /// Rows whose thing was added, or would be.
    #[schema(example = 12, minimum = 0, maximum = 100_000)]
    pub created_count: i32,
    /// Rows whose thing was changed, or would be.
    #[schema(example = 3, minimum = 0, maximum = 100_000)]
    pub changed_count: i32,
    /// Rows whose thing was so already.
    #[schema(example = 1184, minimum = 0, maximum = 100_000)]
    pub unchanged_count: i32,
    /// Rows that something stands against.
    #[schema(example = 1, minimum = 0, maximum = 100_000)]
    pub refused_count: i32,
    /// When the file was handed in.
    #[schema(example = "2022-04-12T08:00:00Z")]
    pub created_at: DateTime<Utc>,
    /// When the last row was done with.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-04-12T08:01:10Z")]
    pub ended_at: Option<DateTime<Utc>>,
    /// The day on which the report is forgotten.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-12")]
    pub forgotten_on: Option<NaiveDate>,
    /// Where to go next: `rows` is the report.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(ImportPage, Import, "A page of imports.");

/// What stands against a row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportRowProblem {
    /// Code: of a problem, or of the violation of a column.
    #[schema(
        example = "person_email_taken",
        max_length = 100,
        pattern = "^[a-z0-9_]+$"
    )]
    pub code: String,
    /// The column, where it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "email", max_length = 200)]
    pub column: Option<String>,
    /// The problem in words, in the reader's language.
    #[schema(
        example = "Another verified person of the organisation has this e-mail address.",
        max_length = 2000
    )]
    pub detail: String,
}

/// One row of the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ImportRow {
    /// Id.
    pub id: ImportRowId,
    /// The line of the file on which the row begins, from 1.
    #[schema(example = 2, minimum = 1, maximum = 2_147_483_647)]
    pub line: i32,
    /// The key of the row's thing in the system that the file comes from.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "10452", max_length = 200)]
    pub external_key: Option<String>,
    /// What became of the row.
    pub outcome: RowOutcome,
    /// Id of the row's thing, where there is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60")]
    pub thing_id: Option<Uuid>,
    /// What stands against the row.
    #[schema(max_items = 100)]
    pub problems: Vec<ImportRowProblem>,
}

crate::page!(ImportRowPage, ImportRow, "A page of a report.");

/// A table: a heading, then a row for each thing. UTF-8, Windows-1252 (Latin-1) or UTF-16 with a
/// mark; commas, semicolons, tabs or bars between the cells.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(
    example = "key;name;email\r\n10452;Maja Lindqvist;maja.lindqvist@kommun.example\r\n",
    pattern = r"^[\s\S]*$",
    max_length = 33_554_432
)]
pub struct ImportTable(pub String);

/// An object for each thing, by the names of the columns; parts of a thing may stand within.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, ToSchema)]
#[schema(
    max_items = 100_000,
    example = json!([{ "key": "10452", "name": "Maja Lindqvist", "email": "maja.lindqvist@kommun.example" }])
)]
pub struct ImportObjects(pub Vec<serde_json::Map<String, serde_json::Value>>);

/// The same objects, each on a line of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(
    example = "{\"key\":\"10452\",\"name\":\"Maja Lindqvist\"}\n",
    pattern = r"^[\s\S]*$",
    max_length = 33_554_432
)]
pub struct ImportLines(pub String);
