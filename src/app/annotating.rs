//! What the user says of exchanges: shown at once, and kept by the engine.

use super::Model;
use super::action::Tab;
use crate::annotation::{Annotation, Change, Mark};
use crate::ids::Ids;
use crate::messages::Effect;
use crate::opened::Opened;
use crate::row::Row;
use std::collections::VecDeque;
use std::sync::Arc;

/// What a user can mean with pins, marks and notes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnnotateAction {
    /// Pin what is selected, or no more where the one with the focus is pinned.
    TogglePin,
    /// Give what is selected this colour, or none.
    Mark(Option<Mark>),
    /// Give what is selected the colour that follows that of the one with the focus.
    NextMark,
    /// Write the note of the one with the focus.
    OpenNote,
    /// The note was typed.
    EditNote(String),
    /// Keep what was typed.
    KeepNote,
}

/// What is said, as far as it is not known to be kept, and the note that is being written.
#[derive(Debug, Default)]
pub struct Annotating {
    /// What was asked to be kept, oldest first. Rows and details that are told meanwhile may not have it yet.
    asked: VecDeque<(Arc<Ids>, Change)>,
    /// The note of the opened exchange.
    pub note: Note,
}

/// The note of the opened exchange, as it stands in its field.
#[derive(Debug, Default)]
pub struct Note {
    of: Option<i64>,
    text: String,
    /// How often it was typed since it was kept.
    edits: u64,
    focus_asked: u64,
}

impl Note {
    /// What stands there.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// How often it was typed since it was kept; 0 where all is kept.
    pub fn edits(&self) -> u64 {
        self.edits
    }

    /// How often its field was asked for. It takes the keyboard's focus whenever this grows.
    pub fn focus_asked(&self) -> u64 {
        self.focus_asked
    }

    fn edit(&mut self, text: String) {
        if self.of.is_some() && text != self.text {
            self.text = text;
            self.edits += 1;
        }
    }

    /// What is to be kept, if anything.
    fn take_unkept(&mut self) -> Option<(i64, String)> {
        let of = self.of.filter(|_| self.edits > 0)?;
        self.edits = 0;
        Some((of, self.text.clone()))
    }

    /// Takes the note of what is open now. What is being typed stays, and of another exchange is returned to be kept.
    fn follow(&mut self, opened: Option<&Opened>) -> Option<(i64, String)> {
        let of = opened.map(|opened| opened.exchange.id);
        let unkept = if of == self.of { None } else { self.take_unkept() };
        if of != self.of || self.edits == 0 {
            self.text = opened.map(|opened| opened.annotation.note.clone()).unwrap_or_default();
        }
        self.of = of;
        unkept
    }
}

impl Annotating {
    /// Says of an exchange that was just told what was asked to be kept since.
    fn catch_up(&self, id: i64, annotation: &mut Annotation) {
        self.asked.iter().filter(|(ids, _)| ids.contains(id)).for_each(|(_, change)| annotation.apply(change));
    }

    /// The same for rows.
    pub(super) fn catch_up_rows(&self, rows: &mut [Row]) {
        for row in rows {
            self.catch_up(row.id, &mut row.annotation);
        }
    }

    /// The same for the opened exchange.
    pub(super) fn catch_up_opened(&self, opened: Option<&mut Box<Opened>>) {
        if let Some(opened) = opened {
            self.catch_up(opened.exchange.id, &mut opened.annotation);
        }
    }

    /// The oldest that was asked is kept.
    pub(super) fn kept(&mut self) {
        self.asked.pop_front();
    }
}

impl Model {
    pub(super) fn annotate(&mut self, action: AnnotateAction) -> Vec<Effect> {
        let focus = self.focus_annotation();
        let change = match action {
            AnnotateAction::TogglePin => Change::Pin(!focus.is_some_and(|annotation| annotation.pinned)),
            AnnotateAction::Mark(mark) => Change::Mark(mark),
            AnnotateAction::NextMark => Change::Mark(Mark::next(focus.and_then(|annotation| annotation.mark))),
            AnnotateAction::OpenNote => {
                self.detail.show_tab(Tab::Note);
                self.annotating.note.focus_asked += 1;
                return Vec::new();
            }
            AnnotateAction::EditNote(text) => {
                self.annotating.note.edit(text);
                return Vec::new();
            }
            AnnotateAction::KeepNote => return self.keep_note(),
        };
        self.say(self.history.selection().ids(), change).into_iter().collect()
    }

    /// What is said of the exchange that has the focus.
    pub fn focus_annotation(&self) -> Option<&Annotation> {
        let id = self.history.selected()?;
        let opened = self.detail.opened().filter(|opened| opened.exchange.id == id);
        opened.map(|opened| &opened.annotation).or_else(|| self.history.row(id).map(|row| &row.annotation))
    }

    /// Keeps what was typed and is not kept yet.
    pub(super) fn keep_note(&mut self) -> Vec<Effect> {
        let unkept = self.annotating.note.take_unkept();
        self.say_note(unkept)
    }

    /// The note's field shows what is open now; what was typed of another is kept.
    pub(super) fn follow_note(&mut self) -> Vec<Effect> {
        let unkept = self.annotating.note.follow(self.detail.opened());
        self.say_note(unkept)
    }

    fn say_note(&mut self, note: Option<(i64, String)>) -> Vec<Effect> {
        note.and_then(|(id, text)| self.say(Ids::one(id), Change::Note(text))).into_iter().collect()
    }

    /// Shows at once what is said, and has it kept.
    fn say(&mut self, ids: Ids, change: Change) -> Option<Effect> {
        if ids.is_empty() {
            return None;
        }
        self.history.annotate(&ids, &change);
        self.detail.annotate(&ids, &change);
        let ids = Arc::new(ids);
        self.annotating.asked.push_back((Arc::clone(&ids), change.clone()));
        Some(Effect::Annotate { ids, change })
    }

