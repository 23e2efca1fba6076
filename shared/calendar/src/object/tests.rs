//! What is written is read back by another library, which shares nothing with the first.

use super::*;
use calcard::{
    Entry, Parser,
    icalendar::{ICalendar, ICalendarComponent, ICalendarComponentType as Kind, ICalendarProperty},
};
use chrono::{NaiveDate, Offset as _};
use proptest::prelude::*;

fn at(text: &str) -> NaiveDateTime {
    text.parse().unwrap()
}

fn event(summary: &str) -> Event {
    Event {
        uid: "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60-1@akademi".into(),
        sequence: 3,
        changed_at: "2026-04-12T08:00:00Z".parse().unwrap(),
        starts_at: at("2026-10-20T10:00:00"),
        ends_at: at("2026-10-20T16:00:00"),
        zone: Tz::Europe__Stockholm,
        status: Status::Confirmed,
        summary: summary.into(),
        location: "Kursgården, Östersund".into(),
        description: "First line\nSecond; line, with \\ and ✨".into(),
    }
}

/// The object as the other library reads it; stops where it has left out a line. (Its strict
/// mode refuses every component within another.)
fn read(text: &str) -> ICalendar {
    let mut parser = Parser::new(text);
    let calendar = match parser.entry() {
        Entry::ICalendar(calendar) => calendar,
        other => panic!("{other:?} in {text}"),
    };
    assert_eq!(parser.entry(), Entry::Eof, "{text}");
    let entries = calendar.components.iter().map(|one| one.entries.len());
    let lines = unfolded(text);
    let is_property = |line: &&str| !line.starts_with("BEGIN:") && !line.starts_with("END:");
    let written = lines.lines().filter(is_property).count();
    assert_eq!(entries.sum::<usize>(), written, "{text}");
    calendar
}

fn components(calendar: &ICalendar, kind: &Kind) -> Vec<ICalendarComponent> {
    let all = calendar.components.iter();
    all.filter(|one| one.component_type == *kind)
        .cloned()
        .collect()
}

fn text(component: &ICalendarComponent, property: &ICalendarProperty) -> String {
    let entry = component.property(property).unwrap();
    entry.values[0].as_text().unwrap().to_owned()
}

fn in_feed(event: &Event) -> String {
    feed(&Feed {
        name: "Akademi, Maja; 2026",
        language: Language::Swedish,
        refresh: TimeDelta::hours(4),
        events: std::slice::from_ref(event),
    })
}

/// Every line, unfolded ones too, as octets.
fn assert_folded(text: &str) {
    assert!(text.ends_with("END:VCALENDAR\r\n"));
    for line in text.trim_end_matches("\r\n").split("\r\n") {
        assert!(line.len() <= 75, "{} octets: {line}", line.len());
        assert!(!line.contains(['\r', '\n']), "a bare end of line: {line:?}");
    }
}

#[test]
fn an_event_is_written_as_programs_expect_it() {
    let expected = "\
BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//Akademi//Calendar//EN
CALSCALE:GREGORIAN
NAME:Akademi\\, Maja\\; 2026
X-WR-CALNAME:Akademi\\, Maja\\; 2026
REFRESH-INTERVAL;VALUE=DURATION:PT240M
X-PUBLISHED-TTL:PT240M
";
    let written = in_feed(&event("Internat 1")).replace("\r\n", "\n");
    assert!(written.starts_with(expected), "{written}");
    let begin = written.find("BEGIN:VEVENT").unwrap();
    let expected = "\
BEGIN:VEVENT
DESCRIPTION;LANGUAGE=sv:First line\\nSecond\\; line\\, with \\\\ and ✨
DTEND;TZID=Europe/Stockholm:20261020T160000
DTSTAMP:20260412T080000Z
DTSTART;TZID=Europe/Stockholm:20261020T100000
LAST-MODIFIED:20260412T080000Z
LOCATION;LANGUAGE=sv:Kursgården\\, Östersund
SEQUENCE:3
STATUS:CONFIRMED
SUMMARY;LANGUAGE=sv:Internat 1
TRANSP:OPAQUE
UID:0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60-1@akademi
X-MICROSOFT-CDO-BUSYSTATUS:BUSY
END:VEVENT
END:VCALENDAR
";
    assert_eq!(&written[begin..], expected);
}

#[test]
fn what_was_written_is_what_another_library_reads() {
    let names = [
        "Lärcentrum, Tranås; sal 2",
        "Emoji 🎓🏔️ och Å",
        "Line\nBreak",
        "\\n is no line",
    ];
    for name in names {
        let calendar = read(&in_feed(&event(name)));
        let events = components(&calendar, &Kind::VEvent);
        assert_eq!(events.len(), 1);
        assert_eq!(text(&events[0], &ICalendarProperty::Summary), name);
        assert_eq!(
            text(&events[0], &ICalendarProperty::Description),
            "First line\nSecond; line, with \\ and ✨"
        );
        let calendars = components(&calendar, &Kind::VCalendar);
        assert_eq!(
            text(&calendars[0], &ICalendarProperty::Name),
            "Akademi, Maja; 2026"
        );
    }
}

