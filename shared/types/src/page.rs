//! Pages of lists.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where in the list a page stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PageMeta {
    /// Items in the whole list, counted when its first page was read.
    #[schema(example = 60, minimum = 0, maximum = 2_147_483_647)]
    pub total_records: i64,
    /// Number of this page, from 1.
    #[schema(example = 1, minimum = 1, maximum = 2_147_483_647)]
    pub page: i32,
    /// Most items on a page.
    #[schema(example = 20, minimum = 1, maximum = 100)]
    pub limit: i32,
    /// Items on this page.
    #[schema(example = 20, minimum = 0, maximum = 100)]
    pub count: i32,
    /// With `modifiedAfter`: every change before this instant is in the list. The value for
    /// `modifiedAfter` the next time.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(example = "2022-04-12T08:00:00.123456Z")]
    pub modified_until: Option<DateTime<Utc>>,
}

/// Order of a list whose items have no name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = "-modifiedAt")]
pub enum ChangeSort {
    /// The order in which they were made.
    #[serde(rename = "id")]
    Id,
    /// The latest made first.
    #[serde(rename = "-id")]
    IdDescending,
    /// By the last change, the oldest first.
    #[serde(rename = "modifiedAt")]
    ModifiedAt,
    /// By the last change, the latest first.
    #[serde(rename = "-modifiedAt")]
    ModifiedAtDescending,
}

/// Order of a list whose items have a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = "name")]
pub enum NameSort {
    /// The order in which they were made.
    #[serde(rename = "id")]
    Id,
    /// The latest made first.
    #[serde(rename = "-id")]
    IdDescending,
    /// By name.
    #[serde(rename = "name")]
    Name,
    /// By name, backwards.
    #[serde(rename = "-name")]
    NameDescending,
    /// By the last change, the oldest first.
    #[serde(rename = "modifiedAt")]
    ModifiedAt,
    /// By the last change, the latest first.
    #[serde(rename = "-modifiedAt")]
    ModifiedAtDescending,
}

/// Order of a list whose items never change.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(example = "-id")]
pub enum PlainSort {
    /// The order in which they were made.
    #[serde(rename = "id")]
    Id,
    /// The latest made first.
    #[serde(rename = "-id")]
    IdDescending,
}

/// What a list is sorted by; ties are broken by id.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SortKey {
    /// The id alone: the order in which items were made.
    #[default]
    Id,
    /// The column `name`.
    Name,
    /// The column `modified_at`.
    ModifiedAt,
}

/// Rows that page numbers reach; beyond, the cursor's way is the only one.
pub const DEEPEST_ROW: i64 = 10_000;

/// Which page of a list is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PageRequest {
    /// Number of the page, from 1.
    pub number: i32,
    /// Most items.
    pub limit: i32,
    /// What the list is sorted by.
    pub sort: SortKey,
    /// Whether the last comes first.
    pub descending: bool,
    /// Only what was changed then or later.
    pub modified_after: Option<DateTime<Utc>>,
    /// Only what was changed earlier than this: what is being changed now is left for the next
    /// time. Set by the database, from the first page on.
    pub modified_until: Option<DateTime<Utc>>,
    /// Digest of the path, the order and the filters: a cursor is good for these alone.
    pub binding: u32,
    /// Where to go on from, as an earlier page said.
    pub cursor: Option<Cursor>,
}

/// The place between two pages, with what was settled on the first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Id of the item at the edge of the page that was read.
    pub edge: Uuid,
    /// Sort key of that item, where the list is not sorted by id.
    pub key: Option<String>,
    /// Whether the items before the edge are wanted, not those after it.
    pub backwards: bool,
    /// Number of the page that the cursor leads to.
    pub number: i32,
    /// Items in the whole list, counted on the first page.
    pub total: i64,
    /// As in the request that made the cursor.
    pub modified_until: Option<DateTime<Utc>>,
    /// As in the request that made the cursor.
    pub binding: u32,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let direction = if self.backwards { 'b' } else { 'f' };
        let until = self.modified_until.map(|until| until.timestamp_micros());
        write!(
            f,
            "{direction}{}-{}-{}-{:08x}-{}-",
            self.edge.simple(),
            self.number,
            self.total,
            self.binding,
            until.map(|until| until.to_string()).unwrap_or_default(),
        )?;
        // With a letter in front, so that an empty key is not taken for none.
        if let Some(key) = &self.key {
            f.write_str("k")?;
            key.bytes().try_for_each(|byte| write!(f, "{byte:02x}"))?;
        }
        Ok(())
    }
}

