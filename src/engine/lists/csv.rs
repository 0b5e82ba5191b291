//! CSV to rows: separator and types are told by the file.
//!
//! A type is one that gives every value of a column back as it stands: what looks like a
//! number and begins with a zero is text.

use std::collections::HashSet;
use std::sync::Arc;

use datafusion::arrow::array::{AsArray, RecordBatch};
use datafusion::arrow::csv::ReaderBuilder;
use datafusion::arrow::csv::reader::Format;
use datafusion::arrow::datatypes::{DataType, Field, Schema, SchemaRef, TimeUnit};
use datafusion::arrow::error::ArrowError;

use crate::engine::lists::Rows;

/// Rows of a batch.
const BATCH: usize = 8_192;

/// Reads a text with a line of names above its rows.
pub(super) fn read(text: &str) -> Result<Rows, String> {
    let format = Format::default().with_header(true).with_delimiter(separator(text));
    let told = |error: ArrowError| message(&error);
    let (guess, _) = format.infer_schema(text.as_bytes(), None).map_err(told)?;
    let names = names(&guess)?;
    let field = |(name, data_type): (&String, DataType)| Field::new(name, data_type, true);
    let all_text = names.iter().zip(std::iter::repeat(DataType::Utf8)).map(field);
    let texts = batches(text, &format, Arc::new(Schema::new(all_text.collect::<Vec<_>>())))?;
    let types = guess.fields().iter().enumerate();
    let types = types.map(|(at, guess)| kept(guess.data_type(), &texts, at));
    let schema = Arc::new(Schema::new(names.iter().zip(types).map(field).collect::<Vec<_>>()));
    let batches = batches(text, &format, Arc::clone(&schema))?;
    Ok(Rows { schema, batches })
}

fn batches(text: &str, format: &Format, schema: SchemaRef) -> Result<Vec<RecordBatch>, String> {
    let reader = ReaderBuilder::new(schema).with_format(format.clone()).with_batch_size(BATCH);
    let reader = reader.build(text.as_bytes()).map_err(|error| message(&error))?;
    reader.collect::<Result<_, _>>().map_err(|error| message(&error))
}

/// Without the word for the layer.
fn message(error: &ArrowError) -> String {
    let text = error.to_string();
    ["Csv error: ", "Parser error: "]
        .iter()
        .find_map(|m| text.strip_prefix(m))
        .unwrap_or(&text)
        .to_owned()
}

/// Spreadsheets of some countries write `;`, and some exports a tab.
fn separator(text: &str) -> u8 {
    let first = text.lines().next().unwrap_or_default();
    let count = |c: char| first.matches(c).count();
    let best = [',', ';', '\t', '|'].into_iter().rev().max_by_key(|c| count(*c));
    best.and_then(|c| u8::try_from(c).ok()).unwrap_or(b',')
}

fn names(guess: &Schema) -> Result<Vec<String>, String> {
    let names: Vec<_> = guess.fields().iter().map(|f| f.name().trim().to_owned()).collect();
    if let Some(at) = names.iter().position(String::is_empty) {
        return Err(format!("column {} has no name in the first line", at + 1));
    }
    let mut seen = HashSet::new();
    match names.iter().find(|name| !seen.insert(name.as_str())) {
        Some(twice) => Err(format!("the first line names `{twice}` twice")),
        None => Ok(names),
    }
}

/// Returns the type of a column that loses nothing.
fn kept(guess: &DataType, texts: &[RecordBatch], at: usize) -> DataType {
    let all = |fits: fn(&str) -> bool| {
        let columns = texts.iter().filter_map(|b| b.column(at).as_string_opt::<i32>());
        columns.flat_map(|column| column.iter().flatten()).all(fits)
    };
    match guess {
        DataType::Int64 if !all(|v| v.parse::<i64>().is_ok_and(|n| n.to_string() == v)) => {
            DataType::Utf8
        }
        DataType::Float64 if !all(|v| !v.trim_start_matches('-').starts_with("00")) => {
            DataType::Utf8
        }
        // An offset is part of the value; without one it is some local time.
        DataType::Timestamp(_, _) if all(has_offset) => {
            DataType::Timestamp(TimeUnit::Microsecond, Some("UTC".into()))
        }
        DataType::Null => DataType::Utf8,
        other => other.clone(),
    }
}

fn has_offset(text: &str) -> bool {
    let clock = text.get(19..).unwrap_or_default();
    clock.ends_with(['Z', 'z']) || clock.contains(['+', '-'])
}

#[cfg(test)]
mod tests {
    use datafusion::arrow::util::display::array_value_to_string;

    use super::*;

    fn types(text: &str) -> Vec<String> {
        let rows = read(text).unwrap();
        rows.schema.fields().iter().map(|f| format!("{} {}", f.name(), f.data_type())).collect()
    }

    #[track_caller]
    fn cell(text: &str, row: usize, column: usize, expected: &str) {
        let rows = read(text).unwrap();
        assert_eq!(array_value_to_string(rows.batches[0].column(column), row).unwrap(), expected);
    }

    #[test]
    fn types_lose_nothing() {
        let text = "id,n,zero,big,on,day,seen,local,empty\n\
                    a,1,007,1,true,2026-01-02,2026-01-02T03:04:05Z,2026-01-02 03:04:05,\n\
                    b,-2,1,99999999999999999999,false,2026-01-03,2026-01-02T03:04:05.5+02:00,2026-01-02 03:04:06,\n";
        assert_eq!(
            types(text),
            [
                "id Utf8",
                "n Int64",
                "zero Utf8",
                "big Utf8",
                "on Boolean",
                "day Date32",
                "seen Timestamp(\u{b5}s, \"UTC\")",
                "local Timestamp(s)",
                "empty Utf8",
            ]
        );
        cell(text, 0, 2, "007");
        cell(text, 1, 6, "2026-01-02T01:04:05.500Z");
    }

    #[test]
    fn separators_quotes_and_lines_in_values_are_understood() {
        assert_eq!(types("a;b\n1;x,y\n"), ["a Int64", "b Utf8"]);
        assert_eq!(types("a\tb\n1\t2\n"), ["a Int64", "b Int64"]);
        cell("a,b\r\n\"x\ny\",\"q\"\"q\"\r\n", 0, 0, "x\ny");
        cell("a,b\r\n\"x\ny\",\"q\"\"q\"\r\n", 0, 1, "q\"q");
        assert_eq!(read("a,b\n").unwrap().schema.fields().len(), 2);
    }

    #[test]
    fn what_is_no_table_is_refused_with_its_line() {
        let refused = |text: &str| read(text).map(drop).unwrap_err();
        assert!(refused("a,a\n1,2\n").contains("`a` twice"));
        assert!(refused("a,,c\n1,2,3\n").contains("column 2 has no name"));
        assert!(refused("a,b\n1,2\n1,2,3\n").contains("line 3"));
    }
}
