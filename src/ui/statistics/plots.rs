//! The plots. They show everything at once, so that none takes the wheel or the pointer away from the page.

use super::axis::{self, Mark};
use crate::statistics::{Bucket, Report};
use crate::ui::component::card_with;
use crate::ui::texts::statistics as texts;
use crate::ui::theme::{self, Palette};
use crate::wording::count;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Align, Color32, FontId, Id, Layout, Rect, Response, Role, Sense, TextFormat, Ui, Vec2b, WidgetInfo, vec2};
use egui_plot::{Axis, AxisHints, Bar, BarChart, GridMark, HLine, Line, LineStyle, Plot, PlotPoints, PlotUi, Points, VLine};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// How high a plot is, in points, its axis of time included.
const HEIGHT: f32 = 168.0;
/// Room for what stands at the marks at the left, so that all plots begin below each other.
const LEFT_AXIS: f32 = 56.0;
/// About how wide what stands at a mark of time is with the gap to the next, in points.
const TIME_MARK: f32 = 84.0;
/// A span of fewer buckets is shown as if it had so many: one bar is no wall.
const LEAST_BUCKETS: i64 = 12;

/// What all plots of a report have in common.
pub(super) struct Frame<'a> {
    report: &'a Report,
    span: (i64, i64),
    zone: TimeZone,
    offset_millis: i64,
}

impl<'a> Frame<'a> {
    /// `None` where nothing came.
    pub fn of(report: &'a Report) -> Option<Self> {
        let (first, last) = (report.buckets.first()?, report.buckets.last()?);
        let width = report.bucket_millis;
        let (from, to) = (first.start_millis, last.start_millis.saturating_add(width));
        let lacking = (width.saturating_mul(LEAST_BUCKETS)).saturating_sub(to.saturating_sub(from)).max(0) / 2;
        let zone = TimeZone::system();
        let offset = zone.to_offset(Timestamp::from_millisecond(to).unwrap_or_default()).seconds();
        Some(Self {
            report,
            span: (from.saturating_sub(lacking), to.saturating_add(lacking)),
            zone,
            offset_millis: i64::from(offset) * 1_000,
        })
    }

    fn middle(&self, bucket: &Bucket) -> f64 {
        axis::float(bucket.start_millis) + axis::float(self.report.bucket_millis) / 2.0
    }

    fn bar_width(&self) -> f64 {
        axis::float(self.report.bucket_millis) * 0.86
    }

