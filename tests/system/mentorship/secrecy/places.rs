//! Where is looked, for what, and how it would look there.

use shared_web::command::hex;
use std::{
    collections::BTreeSet,
    time::{Duration, Instant},
};

/// The places that were searched.
pub(super) struct Places {
    needles: Vec<Needle>,
    searched: BTreeSet<String>,
    found: Vec<String>,
}

/// A text that must not be found, in every form in which it could lie somewhere.
struct Needle {
    name: String,
    forms: Vec<String>,
}

impl Places {
    /// Looks for some texts, and for the keys that open what pairs write.
    pub(super) fn new(texts: &[&str], keys: &str) -> Self {
        let mut needles: Vec<Needle> = texts.iter().map(|text| Needle::of(text)).collect();
        for key in keys.trim().split(',') {
            let (_, key) = key.split_once(':').unwrap();
            needles.push(Needle {
                name: "a master key".to_owned(),
                forms: vec![key.to_owned()],
            });
        }
        Self {
            needles,
            searched: BTreeSet::new(),
            found: Vec::new(),
        }
    }

    /// Searches a place. It is one that can be read: it holds `control`.
    pub(super) fn add(&mut self, name: &str, text: impl Into<Vec<u8>>, control: &str) {
        let text = String::from_utf8_lossy(&text.into()).into_owned();
        assert!(
            text.contains(control),
            "{name} was not read: no {control:?}"
        );
        for needle in &self.needles {
            if needle.forms.iter().any(|form| text.contains(form)) {
                self.found.push(format!("{} in {name}", needle.name));
            }
        }
        self.searched.insert(name.to_owned());
    }

    /// Counts a place that was searched for something of its own.
    pub(super) fn count(&mut self, name: String) {
        self.searched.insert(name);
    }

    /// Stops where anything was found, or where too little was searched; else says what was.
    pub(super) fn are_clean(&self, least: usize) -> String {
        let kinds: BTreeSet<&str> = self.searched.iter().map(|name| kind(name)).collect();
        assert!(kinds.len() >= least, "{kinds:?}");
        assert!(self.found.is_empty(), "{:#?}", self.found);
        format!("{} places: {kinds:?}", self.searched.len())
    }
}

/// What a place is one of: who asks, or where it lies.
fn kind(name: &str) -> &str {
    name.split_once(": ").map_or(name, |(kind, _)| kind)
}

impl Needle {
    fn of(text: &str) -> Self {
        let bytes = text.as_bytes();
        let hex = hex(bytes);
        let mut forms = vec![text.to_owned(), hex.to_uppercase(), hex];
        forms.push(text.to_uppercase());
        // Wherever it begins within three bytes, without the letters that what is around it decides.
        for before in 0..3 {
            let around = [&[0; 2][..before], bytes].concat();
            let whole = around.len() / 3 * 3;
            let encoded = base64(&around[..whole]);
            forms.push(encoded[(before * 8).div_ceil(6)..].to_owned());
        }
        Self {
            name: text.to_owned(),
            forms,
        }
    }
}

/// Whether a text holds another, in one of its forms.
pub(super) fn holds(text: &str, other: &str) -> bool {
    let needle = Needle::of(other);
    needle.forms.iter().any(|form| text.contains(form))
}

/// Base64 of whole triples.
fn base64(bytes: &[u8]) -> String {
    const LETTERS: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for triple in bytes.chunks(3) {
        let bits = triple
            .iter()
            .fold(0, |bits, byte| (bits << 8) | usize::from(*byte));
        for shift in [18, 12, 6, 0] {
            text.push(LETTERS[(bits >> shift) & 63].into());
        }
    }
    text
}

/// Waits for something, at most a minute.
pub(super) async fn until(what: &str, is_so: impl Fn() -> bool) {
    let started = Instant::now();
    while !is_so() {
        assert!(started.elapsed() < Duration::from_mins(1), "never: {what}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}

#[test]
fn a_text_is_found_in_every_form() {
    for around in ["", "x", "xy", "xyz"] {
        let text = format!("{around}kanarie7f3b9qx, och sedan");
        let whole = text.len() / 3 * 3;
        assert!(
            holds(&base64(&text.as_bytes()[..whole]), "kanarie7f3b9qx"),
            "{around}"
        );
        let hex = hex(text.as_bytes()).to_uppercase();
        assert!(holds(&hex, "kanarie7f3b9qx") && holds(&text, "kanarie7f3b9qx"));
    }
    assert_eq!(base64(b"Man"), "TWFu");
    assert!(!holds("a nightingale", "kanarie7f3b9qx"));
}

#[test]
#[should_panic(expected = "kanarie7f3b9qx in a place")]
fn what_is_found_stops_the_test() {
    let mut places = Places::new(&["kanarie7f3b9qx"], "1:key");
    places.add("a place", "Notes: kanarie7f3b9qx.", "Notes");
    places.are_clean(1);
}

#[test]
#[should_panic(expected = "a place was not read")]
fn a_place_that_is_not_read_stops_the_test() {
    Places::new(&["kanarie7f3b9qx"], "1:key").add("a place", "", "Notes");
}
