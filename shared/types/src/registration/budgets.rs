//! Bodies of a round's budget: who pays for it, what it is to cost, and what it has cost.

use crate::{Links, Money, RoundId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Where money comes from; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "grant")]
pub enum FundingKind {
    /// A grant of a funder.
    Grant,
    /// What the organiser pays.
    Own,
    /// What participants' employers pay.
    Fees,
    /// Anything else.
    Other,
}

/// What a cost is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "delivery")]
pub enum CostKind {
    /// Making the programme: once.
    Development,
    /// Holding it: what a participant costs is counted from this.
    Delivery,
}

/// Money that a round is paid with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Funding {
    /// Where it comes from.
    pub kind: FundingKind,
    /// Who gives it, or what it is.
    #[schema(example = "Europeiska socialfonden", min_length = 1, max_length = 200)]
    pub name: String,
    /// How much, in minor units of the budget's currency.
    #[schema(example = 77_586_900, minimum = 0, maximum = 100_000_000_000_i64)]
    pub amount_minor: i64,
}

/// Money that was spent on a cost line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Outlay {
    /// The day on which it was booked.
    #[schema(example = "2008-11-30")]
    pub booked_on: NaiveDate,
    /// What it was, such as a voucher's number.
    #[schema(example = "Ver. 1047, lokalhyra", min_length = 1, max_length = 200)]
    pub note: String,
    /// How much, in minor units of the budget's currency; less than nothing for what came back.
    #[schema(
        example = 1_250_000,
        minimum = -100_000_000_000_i64,
        maximum = 100_000_000_000_i64
    )]
    pub amount_minor: i64,
}

/// What something is to cost, and what it has cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CostLine {
    /// What it is for.
    pub kind: CostKind,
    /// What it is.
    #[schema(example = "Föreläsare", min_length = 1, max_length = 200)]
    pub name: String,
    /// What it is to cost, in minor units of the budget's currency.
    #[schema(example = 21_600_000, minimum = 0, maximum = 100_000_000_000_i64)]
    pub planned_minor: i64,
    /// What was spent.
    #[serde(default)]
    #[schema(max_items = 500)]
    pub outlays: Vec<Outlay>,
}

/// What a participant is to cost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct CostRange {
    /// At least, in minor units of the budget's currency.
    #[schema(example = 1_300_000, minimum = 0, maximum = 100_000_000_000_i64)]
    pub least_minor: i64,
    /// At most.
    #[schema(example = 1_500_000, minimum = 0, maximum = 100_000_000_000_i64)]
    pub most_minor: i64,
}

/// A budget as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewBudget {
    /// ISO 4217 code of all its amounts.
    #[schema(
        example = "SEK",
        min_length = 3,
        max_length = 3,
        pattern = "^[A-Z]{3}$"
    )]
    pub currency: String,
    /// How many are to take part.
    #[schema(example = 24, minimum = 1, maximum = 10_000)]
    pub participants: i32,
    /// What a participant is to cost; it counts delivery alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cost_a_participant: Option<CostRange>,
    /// What it is paid with.
    #[schema(max_items = 100)]
    pub funding: Vec<Funding>,
    /// What it costs.
    #[schema(max_items = 200)]
    pub costs: Vec<CostLine>,
}

/// A sum as it was planned and as it is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PlannedAndActual {
    /// As planned, in minor units of the budget's currency.
    #[schema(
        example = 33_600_000,
        minimum = -100_000_000_000_000_i64,
        maximum = 100_000_000_000_000_i64
    )]
    pub planned_minor: i64,
    /// As it is.
    #[schema(
        example = 32_412_500,
        minimum = -100_000_000_000_000_i64,
        maximum = 100_000_000_000_000_i64
    )]
    pub actual_minor: i64,
}

/// What a budget comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BudgetResult {
    /// All funding.
    pub funding: Money,
    /// Costs of development.
    pub development: PlannedAndActual,
    /// Costs of delivery.
    pub delivery: PlannedAndActual,
    /// All costs.
    pub total: PlannedAndActual,
    /// Funding less costs.
    pub left: PlannedAndActual,
    /// How many take part: accepted and completed seats.
    #[schema(example = 24, minimum = 0, maximum = 10_000)]
    pub participants: i32,
    /// Delivery for each participant, rounded half up to the minor unit: as planned for the
    /// planned number, as it is for those who take part (nothing while nobody does).
    pub a_participant: PlannedAndActual,
    /// Whether the planned cost of a participant lies in the planned range.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = true)]
    pub plan_in_range: Option<bool>,
    /// Whether the actual one does.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = true)]
    pub actual_in_range: Option<bool>,
}

/// The budget of a round, with what it comes to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Budget {
    /// The round.
    pub round_id: RoundId,
    /// The budget.
    pub budget: NewBudget,
    /// What it comes to.
    pub result: BudgetResult,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}
