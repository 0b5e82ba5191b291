//! Who may import whom, and what no room may do behind another's back.

use crate::tidy::rule::{hold, positions};
use crate::tidy::source::{Source, crate_files};

/// Every room, in reading order, with the rooms it may import.
///
/// Least privilege: a line grows when somebody can say why. `lib` sees all rooms, as the
/// list of them; what it re-exports is for users of the crate, rooms name the room.
const ROOMS: &[(&str, &[&str])] = &[
    ("main", &["cli"]),
    ("error", &[]),
    ("secret", &[]),
    ("spec", &[]),
    ("tables", &["spec"]),
    ("odata", &[]),
    ("decode", &["spec"]),
    ("auth", &["error", "secret"]),
    // `spec` for `Bucket`: which of Graph's limits a table's requests fall under.
    ("graph", &["auth", "spec", "error", "secret"]),
    ("provider", &["spec", "odata", "graph", "decode", "error"]),
    // Values as JSON text: one writer for what functions return and what files hold.
    ("json", &[]),
    // Nothing else of ours: a function sees columns, whoever reads them.
    ("functions", &["json"]),
    // Nothing else of ours: a mapping names columns in SQL, and the engine puts the two together.
    ("ocsf", &["functions", "json"]),
    // `sim` for the demo: the engine starts it and talks to it over HTTP like to Graph.
    (
        "engine",
        &[
            "tables",
            "spec",
            "provider",
            "functions",
            "ocsf",
            "graph",
            "auth",
            "sim",
            "error",
            "secret",
        ],
    ),
    // `auth` for the one file that starts programs: a secret may be what one prints.
    ("config", &["auth", "error", "secret"]),
    ("output", &["error", "json"]),
    // Nothing of ours: what it accepts is written down a second time, from Microsoft's pages.
    ("sim", &["error"]),
    ("saved", &["error"]),
    ("repl", &["engine", "saved", "output", "error"]),
    ("cli", &["engine", "repl", "saved", "output", "config", "sim", "error"]),
];

/// The names of all rooms.
pub fn names() -> impl Iterator<Item = &'static str> {
    ROOMS.iter().map(|(name, _)| *name)
}

#[test]
fn a_room_imports_only_what_is_below_it() {
    hold(
        imports,
        &[
            ("src/graph/page.rs", "use crate::engine::Engine;"),
            ("src/spec/table.rs", "fn f() { crate::graph::get() }"),
            ("src/sim/eval.rs", "use crate::odata::Filter;"),
            ("src/sim/eval.rs", "#[cfg(test)]\nmod tests { use crate::tables; }"),
            ("src/decode/page.rs", "use crate::{error, graph};"),
            ("src/decode/page.rs", "use crate::Engine;"),
            ("src/main.rs", "use entraql::graph::GraphClient;"),
            ("src/attic/old.rs", ""),
        ],
        &[
            ("src/graph/page.rs", "use crate::auth::Origin; // not crate::engine"),
            ("src/engine/demo.rs", "use crate::sim::Simulator;"),
            ("src/provider/plan.rs", "#[cfg(test)]\nmod tests { use crate::tables; }"),
            ("src/lib.rs", "pub use crate::engine::Engine;"),
        ],
    );
}

fn imports(source: &Source) -> Vec<String> {
    let room = source.room();
    if room == "lib" {
        return Vec::new();
    }
    let Some((_, allowed)) = ROOMS.iter().find(|(name, _)| *name == room) else {
        return vec![source.at(0, &format!("`{room}` is not in the table of rooms"))];
    };
    // The simulator's tests are part of its independence.
    let code = if room == "sim" { &source.code } else { &source.product };
    let named = ["crate::", "entraql::"].into_iter().flat_map(|root| {
        positions(code, root).map(move |at| (at, first_word(&code[at + root.len()..])))
    });
    let refused = named.filter(|(_, other)| *other != room && !allowed.contains(other));
    refused.map(|(at, other)| source.at(at, &refusal(room, other))).collect()
}

fn first_word(code: &str) -> &str {
    code.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or_default()
}

fn refusal(room: &str, other: &str) -> String {
    match other {
        "" => "write one `use` per room, so that a reader can see whom it imports".to_owned(),
        other => format!("`{room}` may not import `{other}`"),
    }
}

#[test]
fn no_path_climbs_out_of_its_room() {
    hold(
        climbs,
        &[
            ("src/graph/mod.rs", "use super::engine;"),
            ("src/graph/page.rs", "use super::super::engine;"),
            ("src/sim/world/people.rs", "use super::super::super::tables;"),
            ("src/error.rs", "use super::engine;"),
        ],
        &[
            ("src/graph/page.rs", "use super::client; pub(super) fn f() {}"),
            ("src/sim/world/people.rs", "use super::super::rules;"),
            ("src/graph/mod.rs", "#[cfg(test)]\nmod tests { use super::*; }"),
        ],
    );
}

fn climbs(source: &Source) -> Vec<String> {
    let folders = source.path.matches('/').count() - 1;
    let is_mod = source.path.ends_with("/mod.rs");
    let steps = if is_mod { folders.saturating_sub(1) } else { folders };
    let too_far = "super::".repeat(steps + 1);
    let out = positions(&source.product, &too_far);
    out.map(|at| source.at(at, "`super` leaves the room; name the path from `crate`")).collect()
}

#[test]
fn the_table_of_rooms_names_no_room_that_is_gone() {
    let exists = |room: &str| crate_files().iter().any(|source| source.room() == room);
    let gone: Vec<_> = names().filter(|room| !exists(room)).collect();
    assert!(gone.is_empty(), "{gone:?}");
}
