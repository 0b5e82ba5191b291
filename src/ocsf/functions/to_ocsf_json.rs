//! Events as the text OCSF readers take.

use std::sync::Arc;

use datafusion::arrow::array::{Array, ArrayRef};
use datafusion::arrow::datatypes::{DataType, Field};
use datafusion::common::Result;

use crate::functions::argument::Arguments;
use crate::functions::coerce::{Argument, Kind, argument};
use crate::functions::function::{About, Function};
use crate::json::{Nulls, texts};
use crate::ocsf::functions::FAMILY;

const ABOUT: About = About {
    name: "to_ocsf_json",
    family: FAMILY,
    text: "Writes a record as an OCSF event, compact JSON: what is null or empty is left out at any \
           depth, floats have a decimal point, maps are objects, times are RFC 3339 in UTC. Null, \
           and a record of nothing but nulls, is null.",
    example: "SELECT to_ocsf_json(named_struct('lat', 47::double, 'long', NULL, 'roles', make_array()))",
    result: r#"{"lat":47.0}"#,
};

pub(super) fn functions() -> Vec<Function> {
    const VALUE: &[Argument] = &[argument("value", Kind::Any, "Any value, records included.")];
    vec![Function::new(&ABOUT, VALUE, |_| Ok(DataType::Utf8), to_ocsf_json)]
}

fn to_ocsf_json(arguments: &Arguments<'_>) -> Result<ArrayRef> {
    let column = arguments.column(0)?;
    let field = Arc::new(Field::new("value", column.data_type().clone(), true));
    Ok(Arc::new(texts(&field, &column, Nulls::LeftOut)?))
}
