//! A list of any length, exact at its last row, that never jumps.
//!
//! A scroll offset in `f32` points freezes slow scrolling beyond some 400,000 rows of 28 points: the offset has no bits
//! left for a fraction. So the place is held as a row number and the points of that row that are scrolled away, and only
//! the scroll bar, where a pixel stands for many rows, computes with the whole length, in `f64`.

use std::ops::Range;

use eframe::egui::{self, Align, Layout, Rect, Response, Role, Sense, Ui, UiBuilder, Vec2, WidgetInfo, pos2, vec2};

use super::component::pages_turned;
use super::theme::{self, Palette};

const BAR: f32 = 12.0;
const HANDLE: f32 = 6.0;
const HANDLE_MIN: f32 = 28.0;

/// How many rows around one are brought into view with it, where it is to be seen amid them.
const AROUND: u64 = 4;

/// Where a list is scrolled to. The same state serves whatever the length becomes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ListState {
    top: u64,
    sub: f32,
    reveal: Option<u64>,
    /// How many rows around that are to be in view as well.
    around: u64,
    /// While the handle is dragged: how far below its top it is held.
    grab: Option<f32>,
}

impl ListState {
    /// The first row that is visible, perhaps in part.
    #[must_use]
    pub fn top(&self) -> u64 {
        self.top
    }

    /// Whether the first row is in view from its first pixel: the list follows what is prepended.
    #[must_use]
    pub fn at_top(&self) -> bool {
        self.top == 0 && self.sub <= 0.0
    }

    /// Tells that `count` rows now stand before the others. What is on screen stays there, unless the list is at its top
    /// and follows.
    pub fn prepended(&mut self, count: u64) {
        if !self.at_top() {
            self.top = self.top.saturating_add(count);
        }
        // A row that is still to be revealed is the same row as before.
        self.reveal = self.reveal.map(|row| row.saturating_add(count));
    }

    /// Scrolls as little as needed to have all of `row` in view, the next time the list is shown.
    pub fn reveal(&mut self, row: u64) {
        (self.reveal, self.around) = (Some(row), 0);
    }

    /// The same, with some rows before and behind it.
    pub fn reveal_amid(&mut self, row: u64) {
        (self.reveal, self.around) = (Some(row), AROUND);
    }

    /// Has this row at the top of the view, as far as there are rows below it.
    pub fn show_from(&mut self, row: u64) {
        *self = Self { top: row, ..Self::default() };
    }

    /// Has `row` where the first visible one is now, for a list that became another one.
    pub fn stand_at(&mut self, row: u64) {
        if !self.at_top() {
            self.top = row;
        }
        self.reveal = None;
    }

    /// Goes back to the first row, and so to following.
    pub fn go_to_top(&mut self) {
        *self = Self::default();
    }
}

/// What a list says after it was drawn.
#[derive(Debug)]
pub struct Output {
    /// Of the list as a whole, without its scroll bar.
    pub response: Response,
    /// The rows that were drawn.
    pub visible: Range<u64>,
    /// How many rows fit: the stride of Page Up and Page Down.
    pub page: u64,
    /// The row that was clicked. Whether that selects it is the caller's to say.
    pub clicked: Option<u64>,
    /// The row that was clicked twice.
    pub double_clicked: Option<u64>,
    /// Whether the first row is in view from its first pixel.
    pub at_top: bool,
    /// The identity of the selected row, while it is in view: a screen reader that is elsewhere can be told of it.
    pub selected: Option<egui::Id>,
}

/// One row, as the caller draws it.
pub struct Row<'a> {
    /// Its number, from the top.
    pub index: u64,
    /// Where it stands on screen.
    pub rect: Rect,
    /// Whether it is selected.
    pub selected: bool,
    /// For a context menu or a tooltip.
    pub response: &'a Response,
}

/// A list of rows of one height, drawn across all that is left of the `Ui`.
#[must_use = "a list is drawn by `show`"]
pub struct List<'a> {
    name: &'a str,
    total: u64,
    row_height: f32,
    selected: Option<u64>,
    also_selected: Option<&'a dyn Fn(u64) -> bool>,
    zebra: bool,
    hover: bool,
    before: Option<u64>,
    is_read: bool,
}

