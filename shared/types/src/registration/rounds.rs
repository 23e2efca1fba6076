//! Bodies of rounds: seats, dates, prices and rules of one run of a programme.

use crate::registration::people::PersonKind;
use crate::{
    Language, Links, LocalizedText, Money, OfficeId, OrganisationId, ProgrammeId,
    RefusedTransition, RoundId,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Who may take part.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Eligibility {
    /// Only the organiser's partners (and what belongs to them).
    #[serde(default)]
    #[schema(example = true)]
    pub partners_only: bool,
    /// Kinds of persons; empty for all.
    #[serde(default)]
    #[schema(max_items = 3)]
    pub person_kinds: Vec<PersonKind>,
    /// Titles at work, in any case and spacing; empty for all.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 100)]
    pub titles: Vec<TitleAtWork>,
}

/// A title at work.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = String, example = "Förvaltningschef", min_length = 1, max_length = 200)]
pub struct TitleAtWork(pub String);

/// Who decides that a person of a municipality may take part.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "municipal_director")]
pub enum EndorsementRule {
    /// Nobody needs to.
    #[default]
    NotRequired,
    /// The director of the applicant's municipality.
    MunicipalDirector,
}

/// How genders are balanced at admission; off unless the organiser's law allows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "mode", deny_unknown_fields)]
pub enum BalanceRule {
    /// Gender plays no part.
    #[default]
    Off,
    /// Only between equals: applicants whom their directors ranked the same.
    TieBreak {},
    /// A share of women with a tolerance, ahead of the directors' ranks.
    #[serde(rename_all = "camelCase")]
    Target {
        /// Wanted share of women, in thousandths.
        #[schema(example = 500, minimum = 0, maximum = 1000)]
        women_permille: u32,
        /// How far the share may be off, in thousandths.
        #[schema(example = 100, minimum = 0, maximum = 1000)]
        tolerance_permille: u32,
    },
}

/// A municipality whose floor or ceiling differs from the round's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MunicipalityQuota {
    /// The municipality.
    pub organisation_id: OrganisationId,
    /// Seats it gets if it has the applicants.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 1, minimum = 0, maximum = 1000)]
    pub floor: Option<i32>,
    /// Seats it gets at most.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 3, minimum = 0, maximum = 1000)]
    pub ceiling: Option<i32>,
}

/// How admission divides the seats.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AdmissionRules {
    /// Seats every municipality gets if it has the applicants.
    #[serde(default)]
    #[schema(example = 1, minimum = 0, maximum = 1000)]
    pub municipality_floor: i32,
    /// Seats a municipality gets at most; absent for no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 3, minimum = 0, maximum = 1000)]
    pub municipality_ceiling: Option<i32>,
    /// Municipalities for which other numbers hold.
    #[serde(default)]
    #[schema(max_items = 400)]
    pub quotas: Vec<MunicipalityQuota>,
    /// How genders are balanced.
    #[serde(default)]
    pub balance: BalanceRule,
}

/// What a price line is for; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "fee")]
pub enum PriceKind {
    /// The fee for taking part.
    Fee,
    /// Board and lodging.
    BoardAndLodging,
    /// Anything else.
    Other,
}

/// How often a price line is charged; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "year")]
pub enum PricePer {
    /// Once a participation.
    Participation,
    /// Once a participation and year.
    Year,
    /// Once a participation and occasion.
    Occasion,
}

/// A line of the price, excluding VAT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PriceLine {
    /// What it is for.
    pub kind: PriceKind,
    /// How often it is charged.
    pub per: PricePer,
    /// The amount, excluding VAT.
    pub price: Money,
    /// VAT rate in thousandths (250 is 25 %).
    #[schema(example = 250, minimum = 0, maximum = 1000)]
    pub vat_permille: i32,
    /// What the reader should know of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<LocalizedText>,
}

/// A planned occasion, as the announcement states it; scheduling keeps the real plan.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct AnnouncedOccasion {
    /// What it is.
    pub name: LocalizedText,
    /// First day.
    #[schema(example = "2022-09-01")]
    pub starts_on: NaiveDate,
    /// Last day.
    #[schema(example = "2022-09-02")]
    pub ends_on: NaiveDate,
    /// Hours and place in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<LocalizedText>,
}

/// How days are counted; the list may grow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "calendar")]
pub enum DayKind {
    /// Every day.
    #[default]
    Calendar,
    /// Working days of the round's calendar.
    Working,
}

