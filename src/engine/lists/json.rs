//! JSON to rows: one array of objects, or an object on each line.

use std::sync::Arc;

use datafusion::arrow::datatypes::{DataType, Field, Fields, Schema};
use datafusion::arrow::error::ArrowError;
use datafusion::arrow::json::ReaderBuilder;
use datafusion::arrow::json::reader::infer_json_schema_from_iterator;
use serde_json::Value;

use crate::engine::lists::Rows;

/// Reads a text; what is an object in it is a row.
pub(super) fn read(text: &str) -> Result<Rows, String> {
    let values = match text.trim_start().starts_with('[') {
        true => serde_json::from_str(text).map_err(|error| error.to_string())?,
        false => lines(text)?,
    };
    if let Some(at) = values.iter().position(|value| !value.is_object()) {
        return Err(format!("element {} is no object", at + 1));
    }
    let schema = infer_json_schema_from_iterator(values.iter().map(Ok::<_, ArrowError>));
    let schema = Schema::new(known(schema.map_err(|error| message(&error))?.fields()));
    if schema.fields().is_empty() {
        return Err("it has no rows, so nothing tells its columns".to_owned());
    }
    let schema = Arc::new(schema);
    let decoder = ReaderBuilder::new(Arc::clone(&schema))
        .with_batch_size(values.len().max(1))
        .with_coerce_primitive(true)
        .build_decoder();
    let mut decoder = decoder.map_err(|error| message(&error))?;
    decoder.serialize(&values).map_err(|error| message(&error))?;
    let batches = decoder.flush().map_err(|error| message(&error))?.into_iter().collect();
    Ok(Rows { schema, batches })
}

fn message(error: &ArrowError) -> String {
    let text = error.to_string();
    text.strip_prefix("Json error: ").unwrap_or(&text).to_owned()
}

fn lines(text: &str) -> Result<Vec<Value>, String> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let lines = lines.map(|(at, line)| {
        serde_json::from_str(line).map_err(|error| format!("line {}: {error}", at + 1))
    });
    lines.collect()
}

/// What is null in every row is text.
fn known(fields: &Fields) -> Fields {
    fields.iter().map(|f| Field::new(f.name(), data_type(f.data_type()), true)).collect()
}

fn data_type(guess: &DataType) -> DataType {
    match guess {
        DataType::Null => DataType::Utf8,
        DataType::Struct(fields) => DataType::Struct(known(fields)),
        DataType::List(item) => {
            let data_type = data_type(item.data_type());
            DataType::List(Arc::new(Field::new(item.name(), data_type, true)))
        }
        other => other.clone(),
    }
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::record_batch::RecordBatch;
    use datafusion::arrow::util::display::array_value_to_string;

    use super::*;

    #[track_caller]
    fn check(text: &str, rows: usize, columns: &[&str]) {
        let read = read(text).unwrap();
        let mut names: Vec<_> = read.schema.fields().iter().map(|f| f.name().as_str()).collect();
        names.sort_unstable();
        assert_eq!(names, columns, "{text}");
        assert_eq!(read.batches.iter().map(RecordBatch::num_rows).sum::<usize>(), rows, "{text}");
    }

    #[test]
    fn arrays_and_lines_are_rows() {
        check(r#"[{"id":1,"p":{"login":"a"}},{"id":2,"x":null}]"#, 2, &["id", "p", "x"]);
        check("{\"id\":1}\n\n{\"id\":\"b\",\"tags\":[\"x\"]}\n", 2, &["id", "tags"]);
        let rows = read(r#"[{"a":1},{"a":"x"}]"#).unwrap();
        assert_eq!(array_value_to_string(rows.batches[0].column(0), 0).unwrap(), "1");
    }

    #[test]
    fn what_is_no_list_is_refused_with_its_place() {
        let refused = |text: &str| read(text).map(drop).unwrap_err();
        assert!(refused("{\"a\":1}\n{\"a\":").starts_with("line 2: "));
        assert!(refused("[1, {}]").contains("element 1 is no object"));
        assert!(refused("[]").contains("no rows"));
        assert!(refused("[{\"a\":1}").contains("EOF"));
    }
}
