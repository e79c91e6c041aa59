//! How often a rule responds, and how long it waits. Both are drawn from a seed, so that a run can be repeated.

use super::preset::MOST_MILLIS;
use std::fmt;

/// How often a rule responds whose conditions are met.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Rate {
    /// Every time.
    #[default]
    Always,
    /// The first so many times; once is 1.
    First(u32),
    /// Of so many, the first so many: over and over.
    Of {
        /// How many it responds to.
        respond: u32,
        /// Of how many.
        every: u32,
    },
    /// At random.
    Chance {
        /// In so many cases of a hundred, 1 to 99.
        percent: u8,
        /// What the draws begin from.
        seed: u64,
    },
}

/// How long a response waits. Times are milliseconds, an hour at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Delay {
    /// Not at all.
    #[default]
    None,
    /// Always as long.
    Fixed(u32),
    /// Anything between the two, each as likely.
    Uniform {
        /// The shortest.
        from: u32,
        /// The longest.
        to: u32,
    },
    /// Mostly around the median and now and then far longer, as networks do: the logarithm is normally distributed.
    LogNormal {
        /// Half of all are shorter.
        median: u32,
        /// The spread of the logarithm, in hundredths.
        sigma_percent: u32,
    },
}

/// What is right where a rate is not.
const RATES: &str =
    "often is always, once, first N, N of M (such as 2 of 3), or P % (1 to 99), with seed N behind it where the draws shall repeat";

/// What is right where a delay is not.
const DELAYS: &str = "delay is milliseconds (0 to 3600000) such as 1500, \"100 to 900 ms\", or \"log-normal 200 ms, sigma 50 %\"";

impl Rate {
    /// Whether it responds, having been asked so many times before and having responded so many times.
    pub fn says_yes(self, asked: u64, hits: u64) -> bool {
        match self {
            Self::Always => true,
            Self::First(most) => hits < u64::from(most),
            Self::Of { respond, every } => asked % u64::from(every.max(1)) < u64::from(respond),
            Self::Chance { percent, seed } => draw(seed, asked) % 100 < u64::from(percent),
        }
    }

    /// Reads `always`, `once`, `first 3`, `2 of 3` or `30 % seed 7`. Without a seed of its own it has this one.
    ///
    /// # Errors
    /// When it is none; the text says what is right.
    pub fn read(text: &str, seed: u64) -> Result<Self, String> {
        let rate = match words(text).as_slice() {
            ["always"] => Some(Self::Always),
            ["once"] => Some(Self::First(1)),
            ["first", most] => most.parse().ok().filter(|most| *most > 0).map(Self::First),
            [respond, "of", every] => of(respond, every),
            [percent, "%"] => chance(percent, seed),
            [percent, "%", "seed", seed] => seed.parse().ok().and_then(|seed| chance(percent, seed)),
            _ => None,
        };
        rate.ok_or_else(|| format!("{text:?} is no rate; {RATES}"))
    }
}

fn of(respond: &str, every: &str) -> Option<Rate> {
    let (respond, every) = (respond.parse().ok()?, every.parse().ok()?);
    (1..=every).contains(&respond).then_some(Rate::Of { respond, every })
}

fn chance(percent: &str, seed: u64) -> Option<Rate> {
    let percent = percent.parse().ok().filter(|percent| (1..=99).contains(percent))?;
    Some(Rate::Chance { percent, seed })
}

impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Always => f.write_str("always"),
            Self::First(1) => f.write_str("once"),
            Self::First(most) => write!(f, "first {most}"),
            Self::Of { respond, every } => write!(f, "{respond} of {every}"),
            Self::Chance { percent, seed } => write!(f, "{percent} % seed {seed}"),
        }
    }
}

impl Delay {
    /// How long the `n`th response waits, counted from 0, in milliseconds: the same for the same seed.
    pub fn sample(self, seed: u64, n: u64) -> u32 {
        match self {
            Self::None => 0,
            Self::Fixed(millis) => millis,
            Self::Uniform { from, to } => {
                let span = u64::from(to.saturating_sub(from)) + 1;
                from + u32::try_from(draw(seed, n) % span).expect("bug: less than its modulus")
            }
            Self::LogNormal { median, sigma_percent } => log_normal(median, sigma_percent, draw(seed, n)),
        }
    }

