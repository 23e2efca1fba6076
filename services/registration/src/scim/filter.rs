//! Filters (RFC 7644, 3.4.2.2): the whole grammar, read against the attributes that there are.
//!
//! Length, depth and the number of comparisons are bounded, and the parser goes down one step for
//! each bracket at most: no filter costs more than a short one may.

mod lexer;
#[cfg(test)]
mod tests;

use super::{
    path::{self, Named},
    refusal::invalid_filter,
    schema::{Attribute, Kind, Place, Resource},
};
use chrono::{DateTime, Utc};
use lexer::{Lexer, Token};
use serde_json::Value;
use shared_types::Problem;

/// Longest filter in bytes.
const MOST_BYTES: usize = 4000;
/// Brackets inside each other.
const MOST_DEPTH: usize = 16;
/// Comparisons in one filter.
const MOST_COMPARISONS: usize = 100;

/// A filter.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these.
    And(Vec<Filter>),
    /// One of these.
    Or(Vec<Filter>),
    /// Not this.
    Not(Box<Filter>),
    /// A value compares so.
    Compare(Place, Operator, Literal),
    /// There is a value.
    Present(Place),
    /// One and the same of several values fulfils all of this.
    Within(Place, Box<Filter>),
}

/// How values are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Equal.
    Equal,
    /// Not equal.
    NotEqual,
    /// Contains.
    Contains,
    /// Starts with.
    StartsWith,
    /// Ends with.
    EndsWith,
    /// Greater.
    Greater,
    /// Greater or equal.
    GreaterOrEqual,
    /// Less.
    Less,
    /// Less or equal.
    LessOrEqual,
}

/// What a value is compared with.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    /// A text.
    Text(String),
    /// Yes or no.
    Boolean(bool),
    /// An instant.
    Instant(DateTime<Utc>),
    /// No value.
    Null,
}

/// Reads a filter of resources.
pub fn parse(resource: &'static Resource, text: &str) -> Result<Filter, Problem> {
    if text.len() > MOST_BYTES {
        return Err(invalid_filter(format!(
            "A filter has {MOST_BYTES} bytes at most."
        )));
    }
    let mut parser = Parser {
        tokens: Lexer::new(text).tokens()?.into_iter().peekable(),
        resource,
        inside: None,
        depth: 0,
        comparisons: 0,
    };
    let filter = parser.any()?;
    match parser.tokens.next() {
        None => Ok(filter),
        Some(token) => Err(unexpected(&token)),
    }
}

/// A path with a filter, such as `emails[type eq "work"].value`, taken apart.
#[derive(Clone, Debug, PartialEq)]
pub struct Selection {
    /// The attribute, and the part that follows the brackets.
    pub place: Place,
    /// Which values.
    pub filter: Filter,
}

/// Reads a path with a filter.
pub fn parse_selection(
    resource: &'static Resource,
    text: &str,
) -> Result<Option<Selection>, Problem> {
    let Some((name, rest)) = text.split_once('[') else {
        return Ok(None);
    };
    let Some((inner, after)) = rest.rsplit_once(']') else {
        return Err(invalid_filter("A bracket is not closed."));
    };
    let whole = format!("{name}{after}");
    let place = match path::resolve(resource, whole.trim()) {
        Some(Named::Attribute(place)) => place,
        Some(Named::NotKept) => return Ok(None),
        _ => return Err(super::refusal::invalid_path(unknown(&whole))),
    };
    if inner.len() > MOST_BYTES {
        return Err(invalid_filter("The filter is too long."));
    }
    if !place.attribute.many || !(after.is_empty() || after.starts_with('.')) {
        return Err(super::refusal::invalid_path(unknown(text)));
    }
    let mut parser = Parser {
        tokens: Lexer::new(inner).tokens()?.into_iter().peekable(),
        resource,
        inside: Some(Place {
            part: None,
            ..place
        }),
        depth: 1,
        comparisons: 0,
    };
    let filter = parser.any()?;
    match parser.tokens.next() {
        None => Ok(Some(Selection { place, filter })),
        Some(token) => Err(unexpected(&token)),
    }
}

