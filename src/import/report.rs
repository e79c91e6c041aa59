//! Report: what came of an import.

use super::Complaint;
use crate::wording::{count, shortened};
use std::fmt;

/// How many complaints are kept; the others are counted.
const MOST_COMPLAINTS: usize = 100;

/// What came of an import.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Report {
    /// How many exchanges were taken.
    pub exchanges: u64,
    /// How many were there already, and not taken again.
    pub duplicates: u64,
    /// How much could not be read.
    pub complaints: u64,
    /// The first complaints, each with the file that it is about.
    pub first: Vec<(String, Complaint)>,
}

impl Report {
    /// Something of this file could not be read.
    pub fn complain(&mut self, file: &str, complaint: Complaint) {
        self.complaints += 1;
        if self.first.len() < MOST_COMPLAINTS {
            self.first.push((file.to_owned(), complaint));
        }
    }
}

impl fmt::Display for Report {
    /// In one sentence; what did not happen is not said.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { exchanges, duplicates, complaints, first: _ } = self;
        let s = if *exchanges == 1 { "" } else { "s" };
        write!(f, "{} exchange{s} imported", count(*exchanges))?;
        if *duplicates > 0 {
            write!(f, ", {} {} there already", count(*duplicates), if *duplicates == 1 { "was" } else { "were" })?;
        }
        if *complaints > 0 {
            write!(f, ", {} could not be read", count(*complaints))?;
        }
        Ok(())
    }
}

impl fmt::Display for Complaint {
    /// With its line first.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", count(self.line), shortened(&self.reason, 300))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_did_not_happen_is_not_said() {
        let said = |exchanges, duplicates, complaints| Report { exchanges, duplicates, complaints, first: Vec::new() }.to_string();
        assert_eq!(said(1, 0, 0), "1 exchange imported");
        assert_eq!(said(0, 1, 0), "0 exchanges imported, 1 was there already");
        assert_eq!(said(12_345, 20, 3), "12,345 exchanges imported, 20 were there already, 3 could not be read");
    }

    #[test]
    fn complaints_beyond_the_first_are_counted() {
        let mut report = Report::default();
        (1..=1_000_000).for_each(|line| report.complain("a.ndjson", Complaint { line, reason: "no".to_owned() }));
        assert_eq!((report.complaints, report.first.len()), (1_000_000, MOST_COMPLAINTS));
        assert_eq!(report.first[99].1.line, 100);
    }
}
