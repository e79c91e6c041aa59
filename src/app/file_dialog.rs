//! File dialogs: what one is asked for.

/// What a file dialog is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileFor {
    /// To write the export to.
    Export,
    /// The folder in which to make one for the export.
    ExportFolder,
    /// To import.
    Import,
    /// One's own certificate.
    Certificate,
    /// The key of that.
    Key,
    /// To write the authority's certificate to.
    Authority,
    /// Rules to be added.
    RulesImport,
    /// To write the rules to.
    RulesExport,
    /// A history to open.
    History,
}
