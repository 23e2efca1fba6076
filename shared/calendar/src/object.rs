//! iCalendar objects (RFC 5545, 5546, 7986): what calendar programs read.
//!
//! The library `icalendar` makes the properties of events: it knows which are text and escapes
//! them. Lines are folded here, since the library lets the last part of some grow to 76 octets,
//! and zones are written by [`crate::zone`], since it has none.

use crate::zone;
use chrono::{DateTime, Datelike as _, NaiveDateTime, TimeDelta, TimeZone as _, Utc};
use chrono_tz::Tz;
use icalendar::{Component as _, EventStatus, Property};
use shared_types::Language;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Media type of a calendar.
pub const MEDIA_TYPE: &str = "text/calendar; charset=utf-8";
/// Who makes these objects.
const PRODUCT: &str = "-//Akademi//Calendar//EN";
/// Most octets of a line, its end apart (RFC 5545, 3.1).
const MOST_OCTETS: usize = 75;

/// What clocks show at two instants: those of the zone, or UTC's where the zone's show one of the
/// two a second time, on the night on which they are set back.
pub fn on_clocks(
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    zone: Tz,
) -> (NaiveDateTime, NaiveDateTime, Tz) {
    let shown = |at: DateTime<Utc>, zone: Tz| at.with_timezone(&zone).naive_local();
    // Of a time that comes twice the first is meant (RFC 5545, 3.3.5).
    let means = |at: DateTime<Utc>| zone.from_local_datetime(&shown(at, zone)).earliest();
    let zone = if [from, to]
        .into_iter()
        .all(|at| means(at).is_some_and(|first| first == at))
    {
        zone
    } else {
        Tz::UTC
    };
    (shown(from, zone), shown(to, zone), zone)
}

/// Whether an event will be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// It will.
    Confirmed,
    /// It may: the time is to be kept free.
    Tentative,
    /// It will not.
    Cancelled,
}

/// One entry of a calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Its name for good: programs find by it what they have already.
    pub uid: String,
    /// Goes up with every change, so that the newer of two is known.
    pub sequence: u32,
    /// When it last changed.
    pub changed_at: DateTime<Utc>,
    /// When it begins, as clocks in the zone show it.
    pub starts_at: NaiveDateTime,
    /// When it ends, as clocks in the zone show it.
    pub ends_at: NaiveDateTime,
    /// The zone.
    pub zone: Tz,
    /// Whether it will be.
    pub status: Status,
    /// What it is.
    pub summary: String,
    /// Where it is; empty where nobody knows yet.
    pub location: String,
    /// What else there is to know.
    pub description: String,
}

/// Somebody whom a message names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Party {
    /// Address as a URI: `mailto:…` once the mail is sent.
    pub address: String,
    /// Name.
    pub name: String,
}

impl Party {
    /// Somebody by an id: whoever sends the mail knows the address, and who writes the object
    /// does not.
    pub fn known(id: impl Into<Uuid>, name: impl Into<String>) -> Self {
        Self {
            address: format!("urn:uuid:{}", id.into()),
            name: name.into(),
        }
    }
}

/// What a message wants (RFC 5546, 3.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Take it into the calendar, or change what is there.
    Request,
    /// Take it out.
    Cancel,
}

impl Method {
    /// The method's word.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// A calendar that programs read again and again.
#[derive(Clone, Debug)]
pub struct Feed<'a> {
    /// What the calendar is called.
    pub name: &'a str,
    /// Language of its texts.
    pub language: Language,
    /// How often a program should look.
    pub refresh: TimeDelta,
    /// What stands in it.
    pub events: &'a [Event],
}

/// A calendar to subscribe to. It says the same as long as its events do.
pub fn feed(feed: &Feed<'_>) -> String {
    let mut lines = begin(None);
    lines.put_text("NAME", feed.name);
    lines.put_text("X-WR-CALNAME", feed.name);
    let refresh = format!("PT{}M", feed.refresh.num_minutes());
    lines.put("REFRESH-INTERVAL;VALUE=DURATION", &refresh);
    lines.put("X-PUBLISHED-TTL", &refresh);
    zones(&mut lines, feed.events);
    for event in feed.events {
        lines.put_event(&component(event, feed.language, event.changed_at));
    }
    end(lines)
}

/// Some events to take over once.
pub fn download(events: &[Event], language: Language) -> String {
    let mut lines = begin(None);
    zones(&mut lines, events);
    for event in events {
        lines.put_event(&component(event, language, event.changed_at));
    }
    end(lines)
}

/// A message about one event, to be sent by mail.
pub fn message(
    method: Method,
    event: &Event,
    (organiser, attendee): (&Party, &Party),
    language: Language,
    now: DateTime<Utc>,
) -> String {
    let mut lines = begin(Some(method));
    zones(&mut lines, std::slice::from_ref(event));
    let mut component = component(event, language, now);
    component.append_property(party("ORGANIZER", organiser));
    let mut attendee = party("ATTENDEE", attendee);
    if method == Method::Request {
        attendee.add_parameter("ROLE", "REQ-PARTICIPANT");
        attendee.add_parameter("PARTSTAT", "NEEDS-ACTION");
        // Answers go to Akademi by a link, not by mail.
        attendee.add_parameter("RSVP", "FALSE");
    }
    component.append_multi_property(attendee);
    if method == Method::Cancel {
        component.status(EventStatus::Cancelled);
    }
    lines.put_event(&component);
    end(lines)
}

