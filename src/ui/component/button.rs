//! Buttons.

use eframe::egui::{Color32, FontId, Rect, Response, Role, Sense, Stroke, StrokeKind, Ui, Widget, WidgetInfo, pos2, vec2};

use super::paint::{self, Icon};
use crate::ui::theme::{self, Palette};

const PADDING: f32 = 10.0;
const QUIET_PADDING: f32 = 6.0;
const QUIET_HEIGHT: f32 = 22.0;
const GAP: f32 = 8.0;
const ICON: f32 = 12.0;
const WEDGE: f32 = 8.0;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Look {
    Plain,
    Primary,
    Quiet,
    Danger,
}

/// A button, built before it is added: `ui.add(Button::new("Stop").enabled(running))`.
#[must_use = "a button is drawn when it is added to a Ui"]
pub struct Button<'a> {
    label: &'a str,
    look: Look,
    enabled: bool,
    icon: Option<Icon>,
    icon_only: bool,
    opens_menu: bool,
    ink: Option<Color32>,
}

impl<'a> Button<'a> {
    /// A plain button. The label is also its accessible name.
    pub fn new(label: &'a str) -> Self {
        Self { label, look: Look::Plain, enabled: true, icon: None, icon_only: false, opens_menu: false, ink: None }
    }

    /// The one thing to do here, on the accent colour.
    pub fn primary(mut self) -> Self {
        self.look = Look::Primary;
        self
    }

    /// Only faint words, for what stands inside another control.
    pub fn quiet(mut self) -> Self {
        self.look = Look::Quiet;
        self
    }

    /// Destroys something: the words are in the colour of "wrong".
    pub fn danger(mut self) -> Self {
        self.look = Look::Danger;
        self
    }

    /// Whether it can be clicked. A disabled button stays in its place, pale.
    pub fn enabled(mut self, enabled: bool) -> Self {
        self.enabled = enabled;
        self
    }

    /// An icon before the label.
    pub fn icon(mut self, icon: Icon) -> Self {
        self.icon = Some(icon);
        self
    }

    /// Shows the icon alone; the label remains the accessible name.
    pub fn icon_only(mut self) -> Self {
        self.icon_only = true;
        self
    }

    /// Draws icon and label in this colour of the theme.
    pub fn ink(mut self, ink: Color32) -> Self {
        self.ink = Some(ink);
        self
    }

    /// A wedge behind the label: it opens a menu below.
    pub fn opens_menu(mut self) -> Self {
        self.opens_menu = true;
        self
    }

    fn draw(self, ui: &mut Ui) -> Response {
        let p = theme::palette(ui);
        let ink = self.ink.unwrap_or_else(|| self.ink_of_look(p));
        let label = (!self.icon_only).then(|| paint::line_of(ui, self.label, self.font(), ink));

        let parts = [self.icon.map(|_| ICON), label.as_ref().map(|galley| galley.size().x), self.opens_menu.then_some(WEDGE)];
        let (padding, height) = match self.look {
            Look::Quiet => (QUIET_PADDING, QUIET_HEIGHT),
            Look::Plain | Look::Primary | Look::Danger => (PADDING, theme::CONTROL),
        };
        let width = (width_of(&parts) + 2.0 * padding).ceil().max(height);
        let (rect, response) = ui.allocate_exact_size(vec2(width, height), Sense::click());
        response.widget_info(|| WidgetInfo::labeled(Role::Button, ui.is_enabled(), self.label));

        if ui.is_rect_visible(rect) {
            self.draw_frame(ui, p, rect, &response);
            let ink = if self.look == Look::Quiet && response.hovered() { p.text } else { ink };
            let mut x = rect.center().x - width_of(&parts) / 2.0;
            let y = rect.center().y;
            let painter = ui.painter();
            if let Some(icon) = self.icon {
                paint::paint_icon(painter, pos2(x + ICON / 2.0, y), icon, ink);
                x += ICON + GAP;
            }
            if self.opens_menu {
                paint::paint_wedge(ui, pos2(rect.right() - padding - WEDGE / 2.0, y), false);
            }
            if let Some(galley) = label {
                let at = pos2(x.round(), y - galley.size().y / 2.0);
                if self.look == Look::Quiet {
                    painter.galley_with_override_text_color(at, galley, ink);
                } else {
                    painter.galley(at, galley, ink);
                }
            }
        }
        response
    }

    fn draw_frame(&self, ui: &Ui, p: &Palette, rect: Rect, response: &Response) {
        let (fill, line) = self.ground(p, response);
        let stroke = Stroke::new(1.0, line);
        ui.painter().rect(rect, theme::CORNER, fill, stroke, StrokeKind::Inside);
        if response.has_focus() {
            paint::focus_ring(ui.painter(), p, rect, theme::CORNER, self.look == Look::Primary);
        }
    }

    fn ground(&self, p: &Palette, response: &Response) -> (Color32, Color32) {
        let down = response.is_pointer_button_down_on();
        let over = response.hovered();
        match self.look {
            Look::Primary if down || over => (p.accent_hover, p.accent_hover),
            Look::Primary => (p.accent, p.accent),
            Look::Quiet if down || over => (p.hover, Color32::TRANSPARENT),
            Look::Quiet => (Color32::TRANSPARENT, Color32::TRANSPARENT),
            Look::Plain | Look::Danger if down => (p.line, p.line),
            Look::Plain | Look::Danger if over => (p.hover, p.line),
            Look::Plain | Look::Danger => (p.raised, p.line),
        }
    }

    fn ink_of_look(&self, p: &Palette) -> Color32 {
        match self.look {
            Look::Primary => p.on_accent,
            Look::Quiet => p.faint,
            Look::Danger => p.bad,
            Look::Plain => p.text,
        }
    }

    fn font(&self) -> FontId {
        match self.look {
            Look::Primary => theme::strong_font(theme::BODY_SIZE),
            Look::Quiet => FontId::proportional(12.0),
            Look::Plain | Look::Danger => FontId::proportional(theme::BODY_SIZE),
        }
    }
}

impl Widget for Button<'_> {
    fn ui(self, ui: &mut Ui) -> Response {
        let enabled = self.enabled;
        ui.add_enabled(enabled, |ui: &mut Ui| self.draw(ui))
    }
}

fn width_of(parts: &[Option<f32>]) -> f32 {
    let widths = || parts.iter().flatten();
    let gaps = widths().skip(1).map(|_| GAP).sum::<f32>();
    widths().sum::<f32>() + gaps
}

/// A plain button.
pub fn button(ui: &mut Ui, label: &str) -> Response {
    ui.add(Button::new(label))
}

/// The one thing to do here.
pub fn primary_button(ui: &mut Ui, label: &str) -> Response {
    ui.add(Button::new(label).primary())
}

/// Only faint words, e.g. "Copy" in a pill.
pub fn quiet_button(ui: &mut Ui, label: &str) -> Response {
    ui.add(Button::new(label).quiet())
}

/// Destroys something.
pub fn danger_button(ui: &mut Ui, label: &str) -> Response {
    ui.add(Button::new(label).danger())
}

/// A button that is only an icon. Its name is what a screen reader says and what the tooltip shows.
pub fn icon_button(ui: &mut Ui, icon: Icon, name: &str) -> Response {
    ui.add(Button::new(name).icon(icon).icon_only()).on_hover_text(name)
}
