//! The window's mind, without a window: what is known, what is meant, and what follows from it.
//!
//! `apply` takes what the user means, `absorb` what happened; both say what is to be done in the world. Nothing
//! here draws, waits, or knows the time.

pub mod action;
pub mod annotating;
pub mod app_editor;
pub mod body;
pub mod catalogue;
pub mod columns;
pub mod comparing;
pub mod completion;
pub mod conversation;
pub mod deleting;
pub mod detail;
mod dialogs;
pub mod export_editor;
pub mod file_dialog;
pub mod filter_box;
pub mod find;
mod finding;
pub mod histories;
pub mod history;
pub mod hold;
pub mod https_editor;
pub mod importing;
pub mod meaning;
pub mod notice;
pub mod palette;
mod responding;
pub mod response_editor;
pub mod rule_editor;
mod rules;
pub mod selection;
pub mod statistics;
pub mod texts;
pub mod what_if;

use crate::exchange::Counts;
use crate::messages::{Authority, Effect, Event, Known, KnownHistories, KnownRules, Listening};
use crate::rules::Rule;
use crate::settings::{DEFAULT_LISTEN, SavedFilter};
use action::{Action, Dialog, Zoom};
use annotating::Annotating;
use app_editor::AppEditor;
use body::BodyAction;
use catalogue::CataloguePage;
use columns::ColumnsEditor;
use comparing::Comparing;
use deleting::Deleting;
use detail::Detail;
use export_editor::{ExportEditor, Running};
use file_dialog::FileFor;
use filter_box::FilterBox;
use find::FindAction;
use histories::{Forgotten, Histories, HistoriesAction};
use history::History;
use hold::Held;
use https_editor::HttpsEditor;
use importing::Importing;
use notice::Notices;
use palette::Palette;
use response_editor::ResponseEditor;
use rule_editor::RuleEditor;
use rules::sees;
use statistics::StatisticsPage;
use std::net::SocketAddr;
use std::sync::Arc;
use what_if::WhatIf;

/// More exchanges than this are no text for a clipboard.
const MOST_COPIED: u64 = 1_000;

/// Everything the window shows.
#[derive(Debug)]
pub struct Model {
    /// Whether it receives; `None` until that is known.
    pub listening: Option<Listening>,
    /// Where it receives, or should.
    pub address: SocketAddr,
    /// Apps, response and theme as they are in force.
    pub known: Known,
    /// Whether it receives `https://`; `None` until that is known.
    pub https_listening: Option<Listening>,
    /// The local authority, where certificates of it were needed.
    pub authority: Option<Authority>,
    /// The rules in force, or that were asked to be kept since, and their file; `None` until they are known.
    pub rules: Option<KnownRules>,
    /// The rules as they were told last, and how many of those that were asked to be kept since are not told yet.
    told_rules: Option<Arc<[Rule]>>,
    /// The notice that says what is wrong with the rules file.
    told_complaint: Option<u64>,
    asked_rules: usize,
    /// The saved filters as they were told last.
    told_filters: Vec<SavedFilter>,
    /// How often each rule responded.
    pub hits: Vec<u64>,
    /// How often the response bar responded since it was set.
    pub bar_used: u32,
    /// What waits for the developer.
    pub held: Held,
    /// The history in numbers; `None` until they are known.
    pub counts: Option<Counts>,
    /// What the history takes of the disk, in bytes.
    pub size_bytes: u64,
    /// How far this machine's clock is ahead of the sender's lately, in seconds, where that is known.
    pub skew_secs: Option<i64>,
    /// The list.
    pub history: History,
    /// What it is filtered by.
    pub filter: FilterBox,
    /// The column that is being typed.
    pub columns: ColumnsEditor,
    /// The conversation that is read in place of the list.
    conversation: Option<Box<conversation::Open>>,
    /// The opened exchange.
    pub detail: Detail,
    /// What it is compared with.
    pub comparing: Comparing,
    /// What the user says of exchanges.
    pub annotating: Annotating,
    /// What is being deleted, and was.
    pub deleting: Deleting,
    /// What the response bar is being set to.
    pub response: ResponseEditor,
    /// The listener for `https://` as it is being set.
    pub https: HttpsEditor,
    /// Another response to the opened exchange.
    pub what_if: WhatIf,
    /// The app that is being typed.
    pub app_editor: AppEditor,
    /// The export.
    pub export: ExportEditor,
    /// The import.
    pub importing: Importing,
    /// The catalogue's page.
    pub catalogue: CataloguePage,
    /// The statistics' page.
    pub statistics: StatisticsPage,
    /// What went well or badly.
    pub notices: Notices,
    /// The dialog that is open.
    pub dialog: Option<Dialog>,
    /// Text that waits to be put on the clipboard by the shell.
    pub clipboard: Option<String>,
    /// What the shell is to ask for a file for.
    pub asks_for_file: Option<FileFor>,
    /// Whether the shell is to close the window.
    pub is_ending: bool,
    /// The rules' dialog.
    pub rule_editor: RuleEditor,
    /// The history's dialog.
    pub histories: Histories,
    /// The palette.
    pub palette: Palette,
    /// How the shell is to zoom.
    pub zoom: Option<Zoom>,
}

