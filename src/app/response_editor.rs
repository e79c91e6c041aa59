//! What the response bar is being set to: the variant of each segment, the numbers and the body of one's own as they are
//! typed, and for how long.

use crate::messages::{Lasting, MOST_MINUTES};
use crate::protocol::response::{self, Asked, Finding};
use crate::protocol::symptom::Symptom;
use crate::rules::bar::{Bar, Until};
use crate::rules::preset::{OwnBody, Preset, TlsFault, read_millis, read_status};

/// A segment of the response bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Segment {
    /// The documented success.
    Ok,
    /// `FAIL` with a code.
    Fail,
    /// A body of one's own.
    OwnBody,
    /// No response, or a late one.
    Timeout,
    /// Another status than 200.
    HttpError,
    /// Something that cannot be read as a response.
    NotJson,
    /// A connection that ends, or never is.
    Drop,
    /// Something wrong with TLS.
    TlsFault,
    /// The developer decides.
    Hold,
}

impl Segment {
    /// All of them in their order.
    pub const ALL: [Self; 9] =
        [Self::Ok, Self::Fail, Self::OwnBody, Self::Timeout, Self::HttpError, Self::NotJson, Self::Drop, Self::TlsFault, Self::Hold];

    /// The segment that a preset belongs to.
    pub fn of(preset: &Preset) -> Self {
        match preset {
            Preset::Ok => Self::Ok,
            Preset::Fail(_) => Self::Fail,
            Preset::Body(_) => Self::OwnBody,
            Preset::Timeout | Preset::Stall | Preset::Delay(_) | Preset::Drip(_) => Self::Timeout,
            Preset::Http(_) => Self::HttpError,
            Preset::NotJson | Preset::Empty | Preset::Truncated | Preset::Long | Preset::Garbage => Self::NotJson,
            Preset::Drop | Preset::Reset | Preset::Refuse => Self::Drop,
            Preset::Tls(_) => Self::TlsFault,
            Preset::Hold => Self::Hold,
        }
    }
}

/// For how long something is simulated, as far as it is chosen from a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Span {
    /// Until somebody switches it off.
    #[default]
    SwitchedOff,
    /// For one request.
    NextRequest,
    /// For so many requests.
    Requests,
    /// For so many minutes.
    Minutes,
}

impl Span {
    /// Those that a preset can be simulated for: a port that refuses counts no requests.
    pub fn of(preset: &Preset) -> &'static [Self] {
        if preset.is_counted() {
            &[Self::SwitchedOff, Self::NextRequest, Self::Requests, Self::Minutes]
        } else {
            &[Self::SwitchedOff, Self::Minutes]
        }
    }
}

/// A number that is typed in the response bar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    /// The code beside FAIL.
    Code,
    /// The status beside HTTP error.
    Status,
    /// How late a late response is, in milliseconds.
    Delay,
    /// How long each byte takes, in milliseconds.
    Drip,
    /// For how many requests.
    Requests,
    /// For how many minutes.
    Minutes,
}

/// The most requests that something is simulated for.
const MOST_REQUESTS: u32 = 1_000_000;

/// Drafts of the parts that can be typed.
#[derive(Debug)]
pub struct ResponseEditor {
    /// The body of one's own.
    pub body: String,
    span: Span,
    code: String,
    status: String,
    delay: String,
    drip: String,
    requests: String,
    minutes: String,
    /// The variants that were chosen, the latest first.
    chosen: Vec<Preset>,
    /// What the bar is known to say, and how many settings of our own are on their way.
    known: Bar,
    on_their_way: u64,
}

impl Default for ResponseEditor {
    fn default() -> Self {
        let body = String::from_utf8_lossy(&response::success().body).into_owned();
        let text = str::to_owned;
        Self {
            body,
            span: Span::default(),
            code: text("1"),
            status: text("500"),
            delay: text("2500"),
            drip: text("200"),
            requests: text("3"),
            minutes: text("5"),
            chosen: Vec::new(),
            known: Bar::default(),
            on_their_way: 0,
        }
    }
}

impl ResponseEditor {
    /// FAIL with the code that is typed; `None` while that is no number.
    pub fn fail(&self) -> Option<Preset> {
        self.code.trim().parse().ok().map(Preset::Fail)
    }

    /// The body of one's own.
    pub fn own_body(&self) -> Preset {
        Preset::Body(OwnBody { bytes: self.body.clone().into_bytes().into(), file: None })
    }

    /// What keeps the body of one's own from having the documented form. It can be sent all the same.
    pub fn complaints(&self) -> Vec<Finding> {
        response::complaints(self.body.as_bytes())
    }

