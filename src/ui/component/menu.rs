//! Menus: a button that opens one, and its items.

use eframe::egui::{Align, Frame, Popup, PopupCloseBehavior, Rect, Response, Role, Sense, Ui, WidgetInfo, pos2, vec2};

use super::{Button, paint};
use crate::ui::theme::{self, Tone};

/// Between a button and what opens below it.
const GAP: f32 = 4.0;

/// Left of an item's words: the mark of the one that is chosen stands there.
const MARK: f32 = 26.0;
const PADDING: f32 = 12.0;

/// A button with a wedge whose menu opens below it; a click on an item closes it.
pub fn menu_button(ui: &mut Ui, label: &str, content: impl FnOnce(&mut Ui)) -> Response {
    let response = ui.add(Button::new(label).opens_menu());
    menu_below(&response, content);
    response
}

/// A menu below what was clicked; a click on an item closes it.
pub fn menu_below(response: &Response, content: impl FnOnce(&mut Ui)) {
    Popup::menu(response).gap(GAP).show(|ui| {
        ui.spacing_mut().item_spacing.y = 0.0;
        content(ui);
    });
}

/// What opens below what was clicked and stays open until there is a click beside it, or Esc.
pub fn panel_below(response: &Response, width: f32, content: impl FnOnce(&mut Ui)) {
    let popup = Popup::from_toggle_button_response(response).gap(GAP).width(width);
    popup.close_behavior(PopupCloseBehavior::CloseOnClickOutside).show(|ui| {
        Frame::new().inner_margin(8).show(ui, |ui| {
            ui.set_width(width - 24.0);
            ui.spacing_mut().item_spacing.y = 8.0;
            content(ui);
        });
    });
}

/// An item of a menu. Says whether it was clicked.
pub fn menu_item(ui: &mut Ui, label: &str, chosen: bool) -> bool {
    let p = theme::palette(ui);
    let words = paint::line_of(ui, label, eframe::egui::FontId::proportional(theme::BODY_SIZE), p.text);
    let (rect, response) = ui.allocate_at_least(vec2((MARK + words.size().x + PADDING).ceil(), theme::CONTROL), Sense::click());
    response.widget_info(|| WidgetInfo::selected(Role::MenuItemRadio, ui.is_enabled(), chosen, label));
    if response.hovered() || response.has_focus() {
        ui.painter().rect_filled(rect, theme::CORNER, p.hover);
    }
    if chosen {
        paint::paint_glyph(ui, pos2(rect.left() + MARK / 2.0, rect.center().y), Tone::Ok);
    }
    let place = Rect::from_min_max(pos2(rect.left() + MARK, rect.top()), rect.max);
    paint::paint_text(ui, place, Align::LEFT, label);
    response.clicked()
}
