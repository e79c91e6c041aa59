//! Colours, type and measures: the only file that names a colour.
//!
//! A view asks [`palette`] for the colours in force and the constants below for heights, and never writes a colour or a
//! font size of its own. [`install`] also dresses egui's own widgets (menus, combo boxes, check boxes, tooltips), so
//! that what a view takes from egui looks like what it takes from [`super::component`].

use std::sync::LazyLock;

use crate::annotation::Mark;
use crate::conversation::INKS;
use eframe::egui::{self, Color32, FontFamily, FontId, RichText, Stroke, TextFormat, TextStyle, Theme, vec2};

/// Height of the bar at the top of the window.
pub const TOP_BAR: f32 = 48.0;
/// Height of the bar that says what is responded.
pub const RESPONSE_BAR: f32 = 44.0;
/// Height of a line of what is held.
pub const HELD: f32 = 36.0;
/// Height of the line with a table's column names.
pub const TABLE_HEAD: f32 = 28.0;
/// Height of a row of a list or table.
pub const ROW: f32 = 28.0;
/// Height of a bar of tabs.
pub const TABS: f32 = 36.0;
/// Height of the bar at the bottom of the window.
pub const STATUS_BAR: f32 = 28.0;
/// Height of buttons, fields and everything else one acts on.
pub const CONTROL: f32 = 28.0;
/// Height of a dialog's title bar.
pub const DIALOG_TITLE: f32 = 44.0;
/// Padding of panels and cards.
pub const PADDING: f32 = 12.0;
/// Padding of bars, from the window's edge.
pub const BAR_PADDING: f32 = 16.0;
/// Corner radius of controls.
pub const CORNER: u8 = 6;
/// Corner radius of cards.
pub const CARD_CORNER: u8 = 8;
/// Corner radius of dialogs.
pub const DIALOG_CORNER: u8 = 10;
/// Size of ordinary text.
pub const BODY_SIZE: f32 = 13.0;
/// Size of secondary text.
pub const SMALL_SIZE: f32 = 11.5;
/// Size of what came over the wire.
pub const MONO_SIZE: f32 = 12.0;
/// Height of a line of text that wraps.
pub const LINE: f32 = 20.0;
/// Height of a line of code.
pub const MONO_LINE: f32 = 19.0;
/// Size of the one heading of a page.
pub const HEADING_SIZE: f32 = 17.0;
/// Size of the title of a page that has nothing else to show.
pub const TITLE_SIZE: f32 = 22.0;

/// The name of the family that is Inter at weight 600, as [`super::fonts`] installs it.
pub const STRONG_FAMILY: &str = "strong";

/// Every colour of one theme. What each is for stands in the design notes, "Tokens".
///
/// Three differ from the notes by a shade that the eye hardly sees, because the notes also ask for 4.5:1, and 3:1 for
/// faint: light `ok` and `bad` on their fills, dark `faint` on a selected row. The tests below measure all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Palette {
    /// Behind the detail, and inside fields.
    pub bg: Color32,
    /// Bars, list, cards.
    pub panel: Color32,
    /// Buttons and chips.
    pub raised: Color32,
    /// The pointer is over a row or button.
    pub hover: Color32,
    /// Every hairline, and a button held down.
    pub line: Color32,
    /// Text: the first of three steps.
    pub text: Color32,
    /// Text: the second step.
    pub dim: Color32,
    /// Text: the third step, for what may be overlooked.
    pub faint: Color32,
    /// Primary buttons, focus rings, the underline of a tab.
    pub accent: Color32,
    /// Accent as text. The light theme's accent has only 3.7:1 on its own fill, so its text is a shade darker.
    pub accent_text: Color32,
    /// Behind accent text.
    pub accent_fill: Color32,
    /// A primary button under the pointer.
    pub accent_hover: Color32,
    /// Text on a primary button.
    pub on_accent: Color32,
    /// Good.
    pub ok: Color32,
    /// Behind good.
    pub ok_fill: Color32,
    /// Look at this; a simulation is on.
    pub warn: Color32,
    /// Behind a warning.
    pub warn_fill: Color32,
    /// Wrong.
    pub bad: Color32,
    /// Behind wrong.
    pub bad_fill: Color32,
    /// JSON: the name of a field.
    pub key: Color32,
    /// JSON: a string.
    pub string: Color32,
    /// JSON: a number, `true`, `false` and `null`.
    pub number: Color32,
    /// Behind words that a filter looks for.
    pub mark: Color32,
    /// Words on that.
    pub on_mark: Color32,
    /// A selected row, and selected text.
    pub selection: Color32,
    /// Every second row of a list.
    pub zebra: Color32,
    /// Over the window while a dialog is open.
    pub scrim: Color32,
    /// The names of those who write.
    pub names: [Color32; INKS],
    /// The user's marks, in the order of [`Mark::ALL`].
    pub marks: [Color32; 5],
}

