//! What an audit says was changed: its targets, and their properties old and new.

use std::sync::Arc;

use datafusion::arrow::array::{
    Array, ArrayRef, AsArray, ListArray, ListBuilder, StringArray, StringBuilder, StructArray,
    StructBuilder, UInt64Array, new_null_array,
};
use datafusion::arrow::buffer::{NullBuffer, OffsetBuffer};
use datafusion::arrow::compute::take;
use datafusion::arrow::datatypes::{DataType, Field as ArrowField, Fields};
use datafusion::common::{Result, exec_err};

use crate::functions::argument::{Arguments, Field, Lists, same};
use crate::functions::coerce::{Argument, Kind, argument, optional};
use crate::functions::function::{About, Function};
use crate::functions::json::unquote;

const FAMILY: &str = "Audit details";
const COLUMN: &str = "The column `target_resources` of `audits`.";
const CHANGED: Argument =
    argument("target_resources", Kind::Records(&["modified_properties"]), COLUMN);
const TYPED: Argument = argument("target_resources", Kind::Records(&["type"]), COLUMN);
const NAME: Argument = argument("name", Kind::Text, "The property, in any case.");
const TYPE: Argument = argument("type", Kind::Text, "Kind of object, such as `User`, in any case.");

/// What the examples search: a role given to a user.
macro_rules! example {
    ($call:literal) => {
        concat!(
            "SELECT ",
            $call,
            " FROM (SELECT [named_struct('id', '1', 'type', 'User', ",
            "'modified_properties', [named_struct('display_name', 'Role.DisplayName', ",
            "'old_value', NULL, 'new_value', '\"Reports Reader\"')])] AS t)"
        )
    };
}

const MODPROP: About = About {
    name: "modprop",
    family: FAMILY,
    text: "Returns the new value of the first modified property of that name, over all targets, \
           taken out of its JSON as `json_unquote` does. With `'old'`, the value before. Null if \
           there is none.",
    example: example!("modprop(t, 'Role.DisplayName')"),
    result: "Reports Reader",
};
const MODPROP_ALL: About = About {
    name: "modprop_all",
    family: FAMILY,
    text: "Returns every modified property of that name: the id of its target, the old and the \
           new value, taken out of their JSON. An empty list if there is none, null for null.",
    example: example!("modprop_all(t, 'Role.DisplayName')[1]['new']"),
    result: "Reports Reader",
};
const TARGET: About = About {
    name: "target",
    family: FAMILY,
    text: "Returns the first target of that kind, as a record. Null if there is none.",
    example: example!("target(t, 'user')['id']"),
    result: "1",
};
const TARGETS: About = About {
    name: "targets",
    family: FAMILY,
    text: "Returns the targets of that kind. An empty list if there is none, null for null.",
    example: example!("array_length(targets(t, 'user'))"),
    result: "1",
};

pub(super) fn functions() -> Vec<Function> {
    const SIDE: Argument = optional("side", Kind::Text, "`'new'`, unless given, or `'old'`.");
    vec![
        Function::new(&MODPROP, &[CHANGED, NAME, SIDE], |_| Ok(DataType::Utf8), modprop),
        Function::new(&MODPROP_ALL, &[CHANGED, NAME], |_| Ok(changes()), modprop_all),
        Function::new(&TARGET, &[TYPED, TYPE], |types| Ok(item(&types[0])), target),
        Function::new(&TARGETS, &[TYPED, TYPE], |types| Ok(types[0].clone()), targets),
    ]
}

fn item(list: &DataType) -> DataType {
    match list {
        DataType::List(item) => item.data_type().clone(),
        other => other.clone(),
    }
}

/// The targets of all rows, and their properties.
pub(crate) struct Changes<'a> {
    targets: &'a StructArray,
    properties: &'a ListArray,
    each: &'a StructArray,
    name: Field<'a>,
}

impl<'a> Changes<'a> {
    pub(crate) fn of(lists: &'a Lists) -> Option<Self> {
        let targets = lists.items().as_struct_opt()?;
        let properties = targets.column_by_name("modified_properties")?.as_list_opt::<i32>()?;
        let each = properties.values().as_struct_opt()?;
        Some(Self { targets, properties, each, name: Field::of(each, "display_name") })
    }

    /// Reads a field of the properties.
    pub(crate) fn field(&self, name: &str) -> Field<'a> {
        Field::of(self.each, name)
    }

    /// Returns the names of the properties in a range of targets.
    pub(crate) fn names(&self, targets: std::ops::Range<usize>) -> impl Iterator<Item = &'a str> {
        self.within(targets).filter_map(|(_, property)| self.name.at(property))
    }

    /// Returns the properties of that name in a range of targets: target and property.
    pub(crate) fn named(
        &self,
        targets: std::ops::Range<usize>,
        wanted: &str,
    ) -> impl Iterator<Item = (usize, usize)> {
        let named = move |p: usize| self.name.at(p).is_some_and(|name| same(name, wanted));
        self.within(targets).filter(move |(_, p)| named(*p))
    }

    /// Returns the properties in a range of targets that are there.
    fn within(
        &self,
        targets: std::ops::Range<usize>,
    ) -> impl Iterator<Item = (usize, usize)> + use<'a, '_> {
        let there = |t: &usize| self.targets.is_valid(*t) && self.properties.is_valid(*t);
        let offsets = self.properties.value_offsets();
        let at = |t: usize| usize::try_from(offsets[t]).unwrap_or_default();
        let all = targets.filter(there).flat_map(move |t| (at(t)..at(t + 1)).map(move |p| (t, p)));
        all.filter(move |(_, p)| self.each.is_valid(*p))
    }
}

