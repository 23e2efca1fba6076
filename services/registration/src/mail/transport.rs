//! Messages as they travel (RFC 5322), and as `.eml` files, whole or not at all.

use super::{
    appointment, entity,
    render::{Text, one_line},
    store,
};
pub use lettre::Address;
use lettre::{
    Message,
    message::{
        Body, Mailbox, MultiPart, MultiPartKind, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use std::{
    fmt, io,
    path::{Path, PathBuf},
    time::SystemTime,
};
use tokio::{fs, io::AsyncWriteExt as _};

/// Who sends where no organiser is named.
const SENDER: &str = "Akademi";
/// From which address, unless the operator names one: nobody reads what is answered.
pub const USUAL_SENDER: &str = "no-reply@akademi.example";
/// Longest line that may travel (RFC 5322, 2.1.1).
const MOST_LINE_BYTES: usize = 998;
/// Says that no person wrote this, so that no absence notice answers it (RFC 3834, 5).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");
/// The language of the text (RFC 3282).
const CONTENT_LANGUAGE: HeaderName = HeaderName::new_from_ascii_str("Content-Language");
/// Where such messages are turned off (RFC 2369), and that one request does it (RFC 8058).
const UNSUBSCRIBE: HeaderName = HeaderName::new_from_ascii_str("List-Unsubscribe");
const ONE_CLICK: HeaderName = HeaderName::new_from_ascii_str("List-Unsubscribe-Post");

/// Why a message was not sent.
#[derive(Debug)]
pub enum MailError {
    /// It can never be sent as it stands.
    Hopeless(String),
    /// The file was not written; it may be later.
    Io(io::Error),
    /// The mail server does not take the address, with this number.
    Bounced(u16),
    /// The mail server does not take the mail, with this number.
    Rejected(u16),
    /// The mail server takes nothing now, with this number.
    Later(u16),
    /// The mail server did not answer in time.
    Silent,
    /// The mail server was not reached, or the connection broke.
    Unreachable,
    /// The mail server could not show who it is.
    Insecure,
}

impl MailError {
    /// Where the message stands after so many attempts, and why in one word.
    pub fn outcome(&self, attempts: i32) -> (&'static str, String) {
        let later = if attempts >= store::MOST_ATTEMPTS {
            store::FAILED
        } else {
            store::PENDING
        };
        match self {
            Self::Hopeless(_) => (store::FAILED, "malformed".to_owned()),
            Self::Io(_) => (later, "not_written".to_owned()),
            Self::Bounced(code) => (store::BOUNCED, format!("smtp_{code}")),
            Self::Rejected(code) => (store::FAILED, format!("smtp_{code}")),
            Self::Later(code) => (later, format!("smtp_{code}")),
            Self::Silent => (later, "no_answer".to_owned()),
            Self::Unreachable => (later, "no_connection".to_owned()),
            Self::Insecure => (later, "no_tls".to_owned()),
        }
    }
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hopeless(why) => write!(f, "the message can't be sent: {why}"),
            Self::Io(error) => write!(f, "the message was not written: {error}"),
            Self::Bounced(code) => write!(f, "the mail server refused the address: {code}"),
            Self::Rejected(code) => write!(f, "the mail server refused the message: {code}"),
            Self::Later(code) => write!(f, "the mail server said to come later: {code}"),
            Self::Silent => write!(f, "the mail server did not answer in time"),
            Self::Unreachable => write!(f, "no connection to the mail server"),
            Self::Insecure => write!(f, "no trusted connection to the mail server"),
        }
    }
}

impl std::error::Error for MailError {}

/// Writes a message as a file in `folder`. Doing it twice leaves one file with one content.
pub async fn write_file(
    folder: &Path,
    row: &entity::Model,
    composed: &Composed,
) -> Result<(), MailError> {
    let path = folder.join(file_name(row));
    let written = write(folder, &path, &composed.bytes).await;
    written.map_err(MailError::Io)
}

/// How a message travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// As a file, which people read: letters as they are.
    File,
    /// Through servers, of which some take seven bits only.
    Server,
}

/// A message as it travels.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Composed {
    /// To whom.
    pub to: Address,
    /// All of it.
    pub bytes: Vec<u8>,
}

/// Deletes the file of a message.
pub async fn delete(folder: &Path, row: &entity::Model) -> Result<(), MailError> {
    match fs::remove_file(folder.join(file_name(row))).await {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(MailError::Io(error)),
        _ => Ok(()),
    }
}

/// The message as it travels. Header fields go through the builder, which encodes what is not
/// ASCII; it would panic at a line break in a name, so whoever wrote one gets a space.
pub fn compose(
    row: &entity::Model,
    text: Text,
    from: &Address,
    unsubscribe: Option<&str>,
    way: Way,
) -> Result<Composed, MailError> {
    // The error would repeat the address, which is not for the log.
    let to = row.recipient_email.parse();
    let to: Address =
        to.map_err(|_| MailError::Hopeless("the recipient's address is malformed".to_owned()))?;
    let bytes = bytes(row, text, (from, &to), unsubscribe, way).map_err(MailError::Hopeless)?;
    Ok(Composed { to, bytes })
}

