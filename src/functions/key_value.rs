//! Values out of lists of keys and values, such as the additional details of an audit.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::{Arguments, Field, same};
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};

const ARGUMENTS: &[Argument] = &[
    argument("list", Kind::Records(&["key", "value"]), "List of records with key and value."),
    argument("key", Kind::Text, "The key, in any case."),
];

const ABOUT: About = About {
    name: "kv",
    family: "Audit details",
    text: "Returns the value of the first entry with that key, such as of `additional_details` or \
           `authentication_processing_details`. Null if there is none.",
    example: "SELECT kv([named_struct('key', 'AppId', 'value', '42')], 'appid')",
    result: "42",
};

pub(super) fn functions() -> Vec<Function> {
    vec![Function::new(&ABOUT, ARGUMENTS, |_| Ok(DataType::Utf8), run)]
}

fn run(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let keys = arguments.texts(1)?;
    let lists = arguments.lists(0)?;
    let Some((lists, entries)) = lists.as_ref().and_then(|l| Some((l, l.items().as_struct_opt()?)))
    else {
        return Ok(Arc::new(StringArray::new_null(arguments.rows())));
    };
    let (key, value) = (Field::of(entries, "key"), Field::of(entries, "value"));
    let one = |row| {
        let wanted = keys.at(row)?;
        let found = lists
            .range(row)?
            .find(|at| entries.is_valid(*at) && key.at(*at).is_some_and(|key| same(key, wanted)));
        value.at(found?)
    };
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<StringArray>()))
}
