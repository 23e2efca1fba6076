//! Lists: what their requests ask and what their pages link to.

use crate::{Context, Error, contract::form_pairs};
use actix_web::{FromRequest, HttpRequest, dev::Payload};
use chrono::{DateTime, Utc};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use shared_types::{
    Links, Problem, codes,
    page::{Cursor, PageRequest, Slice, SortKey},
};
use std::{collections::BTreeMap, fmt::Write as _, future::Ready};
use utoipa::IntoParams;

/// Items on a page when nothing is said.
const USUAL_LIMIT: i32 = 20;

/// The parameters that every list has.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "declares the parameters; `Query` reads them")]
pub struct PageParameters {
    /// Number of the page, from 1.
    #[param(minimum = 1, maximum = 10_000, default = 1, example = 1)]
    page: Option<i32>,
    /// Most items on the page.
    #[param(minimum = 1, maximum = 100, default = 20, example = 20)]
    limit: Option<i32>,
    /// Where to go on from, as `_links.next` says. Good for the same list, order and filters only.
    #[param(
        max_length = 1800,
        example = "f0192f0c17a3b7c118f2a1b2c3d4e5f60-2-60-5ae1b9c4--"
    )]
    cursor: Option<String>,
    /// Which top-level members the items are to have, with commas between; `id` and `_links` are
    /// always there. Without it, all.
    #[param(
        max_length = 400,
        pattern = "^[A-Za-z_]{1,40}(,[A-Za-z_]{1,40}){0,40}$",
        example = "id"
    )]
    fields: Option<String>,
}

/// The parameter of lists that can be mirrored.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query, rename_all = "camelCase")]
#[expect(dead_code, reason = "declares the parameter; `Query` reads it")]
pub struct ModifiedParameters {
    /// Only items that were changed at this instant or later, by the database's clock, in the
    /// order of their changes unless `sort` says otherwise. The answer
    /// names in `_meta.modifiedUntil` the value for the next time: who passes it on misses no
    /// change, however late it was committed. Changes of what an item merely shows (a person's
    /// name in an application) are changes of that other thing.
    #[param(example = "2022-04-12T08:00:00.123456Z")]
    modified_after: Option<DateTime<Utc>>,
}

/// The query of a request; the contract has judged it already.
#[derive(Clone, Debug)]
pub struct Query {
    pairs: BTreeMap<String, String>,
    path: String,
}

impl Query {
    /// A parameter's value.
    pub fn get<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        let text = self.pairs.get(name)?;
        let as_text = serde_json::from_value(Value::String(text.clone())).ok();
        as_text.or_else(|| serde_json::from_str(text).ok())
    }

    /// Which page is asked for.
    pub fn page(&self) -> Result<PageRequest, Problem> {
        let binding = self.binding();
        let cursor = match self.pairs.get("cursor") {
            Some(text) => Some(
                text.parse::<Cursor>()
                    .ok()
                    .filter(|cursor| cursor.binding == binding)
                    .ok_or_else(|| Problem::of(&codes::INVALID_CURSOR))?,
            ),
            None => None,
        };
        let number = match &cursor {
            Some(cursor) => cursor.number,
            None => self.get("page").unwrap_or(1),
        };
        let modified_after = self.get("modifiedAfter");
        // Changes come in their own order, unless another is asked for.
        let usual = modified_after.map_or("id", |_: DateTime<Utc>| "modifiedAt");
        let sort = self.pairs.get("sort").map_or(usual, String::as_str);
        Ok(PageRequest {
            number,
            limit: self.get("limit").unwrap_or(USUAL_LIMIT),
            // What is not a key of this list was refused by the contract.
            sort: match sort.trim_start_matches('-') {
                "name" => SortKey::Name,
                "modifiedAt" => SortKey::ModifiedAt,
                _ => SortKey::Id,
            },
            descending: sort.starts_with('-'),
            modified_after,
            modified_until: cursor.as_ref().and_then(|cursor| cursor.modified_until),
            binding,
            cursor,
        })
    }

    /// Some parameters as they were asked, to follow others in an address.
    pub fn kept(&self, names: &[&str]) -> String {
        let asked = self.pairs.iter();
        let kept = asked.filter(|(name, _)| names.contains(&name.as_str()));
        kept.flat_map(|(name, value)| ["&".to_owned(), name.clone(), "=".to_owned(), encode(value)])
            .collect()
    }

    /// A digest of all that decides what the list holds, and in which order.
    fn binding(&self) -> u32 {
        let mut digest = Sha256::new();
        let place = |name: &str| matches!(name, "page" | "limit" | "cursor" | "fields");
        digest.update(&self.path);
        for (name, value) in self.pairs.iter().filter(|(name, _)| !place(name)) {
            digest.update([0]);
            digest.update(name);
            digest.update([0]);
            digest.update(value);
        }
        let digest: [u8; 32] = digest.finalize().into();
        let [a, b, c, d, ..] = digest;
        u32::from_be_bytes([a, b, c, d])
    }

    /// `self`, `first`, `prev`, `next` and `last` of a page, as far as they exist; every other
    /// parameter is kept.
    pub fn links<T>(&self, context: &Context, slice: &Slice<T>) -> Links {
        let href = |page: Option<i32>, cursor: Option<&Cursor>| {
            let kept = self
                .pairs
                .iter()
                .filter(|(name, _)| !matches!(name.as_str(), "page" | "cursor"));
            let place = match (page, cursor) {
                (_, Some(cursor)) => Some(("cursor".to_owned(), cursor.to_string())),
                (page, None) => page.map(|page| ("page".to_owned(), page.to_string())),
            };
            let pairs: Vec<String> = kept
                .map(|(name, value)| (name.clone(), value.clone()))
                .chain(place)
                .map(|(name, value)| format!("{name}={}", encode(&value)))
                .collect();
            let query = if pairs.is_empty() {
                String::new()
            } else {
                format!("?{}", pairs.join("&"))
            };
            format!("{}{}{query}", context.origin, self.path)
        };
        let own = self.pairs.get("cursor").and_then(|text| text.parse().ok());
        let last = (slice.meta.total_records.max(1) + i64::from(slice.meta.limit) - 1)
            / i64::from(slice.meta.limit);
        let mut links = Links::to_self(href(Some(slice.meta.page), own.as_ref())).with(
            "first",
            "GET",
            href(Some(1), None),
        );
        if let Some(cursor) = &slice.previous {
            links = links.with("prev", "GET", href(None, Some(cursor)));
        }
        if let Some(cursor) = &slice.next {
            links = links.with("next", "GET", href(None, Some(cursor)));
        }
        match i32::try_from(last) {
            Ok(last)
                if i64::from(last) * i64::from(slice.meta.limit)
                    <= shared_types::page::DEEPEST_ROW =>
            {
                links.with("last", "GET", href(Some(last), None))
            }
            _ => links,
        }
    }
}

/// The members that a request wants of each item.
pub(crate) fn fields(request: &HttpRequest) -> Option<String> {
    let mut pairs = form_pairs(request.query_string()).into_iter();
    pairs.find_map(|(name, value)| (name == "fields").then_some(value))
}

fn encode(value: &str) -> String {
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                text.push(char::from(byte));
            }
            _ => {
                // Writing to a String can't fail.
                let _ = write!(text, "%{byte:02X}");
            }
        }
    }
    text
}

impl FromRequest for Query {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let pairs = form_pairs(request.query_string()).into_iter().collect();
        std::future::ready(Ok(Self {
            pairs,
            path: request.path().to_owned(),
        }))
    }
}
