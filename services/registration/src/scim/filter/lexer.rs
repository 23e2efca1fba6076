//! The words of a filter.

use crate::scim::refusal::invalid_filter;
use shared_types::Problem;
use std::fmt;

/// A word of a filter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Token {
    Open,
    Close,
    OpenSquare,
    CloseSquare,
    /// A name, an operator, a number, `true`, `false` or `null`.
    Word(String),
    /// What stands in quotes.
    Text(String),
}

impl fmt::Display for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let short = |text: &str| text.chars().take(40).collect::<String>();
        match self {
            Self::Open => f.write_str("("),
            Self::Close => f.write_str(")"),
            Self::OpenSquare => f.write_str("["),
            Self::CloseSquare => f.write_str("]"),
            Self::Word(word) => write!(f, "{:?}", short(word)),
            Self::Text(text) => write!(f, "the text {:?}", short(text)),
        }
    }
}

/// Takes a filter apart.
pub(super) struct Lexer<'a> {
    rest: &'a str,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a str) -> Self {
        Self { rest: text }
    }

    pub(super) fn tokens(mut self) -> Result<Vec<Token>, Problem> {
        let mut tokens = Vec::new();
        loop {
            self.rest = self.rest.trim_start_matches(' ');
            let Some(first) = self.rest.chars().next() else {
                return Ok(tokens);
            };
            let token = match first {
                '(' => self.sign(Token::Open),
                ')' => self.sign(Token::Close),
                '[' => self.sign(Token::OpenSquare),
                ']' => self.sign(Token::CloseSquare),
                '"' => self.text()?,
                _ => self.word()?,
            };
            tokens.push(token);
        }
    }

    fn sign(&mut self, token: Token) -> Token {
        self.rest = self.rest.get(1..).unwrap_or_default();
        token
    }

    fn word(&mut self) -> Result<Token, Problem> {
        let ends = |sign: char| !(sign.is_ascii_alphanumeric() || "$-_.:+".contains(sign));
        let length = self.rest.find(ends).unwrap_or(self.rest.len());
        if length == 0 {
            let sign: String = self.rest.chars().take(1).collect();
            return Err(invalid_filter(format!("{sign:?} has no meaning there.")));
        }
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        Ok(Token::Word(word.to_owned()))
    }

    /// A text is written as in JSON (RFC 7644, 3.4.2.2), escapes included.
    fn text(&mut self) -> Result<Token, Problem> {
        let mut escaped = false;
        let end = self.rest.char_indices().skip(1).find(|(_, sign)| {
            let ends = *sign == '"' && !escaped;
            escaped = *sign == '\\' && !escaped;
            ends
        });
        let Some((end, _)) = end else {
            return Err(invalid_filter("A text is not closed by a quotation mark."));
        };
        let (text, rest) = self.rest.split_at(end + 1);
        self.rest = rest;
        let text: String = serde_json::from_str(text)
            .map_err(|_| invalid_filter("A text is not written as in JSON."))?;
        if text.contains('\0') {
            return Err(invalid_filter("A text holds a NUL character."));
        }
        Ok(Token::Text(text))
    }
}
