//! Who may name whom: the table of STYLE 3, held against every path in `src/`.

use std::fs;
use std::path::{Path, PathBuf};

/// Values in, values out: no clock, file, socket, thread or async. The rooms of `crate::` that each may name.
const PURE: &[(&str, &[&str])] = &[
    ("wire", &[]),
    ("histories", &[]),
    ("lines", &[]),
    ("needle", &[]),
    ("annotation", &[]),
    ("ids", &[]),
    ("protocol", &["wire"]),
    ("exchange", &["wire"]),
    ("tree", &["protocol"]),
    ("rules", &["protocol", "wire"]),
    ("column", &["filter", "protocol", "wording"]),
    ("sorted", &["ids"]),
    ("settings", &["column", "histories", "protocol", "rules"]),
    ("inspect", &["protocol", "rules", "wire"]),
    ("sequence", &["exchange", "protocol", "wire"]),
    ("wording", &["exchange", "inspect", "protocol", "sequence"]),
    ("filter", &["exchange", "inspect", "protocol", "wire", "wording"]),
    ("conversation", &["exchange", "filter", "inspect", "protocol", "sequence", "wording"]),
    ("row", &["annotation", "column", "exchange", "inspect", "protocol", "wire", "wording"]),
    ("opened", &["annotation", "conversation", "exchange", "inspect", "lines", "protocol", "tree", "wire"]),
    ("compare", &["exchange", "inspect", "lines", "protocol", "tree", "wording"]),
    ("redaction", &["annotation", "exchange", "protocol", "wire", "wording"]),
    ("import", &["annotation", "exchange", "export", "inspect", "protocol", "rules", "wire", "wording"]),
    ("statistics", &["filter", "inspect", "protocol", "wire", "wording"]),
    ("export", &["annotation", "column", "exchange", "inspect", "protocol", "row", "wire", "wording"]),
    (
        "messages",
        &[
            "annotation",
            "column",
            "compare",
            "conversation",
            "exchange",
            "export",
            "filter",
            "histories",
            "ids",
            "import",
            "inspect",
            "needle",
            "opened",
            "protocol",
            "row",
            "rules",
            "sequence",
            "settings",
            "sorted",
            "statistics",
            "wire",
            "wording",
        ],
    ),
];

/// The world. The receiver and the engine may name every pure room besides.
const WORLD: &[(&str, &[&str])] = &[
    ("memory", &[]),
    ("folder", &["histories", "settings"]),
    ("secrets", &["folder", "protocol"]),
    ("sender", &["protocol", "wire"]),
    ("store", &["annotation", "column", "exchange", "filter", "histories", "ids", "inspect", "protocol", "sorted", "wire"]),
    ("receiver", &["folder", "store"]),
    ("control", &[]),
    ("engine", &["control", "folder", "receiver", "secrets", "sender", "store"]),
];

/// The doors. They may name every pure room besides; `app` and `ui` never meet the world, nor it them.
const DOORS: &[(&str, &[&str])] = &[
    ("app", &[]),
    ("ui", &["app"]),
    ("cli", &["control", "engine", "folder", "receiver", "secrets", "sender", "store"]),
    ("main", &["app", "cli", "control", "engine", "folder", "memory", "receiver", "secrets", "sender", "store", "ui"]),
];

/// Those of the world and the doors that may name every pure room.
const ABOVE_ALL_PURE: &[&str] = &["receiver", "control", "engine", "app", "ui", "cli", "main"];

/// One technology, one room. A path ending in `.rs` is a file, else a room.
const TECHNOLOGIES: &[(&str, &[&str])] = &[
    ("axum", &["receiver"]),
    ("hyper", &["receiver"]),
    ("hyper_util", &["receiver"]),
    ("http_body_util", &["receiver"]),
    ("httparse", &["wire", "receiver"]),
    ("rusqlite", &["store"]),
    ("toml_edit", &["rules"]),
    ("tokio_rustls", &["receiver"]),
    ("rcgen", &["receiver"]),
    ("socket2", &["receiver"]),
    ("keyring", &["secrets"]),
    ("clap", &["cli"]),
    ("imara_diff", &["compare"]),
    ("tikv_jemallocator", &["main"]),
    ("tikv_jemalloc_ctl", &["memory"]),
    ("anyhow", &["cli", "main"]),
    ("eframe", &["ui"]),
    ("egui", &["ui"]),
    ("egui_plot", &["ui"]),
    ("rfd", &["ui"]),
];

