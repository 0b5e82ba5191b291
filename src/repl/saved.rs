//! Saved queries for a person: the list, one of them, and what is wrong with it.

use std::sync::Arc;

use datafusion::arrow::array::{ArrayRef, RecordBatch, StringArray};
use datafusion::common::ScalarValue;

use crate::engine::{Engine, Need, Parameters, QueryOptions};
use crate::error::{Error, Place, Result};
use crate::saved::{Library, Origin, Problem, SavedQuery};

/// Returns the saved queries whose name or title holds a pattern, as rows.
pub(crate) fn listing(
    library: &Library,
    pattern: Option<&str>,
    tag: Option<&str>,
) -> Result<RecordBatch> {
    let pattern = pattern.unwrap_or_default().to_lowercase();
    let fits = |query: &&SavedQuery| {
        let is_named = query.name.contains(&pattern);
        let is_tagged = tag.is_none_or(|tag| query.header.tags.iter().any(|known| known == tag));
        is_tagged && (is_named || query.header.title.to_lowercase().contains(&pattern))
    };
    let found: Vec<_> = library.all().filter(fits).collect();
    let column = |of: fn(&SavedQuery) -> Option<String>| {
        Arc::new(found.iter().map(|query| of(query)).collect::<StringArray>()) as ArrayRef
    };
    let columns = [
        ("name", column(|q| Some(q.name.clone()))),
        ("title", column(|q| Some(q.header.title.clone()))),
        ("severity", column(|q| q.header.severity.clone())),
        ("tags", column(|q| Some(q.header.tags.join(", ")))),
        ("from", column(|q| Some(from(q)))),
    ];
    RecordBatch::try_from_iter_with_nullable(columns.map(|(name, column)| (name, column, true)))
        .map_err(|error| Error::from_datafusion(error.into()))
}

fn from(query: &SavedQuery) -> String {
    match (&query.origin, query.replaces) {
        (Origin::Shipped, _) => "entraql".to_owned(),
        (Origin::File(path), false) => path.display().to_string(),
        (Origin::File(path), true) => format!("{} (instead of entraql's)", path.display()),
    }
}

/// Returns what a saved query answers, takes and needs, and its SQL.
pub(crate) async fn description(engine: &Engine, query: &SavedQuery) -> String {
    let header = &query.header;
    let mut text = format!("{}\n", query.name);
    for line in [&header.title, &header.about].into_iter().filter(|line| !line.is_empty()) {
        text.push_str(&format!("{line}\n"));
    }
    let facts = [
        ("from", from(query)),
        ("tags", header.tags.join(", ")),
        ("severity", header.severity.clone().unwrap_or_default()),
        ("ATT&CK", header.attack.join(", ")),
    ];
    for (name, fact) in facts.iter().filter(|(_, fact)| !fact.is_empty()) {
        text.push_str(&format!("{name}: {fact}\n"));
    }
    if !header.parameters.is_empty() {
        text.push_str("\nParameters\n");
    }
    for parameter in &header.parameters {
        let default = parameter.default.as_ref().map(|(text, _)| format!(" = {text}"));
        let default = default.unwrap_or_default();
        let kind = parameter.kind.name();
        text.push_str(&format!("  {} {kind}{default}  {}\n", parameter.name, parameter.about));
    }
    text.push_str("\nReads\n");
    match needs(engine, query).await {
        Ok(needs) => needs.iter().for_each(|need| text.push_str(&line(need))),
        Err(error) => text.push_str(&format!("  can't be planned: {error}\n")),
    }
    text.push_str(&format!("\n{}\n", body(query)));
    text
}

fn line(need: &Need) -> String {
    let permissions = match need.permissions.is_empty() {
        true => String::new(),
        false => format!("  {}", need.permissions.join(" or ")),
    };
    let license = need.license.map(|license| format!("  {license}")).unwrap_or_default();
    format!("  {}{permissions}{license}\n", need.what)
}

fn body(query: &SavedQuery) -> String {
    let lines: Vec<_> = query.text.lines().skip(query.header.lines).collect();
    lines.join("\n").trim().to_owned()
}

/// Returns what running a saved query asks for.
pub(crate) async fn needs(engine: &Engine, query: &SavedQuery) -> Result<Vec<Need>> {
    let [at] = &engine.spans(&query.text)?[..] else { return Ok(Vec::new()) };
    Ok(engine.needs(&query.text[at.clone()], &standing_in(query)).await?.needs)
}

/// Plans with the defaults; what has none is null.
fn standing_in(query: &SavedQuery) -> QueryOptions {
    let value = |default: &Option<(String, ScalarValue)>| default.as_ref().map(|(_, v)| v.clone());
    let values = query.header.parameters.iter().map(|parameter| {
        let null = || ScalarValue::try_from(&parameter.kind.data_type()).ok();
        let value = value(&parameter.default).or_else(null).unwrap_or(ScalarValue::Null);
        (parameter.name.clone(), value)
    });
    QueryOptions { parameters: values.collect::<Parameters>(), safe: true }
}