    /// The bucket at a place of the axis of time.
    fn bucket_at(&self, x: f64) -> Option<&'a Bucket> {
        let width = axis::float(self.report.bucket_millis);
        let begins = |bucket: &Bucket| axis::float(bucket.start_millis);
        let after = self.report.buckets.partition_point(|bucket| begins(bucket) <= x);
        let bucket = &self.report.buckets[after.checked_sub(1)?];
        (x < begins(bucket) + width).then_some(bucket)
    }

    /// Draws a plot; `marks` are those at the left, and say what stands there.
    fn show(
        &self,
        ui: &mut Ui,
        name: &str,
        (range, marks): ((f64, f64), Vec<Mark>),
        label: fn(f64) -> String,
        (draw, tell): (impl FnOnce(&mut PlotUi<'_>, &Palette), impl Fn(&Bucket) -> Vec<(&'static str, String)>),
    ) {
        let palette = theme::palette(ui);
        let room = f64::from((ui.available_width() - LEFT_AXIS).max(TIME_MARK));
        #[expect(clippy::cast_possible_truncation, reason = "a few hundred at most")]
        let step = axis::time_step(self.span.1.saturating_sub(self.span.0), (room / f64::from(TIME_MARK)) as i64);
        let times = axis::time_marks(self.span, step, self.offset_millis);
        let font = FontId::proportional(theme::SMALL_SIZE);
        let zone = self.zone.clone();
        #[expect(clippy::cast_possible_truncation, reason = "marks of time are whole milliseconds")]
        let time = move |mark: GridMark, _range: &std::ops::RangeInclusive<f64>| axis::time_label(mark.value as i64, step, &zone);
        let hints = |axis: Axis| AxisHints::new(axis).label("").tick_label_color(palette.dim).tick_label_font(font.clone());
        let grid = |marks: Vec<Mark>| move |_input| marks.iter().map(|mark| GridMark { value: mark.value, step_size: mark.step }).collect();
        let plot = Plot::new(name)
            .height(HEIGHT)
            .width(ui.available_width())
            .sense(Sense::hover())
            .allow_drag(false)
            .allow_zoom(false)
            .allow_scroll(false)
            .allow_boxed_zoom(false)
            .allow_axis_zoom_drag(false)
            .allow_double_click_reset(false)
            .show_background(false)
            .show_x(false)
            .show_y(false)
            .show_crosshair(false)
            .grid_color(palette.line)
            .grid_fade(0.0)
            .show_grid(Vec2b::new(false, true))
            .x_grid_spacer(grid(times))
            .y_grid_spacer(grid(marks))
            .custom_x_axes(vec![hints(Axis::X).formatter(time).label_spacing(8.0..=12.0)])
            .custom_y_axes(vec![
                hints(Axis::Y).formatter(move |mark, _range| label(mark.value)).min_thickness(LEFT_AXIS).label_spacing(2.0..=4.0),
            ])
            .set_margin_fraction(vec2(0.0, 0.0));
        let under_pointer = ui.data(|data| data.get_temp::<f64>(Id::unique("time under the pointer")));
        let shown = plot.show(ui, |plot| {
            plot.set_plot_bounds_x(axis::float(self.span.0)..=axis::float(self.span.1));
            plot.set_plot_bounds_y(range.0..=range.1);
            // In all plots at once: what was slow can be seen with how much came then.
            if let Some(bucket) = under_pointer.and_then(|x| self.bucket_at(x)) {
                plot.vline(VLine::new("", self.middle(bucket)).color(palette.faint).width(1.0).allow_hover(false));
            }
            draw(plot, palette);
        });
        let response = shown.response;
        response.widget_info(|| WidgetInfo::labeled(Role::Image, true, format!("{name}, {}", self.told())));
        let x = response.hover_pos().map(|pos| shown.transform.value_from_position(pos).x);
        note_pointer(ui, &response, x);
        if let Some(bucket) = x.and_then(|x| self.bucket_at(x)) {
            response.on_hover_ui_at_pointer(|ui| self.tooltip_ui(ui, bucket, tell(bucket)));
        }
    }

    fn told(&self) -> String {
        axis::span_label(self.span.0, self.span.1, &self.zone)
    }

    fn tooltip_ui(&self, ui: &mut Ui, bucket: &Bucket, lines: Vec<(&'static str, String)>) {
        let to = bucket.start_millis.saturating_add(self.report.bucket_millis);
        ui.label(theme::small(ui, axis::span_label(bucket.start_millis, to, &self.zone)));
        ui.spacing_mut().item_spacing.y = 2.0;
        for (name, value) in lines {
            // Close below each other, which what stands beside something else is not.
            let mut job = LayoutJob::default();
            let format = |color| TextFormat::simple(FontId::proportional(theme::BODY_SIZE), color);
            job.append(&value, 0.0, format(theme::palette(ui).text));
            job.append(name, if value.is_empty() { 0.0 } else { 6.0 }, format(theme::palette(ui).dim));
            ui.label(job);
        }
    }
}

/// Keeps where the pointer is for the other plots; the one that it left forgets it.
fn note_pointer(ui: &Ui, response: &Response, x: Option<f64>) {
    let (place, owner) = (Id::unique("time under the pointer"), Id::unique("plot under the pointer"));
    ui.data_mut(|data| match x {
        Some(x) => {
            data.insert_temp(place, x);
            data.insert_temp(owner, response.id);
        }
        None if data.get_temp::<Id>(owner) == Some(response.id) => {
            data.remove::<f64>(place);
            data.remove::<Id>(owner);
        }
        None => {}
    });
}

/// A card with what each colour stands for in its head.
fn plot_card(ui: &mut Ui, title: &str, legend: &[(Color32, String)], content: impl FnOnce(&mut Ui)) {
    let head = |ui: &mut Ui| {
        ui.label(theme::strong(title).size(12.0));
        ui.with_layout(Layout::right_to_left(Align::Center), |ui| {
            ui.add_space(theme::PADDING);
            ui.spacing_mut().item_spacing.x = 6.0;
            for (color, name) in legend.iter().rev() {
                ui.label(theme::small(ui, name));
                let (rect, _) = ui.allocate_exact_size(vec2(10.0, 10.0), Sense::hover());
                ui.painter().rect_filled(Rect::from_center_size(rect.center(), vec2(10.0, 4.0)), 2, *color);
                ui.add_space(6.0);
            }
        });
    };
    card_with(ui, head, content);
}

