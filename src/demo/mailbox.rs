//! The mails that Akademi wrote, as their receivers find them.

use crate::Fault;
use std::{fs, path::Path, time::Duration};

/// How often a mail is looked for, a minute in all: what it tells may come from another service.
const TRIES: u32 = 1200;

/// The newest link of a kind in the mails to an address, at `url`: a demo that goes on may
/// answer elsewhere than when the mail was written.
pub(super) async fn link(
    url: &str,
    mail_dir: &Path,
    address: &str,
    kind: &str,
) -> Result<String, Fault> {
    for _ in 0..TRIES {
        if let Some(link) = newest(mail_dir, address, kind)? {
            // Whatever service's page it is: what stands before its name is the address of then.
            let pages = link.find("/pages/").unwrap_or_default();
            let service = link.get(..pages).and_then(|before| before.rfind('/'));
            let path = service.and_then(|at| link.get(at..));
            return Ok(format!("{url}{}", path.unwrap_or_default()));
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    Err(format!("no mail with a {kind} link to {address}").into())
}

fn newest(mail_dir: &Path, address: &str, kind: &str) -> Result<Option<String>, Fault> {
    let Ok(entries) = fs::read_dir(mail_dir) else {
        return Ok(None);
    };
    let mut names: Vec<_> = entries
        .filter_map(|entry| entry.ok().map(|entry| entry.path()))
        .collect();
    // Names begin with the time of writing.
    names.sort();
    for path in names
        .into_iter()
        .rev()
        .filter(|path| path.extension().is_some_and(|ending| ending == "eml"))
    {
        let mail = fs::read_to_string(path)?;
        let is_to = mail
            .lines()
            .any(|line| line.starts_with("To:") && line.contains(address));
        if is_to && let Some(link) = find_link(&plain(&mail), kind) {
            return Ok(Some(link));
        }
    }
    Ok(None)
}

/// Undoes the soft line breaks of quoted-printable (RFC 2045, 6.7); a link has no letter that
/// needs more.
fn plain(mail: &str) -> String {
    mail.replace("=\r\n", "").replace("=\n", "")
}

fn find_link(mail: &str, kind: &str) -> Option<String> {
    let path = format!("/pages/{kind}/");
    let words = mail.split_whitespace();
    words
        .into_iter()
        .find(|word| word.starts_with("http") && word.contains(&path))
        .map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_is_found_across_a_soft_line_break() {
        let mail = "To: a@b.example\r\n\r\nhttp://127.0.0.1/registration/pages/sla=\r\nte/abc\r\n";
        let link = find_link(&plain(mail), "slate");
        assert_eq!(
            link.as_deref(),
            Some("http://127.0.0.1/registration/pages/slate/abc")
        );
    }
}
