//! Where columns stand, and which of them have no room.

use super::own_width;
use crate::column::{Column, Columns, Shown};
use eframe::egui::{Rect, pos2, vec2};

/// Widths, in points: of the glyph before the first column, between two columns, and around all of them.
const GLYPH: f32 = 24.0;
pub const GAP: f32 = 8.0;
const LEFT: f32 = 8.0;
const RIGHT: f32 = 12.0;

/// What the callback has at least before another column goes, in points; and before the last ones go, which say when it
/// came and what was responded.
const LEAST_CALLBACK: f32 = 120.0;
const LEAST_OF_ALL: f32 = 60.0;

/// In a list narrower than these the platform and the milliseconds have no room, in points.
const LEAST_WITH_PLATFORM: f32 = 520.0;
const LEAST_WITH_TOOK: f32 = 440.0;

/// How wide the response is of its own there: as `Refuse 10100` needs it.
const NARROW_RESPONSE: f32 = 88.0;

/// Where a column stands.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Place<'a> {
    pub column: &'a Column,
    pub left: f32,
    pub width: f32,
}

/// Where all columns stand that have room.
#[derive(Debug, PartialEq)]
pub struct Places<'a> {
    glyph: f32,
    /// From the left.
    pub list: Vec<Place<'a>>,
    /// Those that have none.
    pub folded: Vec<&'a Column>,
}

impl Place<'_> {
    /// The column's part of a line.
    pub fn within(&self, line: Rect) -> Rect {
        Rect::from_min_size(pos2(self.left, line.top()), vec2(self.width, line.height()))
    }
}

impl Places<'_> {
    /// Where the glyph of a line stands.
    pub fn glyph(&self, line: Rect) -> eframe::egui::Pos2 {
        pos2(self.glyph, line.center().y)
    }

    /// Where the callback stands in the list.
    pub fn callback(&self) -> usize {
        self.list.iter().position(|place| *place.column == Column::Callback).unwrap_or_default()
    }
}

/// Places columns between two edges. Where there is no room for all, the platform goes first, then those at the right. The
/// one that the list is sorted by stays: it says so.
pub fn places<'a>(columns: &'a Columns, sorted_by: Option<&Column>, (left, right): (f32, f32), is_narrow: bool) -> Places<'a> {
    let (left, width) = (left + LEFT, right - left - LEFT - RIGHT);
    let may_go = |column: &Column| *column != Column::Callback && sorted_by != Some(column);
    let width_of = |shown: &Shown| match (shown.width, &shown.column) {
        (Some(width), _) => f32::from(width),
        (None, Column::Response) if width <= LEAST_WITH_TOOK => NARROW_RESPONSE,
        (None, column) => own_width(column),
    };
    let (mut shown, mut folded): (Vec<&Shown>, Vec<&Shown>) = columns.list().iter().partition(|shown| {
        let is_too_narrow = if shown.column == Column::Platform {
            is_narrow || width <= LEAST_WITH_PLATFORM
        } else {
            shown.column == Column::Took && width <= LEAST_WITH_TOOK
        };
        !(is_too_narrow && may_go(&shown.column))
    });
    let rest = |shown: &[&Shown]| {
        let others = shown.iter().filter(|shown| shown.column != Column::Callback).map(|shown| width_of(shown)).sum::<f32>();
        let gaps = shown.iter().rev().skip(1).map(|shown| gap_after(&shown.column)).sum::<f32>();
        width - GLYPH - others - gaps
    };
    while let Some(at) = next_to_go(&shown, rest(&shown), &may_go) {
        folded.push(shown.remove(at));
    }
    let callback = rest(&shown).max(0.0);
    let mut next = left + GLYPH;
    let place = |shown: &&'_ Shown| {
        let width = if shown.column == Column::Callback { callback } else { width_of(shown) };
        let left = next;
        next += width + gap_after(&shown.column);
        (left, width)
    };
    let edges: Vec<(f32, f32)> = shown.iter().map(place).collect();
    let list = shown.iter().zip(edges).map(|(shown, (left, width))| Place { column: &shown.column, left, width }).collect();
    Places { glyph: left + GLYPH / 2.0, list, folded: folded.into_iter().map(|shown| &shown.column).collect() }
}

