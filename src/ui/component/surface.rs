//! What controls stand on: bars, cards, pills.

use eframe::egui::{
    self, Align, AsIdSalt, Frame, Id, InnerResponse, Key, Layout, Margin, Modifiers, Panel, Rangef, ScrollArea, Stroke, StrokeKind, Ui,
    UiBuilder, vec2,
};

use super::paint;
use crate::ui::theme;

const CARD_HEAD: f32 = 36.0;

/// How much of what is in view a turned page moves.
const PAGE: f32 = 0.9;

/// Between two things on a bar, in points.
const ITEM_GAP: f32 = 12.0;

/// A row of `height` across the width that is left, with a hairline below; contents are centred vertically.
pub fn bar<R>(ui: &mut Ui, height: f32, content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    lined_bar(ui, height, Some(Align::Max), content)
}

/// A [`bar`] without the hairline: another one belongs to it, below.
pub fn bar_above<R>(ui: &mut Ui, height: f32, content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    lined_bar(ui, height, None, content)
}

/// The second line of controls of a [`bar_above`], with its hairline below.
pub fn bar_below<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let shown = bar_above(ui, theme::CONTROL, content);
    let (rest, _) = ui.allocate_exact_size(vec2(ui.available_width(), BELOW), egui::Sense::hover());
    ui.painter().rect_filled(rest.with_min_y(rest.bottom() - 1.0), 0.0, theme::palette(ui).line);
    shown
}

/// How high the second line of a bar is in all, in points.
pub const BAR_BELOW: f32 = theme::CONTROL + BELOW;

/// Below a second line of controls, in points: as much as above the first.
const BELOW: f32 = 8.0;

/// What stands at the left end of a bar and what at its right, in the order of the Tab key. The left side has what the
/// right one leaves, which is known from the last frame by the bar's `name`: egui learns a width by drawing.
pub fn sides(ui: &mut Ui, name: &str, left: impl FnOnce(&mut Ui), right: impl FnOnce(&mut Ui)) {
    let id = ui.make_persistent_id(("right side", name));
    let known = ui.data(|data| data.get_temp::<f32>(id));
    let place = ui.available_rect_before_wrap();
    let seam = place.right() - known.unwrap_or_default();
    let layout = Layout::left_to_right(Align::Center);
    left(&mut ui.new_child(UiBuilder::new().max_rect(place.with_max_x(seam - ITEM_GAP)).layout(layout)));
    let mut end = ui.new_child(UiBuilder::new().max_rect(place.with_min_x(seam)).layout(layout));
    right(&mut end);
    let width = end.min_rect().width();
    if known.is_none_or(|known| (known - width).abs() > 0.5) {
        ui.data_mut(|data| data.insert_temp(id, width));
        ui.request_discard("the right side is of another width");
    }
}

/// The bar at the bottom of the window, with a hairline above.
pub fn status_bar<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    lined_bar(ui, theme::STATUS_BAR, Some(Align::Min), content)
}

fn lined_bar<R>(ui: &mut Ui, height: f32, edge: Option<Align>, content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let size = vec2(ui.available_width(), height);
    let (rect, response) = ui.allocate_exact_size(size, egui::Sense::hover());
    let line = edge.map(|edge| match edge {
        Align::Min => rect.with_max_y(rect.top() + 1.0),
        Align::Center | Align::Max => rect.with_min_y(rect.bottom() - 1.0),
    });
    if let Some(line) = line {
        ui.painter().rect_filled(line, 0.0, theme::palette(ui).line);
    }
    // Centred in the whole height, hairline included: without it, controls would stand on half pixels.
    let inside = rect.shrink2(vec2(theme::BAR_PADDING, 0.0));
    let layout = Layout::left_to_right(Align::Center);
    let mut row = ui.new_child(UiBuilder::new().max_rect(inside).layout(layout));
    row.spacing_mut().item_spacing.x = ITEM_GAP;
    InnerResponse::new(content(&mut row), response)
}

/// How much of the width the left of two panels takes. It keeps its share when the window gets another width, also what
/// was dragged.
pub struct Split {
    share: f32,
    width: f32,
}

impl Split {
    /// A panel that begins with this share.
    #[must_use]
    pub fn new(share: f32) -> Self {
        Self { share, width: 0.0 }
    }

    /// Draws the panel, which is as wide as `range` allows, of the `width` that both have.
    pub fn left(&mut self, ui: &mut Ui, name: &str, range: Rangef, content: impl FnOnce(&mut Ui)) {
        let width = ui.available_width();
        let is_resized = (self.width - width).abs() > 0.5;
        let kept = range.clamp((width * self.share).round());
        let range = if is_resized { Rangef::point(kept) } else { range };
        let frame = Frame::new().fill(theme::palette(ui).panel);
        let panel = Panel::left(egui::IdSalt::new(name)).default_size(kept).size_range(range).frame(frame);
        let shown = panel.show(ui, content);
        if !is_resized {
            self.share = shown.response.rect.width() / width.max(1.0);
        }
        self.width = width;
    }
}