impl Default for Model {
    fn default() -> Self {
        Self {
            listening: None,
            address: DEFAULT_LISTEN,
            known: Known::default(),
            https_listening: None,
            authority: None,
            rules: None,
            told_rules: None,
            told_complaint: None,
            asked_rules: 0,
            told_filters: Vec::new(),
            hits: Vec::new(),
            bar_used: 0,
            held: Held::default(),
            counts: None,
            size_bytes: 0,
            skew_secs: None,
            history: History::default(),
            filter: FilterBox::default(),
            columns: ColumnsEditor::default(),
            conversation: None,
            detail: Detail::default(),
            comparing: Comparing::default(),
            annotating: Annotating::default(),
            deleting: Deleting::default(),
            response: ResponseEditor::default(),
            https: HttpsEditor::default(),
            what_if: WhatIf::default(),
            app_editor: AppEditor::default(),
            export: ExportEditor::default(),
            importing: Importing::default(),
            catalogue: CataloguePage::default(),
            statistics: StatisticsPage::default(),
            notices: Notices::default(),
            dialog: None,
            clipboard: None,
            asks_for_file: None,
            is_ending: false,
            rule_editor: RuleEditor::default(),
            histories: Histories::default(),
            palette: Palette::default(),
            zoom: None,
        }
    }
}

impl Model {
    /// Does what the user means.
    pub fn apply(&mut self, action: Action) -> Vec<Effect> {
        let mut effects = self.act(action);
        effects.extend(self.follow_conversation());
        effects.extend(self.compare_anew());
        effects
    }

    /// Takes in what happened.
    pub fn absorb(&mut self, event: Event) -> Vec<Effect> {
        let mut effects = self.hear(event);
        effects.extend(self.follow_conversation());
        effects.extend(self.compare_anew());
        self.follow_palette();
        effects
    }

