//! The same words as a page of their own, for mail programs that show such: no picture, no style
//! from elsewhere, nothing that tells who has read it.

use super::render::Words;
use maud::{DOCTYPE, html};
use shared_types::Language;

const BODY: &str = "margin:0;padding:24px 12px;background:#ffffff";
const SHEET: &str = "max-width:36em;margin:0 auto;font:16px/1.5 sans-serif;color:#1a1a1a";
const ORGANISER: &str =
    "margin:0 0 24px;padding:0 0 12px;border-bottom:1px solid #767676;color:#595959";
const LINK: &str = "color:#00548f;word-break:break-all";

/// The page. Only what is one of the message's own addresses becomes a link: whatever else looks
/// like one was written by somebody.
pub(super) fn page(words: &Words, language: Language) -> String {
    let page = html! {
        (DOCTYPE)
        html lang=(language.tag()) {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width";
                title { (words.subject) }
            }
            body style=(BODY) {
                div style=(SHEET) {
                    @if let Some(organiser) = &words.organiser {
                        p style=(ORGANISER) { (organiser) }
                    }
                    @for paragraph in words.paragraphs() {
                        p {
                            @for (number, line) in paragraph.lines().enumerate() {
                                @if number > 0 { br; }
                                @if words.links.iter().any(|link| link == line) {
                                    a href=(line) style=(LINK) { (line) }
                                } @else {
                                    (line)
                                }
                                "\n"
                            }
                        }
                        "\n"
                    }
                }
            }
        }
    };
    page.into_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_that_somebody_wrote_stays_text_and_no_address_of_theirs_is_a_link() {
        let words = Words {
            subject: "<script>x</script>".to_owned(),
            organiser: Some("<b>A & B</b>".to_owned()),
            text: "Hej <img src=x>!\nhttps://evil.example/\n\nhttps://akademi.example/x\"y"
                .to_owned(),
            links: vec!["https://akademi.example/x\"y".to_owned()],
        };
        let page = page(&words, Language::Swedish);
        for evil in ["<script>", "<img", "<b>", "href=\"https://evil"] {
            assert!(!page.contains(evil), "{evil}: {page}");
        }
        assert!(
            page.contains("<a href=\"https://akademi.example/x&quot;y\""),
            "{page}"
        );
        assert!(page.contains("lang=\"sv\""));
        for outside in ["<img", "src=\"", "url(", "<link", "<script"] {
            assert!(!page.contains(outside), "{outside}");
        }
    }
}
