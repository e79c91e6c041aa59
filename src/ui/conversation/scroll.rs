//! Where a list of rows of many heights is scrolled to. Only the rows around the view are ever measured: the place is a row
//! and the points of it that are scrolled away, and the scroll bar goes by rows.

/// Where a list is scrolled to.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Scroll {
    /// The first row that is visible, perhaps in part.
    pub top: usize,
    /// How much of it is scrolled away, in points.
    pub sub: f32,
    /// Whether the last row is to be in view, whatever comes.
    pub follows: bool,
    reveal: Option<usize>,
}

impl Default for Scroll {
    fn default() -> Self {
        Self { top: 0, sub: 0.0, follows: true, reveal: None }
    }
}

impl Scroll {
    /// Has all of a row in view, the next time it settles.
    pub fn reveal(&mut self, row: usize) {
        self.reveal = Some(row);
    }

    /// Stands with this row at the top of the view.
    pub fn stand_at(&mut self, row: usize) {
        (self.top, self.sub, self.follows) = (row, 0.0, false);
    }

    /// Moves by points, down if positive; then goes no further than the last row at the bottom of the view.
    pub fn settle(&mut self, rows: usize, view: f32, points: f32, height: &mut impl FnMut(usize) -> f32) {
        self.top = self.top.min(rows.saturating_sub(1));
        self.follows &= points == 0.0;
        self.scroll(rows, points, height);
        let end = end(rows, view, height);
        if self.follows {
            (self.top, self.sub) = end;
        }
        if let Some(row) = self.reveal.take().filter(|row| *row < rows) {
            self.bring_into_view(row, view, height);
        }
        self.follows = (self.top, self.sub) >= end;
        if self.follows {
            (self.top, self.sub) = end;
        }
    }

    fn scroll(&mut self, rows: usize, points: f32, height: &mut impl FnMut(usize) -> f32) {
        self.sub += points;
        while self.sub < 0.0 {
            if self.top == 0 {
                self.sub = 0.0;
                return;
            }
            self.top -= 1;
            self.sub += height(self.top);
        }
        while self.top + 1 < rows {
            let first = height(self.top);
            if self.sub < first {
                return;
            }
            self.sub -= first;
            self.top += 1;
        }
    }

    /// Scrolls no further than needed; what is far away stands amid the view.
    fn bring_into_view(&mut self, row: usize, view: f32, height: &mut impl FnMut(usize) -> f32) {
        let mut below = -self.sub;
        let mut at = self.top;
        while at < row && below < view {
            below += height(at);
            at += 1;
        }
        let own = height(row);
        if row >= self.top && at == row && below >= 0.0 && below + own <= view {
            return;
        }
        let is_just_beside = row + 1 == self.top || row == self.top || at == row;
        let above = if !is_just_beside {
            (view - own).max(0.0) / 2.0
        } else if row <= self.top {
            0.0
        } else {
            (view - own).max(0.0)
        };
        (self.top, self.sub) = above_of(row, above, height);
    }
}

/// The place at which a row stands so far below the top of the view.
fn above_of(row: usize, mut above: f32, height: &mut impl FnMut(usize) -> f32) -> (usize, f32) {
    let mut top = row;
    while above > 0.0 && top > 0 {
        top -= 1;
        above -= height(top);
    }
    (top, (-above).max(0.0))
}

/// The place at which the last of so many rows is at the bottom of the view.
fn end(rows: usize, view: f32, height: &mut impl FnMut(usize) -> f32) -> (usize, f32) {
    above_of(rows, view, height)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of 10, 20 and 30 points.
    fn height(row: usize) -> f32 {
        [10.0, 20.0, 30.0][row % 3]
    }

    fn at(scroll: &Scroll) -> (usize, f32, bool) {
        (scroll.top, scroll.sub, scroll.follows)
    }

    #[test]
    fn it_follows_at_the_end_and_stays_elsewhere() {
        let mut scroll = Scroll::default();
        scroll.settle(9, 60.0, 0.0, &mut height);
        assert_eq!(at(&scroll), (6, 0.0, true));
        scroll.settle(10, 60.0, 0.0, &mut height);
        assert_eq!(at(&scroll), (7, 0.0, true), "one more of 10 points");
        scroll.settle(10, 60.0, -15.0, &mut height);
        assert_eq!(at(&scroll), (5, 25.0, false));
        scroll.settle(12, 60.0, 0.0, &mut height);
        assert_eq!(at(&scroll), (5, 25.0, false), "what comes moves nothing");
        scroll.settle(12, 60.0, 1_000.0, &mut height);
        assert_eq!(at(&scroll), (9, 0.0, true));
        scroll.settle(12, 60.0, -1_000.0, &mut height);
        assert_eq!(at(&scroll), (0, 0.0, false));
    }

    #[test]
    fn what_fits_stands_at_the_top() {
        let mut scroll = Scroll::default();
        scroll.settle(2, 60.0, -5.0, &mut height);
        assert_eq!(at(&scroll), (0, 0.0, true));
        scroll.settle(0, 60.0, 5.0, &mut height);
        assert_eq!(at(&scroll), (0, 0.0, true));
    }

    #[test]
    fn a_row_is_brought_into_view_and_no_further() {
        let mut scroll = Scroll::default();
        scroll.settle(90, 60.0, 0.0, &mut height);
        scroll.reveal(87);
        scroll.settle(90, 60.0, 0.0, &mut height);
        assert_eq!(at(&scroll), (87, 0.0, true), "it is in view already");
        scroll.reveal(86);
        scroll.settle(90, 60.0, 0.0, &mut height);
        assert_eq!(at(&scroll), (86, 0.0, false), "just above");
        scroll.reveal(89);
        scroll.settle(90, 60.0, 0.0, &mut height);
        assert_eq!(at(&scroll), (87, 0.0, true), "just below");
        scroll.reveal(30);
        scroll.settle(90, 60.0, 0.0, &mut height);
        assert_eq!(at(&scroll), (29, 5.0, false), "far away, amid the view: 25 points above its 10");
    }
}
