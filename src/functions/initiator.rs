//! Who did what an audit tells of: a user, or an app.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef, AsArray, StringArray, StructArray};
use datafusion::arrow::datatypes::DataType;
use datafusion::common::Result;

use crate::functions::argument::{Arguments, Field};
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};

const ARGUMENTS: &[Argument] = &[argument(
    "initiated_by",
    Kind::Record(&["user", "app"]),
    "The column `initiated_by` of `audits`.",
)];

const FAMILY: &str = "Audit details";
const INITIATOR: About = About {
    name: "initiator",
    family: FAMILY,
    text: "Returns who did it: the sign-in name of the user, else the name of the app. Null if \
           neither is known.",
    example: "SELECT initiator(named_struct('user', named_struct('user_principal_name', \
              'ada@contoso.com')))",
    result: "ada@contoso.com",
};
const ID: About = About {
    name: "initiator_id",
    family: FAMILY,
    text: "Returns the object id of who did it: of the user, else of the service principal, else \
           the application id. Null if none is known.",
    example: "SELECT initiator_id(named_struct('app', named_struct('app_id', '42')))",
    result: "42",
};
const TYPE: About = About {
    name: "initiator_type",
    family: FAMILY,
    text: "Returns `user` or `app`. Null if neither is known.",
    example: "SELECT initiator_type(named_struct('app', named_struct('app_id', '42')))",
    result: "app",
};

pub(super) fn functions() -> Vec<Function> {
    let text = |_: &[DataType]| Ok(DataType::Utf8);
    vec![
        Function::new(&INITIATOR, ARGUMENTS, text, |a| first(a, NAMES, |_, value| value)),
        Function::new(&ID, ARGUMENTS, text, |a| first(a, IDS, |_, value| value)),
        Function::new(&TYPE, ARGUMENTS, text, |a| first(a, ANY, |side, _| side)),
    ]
}

/// Where to look, in order: the side, and the field there.
type Places = &'static [(&'static str, &'static str)];

const NAMES: Places = &[("user", "user_principal_name"), ("app", "display_name")];
const IDS: Places = &[("user", "id"), ("app", "service_principal_id"), ("app", "app_id")];
const ANY: Places = &[
    ("user", "id"),
    ("user", "user_principal_name"),
    ("user", "display_name"),
    ("app", "app_id"),
    ("app", "service_principal_id"),
    ("app", "display_name"),
];

/// Finds the first field that is there and not empty.
fn first(
    arguments: &Arguments<'_>,
    places: Places,
    answer: for<'a> fn(&'static str, &'a str) -> &'a str,
) -> Result<ArrayRef> {
    let Some(records) = arguments.records(0)? else {
        return Ok(Arc::new(StringArray::new_null(arguments.rows())));
    };
    let side = |name: &str| records.column_by_name(name).and_then(|c| c.as_struct_opt());
    let places: Vec<(&'static str, &StructArray, Field<'_>)> = places
        .iter()
        .filter_map(|(name, field)| Some((*name, side(name)?, Field::of(side(name)?, field))))
        .collect();
    let one = |row| {
        let valid =
            places.iter().filter(|(_, side, _)| records.is_valid(row) && side.is_valid(row));
        let mut found = valid.filter_map(|(name, _, field)| Some((*name, field.at(row)?)));
        found.find(|(_, value)| !value.is_empty()).map(|(name, value)| answer(name, value))
    };
    Ok(Arc::new((0..arguments.rows()).map(one).collect::<StringArray>()))
}
