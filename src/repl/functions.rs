//! `.functions`: what functions there are, and what one of them does.

use datafusion::logical_expr::Documentation;

use crate::engine::Engine;
use crate::error::{Error, ErrorKind, Result};

/// Returns the statement that lists the functions whose name holds a text.
pub(super) fn list(pattern: &str) -> String {
    let pattern = pattern.to_lowercase().replace('\'', "''");
    format!(
        "SELECT routine_name AS name, lower(any_value(function_type)) AS kind, \
                any_value(syntax_example) AS syntax, any_value(description) AS about \
           FROM (SELECT DISTINCT routine_name, function_type, syntax_example, description \
                   FROM information_schema.routines \
                  WHERE strpos(routine_name, '{pattern}') > 0) AS found \
          GROUP BY routine_name ORDER BY name"
    )
}

/// Returns what DataFusion documents about a function of exactly this name.
pub(super) fn describe(engine: &Engine, name: &str) -> Option<String> {
    let state = engine.context().state();
    let name = name.to_lowercase();
    let scalar = state.scalar_functions().get(&name).and_then(|f| f.documentation().cloned());
    let aggregate = || state.aggregate_functions().get(&name)?.documentation().cloned();
    let window = || state.window_functions().get(&name)?.documentation().cloned();
    scalar.or_else(aggregate).or_else(window).map(|found| text(&found))
}

fn text(found: &Documentation) -> String {
    let mut text = format!("{}\n\n{}\n", found.syntax_example.trim(), found.description.trim());
    for (name, about) in found.arguments.iter().flatten() {
        text.push_str(&format!("  {name}: {}\n", about.trim()));
    }
    if let Some(example) = &found.sql_example {
        let lines = example.lines().filter(|line| !line.trim_start().starts_with("```"));
        text.push_str(&format!("\n{}\n", lines.collect::<Vec<_>>().join("\n").trim()));
    }
    text
}

/// Says that no function has such a name.
pub(super) fn unknown(engine: &Engine, pattern: &str) -> Result<()> {
    let state = engine.context().state();
    let scalar = state.scalar_functions().keys().chain(state.aggregate_functions().keys());
    let all = scalar.chain(state.window_functions().keys());
    let pattern = pattern.to_lowercase();
    if all.clone().any(|name| name.contains(&pattern)) {
        return Ok(());
    }
    let near = |name: &str| strsim::normalized_damerau_levenshtein(&pattern, name);
    let best = all.max_by(|a, b| near(a).total_cmp(&near(b)).then_with(|| b.cmp(a)));
    let hint = match best.filter(|best| near(best) > 0.6) {
        Some(best) => format!("did you mean `{best}`? `.functions` lists all"),
        None => "`.functions` lists all".to_owned(),
    };
    let message = format!("no function has `{pattern}` in its name");
    Err(Error::new(ErrorKind::Usage, message).with_hint(hint))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_function_is_explained_by_its_documentation() {
        let engine = Engine::offline().await.unwrap();
        let text = describe(&engine, "DATE_TRUNC").unwrap();
        assert!(text.starts_with("date_trunc(") && text.contains("precision"), "{text}");
        assert!(!text.contains("```"), "{text}");
        assert!(describe(&engine, "row_number").is_some());
        assert!(describe(&engine, "count").is_some());
        assert_eq!(describe(&engine, "nope"), None);
    }

    #[tokio::test]
    async fn functions_are_listed_once_each() {
        let engine = Engine::offline().await.unwrap();
        let sql = format!("SELECT count(*), count(DISTINCT name) FROM ({})", list("date"));
        let batches = engine.sql(&sql).await.unwrap().collect().await.unwrap();
        let text = format!("{batches:?}");
        assert!(!text.contains("[0]"), "{text}");
        assert!(unknown(&engine, "date").is_ok());
        let error = unknown(&engine, "cuont").unwrap_err();
        assert!(error.hint().unwrap().contains("`count`"));
    }
}
