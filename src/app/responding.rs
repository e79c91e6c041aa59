//! What is responded from now on, as it is chosen in the response bar and for what is held.

use super::Model;
use super::action::Dialog;
use super::hold::HoldAction;
use super::response_editor::{Number, Span};
use crate::messages::Effect;
use crate::rules::preset::Preset;

impl Model {
    /// Has everything responded with a preset, for as long as the response bar says.
    pub(super) fn respond(&mut self, preset: Preset) -> Effect {
        self.response.choose(&preset);
        let lasting = self.response.lasting(&preset);
        Effect::Respond(preset, lasting)
    }

    pub(super) fn edit_number(&mut self, number: Number, text: String) -> Vec<Effect> {
        self.response.type_number(number, text);
        let preset = self.response.with_number(number, &self.known.bar.preset);
        preset.map(|preset| self.respond(preset)).into_iter().collect()
    }

    /// For how long: what is being simulated begins anew with it.
    pub(super) fn set_span(&mut self, span: Span) -> Vec<Effect> {
        self.response.choose_span(span);
        let preset = self.known.bar.preset.clone();
        if preset.is_simulation() { vec![self.respond(preset)] } else { Vec::new() }
    }

    pub(super) fn hold(&mut self, action: HoldAction) -> Vec<Effect> {
        let (opens, sends) = (matches!(action, HoldAction::Rewrite(_)), action == HoldAction::Send);
        let effects = self.held.apply(action);
        if opens && self.held.rewriting.is_some() {
            self.dialog = Some(Dialog::Rewrite);
        } else if sends {
            return effects.into_iter().chain(self.close_dialog()).collect();
        }
        effects
    }

    pub(super) fn toggle_fail(&mut self) -> Vec<Effect> {
        let fail = self.response.fail().unwrap_or(Preset::Fail(1));
        let preset = if matches!(self.known.bar.preset, Preset::Fail(_)) { Preset::Ok } else { fail };
        vec![self.respond(preset)]
    }

    pub(super) fn use_body(&mut self) -> Vec<Effect> {
        self.dialog = None;
        let preset = self.response.own_body();
        vec![self.respond(preset)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::Action;
    use crate::messages::{Event, Known, Lasting};
    use crate::rules::bar::Bar;

    #[test]
    fn fail_goes_on_and_off() {
        let mut model = Model::default();
        assert_eq!(model.apply(Action::ToggleFail), [Effect::Respond(Preset::Fail(1), Lasting::SwitchedOff)]);
        model.absorb(Event::Settings(Known { bar: Bar { preset: Preset::Fail(1), ..Bar::default() }, ..Known::default() }));
        assert!(model.is_simulating());
        assert_eq!(model.apply(Action::ToggleFail), [Effect::Respond(Preset::Ok, Lasting::SwitchedOff)]);
    }

    #[test]
    fn a_code_takes_effect_once_it_is_a_number() {
        let mut model = Model::default();
        assert_eq!(model.apply(Action::EditNumber(Number::Code, "-".into())), []);
        assert_eq!(
            model.apply(Action::EditNumber(Number::Code, "10100".into())),
            [Effect::Respond(Preset::Fail(10100), Lasting::SwitchedOff)]
        );
        assert_eq!(model.apply(Action::EditNumber(Number::Status, "99".into())), []);
        assert_eq!(
            model.apply(Action::EditNumber(Number::Status, "503".into())),
            [Effect::Respond(Preset::Http(503), Lasting::SwitchedOff)]
        );
    }
}
