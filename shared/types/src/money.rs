//! Money: whole minor units, never a fraction.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// An amount in minor units (öre, øre, cent) of one currency, excluding VAT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Money {
    /// Minor units of the currency: 2 400 000 öre are 24 000 SEK.
    #[schema(example = 2_400_000, minimum = 0, maximum = 100_000_000_000_i64)]
    pub amount_minor: i64,
    /// ISO 4217 code.
    #[schema(
        example = "SEK",
        min_length = 3,
        max_length = 3,
        pattern = "^[A-Z]{3}$"
    )]
    pub currency: String,
}
