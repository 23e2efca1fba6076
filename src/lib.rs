//! Akademi as a program: what its one binary does, and the whole of it in one process.

mod address;
pub mod all_in_one;
mod commands;
pub mod demo;
mod home;
mod part;
pub mod say;
mod services;
pub mod settings;
pub mod stop;
pub mod update;

pub use all_in_one::{AllInOne, AllInOneOptions};
pub use commands::run;

/// Why the program gives up, for the person who started it.
pub type Fault = Box<dyn std::error::Error + Send + Sync>;
