//! The window without a display, for benchmarks: 1440x900, sixty frames a second.

use eframe::egui::{Context, Event, RawInput, Rect, pos2, vec2};
use hookglass::ui::window::{Dialogs, Done, Window};
use std::time::{Duration, Instant};

/// Nobody chooses a file.
pub struct NoDialogs;

impl Dialogs for NoDialogs {
    fn save_file(&self, _suggested: &str, done: Done) {
        done(None);
    }

    fn open_file(&self, done: Done) {
        done(None);
    }

    fn open_folder(&self, done: Done) {
        done(None);
    }
}

/// How long a frame takes: what the window takes in, egui's pass and the tessellation. `number` counts the frames.
pub fn frame(window: &mut Window, ctx: &Context, number: u32, events: Vec<Event>) -> Duration {
    let input = RawInput {
        screen_rect: Some(Rect::from_min_size(pos2(0.0, 0.0), vec2(1440.0, 900.0))),
        time: Some(f64::from(number) / 60.0),
        events,
        ..RawInput::default()
    };
    let start = Instant::now();
    window.listen(ctx);
    let output = ctx.run_ui(input, |ui| window.draw(ui));
    let primitives = ctx.tessellate(output.shapes.clone(), output.pixels_per_point);
    let took = start.elapsed();
    std::hint::black_box(primitives);
    output.drop_without_applying_deltas();
    took
}