/// Figures stand at the right end of their column: what follows keeps its distance.
fn gap_after(column: &Column) -> f32 {
    if column.is_figure() { 2.0 * GAP } else { GAP }
}

/// The column that goes next when the callback has so much room.
fn next_to_go(shown: &[&Shown], callback: f32, may_go: &dyn Fn(&Column) -> bool) -> Option<usize> {
    let says_most = |column: &Column| matches!(column, Column::Received | Column::Response);
    let last = |least: f32, goes: &dyn Fn(&Column) -> bool| {
        let at = shown.iter().rposition(|shown| may_go(&shown.column) && goes(&shown.column));
        at.filter(|_| callback < least)
    };
    last(LEAST_CALLBACK, &|column| !says_most(column)).or_else(|| last(LEAST_OF_ALL, &|_| true))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::column::Shown;

    /// Left edge and width of each column in a list that begins at 0.
    fn check(columns: &Columns, width: f32, is_narrow: bool, expected: &[(&str, f32, f32)]) {
        let places = places(columns, None, (0.0, width), is_narrow);
        let found: Vec<_> = places.list.iter().map(|place| (place.column.name().into_owned(), place.left, place.width)).collect();
        let expected: Vec<_> = expected.iter().map(|(name, left, width)| ((*name).to_owned(), *left, *width)).collect();
        assert_eq!(found, expected, "{width}");
        assert_eq!(places.list.len() + places.folded.len(), columns.list().len());
    }

    #[test]
    fn the_usual_columns_stand_where_they_always_did() {
        let columns = Columns::default();
        let wide =
            [("time", 32.0, 92.0), ("command", 132.0, 306.0), ("platform", 446.0, 72.0), ("response", 526.0, 100.0), ("took", 634.0, 46.0)];
        check(&columns, 692.0, false, &wide);
        check(&columns, 560.0, true, &[("time", 32.0, 92.0), ("command", 132.0, 254.0), ("response", 394.0, 100.0), ("took", 502.0, 46.0)]);
        check(&columns, 320.0, true, &[("time", 32.0, 92.0), ("command", 132.0, 80.0), ("response", 220.0, 88.0)]);
    }

    #[test]
    fn what_has_no_room_goes_from_the_right_and_time_and_response_last() {
        let shown = |name: &str, width| Shown { column: Column::named(name).expect(name), width };
        let list =
            [shown("time", None), shown("command", None), shown("app", Some(200)), shown("rule", Some(200)), shown("response", None)];
        let names = |width: f32| {
            let columns = Columns::new(list.clone());
            let places = places(&columns, None, (0.0, width), false);
            let within = places.list.iter().all(|place| place.left + place.width <= width && place.width >= 0.0);
            assert!(within, "{places:?}");
            places.list.iter().map(|place| place.column.name().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(900.0), ["time", "command", "app", "rule", "response"]);
        assert_eq!(names(700.0), ["time", "command", "app", "response"]);
        assert_eq!(names(500.0), ["time", "command", "response"]);
        assert_eq!(names(240.0), ["time", "command"]);
        assert_eq!(names(120.0), ["command"]);
    }

    #[test]
    fn the_column_that_the_list_is_sorted_by_stays() {
        let columns = Columns::default();
        let names = |sorted_by| {
            let places = places(&columns, Some(&sorted_by), (0.0, 430.0), true);
            places.list.iter().map(|place| place.column.name().into_owned()).collect::<Vec<_>>()
        };
        assert_eq!(names(Column::Platform), ["time", "command", "platform", "response"]);
        assert_eq!(names(Column::Took), ["time", "command", "response", "took"]);
        assert_eq!(names(Column::Received), ["time", "command", "response"]);
    }
}
