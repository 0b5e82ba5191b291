//! `ocsf_text` and `ocsf_list`: what is empty in Graph is absent in OCSF.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, BooleanArray, ListArray, StringArray, UInt64Array,
};
use datafusion::arrow::buffer::{OffsetBuffer, ScalarBuffer};
use datafusion::arrow::compute::{filter, take};
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};
use crate::ocsf::functions::FAMILY;

const TEXT: &[Argument] = &[argument("text", Kind::Text, "Any text.")];
const ITEM: &[Argument] = &[argument("item", Kind::Any, "The one item.")];

const TEXT_ABOUT: About = About {
    name: "ocsf_text",
    family: FAMILY,
    text: "Returns the text; null for null and for an empty one, which no event may hold.",
    example: "SELECT ocsf_text('Finance')",
    result: "Finance",
};
const LIST_ABOUT: About = About {
    name: "ocsf_list",
    family: FAMILY,
    text: "Returns a list of the one item; null for null.",
    example: "SELECT ocsf_list('a')",
    result: "[a]",
};

const ITEMS_ABOUT: About = About {
    name: "ocsf_items",
    family: FAMILY,
    text: "Returns a list without items that are null; null for null and where none is left.",
    example: "SELECT ocsf_items([1, NULL])",
    result: "[1]",
};
const ITEMS: &[Argument] = &[argument("items", Kind::Any, "A list.")];

pub(super) fn functions() -> Vec<Function> {
    vec![
        Function::new(&TEXT_ABOUT, TEXT, |_| Ok(DataType::Utf8), text),
        Function::new(&LIST_ABOUT, ITEM, listed, list),
        Function::new(&ITEMS_ABOUT, ITEMS, |types| Ok(types[0].clone()), items),
    ]
}

/// A column without empty texts, which is the common case, is the result.
fn text(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let column = arguments.column(0)?;
    let Some(texts) = column.as_any().downcast_ref::<StringArray>() else { return Ok(column) };
    let offsets = texts.value_offsets();
    let is_empty = |row: usize| offsets[row] == offsets[row + 1] && texts.is_valid(row);
    if !(0..texts.len()).any(is_empty) {
        return Ok(column);
    }
    let kept = (0..texts.len()).map(|row| texts.is_valid(row) && !is_empty(row));
    let (offsets, values, _) = texts.clone().into_parts();
    Ok(Arc::new(StringArray::try_new(offsets, values, Some(kept.collect::<Vec<_>>().into()))?))
}

fn listed(types: &[DataType]) -> Result<DataType> {
    let item = types.first().cloned().unwrap_or(DataType::Null);
    Ok(DataType::List(Arc::new(Field::new_list_field(item, true))))
}

/// A null takes no item, so the items are those that are there.
fn list(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let column = arguments.column(0)?;
    let nulls = column.logical_nulls();
    let mut at = 0;
    let ends = (0..column.len()).map(|row| {
        at += i32::from(nulls.as_ref().is_none_or(|nulls| nulls.is_valid(row)));
        at
    });
    let offsets: ScalarBuffer<i32> = std::iter::once(0).chain(ends).collect::<Vec<_>>().into();
    let items = match &nulls {
        Some(nulls) => filter(&column, &BooleanArray::new(nulls.inner().clone(), None))?,
        None => Arc::clone(&column),
    };
    let field = Arc::new(Field::new_list_field(items.data_type().clone(), true));
    Ok(Arc::new(ListArray::try_new(field, OffsetBuffer::new(offsets), items, nulls)?))
}

fn items(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let column = arguments.column(0)?;
    let (Some(lists), DataType::List(field)) = (arguments.lists(0)?, column.data_type()) else {
        return Ok(column);
    };
    let there = |row: usize| {
        let range = lists.range(row).unwrap_or_default();
        range.filter(|item| lists.items().is_valid(*item))
    };
    let lengths: Vec<_> = (0..column.len()).map(|row| there(row).count()).collect();
    let picked = (0..column.len()).flat_map(there).map(|item| item as u64);
    let values = take(lists.items(), &picked.collect::<UInt64Array>(), None)?;
    let nulls: Vec<_> = lengths.iter().map(|length| *length > 0).collect();
    let offsets = OffsetBuffer::from_lengths(lengths);
    Ok(Arc::new(ListArray::try_new(Arc::clone(field), offsets, values, Some(nulls.into()))?))
}