static DARK: Palette = Palette {
    bg: hex(0x14_16_1a),
    panel: hex(0x19_1c_21),
    raised: hex(0x20_24_2b),
    hover: hex(0x26_2b_33),
    line: hex(0x2b_30_38),
    text: hex(0xe6_e9_ee),
    dim: hex(0x98_a1_ae),
    faint: hex(0x73_7c_8a),
    accent: hex(0x5b_9d_ff),
    accent_text: hex(0x5b_9d_ff),
    accent_fill: hex(0x1c_2f_4d),
    accent_hover: hex(0x74_ad_ff),
    on_accent: hex(0x0b_15_26),
    ok: hex(0x4c_c3_8a),
    ok_fill: hex(0x15_30_1f),
    warn: hex(0xe5_b4_54),
    warn_fill: hex(0x33_29_0f),
    bad: hex(0xef_6a_6a),
    bad_fill: hex(0x3a_1a_1c),
    key: hex(0x82_aa_ff),
    string: hex(0xa5_d6_a7),
    number: hex(0xf2_ae_72),
    mark: hex(0x5c_45_0e),
    on_mark: hex(0xff_ee_c2),
    selection: hex(0x22_32_4a),
    zebra: hex(0x1b_1e_24),
    scrim: Color32::from_black_alpha(115),
    names: [hex(0x82_aa_ff), hex(0x8f_d1_92), hex(0xf2_ae_72), hex(0xd5_9a_f5), hex(0x5f_cf_cf), hex(0xf3_93_b4)],
    marks: [hex(0xf0_5d_5d), hex(0xe8_b0_3a), hex(0x45_c0_83), hex(0x56_9a_ff), hex(0xb5_88_f2)],
};

static LIGHT: Palette = Palette {
    bg: hex(0xf4_f5_f7),
    panel: hex(0xff_ff_ff),
    raised: hex(0xf0_f2_f5),
    hover: hex(0xe8_eb_f0),
    line: hex(0xdf_e3_e8),
    text: hex(0x1b_1f_24),
    dim: hex(0x56_60_70),
    faint: hex(0x7b_85_94),
    accent: hex(0x1f_6f_eb),
    accent_text: hex(0x18_5c_cc),
    accent_fill: hex(0xdb_e8_ff),
    accent_hover: hex(0x1a_62_d6),
    on_accent: hex(0xff_ff_ff),
    ok: hex(0x18_79_47),
    ok_fill: hex(0xdc_f3_e5),
    warn: hex(0x8a_5a_00),
    warn_fill: hex(0xff_f1_cf),
    bad: hex(0xc2_2d_34),
    bad_fill: hex(0xff_e3_e3),
    key: hex(0x1b_4f_b8),
    string: hex(0x1c_6e_3a),
    number: hex(0x9a_4a_00),
    mark: hex(0xff_e1_85),
    on_mark: hex(0x3a_2a_00),
    selection: hex(0xdb_e8_ff),
    zebra: hex(0xfa_fb_fc),
    scrim: Color32::from_black_alpha(115),
    names: [hex(0x1b_4f_b8), hex(0x1c_6e_3a), hex(0x9a_4a_00), hex(0x73_34_b0), hex(0x0b_64_6c), hex(0xa8_24_5e)],
    marks: [hex(0xd1_36_3d), hex(0xa8_6c_00), hex(0x1d_84_50), hex(0x1f_6f_eb), hex(0x7c_46_d6)],
};