    fn act(&mut self, action: Action) -> Vec<Effect> {
        match action {
            Action::Select(id) => return self.history.select(id),
            Action::SelectBy(rows) => return self.history.select_by(rows),
            Action::SelectNewest => return self.history.select_end(true),
            Action::SelectOldest => return self.history.select_end(false),
            Action::Selection(action) => return self.history.act_on_selection(action),
            Action::Annotate(action) => return self.annotate(action),
            Action::Delete(action) => return self.act_on_deletion(action),
            Action::ShowRows(visible) => return self.history.show(visible),
            Action::ShowTab(tab) => self.detail.show_tab(tab),
            Action::Body(action) => return self.act_on_body(action),
            Action::Compare(action) => return self.act_on_comparison(action),
            Action::FoldParameters => self.detail.fold_parameters(),
            Action::FoldVerdict(name) => self.detail.fold_verdict(name),
            Action::Respond(preset) => return vec![self.respond(preset)],
            Action::EditNumber(number, text) => return self.edit_number(number, text),
            Action::SetSpan(span) => return self.set_span(span),
            Action::ToggleFail => return self.toggle_fail(),
            Action::EditBody(body) => self.response.body = body,
            Action::UseBody => return self.use_body(),
            Action::OpenDialog(dialog) => return self.open_dialog(dialog),
            Action::CloseDialog => return self.close_dialog(),
            Action::EditAppId(id) => self.app_editor.id = id,
            Action::EditToken(token) => self.app_editor.token = token,
            Action::EditApp(id) => self.app_editor.edit(id),
            Action::EditNewApp => self.app_editor = AppEditor::default(),
            Action::SaveApp => return self.app_editor.save(&self.known.apps),
            Action::RemoveApp(id) => return self.remove_app(id),
            Action::StartReceiving => return vec![Effect::Listen(self.address)],
            Action::UseFreePort => return vec![Effect::Listen(SocketAddr::new(self.address.ip(), 0))],
            Action::StopReceiving => return vec![Effect::StopListening],
            Action::SendTest => return vec![Effect::SendTest(None)],
            Action::CopyAsCurl => return self.copy_as_curl(),
            Action::Export(action) => return self.act_on_export(action),
            Action::AskFile(what) => self.asks_for_file = Some(what),
            Action::ChooseFile(what, path) => return self.choose_file(what, path),
            Action::Import(action) => return self.act_on_import(action),
            Action::Hold(action) => return self.hold(action),
            Action::Https(action) => return self.https.apply(action, &self.known.https),
            Action::WhatIf(action) => self.what_if.apply(action, self.detail.opened()),
            Action::Catalogue(action) => self.catalogue.apply(action),
            Action::Statistics(action) => return self.act_on_statistics(action),
            Action::SetTheme(theme) => return vec![Effect::SetTheme(theme)],
            Action::Dismiss(id) => self.notices.dismiss(id),
            Action::Rules(action) => return self.apply_to_rules(action),
            Action::RuleFromExchange => self.rule_from_exchange(),
            Action::Filter(action) => return self.apply_to_filter(action),
            Action::Histories(action) => return self.act_on_histories(action),
            Action::Columns(action) => return self.act_on_columns(action),
            Action::Conversation(action) => return self.act_on_conversation(action),
            Action::CopyUrl => self.clipboard = Some(self.url()),
            Action::Zoom(zoom) => self.zoom = Some(zoom),
            Action::Palette(action) => return self.act_on_palette(action),
        }
        Vec::new()
    }