    /// Reads `1500`, `1500 ms`, `100 to 900 ms` or `log-normal 200 ms, sigma 50 %`.
    ///
    /// # Errors
    /// When it is none; the text says what is right.
    pub fn read(text: &str) -> Result<Self, String> {
        let delay = match words(text).as_slice() {
            [fixed] | [fixed, "ms"] => millis(fixed).map(|millis| if millis == 0 { Self::None } else { Self::Fixed(millis) }),
            [from, "to", to] | [from, "to", to, "ms"] => uniform(from, to),
            ["log-normal", median, "ms", "sigma", sigma, "%"] => spread(median, sigma),
            _ => None,
        };
        delay.ok_or_else(|| format!("{text:?} is no delay; {DELAYS}"))
    }
}

fn millis(text: &str) -> Option<u32> {
    text.parse().ok().filter(|millis| *millis <= MOST_MILLIS)
}

fn uniform(from: &str, to: &str) -> Option<Delay> {
    let (from, to) = (millis(from)?, millis(to)?);
    (from <= to).then_some(Delay::Uniform { from, to })
}

fn spread(median: &str, sigma: &str) -> Option<Delay> {
    let sigma_percent = sigma.parse().ok().filter(|sigma| *sigma <= 1_000)?;
    Some(Delay::LogNormal { median: millis(median)?, sigma_percent })
}

impl fmt::Display for Delay {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("0 ms"),
            Self::Fixed(millis) => write!(f, "{millis} ms"),
            Self::Uniform { from, to } => write!(f, "{from} to {to} ms"),
            Self::LogNormal { median, sigma_percent } => write!(f, "log-normal {median} ms, sigma {sigma_percent} %"),
        }
    }
}

/// A hash that is the same in every run. Source: FNV-1a, 64 bits.
pub(super) fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// The `n`th number drawn from a seed. Source: `SplitMix64`, Steele, Lea and Flood 2014.
fn draw(seed: u64, n: u64) -> u64 {
    let mut z = seed.wrapping_add(n.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15));
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Both halves of the draw become a normally distributed number, by Box and Muller.
fn log_normal(median: u32, sigma_percent: u32, draw: u64) -> u32 {
    // Above 0 and at most 1: the logarithm of 0 is no number.
    let fraction = |half: u32| (f64::from(half) + 1.0) / 4_294_967_296.0;
    let (one, other) = (fraction((draw >> 32) as u32), fraction((draw & 0xffff_ffff) as u32));
    let normal = (-2.0 * one.ln()).sqrt() * (std::f64::consts::TAU * other).cos();
    let millis = f64::from(median) * (f64::from(sigma_percent) / 100.0 * normal).exp();
    whole_millis(millis)
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "clamped to what a u32 holds")]
fn whole_millis(millis: f64) -> u32 {
    millis.round().clamp(0.0, f64::from(MOST_MILLIS)) as u32
}

