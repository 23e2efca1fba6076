//! Bodies of offices: posts that decide, their holders and who acts for them.

use crate::{ActingHolderId, Links, LocalizedText, OfficeId, OrganisationId, PersonId};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an office decides; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "municipal_director")]
pub enum OfficeKind {
    /// The municipal director (kommundirektör, kommunchef): who of the municipality takes part.
    MunicipalDirector,
    /// The deputy, who decides about the director's own application.
    DeputyDirector,
}

/// An office to add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewOffice {
    /// The municipality it decides for.
    pub organisation_id: OrganisationId,
    /// What it decides.
    pub kind: OfficeKind,
    /// The post's title.
    pub title: LocalizedText,
    /// Where its mail goes when no holder is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(example = "kommundirektor@kommun.example", format = Email, max_length = 254)]
    pub email: Option<String>,
    /// Who holds it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_id: Option<PersonId>,
}

/// Who is to hold an office.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewHolder {
    /// The new holder; absent where the post is vacant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub holder_id: Option<PersonId>,
}

/// A period in which somebody acts for the holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewActingHolder {
    /// Who acts.
    pub person_id: PersonId,
    /// First day.
    #[schema(example = "2022-04-11")]
    pub starts_on: NaiveDate,
    /// Last day, included.
    #[schema(example = "2022-04-24")]
    pub ends_on: NaiveDate,
}

/// Somebody who acts for the holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct ActingHolder {
    /// Id.
    pub id: ActingHolderId,
    /// Who acts.
    pub person_id: PersonId,
    /// First day.
    #[schema(example = "2022-04-11")]
    pub starts_on: NaiveDate,
    /// Last day, included.
    #[schema(example = "2022-04-24")]
    pub ends_on: NaiveDate,
}

/// A post in an organisation that decides.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Office {
    /// Id.
    pub id: OfficeId,
    /// The municipality it decides for.
    pub organisation_id: OrganisationId,
    /// What it decides.
    pub kind: OfficeKind,
    /// The post's title.
    pub title: LocalizedText,
    /// Where its mail goes when no holder is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "kommundirektor@kommun.example", max_length = 254)]
    pub email: Option<String>,
    /// Who holds it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub holder_id: Option<PersonId>,
    /// Who acts for the holder, and when.
    #[schema(max_items = 100)]
    pub acting_holders: Vec<ActingHolder>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(OfficePage, Office, "A page of offices.");