/// Says that there is nothing, as high as a plot.
fn nothing_ui(ui: &mut Ui, why: &str) {
    let (rect, _) = ui.allocate_exact_size(vec2(ui.available_width(), HEIGHT), Sense::hover());
    let mut inside = ui
        .new_child(eframe::egui::UiBuilder::new().max_rect(rect).layout(Layout::centered_and_justified(eframe::egui::Direction::TopDown)));
    inside.label(theme::faint(&inside, why));
}

/// What came when, and how much of it is bad.
pub(super) fn arrivals_ui(ui: &mut Ui, frame: &Frame<'_>) {
    let palette = theme::palette(ui);
    let title = texts::arrivals_per(frame.report.bucket_millis);
    let legend = [(palette.bad, texts::BAD_BARS.to_owned()), (palette.accent, texts::GOOD_BARS.to_owned())];
    plot_card(ui, &title, &legend, |ui| {
        let greatest = frame.report.buckets.iter().map(|bucket| bucket.count).max().unwrap_or(0);
        let (top, marks) = axis::count_marks(greatest);
        let bars = |of: fn(&Bucket) -> u64, color: Color32| {
            let bar = |bucket: &Bucket| {
                Bar::new(frame.middle(bucket), axis::whole(of(bucket))).width(frame.bar_width()).fill(color).stroke((0.0, color))
            };
            frame.report.buckets.iter().filter(|bucket| of(bucket) > 0).map(bar).collect::<Vec<_>>()
        };
        let draw = |plot: &mut PlotUi<'_>, palette: &Palette| {
            let chart = |bars, color| BarChart::new("", bars).color(color).allow_hover(false);
            plot.bar_chart(chart(bars(|bucket| bucket.count, palette.accent), palette.accent));
            // Over the others, from below: they are among them.
            plot.bar_chart(chart(bars(|bucket| bucket.bad, palette.bad), palette.bad));
        };
        let tell = |bucket: &Bucket| vec![(texts::ARRIVED, count(bucket.count)), (texts::BAD_BARS, count(bucket.bad))];
        frame.show(ui, &title, ((0.0, top), marks), count_label, (draw, tell));
    });
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "marks are whole and not negative")]
fn count_label(height: f64) -> String {
    count(height as u64)
}

/// How long responses took, against the limits.
pub(super) fn times_ui(ui: &mut Ui, frame: &Frame<'_>) {
    let palette = theme::palette(ui);
    let legend = [
        (palette.accent, texts::MEDIAN_LINE.to_owned()),
        (palette.warn, texts::P95_LINE.to_owned()),
        (palette.faint, texts::SLOWEST_LINE.to_owned()),
        (palette.bad, texts::LIMIT.to_owned()),
    ];
    plot_card(ui, texts::RESPONSE_TIMES, &legend, |ui| {
        let limits: Vec<f64> = frame.report.limits.iter().map(|limit| axis::time_height(i64::from(limit.0) * 1_000)).collect();
        let times = || frame.report.buckets.iter().filter_map(|bucket| bucket.took_micros);
        let Some(least) = times().map(|spread| axis::time_height(spread.p50)).reduce(f64::min) else {
            return nothing_ui(ui, texts::NO_TIMES);
        };
        let greatest = times().map(|spread| axis::time_height(spread.max)).chain(limits.iter().copied()).fold(least, f64::max);
        let range = ((least - 0.25).max(0.0), greatest + 0.35);
        let draw = |plot: &mut PlotUi<'_>, palette: &Palette| {
            for height in &limits {
                let line = HLine::new("", *height).color(palette.bad).width(1.0).style(LineStyle::dashed_loose());
                plot.hline(line.allow_hover(false));
            }
            let heights = |of: fn(crate::statistics::Spread) -> i64| {
                move |bucket: &Bucket| bucket.took_micros.map(|spread| axis::time_height(of(spread)))
            };
            let slowest: Vec<[f64; 2]> = frame
                .report
                .buckets
                .iter()
                .filter_map(|bucket| Some([frame.middle(bucket), heights(|spread| spread.max)(bucket)?]))
                .collect();
            plot.points(Points::new("", slowest).color(palette.faint).radius(1.6).allow_hover(false));
            lines(plot, frame, palette.warn, heights(|spread| spread.p95));
            lines(plot, frame, palette.accent, heights(|spread| spread.p50));
        };
        let tell = |bucket: &Bucket| {
            let spread = bucket.took_micros.unwrap_or_default();
            let lines = [(texts::MEDIAN_LINE, spread.p50), (texts::P95_LINE, spread.p95), (texts::SLOWEST_LINE, spread.max)];
            let lines = lines.map(|(name, micros)| (name, texts::time(micros)));
            if bucket.took_micros.is_some() { lines.to_vec() } else { vec![(texts::NO_TIMES, String::new())] }
        };
        frame.show(ui, texts::RESPONSE_TIMES, (range, axis::height_marks(range)), axis::height_label, (draw, tell));
        ui.label(theme::small(ui, texts::limits(&frame.report.limits)));
    });
}

