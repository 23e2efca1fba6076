//! An appointment inside a mail: other services name people by id, calendars know them by address.

use lettre::message::{SinglePart, header::ContentType};

/// The longest line, without its end (RFC 5545, 3.1).
const MOST_LINE_BYTES: usize = 75;
/// How a service names somebody whose address it does not know.
const BY_ID: &str = "urn:uuid:";

/// The part of a mail that calendars take; its method stands in the type too, where mail programs
/// look for it (RFC 6047, 2.4). It invites `to` in the name of `from`: of several attendees in a
/// mail only the one it goes to is there.
pub(super) fn part(calendar: &str, to: &str, from: &str) -> Result<SinglePart, String> {
    let calendar = addressed(calendar, to, from);
    let cancels = calendar
        .lines()
        .any(|line| line.trim_end() == "METHOD:CANCEL");
    let method = if cancels { "CANCEL" } else { "REQUEST" };
    let kind = format!("text/calendar; method={method}; charset=utf-8");
    let kind = ContentType::parse(&kind).map_err(|error| error.to_string())?;
    Ok(SinglePart::builder().header(kind).body(calendar))
}

/// The calendar with addresses in the place of ids; all else stays as it was.
fn addressed(calendar: &str, to: &str, from: &str) -> String {
    let mut text = String::with_capacity(calendar.len() + 64);
    for line in unfolded(calendar) {
        let address = match property(&line) {
            "ATTENDEE" => Some(to),
            "ORGANIZER" => Some(from),
            _ => None,
        };
        // The value comes last, so that a name that looks like an id is none.
        let line = match (address, line.rsplit_once(BY_ID)) {
            (Some(address), Some((before, id))) if uuid::Uuid::try_parse(id).is_ok() => {
                format!("{before}mailto:{address}")
            }
            _ => line,
        };
        fold(&line, &mut text);
    }
    text
}

/// What a line is about: `ATTENDEE` of `ATTENDEE;CN=Maja:…`.
fn property(line: &str) -> &str {
    line.split([';', ':']).next().unwrap_or_default()
}

fn unfolded(calendar: &str) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for line in calendar.split("\r\n").filter(|line| !line.is_empty()) {
        match (line.strip_prefix([' ', '\t']), lines.last_mut()) {
            (Some(more), Some(last)) => last.push_str(more),
            _ => lines.push(line.to_owned()),
        }
    }
    lines
}

fn fold(line: &str, into: &mut String) {
    let mut width = 0;
    for letter in line.chars() {
        if width + letter.len_utf8() > MOST_LINE_BYTES {
            into.push_str("\r\n ");
            width = 1;
        }
        into.push(letter);
        width += letter.len_utf8();
    }
    into.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;

    const ID: &str = "0192f0c1-7a3b-7c11-8f2a-1b2c3d4e5f60";

    fn object(attendee: &str) -> String {
        let mut text = String::new();
        for line in [
            "BEGIN:VCALENDAR",
            "METHOD:REQUEST",
            "BEGIN:VEVENT",
            &format!("ORGANIZER;CN=\"Kommunutbildning Syd\":urn:uuid:{ID}"),
            attendee,
            &format!("DESCRIPTION:urn:uuid:{ID}"),
            "END:VEVENT",
            "END:VCALENDAR",
        ] {
            fold(line, &mut text);
        }
        text
    }

    #[test]
    fn whoever_is_invited_is_named_by_the_address_that_the_mail_goes_to() {
        let name = "Åsa Öström Från En Kommun Med Ett Mycket Långt Namn";
        let attendee = format!("ATTENDEE;CN=\"{name}\";PARTSTAT=NEEDS-ACTION:urn:uuid:{ID}");
        let before = object(&attendee);
        let text = addressed(&before, "asa@kommun.example", "no-reply@akademi.example");
        assert!(text.lines().all(|line| line.len() <= MOST_LINE_BYTES));
        let lines = unfolded(&text);
        let has = |line: &str| lines.iter().any(|one| one == line);
        assert!(has(&format!(
            "ATTENDEE;CN=\"{name}\";PARTSTAT=NEEDS-ACTION:mailto:asa@kommun.example"
        )));
        assert!(has(
            "ORGANIZER;CN=\"Kommunutbildning Syd\":mailto:no-reply@akademi.example"
        ));
        assert!(
            has(&format!("DESCRIPTION:urn:uuid:{ID}")),
            "a text is left alone"
        );
        assert_eq!(lines.len(), unfolded(&before).len());
    }

    #[test]
    fn a_name_that_looks_like_an_id_and_an_address_that_is_known_stay() {
        for attendee in [
            "ATTENDEE;CN=\"urn:uuid:me\":mailto:maja@kommun.example".to_owned(),
            format!("ATTENDEE;CN=\"urn:uuid:{ID}\":mailto:maja@kommun.example"),
        ] {
            let text = addressed(
                &object(&attendee),
                "asa@kommun.example",
                "no-reply@a.example",
            );
            assert!(unfolded(&text).contains(&attendee), "{attendee}");
        }
    }
}