    fn hear(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::Settings(known) => self.know(known),
            Event::Listening(listening) => self.listens(listening),
            Event::HttpsListening(listening, authority) => {
                self.https_listening = Some(listening);
                self.authority = authority.or(self.authority.take());
            }
            Event::Rules(rules) => return self.rules_told(rules),
            Event::Hits { rules, bar } => (self.hits, self.bar_used) = (rules, bar),
            Event::Held { oldest, count } => self.held.take(oldest, count),
            Event::ReleasedTooLate(_) => self.notices.warn(texts::RELEASED_TOO_LATE),
            Event::RulesImported(count) => self.notices.done(texts::rules_imported(count)),
            Event::FileWritten(path) => self.notices.done(texts::file_written(&path)),
            Event::Arrived(ids) => return self.history.arrived(&ids).into_iter().chain(self.detail.arrived(&ids)).collect(),
            Event::Found { number, older, newer, gone, left } => self.found(number, (&older, &newer, &gone), left),
            Event::Sorting { number, left } => self.filter.sorting_left(number, left),
            Event::Sorted { number, sorted } => self.sorted(number, sorted),
            Event::FindFailed(number) => return self.find_failed(number),
            Event::Counting { number, progress } => self.statistics.counting(number, progress),
            Event::Counted { number, report, is_done } => self.statistics.counted(number, report, is_done),
            Event::CountFailed(number) => self.statistics.failed(number),
            Event::Seen(seen) => self.filter.take_seen(seen),
            Event::Judging { left } => return self.judging_left(left),
            Event::Forgotten(ids) => return self.history.forget(&ids),
            Event::Completed => return self.completed(),
            Event::Rejudged => return self.rejudged(),
            Event::Skew(secs) => self.skew_secs = secs,
            Event::Counts { counts, size_bytes } => self.count(counts, size_bytes),
            Event::Rows(mut rows) => {
                self.annotating.catch_up_rows(&mut rows);
                self.history.loaded(rows);
            }
            Event::Annotated => self.annotating.kept(),
            Event::Pinned { among, pinned } => self.deleting.take_pinned(&among, pinned),
            Event::Restored(ids) => return self.restored(&ids),
            Event::UndoOver(ids) => self.undo_is_over(&ids),
            Event::Opened(mut opened) => {
                // A late answer to an older question is dropped.
                if opened.as_ref().map(|opened| opened.exchange.id) == self.history.selected() {
                    self.annotating.catch_up_opened(opened.as_mut());
                    let find = self.detail.take(opened);
                    let note = self.follow_note();
                    self.what_if.follow(self.detail.opened());
                    self.rule_editor.see(sees(self.rules.as_ref(), &self.detail));
                    // Asked for only now, so that nothing is opened later for it.
                    let around = self.detail.opened().map(|opened| Effect::ReadSequence(opened.exchange.id));
                    return note.into_iter().chain(around).chain(find).collect();
                }
            }
            Event::Sequence { id, remarks } => self.detail.take_sequence(id, remarks),
            Event::Compared { number, compared } => self.comparing.take(number, compared),
            Event::Conversation { key, conversation } => self.take_conversation(&key, conversation),
            Event::FoundInBody { id, needle, found } => self.detail.take_found(id, &needle, found),
            Event::Copied(text) => {
                self.clipboard = Some(text);
                self.notices.done(texts::COPIED_AS_CURL);
            }
            Event::TestSent { status } => self.notices.done(texts::test_sent(status)),
            Event::Exporting { done, of } => self.export.running = Some(Running { done, of }),
            Event::Exported { stopped: true, .. } => self.exported(texts::exporting::STOPPED.to_owned()),
            Event::Exported { count, left_out, path, .. } => self.exported(texts::exporting::exported(count, left_out, &path)),
            Event::ExportCopied { text, count, left_out } => {
                self.clipboard = Some(text);
                self.exported(texts::exporting::copied(count, left_out));
            }
            Event::ExportPreview { number, preview } => self.export.take_preview(number, preview),
            Event::ExportFailed(reason) => self.export.ended(Some(sentence(&reason))),
            Event::Importing(progress) => self.import_goes_on(progress),
            Event::Imported { ids, report } => return self.imported(ids.as_ref(), report),
            Event::ImportFailed(reason) => self.import_failed(&reason),
            Event::AppSaved { id, token_file: None } => self.notices.done(texts::app_saved(&id)),
            Event::AppSaved { id, token_file: Some(file) } => self.notices.warn(texts::app_saved_in_file(&id, &file)),
            Event::SettingsSetAside(path) => {
                self.notices.failed(texts::settings_set_aside(&path));
            }
            Event::EndAsked => self.is_ending = true,
            Event::Failed(reason) => _ = self.notices.failed(sentence(&reason)),
            Event::Histories(known) => self.histories.know(known),
            Event::HistoryOpened(known) => return self.history_opened(known),
            Event::HistoryRefused(reason) => self.histories.refused(sentence(&reason)),
            Event::Measuring { done, of } => self.histories.measuring(done, of),
            Event::Measured(parts) => self.histories.take_parts(parts),
            Event::WouldForget { retention, count, is_about } => self.histories.take_forgotten(retention, Forgotten { count, is_about }),
            Event::Compacting { left_bytes, of_bytes } => self.histories.take_compacting(left_bytes, of_bytes),
            Event::Compacted { freed_bytes, stopped } => {
                self.notices.done(texts::histories::compacted(freed_bytes, stopped));
                return self.histories.compacted(None);
            }
            Event::CompactFailed(reason) => return self.histories.compacted(Some(sentence(&reason))),
        }
        Vec::new()
    }

    /// Whether anything but the documented success is responded.
    pub fn is_simulating(&self) -> bool {
        self.known.bar.preset.is_simulation()
    }

    /// Whether nothing has ever come.
    pub fn is_first_run(&self) -> bool {
        self.counts.is_some_and(|counts| counts.received == 0) && self.history.is_empty()
    }

    /// Whether a test callback can be sent: something must receive it.
    pub fn can_send_test(&self) -> bool {
        matches!(self.listening, Some(Listening::On(_)))
    }

    /// Where callbacks are received, as a URL.
    pub fn url(&self) -> String {
        format!("http://{}/", self.address)
    }

    /// Where callbacks are received by `https://`, or would be, as a URL.
    pub fn https_url(&self) -> String {
        format!("https://{}/", https_editor::where_it_listens(&self.known.https, self.https_listening.as_ref()))
    }

    fn act_on_body(&mut self, action: BodyAction) -> Vec<Effect> {
        let (effect, copied) = self.detail.act_on_body(action);
        self.clipboard = copied.or(self.clipboard.take());
        effect.into_iter().collect()
    }

    fn listens(&mut self, listening: Listening) {
        match &listening {
            Listening::On(address) | Listening::Failed { address, .. } | Listening::Refusing(address) => self.address = *address,
            Listening::Off => {}
        }
        self.listening = Some(listening);
    }

    fn know(&mut self, known: Known) {
        self.response.follow(&known.bar);
        self.held.editor.follow(&known.hold);
        self.histories.follow(known.retention);
        self.told_filters.clone_from(&known.filters);
        self.known = known;
    }

    /// What was typed of an exchange is kept before another history may be opened.
    fn act_on_histories(&mut self, action: HistoriesAction) -> Vec<Effect> {
        let mut effects = self.keep_note();
        effects.extend(self.histories.apply(action));
        effects
    }

    /// Another history is open: whatever was known of the one before goes, and what is filtered by is looked for in it.
    fn history_opened(&mut self, known: KnownHistories) -> Vec<Effect> {
        self.notices.done(texts::histories::opened(&known.open.title()));
        self.histories.opened(known);
        self.history.begin_anew();
        let left = self.leave_conversation();
        let nothing_to_find = self.detail.take(None);
        self.what_if.follow(None);
        self.rule_editor.see(sees(self.rules.as_ref(), &self.detail));
        self.held.take(Vec::new(), 0);
        self.held.rewriting = None;
        self.deleting.begin_anew(&mut self.notices);
        self.annotating = Annotating::default();
        self.import_left();
        self.comparing.begin_anew();
        (self.counts, self.size_bytes) = (None, 0);
        self.dialog = self.dialog.filter(|dialog| !matches!(dialog, Dialog::History | Dialog::Rewrite | Dialog::Delete));
        if self.filter.in_force().is_some() {
            self.history.begin_found(false);
        }
        let found = self.filter.begin_anew();
        self.follow_filter(&found);
        nothing_to_find.into_iter().chain(found).chain(left).chain(self.recount()).collect()
    }

    fn remove_app(&mut self, id: String) -> Vec<Effect> {
        if self.app_editor.editing.as_deref() == Some(id.as_str()) {
            self.app_editor = AppEditor::default();
        }
        vec![Effect::RemoveApp(id)]
    }

    fn copy_as_curl(&mut self) -> Vec<Effect> {
        let selection = self.history.selection();
        if selection.len() > MOST_COPIED {
            self.notices.warn(texts::too_many_to_copy(MOST_COPIED));
        }
        let are_copied = !selection.is_empty() && selection.len() <= MOST_COPIED;
        are_copied.then(|| Effect::CopyAsCurl(selection.ids().iter().collect())).into_iter().collect()
    }

    /// The engine was too busy to be asked this: says so, and takes back what was already shown as asked.
    pub fn not_asked(&mut self, effect: &Effect) {
        self.notices.failed(texts::BUSY);
        self.histories.not_asked(effect);
        if let Effect::SaveRules(_) = effect {
            self.rules_not_asked();
        } else if let Effect::SaveFilters(_) = effect {
            self.known.filters.clone_from(&self.told_filters);
        } else if let Effect::Find(Some(_)) = effect {
            self.find_not_asked();
        } else if let Effect::Count(_) = effect {
            self.statistics.not_asked();
        } else if let Effect::Import(_) | Effect::ImportText(_) = effect {
            self.import_left();
        } else if let Effect::Annotate { change, .. } = effect {
            self.not_annotated(change);
        } else if let Effect::Delete(ids) = effect {
            self.not_deleted(ids);
        } else if let Effect::ReadConversation(_) = effect {
            self.conversation_not_asked();
        } else if let Effect::Export(..) | Effect::CopyExport(_) = effect {
            self.export.ended(None);
        } else if let Effect::Compare(_) = effect {
            self.comparing.not_asked();
        } else if let Effect::FindInBody { .. } = effect {
            self.apply(Action::Body(BodyAction::Find(FindAction::Close)));
        }
    }

    fn completed(&mut self) -> Vec<Effect> {
        self.conversation_is_stale(false);
        let mut effects = self.history.refresh();
        let open = self.detail.opened().filter(|opened| !(opened.saved && opened.exchange.is_settled())).map(|opened| opened.exchange.id);
        effects.extend(open.filter(|id| self.history.selected() == Some(*id)).map(Effect::Open));
        effects
    }

    fn rejudged(&mut self) -> Vec<Effect> {
        self.conversation_is_stale(true);
        let mut effects = self.history.reload();
        effects.extend(self.history.selected().map(Effect::Open));
        effects
    }

    fn count(&mut self, counts: Counts, size_bytes: u64) {
        let lost_before = self.counts.map_or(0, |counts| counts.lost);
        if counts.lost > lost_before {
            self.notices.failed(texts::lost(counts.lost));
        }
        self.counts = Some(counts);
        self.size_bytes = size_bytes;
    }
}

