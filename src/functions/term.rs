//! Words in text: `cli` is in `Azure CLI`, and not in `client`.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, BooleanArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::{Arguments, Compiled};
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};

const TEXT: Argument = argument("text", Kind::Text, "Text to search.");
const HAS: About = About {
    name: "has_term",
    family: "Text",
    text: "Tells whether a term stands in a text, in any case, with no letter or digit right \
           before or after it. Null if either is null.",
    example: "SELECT has_term('Microsoft Azure CLI', 'cli')",
    result: "true",
};
const HAS_ANY: About = About {
    name: "has_any_term",
    family: "Text",
    text: "Tells whether one of several terms stands in a text. Null if the text or the list is \
           null, and, as with `IN`, if none does and a term is null.",
    example: "SELECT has_any_term('python-requests/2.32', ['curl', 'python'])",
    result: "true",
};

pub(super) fn functions() -> Vec<Function> {
    const ONE: &[Argument] = &[TEXT, argument("term", Kind::Text, "The term.")];
    const MANY: &[Argument] = &[TEXT, argument("terms", Kind::Texts, "List of terms.")];
    let flag = |_: &[DataType]| Ok(DataType::Boolean);
    vec![
        Function::new(&HAS, ONE, flag, has_term),
        Function::new(&HAS_ANY, MANY, flag, has_any_term),
    ]
}

fn has_term(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (texts, terms) = (arguments.texts(0)?, arguments.texts(1)?);
    let mut lower = Compiled::new();
    let one = |row| {
        let text = texts.at(row)?.to_lowercase();
        Some(has(&text, lower.get(terms.at(row)?, str::to_lowercase)))
    };
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<BooleanArray>()))
}

fn has_any_term(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let texts = arguments.texts(0)?;
    let Some(lists) = arguments.lists(1)? else {
        return Ok(Arc::new(BooleanArray::new_null(arguments.rows())));
    };
    // All terms of all rows once: a literal list has its few terms here.
    let items = lists.items().as_string_opt::<i32>();
    let terms: Vec<Option<String>> = items.map_or_else(
        || vec![None; lists.items().len()],
        |items| items.iter().map(|term| term.map(str::to_lowercase)).collect(),
    );
    let one = |row| {
        let text = texts.at(row)?.to_lowercase();
        let terms = &terms[lists.range(row)?];
        let found = terms.iter().flatten().any(|term| has(&text, term));
        (found || !terms.contains(&None)).then_some(found)
    };
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<BooleanArray>()))
}

/// Both in lower case. The empty term stands everywhere.
fn has(text: &str, term: &str) -> bool {
    let bounded = |at: usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + term.len()..].chars().next();
        !before.is_some_and(char::is_alphanumeric) && !after.is_some_and(char::is_alphanumeric)
    };
    // Every place counts, overlapping ones as well: `a-a` stands in `xa-a-a`.
    let places = text.char_indices().map(|(at, _)| at).filter(|at| text[*at..].starts_with(term));
    term.is_empty() || places.into_iter().any(bounded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_term_is_bounded_on_both_sides() {
        for (text, term, found) in [
            ("microsoft azure cli", "cli", true),
            ("client", "cli", false),
            ("azcli", "cli", false),
            ("cli", "cli", true),
            ("(cli)", "cli", true),
            ("xa-a-a", "a-a", true),
            ("mail.read", "mail.read", true),
            ("mail.readwrite", "mail.read", false),
            ("größe", "gr", false),
            ("anything", "", true),
            ("", "cli", false),
        ] {
            assert_eq!(has(text, term), found, "{term} in {text}");
        }
    }
}