/// How far the clocks are apart.
pub(super) fn skew_ui(ui: &mut Ui, frame: &Frame<'_>) {
    let palette = theme::palette(ui);
    let legend = [
        (palette.accent, texts::MEDIAN_LINE.to_owned()),
        (band_of(palette), texts::SPREAD_BAND.to_owned()),
        (palette.bad, texts::FRESH_BAND.to_owned()),
    ];
    plot_card(ui, texts::SKEW, &legend, |ui| {
        let skews = || frame.report.buckets.iter().filter_map(|bucket| bucket.skew_secs);
        if skews().next().is_none() {
            return nothing_ui(ui, texts::NO_SKEW);
        }
        let heights = || skews().flatten().map(axis::skew_height);
        let (least, greatest) = (heights().fold(0.0, f64::min), heights().fold(0.0, f64::max));
        let range = ((least - 0.25).min(-0.7), (greatest + 0.25).max(0.7));
        let draw = |plot: &mut PlotUi<'_>, palette: &Palette| {
            for secs in [-60, 60] {
                let line = HLine::new("", axis::skew_height(secs)).color(palette.bad).width(1.0).style(LineStyle::dashed_loose());
                plot.hline(line.allow_hover(false));
            }
            // As high as a point where all are alike.
            let band = |bucket: &Bucket| {
                let [low, _, high] = bucket.skew_secs?.map(axis::skew_height);
                let (low, height) = ((low + high - (high - low).max(0.06)) / 2.0, (high - low).max(0.06));
                Some(
                    Bar::new(frame.middle(bucket), height)
                        .base_offset(low)
                        .width(frame.bar_width())
                        .fill(band_of(palette))
                        .stroke((0.0, palette.line)),
                )
            };
            let bars: Vec<Bar> = frame.report.buckets.iter().filter_map(band).collect();
            plot.bar_chart(BarChart::new("", bars).color(band_of(palette)).allow_hover(false));
            lines(plot, frame, palette.accent, |bucket| bucket.skew_secs.map(|skew| axis::skew_height(skew[1])));
        };
        let tell = |bucket: &Bucket| match bucket.skew_secs {
            Some([low, median, high]) => {
                vec![(texts::MEDIAN_LINE, texts::secs(median)), (texts::SPREAD_BAND, texts::secs_range(low, high))]
            }
            None => vec![(texts::NO_SKEW, String::new())],
        };
        frame.show(ui, texts::SKEW, (range, axis::skew_marks(range)), axis::skew_label, (draw, tell));
        ui.label(theme::small(ui, texts::SKEW_WHY));
    });
}

fn band_of(palette: &Palette) -> Color32 {
    palette.accent.gamma_multiply(0.3)
}

/// What stands in neighbouring buckets, run by run: nothing is drawn over a time in which nothing came.
fn runs<T>(frame: &Frame<'_>, of: impl Fn(&Bucket) -> Option<T>) -> Vec<Vec<(f64, T)>> {
    let mut runs: Vec<Vec<(f64, T)>> = Vec::new();
    let mut last = None;
    for bucket in &frame.report.buckets {
        let Some(value) = of(bucket) else { continue };
        let is_next = last.is_some_and(|last| bucket.start_millis - last <= frame.report.bucket_millis);
        last = Some(bucket.start_millis);
        match runs.last_mut().filter(|_| is_next) {
            Some(run) => run.push((frame.middle(bucket), value)),
            None => runs.push(vec![(frame.middle(bucket), value)]),
        }
    }
    runs
}

fn lines(plot: &mut PlotUi<'_>, frame: &Frame<'_>, color: Color32, of: impl Fn(&Bucket) -> Option<f64>) {
    for run in runs(frame, of) {
        let points: Vec<[f64; 2]> = run.into_iter().map(|(x, y)| [x, y]).collect();
        if let [alone] = points.as_slice() {
            plot.points(Points::new("", vec![*alone]).color(color).radius(2.5).allow_hover(false));
        } else {
            plot.line(Line::new("", PlotPoints::from(points)).color(color).width(1.5).allow_hover(false));
        }
    }
}
