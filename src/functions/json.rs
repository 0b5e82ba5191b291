//! JSON: what audits keep inside text, and values written the way Graph writes them.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayData, ArrayRef, StringArray, make_array};
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};
use crate::json::{self, Nulls};

const UNQUOTE: About = About {
    name: "json_unquote",
    family: "Audit details",
    text: "Takes a text out of its JSON: `\"x\"` and `[\"x\"]` become x, anything else stays as it \
           is. Old and new values of audits are JSON inside text. Null stays null.",
    example: r#"SELECT json_unquote('["Global Administrator"]')"#,
    result: "Global Administrator",
};
const TO_JSON: About = About {
    name: "to_json",
    family: "Audit details",
    text: "Writes a value as compact JSON with the property names of Graph, to search all of a \
           nested column at once. Null stays null.",
    example: "SELECT to_json(named_struct('user_principal_name', 'ada@contoso.com', 'tags', [1, 2]))",
    result: r#"{"userPrincipalName":"ada@contoso.com","tags":[1,2]}"#,
};

pub(super) fn functions() -> Vec<Function> {
    const TEXT: &[Argument] = &[argument("text", Kind::Text, "Text that may be JSON.")];
    const VALUE: &[Argument] = &[argument("value", Kind::Any, "Any value, records included.")];
    vec![
        Function::new(&UNQUOTE, TEXT, |_| Ok(DataType::Utf8), unquote_all),
        Function::new(&TO_JSON, VALUE, |_| Ok(DataType::Utf8), to_json),
    ]
}

fn unquote_all(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let texts = arguments.texts(0)?;
    let one = |row| texts.at(row).map(unquote);
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<StringArray>()))
}

/// Returns the text inside a JSON text, or inside a JSON list of that one text.
pub(crate) fn unquote(text: &str) -> String {
    let trimmed = text.trim();
    let inside = match trimmed.as_bytes().first() {
        Some(b'"') => serde_json::from_str(trimmed).ok(),
        Some(b'[') => serde_json::from_str::<[String; 1]>(trimmed).ok().map(|[only]| only),
        _ => None,
    };
    inside.unwrap_or_else(|| text.to_owned())
}

fn to_json(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    Ok(Arc::new(texts(&arguments.column(0)?, Nulls::Written)?))
}

/// Writes values as JSON with the property names of Graph.
pub(crate) fn texts(column: &ArrayRef, nulls: Nulls) -> Result<StringArray> {
    let named = graph_type(column.data_type());
    // The names are part of the type: the values are shared, not copied.
    let data = match column.data_type() == &named {
        true => Arc::clone(column),
        false => make_array(renamed(column.to_data(), &named)?),
    };
    let field = Arc::new(Field::new("value", named, true));
    Ok(json::texts(&field, &data, nulls)?)
}

/// Gives data a type that differs in the names of fields only.
fn renamed(data: ArrayData, named: &DataType) -> Result<ArrayData> {
    let below: Vec<&DataType> = match named {
        DataType::Struct(fields) => fields.iter().map(|field| field.data_type()).collect(),
        DataType::List(item) => vec![item.data_type()],
        _ => return Ok(data),
    };
    let children = data.child_data().iter().cloned().zip(below);
    let children = children.map(|(child, named)| renamed(child, named)).collect::<Result<_>>()?;
    Ok(data.into_builder().data_type(named.clone()).child_data(children).build()?)
}

/// Returns the type with the names of Graph: camel case, as far down as records go.
fn graph_type(given: &DataType) -> DataType {
    let inner =
        |f: &Arc<Field>| Arc::new(f.as_ref().clone().with_data_type(graph_type(f.data_type())));
    match given {
        DataType::Struct(fields) => {
            let named = |f: &Arc<Field>| inner(f).as_ref().clone().with_name(camel_case(f.name()));
            DataType::Struct(fields.iter().map(named).collect())
        }
        DataType::List(item) => DataType::List(inner(item)),
        other => other.clone(),
    }
}

/// Each `_` goes, and the letter behind it is a capital.
fn camel_case(name: &str) -> String {
    let mut parts = name.split('_');
    let first = parts.next().unwrap_or_default().to_owned();
    parts.fold(first, |mut out, part| {
        let mut letters = part.chars();
        out.extend(letters.next().map(|c| c.to_ascii_uppercase()));
        out.push_str(letters.as_str());
        out
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_taken_out_of_its_json() {
        for (json, text) in [
            (r#""False""#, "False"),
            (r#"["Finance \"EU\""]"#, "Finance \"EU\""),
            (r#""\u0041""#, "A"),
            (r#" "padded" "#, "padded"),
            ("plain", "plain"),
            ("", ""),
            ("[]", "[]"),
            (r#"["a","b"]"#, r#"["a","b"]"#),
            ("[1]", "[1]"),
            (r#""cut"#, r#""cut"#),
        ] {
            assert_eq!(unquote(json), text, "{json}");
        }
    }

    #[test]
    fn properties_are_named_as_in_graph() {
        assert_eq!(camel_case("user_principal_name"), "userPrincipalName");
        assert_eq!(camel_case("id"), "id");
        assert_eq!(camel_case("extension_attribute1"), "extensionAttribute1");
    }
}
