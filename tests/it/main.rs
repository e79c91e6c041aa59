//! All integration tests, one program.

mod architecture;
mod cli;
mod receiver;
mod support;
#[cfg(feature = "gui")]
mod window;