const fn hex(rgb: u32) -> Color32 {
    let [_, r, g, b] = rgb.to_be_bytes();
    Color32::from_rgb(r, g, b)
}

/// The colours of the theme that `ui` is drawn in.
#[must_use]
pub fn palette(ui: &egui::Ui) -> &'static Palette {
    palette_of(if ui.visuals().dark_mode { Theme::Dark } else { Theme::Light })
}

/// The colours of a theme.
#[must_use]
pub fn palette_of(theme: Theme) -> &'static Palette {
    match theme {
        Theme::Dark => &DARK,
        Theme::Light => &LIGHT,
    }
}

/// What a thing means, as far as a colour can say it. A word or a glyph always says it too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Tone {
    /// Nothing in particular.
    #[default]
    Neutral,
    /// Chosen, or a link.
    Accent,
    /// Good.
    Ok,
    /// Look at this.
    Warn,
    /// Wrong.
    Bad,
    /// May be overlooked.
    Faint,
}

impl Tone {
    /// The colour of text and glyphs.
    #[must_use]
    pub fn ink(self, palette: &Palette) -> Color32 {
        match self {
            Self::Neutral => palette.text,
            Self::Accent => palette.accent_text,
            Self::Ok => palette.ok,
            Self::Warn => palette.warn,
            Self::Bad => palette.bad,
            Self::Faint => palette.faint,
        }
    }

    /// The colour behind text of this tone, in chips, segments and notices.
    #[must_use]
    pub fn fill(self, palette: &Palette) -> Color32 {
        match self {
            Self::Neutral | Self::Faint => palette.raised,
            Self::Accent => palette.accent_fill,
            Self::Ok => palette.ok_fill,
            Self::Warn => palette.warn_fill,
            Self::Bad => palette.bad_fill,
        }
    }
}

/// Sets both themes' styles. Which of them is shown is egui's theme preference, and stays as it is.
pub fn install(ctx: &egui::Context) {
    for theme in [Theme::Dark, Theme::Light] {
        ctx.style_mut_of(theme, |style| {
            style.text_styles = text_styles();
            style.animation_time = 0.1;
            style.interaction.selectable_labels = true;
            style.interaction.tooltip_delay = 0.4;
            set_spacing(&mut style.spacing);
            style.visuals = visuals(theme);
        });
    }
}

fn text_styles() -> std::collections::BTreeMap<TextStyle, FontId> {
    [
        (TextStyle::Body, FontId::proportional(BODY_SIZE)),
        (TextStyle::Small, FontId::proportional(SMALL_SIZE)),
        (TextStyle::Button, FontId::proportional(BODY_SIZE)),
        (TextStyle::Monospace, mono_font()),
        (TextStyle::Heading, strong_font(HEADING_SIZE)),
    ]
    .into()
}

fn set_spacing(spacing: &mut egui::style::Spacing) {
    spacing.item_spacing = vec2(8.0, 8.0);
    spacing.button_padding = vec2(10.0, 4.0);
    spacing.interact_size = vec2(CONTROL, CONTROL);
    spacing.window_margin = egui::Margin::same(12);
    spacing.menu_margin = egui::Margin::same(4);
    spacing.indent = 16.0;
    spacing.icon_width = 16.0;
    spacing.icon_width_inner = 10.0;
    spacing.icon_spacing = 8.0;
    spacing.text_edit_width = 240.0;
    spacing.combo_width = 120.0;
    spacing.tooltip_width = 420.0;
    spacing.menu_spacing = 4.0;
    spacing.scroll = egui::style::ScrollStyle {
        // Solid: a bar that floats hides the last column's digits just when one scrolls to read them.
        bar_width: 8.0,
        bar_inner_margin: 2.0,
        bar_outer_margin: 2.0,
        handle_min_length: 24.0,
        foreground_color: false,
        ..egui::style::ScrollStyle::solid()
    };
}