/// Returns everything that is wrong with a saved query, by line.
pub(crate) async fn check(engine: &Engine, query: &SavedQuery) -> Vec<Problem> {
    let mut problems = query.problems.clone();
    problems.extend(unmatched(engine, query));
    if problems.is_empty() {
        problems.extend(misplanned(engine, query).await);
    }
    problems.sort_by_key(|problem| problem.line);
    problems
}

/// Parameters that are used and not declared, or the reverse.
fn unmatched(engine: &Engine, query: &SavedQuery) -> Vec<Problem> {
    let used = engine.parameters(&query.text);
    let declared: Vec<_> = query.header.parameters.iter().map(|p| p.name.clone()).collect();
    let missing = used.iter().filter(|name| !declared.contains(name)).map(|name| Problem {
        line: line_of(&query.text, &format!("${name}")),
        message: format!("`${name}` is not declared; the header needs `-- param: {name} …`"),
    });
    let unused = declared.iter().filter(|name| !used.contains(name)).map(|name| Problem {
        line: line_of(&query.text, &format!("-- param: {name} ")),
        message: format!("the SQL does not use the parameter `{name}`"),
    });
    missing.chain(unused).collect()
}

fn line_of(text: &str, words: &str) -> usize {
    1 + text.lines().position(|line| line.contains(words)).unwrap_or_default()
}

/// SQL that is not one statement, does not plan, or reads other tables than the header says.
async fn misplanned(engine: &Engine, query: &SavedQuery) -> Option<Problem> {
    let spans = match engine.spans(&query.text) {
        Ok(spans) => spans,
        Err(error) => return Some(placed(0, &error)),
    };
    let [at] = &spans[..] else {
        let message = format!("a saved query is one statement, not {}", spans.len());
        return Some(Problem { line: 1, message });
    };
    let begun = query.text[..at.start].matches('\n').count();
    let needs = engine.needs(&query.text[at.clone()], &standing_in(query)).await;
    let tables = match needs {
        Ok(needs) => needs.tables,
        Err(error) => return Some(placed(begun, &error)),
    };
    let mut declared = query.header.tables.clone();
    declared.sort_unstable();
    (declared != tables).then(|| Problem {
        line: line_of(&query.text, "-- tables:"),
        message: format!("the SQL reads {}", tables.join(", ")),
    })
}

/// The line of an error is counted from the beginning of its statement.
fn placed(lines_before: usize, error: &Error) -> Problem {
    let line = lines_before + error.place().map_or(1, Place::line);
    let hint = error.hint().map(|hint| format!("; {hint}")).unwrap_or_default();
    Problem { line, message: format!("{error}{hint}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SOUND: &str = "\
-- title: Guests
-- about: Guests of a department.
-- tables: users
-- param: last interval = '7 days' -- How far back.
-- param: who text -- Department.
SELECT id
  FROM directory_audits
  JOIN users USING (id)
 WHERE activity_date_time > now() - $last AND department = $who LIMIT 3";

    async fn problems(text: &str) -> Vec<(usize, String)> {
        let query = SavedQuery::new("mine".into(), Origin::Shipped, text.to_owned());
        let engine = Engine::offline().await.unwrap();
        check(&engine, &query).await.into_iter().map(|p| (p.line, p.message)).collect()
    }

    async fn fails(from: &str, to: &str, line: usize, words: &str) {
        let text = SOUND.replace("tables: users", "tables: users, audits").replacen(from, to, 1);
        let found = problems(&text).await;
        let [(at, message)] = &found[..] else { panic!("{found:?}") };
        assert_eq!(*at, line, "{message}");
        assert!(message.contains(words), "{message}");
    }

    #[tokio::test]
    async fn each_problem_is_found_at_its_line() {
        assert_eq!(problems(&SOUND.replace("users\n--", "users, audits\n--")).await, []);
        fails("users, audits", "users", 3, "reads audits, users").await;
        fails("now() - $last", "now()", 4, "does not use the parameter `last`").await;
        fails("= $who", "= $who AND $x", 9, "`$x` is not declared").await;
        fails("SELECT id", "SELECT nope", 6, "nope").await;
        fails("SELECT id", "SELECT id; SELECT id", 1, "one statement").await;
        fails("SELECT id", "COPY (SELECT 1) TO 'x.csv'; SELECT id", 1, "one statement").await;
        fails("LIMIT 3", "LIMIT 'open", 9, "not closed").await;
        let writes = "-- title: T\n-- about: A.\n-- tables: users\nCOPY users TO 'x.csv'";
        assert!(problems(writes).await[0].1.contains("safe mode"));
    }

    #[tokio::test]
    async fn a_description_derives_what_reading_asks_for() {
        let text = "-- title: T\n-- about: A.\n-- tables: users\n\
                    SELECT id FROM users WHERE sign_in_activity IS NULL";
        let query = SavedQuery::new("mine".into(), Origin::Shipped, text.to_owned());
        let text = description(&Engine::offline().await.unwrap(), &query).await;
        for words in
            ["User.Read.All", "users.sign_in_activity", "AuditLog.Read.All", "P1", "SELECT id"]
        {
            assert!(text.contains(words), "{words}: {text}");
        }
    }
}
