//! From a table's declaration to its Arrow schema, and from column to property names.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Fields, Schema, SchemaRef, TimeUnit};

use crate::spec::column::raw;
use crate::spec::{Column, Kind, TableSpec, Version};

/// The column every table ends with: the object as received.
pub static RAW: Column = raw();

/// Returns the Arrow schema of a table: its columns in order, then `raw`.
pub fn arrow_schema(spec: &TableSpec) -> SchemaRef {
    let columns = spec.columns_served().chain(std::iter::once(&RAW));
    let fields: Vec<Field> = columns.map(|c| field(c, spec.version == Version::Beta)).collect();
    Arc::new(Schema::new(fields))
}

/// A field of a record that only the beta endpoint serves is left out of a v1.0 record:
/// it would read as null there, which is not what the tenant says.
fn field(column: &Column, beta: bool) -> Field {
    Field::new(column.name, data_type(&column.kind, beta || column.beta), true)
}

fn data_type(kind: &Kind, beta: bool) -> DataType {
    match kind {
        Kind::Text | Kind::Json | Kind::Raw => DataType::Utf8,
        Kind::Flag => DataType::Boolean,
        Kind::Integer => DataType::Int32,
        Kind::Long => DataType::Int64,
        Kind::Double => DataType::Float64,
        Kind::Time => DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into())),
        Kind::Record(fields) => {
            let served = fields.iter().filter(|f| beta || !f.beta);
            DataType::Struct(served.map(|f| field(f, beta)).collect::<Fields>())
        }
        Kind::List(item) => {
            DataType::List(Arc::new(Field::new("item", data_type(item, beta), true)))
        }
    }
}

/// Returns the Graph property of a column: the camel case of its name unless declared.
pub fn property_name(column: &Column) -> String {
    column.property.map_or_else(|| camel_case(column.name), str::to_owned)
}

fn camel_case(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut upper = false;
    for c in name.chars() {
        if c == '_' {
            upper = true;
        } else {
            out.push(if upper { c.to_ascii_uppercase() } else { c });
            upper = false;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::spec::text;

    #[test]
    fn a_column_is_the_snake_case_of_its_property() {
        assert_eq!(property_name(&text("user_principal_name", "")), "userPrincipalName");
        assert_eq!(property_name(&text("id", "")), "id");
    }

    #[test]
    fn an_exception_is_declared() {
        let column = text("risk_event_types_v2", "").property("riskEventTypes_v2");
        assert_eq!(property_name(&column), "riskEventTypes_v2");
    }
}