fn bytes(
    row: &entity::Model,
    text: Text,
    (from, to): (&Address, &Address),
    unsubscribe: Option<&str>,
    way: Way,
) -> Result<Vec<u8>, String> {
    let words = |error: &dyn fmt::Display| error.to_string();
    let name = text.organiser.map_or_else(
        || SENDER.to_owned(),
        |organiser| format!("{organiser} ({SENDER})"),
    );
    let mut message = Message::builder()
        .from(Mailbox::new(Some(name), from.clone()))
        .to(Mailbox::new(
            Some(one_line(&row.recipient_name)),
            to.clone(),
        ))
        .subject(one_line(&text.subject))
        .date(SystemTime::from(row.created_at))
        .message_id(Some(format!("<{}@{}>", row.id, from.domain())))
        .raw_header(HeaderValue::new(
            AUTO_SUBMITTED,
            "auto-generated".to_owned(),
        ))
        .raw_header(HeaderValue::new(CONTENT_LANGUAGE, row.language.clone()));
    if let Some(address) = unsubscribe {
        let post = "List-Unsubscribe=One-Click".to_owned();
        message = message
            .raw_header(HeaderValue::new(UNSUBSCRIBE, format!("<{address}>")))
            .raw_header(HeaderValue::new(ONE_CLICK, post));
    }
    // The row's own, so that the same message is the same to the letter whenever it is sent.
    let boundary = format!("akademi-{}", row.id.simple());
    let mut parts = MultiPart::builder()
        .kind(MultiPartKind::Alternative)
        .boundary(boundary)
        .singlepart(plain(text.body, way))
        .singlepart(encoded(ContentType::TEXT_HTML, text.html)?);
    // As a part of its own beside the text: calendars take it, others show the text (RFC 6047).
    if let Some(calendar) = row.facts.get("calendar").and_then(|one| one.as_str()) {
        parts = parts.singlepart(appointment::part(calendar, to.as_ref(), from.as_ref())?);
    }
    let message = message.multipart(parts);
    Ok(message.map_err(|error| words(&error))?.formatted())
}

/// A part in letters that every server takes.
fn encoded(kind: ContentType, text: String) -> Result<SinglePart, String> {
    let quoted = ContentTransferEncoding::QuotedPrintable;
    let body = Body::new_with_encoding(text, quoted);
    let body = body.map_err(|_| "a part can't be encoded".to_owned())?;
    Ok(SinglePart::builder().header(kind).body(body))
}

/// Plain text as it stands, so that every reader and every program finds the link whole; encoded
/// only where it has to be: for servers, and where a word is too long for a line. (The builder
/// itself would encode from 76 bytes on.)
fn plain(text: String, way: Way) -> SinglePart {
    let is_plain = way == Way::File || text.is_ascii();
    let body = if is_plain && text.lines().all(|line| line.len() <= MOST_LINE_BYTES) {
        let lines = text.replace('\n', "\r\n").into_bytes();
        Body::dangerous_pre_encoded(lines, ContentTransferEncoding::EightBit)
    } else {
        Body::new(text)
    };
    SinglePart::builder()
        .header(ContentType::TEXT_PLAIN)
        .body(body)
}

fn file_name(row: &entity::Model) -> String {
    format!("{}-{}.eml", row.created_at.timestamp_micros(), row.id)
}