fn begin(method: Option<Method>) -> Lines {
    let mut lines = Lines::default();
    lines.put("BEGIN", "VCALENDAR");
    lines.put("VERSION", "2.0");
    lines.put("PRODID", PRODUCT);
    lines.put("CALSCALE", "GREGORIAN");
    if let Some(method) = method {
        lines.put("METHOD", method.word());
    }
    lines
}

fn end(mut lines: Lines) -> String {
    lines.put("END", "VCALENDAR");
    lines.into_text()
}

/// Every zone that an event names, for the years in which one does.
fn zones(lines: &mut Lines, events: &[Event]) {
    if events.is_empty() {
        // An object has at least one component (RFC 5545, 3.6).
        zone::write(lines, Tz::UTC, 1971, 1971);
    }
    let mut years: BTreeMap<&str, (Tz, i32, i32)> = BTreeMap::new();
    for event in events {
        let (first, last) = (event.starts_at.year(), event.ends_at.year());
        let span = years
            .entry(event.zone.name())
            .or_insert((event.zone, first, last));
        *span = (span.0, span.1.min(first), span.2.max(last));
    }
    for (zone, first, last) in years.into_values() {
        zone::write(lines, zone, first, last);
    }
}

fn component(event: &Event, language: Language, stamp: DateTime<Utc>) -> icalendar::Event {
    let mut component = icalendar::Event::new();
    component.append_property(Property::new("UID", &event.uid));
    component.append_property(Property::new("SEQUENCE", event.sequence.to_string()));
    component.append_property(Property::new("DTSTAMP", instant(stamp)));
    component.append_property(Property::new("LAST-MODIFIED", instant(event.changed_at)));
    for (name, at) in [("DTSTART", event.starts_at), ("DTEND", event.ends_at)] {
        let at = at.format("%Y%m%dT%H%M%S").to_string();
        let mut property = Property::new(name, at);
        property.add_parameter("TZID", event.zone.name());
        component.append_property(property);
    }
    let texts = [
        ("SUMMARY", &event.summary),
        ("LOCATION", &event.location),
        ("DESCRIPTION", &event.description),
    ];
    for (name, text) in texts.into_iter().filter(|(_, text)| !text.is_empty()) {
        let mut property = Property::new(name, plain(text));
        property.add_parameter("LANGUAGE", language.tag());
        component.append_property(property);
    }
    // Outlook looks at its own property, the others at STATUS and TRANSP.
    let (status, busy, transparent) = match event.status {
        Status::Confirmed => (EventStatus::Confirmed, "BUSY", "OPAQUE"),
        Status::Tentative => (EventStatus::Tentative, "TENTATIVE", "OPAQUE"),
        Status::Cancelled => (EventStatus::Cancelled, "FREE", "TRANSPARENT"),
    };
    component.status(status);
    component.append_property(Property::new("TRANSP", transparent));
    component.append_property(Property::new("X-MICROSOFT-CDO-BUSYSTATUS", busy));
    component
}

fn instant(at: DateTime<Utc>) -> String {
    at.format("%Y%m%dT%H%M%SZ").to_string()
}

fn party(name: &str, party: &Party) -> Property {
    // Parameters can be quoted, but nothing can be escaped in them.
    let common_name = plain(&party.name).replace(['"', '\n'], " ");
    let mut property = Property::new(name, plain(&party.address).replace('\n', ""));
    property.add_parameter("CN", &common_name);
    property
}

/// A text without what would break a line: ends of lines become one kind, other controls go.
fn plain(text: &str) -> String {
    let text = text
        .replace("\r\n", "\n")
        .replace(['\r', '\u{2028}', '\u{2029}'], "\n");
    text.chars()
        .map(|letter| if letter == '\t' { ' ' } else { letter })
        .filter(|letter| *letter == '\n' || !letter.is_control())
        .collect()
}

/// Lines of an object, folded as they come.
#[derive(Clone, Debug, Default)]
pub struct Lines(String);

impl Lines {
    /// Adds a line whose value needs no escaping.
    pub fn put(&mut self, name: &str, value: &str) {
        self.fold(&format!("{name}:{value}"));
    }

    /// Adds a line whose value is a text that somebody wrote.
    fn put_text(&mut self, name: &str, text: &str) {
        // The library escapes what it knows to be text; it knows `COMMENT`, not every name.
        let property: Result<String, _> = Property::new("COMMENT", plain(text)).try_into();
        let line = unfolded(&property.unwrap_or_default());
        let value = line.trim_end_matches("\r\n").strip_prefix("COMMENT:");
        self.put(name, value.unwrap_or_default());
    }

    fn put_event(&mut self, event: &icalendar::Event) {
        let text = event.try_into_string().unwrap_or_default();
        for line in unfolded(&text).lines() {
            self.fold(line);
        }
    }

    /// Breaks a line between letters, so that no part has more than 75 octets.
    fn fold(&mut self, line: &str) {
        let mut octets = 0;
        for letter in line.chars() {
            if octets + letter.len_utf8() > MOST_OCTETS {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(letter);
            octets += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    /// The whole text.
    pub fn into_text(self) -> String {
        self.0
    }
}

/// What a folded text says (RFC 5545, 3.1).
fn unfolded(text: &str) -> String {
    text.replace("\r\n ", "")
}

#[cfg(test)]
mod tests;