#[test]
fn states_are_shown_as_each_program_looks_for_them() {
    for (status, words) in [
        (Status::Confirmed, ["CONFIRMED", "OPAQUE", "BUSY"]),
        (Status::Tentative, ["TENTATIVE", "OPAQUE", "TENTATIVE"]),
        (Status::Cancelled, ["CANCELLED", "TRANSPARENT", "FREE"]),
    ] {
        let written = in_feed(&Event {
            status,
            ..event("x")
        });
        for (name, word) in ["STATUS", "TRANSP", "X-MICROSOFT-CDO-BUSYSTATUS"]
            .iter()
            .zip(words)
        {
            assert!(
                written.contains(&format!("\r\n{name}:{word}\r\n")),
                "{written}"
            );
        }
    }
}

#[test]
fn a_text_can_neither_end_a_line_nor_smuggle_one_in() {
    for end in [
        "\r\n", "\r", "\n", "\u{2028}", "\u{2029}", "\u{b}", "\u{c}", "\u{85}",
    ] {
        let evil = format!("a{end}ATTENDEE:mailto:evil@kommun.example{end}END:VEVENT");
        let event = Event {
            location: evil.clone(),
            ..event(&evil)
        };
        let party = Party {
            address: format!("urn:uuid:1{end}X-EVIL:1"),
            name: format!("Maja \" ; CN=x{end}X-EVIL:1"),
        };
        let now = event.changed_at;
        let message = message(
            Method::Request,
            &event,
            (&party, &party),
            Language::English,
            now,
        );
        for written in [in_feed(&event), message] {
            assert_folded(&written);
            let lines = unfolded(&written);
            assert!(!lines.contains("\r\nX-EVIL"), "{lines}");
            assert_eq!(
                lines.matches("\r\nATTENDEE").count(),
                lines.matches("METHOD").count()
            );
            assert_eq!(components(&read(&written), &Kind::VEvent).len(), 1);
        }
    }
}

#[test]
fn a_message_names_who_asks_and_who_is_asked() {
    let party = |address: &str, name: &str| Party {
        address: address.into(),
        name: name.into(),
    };
    let (from, to) = (
        party("mailto:akademi@kommun.example", "Kommunförbundet"),
        party(
            "urn:uuid:0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60",
            "Dahl, Anders",
        ),
    );
    let now = "2026-05-01T06:00:00Z".parse().unwrap();
    for (method, word) in [(Method::Request, "REQUEST"), (Method::Cancel, "CANCEL")] {
        let written = message(
            method,
            &event("Avslutning"),
            (&from, &to),
            Language::Swedish,
            now,
        );
        assert_folded(&written);
        let lines = unfolded(&written);
        assert!(lines.contains(&format!("\r\nMETHOD:{word}\r\n")));
        assert!(lines.contains("\r\nDTSTAMP:20260501T060000Z\r\n"));
        assert!(
            lines.contains("\r\nORGANIZER;CN=Kommunförbundet:mailto:akademi@kommun.example\r\n")
        );
        assert!(lines.contains("ATTENDEE;CN=\"Dahl, Anders\""), "{lines}");
        assert_eq!(lines.contains("STATUS:CANCELLED"), method == Method::Cancel);
        assert_eq!(components(&read(&written), &Kind::VEvent).len(), 1);
    }
}

proptest! {
    #[test]
    fn every_text_is_folded_and_read_back(summary in "\\PC{0,300}", location in "[a-zåäö,;\\\\ 🎓\n]{0,200}") {
        let event = Event { location: location.clone(), ..event(&summary) };
        let written = in_feed(&event);
        assert_folded(&written);
        let events = components(&read(&written), &Kind::VEvent);
        prop_assert_eq!(events.len(), 1);
        if !summary.trim().is_empty() {
            let read = text(&events[0], &ICalendarProperty::Summary);
            let expected = summary.replace(['\u{2028}', '\u{2029}'], "\n");
            prop_assert_eq!(read.trim(), expected.trim());
        }
    }
}

/// Seconds ahead of UTC at an instant by the rules of a written zone alone: those of the latest
/// of its moves before it. The other library reads the zone and follows its rules.
fn offset_by_rules(moves: &[(DateTime<Utc>, i32)], instant: DateTime<Utc>) -> i32 {
    let before = moves.iter().rev().find(|(at, _)| *at <= instant);
    before.map(|(_, offset)| *offset).unwrap()
}