/// What the rules' dialog sees of the rest.
/// An error's text begins small on the command line and large on the screen.
pub fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().collect::<String>() + chars.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;
    use export_editor::ExportAction;

    #[test]
    fn a_taken_port_offers_a_free_one_on_the_same_address() {
        let mut model = Model::default();
        let address = "0.0.0.0:9800".parse().expect("bug: an address");
        model.absorb(Event::Listening(Listening::Failed { address, reason: "taken".into() }));
        assert_eq!(model.apply(Action::UseFreePort), [Effect::Listen("0.0.0.0:0".parse().expect("bug: an address"))]);
        assert_eq!(model.apply(Action::StartReceiving), [Effect::Listen(address)]);
    }

    #[test]
    fn an_exchange_that_is_no_longer_selected_is_not_shown() {
        let mut model = Model::default();
        assert_eq!(model.absorb(Event::Arrived(vec![1, 2])), [Effect::Open(2)]);
        model.absorb(Event::Opened(None));
        assert!(model.detail.opened().is_none());
    }

    #[test]
    fn filters_that_could_not_be_asked_to_be_kept_are_not_shown_as_kept() {
        let kept = SavedFilter { name: "Red".into(), text: "red".into() };
        let mut model = Model::default();
        model.absorb(Event::Settings(Known { filters: vec![kept.clone()], ..Known::default() }));
        let effects = model.apply(Action::Filter(filter_box::FilterAction::Remove(0)));
        assert!(model.known.filters.is_empty());
        model.not_asked(&effects[0]);
        assert_eq!(model.known.filters, [kept]);
    }

    #[test]
    fn an_export_that_failed_says_so_in_its_dialog() {
        let mut model = Model::default();
        model.apply(Action::OpenDialog(Dialog::Export));
        model.absorb(Event::Arrived(vec![1]));
        model.apply(Action::Export(ExportAction::Path("/tmp/x".into())));
        assert_eq!(model.apply(Action::Export(ExportAction::Start)).len(), 1);
        assert_eq!(model.apply(Action::Export(ExportAction::Start)), [], "one at a time");
        model.absorb(Event::ExportFailed("disk full".into()));
        assert_eq!((model.export.running, model.export.failure.as_deref(), model.dialog), (None, Some("Disk full"), Some(Dialog::Export)));
    }

    #[test]
    fn the_same_notice_stands_once() {
        let mut model = Model::default();
        for _ in 0..3 {
            model.absorb(Event::Failed("disk full".into()));
        }
        assert_eq!(model.notices.list().iter().map(|notice| notice.text.as_str()).collect::<Vec<_>>(), ["Disk full"]);
    }
}
