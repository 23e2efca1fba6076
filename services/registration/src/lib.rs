//! Temporary.
pub mod admissions;
pub mod migrations;
pub mod organisations;
pub mod settings;
pub mod state;
pub use settings::Settings;
pub use state::State;
