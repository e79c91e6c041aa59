//! How a benchmark takes the time of one run, and prints it.

use std::time::{Duration, Instant};

/// How many runs are timed at once: the clock itself takes a part of a microsecond.
const BATCH: u32 = 50;

/// The median time of one run, in microseconds, over so long a measurement.
pub fn median(length: Duration, mut run: impl FnMut()) -> f64 {
    let start = Instant::now();
    let mut times = Vec::new();
    while start.elapsed() < length {
        let batch = Instant::now();
        for _ in 0..BATCH {
            run();
        }
        times.push(batch.elapsed().as_secs_f64() * 1e6 / f64::from(BATCH));
    }
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

/// Prints a line.
#[expect(clippy::print_stdout, reason = "a benchmark prints its figures")]
pub fn say(line: &str) {
    println!("{line}");
}
