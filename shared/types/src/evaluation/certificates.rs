//! Bodies of certificates: what a participant can show and anybody can check.

use crate::{
    ApplicationId, CertificateId, Language, Links, LocalizedText, PersonId, RefusedTransition,
    RoundId,
};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// State of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[schema(example = "valid")]
pub enum CertificateState {
    /// It holds.
    Valid,
    /// It was taken back.
    Revoked,
    /// Another one was issued in its place.
    Replaced,
}

/// A certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Certificate {
    /// Id.
    pub id: CertificateId,
    /// The participation.
    pub application_id: ApplicationId,
    /// The round.
    pub round_id: RoundId,
    /// The participant.
    pub person_id: PersonId,
    /// The code by which anybody can check it: 80 random bits, letters and digits that are not
    /// mistaken for each other.
    #[schema(
        example = "7Q4M-ZK2W-9D3T-XB6R",
        pattern = "^[0-9A-Z]{4}(-[0-9A-Z]{4}){3}$",
        min_length = 19,
        max_length = 19
    )]
    pub code: String,
    /// Name, as it was when the certificate was issued; empty once the person is forgotten.
    #[schema(example = "Maja Lindqvist", max_length = 200)]
    pub name: String,
    /// Name of the programme then.
    pub programme_name: LocalizedText,
    /// Name of the round then.
    pub round_name: LocalizedText,
    /// Language in which it is written, unless another one is asked for.
    pub language: Language,
    /// The day on which it was issued.
    #[schema(example = "2023-06-01")]
    pub issued_on: NaiveDate,
    /// State.
    pub state: CertificateState,
    /// When it was taken back or replaced.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2023-09-01T08:00:00Z")]
    pub ended_at: Option<DateTime<Utc>>,
    /// Why it was taken back or replaced; for coordinators and the participant.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "Change of name.", max_length = 1000)]
    pub reason: Option<String>,
    /// The one that was issued in its place.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaced_by_id: Option<CertificateId>,
    /// Where anybody can check it.
    #[schema(
        example = "https://akademi.example/evaluation/pages/certificates/7Q4M-ZK2W-9D3T-XB6R",
        format = "uri",
        max_length = 2048
    )]
    pub verification_url: String,
    /// What can't be done with it now, and why.
    #[schema(max_items = 4)]
    pub transitions: Vec<RefusedTransition>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

crate::page!(CertificatePage, Certificate, "A page of certificates.");

/// A certificate to issue.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct NewCertificate {
    /// Language in which it is written; absent for the round's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub language: Option<Language>,
}

/// What was issued to a round's participants at once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct CertificateIssue {
    /// The round.
    pub round_id: RoundId,
    /// Certificates that were issued by this: to everybody who completed the round and had none.
    #[schema(max_items = 10_000)]
    pub certificate_ids: Vec<CertificateId>,
    /// Where to go next.
    #[serde(rename = "_links")]
    pub links: Links,
}

/// A certificate as PDF.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(example = "%PDF-1.7", pattern = "^%PDF-", max_length = 4_000_000)]
pub struct CertificateDocument(pub String);

/// A certificate as an Open Badges 3.0 credential, signed as a JWT.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(
    example = "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
    pattern = "^[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+$",
    max_length = 100_000
)]
pub struct CertificateCredential(pub String);
