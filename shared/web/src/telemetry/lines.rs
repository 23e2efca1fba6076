//! Log lines for machines: an event with the span in which it happened, one JSON object a line.
//!
//! Every request writes a line, so a line costs little: a span's fields are made JSON once, when
//! the span begins, and nothing is parsed or kept in between.

use chrono::DateTime;
use std::{
    cell::RefCell,
    error::Error,
    fmt::{self, Write as _},
    io::Write as _,
};
use tracing::{
    Event, Subscriber,
    field::{Field, Visit},
    span::{Attributes, Id, Record},
};
use tracing_subscriber::{Layer, fmt::MakeWriter, layer::Context, registry::LookupSpan};

/// A layer that writes the lines.
pub(super) struct JsonLines<W>(pub(super) W);

/// Members of a span's object, as they stand in it.
struct Members(String);

thread_local! {
    static LINE: RefCell<Line> = RefCell::default();
}

/// A line that is being written.
#[derive(Default)]
struct Line {
    text: String,
    /// The second of the last line, and the beginning of its time.
    second: i64,
    beginning: String,
}

impl<W, S> Layer<S> for JsonLines<W>
where
    W: for<'a> MakeWriter<'a> + 'static,
    S: Subscriber + for<'a> LookupSpan<'a>,
{
    fn on_new_span(&self, attributes: &Attributes<'_>, id: &Id, context: Context<'_, S>) {
        if let Some(span) = context.span(id) {
            let mut members = String::with_capacity(160);
            attributes.record(&mut Object(&mut members));
            span.extensions_mut().insert(Members(members));
        }
    }

    fn on_record(&self, id: &Id, values: &Record<'_>, context: Context<'_, S>) {
        if let Some(span) = context.span(id)
            && let Some(Members(members)) = span.extensions_mut().get_mut()
        {
            values.record(&mut Object(members));
        }
    }

    fn on_event(&self, event: &Event<'_>, context: Context<'_, S>) {
        LINE.with(|line| {
            // An event that happens while a line is being written (a value's `Debug` may log) gets
            // one of its own.
            let mut own = Line::default();
            match line.try_borrow_mut() {
                Ok(mut line) => self.write(&mut line, event, &context),
                Err(_) => self.write(&mut own, event, &context),
            }
        });
    }
}

impl<W: for<'a> MakeWriter<'a>> JsonLines<W> {
    fn write<S>(&self, line: &mut Line, event: &Event<'_>, context: &Context<'_, S>)
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let metadata = event.metadata();
        line.begin();
        let text = &mut line.text;
        text.push_str("\",\"level\":\"");
        text.push_str(metadata.level().as_str());
        text.push('"');
        event.record(&mut Object(text));
        text.push_str(",\"target\":");
        string(text, metadata.target());
        if let Some(span) = context.event_span(event) {
            text.push_str(",\"span\":{\"name\":");
            string(text, span.name());
            if let Some(Members(members)) = span.extensions().get() {
                text.push_str(members);
            }
            text.push('}');
        }
        text.push_str("}\n");
        // Where nothing can be written, nobody can be told either.
        let _ = self.0.make_writer_for(metadata).write_all(text.as_bytes());
    }
}

impl Line {
    /// The time, which is the same but for its end within a second.
    fn begin(&mut self) {
        let micros = crate::clock::system_micros();
        let (second, rest) = (micros.div_euclid(1_000_000), micros.rem_euclid(1_000_000));
        if self.second != second || self.beginning.is_empty() {
            let time = DateTime::from_timestamp(second, 0).unwrap_or_default();
            self.beginning = time
                .format("{\"timestamp\":\"%Y-%m-%dT%H:%M:%S.")
                .to_string();
            self.second = second;
        }
        self.text.clear();
        self.text.push_str(&self.beginning);
        // A million before it keeps the zeros in front.
        let mut digits = itoa::Buffer::new();
        let digits = digits.format(1_000_000 + rest);
        self.text.push_str(digits.get(1..).unwrap_or_default());
        self.text.push('Z');
    }
}

/// Writes members of an object, each after a comma.
struct Object<'a>(&'a mut String);

impl Object<'_> {
    fn name(&mut self, field: &Field) {
        self.0.push(',');
        string(self.0, field.name());
        self.0.push(':');
    }

    fn plain(&mut self, field: &Field, value: impl fmt::Display) {
        self.name(field);
        let _ = write!(self.0, "{value}");
    }
}