/// A round to add, or its whole new content.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewRound {
    /// The programme.
    pub programme_id: ProgrammeId,
    /// Name of the round.
    pub name: LocalizedText,
    /// Seats.
    #[schema(example = 24, minimum = 0, maximum = 10_000)]
    pub seats: i32,
    /// Participants below which the round is not run.
    #[serde(default)]
    #[schema(example = 16, minimum = 0, maximum = 10_000)]
    pub minimum_to_run: i32,
    /// First day for applications; without it and `closesOn` the round is an interest list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-04-01")]
    pub opens_on: Option<NaiveDate>,
    /// Last day for applications, the whole day included.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-04-26")]
    pub closes_on: Option<NaiveDate>,
    /// Last day for endorsements; not before `closesOn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-06")]
    pub endorse_by: Option<NaiveDate>,
    /// Days an offer waits for its answer, the day of the offer not counted.
    #[serde(default = "default_answer_days")]
    #[schema(example = 10, minimum = 1, maximum = 90)]
    pub answer_days: i32,
    /// Whether `answerDays` counts every day or working days.
    #[serde(default)]
    pub answer_days_kind: DayKind,
    /// Whether a deadline that would fall on no working day moves to the next one. The day that
    /// it moved to is what is stored and shown.
    #[serde(default)]
    #[schema(example = true)]
    pub move_deadlines: bool,
    /// Days after the round's last day for which participants' needs are kept.
    #[serde(default = "default_needs_kept_days")]
    #[schema(example = 30, minimum = 0, maximum = 365)]
    pub needs_kept_days: i32,
    /// Why published terms change. Required where seats are taken away, a deadline comes
    /// earlier, or rules or prices change after publication; kept in the history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "The venue has fewer rooms than promised.",
        min_length = 1,
        max_length = 1000,
        nullable = false
    )]
    pub change_reason: Option<String>,
    /// First day of the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-08-24")]
    pub starts_on: Option<NaiveDate>,
    /// Last day of the round.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-03-31")]
    pub ends_on: Option<NaiveDate>,
    /// Who may take part.
    #[serde(default)]
    pub eligibility: Eligibility,
    /// Who decides that a person of a municipality may take part.
    #[serde(default)]
    pub endorsement: EndorsementRule,
    /// The office that decides for elected persons, who have no director.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub elected_office_id: Option<OfficeId>,
    /// How admission divides the seats.
    #[serde(default)]
    pub admission: AdmissionRules,
    /// Price lines, excluding VAT.
    #[serde(default)]
    #[schema(max_items = 20)]
    pub prices: Vec<PriceLine>,
    /// Occasions as the announcement states them.
    #[serde(default)]
    #[schema(max_items = 60)]
    pub occasions: Vec<AnnouncedOccasion>,
    /// Where it is held, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub venue: Option<LocalizedText>,
    /// The round's own published rules.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rules: Option<LocalizedText>,
    /// Language it is held in.
    pub language: Language,
    /// IANA zone in which its deadlines are counted.
    #[schema(example = "Europe/Stockholm", min_length = 1, max_length = 64)]
    pub time_zone: String,
}

const fn default_answer_days() -> i32 {
    10
}

const fn default_needs_kept_days() -> i32 {
    30
}

/// State of a round; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "open")]
pub enum RoundState {
    /// Seen by its organiser only.
    Draft,
    /// Announced.
    Published,
    /// Takes applications.
    Open,
    /// Takes no more applications; seats are divided.
    Closed,
    /// Under way.
    Running,
    /// Held.
    Finished,
    /// Put away.
    Archived,
    /// Will not be held.
    Cancelled,
}