fn visuals(theme: Theme) -> egui::Visuals {
    let p = palette_of(theme);
    let mut visuals = theme.default_visuals();
    visuals.widgets = widgets(p);
    visuals.selection.bg_fill = p.selection;
    visuals.selection.stroke = Stroke::new(1.0, p.accent_text);
    visuals.hyperlink_color = p.accent_text;
    visuals.weak_text_color = Some(p.faint);
    visuals.faint_bg_color = p.zebra;
    visuals.extreme_bg_color = p.bg;
    visuals.text_edit_bg_color = Some(p.bg);
    visuals.code_bg_color = p.raised;
    visuals.warn_fg_color = p.warn;
    visuals.error_fg_color = p.bad;
    visuals.window_fill = p.panel;
    visuals.window_stroke = Stroke::new(1.0, p.line);
    visuals.window_corner_radius = DIALOG_CORNER.into();
    visuals.window_shadow = egui::Shadow::NONE;
    visuals.popup_shadow = egui::Shadow::NONE;
    visuals.menu_corner_radius = CARD_CORNER.into();
    visuals.panel_fill = p.panel;
    visuals.text_cursor.stroke = Stroke::new(1.5, p.accent);
    visuals.disabled_alpha = 0.45;
    visuals.striped = false;
    visuals.indent_has_left_vline = false;
    visuals
}

fn widgets(p: &Palette) -> egui::style::Widgets {
    // Only the handle of a scroll bar takes `bg_fill`.
    let look = |fill, line, handle| egui::style::WidgetVisuals {
        bg_fill: handle,
        weak_bg_fill: fill,
        bg_stroke: Stroke::new(1.0, line),
        corner_radius: CORNER.into(),
        fg_stroke: Stroke::new(1.0, p.text),
        expansion: 0.0,
    };
    let (still, held) = (handle(p, false), handle(p, true));
    egui::style::Widgets {
        noninteractive: look(p.panel, p.line, still),
        inactive: look(p.raised, p.line, still),
        hovered: look(p.hover, p.line, held),
        active: look(p.line, p.accent, held),
        open: look(p.hover, p.line, still),
    }
}

/// The colour of a scroll bar's handle; `held` or under the pointer it is stronger.
#[must_use]
pub fn handle(p: &Palette, held: bool) -> Color32 {
    if held { p.dim } else { p.faint.gamma_multiply(0.6) }
}

/// The family for what must be found first.
#[must_use]
pub fn strong_family() -> FontFamily {
    static FAMILY: LazyLock<FontFamily> = LazyLock::new(|| FontFamily::Name(STRONG_FAMILY.into()));
    FAMILY.clone()
}

/// Inter 600 in a size of its own; [`strong`] is the usual way to it.
#[must_use]
pub fn strong_font(size: f32) -> FontId {
    FontId::new(size, strong_family())
}

/// The face for what came over the wire.
#[must_use]
pub fn mono_font() -> FontId {
    FontId::monospace(MONO_SIZE)
}

/// Text that must be found first, in the body's size.
#[must_use]
pub fn strong(text: impl Into<String>) -> RichText {
    RichText::new(text).font(strong_font(BODY_SIZE))
}

/// The one heading of a page.
#[must_use]
pub fn heading(text: impl Into<String>) -> RichText {
    RichText::new(text).font(strong_font(HEADING_SIZE))
}

/// The title of a page that has nothing else to show.
#[must_use]
pub fn title(text: impl Into<String>) -> RichText {
    RichText::new(text).font(strong_font(TITLE_SIZE))
}

/// Text of the second step.
#[must_use]
pub fn dim(ui: &egui::Ui, text: impl Into<String>) -> RichText {
    RichText::new(text).color(palette(ui).dim)
}

/// Text of the third step.
#[must_use]
pub fn faint(ui: &egui::Ui, text: impl Into<String>) -> RichText {
    RichText::new(text).color(palette(ui).faint)
}

/// Secondary text: smaller, and of the second step.
#[must_use]
pub fn small(ui: &egui::Ui, text: impl Into<String>) -> RichText {
    dim(ui, text).size(SMALL_SIZE)
}

/// What came over the wire.
#[must_use]
pub fn mono(text: impl Into<String>) -> RichText {
    RichText::new(text).font(mono_font())
}

/// Text of the second step that wraps, with more air between its lines.
#[must_use]
pub fn paragraph(ui: &egui::Ui, text: impl Into<String>) -> RichText {
    dim(ui, text).line_height(Some(LINE))
}

