//! A request of a row: about which thing, with which body.

use super::{described, operation};
use crate::{Client, Reply};
use serde_json::Value;
use shared_types::OrganisationId;
use uuid::Uuid;

/// In a body: something else in each request.
pub const UNIQUE: &str = "UNIQUE";

/// A request.
#[derive(Clone, Debug)]
pub struct Ask {
    /// The method.
    pub method: String,
    /// The address below the API's root.
    pub path: String,
    body: Option<Value>,
    /// The id of the thing it is about, where it could be hidden.
    thing: Option<String>,
    /// What stands in a list that shows the thing.
    pub shown: Option<String>,
    /// Filters that must not widen what is listed.
    pub queries: Vec<String>,
    /// Where the role of somebody in the same organisation counts, if the scene has several.
    pub employer: Option<OrganisationId>,
    /// Whether each caller needs a thing of their own, since the first leaves nothing to do.
    pub fresh: bool,
}

impl Ask {
    /// The request of a row of a document's operation, with these ids in its address. The last is
    /// the thing, unless [`Self::about`] names another.
    pub fn of(document: &Value, row: &str, ids: &[&str]) -> Option<Self> {
        let (method, template, _) = described(document, operation(row))?;
        let mut left = ids.iter();
        let mut fill = |segment: &str| {
            if segment.starts_with('{') {
                left.next().map(|id| (*id).to_owned())
            } else {
                Some(segment.to_owned())
            }
        };
        let segments: Option<Vec<String>> = template
            .trim_start_matches('/')
            .split('/')
            .map(&mut fill)
            .collect();
        Some(Self {
            method,
            path: segments?.join("/"),
            body: None,
            thing: ids.last().map(|id| (*id).to_owned()),
            shown: None,
            queries: Vec::new(),
            employer: None,
            fresh: false,
        })
    }

    /// With a body, in which [`UNIQUE`] becomes something else each time.
    pub fn with(self, body: Value) -> Self {
        Self {
            body: Some(body),
            ..self
        }
    }

    /// About this thing.
    pub fn about(self, thing: &str) -> Self {
        Self {
            thing: Some(thing.to_owned()),
            ..self
        }
    }

    /// A list in which this stands.
    pub fn showing(self, shown: &str) -> Self {
        let path = format!("{}?limit=100", self.path);
        Self {
            shown: Some(shown.to_owned()),
            path,
            ..self
        }
    }

    /// Also through these filters, one at a time.
    pub fn filtered(self, queries: &[&str]) -> Self {
        let queries = queries.iter().map(|query| (*query).to_owned()).collect();
        Self { queries, ..self }
    }

    /// With the role of an employer's own in this organisation.
    pub fn in_organisation(self, employer: OrganisationId) -> Self {
        Self {
            employer: Some(employer),
            ..self
        }
    }

    /// With a thing of their own for each caller.
    pub fn each_anew(self) -> Self {
        Self {
            fresh: true,
            ..self
        }
    }

    /// The same list through one more filter.
    pub fn narrowed(&self, filter: &str) -> Self {
        let path = format!("{}&{filter}", self.path);
        Self {
            path,
            ..self.clone()
        }
    }

    /// The body of the next request.
    pub fn body(&self) -> Option<Value> {
        let text = self.body.as_ref()?.to_string();
        let unique = Uuid::new_v4().simple().to_string();
        serde_json::from_str(&text.replace(UNIQUE, &unique)).ok()
    }

    /// Asks as this caller.
    pub async fn send(&self, client: &Client) -> Reply {
        let call = client.call(self.method.parse().unwrap(), &self.path);
        let call = if ["PUT", "PATCH", "DELETE"].contains(&self.method.as_str()) {
            call.header("if-match", "*")
        } else {
            call
        };
        match self.body() {
            Some(body) => call.json(&body).send().await,
            None => call.send().await,
        }
    }

    /// The same about something that does not exist.
    pub fn about_nothing(&self) -> Self {
        // Whoever hides a thing names its id.
        let thing = self.thing.as_deref().unwrap();
        let nothing = Uuid::now_v7().to_string();
        let body = self.body.as_ref().map(|body| {
            let text = body.to_string().replace(thing, &nothing);
            serde_json::from_str(&text).unwrap()
        });
        Self {
            path: self.path.replace(thing, &nothing),
            body,
            ..self.clone()
        }
    }
}
