//! What the forms of a rule and of its steps are made of.

use crate::app::rule_editor::complaint::Spot;
use crate::app::rule_editor::editing::Editing;
use crate::app::sentence;
use crate::ui::theme::{self, Tone};
use eframe::egui::{Align, Label, Layout, Ui, vec2};

/// Width of the labels, where they stand beside what they name.
const LABELS: f32 = 78.0;

/// Below this width a label stands above what it names.
const LABELS_ABOVE: f32 = 496.0;

/// Width of a button that is only an icon.
pub(super) const ICON_BUTTON: f32 = 32.0;

/// A label, and what it names beside it, or below where there is little room.
pub(super) fn row_ui(ui: &mut Ui, label: &str, content: impl FnOnce(&mut Ui)) {
    if ui.available_width() < LABELS_ABOVE {
        ui.vertical(|ui| {
            ui.spacing_mut().item_spacing.y = 4.0;
            if !label.is_empty() {
                ui.label(theme::small(ui, label));
            }
            content(ui);
        });
        return;
    }
    ui.horizontal_top(|ui| {
        ui.spacing_mut().item_spacing = vec2(10.0, 6.0);
        let size = vec2(LABELS, theme::CONTROL);
        ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
            ui.set_min_size(size);
            if !label.is_empty() {
                ui.add(Label::new(theme::small(ui, label)).selectable(false).truncate());
            }
        });
        ui.vertical(|ui| {
            ui.set_width(ui.available_width());
            content(ui);
        });
    });
}

/// What is wrong with a part, below it.
pub(super) fn complaint_ui(ui: &mut Ui, editing: &Editing, spot: Spot) {
    if let Some(text) = editing.complaint(spot) {
        ui.add(Label::new(theme::toned(ui, sentence(text), Tone::Bad)).wrap());
    }
}

/// Whose request the response was filled in from.
pub(super) fn from_ui(ui: &mut Ui, editing: &Editing) {
    if !editing.preview.filled_from.is_empty() {
        ui.add(Label::new(theme::faint(ui, sentence(&editing.preview.filled_from)).size(theme::SMALL_SIZE)).wrap());
    }
}