/// How a section of a body is laid out: the face and line height of code, in a colour of the caller's.
#[must_use]
pub fn code_format(ink: Color32) -> TextFormat {
    TextFormat { line_height: Some(MONO_LINE), valign: egui::Align::Center, ..TextFormat::simple(mono_font(), ink) }
}

/// Ink and ground of what was found; the match that one is at stands out.
#[must_use]
pub fn found(p: &Palette, is_current: bool) -> (Color32, Color32) {
    if is_current { (p.bg, p.warn) } else { (p.text, p.warn_fill) }
}

/// The colour of a mark.
#[must_use]
pub fn mark(p: &Palette, mark: Mark) -> Color32 {
    let at = Mark::ALL.iter().position(|other| *other == mark).unwrap_or(0);
    p.marks[at]
}

/// Text in a tone's ink.
#[must_use]
pub fn toned(ui: &egui::Ui, text: impl Into<String>, tone: Tone) -> RichText {
    RichText::new(text).color(tone.ink(palette(ui)))
}

#[cfg(test)]
mod tests {
    use super::{DARK, LIGHT, Palette, Tone};
    use eframe::egui::Color32;

    #[test]
    fn text_is_legible_on_everything_it_stands_on() {
        for p in [&DARK, &LIGHT] {
            for ground in [p.bg, p.panel, p.raised, p.hover, p.selection, p.zebra] {
                check("text", p.text, ground, 4.5);
                check("dim", p.dim, ground, 4.5);
            }
            for ground in [p.bg, p.panel, p.raised, p.hover, p.selection, p.zebra] {
                check("faint", p.faint, ground, 3.0);
            }
            check("on_accent", p.on_accent, p.accent, 4.5);
            check("on_mark", p.on_mark, p.mark, 4.5);
        }
    }

    #[test]
    fn tones_are_legible_on_their_fills_and_on_panels() {
        for p in [&DARK, &LIGHT] {
            for tone in [Tone::Neutral, Tone::Accent, Tone::Ok, Tone::Warn, Tone::Bad] {
                for ground in [tone.fill(p), p.panel, p.bg, p.raised] {
                    check(&format!("{tone:?}"), tone.ink(p), ground, 4.5);
                }
            }
        }
    }

    #[test]
    fn marks_stand_out_from_whatever_a_row_stands_on() {
        for p in [&DARK, &LIGHT] {
            for ground in [p.panel, p.hover, p.selection, p.zebra] {
                p.marks.iter().for_each(|mark| check("mark", *mark, ground, 3.0));
            }
        }
    }

    #[test]
    fn names_are_legible_on_whatever_an_entry_stands_on() {
        for p in [&DARK, &LIGHT] {
            for ground in [p.panel, p.hover, p.selection] {
                p.names.iter().for_each(|name| check("name", *name, ground, 4.5));
            }
        }
    }

    #[test]
    fn what_was_found_is_legible() {
        for p in [&DARK, &LIGHT] {
            for is_current in [false, true] {
                let (ink, ground) = super::found(p, is_current);
                check("found", ink, ground, 4.5);
            }
        }
    }

    #[test]
    fn json_is_legible_where_bodies_are_shown() {
        for p in [&DARK, &LIGHT] {
            for (name, ink) in json(p) {
                check(name, ink, p.bg, 4.5);
                check(name, ink, p.panel, 4.5);
            }
        }
    }

    fn json(p: &Palette) -> [(&'static str, Color32); 3] {
        [("key", p.key), ("string", p.string), ("number", p.number)]
    }

    fn check(name: &str, ink: Color32, ground: Color32, least: f32) {
        let (a, b) = (luminance(ink), luminance(ground));
        let contrast = (a.max(b) + 0.05) / (a.min(b) + 0.05);
        assert!(contrast >= least, "{name} {ink:?} on {ground:?} has {contrast:.2}:1, wanted {least}:1");
    }

    /// Relative luminance as WCAG defines it.
    fn luminance(color: Color32) -> f32 {
        let [r, g, b, _] = eframe::egui::Rgba::from(color).to_array();
        0.2126 * r + 0.7152 * g + 0.0722 * b
    }
}
