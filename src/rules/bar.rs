//! The response bar: what every request gets that no rule responds to.

use super::preset::Preset;

/// What the response bar says, and until when.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Bar {
    /// What is responded.
    pub preset: Preset,
    /// Until when; the documented success from then on.
    pub until: Until,
    /// Tells this setting of the bar from all earlier ones, so that its requests are counted from none.
    pub number: u64,
}

/// How long something is simulated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Until {
    /// Until somebody switches it off.
    #[default]
    SwitchedOff,
    /// For so many requests, or handshakes where TLS is at fault.
    Requests(u32),
    /// Until this moment: milliseconds since the Unix epoch.
    Time(i64),
}

/// How many requests the bar responded to since it was set.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Used {
    number: u64,
    count: u32,
}

impl Bar {
    /// Whether what it says is over: it was said for a time, or for so many requests.
    pub fn is_over(&self, used: Used, now_millis: i64) -> bool {
        match self.until {
            Until::SwitchedOff => false,
            Until::Requests(most) => used.of(self) >= most,
            Until::Time(end_millis) => now_millis >= end_millis,
        }
    }

    /// What it says now, and counts that it was asked.
    pub fn take(&self, used: &mut Used, now_millis: i64) -> Preset {
        // A request that was on its way while the bar was set anew must not have the new setting counted from none.
        if self.is_over(*used, now_millis) || self.number < used.number {
            return Preset::Ok;
        }
        *used = Used { number: self.number, count: used.of(self).saturating_add(1) };
        self.preset.clone()
    }
}

impl Used {
    /// How many requests this setting of the bar responded to.
    pub fn of(self, bar: &Bar) -> u32 {
        if self.number == bar.number { self.count } else { 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_goes_back_to_ok_by_itself() {
        let mut used = Used::default();
        let bar = Bar { preset: Preset::Timeout, until: Until::Requests(2), number: 1 };
        let said: Vec<Preset> = (0..4).map(|_| bar.take(&mut used, 0)).collect();
        assert_eq!(said, [Preset::Timeout, Preset::Timeout, Preset::Ok, Preset::Ok]);
        let again = Bar { number: 2, ..bar };
        assert_eq!((again.take(&mut used, 0), used.of(&again)), (Preset::Timeout, 1));

        let for_a_time = Bar { preset: Preset::Reset, until: Until::Time(100), number: 3 };
        assert_eq!([99, 100].map(|now| for_a_time.take(&mut used, now)), [Preset::Reset, Preset::Ok]);
        let forever = Bar { preset: Preset::Reset, number: 4, ..Bar::default() };
        assert_eq!(forever.take(&mut used, i64::MAX), Preset::Reset);
        let set_before = Bar { preset: Preset::Reset, number: 1, ..Bar::default() };
        assert_eq!(set_before.take(&mut used, 0), Preset::Ok, "a request that was on its way resets no count");
        assert_eq!(used.of(&forever), 1);
    }
}
