//! What picks a response. For now the response bar alone: a preset.

pub mod preset;