async fn write(folder: &Path, path: &Path, bytes: &[u8]) -> io::Result<()> {
    fs::create_dir_all(folder).await?;
    // A name of its own for each writer: two that send the same message don't share a file.
    let unfinished: PathBuf = folder.join(format!(".{}.new", uuid::Uuid::new_v4().simple()));
    let mut file = fs::File::create(&unfinished).await?;
    file.write_all(bytes).await?;
    file.sync_all().await?;
    fs::rename(&unfinished, path).await
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mail::render::tests::row;

    fn text() -> Text {
        Text {
            subject: "En plats väntar".to_owned(),
            body: "Hej!\n\nhttps://akademi.example/registration/pages/offer/abc\n".to_owned(),
            html: "<p>Hej Åsa!</p>".to_owned(),
            organiser: None,
        }
    }

    fn sender() -> Address {
        USUAL_SENDER.parse().unwrap()
    }

    fn composed(row: &entity::Model, text: Text, way: Way) -> String {
        let composed = compose(row, text, &sender(), None, way).unwrap();
        String::from_utf8(composed.bytes).unwrap()
    }

    #[test]
    fn a_message_has_one_recipient_and_its_own_id_and_date() {
        let row = row("offer_made", serde_json::json!({}));
        let message = composed(&row, text(), Way::File);
        assert!(
            message.contains("Message-ID: <00000000-0000-0000-0000-000000000007@akademi.example>"),
            "{message}"
        );
        assert!(
            message.contains("Date: Fri, 01 Apr 2022 08:00:00 +0000"),
            "{message}"
        );
        assert!(message.contains("To: "), "{message}");
        assert!(
            message.contains("\r\nhttps://akademi.example/registration/pages/offer/abc\r\n"),
            "{message}"
        );
        assert!(
            message.contains("Auto-Submitted: auto-generated"),
            "{message}"
        );
        assert!(message.contains("multipart/alternative"), "{message}");
        let places = ["text/plain; charset=utf-8", "text/html; charset=utf-8"]
            .map(|kind| message.find(kind).unwrap());
        assert!(
            places.is_sorted(),
            "what is shown best comes last: {message}"
        );
        assert!(!message.contains("List-Unsubscribe"), "{message}");
        assert_eq!(
            file_name(&row),
            "1648800000000000-00000000-0000-0000-0000-000000000007.eml"
        );
    }

    #[test]
    fn letters_travel_as_they_are_and_a_word_without_end_is_encoded() {
        let row = row("offer_made", serde_json::json!({}));
        let body = |word: &str| {
            let text = Text {
                body: format!("{word}\n"),
                ..text()
            };
            composed(&row, text, Way::File)
        };
        assert!(body("Å").contains("\r\n\r\nÅ\r\n"), "{}", body("Å"));
        let long = body(&"å".repeat(1000));
        assert!(long.lines().all(|line| line.len() <= MOST_LINE_BYTES));
    }

    #[test]
    fn through_servers_everything_travels_in_seven_bits_and_short_lines() {
        let mut row = row(
            "told.session_invitation",
            serde_json::json!({ "calendar": "BEGIN:VCALENDAR\r\nMETHOD:CANCEL\r\nSUMMARY:Möte\r\nEND:VCALENDAR\r\n" }),
        );
        row.recipient_name = "Åsa Öberg".to_owned();
        let text = Text {
            body: format!("Å {}\n", "ord ".repeat(400)),
            organiser: Some("Förbundet".to_owned()),
            ..text()
        };
        let message = composed(&row, text, Way::Server);
        assert!(message.is_ascii(), "{message}");
        assert!(message.lines().all(|line| line.len() <= 78), "{message}");
        assert!(
            message.contains("text/calendar; method=CANCEL"),
            "{message}"
        );
    }

    #[test]
    fn what_can_be_turned_off_says_where_and_the_organiser_is_named() {
        let row = row("told.announcement", serde_json::json!({}));
        let named = Text {
            organiser: Some("Kommunförbundet\" <x@evil.example>, \"y".to_owned()),
            ..text()
        };
        let address = "https://akademi.example/registration/pages/unsubscribe/abc";
        let composed = compose(&row, named, &sender(), Some(address), Way::Server).unwrap();
        let message = String::from_utf8(composed.bytes).unwrap();
        let (head, _) = message.split_once("\r\n\r\n").unwrap();
        let head = head.replace("\r\n ", " ");
        assert!(
            head.contains(&format!("List-Unsubscribe: <{address}>")),
            "{head}"
        );
        assert!(
            head.contains("List-Unsubscribe-Post: List-Unsubscribe=One-Click"),
            "{head}"
        );
        let from = head
            .lines()
            .find(|line| line.starts_with("From: "))
            .unwrap();
        assert!(from.ends_with("<no-reply@akademi.example>"), "{from}");
        assert!(!from.contains("<x@evil.example>,"), "{from}");
    }

    #[test]
    fn a_name_can_not_add_a_header() {
        let mut row = row("offer_made", serde_json::json!({}));
        row.recipient_name = "x\r\nBcc: all@kommun.example".to_owned();
        let message = composed(&row, text(), Way::File);
        let (head, _) = message.split_once("\r\n\r\n").unwrap();
        assert!(
            !head
                .lines()
                .any(|line| line.to_lowercase().starts_with("bcc")),
            "{head}"
        );
    }

    #[test]
    fn a_malformed_address_is_hopeless_and_not_repeated_in_the_error() {
        let mut row = row("offer_made", serde_json::json!({}));
        row.recipient_email = "a@kommun.example\r\nBcc: b@kommun.example".to_owned();
        let error = compose(&row, text(), &sender(), None, Way::File).unwrap_err();
        assert_eq!(error.outcome(1).0, store::FAILED);
        assert!(!error.to_string().contains("kommun"), "{error}");
    }

    #[tokio::test]
    async fn sending_twice_leaves_one_file() {
        let folder = std::env::temp_dir().join(format!("akademi-mail-{}", uuid::Uuid::new_v4()));
        let row = row("offer_made", serde_json::json!({}));
        for _ in 0..2 {
            let composed = compose(&row, text(), &sender(), None, Way::File).unwrap();
            write_file(&folder, &row, &composed).await.unwrap();
        }
        let files: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
        assert_eq!(files.len(), 1);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