impl Visit for Object<'_> {
    fn record_f64(&mut self, field: &Field, value: f64) {
        if value.is_finite() {
            self.plain(field, value);
        } else {
            self.name(field);
            self.0.push_str("null");
        }
    }

    fn record_i64(&mut self, field: &Field, value: i64) {
        self.name(field);
        self.0.push_str(itoa::Buffer::new().format(value));
    }

    fn record_u64(&mut self, field: &Field, value: u64) {
        self.name(field);
        self.0.push_str(itoa::Buffer::new().format(value));
    }

    fn record_i128(&mut self, field: &Field, value: i128) {
        self.plain(field, value);
    }

    fn record_u128(&mut self, field: &Field, value: u128) {
        self.plain(field, value);
    }

    fn record_bool(&mut self, field: &Field, value: bool) {
        self.plain(field, value);
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        self.name(field);
        string(self.0, value);
    }

    fn record_error(&mut self, field: &Field, value: &(dyn Error + 'static)) {
        self.record_debug(field, &format_args!("{value}"));
    }

    // Messages come this way, too.
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        self.name(field);
        self.0.push('"');
        let _ = write!(Escaped(self.0), "{value:?}");
        self.0.push('"');
    }
}

/// Writes a JSON string.
fn string(text: &mut String, value: &str) {
    text.push('"');
    escape(text, value);
    text.push('"');
}

/// Escapes what passes.
struct Escaped<'a>(&'a mut String);

impl fmt::Write for Escaped<'_> {
    fn write_str(&mut self, part: &str) -> fmt::Result {
        escape(self.0, part);
        Ok(())
    }
}

/// Control characters, quotes and backslashes can't stand in a JSON string as they are
/// (RFC 8259, 7); a line feed would also end the line.
fn escape(text: &mut String, value: &str) {
    let is_odd = |byte: u8| byte < 0x20 || byte == b'"' || byte == b'\\';
    // Without an early end, so that many bytes are looked at together.
    if !value.bytes().fold(false, |any, byte| any | is_odd(byte)) {
        text.push_str(value);
        return;
    }
    for character in value.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\0'..='\x1f' => {
                let _ = write!(text, "\\u{:04x}", u32::from(character));
            }
            other => text.push(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};
    use std::{
        io,
        sync::{Arc, Mutex},
    };
    use tracing_subscriber::layer::SubscriberExt as _;

    #[derive(Clone, Default)]
    struct Kept(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Kept {
        fn write(&mut self, part: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().extend_from_slice(part);
            Ok(part.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    impl<'a> MakeWriter<'a> for Kept {
        type Writer = Self;

        fn make_writer(&'a self) -> Self {
            self.clone()
        }
    }

    fn lines(log: impl FnOnce()) -> Vec<Value> {
        let kept = Kept::default();
        let subscriber = tracing_subscriber::registry().with(JsonLines(kept.clone()));
        tracing::subscriber::with_default(subscriber, log);
        let text = String::from_utf8(kept.0.lock().unwrap().clone()).unwrap();
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    }

    #[test]
    fn a_line_is_one_object_whatever_stands_in_it() {
        let awkward = "a \"quote\" \\ and\nlines\r\t\0\u{1b}[31m å 🎓";
        let lines = lines(|| {
            let span =
                tracing::info_span!("request", trace_id = "4bf9", later = tracing::field::Empty);
            let _entered = span.enter();
            span.record("later", true);
            tracing::info!(
                status = 200_u16,
                below = -1,
                half = 0.5,
                nothing = f64::NAN,
                "answered"
            );
            tracing::warn!(text = awkward, debug = ?awkward, shown = %awkward, "{awkward}");
        });
        let [answered, warned] = &lines[..] else {
            panic!("{lines:?}");
        };
        let mut rest = answered.clone();
        let time = rest["timestamp"].take();
        assert_eq!(
            rest,
            json!({
                "timestamp": null, "level": "INFO", "message": "answered", "status": 200,
                "below": -1, "half": 0.5, "nothing": null, "target": module_path!(),
                "span": { "name": "request", "trace_id": "4bf9", "later": true }
            })
        );
        let time = time.as_str().unwrap();
        assert_eq!(time.len(), "2026-11-22T05:50:20.123456Z".len(), "{time}");
        let parsed = DateTime::parse_from_rfc3339(time).unwrap();
        let now = i64::try_from(crate::clock::system_seconds()).unwrap();
        assert!((now - parsed.timestamp()).abs() < 5, "{time}");
        assert_eq!(warned["message"], awkward);
        assert_eq!(warned["text"], awkward);
        assert_eq!(warned["shown"], awkward);
        assert_eq!(warned["debug"], format!("{awkward:?}"));
    }

    #[test]
    fn an_event_outside_of_spans_has_none() {
        let lines = lines(|| tracing::info!("alone"));
        assert_eq!(lines.len(), 1);
        assert_eq!(lines[0]["message"], "alone");
        assert_eq!(lines[0].get("span"), None);
    }
}
