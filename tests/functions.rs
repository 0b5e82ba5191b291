//! The page of the functions, written from what they say about themselves.
//!
//! `UPDATE_DOCS=1 cargo test --test it functions::` rewrites it.

use std::collections::BTreeMap;

use datafusion::arrow::util::display::{ArrayFormatter, FormatOptions};
use datafusion::logical_expr::Documentation;
use entraql::{Engine, functions, ocsf};

const PAGE: &str = "docs/reference/functions.md";

/// Name and documentation of every function.
fn documented() -> Vec<(String, Documentation)> {
    let scalar = functions::scalar()
        .into_iter()
        .chain(ocsf::functions())
        .map(|f| (f.name().to_owned(), f.documentation().expect("documents itself").clone()));
    let aggregate = functions::aggregate()
        .into_iter()
        .map(|f| (f.name().to_owned(), f.documentation().expect("documents itself").clone()));
    scalar.chain(aggregate).collect()
}

/// The query of an example, and the result beside it.
fn example(documentation: &Documentation) -> (&str, &str) {
    let text = documentation.sql_example.as_deref().expect("has an example");
    let text = text.trim_start_matches("```sql\n").trim_end_matches("\n```");
    text.split_once(";\n-- ").expect("a query and its result")
}

#[tokio::test]
async fn every_example_returns_what_it_says() {
    let engine = Engine::offline().await.expect("opens");
    for (name, documentation) in documented() {
        let (sql, expected) = example(&documentation);
        assert!(sql.contains(&format!("{name}(")), "{name}");
        let mut query = engine.query(sql).await.unwrap_or_else(|error| panic!("{name}: {error}"));
        let batch = query.next().await.expect("runs").expect("has a row");
        let column = ArrayFormatter::try_new(batch.column(0), &FormatOptions::default());
        let found = column.expect("can be shown").value(0).to_string();
        assert_eq!((found.as_str(), batch.num_rows()), (expected, 1), "{name}");
    }
}

#[test]
fn the_page_of_the_functions_is_fresh() {
    let page = page();
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(PAGE, &page).expect("is written");
    }
    let found = std::fs::read_to_string(PAGE).unwrap_or_default();
    assert_eq!(found, page, "run UPDATE_DOCS=1 cargo test --test it functions::");
}

fn page() -> String {
    let mut families: BTreeMap<&str, Vec<&(String, Documentation)>> = BTreeMap::new();
    let documented = documented();
    for function in &documented {
        families.entry(function.1.doc_section.label).or_default().push(function);
    }
    let mut out = String::from(INTRODUCTION);
    for (family, functions) in families {
        out.push_str(&format!("\n## {family}\n"));
        for (name, documentation) in functions {
            out.push_str(&section(name, documentation));
        }
    }
    out
}

const INTRODUCTION: &str = "# Functions\n
What entraql adds to the [functions of DataFusion](https://datafusion.apache.org/user-guide/sql/index.html).
They are evaluated here, on rows Graph has sent: a plain condition beside them, such as a time range, is
still sent to Graph. In the shell, `\\h name` shows the same text.\n
This page is written by a test, from the functions themselves.\n";

fn section(name: &str, documentation: &Documentation) -> String {
    let (sql, result) = example(documentation);
    let mut out = format!("\n### {name}\n\n`{}`\n\n", documentation.syntax_example);
    out.push_str(&format!("{}\n\n", documentation.description));
    for (argument, about) in documentation.arguments.iter().flatten() {
        out.push_str(&format!("- `{argument}`: {about}\n"));
    }
    out.push_str(&format!("\n```sql\n{sql};\n-- {result}\n```\n"));
    out
}
