//! Every line of `contexts.txt`: the right candidate is there, and none of a wrong kind.

use std::collections::HashSet;

use datafusion::arrow::array::AsArray;
use datafusion::arrow::datatypes::DataType;

use super::{Candidate, Completion, Kind, Names, complete};
use crate::engine::Engine;

const CONTEXTS: &str = include_str!("contexts.txt");

const KINDS: &[(char, Kind)] = &[
    ('K', Kind::Keyword),
    ('S', Kind::Schema),
    ('T', Kind::Table),
    ('A', Kind::Alias),
    ('C', Kind::Column),
    ('F', Kind::Field),
    ('M', Kind::Member),
    ('P', Kind::Function),
    ('G', Kind::Setting),
    ('D', Kind::Command),
    ('R', Kind::Argument),
];

struct Case {
    text: String,
    cursor: usize,
    wanted: Option<String>,
    kinds: String,
}

fn cases() -> Vec<Case> {
    let lines = CONTEXTS.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty());
    let case = |line: &str| {
        let parts: Vec<_> = line.split("=>").map(str::trim_end).collect();
        let [text, wanted, kinds] = parts.as_slice() else { panic!("three parts: {line}") };
        let text = text.replace('⏎', "\n");
        let cursor = text.find('‸').expect(line);
        let wanted = Some(wanted.trim().to_owned()).filter(|wanted| wanted != "-");
        Case { text: text.replace('‸', ""), cursor, wanted, kinds: kinds.trim().to_owned() }
    };
    lines.map(case).collect()
}

async fn texts(engine: &Engine, sql: &str) -> HashSet<String> {
    let mut query = engine.query(sql).await.unwrap();
    let mut found = HashSet::new();
    while let Some(batch) = query.next().await.unwrap() {
        let column = datafusion::arrow::compute::cast(batch.column(0), &DataType::Utf8).unwrap();
        found.extend(column.as_string::<i32>().iter().flatten().map(str::to_owned));
    }
    found
}

/// What the catalog says a name is, without asking the code that completes it.
struct Catalog {
    tables: HashSet<String>,
    columns: HashSet<String>,
    functions: HashSet<String>,
    members: HashSet<String>,
}

impl Catalog {
    async fn of(engine: &Engine) -> Self {
        let members = "SELECT DISTINCT unnest(members) FROM meta.columns";
        let columns = "SELECT DISTINCT column_name FROM information_schema.columns";
        Self {
            tables: texts(engine, "SELECT table_name FROM information_schema.tables").await,
            columns: texts(engine, columns).await,
            functions: texts(engine, "SELECT routine_name FROM information_schema.routines").await,
            members: texts(engine, members).await,
        }
    }

    /// Tells whether a candidate is what it says it is, as far as the catalog knows.
    fn agrees(&self, candidate: &Candidate, text: &str) -> bool {
        let bare = candidate.text.trim_end_matches(['\'', ']', '(']).trim_matches('"');
        match candidate.kind {
            // Names of the statement itself are unknown to the catalog.
            Kind::Table => self.tables.contains(bare) || text.contains(bare),
            Kind::Column => self.columns.contains(bare) || !self.tables.contains(bare),
            Kind::Member => self.members.contains(bare),
            Kind::Function => {
                self.functions.contains(bare) || bare == "range" || bare == "generate_series"
            }
            Kind::Keyword => candidate.text.chars().all(|c| c.is_alphabetic() || c == '_'),
            _ => true,
        }
    }
}

fn check(names: &Names, catalog: &Catalog, case: &Case) -> Result<(), String> {
    let Case { text, cursor, wanted, kinds } = case;
    let Completion::Texts(start, found) = complete(names, text, *cursor) else {
        return Err(format!("a file: {text}"));
    };
    let place = format!("{}‸{}", &text[..*cursor], &text[*cursor..]);
    if start > *cursor || !text.is_char_boundary(start) {
        return Err(format!("it begins at {start}: {place}"));
    }
    let list = || found.iter().map(|c| c.text.as_str()).take(12).collect::<Vec<_>>().join(" ");
    if let Some(wanted) = wanted
        && !found.iter().any(|c| c.text == *wanted)
    {
        return Err(format!("no `{wanted}` in [{}]: {place}", list()));
    }
    if wanted.is_none() && kinds.is_empty() && !found.is_empty() {
        return Err(format!("something in [{}]: {place}", list()));
    }
    let allowed = |kind| KINDS.iter().any(|(letter, k)| *k == kind && kinds.contains(*letter));
    match found.iter().find(|c| !allowed(c.kind) || !catalog.agrees(c, text)) {
        Some(wrong) => Err(format!("{wrong:?}: {place}")),
        None => Ok(()),
    }
}

#[tokio::test]
async fn the_right_candidate_is_offered_and_none_of_a_wrong_kind() {
    let engine = Engine::offline().await.unwrap();
    let names = Names::of(&engine, Vec::new()).await;
    let catalog = Catalog::of(&engine).await;
    let cases = cases();
    assert!(cases.len() >= 200, "{} contexts", cases.len());
    let wrong: Vec<_> =
        cases.iter().filter_map(|case| check(&names, &catalog, case).err()).collect();
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), cases.len(), wrong.join("\n"));
}

/// Whatever is typed, completing it neither panics nor points outside of the text.
#[tokio::test]
async fn every_prefix_of_every_context_can_be_completed() {
    let engine = Engine::offline().await.unwrap();
    let names = Names::of(&engine, Vec::new()).await;
    for case in cases() {
        for (cursor, _) in case.text.char_indices() {
            for text in [&case.text, &case.text[..cursor]] {
                if let Completion::Texts(start, _) = complete(&names, text, cursor) {
                    assert!(start <= cursor && text.is_char_boundary(start), "{text}");
                }
            }
        }
    }
}

#[tokio::test]
async fn names_come_without_a_request_and_follow_the_session() {
    let engine = Engine::offline().await.unwrap();
    let mut query = engine.query("CREATE VIEW mine AS SELECT 1 AS \"Größe\"").await.unwrap();
    while query.next().await.unwrap().is_some() {}
    let names = Names::of(&engine, vec!["stale-users".into()]).await;
    let offered = |text: &str| match complete(&names, text, text.len()) {
        Completion::Texts(_, found) => found.into_iter().map(|c| c.text).collect::<Vec<_>>(),
        Completion::File => Vec::new(),
    };
    assert_eq!(offered("SELECT * FROM mi"), ["mine"]);
    assert_eq!(offered("SELECT m. FROM mine m").len(), 0, "the cursor is behind it all");
    assert_eq!(offered("SELECT * FROM mine m WHERE m.Gr"), ["\"Größe\""]);
}
