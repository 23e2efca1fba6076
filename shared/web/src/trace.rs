//! W3C Trace Context: which request this is, across all processes.

use actix_web::http::header::HeaderMap;
use std::{fmt, ops::Range};

/// Members that a `tracestate` may have (W3C Trace Context, 3.3.1.1).
const MOST_MEMBERS: usize = 32;
/// Longest `tracestate` that is passed on; the recommendation asks for 512 characters at least.
const MOST_STATE: usize = 8192;

/// What others have noted of the trace: the `tracestate` that is passed on with it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct State(pub String);

/// The trace of a request by its headers, with its state. One `traceparent` that is well formed
/// is continued; none, several or another one start a new trace, and what was noted of the old
/// one is dropped. A state that breaks the rules is dropped alone.
pub fn of_headers(headers: &HeaderMap) -> (Trace, Option<State>) {
    let mut parents = headers.get_all("traceparent");
    let parent = match (parents.next(), parents.next()) {
        (Some(one), None) => one.to_str().ok().and_then(Trace::parse),
        _ => None,
    };
    match parent {
        None => (Trace::start(), None),
        Some(parent) => (parent.next_span(), State::of_headers(headers)),
    }
}

/// The span before ours, by the same rules: its id in hex.
pub fn parent_of_headers(headers: &HeaderMap) -> Option<String> {
    let mut parents = headers.get_all("traceparent");
    match (parents.next(), parents.next()) {
        (Some(one), None) => span_of(one.to_str().ok()?),
        _ => None,
    }
}

/// The span's id, in hex, that a `traceparent` names.
pub fn span_of(parent: &str) -> Option<String> {
    Some(Trace::parse(parent)?.span().to_owned())
}

impl State {
    /// The state of all `tracestate` headers together, in their order.
    fn of_headers(headers: &HeaderMap) -> Option<Self> {
        let all: Option<Vec<&str>> = headers
            .get_all("tracestate")
            .map(|value| value.to_str().ok())
            .collect();
        Self::parse(&all?.join(","))
    }

    fn parse(text: &str) -> Option<Self> {
        let white = [' ', '\t'];
        let members: Vec<&str> = text
            .split(',')
            .map(|member| member.trim_matches(white))
            // Empty members are allowed and say nothing.
            .filter(|member| !member.is_empty())
            .collect();
        let length = members.iter().map(|member| member.len() + 1).sum::<usize>();
        let is_good = (1..=MOST_MEMBERS).contains(&members.len())
            && length <= MOST_STATE
            && members.iter().all(|member| is_member(member));
        is_good.then(|| Self(members.join(",")))
    }
}

/// Whether a text is `key=value` as 3.3.1.3 has it. A key that stands twice is left to whoever
/// reads it, as the recommendation leaves it.
fn is_member(member: &str) -> bool {
    let Some((key, value)) = member.split_once('=') else {
        return false;
    };
    let is_value = (1..=256).contains(&value.len())
        && value
            .bytes()
            .all(|byte| matches!(byte, 0x20..=0x7e) && byte != b'=');
    let part = |text: &str, most: usize, digit_first: bool| {
        let starts = text.bytes().next().is_some_and(|first| {
            first.is_ascii_lowercase() || (digit_first && first.is_ascii_digit())
        });
        starts
            && text.len() <= most
            && text
                .bytes()
                .all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-' | b'*' | b'/'))
    };
    let is_key = match key.split_once('@') {
        None => part(key, 256, false),
        Some((tenant, system)) => part(tenant, 241, true) && part(system, 14, false),
    };
    is_key && is_value
}

/// The trace a request belongs to, and our own span in it.
///
/// It is kept as the `traceparent` that is sent on, since every request is told of it three times
/// at least: in the log, to the service, to the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace([u8; LENGTH]);

/// Characters of a `traceparent`, and where they stand in it.
const LENGTH: usize = 55;
const ID: Range<usize> = 3..35;
const SPAN: Range<usize> = 36..52;
const FLAGS: Range<usize> = 53..LENGTH;
/// A trace without ids, which is sampled.
const BLANK: [u8; LENGTH] = *b"00-00000000000000000000000000000000-0000000000000000-01";