    /// It could not even be asked to be kept: what is shown is read anew. A note stays in its field, to be kept later.
    pub(super) fn not_annotated(&mut self, change: &Change) {
        self.annotating.asked.pop_back();
        match change {
            Change::Note(_) => self.annotating.note.edits += 1,
            Change::Pin(_) | Change::Mark(_) => self.history.forget_rows(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::Action;
    use crate::exchange::Exchange;
    use crate::inspect;
    use crate::messages::Event;
    use crate::protocol::Kept;
    use crate::wire::Request;
    use jiff::tz::TimeZone;

    fn exchange(id: i64) -> (Exchange, inspect::Inspection) {
        let request = Request::complete(0, "POST / HTTP/1.1\r\n\r\n", "{}");
        let inspection = inspect::inspect(&request, &[], &Kept::default());
        (Exchange { id, request, response: None }, inspection)
    }

    fn opened(id: i64, note: &str) -> Event {
        let (exchange, inspection) = exchange(id);
        let annotation = Annotation { note: note.to_owned(), ..Annotation::default() };
        Event::Opened(Some(Box::new(Opened { annotation, ..Opened::of(exchange, inspection, &[], true) })))
    }

    fn row(id: i64) -> Row {
        let (exchange, inspection) = exchange(id);
        Row::of(&exchange, &inspection, true, &TimeZone::UTC)
    }

    /// A model with so many exchanges, their rows at hand and the newest open.
    fn model(count: i64) -> Model {
        let mut model = Model::default();
        model.absorb(Event::Arrived((1..=count).collect()));
        model.absorb(Event::Rows((1..=count).map(row).collect()));
        model.absorb(opened(count, ""));
        model
    }

    fn say(ids: impl IntoIterator<Item = i64>, change: Change) -> Effect {
        Effect::Annotate { ids: Arc::new(ids.into_iter().collect()), change }
    }

    fn note(action: AnnotateAction, model: &mut Model) -> Vec<Effect> {
        model.apply(Action::Annotate(action))
    }

    fn pinned(model: &Model) -> Vec<i64> {
        (1..=3).filter(|id| model.history.row(*id).is_some_and(|row| row.annotation.pinned)).collect()
    }

    #[test]
    fn all_that_is_selected_is_pinned_as_the_one_with_the_focus_is_not() {
        let mut model = model(3);
        assert_eq!(note(AnnotateAction::TogglePin, &mut model), [say([3], Change::Pin(true))]);
        model.apply(Action::Selection(crate::app::selection::SelectionAction::ExtendBy(1)));
        model.absorb(opened(2, ""));
        assert_eq!(note(AnnotateAction::TogglePin, &mut model), [say([2, 3], Change::Pin(true))]);
        assert_eq!(pinned(&model), [2, 3]);
        assert_eq!(note(AnnotateAction::TogglePin, &mut model), [say([2, 3], Change::Pin(false))]);
        assert_eq!(pinned(&model), <[i64; 0]>::default());
        assert_eq!(note(AnnotateAction::NextMark, &mut model), [say([2, 3], Change::Mark(Some(Mark::Red)))]);
        assert_eq!(note(AnnotateAction::NextMark, &mut model), [say([2, 3], Change::Mark(Some(Mark::Amber)))]);
    }

    #[test]
    fn rows_that_were_read_before_it_was_kept_show_it_all_the_same() {
        let mut model = model(3);
        note(AnnotateAction::TogglePin, &mut model);
        model.absorb(Event::Rows(vec![row(3)]));
        assert_eq!(pinned(&model), [3]);
        model.absorb(opened(3, ""));
        assert!(model.focus_annotation().is_some_and(|annotation| annotation.pinned));
        model.absorb(Event::Annotated);
        model.absorb(Event::Rows(vec![row(3)]));
        assert_eq!(pinned(&model), <[i64; 0]>::default(), "from then on the history is right");
    }

    #[test]
    fn a_note_is_not_overwritten_by_what_is_told_and_kept_when_one_leaves() {
        let mut model = model(3);
        model.absorb(opened(3, "before"));
        assert_eq!(model.annotating.note.text(), "before");
        assert_eq!(note(AnnotateAction::EditNote("before 之后".into()), &mut model), []);
        model.absorb(opened(3, "before"));
        assert_eq!(model.annotating.note.text(), "before 之后");
        assert_eq!(note(AnnotateAction::KeepNote, &mut model), [say([3], Change::Note("before 之后".into()))]);
        assert_eq!(note(AnnotateAction::KeepNote, &mut model), [], "it is kept once");
        model.absorb(opened(3, "before"));
        assert_eq!(model.annotating.note.text(), "before 之后", "it was read before it was kept");
        note(AnnotateAction::EditNote("more".into()), &mut model);
        model.apply(Action::Select(1));
        let effects = model.absorb(opened(1, ""));
        assert_eq!(effects[0], say([3], Change::Note("more".into())));
        assert_eq!(model.annotating.note.text(), "");
    }

    #[test]
    fn what_could_not_be_asked_is_asked_again_or_shown_no_more() {
        let mut model = model(1);
        note(AnnotateAction::EditNote("x".into()), &mut model);
        let effects = note(AnnotateAction::KeepNote, &mut model);
        model.not_asked(&effects[0]);
        assert_eq!(note(AnnotateAction::KeepNote, &mut model), effects);
        let effects = note(AnnotateAction::TogglePin, &mut model);
        model.not_asked(&effects[0]);
        assert!(model.history.row(1).is_none(), "it is read anew");
    }
}