impl<'a> List<'a> {
    /// A list of `total` rows. The name is its accessible name, and its identity within the `Ui`.
    pub fn new(name: &'a str, total: u64) -> Self {
        let (selected, also_selected) = (None, None);
        Self { name, total, row_height: theme::ROW, selected, also_selected, zebra: true, hover: true, before: None, is_read: false }
    }

    /// The height of every row, [`theme::ROW`] unless told.
    pub fn row_height(mut self, row_height: f32) -> Self {
        self.row_height = row_height;
        self
    }

    /// The row that is drawn as selected.
    pub fn selected(mut self, selected: Option<u64>) -> Self {
        self.selected = selected;
        self
    }

    /// Whether others are drawn as selected with it; then that one has a ring, since it has the focus.
    pub fn also_selected(mut self, is_selected: &'a dyn Fn(u64) -> bool) -> Self {
        self.also_selected = Some(is_selected);
        self
    }

    /// Whether every second row has a ground of its own; it has unless told.
    pub fn zebra(mut self, zebra: bool) -> Self {
        self.zebra = zebra;
        self
    }

    /// Whether the row under the pointer has a ground of its own; it has unless told.
    pub fn hover(mut self, hover: bool) -> Self {
        self.hover = hover;
        self
    }

    /// How many rows were put before the others so far, for a list that grows at its end too: its stripes are counted
    /// from there.
    pub fn put_before(mut self, count: u64) -> Self {
        self.before = Some(count);
        self
    }

    /// Says that it is a text to be read: Space turns its pages.
    pub fn read(mut self) -> Self {
        self.is_read = true;
        self
    }

