//! Pages of lists.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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
}

/// Rows that page numbers reach; beyond, the cursor's way is the only one.
pub const DEEPEST_ROW: i64 = 10_000;

/// Which page of a list is asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PageRequest {
    /// Number of the page, from 1.
    pub number: i32,
    /// Most items.
    pub limit: i32,
    /// Where to go on from, as an earlier page said.
    pub cursor: Option<Cursor>,
}

/// The place between two pages, with what was counted on the first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cursor {
    /// Id of the item at the edge of the page that was read.
    pub edge: uuid::Uuid,
    /// Whether the items before the edge are wanted, not those after it.
    pub backwards: bool,
    /// Number of the page that the cursor leads to.
    pub number: i32,
    /// Items in the whole list, counted on the first page.
    pub total: i64,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let direction = if self.backwards { 'b' } else { 'f' };
        write!(
            f,
            "{direction}{}-{}-{}",
            self.edge.simple(),
            self.number,
            self.total
        )
    }
}

impl std::str::FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (direction, rest) = text.split_at_checked(1).ok_or(())?;
        let mut parts = rest.split('-');
        let mut next = || parts.next().ok_or(());
        let cursor = Self {
            edge: uuid::Uuid::try_parse(next()?).map_err(drop)?,
            backwards: match direction {
                "b" => true,
                "f" => false,
                _ => return Err(()),
            },
            number: next()?.parse().map_err(drop)?,
            total: next()?.parse().map_err(drop)?,
        };
        if cursor.number >= 1 && cursor.total >= 0 {
            Ok(cursor)
        } else {
            Err(())
        }
    }
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
        let cursor = Cursor {
            edge: uuid::Uuid::from_u128(7),
            backwards: true,
            number: 3,
            total: 60,
        };
        assert_eq!(cursor.to_string().parse(), Ok(cursor));
        for text in [
            "",
            "f",
            "x00000000000000000000000000000007-1-1",
            "f00000000000000000000000000000007-0-1",
        ] {
            assert_eq!(text.parse::<Cursor>(), Err(()), "{text}");
        }
    }
}
