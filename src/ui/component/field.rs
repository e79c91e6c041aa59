//! Fields to type in, and the line that copies itself.

use std::sync::Arc;

use eframe::egui::{
    self, Align, Align2, FontId, Frame, Galley, Id, Margin, Rect, Response, Role, Sense, Stroke, TextBuffer, TextEdit, Ui, UiBuilder,
    Widget, WidgetInfo, vec2,
};

use super::{Button, paint};
use crate::ui::theme;

/// Inside the 1 px line, so that text stands 10 from the edge as it does in buttons.
const PADDING: i8 = 9;
const COPIED_SECONDS: f64 = 1.2;

/// A field of one line, built before it is added.
///
/// Its identity is its name within the [`Ui`], so that what is being typed survives whatever appears before it.
#[must_use = "a field is drawn when it is added to a Ui"]
pub struct Field<'a> {
    name: &'a str,
    text: &'a mut String,
    hint: &'a str,
    width: f32,
    mono: bool,
    invalid: bool,
    secret: bool,
    tail: f32,
}

impl<'a> Field<'a> {
    /// A field as wide as what is left. `name` is its accessible name: the visible label beside it, where there is one.
    pub fn new(name: &'a str, text: &'a mut String) -> Self {
        Self { name, text, hint: "", width: f32::INFINITY, mono: false, invalid: false, secret: false, tail: 0.0 }
    }

    /// What stands in it faintly while it is empty.
    pub fn hint(mut self, hint: &'a str) -> Self {
        self.hint = hint;
        self
    }

    /// Its width; it never grows beyond what is left.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// Shows the text as what goes over the wire.
    pub fn mono(mut self) -> Self {
        self.mono = true;
        self
    }

    /// Outlines it as wrong. Say why in words beside it.
    pub fn invalid(mut self, invalid: bool) -> Self {
        self.invalid = invalid;
        self
    }

    /// Hides what is typed.
    pub fn secret(mut self, secret: bool) -> Self {
        self.secret = secret;
        self
    }

    /// Keeps `width` free at its right end for something that the caller puts there.
    pub fn tail(mut self, width: f32) -> Self {
        self.tail = width;
        self
    }

    /// The identity that a field of this name has in `ui`, to give it focus from elsewhere.
    #[must_use]
    pub fn id(ui: &Ui, name: &str) -> Id {
        ui.make_persistent_id(("field", name))
    }
}

impl Widget for Field<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let id = Self::id(ui, self.name);
        let mut frame = field_frame(ui, id, self.invalid);
        #[expect(clippy::cast_possible_truncation, reason = "a margin in whole pixels")]
        let tail = self.tail.clamp(0.0, 100.0) as i8;
        frame.inner_margin.right = frame.inner_margin.right.saturating_add(tail);
        let width = self.width.min(ui.available_width());
        let font = if self.mono { theme::mono_font() } else { FontId::proportional(theme::BODY_SIZE) };
        TextEdit::singleline(self.text)
            .id(id)
            .hint_text(self.hint)
            .font(font)
            .password(self.secret)
            .frame(frame)
            .desired_width(width)
            .min_size(vec2(0.0, theme::CONTROL))
            .align(Align2::LEFT_CENTER)
            .ui(ui)
            .accessible_name(self.name)
    }
}

/// The frame of a field: its line says whether it has the focus, or is wrong.
pub fn field_frame(ui: &Ui, id: Id, invalid: bool) -> Frame {
    let p = theme::palette(ui);
    let line = match (ui.memory(|memory| memory.has_focus(id)), invalid) {
        (_, true) => p.bad,
        (true, false) => p.accent,
        (false, false) => p.line,
    };
    Frame::new().fill(p.bg).stroke(Stroke::new(1.0, line)).corner_radius(theme::CORNER).inner_margin(Margin::symmetric(PADDING, 3))
}

/// A field that hides what is typed until "Show" is clicked.
pub fn secret_field(ui: &mut Ui, name: &str, text: &mut String, hint: &str, width: f32) -> Response {
    let shown_id = Field::id(ui, name).with("shown");
    let shown = ui.data(|data| data.get_temp::<bool>(shown_id)).unwrap_or_default();
    let tail = 40.0;
    let field = Field::new(name, text).hint(hint).width(width).secret(!shown).tail(tail);
    let response = ui.add(field);
    let label = if shown { "Hide" } else { "Show" };
    let place = response.rect.with_min_x(response.rect.right() - tail - 8.0).shrink2(vec2(3.0, 0.0));
    if tail_button(ui, place, label).clicked() {
        ui.data_mut(|data| data.insert_temp(shown_id, !shown));
    }
    response
}

/// A quiet button at the right end of `place`, over what is already there.
fn tail_button(ui: &mut Ui, place: Rect, label: &str) -> Response {
    let layout = egui::Layout::right_to_left(Align::Center);
    let mut inside = ui.new_child(UiBuilder::new().max_rect(place).layout(layout));
    inside.add(Button::new(label).quiet())
}

/// A field of `rows` lines for what goes over the wire, whose text `layouter` colours, with [`theme::code_format`]: it is
/// given the text and the width to wrap at. Tab leaves it: bodies are indented with spaces.
pub fn code_field(
    ui: &mut Ui,
    name: &str,
    text: &mut String,
    rows: usize,
    layouter: &mut dyn FnMut(&Ui, &dyn TextBuffer, f32) -> Arc<Galley>,
) -> Response {
    let id = Field::id(ui, name);
    let frame = field_frame(ui, id, false).inner_margin(Margin::symmetric(PADDING, 7));
    TextEdit::multiline(text)
        .id(id)
        .font(theme::mono_font())
        .frame(frame)
        .desired_width(f32::INFINITY)
        .desired_rows(rows)
        .layouter(layouter)
        .ui(ui)
        .accessible_name(name)
}

/// A line to copy: the text in a field's frame, with "Copy" at its right end. Copies it, and says when it did.
pub fn copy_line(ui: &mut Ui, text: &str) -> bool {
    let p = theme::palette(ui);
    let size = vec2(ui.available_width(), theme::CONTROL);
    let (rect, response) = ui.allocate_exact_size(size, Sense::hover());
    response.widget_info(|| WidgetInfo::labeled(Role::Label, ui.is_enabled(), text));
    let stroke = Stroke::new(1.0, p.line);
    ui.painter().rect(rect, theme::CORNER, p.bg, stroke, egui::StrokeKind::Inside);

    let id = response.id.with("copied at");
    let copied = copied_lately(ui, id);
    let label = if copied { "Copied" } else { "Copy" };
    let button = tail_button(ui, rect.shrink2(vec2(3.0, 0.0)), label);
    let room = rect.with_max_x(button.rect.left() - 4.0).with_min_x(rect.left() + 10.0);
    paint::paint_text(ui, room, Align::LEFT, theme::mono(text));

    ui.accesskit_node_builder(button.id, |node| node.set_description(text));
    if button.clicked() {
        ui.copy_text(text.to_owned());
        let now = ui.input(|input| input.time);
        ui.data_mut(|data| data.insert_temp(id, now));
    }
    button.clicked()
}

/// Whether this line was copied a moment ago; asks for the frame in which that ends.
fn copied_lately(ui: &Ui, id: Id) -> bool {
    let now = ui.input(|input| input.time);
    let left = ui.data(|data| data.get_temp::<f64>(id)).map_or(0.0, |at| at + COPIED_SECONDS - now);
    if left > 0.0 {
        ui.request_repaint_after(std::time::Duration::from_secs_f64(left));
    }
    left > 0.0
}