fn unknown(name: &str) -> String {
    let name: String = name.chars().take(100).collect();
    format!("There is no attribute {name:?} here.")
}

fn unexpected(token: &Token) -> Problem {
    invalid_filter(format!("{token} is not expected there."))
}

struct Parser {
    tokens: std::iter::Peekable<std::vec::IntoIter<Token>>,
    resource: &'static Resource,
    /// The attribute whose parts the names are, inside square brackets.
    inside: Option<Place>,
    depth: usize,
    comparisons: usize,
}

impl Parser {
    /// `or` binds least.
    fn any(&mut self) -> Result<Filter, Problem> {
        let mut all = vec![self.all()?];
        while self.takes_word("or") {
            all.push(self.all()?);
        }
        Ok(one_or(all, Filter::Or))
    }

    fn all(&mut self) -> Result<Filter, Problem> {
        let mut all = vec![self.one()?];
        while self.takes_word("and") {
            all.push(self.one()?);
        }
        Ok(one_or(all, Filter::And))
    }

    fn one(&mut self) -> Result<Filter, Problem> {
        match self.tokens.next() {
            Some(Token::Open) => self.bracketed(&Token::Close),
            // `not` is a word only where a bracket follows it.
            Some(Token::Word(word))
                if word.eq_ignore_ascii_case("not") && self.tokens.peek() == Some(&Token::Open) =>
            {
                self.tokens.next();
                let inner = self.bracketed(&Token::Close)?;
                Ok(Filter::Not(Box::new(inner)))
            }
            Some(Token::Word(name)) => self.comparison(&name),
            Some(token) => Err(unexpected(&token)),
            None => Err(invalid_filter("The filter ends too early.")),
        }
    }

    fn bracketed(&mut self, close: &Token) -> Result<Filter, Problem> {
        self.depth += 1;
        if self.depth > MOST_DEPTH {
            return Err(invalid_filter(format!(
                "Brackets stand inside each other {MOST_DEPTH} times at most."
            )));
        }
        let inner = self.any()?;
        self.depth -= 1;
        match self.tokens.next() {
            Some(token) if token == *close => Ok(inner),
            Some(token) => Err(unexpected(&token)),
            None => Err(invalid_filter("A bracket is not closed.")),
        }
    }

    fn comparison(&mut self, name: &str) -> Result<Filter, Problem> {
        self.comparisons += 1;
        if self.comparisons > MOST_COMPARISONS {
            return Err(invalid_filter(format!(
                "A filter has {MOST_COMPARISONS} comparisons at most."
            )));
        }
        let place = self.place(name)?;
        if self.tokens.peek() == Some(&Token::OpenSquare) {
            self.tokens.next();
            if self.inside.is_some() || place.part.is_some() || place.attribute.parts.is_empty() {
                return Err(invalid_filter(format!(
                    "{name:?} has no parts to look into."
                )));
            }
            self.inside = Some(place);
            let inner = self.bracketed(&Token::CloseSquare)?;
            self.inside = None;
            return Ok(Filter::Within(place, Box::new(inner)));
        }
        let Some(Token::Word(word)) = self.tokens.next() else {
            return Err(invalid_filter(format!("What is to be of {name:?}?")));
        };
        let word = word.to_ascii_lowercase();
        if word == "pr" {
            return Ok(Filter::Present(place));
        }
        let operator =
            operator(&word).ok_or_else(|| invalid_filter(format!("{word:?} is no operator.")))?;
        let literal = self.tokens.next();
        let literal = literal.ok_or_else(|| invalid_filter("The filter ends too early."))?;
        let place = valued(place);
        Ok(Filter::Compare(
            place,
            operator,
            literal_of(place, operator, literal)?,
        ))
    }

    fn place(&self, name: &str) -> Result<Place, Problem> {
        let refuse = || invalid_filter(unknown(name));
        if let Some(inside) = self.inside {
            let part = super::schema::find(inside.attribute.parts, name).ok_or_else(refuse)?;
            return Ok(Place {
                part: Some(part),
                ..inside
            });
        }
        match path::resolve(self.resource, name) {
            Some(Named::Attribute(place)) => Ok(place),
            _ => Err(refuse()),
        }
    }