/// What scrolls in all the room that is left. The scroll bar stands in the right margin, so that what is shown is as wide
/// with it as without: text that wraps anew is of another height, and the bar might go as it came, for ever.
pub fn scrolled<R>(ui: &mut Ui, id_salt: impl AsIdSalt, margin: Margin, content: impl FnOnce(&mut Ui) -> R) -> R {
    let width = ui.available_width() - margin.sum().x;
    ScrollArea::vertical()
        .id_salt(id_salt)
        .auto_shrink(false)
        .show(ui, |ui| {
            Frame::new()
                .inner_margin(Margin { right: 0, ..margin })
                .show(ui, |ui| {
                    ui.set_width(width.max(0.0));
                    let turned = pages_turned(ui, None);
                    if turned != 0.0 {
                        ui.scroll_with_delta(vec2(0.0, -turned * ui.clip_rect().height()));
                    }
                    content(ui)
                })
                .inner
        })
        .inner
}

/// By how many pages Space, or Shift and Space, turn what is read; some lines of the last page stay. Not while something
/// but `own`, which is read itself, has the focus: there Space presses, or is typed.
pub fn pages_turned(ui: &Ui, own: Option<Id>) -> f32 {
    if ui.memory(egui::Memory::focused).is_some_and(|focused| Some(focused) != own) {
        return 0.0;
    }
    ui.input_mut(|input| {
        if input.consume_key(Modifiers::SHIFT, Key::Space) {
            -PAGE
        } else if input.consume_key(Modifiers::NONE, Key::Space) {
            PAGE
        } else {
            0.0
        }
    })
}

/// A card with a title, as wide as what is left.
pub fn card<R>(ui: &mut Ui, title: &str, content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    card_with(ui, |ui| drop(ui.label(card_title(title))), content)
}

fn card_title(title: &str) -> egui::RichText {
    theme::strong(title).size(12.0)
}

/// A card whose head holds more than a title: chips beside it, a remark at the right.
pub fn card_with<R>(ui: &mut Ui, head: impl FnOnce(&mut Ui), content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    card_frame(ui).show(ui, |ui| {
        let gap = std::mem::replace(&mut ui.spacing_mut().item_spacing.y, 0.0);
        card_head_ui(ui, head);
        paint::hline(ui);
        Frame::new()
            .inner_margin(Margin::same(12))
            .show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = gap;
                ui.set_min_width(ui.available_width());
                content(ui)
            })
            .inner
    })
}

/// A card that is folded: its head alone.
pub fn card_head(ui: &mut Ui, head: impl FnOnce(&mut Ui)) {
    card_frame(ui).show(ui, |ui| card_head_ui(ui, head));
}

fn card_frame(ui: &Ui) -> Frame {
    let p = theme::palette(ui);
    Frame::new().fill(p.panel).stroke(Stroke::new(1.0, p.line)).corner_radius(theme::CARD_CORNER)
}

fn card_head_ui(ui: &mut Ui, head: impl FnOnce(&mut Ui)) {
    let size = vec2(ui.available_width(), CARD_HEAD);
    ui.allocate_ui_with_layout(size, Layout::left_to_right(Align::Center), |ui| {
        ui.set_min_size(size);
        ui.add_space(theme::PADDING);
        head(ui);
    });
}

/// Several things in one frame as high as a button, e.g. a status dot, a word and an address.
pub fn pill<R>(ui: &mut Ui, content: impl FnOnce(&mut Ui) -> R) -> InnerResponse<R> {
    let p = theme::palette(ui);
    let behind = ui.painter().add(egui::Shape::Noop);
    let layout = Layout::left_to_right(Align::Center);
    let size = vec2(0.0, theme::CONTROL);
    let shown = ui.allocate_ui_with_layout(size, layout, |ui| {
        ui.set_min_height(theme::CONTROL);
        ui.spacing_mut().item_spacing.x = 8.0;
        ui.add_space(10.0);
        let inner = content(ui);
        // With the gap after the last thing, the 10 of a button's padding.
        ui.add_space(2.0);
        inner
    });
    let stroke = Stroke::new(1.0, p.line);
    let rect = shown.response.rect;
    let shape = egui::epaint::RectShape::new(rect, theme::CORNER, p.raised, stroke, StrokeKind::Inside);
    ui.painter().set(behind, shape);
    shown
}
