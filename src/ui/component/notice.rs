//! What the window says by itself: a notice, and a place that is empty.

use eframe::egui::{self, Align, Frame, Layout, Margin, Response, Stroke, Ui, vec2};

use super::paint;
use crate::ui::theme::{self, Tone};

/// A bar that says what happened and what to do next, with buttons at its right end.
pub fn notice(ui: &mut Ui, tone: Tone, text: &str, actions: impl FnOnce(&mut Ui)) -> Response {
    let p = theme::palette(ui);
    let edge = Stroke::new(1.0, p.line);
    let frame = Frame::new().fill(tone.fill(p)).stroke(edge).corner_radius(theme::CORNER).inner_margin(Margin::symmetric(12, 6));
    let shown = frame.show(ui, |ui| {
        let size = vec2(ui.available_width(), theme::CONTROL);
        ui.allocate_ui_with_layout(size, Layout::right_to_left(Align::Center), |ui| {
            ui.set_min_size(size);
            actions(ui);
            let rest = Layout::left_to_right(Align::Center).with_main_wrap(false);
            ui.with_layout(rest, |ui| {
                paint::glyph(ui, tone);
                let words = theme::toned(ui, text, tone).line_height(Some(theme::LINE));
                let said = ui.add(egui::Label::new(words).wrap());
                // A screen reader says it when it appears, after what it is saying now.
                ui.accesskit_node_builder(said.id, |node| {
                    node.set_live(egui::accesskit::Live::Polite);
                });
            });
        });
    });
    shown.response
}

/// Says why nothing is here, in the middle of what is left, with buttons that lead on.
pub fn empty_state(ui: &mut Ui, title: &str, text: &str, actions: impl FnOnce(&mut Ui)) {
    // A third of the space above looks centred; half looks as if it had slipped.
    let above = (ui.available_height() / 3.0 - 40.0).max(24.0);
    ui.vertical_centered(|ui| {
        ui.add_space(above);
        ui.label(theme::heading(title));
        let width = ui.available_width().min(420.0);
        ui.scope(|ui| {
            ui.set_max_width(width);
            ui.label(theme::paragraph(ui, text));
        });
        ui.add_space(8.0);
        centred_row(ui, actions);
    });
}

/// A row in the middle of the width. egui learns a row's width by drawing it, so this uses the last frame's.
fn centred_row(ui: &mut Ui, content: impl FnOnce(&mut Ui)) {
    let id = ui.make_persistent_id("centred row");
    let width = ui.data(|data| data.get_temp::<f32>(id));
    let left = (ui.available_width() - width.unwrap_or_default()) / 2.0;
    let row = ui.horizontal(|ui| {
        if width.is_none() {
            ui.set_invisible();
            ui.request_discard("the row's width is not known yet");
        }
        ui.add_space(left.max(0.0).floor());
        ui.scope(content).response.rect.width()
    });
    ui.data_mut(|data| data.insert_temp(id, row.inner));
}