    /// Draws the rows in view.
    ///
    /// - `key` is an identity of the row that prepending does not change, such as its id in the history.
    /// - `label` is the row in words; a test or a screen reader finds the row by it.
    /// - `row_ui` paints the row, best with the `paint_` functions of [`super::component`]: a widget would become an
    ///   accessible node of its own. A widget that can be clicked takes the click from the row.
    pub fn show(
        self,
        ui: &mut Ui,
        state: &mut ListState,
        key: impl Fn(u64) -> u64,
        label: impl Fn(u64) -> String,
        mut row_ui: impl FnMut(&mut Ui, &Row<'_>),
    ) -> Output {
        let id = ui.make_persistent_id(("list", self.name));
        let (outer, _) = ui.allocate_exact_size(ui.available_size(), Sense::hover());
        // Rows reach the edge as long as there is nothing to scroll.
        #[expect(clippy::cast_precision_loss, reason = "compared with the height of a screen")]
        let fits = self.total as f32 * self.row_height <= outer.height();
        let bar = if fits { 0.0 } else { BAR };
        let view = outer.with_max_x((outer.right() - bar).max(outer.left()));
        let response = ui.interact(view, id, Sense::focusable_noninteractive());
        response.widget_info(|| WidgetInfo::labeled(Role::ListBox, ui.is_enabled(), self.name));

        let span = Span { total: self.total, row: self.row_height, view: view.height() };
        if ui.rect_contains_pointer(outer) {
            // Taken, so that nothing around the list scrolls as well.
            let wheel = ui.input_mut(|input| std::mem::take(&mut input.smooth_scroll_delta.y));
            span.scroll(state, -wheel);
        }
        if self.is_read {
            span.scroll(state, pages_turned(ui, Some(id)) * span.view);
        }
        if let Some(row) = state.reveal.take() {
            span.reveal(state, row.saturating_add(state.around));
            span.reveal(state, row.saturating_sub(state.around));
            span.reveal(state, row);
        }
        span.clamp(state);
        scroll_bar(ui, id, outer.with_min_x(view.right()), span, state);

        let visible = span.visible(state);
        let (page, at_top) = (span.page(), state.at_top());
        let mut output = Output { response, visible: visible.clone(), page, clicked: None, double_clicked: None, at_top, selected: None };
        let mut rows = ui.new_child(UiBuilder::new().id_salt(id).max_rect(view));
        rows.shrink_clip_rect(view);
        // A label that can be selected would take the row's click.
        rows.style_mut().interaction.selectable_labels = false;
        let mut y = view.top() - state.sub;
        for index in visible {
            let rect = Rect::from_min_size(pos2(view.left(), y), vec2(view.width(), self.row_height));
            let row_id = id.with(key(index));
            let response = self.row(&mut rows, index, rect, row_id, &label, &mut row_ui);
            if self.selected == Some(index) {
                output.selected = Some(row_id);
            }
            if response.clicked() {
                output.clicked = Some(index);
            }
            if response.double_clicked() {
                output.double_clicked = Some(index);
            }
            y += self.row_height;
        }
        if output.response.has_focus() {
            let stroke = egui::Stroke::new(1.5, theme::palette(ui).accent);
            ui.painter().rect_stroke(view, 0.0, stroke, egui::StrokeKind::Inside);
        }
        output
    }

    fn row(
        &self,
        rows: &mut Ui,
        index: u64,
        rect: Rect,
        id: egui::Id,
        label: impl Fn(u64) -> String,
        row_ui: &mut impl FnMut(&mut Ui, &Row<'_>),
    ) -> Response {
        // Clicks but no focus: Tab would have to walk through every row that is in view.
        let response = rows.interact(rect, id, Sense::CLICK);
        let has_focus = self.selected == Some(index);
        let selected = has_focus || self.also_selected.is_some_and(|is_selected| is_selected(index));
        response.widget_info(|| WidgetInfo::labeled(Role::ListBoxOption, rows.is_enabled(), label(index)));
        rows.accesskit_node_builder(id, |node| node.set_selected(selected));

        let p = theme::palette(rows);
        // Counted from what stays, so that stripes travel with their rows when others are prepended.
        let odd = self.zebra && self.before.unwrap_or(self.total).wrapping_sub(index).is_multiple_of(2);
        if let Some(fill) = ground(p, selected, self.hover && response.hovered(), odd) {
            rows.painter().rect_filled(rect, 0.0, fill);
        }
        let layout = Layout::left_to_right(Align::Center);
        let mut child = rows.new_child(UiBuilder::new().id_salt(id).max_rect(rect).layout(layout));
        row_ui(&mut child, &Row { index, rect, selected, response: &response });
        if has_focus && self.also_selected.is_some() {
            let stroke = egui::Stroke::new(1.0, p.accent);
            rows.painter().rect_stroke(rect.shrink(0.5), 2.0, stroke, egui::StrokeKind::Inside);
        }
        response
    }
}

fn ground(p: &Palette, selected: bool, hovered: bool, odd: bool) -> Option<egui::Color32> {
    match (selected, hovered, odd) {
        (true, _, _) => Some(p.selection),
        (false, true, _) => Some(p.hover),
        (false, false, true) => Some(p.zebra),
        (false, false, false) => None,
    }
}

/// The bar at the right: a click beside the handle jumps there, the handle is dragged from where it is held.
fn scroll_bar(ui: &Ui, id: egui::Id, track: Rect, span: Span, state: &mut ListState) {
    let Some(handle) = span.handle(state) else {
        state.grab = None;
        return;
    };
    let bar = ui.interact(track, id.with("bar"), Sense::CLICK | Sense::DRAG);
    bar.widget_info(|| WidgetInfo::labeled(Role::ScrollBar, ui.is_enabled(), "Scroll"));
    let held = bar.is_pointer_button_down_on();
    // A quick click is pressed and released within one frame, and never seen as held.
    let used = held || bar.clicked();
    if let (true, Some(pointer)) = (used, bar.interact_pointer_pos()) {
        let y = pointer.y - track.top();
        let inside = handle.contains(&y);
        let grab = *state.grab.get_or_insert(if inside { y - handle.start } else { span.handle_len() / 2.0 });
        span.scroll_to_ratio(state, span.ratio_at(y - grab));
    } else {
        state.grab = None;
    }
    if let Some(handle) = span.handle(state) {
        draw_handle(ui, track, handle, held || bar.hovered());
    }
}

fn draw_handle(ui: &Ui, track: Rect, handle: Range<f32>, strong: bool) {
    let p = theme::palette(ui);
    let length = handle.end - handle.start;
    let size = Vec2::new(HANDLE, length - 4.0);
    let center = pos2(track.center().x, track.top() + handle.start + length / 2.0);
    ui.painter().rect_filled(Rect::from_center_size(center, size), HANDLE / 2.0, theme::handle(p, strong));
}

/// The arithmetic: how many rows of which height are seen through how high a view.
#[derive(Clone, Copy)]
struct Span {
    total: u64,
    row: f32,
    view: f32,
}

impl Span {
    /// How many rows fit, at least one.
    fn page(self) -> u64 {
        whole((self.view / self.row).floor()).max(1)
    }

    fn visible(self, state: &ListState) -> Range<u64> {
        let count = whole(((state.sub + self.view) / self.row).ceil());
        state.top.min(self.total)..state.top.saturating_add(count).min(self.total)
    }

    /// Moves by `points`, down if positive. Only the sub-row offset is ever a float, so it is exact at any row.
    fn scroll(self, state: &mut ListState, points: f32) {
        let sub = state.sub + points;
        let rows = (sub / self.row).floor();
        let count = whole(rows.abs());
        if rows >= 0.0 {
            state.top = state.top.saturating_add(count);
        } else if count > state.top {
            (state.top, state.sub) = (0, 0.0);
            return;
        } else {
            state.top -= count;
        }
        state.sub = sub - rows * self.row;
    }

    fn reveal(self, state: &mut ListState, row: u64) {
        let row = row.min(self.total.saturating_sub(1));
        let above = row < state.top || (row == state.top && state.sub > 0.0);
        let whole_rows = whole(((state.sub + self.view) / self.row).floor());
        if above || self.view < self.row {
            (state.top, state.sub) = (row, 0.0);
        } else if row >= state.top.saturating_add(whole_rows) {
            (state.top, state.sub) = (row.saturating_add(1), 0.0);
            self.scroll(state, -self.view);
        }
    }

    /// Goes no further than the last row at the bottom of the view.
    fn clamp(self, state: &mut ListState) {
        let mut end = ListState { top: self.total, ..ListState::default() };
        self.scroll(&mut end, -self.view);
        if (state.top, state.sub) > (end.top, end.sub) {
            (state.top, state.sub) = (end.top, end.sub);
        }
    }

    /// The height of everything beyond what is in view.
    fn excess(self) -> f64 {
        rows_as_f64(self.total) * f64::from(self.row) - f64::from(self.view)
    }

    fn handle_len(self) -> f32 {
        let share = f64::from(self.view) / (self.excess() + f64::from(self.view));
        narrow(f64::from(self.view) * share).clamp(HANDLE_MIN.min(self.view), self.view)
    }

    /// From where to where the handle reaches, from the top of its track; nothing if everything is in view.
    fn handle(self, state: &ListState) -> Option<Range<f32>> {
        if self.excess() <= 0.0 {
            return None;
        }
        let offset = rows_as_f64(state.top) * f64::from(self.row) + f64::from(state.sub);
        let length = self.handle_len();
        let start = narrow(offset / self.excess()).clamp(0.0, 1.0) * (self.view - length);
        Some(start..start + length)
    }

    /// How far down the list is when the handle begins at `y`.
    fn ratio_at(self, y: f32) -> f64 {
        let room = (self.view - self.handle_len()).max(1.0);
        (f64::from(y) / f64::from(room)).clamp(0.0, 1.0)
    }

    fn scroll_to_ratio(self, state: &mut ListState, ratio: f64) {
        let offset = self.excess().max(0.0) * ratio;
        let rows = (offset / f64::from(self.row)).floor();
        state.top = whole_f64(rows);
        state.sub = narrow(offset - rows * f64::from(self.row));
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a row count: whole, small, not negative")]
fn whole(rows: f32) -> u64 {
    rows as u64
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a row number: whole and not negative")]
fn whole_f64(rows: f64) -> u64 {
    rows as u64
}

#[expect(clippy::cast_precision_loss, reason = "exact up to 2^53 rows")]
fn rows_as_f64(rows: u64) -> f64 {
    rows as f64
}

#[expect(clippy::cast_possible_truncation, reason = "pixels and ratios within one view")]
fn narrow(value: f64) -> f32 {
    value as f32
}

#[cfg(test)]
mod tests {
    use super::{ListState, Span};

    const MILLION: u64 = 1_000_000;

    fn span() -> Span {
        Span { total: MILLION, row: 28.0, view: 600.0 }
    }

    fn at(top: u64, sub: f32) -> ListState {
        ListState { top, sub, ..ListState::default() }
    }

    #[test]
    fn slow_scrolling_is_exact_near_the_millionth_row() {
        let mut state = at(999_900, 3.0);
        for _ in 0..10 {
            span().scroll(&mut state, 0.5);
            span().clamp(&mut state);
        }
        assert_eq!(state, at(999_900, 8.0));
    }

    #[test]
    fn scrolling_crosses_rows_both_ways() {
        let mut state = at(10, 20.0);
        span().scroll(&mut state, 30.0);
        assert_eq!(state, at(11, 22.0));
        span().scroll(&mut state, -50.0);
        assert_eq!(state, at(10, 0.0));
        span().scroll(&mut state, -10_000.0);
        assert_eq!(state, at(0, 0.0));
    }

    #[test]
    fn scrolling_ends_with_the_last_row_at_the_bottom() {
        let mut state = at(MILLION, 0.0);
        span().clamp(&mut state);
        // 600 points are 21 rows and 12 points.
        assert_eq!(state, at(MILLION - 22, 16.0));
        assert_eq!(span().visible(&state), MILLION - 22..MILLION);
    }

    #[test]
    fn a_list_shorter_than_its_view_does_not_scroll() {
        let short = Span { total: 3, ..span() };
        let mut state = at(1, 5.0);
        short.clamp(&mut state);
        assert_eq!(state, at(0, 0.0));
        assert_eq!(short.visible(&state), 0..3);
        assert_eq!(short.handle(&state), None);
    }

    #[test]
    fn prepending_keeps_what_is_on_screen() {
        let mut state = at(40, 7.0);
        state.prepended(12);
        assert_eq!(state, at(52, 7.0));
    }

    #[test]
    fn prepending_is_followed_at_the_top() {
        let mut state = at(0, 0.0);
        state.prepended(12);
        assert!(state.at_top());
        let mut scrolled = at(0, 1.0);
        scrolled.prepended(12);
        assert_eq!(scrolled, at(12, 1.0));
    }

    #[test]
    fn revealing_scrolls_as_little_as_needed() {
        let check = |from: ListState, row: u64, wanted: ListState| {
            let mut state = from;
            span().reveal(&mut state, row);
            assert_eq!(state, wanted, "row {row}");
        };
        check(at(100, 5.0), 110, at(100, 5.0));
        check(at(100, 5.0), 100, at(100, 0.0));
        check(at(100, 5.0), 7, at(7, 0.0));
        check(at(100, 0.0), 120, at(100, 0.0));
        check(at(100, 0.0), 121, at(100, 16.0));
        check(at(0, 0.0), u64::MAX, at(MILLION - 22, 16.0));
    }

    #[test]
    fn the_scroll_bar_reaches_both_ends() {
        let mut state = at(0, 0.0);
        span().scroll_to_ratio(&mut state, span().ratio_at(10_000.0));
        span().clamp(&mut state);
        assert_eq!(span().visible(&state).end, MILLION);
        let handle = span().handle(&state).expect("a million rows need a handle");
        assert!((handle.end - 600.0).abs() < 0.01);
        span().scroll_to_ratio(&mut state, span().ratio_at(-5.0));
        assert!(state.at_top());
    }
}
