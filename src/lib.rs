//! Hookglass library.
#![allow(missing_docs)]
pub mod exchange;
pub mod inspect;
pub mod protocol;
pub mod rules;
pub mod wire;
