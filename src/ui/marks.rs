//! The words that a filter looks for, marked wherever text is shown.

use super::component::{has_ground, level_grounds};
use super::theme::Palette;
use crate::filter::Filter;
use eframe::egui::text::LayoutJob;
use eframe::egui::{Label, TextFormat, Ui};

/// Appends texts that stand beside each other, `space` before the first, and marks what the filter looks for in them. It
/// may begin in one and end in the next.
pub fn append_marked(job: &mut LayoutJob, palette: &Palette, filter: Option<&Filter>, space: f32, parts: &[(&str, TextFormat)]) {
    let whole: String = parts.iter().map(|(text, _)| *text).collect();
    let marks = filter.map_or_else(Vec::new, |filter| filter.marks(&whole));
    let mut space = space;
    let mut append = |piece: &str, format: TextFormat| {
        if !piece.is_empty() {
            job.append(piece, std::mem::take(&mut space), format);
        }
    };
    let mut start = 0;
    for (text, format) in parts {
        let end = start + text.len();
        let mut at = start;
        for mark in &marks {
            let (from, to) = (mark.start.max(at), mark.end.min(end));
            if from < to {
                append(&whole[at..from], format.clone());
                append(&whole[from..to], TextFormat { color: palette.on_mark, background: palette.mark, ..format.clone() });
                at = to;
            }
        }
        append(&whole[at..end], format.clone());
        start = end;
    }
}

/// A label that wraps, its grounds level.
pub fn marked_label(ui: &Ui, mut job: LayoutJob) -> Label {
    if !has_ground(&job) {
        return Label::new(job).wrap();
    }
    job.wrap.max_width = ui.available_width();
    Label::new(level_grounds(ui.painter().layout_job(job)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::filter::Moment;
    use crate::ui::theme;
    use eframe::egui::{Theme, text::LayoutSection};
    use jiff::tz::TimeZone;

    fn check(filter: &str, parts: &[&str], marked: &[&str]) {
        let palette = theme::palette_of(Theme::Dark);
        let filter = Filter::parse(filter, &Moment { now_millis: 0, zone: &TimeZone::UTC }).expect("bug: a good filter");
        let mut job = LayoutJob::default();
        let parts: Vec<_> = parts.iter().map(|text| (*text, TextFormat::default())).collect();
        append_marked(&mut job, palette, Some(&filter), 0.0, &parts);
        assert_eq!(job.text, parts.iter().map(|(text, _)| *text).collect::<String>());
        let is_marked = |section: &&LayoutSection| section.format.background == palette.mark;
        let text = |section: &LayoutSection| job.text[section.byte_range.start.0..section.byte_range.end.0].to_owned();
        assert_eq!(job.sections.iter().filter(is_marked).map(text).collect::<Vec<_>>(), marked);
    }

    #[test]
    fn what_is_looked_for_is_marked_across_parts() {
        check("red", &["Red and red"], &["Red", "red"]);
        check("group.call", &["Group.", "CallbackAfterSendMsg"], &["Group.Call"]);
        check("红包", &["a 红包 b"], &["红包"]);
        check("not red", &["red"], &[]);
    }
}
