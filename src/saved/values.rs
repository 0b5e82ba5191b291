//! Declared parameters and given values, brought together.

use std::collections::BTreeMap;

use datafusion::common::ScalarValue;

use crate::error::{Error, ErrorKind, Result};
use crate::saved::given::{Given, Raw};
use crate::saved::kind::Kind;
use crate::saved::literal::list;
use crate::saved::parameter::Parameter;

/// Returns a value for every parameter: the one given, else its default.
///
/// Only a list is given more than once, an item each time.
pub(crate) fn values(
    parameters: &[Parameter],
    given: &[Given],
) -> Result<BTreeMap<String, ScalarValue>> {
    if let Some(extra) = given.iter().find(|g| !parameters.iter().any(|p| p.name == g.name)) {
        return Err(unknown(&extra.name, parameters));
    }
    let missing = |p: &&Parameter| p.default.is_none() && !given.iter().any(|g| g.name == p.name);
    let missing: Vec<_> = parameters.iter().filter(missing).map(|p| p.name.as_str()).collect();
    if !missing.is_empty() {
        let message = format!("no value is given for {}", missing.join(", "));
        return Err(Error::new(ErrorKind::Usage, message).with_hint(described(parameters)));
    }
    parameters.iter().map(|p| Ok((p.name.clone(), value(p, given)?))).collect()
}

fn value(parameter: &Parameter, given: &[Given]) -> Result<ScalarValue> {
    let given: Vec<_> = given.iter().filter(|g| g.name == parameter.name).collect();
    match (given.as_slice(), &parameter.default) {
        ([], Some((_, default))) => Ok(default.clone()),
        ([one], _) => one.value(parameter.kind),
        (several, _) if parameter.kind == Kind::Texts && !several.is_empty() => {
            several.iter().map(|given| items(given)).collect::<Result<Vec<_>>>().and_then(|all| {
                let value = Raw::Texts(all.concat());
                Given { name: parameter.name.clone(), kind: None, value }.value(Kind::Texts)
            })
        }
        _ => Err(Error::new(ErrorKind::Usage, format!("`{}` is given twice", parameter.name))),
    }
}

/// Of several, each is one text as it is, unless it is a list.
fn items(given: &Given) -> Result<Vec<String>> {
    match &given.value {
        Raw::Typed(text) if text.starts_with('[') => list(text),
        Raw::Typed(text) | Raw::Text(text) => Ok(vec![text.clone()]),
        Raw::Texts(items) => Ok(items.clone()),
    }
}

fn unknown(name: &str, parameters: &[Parameter]) -> Error {
    let near = parameters.iter().find(|p| strsim::damerau_levenshtein(&p.name, name) <= 2);
    let hint = match near {
        Some(near) => format!("did you mean `{}`? {}", near.name, described(parameters)),
        None => described(parameters),
    };
    Error::new(ErrorKind::Usage, format!("there is no parameter `{name}`")).with_hint(hint)
}

/// All parameters with their defaults.
fn described(parameters: &[Parameter]) -> String {
    if parameters.is_empty() {
        return "the query takes no parameters".to_owned();
    }
    let described = parameters.iter().map(|p| match &p.default {
        Some((default, _)) => format!("{} {} = {default}", p.name, p.kind.name()),
        None => format!("{} {} (needed)", p.name, p.kind.name()),
    });
    format!("its parameters: {}", described.collect::<Vec<_>>().join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(given: &[&str]) -> Result<Vec<String>> {
        let declared =
            ["who text -- Who.", "n int = 7 -- How many.", "apps list<text> = [] -- Apps."];
        let declared: Vec<_> = declared.iter().map(|p| Parameter::parse(p).unwrap()).collect();
        let given: Vec<_> = given.iter().map(|g| Given::parse(g).unwrap()).collect();
        let values = values(&declared, &given)?;
        Ok(values.values().map(ToString::to_string).collect())
    }

    #[test]
    fn a_value_wins_over_a_default() {
        assert_eq!(filled(&["who=x"]).unwrap(), ["[]", "7", "x"]);
        assert_eq!(filled(&["who=x", "n=8"]).unwrap(), ["[]", "8", "x"]);
        let lists = ["who=x", "apps=a, b", "apps=['c', 'd']"];
        assert_eq!(filled(&lists).unwrap(), ["[a, b, c, d]", "7", "x"]);
    }

    #[test]
    fn a_slip_lists_what_there_is() {
        let hint = |given: &[&str]| {
            let error = filled(given).unwrap_err();
            assert_eq!(error.kind(), ErrorKind::Usage);
            format!("{error}; {}", error.hint().unwrap_or_default())
        };
        let all = "who text (needed); n int = 7; apps list<text> = []";
        assert!(hint(&[]).contains("no value is given for who") && hint(&[]).contains(all));
        assert!(hint(&["who=x", "aps=a"]).contains("did you mean `apps`?"));
        assert!(hint(&["who=x", "other=a"]).contains(all));
        assert!(hint(&["who=x", "who=y"]).contains("twice"));
    }
}
