//! The columns of the list: which are shown, how wide, in which order, and by which one the list is sorted.

use super::Model;
use crate::column::{Column, Columns, Field, Sorting};
use crate::messages::Effect;

/// What a user can mean with the columns.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ColumnsAction {
    /// Show this one as well.
    Show(Column),
    /// Show this one no more.
    Hide(Column),
    /// Have a column stand at a place, counted without it.
    Put(Column, usize),
    /// Make a column so wide, or as wide as it is of its own. While it is dragged nothing is kept.
    SetWidth(Column, Option<u16>),
    /// Keep the columns as they are now.
    Keep,
    /// Those that were there at first, as wide as they were.
    Reset,
    /// The path of a field was typed.
    EditPath(String),
    /// Show the field that was typed.
    ShowTyped,
    /// Sort by a column; the other way round, or not at all, where the list is sorted by it already.
    SortBy(Column),
    /// Sort like this, or show the newest first.
    Sort(Option<Sorting>),
}

/// The path of a field that is being typed.
#[derive(Debug, Default)]
pub struct ColumnsEditor {
    path: String,
}

impl ColumnsEditor {
    /// What is typed.
    pub fn path(&self) -> &str {
        &self.path
    }

    /// The column that it names; `None` where it is no path.
    pub fn typed(&self) -> Option<Column> {
        Field::read(&self.path).map(Column::Field)
    }

    /// Whether what is typed is wrong.
    pub fn is_wrong(&self) -> bool {
        !self.path.trim().is_empty() && self.typed().is_none()
    }
}

/// The column of a field by the path that the Fields tab shows: of any item, where it names one of a list.
pub fn column_of_field(path: &str) -> Option<Column> {
    let mut any = String::with_capacity(path.len());
    let mut rest = path;
    while let Some((before, after)) = rest.split_once('[') {
        any.push_str(before);
        any.push('[');
        let digits = after.bytes().take_while(u8::is_ascii_digit).count();
        rest = if after[digits..].starts_with(']') { &after[digits..] } else { after };
    }
    any.push_str(rest);
    Field::read(&any).map(Column::Field)
}

impl Model {
    pub(super) fn act_on_columns(&mut self, action: ColumnsAction) -> Vec<Effect> {
        match action {
            ColumnsAction::Show(column) => self.change_columns(|columns| columns.show(column)),
            ColumnsAction::Hide(column) => self.change_columns(|columns| columns.hide(&column)),
            ColumnsAction::Put(column, at) => self.change_columns(|columns| columns.put(&column, at)),
            ColumnsAction::Reset => self.change_columns(|columns| *columns = Columns::default()),
            ColumnsAction::SetWidth(column, width) => {
                self.known.columns.set_width(&column, width);
                Vec::new()
            }
            ColumnsAction::Keep => vec![Effect::SaveColumns(self.known.columns.clone())],
            ColumnsAction::EditPath(path) => {
                self.columns.path = path;
                Vec::new()
            }
            ColumnsAction::ShowTyped => self.show_typed_column(),
            ColumnsAction::SortBy(column) => {
                let sorting = Sorting::after_click(self.filter.sorting(), &column);
                self.sort(sorting)
            }
            ColumnsAction::Sort(sorting) => self.sort(sorting),
        }
    }

    fn show_typed_column(&mut self) -> Vec<Effect> {
        let Some(column) = self.columns.typed() else { return Vec::new() };
        self.columns.path.clear();
        self.change_columns(|columns| columns.show(column))
    }

    /// Columns that are asked to be kept stand here at once: the next change is made to them, however soon it comes.
    fn change_columns(&mut self, change: impl FnOnce(&mut Columns)) -> Vec<Effect> {
        let before = self.known.columns.clone();
        change(&mut self.known.columns);
        if before == self.known.columns {
            return Vec::new();
        }
        let mut effects = vec![Effect::SaveColumns(self.known.columns.clone())];
        if before.to_fill() != self.known.columns.to_fill() {
            effects.extend(self.history.reload());
        }
        // Nothing would say by what it is sorted.
        if self.filter.sorting().is_some_and(|sorting| !self.known.columns.has(&sorting.column)) {
            effects.extend(self.sort(None));
        }
        effects
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::action::Action;
    use crate::messages::{Event, Find};

    fn model() -> Model {
        let mut model = Model::default();
        model.absorb(Event::Arrived(vec![1, 2, 3]));
        model.apply(Action::ShowRows(0..3));
        model
    }

    fn act(model: &mut Model, action: ColumnsAction) -> Vec<Effect> {
        model.apply(Action::Columns(action))
    }

    #[test]
    fn a_new_column_is_kept_and_rows_are_asked_for_again_where_it_is_to_be_filled_in() {
        let mut model = model();
        let effects = act(&mut model, ColumnsAction::Show(Column::App));
        assert_eq!(effects, [Effect::SaveColumns(model.known.columns.clone()), Effect::LoadRows(vec![3, 2, 1])]);
        assert_eq!(act(&mut model, ColumnsAction::Show(Column::App)), []);
        assert_eq!(act(&mut model, ColumnsAction::Put(Column::App, 0)).len(), 1, "no cell is another one");
        assert_eq!(act(&mut model, ColumnsAction::Show(Column::Number)).len(), 1, "every row has it");
        assert_eq!(act(&mut model, ColumnsAction::SetWidth(Column::App, Some(70))), []);
        assert_eq!(act(&mut model, ColumnsAction::Keep), [Effect::SaveColumns(model.known.columns.clone())]);
        act(&mut model, ColumnsAction::Reset);
        assert_eq!(model.known.columns, Columns::default());
    }

    #[test]
    fn a_typed_path_becomes_a_column_once_it_is_one() {
        let mut model = model();
        act(&mut model, ColumnsAction::EditPath("MsgBody[x]".into()));
        assert!(model.columns.is_wrong());
        assert_eq!(act(&mut model, ColumnsAction::ShowTyped), []);
        act(&mut model, ColumnsAction::EditPath(" body.MsgBody[].MsgType ".into()));
        assert_eq!(act(&mut model, ColumnsAction::ShowTyped).len(), 2);
        let field = Column::named("body.MsgBody[].MsgType").expect("bug: is a column");
        assert!(model.known.columns.has(&field) && model.columns.path().is_empty() && !model.columns.is_wrong());
    }

    #[test]
    fn hiding_what_the_list_is_sorted_by_shows_the_newest_again() {
        let mut model = model();
        let effects = act(&mut model, ColumnsAction::SortBy(Column::Took));
        assert!(matches!(effects.as_slice(), [Effect::Find(Some(Find { order: Some(_), .. }))]), "{effects:?}");
        let effects = act(&mut model, ColumnsAction::Hide(Column::Took));
        assert_eq!(effects, [Effect::SaveColumns(model.known.columns.clone()), Effect::Find(None)]);
        assert!(model.filter.is_idle());
    }

    #[test]
    fn a_field_of_an_item_becomes_the_column_of_any_item() {
        let check =
            |path: &str, column: &str| assert_eq!(column_of_field(path).map(|column| column.name().into_owned()).as_deref(), Some(column));
        check("GroupId", "body.GroupId");
        check("MsgBody[0].MsgContent.L[12][3]", "body.MsgBody[].MsgContent.L[][]");
        check("CloudCustomData→a.b", "body.CloudCustomData→a.b");
        assert_eq!(column_of_field("A[x].B"), None);
    }
}
