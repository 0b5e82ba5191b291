//! `--param` and `--params`: values for the `$names` of statements.

use std::fs;
use std::path::Path;

use crate::cli::args::Running;
use crate::engine::{Engine, Parameters, unknown_parameter};
use crate::error::{Error, ErrorKind, Result};
use crate::saved::{Given, untyped};

/// Reads what was given; the command line wins over the file.
pub(super) fn given(running: &Running) -> Result<Vec<Given>> {
    let typed: Vec<_> =
        running.parameters.iter().map(|p| Given::parse(p)).collect::<Result<_>>()?;
    let mut all = running.params.as_deref().map(file).transpose()?.unwrap_or_default();
    all.retain(|given| !typed.iter().any(|typed| typed.name == given.name));
    all.extend(typed);
    Ok(all)
}

fn file(path: &Path) -> Result<Vec<Given>> {
    let name = path.display().to_string();
    let wrong = |why: String| {
        Error::new(ErrorKind::Usage, format!("`{name}` can't be read: {why}"))
            .with_hint("parameters are a TOML file of `name = value` lines, or a JSON object")
    };
    let text = fs::read_to_string(path).map_err(|error| wrong(error.to_string()))?;
    let is_json = path.extension().is_some_and(|suffix| suffix.eq_ignore_ascii_case("json"));
    let members: serde_json::Map<String, serde_json::Value> = match is_json {
        true => serde_json::from_str(&text).map_err(|error| wrong(error.to_string()))?,
        false => toml::from_str(&text).map_err(|error| wrong(error.message().to_owned()))?,
    };
    let given = members.iter().map(|(name, value)| Given::from_json(name, value));
    given.map(|given| given.map_err(|error| error.with_context("file", name.clone()))).collect()
}

/// Values for statements nobody declared parameters for.
#[derive(Debug, Default)]
pub(super) struct Untyped(Parameters);

impl Untyped {
    /// Reads the values; each must be used by one of the statements at least.
    pub(super) fn of(running: &Running, engine: &Engine, statements: &[&String]) -> Result<Self> {
        let mut values = Parameters::new();
        for given in given(running)? {
            if values.insert(given.name.clone(), untyped(&given)?).is_some() {
                let message = format!("`{}` is given twice", given.name);
                return Err(
                    Error::new(ErrorKind::Usage, message).with_hint("a list is written ['a', 'b']")
                );
            }
        }
        let used: Vec<_> = statements.iter().flat_map(|sql| engine.parameters(sql)).collect();
        match values.keys().find(|name| !used.contains(*name)) {
            Some(extra) => Err(unknown_parameter(extra, used)),
            None => Ok(Self(values)),
        }
    }

    /// Returns those a statement uses.
    pub(super) fn for_statement(&self, engine: &Engine, sql: &str) -> Parameters {
        let used = engine.parameters(sql).into_iter();
        used.filter_map(|name| Some((name.clone(), self.0.get(&name)?.clone()))).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(suffix: &str, text: &str) -> tempfile::NamedTempFile {
        let file = tempfile::Builder::new().suffix(suffix).tempfile().unwrap();
        fs::write(file.path(), text).unwrap();
        file
    }

    fn values(running: &Running, sql: &str) -> Result<Parameters> {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let engine = runtime.block_on(Engine::offline()).unwrap();
        let sql = sql.to_owned();
        Ok(Untyped::of(running, &engine, &[&sql])?.for_statement(&engine, &sql))
    }

    #[test]
    fn the_command_line_wins_over_the_file() {
        for (suffix, text) in [
            (".toml", "a = 1\nb = \"x\"\nc = [\"y\"]"),
            (".json", r#"{"a": 1, "b": "x", "c": ["y"]}"#),
        ] {
            let file = written(suffix, text);
            let params = Some(file.path().to_owned());
            let running = Running { parameters: vec!["a=2".into()], params, ..Running::default() };
            let values = values(&running, "SELECT $a, $b, $c, '$d'").unwrap();
            let texts: Vec<_> = values.values().map(ToString::to_string).collect();
            assert_eq!(texts, ["2", "x", "[y]"]);
        }
    }

    #[test]
    fn a_file_that_is_none_is_a_usage_error() {
        for (suffix, text) in [(".toml", "a = "), (".json", "[1]"), (".toml", "a = 2026-01-01")] {
            let file = written(suffix, text);
            let running = Running { params: Some(file.path().to_owned()), ..Running::default() };
            let error = values(&running, "SELECT $a").unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage, "{text}");
        }
    }

    #[test]
    fn a_value_nobody_asked_for_is_an_error() {
        let running = Running { parameters: vec!["dyas=2".into()], ..Running::default() };
        let error = values(&running, "SELECT $days").unwrap_err();
        assert_eq!(error.hint(), Some("did you mean `days`?"));
        let twice = vec!["a=1".into(), "a=2".into()];
        let running = Running { parameters: twice, ..Running::default() };
        assert!(values(&running, "SELECT $a").unwrap_err().message().contains("twice"));
    }
}
