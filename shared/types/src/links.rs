//! Where a reader of a resource can go next, and where not, and why.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use utoipa::ToSchema;

/// A possible next call; absolute.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Link {
    /// Absolute URL.
    #[schema(
        example = "https://akademi.example/registration/v1/rounds/0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
        format = "uri",
        max_length = 2048
    )]
    pub href: String,
    /// Relation: `self`, a page relation, or the name of a transition.
    #[schema(example = "self", max_length = 64)]
    pub rel: String,
    /// HTTP method.
    #[schema(example = "GET", max_length = 7)]
    pub method: String,
}

/// Links by name: `self` and the transitions that the caller may take now.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(transparent)]
#[schema(value_type = BTreeMap<String, Link>)]
pub struct Links(pub BTreeMap<String, Link>);

impl Links {
    /// Starts with the resource's own address.
    pub fn to_self(href: impl Into<String>) -> Self {
        Self::default().with("self", "GET", href)
    }

    /// The resource's own address; empty where it has none.
    pub fn own(&self) -> &str {
        self.0.get("self").map_or("", |link| &link.href)
    }

    /// Adds a link.
    pub fn with(mut self, rel: &str, method: &str, href: impl Into<String>) -> Self {
        self.0.insert(
            rel.to_owned(),
            Link {
                href: href.into(),
                rel: rel.to_owned(),
                method: method.to_owned(),
            },
        );
        self
    }
}

/// A transition that the caller can't take now, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RefusedTransition {
    /// Name of the transition.
    #[schema(example = "withdrawal", max_length = 64)]
    pub name: String,
    /// Code of the reason.
    #[schema(
        example = "application_has_seat",
        max_length = 100,
        pattern = "^[a-z0-9_]+$"
    )]
    pub code: String,
    /// The reason in words, in the reader's language.
    #[schema(example = "The application already has a seat.", max_length = 1000)]
    pub detail: String,
}
