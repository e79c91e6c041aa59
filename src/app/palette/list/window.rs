//! What can be done with what is responded and received, with files, and with the window.

use super::List;
use crate::app::action::{Action, Dialog, Zoom};
use crate::app::export_editor::ExportAction;
use crate::app::histories::HistoriesAction;
use crate::app::hold::{FallbackKind, HoldAction};
use crate::app::meaning::Meaning;
use crate::app::notice::Weight;
use crate::app::palette::Does;
use crate::app::response_editor::{Number, Segment, Span};
use crate::app::rule_editor::RulesAction;
use crate::app::sentence;
use crate::app::texts::{self, exporting, importing, palette};
use crate::histories::Which;
use crate::messages::Listening;
use crate::rules::preset::Preset;
use crate::settings::Theme;

impl List<'_> {
    pub(super) fn responding(&mut self) {
        let model = self.model;
        let now = &model.known.bar.preset;
        let is_fail = matches!(now, Preset::Fail(_));
        if is_fail {
            self.key(palette::FAIL_OFF, "", Meaning::ToggleFail);
        } else {
            let fail = model.response.fail().unwrap_or(Preset::Fail(1));
            self.key_also(palette::respond_with(&fail), texts::on_the_wire(&fail), &fail.to_string(), Meaning::ToggleFail);
        }
        // The key does the same as one of them.
        let is_by_key = |preset: &Preset| if is_fail { *preset == Preset::Ok } else { matches!(preset, Preset::Fail(_)) };
        let variants = Segment::ALL.into_iter().flat_map(|segment| model.response.variants(segment));
        for preset in variants.filter(|preset| !is_by_key(preset)) {
            self.preset(preset);
        }
        if model.is_simulating() {
            for span in Span::of(now).iter().filter(|span| **span != model.response.span()) {
                let number = if *span == Span::Minutes { Number::Minutes } else { Number::Requests };
                self.act(palette::simulate(*span, model.response.text(number)), "", Action::SetSpan(*span));
            }
        }
        if *now == Preset::Hold {
            self.holding();
        }
        self.act(texts::RULES, texts::rules::RULES_REMARK, Action::OpenDialog(Dialog::Rules));
        let known = model.rules.iter().flat_map(|known| known.rules.iter());
        for (at, rule) in known.enumerate() {
            self.act(palette::switch_rule(&rule.name, rule.enabled), "", Action::Rules(RulesAction::Toggle(at)));
        }
    }

    fn preset(&mut self, preset: Preset) {
        let (about, name) = (texts::on_the_wire(&preset), preset.to_string());
        if matches!(preset, Preset::Body(_)) {
            self.act(palette::OWN_BODY, about, Action::OpenDialog(Dialog::Body)).also(name);
        } else if preset != self.model.known.bar.preset {
            let also = palette::preset_words(&preset);
            self.act(palette::respond_with(&preset), about, Action::Respond(preset)).also(format!("{name} {also}"));
        }
    }

    /// How requests are held.
    fn holding(&mut self) {
        let editor = &self.model.held.editor;
        for kind in FallbackKind::ALL.into_iter().filter(|kind| *kind != editor.fallback) {
            self.act(palette::when_nobody_decides(kind), "", Action::Hold(HoldAction::SetFallback(kind))).also(palette::HELD_WORDS);
        }
        let own = !editor.own_limit;
        self.act(palette::senders_limit(own), texts::SENDERS_LIMIT, Action::Hold(HoldAction::UseOwnLimit(own)));
    }

    pub(super) fn receiving(&mut self) {
        let model = self.model;
        self.key(texts::SEND_TEST, texts::SEND_TEST_WHY, Meaning::SendTest);
        match &model.listening {
            Some(Listening::On(_)) => {
                self.act(palette::STOP_RECEIVING, model.url(), Action::StopReceiving);
            }
            Some(Listening::Off) => {
                self.act(palette::START_RECEIVING, model.url(), Action::StartReceiving);
            }
            Some(Listening::Failed { reason, .. }) => {
                self.act(palette::START_RECEIVING, sentence(reason), Action::StartReceiving);
                self.act(palette::RECEIVE_ON_FREE_PORT, "", Action::UseFreePort);
            }
            Some(Listening::Refusing(_)) | None => {}
        }
        if matches!(model.listening, Some(Listening::On(_) | Listening::Refusing(_))) {
            self.act(palette::COPY_URL, model.url(), Action::CopyUrl).also("address");
        }
        self.act(palette::OPEN_APPS, texts::APPS_REMARK, Action::OpenDialog(Dialog::Apps)).also("SDKAppID");
        self.act(palette::OPEN_HTTPS, texts::HTTPS_WHY, Action::OpenDialog(Dialog::Https)).also("TLS certificate");
    }

    pub(super) fn files(&mut self) {
        let model = self.model;
        self.key(texts::EXPORT, exporting::ABOUT, Meaning::Export);
        if model.export.running.is_some() {
            self.act(exporting::STOP, "", Action::Export(ExportAction::Stop));
        }
        self.key(importing::IMPORT, importing::WHY, Meaning::Import);
        let histories = &model.histories;
        self.key(palette::OPEN_HISTORY, texts::histories::HISTORY_WHY, Meaning::History);
        let named = histories.known().names.iter().cloned().map(Which::Named);
        let is_another = |which: &Which| histories.known().open != *which && histories.opening().is_none();
        for which in std::iter::once(Which::Main).chain(named).filter(is_another) {
            self.push(palette::open_history(&which.title()), "", Does::OpenHistory(which));
        }
        if histories.compacting().is_some_and(|compacting| !compacting.is_stopping) {
            self.act(palette::STOP_COMPACTING, "", Action::Histories(HistoriesAction::StopCompacting));
        }
    }

    /// What the window looks like, and what it tells.
    pub(super) fn look(&mut self) {
        let model = self.model;
        // What goes by itself is gone before it is found here.
        for notice in model.notices.list().iter().filter(|notice| notice.weight != Weight::Done || notice.offers_undo) {
            self.act(palette::DISMISS_NOTICE, &notice.text, Action::Dismiss(notice.id));
        }
        for theme in [Theme::Dark, Theme::Light, Theme::System].into_iter().filter(|theme| *theme != model.known.theme) {
            self.act(palette::use_theme(theme), "", Action::SetTheme(theme)).also(palette::COLOURS_WORDS);
        }
        for zoom in [Zoom::In, Zoom::Out, Zoom::Usual] {
            self.key(palette::zoom(zoom), "", Meaning::Zoom(zoom));
        }
    }
}