/// One run of a programme.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Round {
    /// Id, the same in all services.
    pub id: RoundId,
    /// The organiser.
    pub organiser_id: OrganisationId,
    /// State.
    pub state: RoundState,
    /// The programme.
    pub programme_id: ProgrammeId,
    /// Name.
    pub name: LocalizedText,
    /// Seats.
    #[schema(example = 24, minimum = 0, maximum = 10_000)]
    pub seats: i32,
    /// Seats beyond `seats` that a coordinator allowed, with a reason in the history.
    #[schema(example = 0, minimum = 0, maximum = 10_000)]
    pub overbooking: i32,
    /// Accepted seats, live offers and held seats together.
    #[schema(example = 22, minimum = 0, maximum = 10_000)]
    pub seats_used: i32,
    /// Participants below which the round is not run.
    #[schema(example = 16, minimum = 0, maximum = 10_000)]
    pub minimum_to_run: i32,
    /// First day for applications.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-04-01")]
    pub opens_on: Option<NaiveDate>,
    /// Last day for applications, the whole day included.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-04-26")]
    pub closes_on: Option<NaiveDate>,
    /// Last day for endorsements.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-06")]
    pub endorse_by: Option<NaiveDate>,
    /// Days an offer waits for its answer.
    #[schema(example = 10, minimum = 1, maximum = 90)]
    pub answer_days: i32,
    /// Whether `answerDays` counts every day or working days.
    pub answer_days_kind: DayKind,
    /// Whether a deadline that would fall on no working day moves to the next one.
    #[schema(example = true)]
    pub move_deadlines: bool,
    /// Country whose public holidays count, by the round's zone or the organiser's code.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "SE", max_length = 2, pattern = "^[A-Z]{2}$")]
    pub calendar: Option<String>,
    /// Days after the round's last day for which participants' needs are kept.
    #[schema(example = 30, minimum = 0, maximum = 365)]
    pub needs_kept_days: i32,
    /// First day of the round.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-08-24")]
    pub starts_on: Option<NaiveDate>,
    /// Last day of the round.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-03-31")]
    pub ends_on: Option<NaiveDate>,
    /// Who may take part.
    pub eligibility: Eligibility,
    /// Who decides that a person of a municipality may take part.
    pub endorsement: EndorsementRule,
    /// The office that decides for elected persons.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elected_office_id: Option<OfficeId>,
    /// How admission divides the seats.
    pub admission: AdmissionRules,
    /// Price lines, excluding VAT.
    #[schema(max_items = 20)]
    pub prices: Vec<PriceLine>,
    /// Occasions as the announcement states them.
    #[schema(max_items = 60)]
    pub occasions: Vec<AnnouncedOccasion>,
    /// Where it is held, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub venue: Option<LocalizedText>,
    /// The round's own published rules.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<LocalizedText>,
    /// Language it is held in.
    pub language: Language,
    /// IANA zone.
    #[schema(example = "Europe/Stockholm", max_length = 64)]
    pub time_zone: String,
    /// When the admission was announced.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-05-09T08:00:00Z")]
    pub admission_published_at: Option<DateTime<Utc>>,
    /// Where to go next, allowed transitions included.
    #[serde(rename = "_links")]
    pub links: Links,
    /// Transitions that are refused now, and why.
    #[schema(max_items = 32)]
    pub transitions: Vec<RefusedTransition>,
}

crate::page!(RoundPage, Round, "A page of rounds.");

/// A reason for something that somebody may ask about later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Reason {
    /// The reason.
    #[schema(example = "Too few participants.", min_length = 1, max_length = 1000)]
    pub reason: String,
}

/// How many seats beyond the round's own a coordinator allows, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Overbooking {
    /// Seats beyond `seats`.
    #[schema(example = 1, minimum = 0, maximum = 1000)]
    pub seats: i32,
    /// The reason.
    #[schema(
        example = "A seat at the venue was added.",
        min_length = 1,
        max_length = 1000
    )]
    pub reason: String,
}

/// A round to make after the model of another: its first day, or by how many days to shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewClone {
    /// First day of the new round; all other dates keep their distance to it. Only where the
    /// model has a first day.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-08-23")]
    pub starts_on: Option<NaiveDate>,
    /// Days by which all dates are shifted, instead of `startsOn`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = 365, minimum = -3660, maximum = 3660, nullable = false)]
    pub shift_days: Option<i32>,
    /// Rounds `shiftDays` to whole weeks, the nearest, so that a Wednesday stays one.
    #[serde(default = "yes")]
    #[schema(example = true)]
    pub keep_weekdays: bool,
    /// Name of the new round; absent for the model's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub name: Option<LocalizedText>,
}

const fn yes() -> bool {
    true
}

/// One checked invariant of a round.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Invariant {
    /// Name of the invariant.
    #[schema(
        example = "seats_not_oversold",
        max_length = 100,
        pattern = "^[a-z0-9_]+$"
    )]
    pub name: String,
    /// Whether it holds.
    #[schema(example = true)]
    pub holds: bool,
    /// What was counted, or what breaks it.
    #[schema(example = "24 of 24 seats used", max_length = 1000)]
    pub detail: String,
}

/// The invariants of a round, recounted from its rows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct InvariantReport {
    /// The round.
    pub round_id: RoundId,
    /// Whether all hold.
    #[schema(example = true)]
    pub holds: bool,
    /// Each of them.
    #[schema(max_items = 32)]
    pub invariants: Vec<Invariant>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
