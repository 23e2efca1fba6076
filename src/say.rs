//! What the program says to the person at the terminal; everything else is a log line.
//!
//! `println!` stops the program where nobody reads any more (a closed pipe, a full disk). Here
//! that is no reason to stop.

use std::{
    fmt::Display,
    io::{self, Write as _},
};

/// A line on standard output.
pub fn line(text: impl Display) {
    let _ = writeln!(io::stdout(), "{text}");
}

/// Why the program gives up, on standard error.
pub fn fault(text: impl Display) {
    let _ = writeln!(io::stderr(), "akademi: {text}");
}
