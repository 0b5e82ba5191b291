//! Column names for formats that cannot repeat one.

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::arrow::array::{RecordBatch, RecordBatchOptions};
use datafusion::arrow::datatypes::{Field, Schema, SchemaRef};

use crate::error::Result;
use crate::output::out::from_format;

/// Returns the schema with the second `id` named `id_2`, unless that is taken too.
pub(super) fn unique(schema: &SchemaRef) -> SchemaRef {
    let given: HashSet<&str> = schema.fields().iter().map(|f| f.name().as_str()).collect();
    if given.len() == schema.fields().len() {
        return Arc::clone(schema);
    }
    let mut used = HashSet::new();
    let fields = schema.fields().iter().map(|field| {
        let name = free_name(field.name(), &given, &used);
        used.insert(name.clone());
        Field::clone(field).with_name(name)
    });
    Arc::new(Schema::new(fields.collect::<Vec<_>>()))
}

/// Returns a batch under the names of a schema that came from [`unique`].
pub(super) fn renamed(batch: &RecordBatch, schema: &SchemaRef) -> Result<RecordBatch> {
    let rows = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
    RecordBatch::try_new_with_options(Arc::clone(schema), batch.columns().to_vec(), &rows)
        .map_err(from_format)
}

fn free_name(name: &str, given: &HashSet<&str>, used: &HashSet<String>) -> String {
    if !used.contains(name) {
        return name.to_owned();
    }
    let taken = |n: &String| given.contains(n.as_str()) || used.contains(n);
    let mut numbered = (2_u32..).map(|n| format!("{name}_{n}"));
    numbered.find(|n| !taken(n)).unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::testing::{batch, text};

    #[test]
    fn a_repeated_name_is_numbered_past_the_taken_ones() {
        let columns = ["id", "id", "id_2", "id"].map(|name| (name, text(&[])));
        let schema = unique(&batch(&columns).schema());
        let names: Vec<_> = schema.fields().iter().map(|f| f.name().as_str()).collect();
        assert_eq!(names, ["id", "id_3", "id_2", "id_4"]);
    }
}
