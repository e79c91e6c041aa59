//! All integration tests, one program.

mod architecture;
mod cli;
#[cfg(feature = "gui")]
mod controls;
mod lint;
#[cfg(feature = "gui")]
mod list;
mod receiver;
mod support;
#[cfg(feature = "gui")]
mod window;