/// What a pure room never names. Addresses are values like any other.
const IMPURE: &[&str] = &["std::fs", "std::net", "std::thread", "std::env", "std::process", "std::time::SystemTime", "std::time::Instant"];
const VALUES_OF_NET: &[&str] = &["std::net::SocketAddr", "std::net::IpAddr", "std::net::Ipv4Addr", "std::net::Ipv6Addr"];

#[test]
fn every_arrow_is_allowed() {
    let complaints: Vec<String> = sources().iter().flat_map(|(file, text)| check(file, text)).collect();
    assert!(complaints.is_empty(), "\n{}\n", complaints.join("\n"));
}

#[test]
fn every_room_is_in_the_table() {
    let rooms: Vec<String> =
        fs::read_dir(src()).expect("bug: src is there").map(|entry| room_of_entry(&entry.expect("bug: readable").path())).collect();
    let unknown: Vec<&String> = rooms.iter().filter(|room| *room != "lib" && allowed(room).is_none()).collect();
    assert!(unknown.is_empty(), "enter these rooms in tests/it/architecture.rs: {unknown:?}");
    let gone: Vec<&str> = table().map(|(room, _)| room).filter(|room| !rooms.iter().any(|one| one == room)).collect();
    assert!(gone.is_empty(), "these rooms are gone; take them out of tests/it/architecture.rs: {gone:?}");
}

#[test]
fn the_checker_sees_what_is_forbidden() {
    let seen = |file: &str, source: &str| check(file, source).join("; ");
    let one = |file: &str, source: &str, expected: &str| assert_eq!(seen(file, source), expected, "{source}");
    one("wire.rs", "//! crate::store\n\nuse crate::store::Store;\n", "src/wire.rs:3: wire must not name store");
    one(
        "wire.rs",
        "use crate::{\n    wire, store::{Store, Error},\n    engine as e,\n};",
        "src/wire.rs:1: wire must not name store; src/wire.rs:1: wire must not name engine",
    );
    one("protocol/sign.rs", "let x = crate::export::line(y);", "src/protocol/sign.rs:1: protocol must not name export");
    one("app/mod.rs", "use crate::engine;", "src/app/mod.rs:1: app must not name engine");
    one("engine/mod.rs", "use crate::app::Model;", "src/engine/mod.rs:1: engine must not name app");
    one("row.rs", "use super::store;", "src/row.rs:1: row must say crate:: for other rooms, not super::");
    one("main.rs", "use hookglass::nowhere;", "src/main.rs:1: main must not name nowhere");
    one("row.rs", "use std::{fmt, fs};", "src/row.rs:1: row is pure and must not name std::fs");
    one("row.rs", "use std::net::{SocketAddr, TcpStream};", "src/row.rs:1: row is pure and must not name std::net::TcpStream");
    one(
        "app/mod.rs",
        "let now = std::time::Instant::now();",
        "src/app/mod.rs:1: app is pure and must not name std::time::Instant; src/app/mod.rs:1: app is pure and must not ask for the time",
    );
    one("row.rs", "let now = jiff::Timestamp::now();", "src/row.rs:1: row is pure and must not ask for the time");
    one("row.rs", "tokio::spawn(x);", "src/row.rs:1: row is pure and must not name tokio");
    one("engine/mod.rs", "use axum::Router;", "src/engine/mod.rs:1: axum belongs in receiver");
    one("main.rs", "use eframe;", "src/main.rs:1: eframe belongs in ui");
    one("ui/list.rs", "Color32::from_rgb(1, 2, 3)", "src/ui/list.rs:1: colours belong in ui/theme.rs");
    one("ui/list.rs", "hex(0x12_34_56)", "src/ui/list.rs:1: colours belong in ui/theme.rs");
}

#[test]
fn the_checker_lets_through_what_is_allowed() {
    let fine = |file: &str, source: &str| assert_eq!(check(file, source), Vec::<String>::new(), "{source}");
    fine("wire.rs", "/// As [`crate::store`] keeps it.\nfn a() {} // crate::store\n");
    fine("inspect.rs", "use crate::protocol::{self, Callback, query::{Name, Spelling}};\nuse crate::{rules, wire::Request};");
    fine("settings.rs", "use std::net::{IpAddr, SocketAddr};");
    fine("store/reader.rs", "use super::columns;\nuse rusqlite::Connection;\nis_hex(b); from_hex(b);");
    fine("opened.rs", "fn a() {}\n#[cfg(test)]\nmod tests {\n    use super::*;\n    use crate::wire::Request;\n}");
    fine("ui/theme.rs", "const INK: Color32 = hex(0x12_34_56);");
    fine("receiver/mod.rs", "use crate::{inspect, store::Writer};\nuse hyper::Request;");
}

