//! Every match of a pattern, where DataFusion has the first one only.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, ListBuilder, StringBuilder};
use datafusion::common::{Result, exec_datafusion_err};
use datafusion::functions::regex::compile_regex;

use crate::functions::argument::{Arguments, Compiled};
use crate::functions::coerce::{Argument, Kind, argument, optional, texts};
use crate::functions::function::{About, Function};

const ARGUMENTS: &[Argument] = &[
    argument("text", Kind::Text, "Text to search."),
    argument("pattern", Kind::Text, "Regular expression, in the syntax of `regexp_match`."),
    optional("group", Kind::Integer, "Group to return; 0, the whole match, unless given."),
];

const ABOUT: About = About {
    name: "regexp_extract_all",
    family: "Text",
    text: "Returns all matches of a pattern, or of one of its groups; an empty list if there are \
           none, null if an argument is null. A group that took no part in a match is null.",
    example: "SELECT regexp_extract_all('k=1, k=22', 'k=([0-9]+)', 1)",
    result: "[1, 22]",
};

pub(super) fn functions() -> Vec<Function> {
    vec![Function::new(&ABOUT, ARGUMENTS, |_| Ok(texts()), run)]
}

fn run(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (texts, patterns) = (arguments.texts(0)?, arguments.texts(1)?);
    let groups = arguments.has(2).then(|| arguments.integers(2)).transpose()?;
    let mut compiled = Compiled::new();
    let mut lists = ListBuilder::new(StringBuilder::new());
    for row in 0..arguments.rows() {
        let group = groups.as_ref().map_or(Some(0), |g| g.is_valid(row).then(|| g.value(row)));
        let (Some(text), Some(pattern), Some(group)) = (texts.at(row), patterns.at(row), group)
        else {
            lists.append_null();
            continue;
        };
        let pattern = match compiled.get(pattern, |pattern| compile_regex(pattern, None)) {
            Ok(pattern) => pattern,
            Err(error) => return Err(exec_datafusion_err!("`regexp_extract_all`: {error}")),
        };
        let last = pattern.captures_len() - 1;
        let Some(group) = usize::try_from(group).ok().filter(|group| *group <= last) else {
            return Err(exec_datafusion_err!(
                "`regexp_extract_all`: there is no group {group}, the pattern has {last}"
            ));
        };
        for captures in pattern.captures_iter(text) {
            lists.values().append_option(captures.get(group).map(|found| found.as_str()));
        }
        lists.append(true);
    }
    Ok(Arc::new(lists.finish()))
}