impl std::str::FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (direction, rest) = text.split_at_checked(1).ok_or(())?;
        let mut parts = rest.split('-');
        let mut next = || parts.next().ok_or(());
        let cursor = Self {
            edge: Uuid::try_parse(next()?).map_err(drop)?,
            backwards: match direction {
                "b" => true,
                "f" => false,
                _ => return Err(()),
            },
            number: next()?.parse().map_err(drop)?,
            total: next()?.parse().map_err(drop)?,
            binding: u32::from_str_radix(next()?, 16).map_err(drop)?,
            modified_until: instant(next()?)?,
            key: key(next()?)?,
        };
        let whole = parts.next().is_none() && cursor.number >= 1 && cursor.total >= 0;
        whole.then_some(cursor).ok_or(())
    }
}

fn instant(text: &str) -> Result<Option<DateTime<Utc>>, ()> {
    if text.is_empty() {
        return Ok(None);
    }
    let micros = text.parse().map_err(drop)?;
    DateTime::from_timestamp_micros(micros).map(Some).ok_or(())
}

fn key(text: &str) -> Result<Option<String>, ()> {
    let Some(hex) = text.strip_prefix('k') else {
        return if text.is_empty() { Ok(None) } else { Err(()) };
    };
    if hex.len() % 2 != 0 || !hex.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(());
    }
    let pairs = hex.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).map_err(drop)?;
        u8::from_str_radix(pair, 16).map_err(drop)
    });
    let bytes = pairs.collect::<Result<Vec<u8>, ()>>()?;
    let key = String::from_utf8(bytes).map_err(drop)?;
    // NUL would be refused by one of the databases, as an error of ours.
    if key.contains('\0') {
        return Err(());
    }
    Ok(Some(key))
}

/// A page as the store read it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Slice<T> {
    /// The items.
    pub items: Vec<T>,
    /// Where in the list they stand.
    pub meta: PageMeta,
    /// Where the next page starts, if there is one.
    pub next: Option<Cursor>,
    /// Where the previous page ends, if there is one.
    pub previous: Option<Cursor>,
}

/// Declares the page type of a resource, so that every list has the same three members and a
/// name of its own in the API document.
#[macro_export]
macro_rules! page {
    ($name:ident, $item:ty, $doc:literal) => {
        #[doc = $doc]
        #[derive(
            Clone, Debug, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema,
        )]
        pub struct $name {
            /// The items, in the list's order.
            #[schema(max_items = 100)]
            pub items: Vec<$item>,
            /// Where in the list the page stands.
            #[serde(rename = "_meta")]
            pub meta: $crate::PageMeta,
            /// `self`, `first`, `prev`, `next` and `last`, as far as they exist.
            #[serde(rename = "_links")]
            pub links: $crate::Links,
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cursor_is_read_back_as_it_was_written() {
        let plain = Cursor {
            edge: Uuid::from_u128(7),
            key: None,
            backwards: true,
            number: 3,
            total: 60,
            modified_until: None,
            binding: 0xfe,
        };
        for key in [None, Some(String::new()), Some("Åsa - Bo".to_owned())] {
            for modified_until in [None, DateTime::from_timestamp_micros(1_650_000_000_123_456)] {
                let cursor = Cursor {
                    key: key.clone(),
                    modified_until,
                    ..plain.clone()
                };
                assert_eq!(cursor.to_string().parse(), Ok(cursor));
            }
        }
        for text in [
            "",
            "f",
            "x00000000000000000000000000000007-1-1-0--",
            "f00000000000000000000000000000007-0-1-0--",
            "f00000000000000000000000000000007-1-1-0-",
            "f00000000000000000000000000000007-1-1-0---",
            "f00000000000000000000000000000007-1-1-0-x-",
            "f00000000000000000000000000000007-1-1-0--41",
            "f00000000000000000000000000000007-1-1-0--k4",
            "f00000000000000000000000000000007-1-1-0--k+4",
            "f00000000000000000000000000000007-1-1-0--k00",
            "f00000000000000000000000000000007-1-1-0--kff",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(()), "{text}");
        }
    }
}