    /// The variants of a segment, with the numbers that are typed.
    pub fn variants(&self, segment: Segment) -> Vec<Preset> {
        let millis = |text: &str, otherwise| read_millis(text.trim()).unwrap_or(otherwise);
        match segment {
            Segment::Ok => vec![Preset::Ok],
            Segment::Fail => vec![self.fail().unwrap_or(Preset::Fail(1))],
            Segment::OwnBody => vec![self.own_body()],
            Segment::Timeout => {
                vec![Preset::Timeout, Preset::Stall, Preset::Delay(millis(&self.delay, 2_500)), Preset::Drip(millis(&self.drip, 200))]
            }
            Segment::HttpError => vec![Preset::Http(read_status(self.status.trim()).unwrap_or(500))],
            Segment::NotJson => vec![Preset::NotJson, Preset::Empty, Preset::Truncated, Preset::Long, Preset::Garbage],
            Segment::Drop => vec![Preset::Drop, Preset::Reset, Preset::Refuse],
            Segment::TlsFault => TlsFault::ALL.map(Preset::Tls).to_vec(),
            Segment::Hold => vec![Preset::Hold],
        }
    }

    /// What a click on a segment means: the variant that was chosen last.
    pub fn preset(&self, segment: Segment) -> Preset {
        let variants = self.variants(segment);
        let is_same = |one: &Preset, other: &Preset| std::mem::discriminant(one) == std::mem::discriminant(other);
        let last = self.chosen.iter().find(|preset| Segment::of(preset) == segment);
        let last = last
            .and_then(|last| variants.iter().find(|variant| *variant == last || (segment != Segment::TlsFault && is_same(variant, last))));
        last.or(variants.first()).cloned().unwrap_or_default()
    }

    /// Remembers which variant of its segment was chosen.
    pub fn choose(&mut self, preset: &Preset) {
        self.chosen.retain(|other| Segment::of(other) != Segment::of(preset));
        self.chosen.push(preset.clone());
        self.on_their_way += 1;
    }

    /// The span that is chosen.
    pub fn span(&self) -> Span {
        self.span
    }

    /// Chooses a span.
    pub fn choose_span(&mut self, span: Span) {
        self.span = span;
    }

    /// How long a preset is simulated that is chosen next.
    pub fn lasting(&self, preset: &Preset) -> Lasting {
        if !preset.is_simulation() || !Span::of(preset).contains(&self.span) {
            return Lasting::SwitchedOff;
        }
        match self.span {
            Span::SwitchedOff => Lasting::SwitchedOff,
            Span::NextRequest => Lasting::Requests(1),
            Span::Requests => Lasting::Requests(read_count(&self.requests, MOST_REQUESTS).unwrap_or(1)),
            Span::Minutes => Lasting::Minutes(read_count(&self.minutes, MOST_MINUTES).unwrap_or(1)),
        }
    }

    /// A number as it is typed.
    pub fn text(&self, number: Number) -> &str {
        match number {
            Number::Code => &self.code,
            Number::Status => &self.status,
            Number::Delay => &self.delay,
            Number::Drip => &self.drip,
            Number::Requests => &self.requests,
            Number::Minutes => &self.minutes,
        }
    }

    /// Takes a number as it is typed.
    pub fn type_number(&mut self, number: Number, text: String) {
        *self.text_mut(number) = text;
    }

    fn text_mut(&mut self, number: Number) -> &mut String {
        match number {
            Number::Code => &mut self.code,
            Number::Status => &mut self.status,
            Number::Delay => &mut self.delay,
            Number::Drip => &mut self.drip,
            Number::Requests => &mut self.requests,
            Number::Minutes => &mut self.minutes,
        }
    }

    /// Whether what is typed is a number that can be used.
    pub fn is_valid(&self, number: Number) -> bool {
        let text = self.text(number).trim();
        match number {
            Number::Code => text.parse::<i64>().is_ok(),
            Number::Status => read_status(text).is_some(),
            Number::Delay | Number::Drip => read_millis(text).is_some(),
            Number::Requests => read_count(text, MOST_REQUESTS).is_some(),
            Number::Minutes => read_count(text, MOST_MINUTES).is_some(),
        }
    }

    /// What is responded with a number that was typed, where the bar says `now`; `None` where it changes nothing.
    pub fn with_number(&self, number: Number, now: &Preset) -> Option<Preset> {
        if !self.is_valid(number) {
            return None;
        }
        match number {
            Number::Code => Some(self.preset(Segment::Fail)),
            Number::Status => Some(self.preset(Segment::HttpError)),
            Number::Delay | Number::Drip => {
                let is_same = |variant: &&Preset| std::mem::discriminant(*variant) == std::mem::discriminant(now);
                self.variants(Segment::Timeout).iter().find(is_same).cloned()
            }
            Number::Requests | Number::Minutes => now.is_simulation().then(|| now.clone()),
        }
    }