    fn takes_word(&mut self, wanted: &str) -> bool {
        let is_it = matches!(self.tokens.peek(), Some(Token::Word(word)) if word.eq_ignore_ascii_case(wanted));
        if is_it {
            self.tokens.next();
        }
        is_it
    }
}

fn one_or(mut all: Vec<Filter>, many: fn(Vec<Filter>) -> Filter) -> Filter {
    match all.pop() {
        Some(only) if all.is_empty() => only,
        Some(last) => {
            all.push(last);
            many(all)
        }
        None => many(all),
    }
}

/// A comparison of an attribute with parts is one of its `value`.
fn valued(place: Place) -> Place {
    let value = || super::schema::find(place.attribute.parts, "value");
    Place {
        part: place.part.or_else(value),
        ..place
    }
}

fn operator(word: &str) -> Option<Operator> {
    Some(match word {
        "eq" => Operator::Equal,
        "ne" => Operator::NotEqual,
        "co" => Operator::Contains,
        "sw" => Operator::StartsWith,
        "ew" => Operator::EndsWith,
        "gt" => Operator::Greater,
        "ge" => Operator::GreaterOrEqual,
        "lt" => Operator::Less,
        "le" => Operator::LessOrEqual,
        _ => return None,
    })
}

/// What is compared, as the attribute has it.
fn literal_of(place: Place, operator: Operator, token: Token) -> Result<Literal, Problem> {
    let compared = compared(&place);
    let refuse = |what: &str| invalid_filter(format!("{:?} is {what}.", compared.name));
    let equality = matches!(operator, Operator::Equal | Operator::NotEqual);
    match (compared.kind, token) {
        (_, Token::Word(word)) if word.eq_ignore_ascii_case("null") && equality => {
            Ok(Literal::Null)
        }
        (Kind::Boolean, token) => {
            // As texts, too: some clients write them so.
            let (Token::Word(word) | Token::Text(word)) = token else {
                return Err(refuse("true or false"));
            };
            let value = boolean(&word).filter(|_| equality);
            let value = value.ok_or_else(|| refuse("true or false, equal or not"))?;
            Ok(Literal::Boolean(value))
        }
        (Kind::Instant, Token::Text(text)) => {
            let instant = DateTime::parse_from_rfc3339(&text);
            let instant = instant.map_err(|_| refuse("an instant such as 2026-01-31T12:00:00Z"))?;
            Ok(Literal::Instant(instant.to_utc()))
        }
        (Kind::Text | Kind::Reference, Token::Text(text)) => Ok(Literal::Text(text)),
        (Kind::Complex, _) => Err(refuse("compared by one of its parts")),
        (Kind::Text | Kind::Reference | Kind::Instant, _) => Err(refuse("a text in quotes")),
    }
}

/// Yes or no, in whatever case.
pub fn boolean(word: &str) -> Option<bool> {
    if word.eq_ignore_ascii_case("true") {
        Some(true)
    } else if word.eq_ignore_ascii_case("false") {
        Some(false)
    } else {
        None
    }
}

fn compared(place: &Place) -> &'static Attribute {
    place.part.unwrap_or(place.attribute)
}

impl Filter {
    /// Whether a document fulfils it.
    pub fn fits(&self, document: &Value) -> bool {
        match self {
            Self::And(all) => all.iter().all(|one| one.fits(document)),
            Self::Or(all) => all.iter().any(|one| one.fits(document)),
            Self::Not(one) => !one.fits(document),
            Self::Present(place) => place.values(document).into_iter().any(is_present),
            Self::Within(place, inner) => {
                let whole = Place {
                    part: None,
                    ..*place
                };
                let mut values = whole.values(document).into_iter();
                values.any(|value| inner.fits_element(value))
            }
            Self::Compare(place, operator, literal) => {
                compare(compared(place), &place.values(document), *operator, literal)
            }
        }
    }