/// What is forbidden in a source file, each with its line. `file` is its path below `src/`.
fn check(file: &str, source: &str) -> Vec<String> {
    let room = room_of(file);
    let (code, tests) = split(file, &without_comments(source));
    let is_pure = PURE.iter().any(|(pure, _)| *pure == room) || room == "app";
    let mut found = Vec::new();
    found.extend(arrows(room, &code, |named| allowed(room).is_some_and(|rooms| rooms.contains(&named))));
    // A test may build its values with any pure room, and meets no other.
    let is_in_reach = |named: &str| allowed(room).is_some_and(|rooms| rooms.contains(&named)) || is_pure_name(named);
    found.extend(arrows(room, &tests, is_in_reach));
    if is_root_of(file, room) && room != "main" {
        let root =
            paths(&code, "super").into_iter().map(|(line, _)| (line, format!("{room} must say crate:: for other rooms, not super::")));
        found.extend(root);
    }
    found.extend(strangers(room, &code));
    if is_pure {
        found.extend(impurities(room, &code));
    }
    if file != "ui/theme.rs" {
        let colours = ["Color32::from_", "hex("].into_iter().flat_map(|word| words(&code, word));
        found.extend(colours.map(|line| (line, "colours belong in ui/theme.rs".to_owned())));
    }
    // Two names from one forbidden room are one complaint.
    found.dedup();
    found.into_iter().map(|(line, complaint)| format!("src/{file}:{line}: {complaint}")).collect()
}

type Complaints = Vec<(usize, String)>;

fn arrows(room: &str, code: &str, may_name: impl Fn(&str) -> bool) -> Complaints {
    let named = paths(code, "crate").into_iter().chain(paths(code, "hookglass"));
    let others = named.filter_map(|(line, path)| Some((line, path.split("::").nth(1)?.to_owned())));
    let forbidden = others.filter(|(_, named)| named != room && !may_name(named));
    forbidden.map(|(line, named)| (line, format!("{room} must not name {named}"))).collect()
}

fn strangers(room: &str, code: &str) -> Complaints {
    let out_of_place = TECHNOLOGIES.iter().filter(|(_, rooms)| !rooms.contains(&room));
    out_of_place
        .flat_map(|(name, rooms)| {
            crate_names(code, name).into_iter().map(move |line| (line, format!("{name} belongs in {}", rooms.join(" and "))))
        })
        .collect()
}

fn impurities(room: &str, code: &str) -> Complaints {
    let begins_with = |path: &str, one: &str| path.strip_prefix(one).is_some_and(|rest| rest.is_empty() || rest.starts_with("::"));
    let is_impure = |path: &str| IMPURE.iter().any(|one| begins_with(path, one)) && !VALUES_OF_NET.iter().any(|one| begins_with(path, one));
    let named = paths(code, "std")
        .into_iter()
        .filter(|(_, path)| is_impure(path))
        .map(|(line, path)| (line, path.trim_end_matches("::now").to_owned()));
    let named = named.chain(crate_names(code, "tokio").into_iter().map(|line| (line, "tokio".to_owned())));
    let mut found: Complaints = named.map(|(line, name)| (line, format!("{room} is pure and must not name {name}"))).collect();
    found.extend(words(code, "now()").into_iter().map(|line| (line, format!("{room} is pure and must not ask for the time"))));
    found
}

// The table

fn table() -> impl Iterator<Item = (&'static str, &'static [&'static str])> {
    PURE.iter().chain(WORLD).chain(DOORS).copied()
}

fn is_pure_name(room: &str) -> bool {
    PURE.iter().any(|(pure, _)| *pure == room)
}

/// The rooms that a room may name; `None` where it is not in the table.
fn allowed(room: &str) -> Option<Vec<&'static str>> {
    let (_, named) = table().find(|(one, _)| *one == room)?;
    let pure = PURE.iter().map(|(pure, _)| *pure).filter(|_| ABOVE_ALL_PURE.contains(&room));
    Some(named.iter().copied().chain(pure).collect())
}