impl Trace {
    /// A new trace.
    pub fn start() -> Self {
        let mut text = BLANK;
        // An id names a trace and guards nothing, so it need not be hard to guess. It may not be
        // zero.
        put_hex(&mut text, ID, fastrand::u128(1..));
        Self(text).next_span()
    }

    /// The same trace with a span of our own.
    fn next_span(self) -> Self {
        let Self(mut text) = self;
        put_hex(&mut text, SPAN, u128::from(fastrand::u64(1..)));
        Self(text)
    }

    fn parse(header: &str) -> Option<Self> {
        let mut parts = header.split('-');
        let (version, trace, span, flags) =
            (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
        let lower_hex = |text: &str, length: usize| {
            text.len() == length
                && text
                    .bytes()
                    .all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
        };
        let is_zero = |text: &str| text.bytes().all(|byte| byte == b'0');
        let well_formed = lower_hex(version, 2)
            && lower_hex(trace, ID.len())
            && lower_hex(span, SPAN.len())
            && lower_hex(flags, FLAGS.len())
            && !is_zero(trace)
            && !is_zero(span);
        let alone = version != "00" || parts.next().is_none();
        if !well_formed || !alone || version == "ff" {
            return None;
        }
        let is_sampled = u8::from_str_radix(flags, 16).ok()? & 1 == 1;
        let mut text = BLANK;
        text.get_mut(ID)?.copy_from_slice(trace.as_bytes());
        text.get_mut(SPAN)?.copy_from_slice(span.as_bytes());
        // Flags that we do not know are not passed on.
        text.get_mut(FLAGS)?
            .copy_from_slice(if is_sampled { b"01" } else { b"00" });
        Some(Self(text))
    }

    /// The `traceparent` header to send on.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// A span of our own in the trace that a message names; a new trace where it names none.
    pub fn of_message(parent: Option<&str>) -> Self {
        parent
            .and_then(Self::parse)
            .map_or_else(Self::start, Self::next_span)
    }

    /// The span's id in hex.
    pub fn span(&self) -> &str {
        self.as_str().get(SPAN).unwrap_or_default()
    }

    /// Whether who began the trace wants it kept.
    pub fn is_sampled(&self) -> bool {
        let flags = self.as_str().get(FLAGS).unwrap_or_default();
        u8::from_str_radix(flags, 16).is_ok_and(|flags| flags & 1 == 1)
    }

    /// The trace id in hex.
    pub fn id(&self) -> &str {
        self.as_str().get(ID).unwrap_or_default()
    }
}

impl fmt::Display for Trace {
    /// The `traceparent` header to send on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Writes a number in lower-case hex into its place.
fn put_hex(text: &mut [u8; LENGTH], place: Range<usize>, mut number: u128) {
    const DIGITS: [u8; 16] = *b"0123456789abcdef";
    for digit in text.get_mut(place).into_iter().flatten().rev() {
        let last = usize::try_from(number & 0xf).unwrap_or_default();
        *digit = DIGITS.get(last).copied().unwrap_or(b'0');
        number >>= 4;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use actix_web::http::header::{HeaderName, HeaderValue};

    const NAMED: &str = "4bf92f3577b34da6a3ce929d0e0e4736";
    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    fn read(headers: &[(&str, &str)]) -> (Trace, Option<String>) {
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            let name = HeaderName::from_bytes(name.as_bytes()).unwrap();
            map.append(name, HeaderValue::from_str(value).unwrap());
        }
        let (trace, state) = of_headers(&map);
        (trace, state.map(|state| state.0))
    }

    fn state(value: &str) -> Option<String> {
        read(&[("traceparent", PARENT), ("tracestate", value)]).1
    }

    #[test]
    fn a_valid_parent_keeps_its_trace_and_gets_a_new_span() {
        for (parent, flags) in [
            (PARENT.to_owned(), "01"),
            (PARENT.replace("-01", "-00"), "00"),
            // Flags that we do not know are not passed on.
            (PARENT.replace("-01", "-ff"), "01"),
            (PARENT.replace("-01", "-fe"), "00"),
            // A later version is read as far as ours goes, and answered in ours.
            (PARENT.replacen("00", "cc", 1), "01"),
            (
                format!(
                    "{}-what-the-future-will-be-like",
                    PARENT.replacen("00", "cc", 1)
                ),
                "01",
            ),
        ] {
            let (trace, _) = read(&[("traceparent", &parent)]);
            let text = trace.to_string();
            assert_eq!(trace.id(), NAMED, "{parent}");
            assert!(
                text.starts_with("00-") && text.ends_with(&format!("-{flags}")),
                "{text}"
            );
            assert!(!text.contains("00f067aa0ba902b7"), "{text}");
        }
    }

    #[test]
    fn a_new_trace_has_ids_of_its_own_in_lower_case_hex() {
        let (one, other) = (Trace::start(), Trace::start());
        assert_ne!(one.id(), other.id());
        for trace in [one, other] {
            assert_eq!(Trace::parse(trace.as_str()), Some(trace));
            let next = trace.next_span();
            assert!(next.id() == trace.id() && next != trace, "{next}");
        }
    }

    #[test]
    fn an_invalid_parent_starts_a_new_trace_and_its_state_is_dropped() {
        for parent in [
            "",
            "00",
            NAMED,
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e47366-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e473.-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b77-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b.-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-1",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-001",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-.0",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.extra",
            "cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01.extra",
            "0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "000-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            ".0-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            let (trace, state) = read(&[("traceparent", parent), ("tracestate", "a=1")]);
            assert_ne!(trace.id(), NAMED, "{parent}");
            assert_eq!(state, None, "{parent}");
        }
    }

    #[test]
    fn two_parents_are_none_even_where_they_agree_and_a_misspelt_one_does_not_count() {
        let (trace, _) = read(&[("traceparent", PARENT), ("traceparent", PARENT)]);
        assert_ne!(trace.id(), NAMED);
        for name in ["trace-parent", "trace.parent"] {
            assert_ne!(read(&[(name, PARENT)]).0.id(), NAMED);
        }
        assert_eq!(read(&[("TraceParent", PARENT)]).0.id(), NAMED);
    }

    #[test]
    fn a_state_is_passed_on_as_one_list_and_one_that_breaks_the_rules_not_at_all() {
        let two = [
            ("traceparent", PARENT),
            ("tracestate", "a=1"),
            ("tracestate", ""),
            ("tracestate", "b=2,c=3"),
        ];
        assert_eq!(read(&two).1.as_deref(), Some("a=1,b=2,c=3"));
        assert_eq!(
            state("foo=1 \t , \t bar=2, \t baz=3").as_deref(),
            Some("foo=1,bar=2,baz=3")
        );
        assert_eq!(state("foo=1,,bar=2,").as_deref(), Some("foo=1,bar=2"));
        assert_eq!(state("foo=1,foo=2").as_deref(), Some("foo=1,foo=2"));
        let long_key = format!("{}=1", "z".repeat(256));
        let tenant = format!("{}@{}=1", "t".repeat(241), "v".repeat(14));
        let long_value = format!("a={}", "v".repeat(256));
        let members = |count: usize| {
            let all: Vec<String> = (0..count).map(|one| format!("k{one}=1")).collect();
            all.join(",")
        };
        let all_characters = "abcdefghijklmnopqrstuvwxyz0123456789_-*/=x";
        let all_values: String = (0x20..=0x7e_u8)
            .map(char::from)
            .filter(|c| !",=".contains(*c))
            .collect();
        for good in [
            long_key.as_str(),
            &tenant,
            &long_value,
            &members(32),
            all_characters,
            "0tenant@system=1",
            &format!("a=!{}", all_values.trim()),
        ] {
            assert_eq!(state(good).as_deref(), Some(good));
        }
        for bad in [
            "",
            ",",
            "foo",
            "=1",
            "foo=",
            "foo =1",
            "FOO=1",
            "foo.bar=1",
            "1foo=1",
            "foo@=1,bar=2",
            "@foo=1",
            "foo@@bar=1",
            "foo@bar@baz=1",
            "foo@1bar=1",
            "foo=bar=baz",
            "foo=1;bar=2\tx",
            &format!("{}=1", "z".repeat(257)),
            &format!("{}@v=1", "t".repeat(242)),
            &format!("t@{}=1", "v".repeat(15)),
            &format!("a={}", "v".repeat(257)),
            &members(33),
        ] {
            assert_eq!(state(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_state_without_a_trace_goes_nowhere() {
        assert_eq!(read(&[("tracestate", "a=1")]).1, None);
    }
}