/// The moves of a written zone in order, with what clocks show after each.
fn moves(zone: &str) -> Vec<(DateTime<Utc>, i32)> {
    let mut moves = Vec::new();
    let whole = format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{zone}END:VCALENDAR\r\n");
    assert_eq!(components(&read(&whole), &Kind::VTimezone).len(), 1);
    for part in zone
        .split("BEGIN:")
        .filter(|part| part.contains("TZOFFSETTO"))
    {
        let value = |name: &str| {
            let line = part.lines().find(|line| line.starts_with(name));
            line.map(|line| line[name.len() + 1..].to_owned())
        };
        let seconds = |name: &str| {
            let text = value(name).unwrap();
            let number: i32 = text[1..].parse().unwrap();
            let seconds = number / 100 * 3600 + number % 100 * 60;
            if text.starts_with('-') {
                -seconds
            } else {
                seconds
            }
        };
        // As an event, since it is events of which the library tells the dates.
        let rule = value("RRULE").map_or(String::new(), |rule| format!("RRULE:{rule}\r\n"));
        let event = format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\n\
             DTSTART:{}Z\r\nDURATION:PT1S\r\n{rule}END:VEVENT\r\nEND:VCALENDAR\r\n",
            value("DTSTART").unwrap()
        );
        let expanded = read(&event).expand_dates(calcard::common::timezone::Tz::UTC, 8);
        for one in expanded.events {
            let local = one.start.with_timezone(&Utc);
            let at = local - TimeDelta::seconds(seconds("TZOFFSETFROM").into());
            moves.push((at, seconds("TZOFFSETTO")));
        }
    }
    moves.sort_unstable();
    moves
}

#[test]
fn the_rules_of_a_zone_say_what_the_zone_data_say_in_every_hour() {
    let zones = [
        Tz::Europe__Stockholm,
        Tz::Europe__Copenhagen,
        Tz::Europe__Helsinki,
        Tz::Europe__London,
        Tz::Europe__Dublin,
        Tz::America__New_York,
        Tz::Australia__Sydney,
        Tz::Africa__Casablanca,
        Tz::Atlantic__Reykjavik,
        Tz::Asia__Kolkata,
        Tz::UTC,
    ];
    for zone in zones {
        let mut lines = Lines::default();
        zone::write(&mut lines, zone, 2026, 2028);
        let moves = moves(&lines.into_text());
        let mut at = Utc.with_ymd_and_hms(2026, 1, 1, 0, 0, 0).unwrap();
        let end = NaiveDate::from_ymd_opt(2029, 1, 1).unwrap();
        while at.date_naive() < end {
            let truth = zone
                .offset_from_utc_datetime(&at.naive_utc())
                .fix()
                .local_minus_utc();
            assert_eq!(offset_by_rules(&moves, at), truth, "{zone} at {at}");
            at += TimeDelta::minutes(30);
        }
    }
}

#[test]
fn an_event_in_two_years_and_two_zones_brings_the_rules_of_both() {
    let swedish = Event {
        ends_at: at("2027-01-01T12:00:00"),
        ..event("x")
    };
    let danish = Event {
        zone: Tz::Europe__Copenhagen,
        ..event("y")
    };
    let written = download(&[swedish, danish.clone(), danish], Language::Danish);
    assert_eq!(written.matches("BEGIN:VTIMEZONE").count(), 2);
    assert_eq!(components(&read(&written), &Kind::VEvent).len(), 3);
}

#[test]
fn a_calendar_without_events_is_one_all_the_same() {
    let written = download(&[], Language::English);
    assert_folded(&written);
    assert_eq!(components(&read(&written), &Kind::VTimezone).len(), 1);
}

#[test]
fn an_instant_is_shown_by_the_zones_clocks_unless_they_show_it_twice() {
    let shown = |from: &str, to: &str| {
        let zone = Tz::Europe__Stockholm;
        let (from, to, zone) = on_clocks(from.parse().unwrap(), to.parse().unwrap(), zone);
        (from.to_string(), to.to_string(), zone.name())
    };
    let plain = shown("2026-10-20T08:00:00Z", "2026-10-20T09:00:00Z");
    assert_eq!(
        plain,
        (
            "2026-10-20 10:00:00".into(),
            "2026-10-20 11:00:00".into(),
            "Europe/Stockholm"
        )
    );
    // The first half past two of the night, and the second.
    assert_eq!(
        shown("2026-10-25T00:30:00Z", "2026-10-25T00:45:00Z").2,
        "Europe/Stockholm"
    );
    let second = shown("2026-10-25T00:30:00Z", "2026-10-25T01:30:00Z");
    assert_eq!(
        second,
        (
            "2026-10-25 00:30:00".into(),
            "2026-10-25 01:30:00".into(),
            "UTC"
        )
    );
}
