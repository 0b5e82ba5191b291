//! The bits of Markdown the pages are made of.

/// A table with a header; cells are trimmed, and none ends the row early.
pub fn table(header: &[&str], rows: impl IntoIterator<Item = Vec<String>>) -> String {
    let mut out = row(header.iter().copied());
    out.push_str(&format!("|{}\n", "---|".repeat(header.len())));
    for cells in rows {
        assert_eq!(cells.len(), header.len(), "{cells:?}");
        out.push_str(&row(cells.iter().map(String::as_str)));
    }
    out
}

fn row<'a>(cells: impl Iterator<Item = &'a str>) -> String {
    let cells = cells.map(|cell| match cell.trim() {
        "" => " |".to_owned(),
        cell => format!(" {} |", cell.replace('|', "\\|")),
    });
    format!("|{}\n", cells.collect::<String>())
}

/// Counts the cells of a row.
pub fn cells(line: &str) -> usize {
    line.replace("\\|", "").matches('|').count()
}

/// Names as code, with commas between them.
pub fn codes<T: AsRef<str>>(names: impl IntoIterator<Item = T>) -> String {
    names.into_iter().map(|name| code(name.as_ref())).collect::<Vec<_>>().join(", ")
}

/// A name as code.
pub fn code(name: &str) -> String {
    format!("`{name}`")
}

/// Returns where the links of a text lead, those in code left out.
pub fn targets(text: &str) -> Vec<&str> {
    let prose = text.split("```").step_by(2);
    let links = prose.flat_map(|prose| prose.split("](").skip(1));
    links.filter_map(|rest| rest.split_once(')').map(|(target, _)| target)).collect()
}

/// The examples of a table, each under its question.
pub fn examples(examples: &[entraql::spec::Example]) -> String {
    let section = |(question, sql): &entraql::spec::Example| {
        format!("\n### {question}\n\n```sql\n{};\n```\n", aligned(sql))
    };
    format!("\n## Examples\n{}", examples.iter().map(section).collect::<String>())
}

/// A statement without the indentation of the file it was written in: its clauses end where
/// the first word does.
fn aligned(sql: &str) -> String {
    const CLAUSES: [&str; 8] =
        ["FROM", "JOIN", "LEFT", "WHERE", "GROUP", "HAVING", "ORDER", "LIMIT"];
    let indent = |line: &str| line.len() - line.trim_start().len();
    let surplus = |line: &str| {
        let word = line.split_whitespace().next()?;
        let clause = CLAUSES.iter().find(|clause| **clause == word)?;
        Some(indent(line).saturating_sub(6usize.saturating_sub(clause.len())))
    };
    let surplus = sql.lines().skip(1).filter_map(surplus).min().unwrap_or(0);
    let mut lines = sql.lines();
    let mut out = lines.next().unwrap_or_default().trim_end().to_owned();
    for line in lines {
        out.push('\n');
        out.push_str(line[surplus.min(indent(line))..].trim_end());
    }
    out
}

#[test]
fn a_statement_loses_the_indentation_of_its_file() {
    let sql = "SELECT a, b\n          FROM t\n         WHERE a\n           AND b\n         LIMIT 2";
    assert_eq!(aligned(sql), "SELECT a, b\n  FROM t\n WHERE a\n   AND b\n LIMIT 2");
    assert_eq!(aligned("SELECT 1"), "SELECT 1");
}

#[test]
fn a_cell_does_not_end_its_row() {
    let text = table(&["a", "b"], [vec!["x|y".to_owned(), String::new()]]);
    assert_eq!(text, "| a | b |\n|---|---|\n| x\\|y | |\n");
    assert!(text.lines().all(|line| cells(line) == 3));
}