/// The room of a file below `src/`: its folder, or its own name.
fn room_of(file: &str) -> &str {
    file.split('/').next().unwrap_or(file).trim_end_matches(".rs")
}

fn room_of_entry(path: &Path) -> String {
    path.file_stem().expect("bug: an entry has a name").to_string_lossy().into_owned()
}

/// Whether `super::` in this file is the crate's root.
fn is_root_of(file: &str, room: &str) -> bool {
    file == format!("{room}.rs") || file == format!("{room}/mod.rs")
}

// Reading sources

fn src() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// All source files with their paths below `src/`, without the crate's root, which only lists the rooms.
fn sources() -> Vec<(String, String)> {
    let mut folders = vec![src()];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("bug: readable") {
            let path = entry.expect("bug: readable").path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let below = path.strip_prefix(src()).expect("bug: it is below").to_string_lossy().replace('\\', "/");
                found.push((below, fs::read_to_string(&path).expect("bug: sources are text")));
            }
        }
    }
    found.retain(|(file, _)| file != "lib.rs");
    found.sort();
    found
}

/// The same lines, without what stands behind `//`. A `//` within a word, as in a URL, is none.
fn without_comments(source: &str) -> String {
    let code = |line: &str| if line.trim_start().starts_with("//") { 0 } else { line.find(" // ").unwrap_or(line.len()) };
    let lines = source.lines().map(|line| &line[..code(line)]);
    lines.collect::<Vec<_>>().join("\n")
}

/// A file's code, and the tests below it with their lines where they were.
fn split(file: &str, code: &str) -> (String, String) {
    let at = if file.ends_with("/tests.rs") { Some(0) } else { code.find("#[cfg(test)]\nmod tests {") };
    let Some(at) = at else { return (code.to_owned(), String::new()) };
    let lines_before = "\n".repeat(code[..at].matches('\n').count());
    (code[..at].to_owned(), lines_before + &code[at..])
}

/// Every path that begins with `root::`, its groups expanded, with the line on which it begins.
fn paths(code: &str, root: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices(&format!("{root}::")).filter(|(at, _)| begins_a_path(code, *at)) {
        let mut expanded = Vec::new();
        expand(&code[at + root.len() + 2..], root, &mut expanded);
        found.extend(expanded.into_iter().map(|path| (line_of(code, at), path)));
    }
    found
}

/// Reads what follows `path::` and returns what is left: a name, a name with more behind it, or a group of them.
fn expand<'a>(rest: &'a str, path: &str, found: &mut Vec<String>) -> &'a str {
    if let Some(group) = rest.strip_prefix('{') {
        return expand_group(group, path, found);
    }
    let length = rest.find(|c: char| !is_name(c)).unwrap_or(rest.len());
    let here = format!("{path}::{}", &rest[..length]);
    if let Some(further) = rest[length..].strip_prefix("::") {
        return expand(further, &here, found);
    }
    found.push(here);
    &rest[length..]
}

fn expand_group<'a>(mut rest: &'a str, path: &str, found: &mut Vec<String>) -> &'a str {
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix('}') {
            return after;
        }
        rest = expand(rest, path, found);
        // Past ` as other` and the comma.
        let end = rest.find([',', '}']).unwrap_or(rest.len());
        rest = rest[end..].strip_prefix(',').unwrap_or(&rest[end..]);
        if rest.is_empty() {
            return rest;
        }
    }
}

/// The lines on which an external crate is named: `name::`, or `use name`.
fn crate_names(code: &str, name: &str) -> Vec<usize> {
    let is_named = |at: &usize| {
        let (before, after) = (&code[..*at], &code[at + name.len()..]);
        begins_a_path(code, *at) && (after.starts_with("::") || (before.ends_with("use ") && !after.starts_with(is_name)))
    };
    code.match_indices(name).map(|(at, _)| at).filter(is_named).map(|at| line_of(code, at)).collect()
}

/// The lines on which a word stands that is not the end of a longer one.
fn words(code: &str, word: &str) -> Vec<usize> {
    code.match_indices(word).filter(|(at, _)| !code[..*at].ends_with(is_name)).map(|(at, _)| line_of(code, at)).collect()
}

/// Whether what stands here is the first name of its path.
fn begins_a_path(code: &str, at: usize) -> bool {
    !code[..at].ends_with(is_name) && !code[..at].ends_with("::")
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn line_of(code: &str, at: usize) -> usize {
    code[..at].matches('\n').count() + 1
}