fn modprop(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (lists, names) = (arguments.lists(0)?, arguments.texts(1)?);
    let sides = arguments.has(2).then(|| arguments.texts(2)).transpose()?;
    let Some((lists, changes)) = lists.as_ref().and_then(|l| Some((l, Changes::of(l)?))) else {
        return Ok(new_null_array(&DataType::Utf8, arguments.rows()));
    };
    let (old, new) = (changes.field("old_value"), changes.field("new_value"));
    let one = |row| {
        let side = match sides.as_ref().map_or(Some("new"), |sides| sides.at(row)) {
            Some("new") => &new,
            Some("old") => &old,
            Some(other) => return exec_err!("`modprop` takes 'old' or 'new', not '{other}'"),
            None => return Ok(None),
        };
        let found = names.at(row).zip(lists.range(row));
        let found = found.and_then(|(name, range)| changes.named(range, name).next());
        Ok(found.and_then(|(_, property)| side.at(property)).map(unquote))
    };
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<Result<StringArray>>()?))
}

fn change() -> Fields {
    let text = |name: &str| ArrowField::new(name, DataType::Utf8, true);
    [text("target_id"), text("old"), text("new")].into_iter().collect()
}

/// The type `modprop_all` returns.
fn changes() -> DataType {
    DataType::new_list(DataType::Struct(change()), true)
}

fn modprop_all(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (lists, names) = (arguments.lists(0)?, arguments.texts(1)?);
    let Some((lists, found)) = lists.as_ref().and_then(|l| Some((l, Changes::of(l)?))) else {
        return Ok(new_null_array(&changes(), arguments.rows()));
    };
    let id = Field::of(found.targets, "id");
    let (old, new) = (found.field("old_value"), found.field("new_value"));
    let texts =
        || Box::new(StringBuilder::new()) as Box<dyn datafusion::arrow::array::ArrayBuilder>;
    let records = StructBuilder::new(change(), vec![texts(), texts(), texts()]);
    let mut out = ListBuilder::new(records);
    for row in 0..arguments.rows() {
        let Some((name, range)) = names.at(row).zip(lists.range(row)) else {
            out.append_null();
            continue;
        };
        for (target, property) in found.named(range, name) {
            let values = [
                id.at(target).map(str::to_owned),
                old.at(property).map(unquote),
                new.at(property).map(unquote),
            ];
            for (at, value) in values.into_iter().enumerate() {
                if let Some(texts) = out.values().field_builder::<StringBuilder>(at) {
                    texts.append_option(value);
                }
            }
            out.values().append(true);
        }
        out.append(true);
    }
    Ok(Arc::new(out.finish()))
}

/// Returns the positions of the targets of a kind, of one row.
fn of_type<'a>(
    targets: &'a StructArray,
    kinds: &'a Field<'a>,
    range: std::ops::Range<usize>,
    wanted: &'a str,
) -> impl Iterator<Item = u64> + 'a {
    let is = move |t: &usize| {
        targets.is_valid(*t) && kinds.at(*t).is_some_and(|kind| same(kind, wanted))
    };
    range.filter(is).map(|t| t as u64)
}

fn target(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (lists, kinds) = (arguments.lists(0)?, arguments.texts(1)?);
    let Some((lists, records)) = lists.as_ref().and_then(|l| Some((l, l.items().as_struct_opt()?)))
    else {
        return arguments.column(0);
    };
    let kind = Field::of(records, "type");
    let one = |row| of_type(records, &kind, lists.range(row)?, kinds.at(row)?).next();
    let found: UInt64Array = (0..arguments.rows()).map(one).collect();
    // A row without one gets null in every field, too.
    Ok(take(records, &found, None)?)
}

fn targets(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let (lists, kinds) = (arguments.lists(0)?, arguments.texts(1)?);
    let Some((lists, records)) = lists.as_ref().and_then(|l| Some((l, l.items().as_struct_opt()?)))
    else {
        return arguments.column(0);
    };
    let kind = Field::of(records, "type");
    let mut found: Vec<u64> = Vec::new();
    let (mut lengths, mut valid) = (Vec::new(), Vec::new());
    for row in 0..arguments.rows() {
        let before = found.len();
        let wanted = lists.range(row).zip(kinds.at(row));
        valid.push(wanted.is_some());
        found.extend(
            wanted.into_iter().flat_map(|(range, wanted)| of_type(records, &kind, range, wanted)),
        );
        lengths.push(found.len() - before);
    }
    let items = take(records, &UInt64Array::from(found), None)?;
    let field = Arc::new(ArrowField::new("item", items.data_type().clone(), true));
    let offsets = OffsetBuffer::from_lengths(lengths);
    let nulls = Some(NullBuffer::from(valid));
    Ok(Arc::new(ListArray::try_new(field, offsets, items, nulls)?))
}
