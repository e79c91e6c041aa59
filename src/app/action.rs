//! Everything a user can mean.

use super::annotating::AnnotateAction;
use super::body::BodyAction;
use super::catalogue::CatalogueAction;
use super::columns::ColumnsAction;
use super::comparing::CompareAction;
use super::conversation::ConversationAction;
use super::deleting::DeleteAction;
use super::export_editor::ExportAction;
use super::file_dialog::FileFor;
use super::filter_box::FilterAction;
use super::histories::HistoriesAction;
use super::hold::HoldAction;
use super::https_editor::HttpsAction;
use super::importing::ImportAction;
use super::palette::PaletteAction;
use super::response_editor::{Number, Span};
use super::rule_editor::RulesAction;
use super::selection::SelectionAction;
use super::statistics::StatisticsAction;
use super::what_if::WhatIfAction;
use crate::rules::preset::Preset;
use crate::settings::Theme;
use std::ops::Range;
use std::path::PathBuf;

/// An intention, not a gesture: a button, a key and a menu mean the same.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Action {
    /// Select and open this exchange.
    Select(i64),
    /// Select the one this many rows further down; negative is up.
    SelectBy(i64),
    /// Select the newest.
    SelectNewest,
    /// Select the oldest.
    SelectOldest,
    /// Select more than one, or one again.
    Selection(SelectionAction),
    /// Something about pins, marks and notes.
    Annotate(AnnotateAction),
    /// Something about deleting.
    Delete(DeleteAction),
    /// These rows are on screen, counted from the newest.
    ShowRows(Range<u64>),
    /// Show this tab of the detail.
    ShowTab(Tab),
    /// Something about the body.
    Body(BodyAction),
    /// Something about comparing.
    Compare(CompareAction),
    /// Fold the URL parameters above the fields, or unfold them.
    FoldParameters,
    /// Fold the explanation of the verdict of this name, or unfold it.
    FoldVerdict(&'static str),
    /// Respond like this from now on.
    Respond(Preset),
    /// Respond FAIL, or OK where FAIL is on.
    ToggleFail,
    /// A number of the response bar was typed.
    EditNumber(Number, String),
    /// Simulate for so long.
    SetSpan(Span),
    /// The body of one's own was typed.
    EditBody(String),
    /// Respond with the body of one's own.
    UseBody,
    /// Open a dialog.
    OpenDialog(Dialog),
    /// Close the dialog.
    CloseDialog,
    /// The app id was typed.
    EditAppId(String),
    /// The token was typed.
    EditToken(String),
    /// Change this app.
    EditApp(String),
    /// Enter a new app instead of changing one.
    EditNewApp,
    /// Keep what was typed.
    SaveApp,
    /// Forget this app and its token.
    RemoveApp(String),
    /// Start receiving where it was, or should have been.
    StartReceiving,
    /// Receive on a port that is free.
    UseFreePort,
    /// Stop receiving.
    StopReceiving,
    /// Send a signed test callback.
    SendTest,
    /// Copy what is selected as cURL commands.
    CopyAsCurl,
    /// Something about the export.
    Export(ExportAction),
    /// Choose a file in a file dialog.
    AskFile(FileFor),
    /// A file was chosen in a file dialog, which has asked whether to replace one that is to be written.
    ChooseFile(FileFor, PathBuf),
    /// Something about importing.
    Import(ImportAction),
    /// Something about held requests.
    Hold(HoldAction),
    /// Something about `https://`.
    Https(HttpsAction),
    /// Something about another response to the opened exchange, as its sender would read it.
    WhatIf(WhatIfAction),
    /// Edit a new rule that responds as the opened exchange was responded to.
    RuleFromExchange,
    /// Something about the catalogue.
    Catalogue(CatalogueAction),
    /// Do something on the statistics' page, or open it.
    Statistics(StatisticsAction),
    /// Use these colours.
    SetTheme(Theme),
    /// Take this notice away.
    Dismiss(u64),
    /// Something about the rules.
    Rules(RulesAction),
    /// Something about the filter.
    Filter(FilterAction),
    /// Something about the histories.
    Histories(HistoriesAction),
    /// Something about the columns of the list.
    Columns(ColumnsAction),
    /// Something about a conversation.
    Conversation(ConversationAction),
    /// Copy the URL at which callbacks are received.
    CopyUrl,
    /// Make all of the window larger or smaller.
    Zoom(Zoom),
    /// Something about the palette.
    Palette(PaletteAction),
}

/// How large all of the window is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Zoom {
    /// A step larger.
    In,
    /// A step smaller.
    Out,
    /// As at first.
    Usual,
}

/// A tab of the detail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Tab {
    /// The body's fields with their meanings.
    #[default]
    Fields,
    /// The body.
    Json,
    /// Request line, parameters and headers.
    Request,
    /// What was responded.
    Response,
    /// What differs from another exchange, or from what is documented.
    Compare,
    /// What the user notes.
    Note,
}

impl Tab {
    /// All of them in their order.
    pub const ALL: [Self; 6] = [Self::Fields, Self::Json, Self::Request, Self::Response, Self::Compare, Self::Note];
}

/// A dialog.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialog {
    /// The apps and their tokens.
    Apps,
    /// The body of one's own.
    Body,
    /// The export.
    Export,
    /// The import.
    Import,
    /// The rules.
    Rules,
    /// The listener for `https://`.
    Https,
    /// The body for a held request.
    Rewrite,
    /// The question before many are deleted.
    Delete,
    /// The history, and others.
    History,
    /// Every action that can be done now.
    Palette,
}
