//! Mails as the `.eml` transport writes them.

use std::path::Path;

/// A mail that was sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mail {
    /// The recipient's address.
    pub to: String,
    /// Everything above the text.
    pub head: String,
    /// The text: of several parts, the plain one.
    pub body: String,
    /// All that stands below the head, with every part.
    pub whole: String,
}

impl Mail {
    /// The addresses in the text, each on a line of its own.
    pub fn links(&self) -> Vec<&str> {
        let lines = self.body.lines().map(str::trim);
        lines.filter(|line| line.starts_with("http")).collect()
    }
}

/// The mails in a folder, in the order in which they were queued.
pub fn read(folder: &Path) -> Vec<Mail> {
    let Ok(entries) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|kind| kind == "eml"));
    paths.sort();
    let texts = paths
        .iter()
        .map(|path| std::fs::read_to_string(path).unwrap());
    texts.map(|text| parse(&text)).collect()
}

fn parse(text: &str) -> Mail {
    let (head, body) = text.split_once("\r\n\r\n").unwrap();
    // A long field goes on in lines that begin with a space.
    let unfolded = head.replace("\r\n ", " ");
    let to = unfolded.lines().find_map(|line| line.strip_prefix("To: "));
    let to = to.unwrap();
    let address = to.rsplit_once('<').map_or(to, |(_, address)| address);
    Mail {
        to: address.trim_end_matches('>').to_owned(),
        body: plain(&unfolded, body),
        whole: body.replace("\r\n", "\n"),
        head: unfolded,
    }
}

/// The text of a mail: the first part that is plain.
fn plain(head: &str, body: &str) -> String {
    let boundary = head.lines().find_map(|line| {
        let (_, named) = line
            .strip_prefix("Content-Type: multipart/")?
            .split_once("boundary=\"")?;
        named.split('"').next()
    });
    let part = boundary.map_or(body, |boundary| {
        let boundary = format!("--{boundary}\r\n");
        let parts = body.split(boundary.as_str());
        let mut parts = parts.filter(|part| part.contains("text/plain"));
        let part = parts.next().and_then(|part| part.split_once("\r\n\r\n"));
        part.map_or("", |(_, text)| text.trim_end_matches("\r\n"))
    });
    // The break before a boundary is the boundary's.
    let text = part.replace("\r\n", "\n");
    if boundary.is_some() {
        text + "\n"
    } else {
        text
    }
}