    /// Whether one of several values fulfils it.
    pub fn fits_element(&self, element: &Value) -> bool {
        let part = |place: &Place| -> Vec<Value> {
            let name = place.part.map_or("", |part| part.name);
            element.get(name).cloned().into_iter().collect()
        };
        match self {
            Self::And(all) => all.iter().all(|one| one.fits_element(element)),
            Self::Or(all) => all.iter().any(|one| one.fits_element(element)),
            Self::Not(one) => !one.fits_element(element),
            Self::Present(place) => part(place).iter().any(is_present),
            Self::Within(..) => false,
            Self::Compare(place, operator, literal) => {
                let values = part(place);
                let values: Vec<&Value> = values.iter().collect();
                compare(compared(place), &values, *operator, literal)
            }
        }
    }

    /// The parts that all have to hold.
    pub fn conjuncts(&self) -> Vec<&Filter> {
        match self {
            Self::And(all) => all.iter().flat_map(Self::conjuncts).collect(),
            one => vec![one],
        }
    }

    /// Whether an attribute plays a part in it.
    pub fn speaks_of(&self, name: &str) -> bool {
        match self {
            Self::And(all) | Self::Or(all) => all.iter().any(|one| one.speaks_of(name)),
            Self::Not(one) => one.speaks_of(name),
            Self::Present(place) | Self::Compare(place, ..) | Self::Within(place, _) => {
                place.attribute.name == name
            }
        }
    }
}

impl Place {
    /// The values that stand there in a document.
    pub fn values<'a>(&self, document: &'a Value) -> Vec<&'a Value> {
        let top = match self.extension {
            Some(urn) => document.get(urn),
            None => Some(document),
        };
        let Some(value) = top.and_then(|top| top.get(self.attribute.name)) else {
            return Vec::new();
        };
        let all: Vec<&Value> = match value {
            Value::Array(items) => items.iter().collect(),
            one => vec![one],
        };
        match self.part {
            Some(part) => all
                .into_iter()
                .filter_map(|one| one.get(part.name))
                .collect(),
            None => all,
        }
    }
}

fn is_present(value: &Value) -> bool {
    match value {
        Value::Null => false,
        Value::String(text) => !text.is_empty(),
        Value::Array(items) => !items.is_empty(),
        Value::Object(members) => !members.is_empty(),
        Value::Bool(_) | Value::Number(_) => true,
    }
}

fn compare(
    attribute: &Attribute,
    values: &[&Value],
    operator: Operator,
    literal: &Literal,
) -> bool {
    if *literal == Literal::Null {
        let is_there = values.iter().any(|value| is_present(value));
        return is_there == (operator == Operator::NotEqual);
    }
    if operator == Operator::NotEqual {
        // Not one of them is equal, which holds where there is none, too.
        let equal = |value: &&&Value| matches(attribute, value, Operator::Equal, literal);
        return values.iter().filter(equal).count() == 0;
    }
    values
        .iter()
        .any(|value| matches(attribute, value, operator, literal))
}

fn matches(attribute: &Attribute, value: &Value, operator: Operator, literal: &Literal) -> bool {
    match (literal, value) {
        (Literal::Boolean(wanted), Value::Bool(value)) => value == wanted,
        (Literal::Instant(wanted), Value::String(text)) => {
            let value = DateTime::parse_from_rfc3339(text);
            value.is_ok_and(|value| ordered(&value.to_utc(), operator, wanted))
        }
        (Literal::Text(wanted), Value::String(text)) => {
            let (text, wanted) = if attribute.case_exact {
                (text.clone(), wanted.clone())
            } else {
                (text.to_lowercase(), wanted.to_lowercase())
            };
            match operator {
                Operator::Contains => text.contains(&wanted),
                Operator::StartsWith => text.starts_with(&wanted),
                Operator::EndsWith => text.ends_with(&wanted),
                other => ordered(&text, other, &wanted),
            }
        }
        _ => false,
    }
}

fn ordered<T: Ord>(value: &T, operator: Operator, wanted: &T) -> bool {
    match operator {
        Operator::Equal => value == wanted,
        Operator::NotEqual => value != wanted,
        Operator::Greater => value > wanted,
        Operator::GreaterOrEqual => value >= wanted,
        Operator::Less => value < wanted,
        Operator::LessOrEqual => value <= wanted,
        Operator::Contains | Operator::StartsWith | Operator::EndsWith => false,
    }
}
