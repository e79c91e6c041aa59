//! Dialogs: a surface over the window that takes all input until it is closed.

use eframe::egui::{
    self, Align, Align2, Context, Frame, Id, Layout, Modal, Rect, Response, Role, Sense, Stroke, Ui, UiBuilder, Vec2, WidgetInfo, vec2,
};

use super::{Icon, icon_button, paint};
use crate::ui::theme;

/// The least that stays visible of the window at each side of a dialog.
const ROOM: f32 = 16.0;

/// A dialog, built before it is shown.
#[must_use = "a dialog is drawn by `show`"]
pub struct Dialog<'a> {
    title: &'a str,
    remark: &'a str,
    width: f32,
    has_title: bool,
}

impl<'a> Dialog<'a> {
    /// A dialog 560 wide. The title is also its identity and its accessible name.
    pub fn new(title: &'a str) -> Self {
        Self { title, remark: "", width: 560.0, has_title: true }
    }

    /// Its width; it never grows beyond the window.
    pub fn width(mut self, width: f32) -> Self {
        self.width = width;
        self
    }

    /// Words of the second step after the title.
    pub fn remark(mut self, remark: &'a str) -> Self {
        self.remark = remark;
        self
    }

    /// Draws no title bar: the title is only told to a screen reader.
    pub fn untitled(mut self) -> Self {
        self.has_title = false;
        self
    }

    /// Draws the dialog, and says whether it was asked to close: by Esc, the cross, or a click beside it.
    ///
    /// `actions` stand in the title bar from the right, before the cross. `body` has no padding of its own, so that
    /// lists can reach the edges; the height that it may take is `ui.available_height()`.
    ///
    /// Focus goes to the dialog when it opens, unless `body` asks for it, and back to where it was when it is no longer
    /// shown.
    pub fn show(self, ctx: &Context, actions: impl FnOnce(&mut Ui), body: impl FnOnce(&mut Ui)) -> bool {
        let id = Id::unique(("dialog", self.title));
        let window = ctx.content_rect();
        let width = self.width.min(window.width() - 2.0 * ROOM);
        // Fixed at the top, so that a dialog that grows does not jump.
        let above = (window.height() * 0.1).clamp(ROOM, 96.0);
        let below = window.height() - 2.0 * above.min(48.0);

        let p = theme::palette_of(ctx.theme());
        let frame = Frame::new().fill(p.panel).stroke(Stroke::new(1.0, p.line)).corner_radius(theme::DIALOG_CORNER);
        let modal = Modal::new(id)
            .area(Modal::default_area(id).anchor(Align2::CENTER_TOP, vec2(0.0, above)))
            .backdrop_color(p.scrim)
            .frame(frame)
            .show(ctx, |ui| {
                ui.set_width(width);
                ui.set_max_height((below - above).max(0.0));
                ui.spacing_mut().item_spacing.y = 0.0;
                let focused = ui.memory(egui::Memory::focused);
                let opened = ui.plugin_or_default::<FocusReturn>().lock().note(id, focused);
                let (node, crossed) = if self.has_title {
                    self.title_bar(ui, id, actions)
                } else {
                    (self.node(ui, id, Rect::from_min_size(ui.max_rect().min, Vec2::ZERO)), false)
                };
                body(ui);
                if opened && ui.memory(egui::Memory::focused) == focused {
                    node.request_focus();
                }
                crossed
            });
        modal.inner || modal.should_close()
    }

    /// The dialog itself can have focus, so that a screen reader says its title and Tab goes to its first control.
    fn node(&self, ui: &Ui, id: Id, rect: Rect) -> Response {
        let node = ui.interact(rect, id.with("title"), Sense::focusable_noninteractive());
        node.widget_info(|| WidgetInfo::labeled(Role::Dialog, true, self.title));
        node
    }

    fn title_bar(&self, ui: &mut Ui, id: Id, actions: impl FnOnce(&mut Ui)) -> (Response, bool) {
        let size = vec2(ui.available_width(), theme::DIALOG_TITLE);
        let (rect, _) = ui.allocate_exact_size(size, Sense::hover());
        let node = self.node(ui, id, rect);
        let inside = rect.shrink2(vec2(theme::BAR_PADDING, 0.0));
        let layout = Layout::left_to_right(Align::Center);
        let mut bar = ui.new_child(UiBuilder::new().max_rect(inside).layout(layout));
        // Painted, not a label: the dialog's node says the title already.
        let ink = theme::palette(&bar).text;
        let title = paint::line_of(&bar, self.title, theme::strong_font(14.0), ink);
        let (place, _) = bar.allocate_exact_size(title.size(), Sense::hover());
        bar.painter().galley(place.min, title, ink);
        if !self.remark.is_empty() {
            bar.label(theme::dim(&bar, self.remark));
        }
        // The cross's own padding reaches into the bar's, so that its strokes align with the contents below.
        let right = inside.with_max_x(inside.right() + 8.0);
        let layout = Layout::right_to_left(Align::Center);
        let mut end = ui.new_child(UiBuilder::new().max_rect(right).layout(layout));
        let crossed = icon_button(&mut end, Icon::Close, "Close").clicked();
        actions(&mut end);
        paint::hline(ui);
        (node, crossed)
    }
}

/// A dialog of ordinary padding without actions in its title bar. Says whether it was asked to close.
pub fn dialog(ctx: &Context, title: &str, remark: &str, width: f32, content: impl FnOnce(&mut Ui)) -> bool {
    Dialog::new(title).remark(remark).width(width).show(
        ctx,
        |_| {},
        |ui| {
            Frame::new().inner_margin(16).show(ui, |ui| {
                ui.spacing_mut().item_spacing.y = 8.0;
                ui.set_min_width(ui.available_width());
                content(ui);
            });
        },
    )
}

/// Who had focus when each open dialog appeared.
///
/// A dialog ends by not being shown any more, whoever decided that; only something that runs in every pass can notice.
#[derive(Default)]
struct FocusReturn {
    open: Vec<OpenDialog>,
}

struct OpenDialog {
    id: Id,
    focused_before: Option<Id>,
    /// What had the focus when it was shown last.
    focused_last: Option<Id>,
    shown: bool,
}

impl FocusReturn {
    /// Notes that the dialog is shown in this pass; says whether it just opened.
    fn note(&mut self, id: Id, focused: Option<Id>) -> bool {
        let known = self.open.iter_mut().find(|dialog| dialog.id == id);
        let opened = known.is_none();
        match known {
            Some(dialog) => dialog.shown = true,
            None => self.open.push(OpenDialog { id, focused_before: focused, focused_last: None, shown: true }),
        }
        opened
    }
}

impl egui::Plugin for FocusReturn {
    fn debug_name(&self) -> &'static str {
        "focus return"
    }

    fn on_end_pass(&mut self, ui: &mut Ui) {
        let focused = ui.memory(egui::Memory::focused);
        let closed: Vec<OpenDialog> = self.open.extract_if(.., |dialog| !dialog.shown).collect();
        for closed in closed {
            // One that opened in its place goes back to where that one would have gone.
            let follows = self.open.iter_mut().find(|dialog| closed.focused_last.is_some() && dialog.focused_before == closed.focused_last);
            if let Some(follows) = follows {
                follows.focused_before = closed.focused_before;
            } else if focused.is_none() || focused == closed.focused_last {
                // Else what it did has asked for the focus.
                if let Some(id) = closed.focused_before {
                    ui.memory_mut(|memory| memory.request_focus(id));
                }
            }
        }
        for dialog in &mut self.open {
            (dialog.shown, dialog.focused_last) = (false, focused);
        }
    }
}