    /// Takes over what the bar says when it was set elsewhere: by the command line, say. What is being typed here stays.
    pub fn follow(&mut self, bar: &Bar) {
        if *bar == self.known {
            return;
        }
        let settings = bar.number.saturating_sub(self.known.number);
        self.known = bar.clone();
        if settings > 0 && settings <= self.on_their_way {
            self.on_their_way -= settings;
            return;
        }
        self.on_their_way = 0;
        match &bar.preset {
            Preset::Ok => return,
            Preset::Fail(code) => self.code = code.to_string(),
            Preset::Http(status) => self.status = status.to_string(),
            Preset::Delay(millis) => self.delay = millis.to_string(),
            Preset::Drip(millis) => self.drip = millis.to_string(),
            Preset::Body(body) => self.body = String::from_utf8_lossy(&body.bytes).into_owned(),
            Preset::Timeout
            | Preset::Stall
            | Preset::NotJson
            | Preset::Empty
            | Preset::Truncated
            | Preset::Long
            | Preset::Garbage
            | Preset::Drop
            | Preset::Reset
            | Preset::Refuse
            | Preset::Hold
            | Preset::Tls(_) => {}
        }
        self.choose(&bar.preset);
        self.on_their_way = 0;
        match bar.until {
            Until::SwitchedOff => self.span = Span::SwitchedOff,
            Until::Requests(1) => self.span = Span::NextRequest,
            Until::Requests(count) => (self.span, self.requests) = (Span::Requests, count.to_string()),
            Until::Time(_) => self.span = Span::Minutes,
        }
    }
}

/// The vendor's name for what a preset looks like. A response that comes before the limit is read.
pub fn symptom(preset: &Preset) -> Option<Symptom> {
    let (limit_millis, _) = response::limit(Asked::NoCallback);
    let is_in_time = matches!(preset, Preset::Delay(millis) if *millis < limit_millis);
    preset.symptom().filter(|_| !is_in_time)
}

fn read_count(text: &str, most: u32) -> Option<u32> {
    text.trim().parse().ok().filter(|count| (1..=most).contains(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bar(preset: Preset, until: Until, number: u64) -> Bar {
        Bar { preset, until, number }
    }

    #[test]
    fn every_variant_belongs_to_its_segment() {
        let editor = ResponseEditor::default();
        for segment in Segment::ALL {
            let variants = editor.variants(segment);
            assert!(!variants.is_empty() && variants.iter().all(|preset| Segment::of(preset) == segment), "{segment:?}");
        }
    }

    #[test]
    fn a_segment_remembers_its_variant() {
        let mut editor = ResponseEditor::default();
        for (preset, segment) in [
            (Preset::Stall, Segment::Timeout),
            (Preset::Tls(TlsFault::Expired), Segment::TlsFault),
            (Preset::Reset, Segment::Drop),
            (Preset::Delay(2_500), Segment::Timeout),
        ] {
            editor.choose(&preset);
            assert_eq!(editor.preset(segment), preset);
        }
        editor.type_number(Number::Delay, "3000".into());
        assert_eq!(editor.preset(Segment::Timeout), Preset::Delay(3_000), "with the number that is typed");
    }

    #[test]
    fn a_port_that_refuses_counts_no_requests() {
        let mut editor = ResponseEditor::default();
        editor.choose_span(Span::Requests);
        assert_eq!(editor.lasting(&Preset::Timeout), Lasting::Requests(3));
        assert_eq!(editor.lasting(&Preset::Refuse), Lasting::SwitchedOff);
        assert_eq!(editor.lasting(&Preset::Ok), Lasting::SwitchedOff);
    }

    #[test]
    fn what_is_set_elsewhere_is_taken_over_and_what_is_typed_stays() {
        let mut editor = ResponseEditor::default();
        editor.follow(&bar(Preset::Fail(10_100), Until::Requests(2), 1));
        assert_eq!((editor.text(Number::Code), editor.lasting(&Preset::Timeout)), ("10100", Lasting::Requests(2)));
        // Two of our own are on their way; the first comes back while the third digit is being typed.
        editor.type_number(Number::Code, "7".into());
        editor.choose(&Preset::Fail(7));
        editor.type_number(Number::Code, "77".into());
        editor.choose(&Preset::Fail(77));
        editor.follow(&bar(Preset::Fail(7), Until::SwitchedOff, 2));
        editor.follow(&bar(Preset::Fail(77), Until::SwitchedOff, 3));
        assert_eq!(editor.text(Number::Code), "77");
    }

    #[test]
    fn what_the_program_begins_with_is_taken_over() {
        let mut editor = ResponseEditor::default();
        editor.follow(&bar(Preset::Delay(3_000), Until::SwitchedOff, 0));
        assert_eq!((editor.text(Number::Delay), editor.preset(Segment::Timeout)), ("3000", Preset::Delay(3_000)));
    }

    #[test]
    fn a_late_response_in_time_is_no_symptom() {
        assert_eq!(symptom(&Preset::Delay(1_900)), None);
        assert_eq!(symptom(&Preset::Delay(2_100)), Some(Symptom::TimesOut));
    }
}
