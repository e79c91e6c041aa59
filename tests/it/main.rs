//! All integration tests, one program.

mod architecture;
#[cfg(feature = "gui")]
mod bench;
mod cli;
mod cli_export;
mod cli_import;
mod cli_stats;
#[cfg(feature = "gui")]
mod controls;
mod documents;
mod engine_columns;
mod engine_comparing;
mod engine_conversation;
mod engine_counting;
mod engine_exporting;
mod engine_finding;
mod engine_import;
mod engine_keeping;
mod finding;
mod histories;
#[cfg(feature = "gui")]
mod hold;
mod https;
mod kill;
mod lint;
#[cfg(feature = "gui")]
mod list;
#[cfg(feature = "gui")]
mod palette;
mod planted;
mod properties;
mod receiver;
mod redaction;
mod responding;
mod signature;
mod support;
mod switching;
mod tls;
mod verify;
#[cfg(feature = "gui")]
mod window;
#[cfg(feature = "gui")]
mod window_body;
#[cfg(feature = "gui")]
mod window_columns;
#[cfg(feature = "gui")]
mod window_compare;
#[cfg(feature = "gui")]
mod window_conversation;
#[cfg(feature = "gui")]
mod window_export;
#[cfg(feature = "gui")]
mod window_filter;
#[cfg(feature = "gui")]
mod window_histories;
#[cfg(feature = "gui")]
mod window_import;
#[cfg(feature = "gui")]
mod window_keeping;
#[cfg(feature = "gui")]
mod window_palette;
#[cfg(feature = "gui")]
mod window_respond;
#[cfg(feature = "gui")]
mod window_rules;
#[cfg(feature = "gui")]
mod window_statistics;
