//! All integration tests, one program.

mod architecture;
mod cli;
#[cfg(feature = "gui")]
mod controls;
mod documents;
mod lint;
#[cfg(feature = "gui")]
mod list;
mod properties;
mod receiver;
mod signature;
mod support;
mod tls;
mod verify;
#[cfg(feature = "gui")]
mod window;
#[cfg(feature = "gui")]
mod window_rules;
