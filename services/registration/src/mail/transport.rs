//! Messages as `.eml` files (RFC 5322), whole or not at all.

use super::{
    appointment, entity,
    render::{Text, one_line},
};
use lettre::{
    Address, Message,
    message::{
        Body, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use std::{
    fmt, io,
    path::{Path, PathBuf},
    time::SystemTime,
};
use tokio::{fs, io::AsyncWriteExt as _};

/// Who sends: nobody reads what is answered.
const SENDER: (&str, &str, &str) = ("Akademi", "no-reply", "akademi.example");
/// Longest line that may travel (RFC 5322, 2.1.1).
const MOST_LINE_BYTES: usize = 998;
/// Says that no person wrote this, so that no absence notice answers it (RFC 3834, 5).
const AUTO_SUBMITTED: HeaderName = HeaderName::new_from_ascii_str("Auto-Submitted");
/// The language of the text (RFC 3282).
const CONTENT_LANGUAGE: HeaderName = HeaderName::new_from_ascii_str("Content-Language");

/// Why a message was not sent.
#[derive(Debug)]
pub enum MailError {
    /// It can never be sent as it stands.
    Hopeless(String),
    /// It may be sent later.
    Io(io::Error),
}

impl fmt::Display for MailError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hopeless(why) => write!(f, "the message can't be sent: {why}"),
            Self::Io(error) => write!(f, "the message was not written: {error}"),
        }
    }
}

impl std::error::Error for MailError {}

/// Writes a message as a file in `folder`. Doing it twice leaves one file with one content.
pub async fn send(folder: &Path, row: &entity::Model, text: Text) -> Result<(), MailError> {
    let message = compose(row, text).map_err(MailError::Hopeless)?;
    let path = folder.join(file_name(row));
    write(folder, &path, &message).await.map_err(MailError::Io)
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
fn compose(row: &entity::Model, text: Text) -> Result<Vec<u8>, String> {
    let words = |error: &dyn fmt::Display| error.to_string();
    let (name, user, domain) = SENDER;
    let from = Address::new(user, domain).map_err(|error| words(&error))?;
    // The error would repeat the address, which is not for the log.
    let to: Address = row
        .recipient_email
        .parse()
        .map_err(|_| "the recipient's address is malformed".to_owned())?;
    let message = Message::builder()
        .from(Mailbox::new(Some(name.to_owned()), from.clone()))
        .to(Mailbox::new(
            Some(one_line(&row.recipient_name)),
            to.clone(),
        ))
        .subject(one_line(&text.subject))
        .date(SystemTime::from(row.created_at))
        .message_id(Some(format!("<{}@{domain}>", row.id)))
        .raw_header(HeaderValue::new(
            AUTO_SUBMITTED,
            "auto-generated".to_owned(),
        ))
        .raw_header(HeaderValue::new(CONTENT_LANGUAGE, row.language.clone()));
    let message = match row.facts.get("calendar").and_then(|one| one.as_str()) {
        None => message.singlepart(plain(text.body)),
        // As a part of its own beside the text: calendars take it, others show the text (RFC 6047).
        Some(calendar) => message.multipart(
            MultiPart::alternative()
                .singlepart(plain(text.body))
                .singlepart(appointment::part(calendar, to.as_ref(), from.as_ref())?),
        ),
    };
    Ok(message.map_err(|error| words(&error))?.formatted())
}

/// Plain text as it stands, so that every reader and every program finds the link whole; encoded
/// only where a word is too long for a line. (The builder itself would encode from 76 bytes on.)
fn plain(text: String) -> SinglePart {
    let body = if text.lines().all(|line| line.len() <= MOST_LINE_BYTES) {
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
        }
    }

    #[test]
    fn a_message_has_one_recipient_and_its_own_id_and_date() {
        let row = row("offer_made", serde_json::json!({}));
        let message = String::from_utf8(compose(&row, text()).unwrap()).unwrap();
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
        assert!(message.contains("text/plain; charset=utf-8"), "{message}");
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
            String::from_utf8(compose(&row, text).unwrap()).unwrap()
        };
        assert!(body("Å").contains("\r\n\r\nÅ\r\n"), "{}", body("Å"));
        let long = body(&"å".repeat(1000));
        assert!(long.lines().all(|line| line.len() <= MOST_LINE_BYTES));
    }

    #[test]
    fn a_name_can_not_add_a_header() {
        let mut row = row("offer_made", serde_json::json!({}));
        row.recipient_name = "x\r\nBcc: all@kommun.example".to_owned();
        let message = compose(&row, text()).unwrap();
        let message = String::from_utf8(message).unwrap();
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
        let error = compose(&row, text()).unwrap_err();
        assert!(!error.contains("kommun"), "{error}");
    }

    #[tokio::test]
    async fn sending_twice_leaves_one_file() {
        let folder = std::env::temp_dir().join(format!("akademi-mail-{}", uuid::Uuid::new_v4()));
        let row = row("offer_made", serde_json::json!({}));
        send(&folder, &row, text()).await.unwrap();
        send(&folder, &row, text()).await.unwrap();
        let files: Vec<_> = std::fs::read_dir(&folder).unwrap().collect();
        assert_eq!(files.len(), 1);
        std::fs::remove_dir_all(folder).unwrap();
    }
}
