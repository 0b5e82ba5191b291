//! The map of what OCSF has no place for: `unmapped`.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, MapBuilder, MapFieldNames, StringArray, StringBuilder,
};
use datafusion::arrow::datatypes::{DataType, Field, Fields};
use datafusion::common::Result;

use crate::functions::argument::{Arguments, Texts};
use crate::functions::coerce::{Kind, argument};
use crate::functions::function::{About, Function};
use crate::functions::json;
use crate::json::Nulls;
use crate::ocsf::functions::FAMILY;

const ABOUT: About = About {
    name: "ocsf_map",
    family: FAMILY,
    text: "Returns a map of names to values as text: numbers and flags as JSON writes them, \
           instants as RFC 3339, lists and records as JSON with the property names of Graph. \
           Values that are null or empty are left out; null if none is left.",
    example: "SELECT ocsf_map('accountEnabled', true, 'userType', NULL)",
    result: "{accountEnabled: true}",
};

/// Arguments of one entry.
const WIDTH: usize = 2;

pub(super) fn functions() -> Vec<Function> {
    let arguments = const {
        &[
            argument("name", Kind::Text, "Key of the entry."),
            argument("value", Kind::Any, "Value of the entry."),
        ]
    };
    vec![Function::new(&ABOUT, arguments, |_| Ok(map()), run).repeating()]
}

/// The type of `unmapped`.
fn map() -> DataType {
    let entry = Fields::from(vec![
        Field::new("key", DataType::Utf8, false),
        Field::new("value", DataType::Utf8, true),
    ]);
    DataType::Map(Arc::new(Field::new("entries", DataType::Struct(entry), false)), false)
}

fn run(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let one = |at| Ok((arguments.texts(at)?, texts(&arguments.column(at + 1)?)?));
    let entries = (0..arguments.count()).step_by(WIDTH).map(one);
    let entries: Vec<(Texts, StringArray)> = entries.collect::<Result<_>>()?;
    let names = MapFieldNames {
        entry: "entries".to_owned(),
        key: "key".to_owned(),
        value: "value".to_owned(),
    };
    let mut maps = MapBuilder::new(Some(names), StringBuilder::new(), StringBuilder::new());
    for row in 0..arguments.rows() {
        let mut found = false;
        for (names, texts) in &entries {
            let text = texts.is_valid(row).then(|| texts.value(row));
            let text = text.filter(|text| !matches!(*text, "" | "[]" | "{}"));
            let Some((name, text)) = names.at(row).zip(text) else { continue };
            maps.keys().append_value(name);
            maps.values().append_value(text);
            found = true;
        }
        maps.append(found)?;
    }
    Ok(Arc::new(maps.finish()))
}

/// Writes values as text: text as it is, an instant without the quotes of its JSON.
fn texts(column: &ArrayRef) -> Result<StringArray> {
    if let Some(texts) = column.as_string_opt::<i32>() {
        return Ok(texts.clone());
    }
    let written = json::texts(column, Nulls::LeftOut)?;
    match column.data_type() {
        DataType::Timestamp(..) | DataType::Date32 | DataType::Date64 | DataType::Duration(_) => {
            Ok(written.iter().map(|text| Some(text?.trim_matches('"'))).collect())
        }
        _ => Ok(written),
    }
}
