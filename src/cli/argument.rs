//! Arguments that several commands take.

use crate::protocol::catalogue::Product;
use clap::ValueEnum;

/// How a command that reports prints its report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    Text,
    Json,
}

/// A product, as it is typed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum ProductName {
    Chat,
    Live,
    Room,
    Call,
    Desk,
}

impl From<ProductName> for Product {
    fn from(name: ProductName) -> Self {
        match name {
            ProductName::Chat => Self::Chat,
            ProductName::Live => Self::Live,
            ProductName::Room => Self::Room,
            ProductName::Call => Self::Call,
            ProductName::Desk => Self::Desk,
        }
    }
}
