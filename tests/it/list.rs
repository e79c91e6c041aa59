//! The list, as a test or a screen reader meets it: rows by label.

use eframe::egui::{self, Align, Event, Key, Modifiers, MouseWheelUnit, TouchPhase, Vec2, accesskit::Role};
use egui_kittest::{
    Harness,
    kittest::{NodeT as _, Queryable as _},
};
use hookglass::ui::component::paint_text;
use hookglass::ui::list::{List, ListState};
use hookglass::ui::theme;

struct Rows {
    list: ListState,
    total: u64,
    selected: Option<u64>,
}

fn window<'a>(total: u64) -> Harness<'a, Rows> {
    let rows = Rows { list: ListState::default(), total, selected: None };
    Harness::builder().allow_missing_glyphs().with_size([300.0, 600.0]).with_context_setup(theme_only).build_ui_state(
        |ui, rows: &mut Rows| {
            if ui.input(|input| input.key_pressed(Key::End)) {
                rows.list.reveal(rows.total - 1);
            }
            // The oldest row is 0 for ever, whatever is put before it.
            let name = |row: u64| rows.total - 1 - row;
            let output = List::new("Requests", rows.total).selected(rows.selected).show(
                ui,
                &mut rows.list,
                name,
                |row| format!("request {}", name(row)),
                |ui, row| {
                    paint_text(ui, row.rect, Align::LEFT, format!("{}", row.index));
                },
            );
            rows.selected = output.clicked.or(rows.selected);
        },
        rows,
    )
}

fn theme_only(ctx: &egui::Context) {
    theme::install(ctx);
    hookglass::ui::fonts::install(ctx);
}

fn wheel(window: &mut Harness<'_, Rows>, points: f32) {
    window.hover_at(egui::pos2(100.0, 300.0));
    window.event(Event::MouseWheel {
        unit: MouseWheelUnit::Point,
        delta: Vec2::new(0.0, -points),
        phase: TouchPhase::Move,
        modifiers: Modifiers::NONE,
        source: egui::MouseWheelSource::Unknown,
    });
    window.run_ok();
}

#[test]
fn a_row_is_clicked_by_its_label_and_says_that_it_is_selected() {
    let mut window = window(1_000_000);
    window.get_by_label("request 999995").click();
    window.run();
    assert_eq!(window.state().selected, Some(4));
    let row = window.get_by_label("request 999995");
    assert_eq!(row.accesskit_node().is_selected(), Some(true));
    assert_eq!(row.accesskit_node().role(), Role::ListBoxOption);
}

#[test]
fn the_end_of_a_million_rows_scrolls_point_by_point() {
    let mut window = window(1_000_000);
    window.key_press(Key::End);
    window.run();
    assert!(window.query_by_label("request 0").is_some());

    let before = window.get_by_label("request 10").rect().top();
    for _ in 0..10 {
        wheel(&mut window, -0.5);
    }
    let after = window.get_by_label("request 10").rect().top();
    assert!((after - before - 5.0).abs() < 1e-3, "moved by {}", after - before);
}

#[test]
fn what_is_on_screen_stays_when_rows_arrive_before_it() {
    let mut window = window(1000);
    wheel(&mut window, 100.0);
    let before = window.get_by_label("request 990").rect();
    window.state_mut().total += 7;
    window.state_mut().list.prepended(7);
    window.run();
    assert_eq!(window.get_by_label("request 990").rect(), before);
}

#[test]
fn at_the_top_the_list_follows_what_arrives() {
    let mut window = window(1000);
    window.state_mut().total += 7;
    window.state_mut().list.prepended(7);
    window.run();
    assert!(window.query_by_label("request 1006").is_some());
    assert!(window.state().list.at_top());
}

#[test]
fn a_click_beside_the_handle_goes_there() {
    let mut window = window(1_000_000);
    window.get_by_label("Scroll").click();
    window.run();
    // The middle of the bar is the middle of the list, and the view shows some 21 rows.
    assert!(window.state().list.top().abs_diff(500_000) < 22);
}

#[test]
fn an_empty_list_draws() {
    let mut window = window(0);
    window.run();
    assert!(window.query_by_label("Requests").is_some());
}
