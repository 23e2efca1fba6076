//! W3C Trace Context: which request this is, across all processes.

use std::fmt;
use uuid::Uuid;

/// The trace a request belongs to, and our own span in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    id: u128,
    span: u64,
    sampled: bool,
}

impl Trace {
    /// A new trace.
    pub fn start() -> Self {
        Self {
            id: Uuid::new_v4().as_u128(),
            span: random_span(),
            sampled: true,
        }
    }

    /// Continues the trace of a `traceparent` header with a span of our own; an invalid header
    /// starts a new trace (W3C Trace Context, 3.2).
    pub fn continue_from(header: Option<&str>) -> Self {
        header
            .and_then(Self::parse)
            .map_or_else(Self::start, |parent| Self {
                span: random_span(),
                ..parent
            })
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
        let well_formed = lower_hex(version, 2)
            && lower_hex(trace, 32)
            && lower_hex(span, 16)
            && lower_hex(flags, 2);
        let alone = version != "00" || parts.next().is_none();
        if !well_formed || !alone || version == "ff" {
            return None;
        }
        let id = u128::from_str_radix(trace, 16)
            .ok()
            .filter(|number| *number != 0)?;
        let span = u64::from_str_radix(span, 16)
            .ok()
            .filter(|number| *number != 0)?;
        Some(Self {
            id,
            span,
            sampled: u8::from_str_radix(flags, 16).ok()? & 1 == 1,
        })
    }

    /// The trace id in hex.
    pub fn id(&self) -> String {
        format!("{:032x}", self.id)
    }
}

impl fmt::Display for Trace {
    /// The `traceparent` header to send on.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "00-{:032x}-{:016x}-{:02x}",
            self.id,
            self.span,
            u8::from(self.sampled)
        )
    }
}

fn random_span() -> u64 {
    let (high, low) = Uuid::new_v4().as_u64_pair();
    (high ^ low) | 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

    #[test]
    fn a_valid_parent_keeps_its_trace_and_gets_a_new_span() {
        let trace = Trace::continue_from(Some(PARENT));
        assert_eq!(trace.id(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert_ne!(trace.to_string(), PARENT);
        assert!(trace.to_string().ends_with("-01"));
    }

    #[test]
    fn an_invalid_parent_starts_a_new_trace() {
        for header in [
            "",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-extra",
        ] {
            assert_ne!(
                Trace::continue_from(Some(header)).id(),
                "4bf92f3577b34da6a3ce929d0e0e4736",
                "{header}"
            );
        }
    }
}
