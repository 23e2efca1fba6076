//! Bodies of organisations, their departments and partnerships.

use crate::{DepartmentId, Language, Links, OrganisationId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an organisation is; the list may grow.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "municipality")]
pub enum OrganisationKind {
    /// A municipality, with its official code.
    Municipality,
    /// A region.
    Region,
    /// A university or a centre of one.
    University,
    /// A company, a municipal one too.
    Company,
    /// An association.
    Association,
    /// Anything else.
    Other,
}

/// An organisation to add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewOrganisation {
    /// Name, as it is written officially.
    #[schema(example = "Linköpings kommun", min_length = 1, max_length = 200)]
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Official code with its country in front; required for municipalities.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "SE-0580",
        pattern = "^[A-Z]{2}-[0-9]{2,4}$",
        max_length = 7,
        nullable = false
    )]
    pub official_code: Option<String>,
    /// The organisation it belongs to: a municipal company belongs to its municipality.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<OrganisationId>,
    /// The organiser that keeps its data as long as nobody of its own does; needed where the
    /// caller coordinates several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub keeper_id: Option<OrganisationId>,
    /// Language of what is sent to it.
    pub language: Language,
    /// IANA zone in which its deadlines are counted.
    #[schema(example = "Europe/Stockholm", min_length = 1, max_length = 64)]
    pub time_zone: String,
}

/// What to change of an organisation; absent members stay as they are.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct OrganisationChange {
    /// Name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Linköpings kommun",
        min_length = 1,
        max_length = 200,
        nullable = false
    )]
    pub name: Option<String>,
    /// Language.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<Language>,
    /// IANA zone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(
        example = "Europe/Stockholm",
        min_length = 1,
        max_length = 64,
        nullable = false
    )]
    pub time_zone: Option<String>,
}

/// An employer or organiser.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Organisation {
    /// Id, the same in all services.
    pub id: OrganisationId,
    /// Name.
    #[schema(example = "Linköpings kommun", max_length = 200)]
    pub name: String,
    /// What it is.
    pub kind: OrganisationKind,
    /// Official code with its country.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "SE-0580", max_length = 7)]
    pub official_code: Option<String>,
    /// The organisation it belongs to.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_id: Option<OrganisationId>,
    /// The municipality it counts to: itself or the nearest ancestor that is one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub municipality_id: Option<OrganisationId>,
    /// Language of what is sent to it.
    pub language: Language,
    /// IANA zone.
    #[schema(example = "Europe/Stockholm", max_length = 64)]
    pub time_zone: String,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(OrganisationPage, Organisation, "A page of organisations.");

/// A department to add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewDepartment {
    /// Name.
    #[schema(example = "Socialförvaltningen", min_length = 1, max_length = 200)]
    pub name: String,
}

/// A part of an organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Department {
    /// Id.
    pub id: DepartmentId,
    /// The organisation.
    pub organisation_id: OrganisationId,
    /// Name.
    #[schema(example = "Socialförvaltningen", max_length = 200)]
    pub name: String,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(DepartmentPage, Department, "A page of departments.");

/// A partnership: the organisation may take part in the organiser's rounds for partners.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Partner {
    /// The organiser.
    pub organiser_id: OrganisationId,
    /// The partner.
    pub organisation_id: OrganisationId,
    /// The partner's name.
    #[schema(example = "Norrköpings kommun", max_length = 200)]
    pub name: String,
    /// Whether both have agreed; until then it counts for nothing.
    #[schema(example = true)]
    pub agreed: bool,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(PartnerPage, Partner, "A page of partners.");