/// The words of a text, numbers apart from what stands right behind them, commas left out.
fn words(text: &str) -> Vec<&str> {
    let apart = |word: &'_ str| word.find(|c: char| !c.is_ascii_digit()).unwrap_or(word.len());
    let words = text.split(|c: char| c == ',' || c.is_whitespace());
    words.flat_map(|word| <[&str; 2]>::from(word.split_at(apart(word)))).filter(|word| !word.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whether it responded to each of ten requests, as `x` and `.`.
    fn check(text: &str, expected: &str) {
        let rate = Rate::read(text, 1).expect(text);
        let mut hits = 0;
        let said = (0..10).map(|asked| {
            let yes = rate.says_yes(asked, hits);
            hits += u64::from(yes);
            if yes { 'x' } else { '.' }
        });
        assert_eq!(said.collect::<String>(), expected, "{text}");
    }

    #[test]
    fn a_rate_says_yes_that_often() {
        check("always", "xxxxxxxxxx");
        check("once", "x.........");
        check("first 3", "xxx.......");
        check("2 of 3", "xx.xx.xx.x");
        check("1 of 4", "x...x...x.");
        check("2 of 2", "xxxxxxxxxx");
    }

    #[test]
    fn chance_repeats_with_its_seed_and_keeps_its_share() {
        let drawn = |seed: u64| (0..1000).map(|n| Rate::Chance { percent: 30, seed }.says_yes(n, 0)).collect::<Vec<_>>();
        assert_eq!(drawn(7), drawn(7));
        assert_ne!(drawn(7), drawn(8));
        let yes = drawn(7).iter().filter(|yes| **yes).count();
        assert!((250..350).contains(&yes), "{yes}");
    }

    #[test]
    fn delays_repeat_with_their_seed_and_stay_within_bounds() {
        let sampled = |delay: Delay, seed| (0..1000).map(|n| delay.sample(seed, n)).collect::<Vec<_>>();
        let uniform = Delay::Uniform { from: 100, to: 103 };
        assert_eq!(sampled(uniform, 7), sampled(uniform, 7));
        assert_ne!(sampled(uniform, 7), sampled(uniform, 8));
        for millis in 100..=103 {
            assert!(sampled(uniform, 7).contains(&millis), "{millis}");
        }
        assert!(sampled(uniform, 7).iter().all(|millis| (100..=103).contains(millis)));
        assert_eq!(Delay::Uniform { from: 0, to: u32::MAX }.sample(1, 1), Delay::Uniform { from: 0, to: u32::MAX }.sample(1, 1));
        assert_eq!(Delay::Fixed(20).sample(3, 4), 20);
        assert_eq!(Delay::None.sample(3, 4), 0);
    }

    #[test]
    fn a_log_normal_delay_is_short_as_often_as_it_is_long() {
        let delay = Delay::LogNormal { median: 200, sigma_percent: 50 };
        let sampled: Vec<u32> = (0..1000).map(|n| delay.sample(7, n)).collect();
        let shorter = sampled.iter().filter(|millis| **millis < 200).count();
        assert!((450..550).contains(&shorter), "{shorter}");
        // Two of three lie within one sigma.
        let near = sampled.iter().filter(|millis| (121..=330).contains(*millis)).count();
        assert!((630..740).contains(&near), "{near}");
        assert_eq!(Delay::LogNormal { median: 3_600_000, sigma_percent: 1_000 }.sample(7, 0).max(MOST_MILLIS), MOST_MILLIS);
    }

    #[test]
    fn what_is_written_is_read_again() {
        for text in ["always", "once", "first 3", "2 of 3", "30 % seed 18446744073709551615"] {
            assert_eq!(Rate::read(text, 0).expect(text).to_string(), text);
        }
        assert_eq!(Rate::read("30%", 5), Ok(Rate::Chance { percent: 30, seed: 5 }));
        for text in ["0 ms", "1500 ms", "100 to 900 ms", "log-normal 200 ms, sigma 50 %"] {
            assert_eq!(Delay::read(text).expect(text).to_string(), text);
        }
        assert_eq!(Delay::read("log-normal 200ms, sigma 50%"), Delay::read("log-normal 200 ms, sigma 50 %"));
    }

    #[test]
    fn a_wrong_word_is_told_what_is_right() {
        for text in ["", "never", "first", "first 0", "3 of 2", "0 of 2", "0 %", "100 %", "30 % seed", "30 % seed -1", "2 of 3 of 4"] {
            assert!(Rate::read(text, 0).expect_err(text).contains("N of M"));
        }
        for text in ["", "soon", "-1", "3600001", "9 to 1 ms", "1 s", "log-normal 200 ms", "log-normal 200 ms, sigma 5000 %"] {
            assert!(Delay::read(text).expect_err(text).contains("100 to 900 ms"));
        }
    }
}
